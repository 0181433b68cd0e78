// Starts real Better Auth servers of any installed version, with Drizzle (`provider: "pg"`) on embedded Postgres.

import { openDatabase } from "./database.mjs";
import { echo, listen } from "./server.mjs";
import { loadBetterAuth } from "./versions.mjs";

export { CookieJar, parseSetCookie } from "./jar.mjs";
export { call, getSession, signIn, signUp, somebody } from "./users.mjs";
export { VERSIONS, loadBetterAuth } from "./versions.mjs";

export const SECRET = "an-example-secret-of-32-bytes-or-more";

/**
 * Starts an origin on 127.0.0.1.
 *
 * options:
 *   betterAuth      "latest" (default) or a version of `VERSIONS`
 *   auth            Better Auth options, merged over the harness's own
 *   secret, secrets the key material (default: `SECRET`); `secrets` is for 1.5 and later
 *   session         shorthand for `auth.session`; the cookie cache is on unless it says otherwise
 *   plugins         a list, or a function of the loaded version (`(ba) => [...]`) that may be async
 *   trustedOrigins  besides the origin's own URL
 *   port, persist   a fixed port; a directory that keeps the database
 *   database        false: no database at all (Better Auth's stateless mode)
 *   app             handles requests outside the auth API: `(request, response) => …` of node:http; default: `echo`
 *   before          handles every request first and returns true if it responded: for CORS, delays, faults
 *
 * Returns { url, port, basePath, auth, db, tables, options, log, counts, requests, version, betterAuth, close() }:
 * `counts` is keyed by "METHOD path", `requests` is in order, `log` has the messages that Better Auth logged.
 */
export async function startOrigin(options = {}) {
  const betterAuth = await loadBetterAuth(options.betterAuth);
  const http = await listen(options.port);
  const log = [];
  let database = null;
  try {
    const settings = await authOptions(options, betterAuth, http.port, log);
    if (options.database !== false) {
      database = await openDatabase(betterAuth.getAuthTables(settings), options);
      settings.database = betterAuth.drizzleAdapter(database.db, { provider: "pg", schema: database.tables });
    }
    const auth = betterAuth.betterAuth(settings);
    await auth.$context;
    const basePath = settings.basePath ?? "/api/auth";
    const api = betterAuth.toNodeHandler(auth);
    const app = options.app ?? echo;
    http.setHandler(async (request, response) => {
      if (await options.before?.(request, response)) return;
      await (isUnder(request.url, basePath) ? api : app)(request, response);
    });
    return {
      url: `http://127.0.0.1:${http.port}`,
      port: http.port,
      basePath,
      auth,
      options: settings,
      log,
      db: database?.db ?? null,
      tables: database?.tables ?? null,
      counts: http.counts,
      requests: http.requests,
      version: betterAuth.version,
      betterAuth,
      async close() {
        await http.close();
        await database?.close();
      },
    };
  } catch (error) {
    await http.close();
    await database?.close();
    throw error;
  }
}

/** Starts an origin without a database, which keeps the session in the cookie only (required for `refreshCache`). */
export function startStateless(options = {}) {
  return startOrigin({ ...options, database: false });
}

async function authOptions(options, betterAuth, port, log) {
  const plugins = typeof options.plugins === "function" ? await options.plugins(betterAuth) : options.plugins;
  const url = `http://127.0.0.1:${port}`;
  const defaults = {
    baseURL: url,
    ...(options.secrets ? { secrets: options.secrets } : { secret: options.secret ?? SECRET }),
    trustedOrigins: [url, ...(options.trustedOrigins ?? [])],
    emailAndPassword: { enabled: true },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    session: { cookieCache: { enabled: true } },
    logger: { level: "warn", log: (level, message, ...rest) => log.push({ level, message, rest }) },
    ...(plugins ? { plugins } : {}),
  };
  return merge(merge(defaults, { session: options.session ?? {} }), options.auth ?? {});
}

function isUnder(url, basePath) {
  const path = url.split("?")[0];
  return path === basePath || path.startsWith(`${basePath}/`);
}

function merge(base, over) {
  const result = { ...base };
  for (const [key, value] of Object.entries(over)) {
    result[key] = isPlain(value) && isPlain(base[key]) ? merge(base[key], value) : value;
  }
  return result;
}

function isPlain(value) {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

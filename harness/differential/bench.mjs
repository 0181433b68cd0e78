// Compares readers of the same cookies: a real server with its `getCookieCache`, and the package.

import { createVerifier } from "better-session";
import { getCookieCache } from "better-session/cookies";
import { signUp, startOrigin } from "../origin.mjs";

export const SECRET = "differential: a secret of 32 characters";
export const VERSION = "7";
export const TOKEN = "better-auth.session_token";
export const DATA = "better-auth.session_data";

/** Starts a server with two signed-in users and deletes their sessions from its database, so that only the cookies are left. */
export async function startBench(strategy, session = {}) {
  const options = {
    secret: SECRET,
    session: { ...session, cookieCache: { enabled: true, version: VERSION, strategy, ...session.cookieCache } },
  };
  const origin = await startOrigin(options);
  const [user, other] = [await signUp(origin), await signUp(origin)];
  const { adapter } = await origin.auth.$context;
  await adapter.deleteMany({ model: "session", where: [{ field: "token", operator: "ne", value: "" }] });

  const verifier = createVerifier({ secret: options.secret, session: options.session, baseURL: origin.url });
  const config = { secret: SECRET, strategy, version: VERSION, isSecure: false };
  return {
    strategy,
    origin,
    user,
    other,
    config,
    close: origin.close,
    /** Returns the results of all four readers for a Cookie header, at the current time. */
    async read(cookie) {
      const headers = () => new Headers({ cookie });
      return {
        server: await getSession(origin, headers()),
        serverCache: await attempt(() => origin.betterAuth.cookies.getCookieCache(headers(), config)),
        ours: verifier.verify(cookie, Date.now()),
        oursCache: await attempt(() => getCookieCache(headers(), config)),
      };
    },
  };
}

async function getSession({ auth, url, basePath }, headers) {
  const response = await auth.handler(new Request(`${url}${basePath}/get-session?disableRefresh=true`, { headers }));
  if (response.status >= 500) return { threw: `status ${response.status}` };
  return response.ok ? response.json() : null;
}

async function attempt(call) {
  try {
    return await call();
  } catch (error) {
    return { threw: `${error.name}: ${error.message}` };
  }
}

// Mints one vector with a real server and lets that server's own readers say what is in it.

import { isDeepStrictEqual } from "node:util";
import { getSession, signIn, signUp, startOrigin } from "../origin.mjs";
import { OLD_SECRET, SECRET } from "./cases.mjs";

const PERSON = { email: "ada@example.com", name: "Ada Lovelace", password: "correct horse battery staple" };

/** One vector of a case, for one version and strategy. */
export async function mint(kase, version, strategy) {
  const origin = await startOrigin(originOptions(kase, version, strategy));
  try {
    const jar = await signedIn(kase, origin);
    const mintedAt = Date.now();
    const names = await cookieNames(origin);
    const value = dataValue(jar, names.data);
    const claims = await readClaims(origin, strategy, value);
    const answers = await serverAnswers(kase, origin, jar, names, strategy);
    const cookies = jar.toObject();
    return {
      name: `${kase.name}, ${strategy}`,
      betterAuth: origin.version,
      ...(kase.secret ? { secrets: secretsOf(kase.secret === "previous" ? "list" : kase.secret) } : { secret: SECRET }),
      ...(kase.secret === "previous" ? { mintedWith: OLD_SECRET, openOnly: true } : {}),
      strategy,
      options: verifierOptions(kase, strategy),
      mintedAt,
      cookies,
      cookieHeader: jar.header(),
      expect: {
        ok: true,
        session: claims.session,
        user: claims.user,
        version: claims.version ?? "1",
        updatedAt: claims.updatedAt,
        cacheExpiresAt: claims.cacheExpiresAt,
      },
      server: compare(answers, claims),
    };
  } finally {
    await origin.close();
  }
}

async function signedIn(kase, origin) {
  const up = await signUp(origin, { ...PERSON, ...kase.person });
  return kase.via === "signIn" ? signIn(origin, { ...PERSON, rememberMe: false }) : up;
}

function originOptions(kase, version, strategy) {
  const { session = {}, auth = {} } = kase.origin ?? {};
  return {
    betterAuth: version,
    database: kase.stateless ? false : undefined,
    ...(kase.secret ? { secrets: secretsOf(kase.secret) } : { secret: SECRET }),
    auth,
    session: { ...session, cookieCache: { enabled: true, ...session.cookieCache, strategy } },
  };
}

function secretsOf(kind) {
  const old = { version: 1, value: OLD_SECRET };
  return kind === "previous" ? [old] : [{ version: 2, value: SECRET }, old];
}

/** The options as a verifier takes them; a version function is replaced by what it answers here. */
function verifierOptions(kase, strategy) {
  const { session = {}, auth = {} } = kase.origin ?? {};
  const { additionalFields, ...rest } = session;
  const cookieCache = { enabled: true, ...rest.cookieCache, ...(kase.versionIs ? { version: kase.versionIs } : {}), strategy };
  return { session: { ...rest, cookieCache }, ...(auth.advanced ? { advanced: auth.advanced } : {}) };
}

async function cookieNames({ auth }) {
  const { authCookies } = await auth.$context;
  return { data: authCookies.sessionData.name, token: authCookies.sessionToken.name };
}

/** The unescaped value, its chunks joined. */
function dataValue(jar, name) {
  const whole = jar.get(name);
  if (whole) return decodeURIComponent(whole);
  const chunks = jar.names.filter((other) => other.startsWith(`${name}.`)).sort((a, b) => index(a) - index(b));
  if (chunks.length === 0) throw new Error(`the server set no ${name}`);
  return chunks.map((chunk) => decodeURIComponent(jar.get(chunk))).join("");
}

const index = (name) => Number(name.slice(name.lastIndexOf(".") + 1));

/** What was signed, with no revival of dates: this is what a reader must give back. */
async function readClaims({ betterAuth, options }, strategy, value) {
  if (strategy === "compact") {
    const { session, expiresAt } = JSON.parse(Buffer.from(value, "base64url").toString("utf8"));
    return { ...session, cacheExpiresAt: expiresAt };
  }
  const claims = strategy === "jwt"
    ? JSON.parse(Buffer.from(value.split(".")[1], "base64url").toString("utf8"))
    : await betterAuth.crypto.symmetricDecodeJWT(value, options.secrets?.[0].value ?? options.secret, "better-auth-session");
  return { ...claims, cacheExpiresAt: claims.exp * 1000 };
}

/** `getCookieCache` and `/get-session`, the latter with the session gone from the database, so that only the cache can answer. */
async function serverAnswers(kase, origin, jar, names, strategy) {
  const reader = kase.secret === "previous" ? await startOrigin({ ...originOptions(kase, origin.version, strategy), secrets: secretsOf("list") }) : origin;
  try {
    const { adapter, secretConfig, secret } = await reader.auth.$context;
    await adapter.deleteMany({ model: "session", where: [{ field: "token", operator: "ne", value: "" }] });
    const cookie = jar.header();
    const advanced = kase.origin?.auth?.advanced ?? {};
    const version = kase.versionIs ?? kase.origin?.session?.cookieCache?.version;
    const cache = names.data.includes("session_data")
      ? await attempt(() => reader.betterAuth.cookies.getCookieCache(new Headers({ cookie }), {
        secret: strategy === "jwe" ? secretConfig ?? secret : secret,
        strategy,
        isSecure: advanced.useSecureCookies ?? false,
        cookiePrefix: advanced.cookiePrefix,
        ...(typeof version === "string" ? { version } : {}),
      }))
      : undefined; // it cannot be told other names
    return { getCookieCache: cache, getSession: await attempt(() => getSession(reader, jar.clone())) };
  } finally {
    if (reader !== origin) await reader.close();
  }
}

async function attempt(ask) {
  try {
    return await ask();
  } catch (error) {
    return { threw: `${error.name}: ${error.message}` };
  }
}

/** Says for each reader: "same", "refused", "threw …", or what it gave where that is not what was signed. */
function compare(answers, claims) {
  const said = {};
  for (const [reader, answer] of Object.entries(answers)) {
    if (answer === undefined) continue;
    if (answer === null) said[reader] = "refused";
    else if (answer.threw) said[reader] = `threw ${answer.threw}`;
    else {
      const seen = plain(answer);
      const members = ["session", "user"].flatMap((part) => differences(part, plain(claims[part]), seen[part] ?? {}));
      said[reader] = members.length === 0 ? "same" : { differs: Object.fromEntries(members) };
    }
  }
  return said;
}

function differences(part, signed, seen) {
  return [...new Set([...Object.keys(signed), ...Object.keys(seen)])]
    .filter((key) => !isDeepStrictEqual(signed[key], seen[key]))
    .map((key) => [`${part}.${key}`, seen[key] ?? null]);
}

const plain = (value) => JSON.parse(JSON.stringify(value));

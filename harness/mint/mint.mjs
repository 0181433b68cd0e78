// Mints a vector with a real server and records how the server's own readers read it.

import { isDeepStrictEqual } from "node:util";
import { getSession, signIn, signUp, startOrigin } from "../origin.mjs";
import { OLD_SECRET, SECRET } from "./cases.mjs";

const PERSON = { email: "ada@example.com", name: "Ada Lovelace", password: "correct horse battery staple" };

/** Mints the vector of a case for a version and a strategy. */
export async function mint(testCase, version, strategy) {
  const origin = await startOrigin(originOptions(testCase, version, strategy));
  try {
    const jar = await signedIn(testCase, origin);
    const mintedAt = Date.now();
    const names = await cookieNames(origin);
    const value = dataValue(jar, names.data);
    const claims = await readClaims(origin, strategy, value);
    const answers = await serverAnswers(testCase, origin, jar, names, strategy);
    const cookies = jar.toObject();
    return {
      name: `${testCase.name}, ${strategy}`,
      betterAuth: origin.version,
      ...(testCase.secret ? { secrets: secretsOf(testCase.secret === "previous" ? "list" : testCase.secret) } : { secret: SECRET }),
      ...(testCase.secret === "previous" ? { mintedWith: OLD_SECRET, openOnly: true } : {}),
      strategy,
      options: verifierOptions(testCase, strategy),
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

async function signedIn(testCase, origin) {
  const up = await signUp(origin, { ...PERSON, ...testCase.person });
  return testCase.via === "signIn" ? signIn(origin, { ...PERSON, rememberMe: false }) : up;
}

function originOptions(testCase, version, strategy) {
  const { session = {}, auth = {} } = testCase.origin ?? {};
  return {
    betterAuth: version,
    database: testCase.stateless ? false : undefined,
    ...(testCase.secret ? { secrets: secretsOf(testCase.secret) } : { secret: SECRET }),
    auth,
    session: { ...session, cookieCache: { enabled: true, ...session.cookieCache, strategy } },
  };
}

function secretsOf(kind) {
  const old = { version: 1, value: OLD_SECRET };
  return kind === "previous" ? [old] : [{ version: 2, value: SECRET }, old];
}

/** Returns the options for a verifier, with the result of a version function in its place. */
function verifierOptions(testCase, strategy) {
  const { session = {}, auth = {} } = testCase.origin ?? {};
  const { additionalFields, ...rest } = session;
  const cookieCache = { enabled: true, ...rest.cookieCache, ...(testCase.versionIs ? { version: testCase.versionIs } : {}), strategy };
  return { session: { ...rest, cookieCache }, ...(auth.advanced ? { advanced: auth.advanced } : {}) };
}

async function cookieNames({ auth }) {
  const { authCookies } = await auth.$context;
  return { data: authCookies.sessionData.name, token: authCookies.sessionToken.name };
}

/** Returns the decoded value, joined from its chunks. */
function dataValue(jar, name) {
  const whole = jar.get(name);
  if (whole) return decodeURIComponent(whole);
  const chunks = jar.names.filter((other) => other.startsWith(`${name}.`)).sort((a, b) => index(a) - index(b));
  if (chunks.length === 0) throw new Error(`the server set no ${name}`);
  return chunks.map((chunk) => decodeURIComponent(jar.get(chunk))).join("");
}

const index = (name) => Number(name.slice(name.lastIndexOf(".") + 1));

/** Returns the signed claims, with dates as strings: the expected result of a reader. */
async function readClaims({ betterAuth, options }, strategy, value) {
  if (strategy === "compact") {
    const { session, expiresAt } = JSON.parse(Buffer.from(value, "base64url").toString("utf8"));
    return { ...session, cacheExpiresAt: expiresAt };
  }
  const claims =
    strategy === "jwt"
      ? JSON.parse(Buffer.from(value.split(".")[1], "base64url").toString("utf8"))
      : await betterAuth.crypto.symmetricDecodeJWT(value, options.secrets?.[0].value ?? options.secret, "better-auth-session");
  return { ...claims, cacheExpiresAt: claims.exp * 1000 };
}

/** Calls `getCookieCache` and `/get-session`, the latter after the session was deleted from the database, so that only the cache is left. */
async function serverAnswers(testCase, origin, jar, names, strategy) {
  const reader =
    testCase.secret === "previous"
      ? await startOrigin({ ...originOptions(testCase, origin.version, strategy), secrets: secretsOf("list") })
      : origin;
  try {
    const { adapter, secretConfig, secret } = await reader.auth.$context;
    await adapter.deleteMany({ model: "session", where: [{ field: "token", operator: "ne", value: "" }] });
    const cookie = jar.header();
    const advanced = testCase.origin?.auth?.advanced ?? {};
    const version = testCase.versionIs ?? testCase.origin?.session?.cookieCache?.version;
    const cache = names.data.includes("session_data")
      ? await attempt(() =>
          reader.betterAuth.cookies.getCookieCache(new Headers({ cookie }), {
            secret: strategy === "jwe" ? (secretConfig ?? secret) : secret,
            strategy,
            isSecure: advanced.useSecureCookies ?? false,
            cookiePrefix: advanced.cookiePrefix,
            ...(typeof version === "string" ? { version } : {}),
          }),
        )
      : undefined; // it supports no custom names
    return { getCookieCache: cache, getSession: await attempt(() => getSession(reader, jar.clone())) };
  } finally {
    if (reader !== origin) await reader.close();
  }
}

async function attempt(call) {
  try {
    return await call();
  } catch (error) {
    return { threw: `${error.name}: ${error.message}` };
  }
}

/** Returns for each reader "same", "refused", "threw …", or the members that differ from the signed ones. */
function compare(answers, claims) {
  const results = {};
  for (const [reader, answer] of Object.entries(answers)) {
    if (answer === undefined) continue;
    if (answer === null) results[reader] = "refused";
    else if (answer.threw) results[reader] = `threw ${answer.threw}`;
    else {
      const read = plain(answer);
      const members = ["session", "user"].flatMap((part) => differences(part, plain(claims[part]), read[part] ?? {}));
      results[reader] = members.length === 0 ? "same" : { differs: Object.fromEntries(members) };
    }
  }
  return results;
}

function differences(part, signed, read) {
  return [...new Set([...Object.keys(signed), ...Object.keys(read)])]
    .filter((key) => !isDeepStrictEqual(signed[key], read[key]))
    .map((key) => [`${part}.${key}`, read[key] ?? null]);
}

const plain = (value) => JSON.parse(JSON.stringify(value));

// `__Secure-` and plain names: a server that knows which are its own, and a verifier that was not told.

import { createVerifier } from "better-session";
import { signUp, startOrigin } from "../origin.mjs";
import { DATA, SECRET, TOKEN } from "./bench.mjs";

/** What makes a server choose: its options, and the scheme by which it is called. */
export const SERVERS = {
  "useSecureCookies": [{ advanced: { useSecureCookies: true } }, "https"],
  "useSecureCookies: false": [{ advanced: { useSecureCookies: false } }, "http"],
  "baseURL of https": [{ baseURL: "https://app.example" }, "https"],
  "baseURL of http": [{ baseURL: "http://app.example" }, "http"],
  "no baseURL, called by http": [{ baseURL: undefined }, "http"],
  "no baseURL, called by https": [{ baseURL: undefined }, "https"],
};

/** Where a Request's scheme does not decide as the server does. Every entry must occur. */
export const OTHER_THAN_SERVER = {
  "a server without baseURL goes by NODE_ENV, not by the scheme": /^no baseURL, called by https: /,
};

/** The server refuses, and the header alone is accepted: the risk of leaving baseURL out that README names. */
export const LOOSER_WITHOUT_A_SCHEME = {
  "one pair alone is accepted under either prefix": /: renamed$/,
  "a pair alone beside another's cache": /: renamed, beside an own cache$/,
};

/** A person and an attacker on one server whose database has forgotten both. */
export async function startPrefixBench(name) {
  const [auth, scheme] = SERVERS[name];
  const session = { cookieCache: { enabled: true } };
  const origin = await startOrigin({ secret: SECRET, session, auth: { ...auth, trustedOrigins: ["*"] } });
  const { adapter, authCookies } = await origin.auth.$context;
  const own = authCookies.sessionToken.name.startsWith("__Secure-") ? "__Secure-" : "";
  const [person, attacker] = [await signUp(origin), await signUp(origin)].map((jar) => [jar.get(own + TOKEN), jar.get(own + DATA)]);
  await adapter.deleteMany({ model: "session", where: [{ field: "token", operator: "ne", value: "" }] });
  const verifier = createVerifier({ secret: SECRET, session });
  return {
    cases: cases(own, own ? "" : "__Secure-", person, attacker),
    close: origin.close,
    /** The server's answer, and the verdicts on the request and on its header alone. */
    async read(cookie) {
      const request = (path) => new Request(`${scheme}://app.example${path}`, { headers: { cookie } });
      const response = await origin.auth.handler(request("/api/auth/get-session?disableRefresh=true"));
      return { server: response.ok ? await response.json() : null, request: verifier.verify(request("/")), header: verifier.verify(cookie) };
    },
  };
}

/** `own` is the server's prefix, `other` the one that it does not read. */
function cases(own, other, person, attacker) {
  const pair = (prefix, [token, data]) => `${prefix}${TOKEN}=${token}; ${prefix}${DATA}=${data}`;
  const [token, data] = person;
  return {
    "genuine": pair(own, person),
    "renamed": pair(other, person),
    "beside planted ones, last": `${pair(other, attacker)}; ${pair(own, person)}`,
    "beside planted ones, first": `${pair(own, person)}; ${pair(other, attacker)}`,
    "renamed, beside an own cache": `${pair(other, attacker)}; ${own}${DATA}=${data}`,
    "a renamed token beside an own cache": `${other}${TOKEN}=${token}; ${own}${DATA}=${data}`,
    "an own token beside a renamed cache": `${own}${TOKEN}=${token}; ${other}${DATA}=${data}`,
    "an empty own token beside renamed ones": `${own}${TOKEN}=; ${pair(other, person)}`,
    "a forged own token beside renamed ones": `${own}${TOKEN}=x.y; ${pair(other, person)}`,
    "__Host- names": pair("__Host-", person),
  };
}

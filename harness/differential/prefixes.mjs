// `__Secure-` and plain cookie names: a configured server compared with a verifier without configuration.

import { createVerifier } from "better-session";
import { signUp, startOrigin } from "../origin.mjs";
import { DATA, SECRET, TOKEN } from "./bench.mjs";

/** For each server its options and the scheme of the requests, which together decide the names of its cookies. */
export const SERVERS = {
  "useSecureCookies": [{ advanced: { useSecureCookies: true } }, "https"],
  "useSecureCookies: false": [{ advanced: { useSecureCookies: false } }, "http"],
  "baseURL of https": [{ baseURL: "https://app.example" }, "https"],
  "baseURL of http": [{ baseURL: "http://app.example" }, "http"],
  "no baseURL, called by http": [{ baseURL: undefined }, "http"],
  "no baseURL, called by https": [{ baseURL: undefined }, "https"],
};

/** Cases in which the scheme of a Request leads to another result than the server's. Every entry must occur. */
export const OTHER_THAN_SERVER = {
  "a server without baseURL goes by NODE_ENV, not by the scheme": /^no baseURL, called by https: /,
};

/** Cases in which the server refuses and the header alone is accepted: the risk of a missing baseURL, see README. */
export const LOOSER_WITHOUT_A_SCHEME = {
  "one pair alone is accepted under either prefix": /: renamed$/,
  "a pair alone beside another's cache": /: renamed, beside an own cache$/,
};

/** Starts a server with a user and an attacker, and deletes their sessions from its database. */
export async function startPrefixBench(name) {
  const [auth, scheme] = SERVERS[name];
  const session = { cookieCache: { enabled: true } };
  const origin = await startOrigin({ secret: SECRET, session, auth: { ...auth, trustedOrigins: ["*"] } });
  const { adapter, authCookies } = await origin.auth.$context;
  const own = authCookies.sessionToken.name.startsWith("__Secure-") ? "__Secure-" : "";
  const [user, attacker] = [await signUp(origin), await signUp(origin)].map((jar) => [jar.get(own + TOKEN), jar.get(own + DATA)]);
  await adapter.deleteMany({ model: "session", where: [{ field: "token", operator: "ne", value: "" }] });
  const verifier = createVerifier({ secret: SECRET, session });
  return {
    cases: cases(own, own ? "" : "__Secure-", user, attacker),
    close: origin.close,
    /** Returns the server's response, and the verdicts on the request and on its header alone. */
    async read(cookie) {
      const request = (path) => new Request(`${scheme}://app.example${path}`, { headers: { cookie } });
      const response = await origin.auth.handler(request("/api/auth/get-session?disableRefresh=true"));
      return {
        server: response.ok ? await response.json() : null,
        request: verifier.verify(request("/")),
        header: verifier.verify(cookie),
      };
    },
  };
}

/** Returns the headers by name. `own` is the prefix that the server reads, `other` the one that it ignores. */
function cases(own, other, user, attacker) {
  const pair = (prefix, [token, data]) => `${prefix}${TOKEN}=${token}; ${prefix}${DATA}=${data}`;
  const [token, data] = user;
  return {
    "genuine": pair(own, user),
    "renamed": pair(other, user),
    "beside planted ones, last": `${pair(other, attacker)}; ${pair(own, user)}`,
    "beside planted ones, first": `${pair(own, user)}; ${pair(other, attacker)}`,
    "renamed, beside an own cache": `${pair(other, attacker)}; ${own}${DATA}=${data}`,
    "a renamed token beside an own cache": `${other}${TOKEN}=${token}; ${own}${DATA}=${data}`,
    "an own token beside a renamed cache": `${own}${TOKEN}=${token}; ${other}${DATA}=${data}`,
    "an empty own token beside renamed ones": `${own}${TOKEN}=; ${pair(other, user)}`,
    "a forged own token beside renamed ones": `${own}${TOKEN}=x.y; ${pair(other, user)}`,
    "__Host- names": pair("__Host-", user),
  };
}

// Vectors for the `__Secure-` prefix: the configuration decides which names are read, or else the scheme of the request.

import { accept, cookies, noSession, stale } from "./vector.mjs";
import { OPTIONS, payloadText, seal, SESSION, signedToken } from "./seal.mjs";

export const about = "the __Secure- prefix: by configuration, by the request's scheme, and of a header alone";

const secure = (header) => header.replaceAll("better-auth.", "__Secure-better-auth.");
const ATTACKER = "attacker-token-of-32-characters-";
const of = (session) => cookies(seal("compact", payloadText({ session })), signedToken(session.token));

const SESSIONS = { own: SESSION, planted: { ...SESSION, token: ATTACKER } };
const [own, planted] = Object.values(SESSIONS).map(of);
const [token, data] = own.split("; ");

/** For each name a header and three outcomes (whose session, or the reason): with plain names, with `__Secure-` names, and with either. */
const HEADERS = {
  "plain cookies": [own, "own", "no_cookie", "own"],
  "__Secure- cookies": [secure(own), "no_cookie", "own", "own"],
  "__Secure- cookies, somebody else's plain ones first": [`${planted}; ${secure(own)}`, "planted", "own", "ambiguous_cookies"],
  "__Secure- cookies, somebody else's plain ones last": [`${secure(own)}; ${planted}`, "planted", "own", "ambiguous_cookies"],
  "plain cookies, somebody else's __Secure- ones first": [`${secure(planted)}; ${own}`, "own", "planted", "ambiguous_cookies"],
  "the same cookies under both": [`${own}; ${secure(own)}`, "own", "own", "ambiguous_cookies"],
  "__Secure- cookies, somebody else's plain cache": [`${secure(own)}; ${planted.split("; ")[1]}`, "no_cookie", "own", "own"],
  "a __Secure- token, a plain cache": [`${secure(token)}; ${data}`, "no_cookie", "cache_absent", "cache_absent"],
  "a plain token, a __Secure- cache": [`${token}; ${secure(data)}`, "cache_absent", "no_cookie", "cache_absent"],
  "plain cookies, an empty __Secure- token": [`${own}; ${secure("better-auth.session_token=")}`, "own", "no_cookie", "ambiguous_cookies"],
  "plain cookies, a forged __Secure- token": [
    `${own}; ${secure("better-auth.session_token=x.y")}`,
    "own",
    "token_malformed",
    "ambiguous_cookies",
  ],
  "__Secure- cookies, a forged plain token": [
    `better-auth.session_token=x.y; ${secure(own)}`,
    "token_malformed",
    "own",
    "ambiguous_cookies",
  ],
  "__Host- cookies": [own.replaceAll("better-auth.", "__Host-better-auth."), "no_cookie", "no_cookie", "no_cookie"],
};

const PLAIN = 1;
const SECURE = 2;
const EITHER = 3;
const BY_SCHEME = { http: PLAIN, https: SECURE, none: EITHER };

/** For each configuration the options and the names that the server reads, for all schemes or by scheme. */
const CONFIGURATIONS = {
  "nothing configured": [{}, BY_SCHEME],
  "baseURL of https": [{ baseURL: "https://app.example" }, SECURE],
  "baseURL of http": [{ baseURL: "http://app.example" }, PLAIN],
  "useSecureCookies": [{ advanced: { useSecureCookies: true }, baseURL: "http://app.example" }, SECURE],
  "useSecureCookies: false": [{ advanced: { useSecureCookies: false }, baseURL: "https://app.example" }, PLAIN],
  "a dynamic baseURL of https": [{ baseURL: { allowedHosts: ["app.example"], protocol: "https" } }, SECURE],
  "a dynamic baseURL of either": [{ baseURL: { allowedHosts: ["app.example"], protocol: "auto" } }, BY_SCHEME],
};

/** The headers that are tested with every configuration; all others are tested without configuration only. */
const EVERYWHERE = ["plain cookies", "__Secure- cookies", "__Secure- cookies, somebody else's plain ones first"];

const cases = Object.entries(CONFIGURATIONS).flatMap(([configured, [more, names]]) =>
  Object.keys(BY_SCHEME).flatMap((scheme) =>
    Object.entries(HEADERS)
      .filter(([name]) => Object.keys(more).length === 0 || EVERYWHERE.includes(name))
      .map(([name, [header, ...outcomes]]) => {
        const outcome = outcomes[(names[scheme] ?? names) - 1];
        const options = Object.keys(more).length === 0 ? {} : { options: { ...OPTIONS, ...more } };
        return {
          name: `${name}, ${scheme === "none" ? "no scheme" : scheme}, ${configured}`,
          header,
          outcome,
          more: { scheme, ...options },
        };
      }),
  ),
);

export const accepted = cases
  .filter(({ outcome }) => outcome in SESSIONS)
  .map(({ name, header, outcome, more }) => accept(name, header, { ...more, raw: { session: JSON.stringify(SESSIONS[outcome]) } }));

export const rejected = cases
  .filter(({ outcome }) => !(outcome in SESSIONS))
  .map(({ name, header, outcome, more }) => (outcome === "cache_absent" ? stale : noSession)(name, header, outcome, more));

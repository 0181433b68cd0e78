// Vectors with a valid signature and unusual content, in each format. Only the holder of the secret can make them.

import { accept, cookies, staleCache } from "./vector.mjs";
import { NOW, OPTIONS, payloadText, seal, SESSION, STRATEGIES, TOKEN, USER } from "./seal.mjs";

export const about = "well signed payloads with odd JSON inside: depth, numbers, duplicates, prototypes, types, versions";

const session = (more) => payloadText({ session: { ...SESSION, ...more } });
const user = (more) => payloadText({ user: { ...USER, ...more } });
const without = (record, ...names) => Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));
/** Returns the record's JSON text with `members` appended. */
const behind = (record, members) => `${JSON.stringify(record).slice(0, -1)},${members}}`;
const nested = (open, close, depth) => `"deep":${open.repeat(depth)}${close.repeat(depth)}`;
const inUser = (members) => payloadText({ user: behind(USER, members) });
const version = (configured) => ({
  options: { ...OPTIONS, session: { cookieCache: { ...OPTIONS.session.cookieCache, version: configured } } },
});

/** For each name: members of `session` and `user` as text, a change to the text of the payload, and further members of the vector. */
const GOOD = {
  "further members of every type": [
    {
      user: behind(
        USER,
        '"a":[1,{"b":null}],"c":1.5e-7,"d":"\u2028\u{1f600}","":0,"toString":1,"constructor":{"prototype":{"admin":true}}',
      ),
    },
  ],
  "__proto__ as a member": [{ user: behind(USER, '"__proto__":{"admin":true}') }],
  "__proto__ in a member": [{ user: behind(USER, '"settings":{"__proto__":{"admin":true}}') }],
  "a lone surrogate": [{ user: behind(USER, '"odd":"\\ud800 and \\udc00\\ud800"') }],
  "an escaped NUL": [{ user: behind(USER, '"odd":"\\u0000"') }],
  "text that looks like a date": [{ user: behind(USER, '"birthday":"1815-12-10T00:00:00.000Z"') }],
  "numbers of four hundred digits": [{ user: behind(USER, `"n":${"9".repeat(400)}`) }],
  "nested 62 deep": [{}, (text) => text.replace('"image":null', nested("[", "]", 62)), { raw: {} }],
  "a token twice, the last one ours": [{ session: `{"token":"another",${JSON.stringify(SESSION).slice(1)}` }],
  "the user twice, the last one ours": [
    {},
    (text) => text.replace('"user":', `"user":${JSON.stringify({ ...USER, id: "another" })},"user":`),
  ],
  "escaped names": [{ session: JSON.stringify(SESSION).replace('"token"', '"\\u0074oken"') }],
  "no version, which is version 1": [{}, (text) => text.replace(',"version":"1"', "")],
  "an empty version, which is version 1": [{ version: "" }],
  "version 7 as configured by a number": [{ version: "7" }, , version(7)],
  "no dates but expiresAt": [{ session: JSON.stringify(without(SESSION, "createdAt", "updatedAt")) }],
  "the last millisecond of the session": [{ session: JSON.stringify({ ...SESSION, expiresAt: new Date(NOW).toISOString() }) }],
};

const BAD = {
  "nested 63 deep": inUser(nested("[", "]", 63)),
  "objects nested 100 deep": inUser(nested('{"a":', "}", 100).replace('{"a":}', "{}")),
  "lists nested 3,000 deep": inUser(nested("[", "]", 3000)),
  "a list of payloads": `{"session":[${JSON.stringify(SESSION)}],"user":[${JSON.stringify(USER)}],"updatedAt":${NOW}}`,
  "no session": `{"user":${JSON.stringify(USER)},"updatedAt":${NOW},"version":"1"}`,
  "no user": `{"session":${JSON.stringify(SESSION)},"updatedAt":${NOW},"version":"1"}`,
  "a session of null": payloadText({ session: "null" }),
  "a user that is text": payloadText({ user: '"u1"' }),
  "a session that is inherited": `{"__proto__":{"session":${JSON.stringify(SESSION)}},"user":${JSON.stringify(USER)},"updatedAt":${NOW}}`,
  "a token that is inherited": payloadText({ session: behind(without(SESSION, "token"), `"__proto__":{"token":"${TOKEN}"}`) }),
  "the user twice, the last one null": payloadText({}, ',"user":null'),
  ...Object.fromEntries(
    ["id", "token", "userId", "expiresAt"].map((name) => [`a session without ${name}`, payloadText({ session: without(SESSION, name) })]),
  ),
  ...Object.fromEntries(["id", "name", "email"].map((name) => [`a user without ${name}`, payloadText({ user: without(USER, name) })])),
  "a token that is a number": session({ token: 7 }),
  "a token that is a list of the token": session({ token: [TOKEN] }),
  "an expiresAt in milliseconds": session({ expiresAt: NOW + 999_999 }),
  "an expiresAt of another calendar's month": session({ expiresAt: "2027-13-22T08:00:00.000Z" }),
  "an expiresAt in another zone": session({ expiresAt: "2027-01-22T08:00:00.000+01:00" }),
  "an emailVerified that is text": user({ emailVerified: "true" }),
  "an image that is an object": user({ image: {} }),
  "an updatedAt that is text": payloadText().replace(`"updatedAt":${NOW}`, `"updatedAt":"${NOW}"`),
  "an updatedAt beyond any number": payloadText().replace(`"updatedAt":${NOW}`, '"updatedAt":1e400'),
  "no updatedAt": payloadText().replace(`"updatedAt":${NOW},`, ""),
  "a version that is a number": payloadText().replace('"version":"1"', '"version":1'),
  "a version that is null": payloadText().replace('"version":"1"', '"version":null'),
  "a trailing comma": payloadText({}, ","),
  "a comment": payloadText({}, "/* */"),
  "a name without quotes": payloadText({}, ",more:1"),
  "NaN": payloadText({}, ',"more":NaN'),
  "a number with a leading zero": payloadText({}, ',"more":01'),
  "a control character in text": payloadText({}, ',"more":"\u0001"'),
  "half an escape": payloadText({}, ',"more":"\\u12"'),
};

const OTHERWISE = {
  "another version": [payloadText({ version: "2" }), "version_mismatch"],
  "a version twice, the last one another": [payloadText({}, ',"v\\u0065rsion":"2"'), "version_mismatch"],
  "version 1 where a number is configured": [payloadText(), "version_mismatch", version(2)],
  "a session that ended a millisecond ago": [session({ expiresAt: new Date(NOW - 1).toISOString() }), "session_expired"],
  "a session that ended in the year 0": [session({ expiresAt: "0000-01-01T00:00:00.000Z" }), "session_expired"],
  "another session's": [session({ token: `${TOKEN} ` }), "token_mismatch"],
  "a token twice, the last one another's": [payloadText({ session: behind(SESSION, '"token":"another"') }), "token_mismatch"],
  "an empty token": [session({ token: "" }), "token_mismatch"],
};

const each = (table, make) =>
  Object.entries(table).flatMap(([name, entry]) => STRATEGIES.map((strategy) => make(`${name}, ${strategy}`, entry, strategy)));

export const accepted = each(GOOD, (name, [members, change = (text) => text, more], strategy) => {
  const raw = { session: JSON.stringify(SESSION), user: JSON.stringify(USER), ...members, version: undefined };
  return accept(name, cookies(seal(strategy, change(payloadText(members)))), { strategy, raw, ...more });
});

export const rejected = [
  ...each(BAD, (name, text, strategy) => staleCache(name, seal(strategy, text), "cache_malformed")),
  ...each(OTHERWISE, (name, [text, reason, more], strategy) => staleCache(name, seal(strategy, text), reason, more)),
];

// The cases of the minted vectors: the configuration of the server and the user who signs up.

const text = { type: "string", required: false };
const everyType = {
  whole: { type: "number", required: false },
  fraction: { type: "number", required: false },
  negative: { type: "number", required: false },
  largest: { type: "number", required: false, bigint: true },
  flag: { type: "boolean", required: false },
  birthday: { type: "date", required: false },
  tags: { type: "string[]", required: false },
  scores: { type: "number[]", required: false },
  settings: { type: "json", required: false },
  nothing: text,
};

export const SECRET = "vectors: an example secret, 32+ characters";
export const OLD_SECRET = "vectors: the example secret before that one";

/**
 * name        of the vector, before the strategy
 * from        first version that supports the case
 * strategies  the strategies to mint with (default: all)
 * origin      options of startOrigin; `session.cookieCache.strategy` is added
 * person      fields of the user
 * via         "signIn" with `rememberMe: false`, or the default sign-up
 * secret      "current" (default), "list" or "previous"
 */
export const CASES = [
  { name: "plain" },
  {
    name: "chunked",
    origin: { auth: { user: { additionalFields: { biography: text } } } },
    person: { biography: Array.from({ length: 330 }, (_, i) => `chapter ${i},`).join(" ") },
  },
  {
    name: "odd text",
    origin: { auth: { user: { additionalFields: { motto: text } } } },
    person: {
      name: '"Ada" O\'Lovelace \\ <b>&amp;</b>; a=b, 100% 👩‍💻 \u2028\u2029\u0001\u007f é ß 漢字 \ufeff',
      motto: 'line one\nline two\ttab\r\n{"json":"inside"},"expiresAt":1,"signature":"x"}',
    },
  },
  // Postgres cannot store a lone surrogate; a server without a database can.
  { name: "lone surrogate", stateless: true, person: { name: "a\ud800b\udc00c" } },
  {
    name: "every JSON type",
    origin: {
      auth: { user: { additionalFields: everyType } },
      session: { additionalFields: { device: { type: "string", required: false, defaultValue: "phone", input: false } } },
    },
    person: {
      whole: 42,
      fraction: 0.1,
      negative: -1.5e-7,
      largest: Number.MAX_SAFE_INTEGER,
      flag: false,
      birthday: "1815-12-10T00:00:00.000Z",
      tags: ["a", "", "ü"],
      scores: [1, 2.5, -3],
      settings: { "": 0, "2": "two", "1": "one", nested: { list: [null, true, [], {}, [{ deep: "é" }]] }, constructor: "x" },
    },
  },
  {
    name: "text that looks like a date",
    origin: { auth: { user: { additionalFields: { short: text, long: text } } } },
    person: { short: "2024-01-01T00:00:00Z", long: "2024-01-01T00:00:00.000Z" },
  },
  {
    name: "text that looks like a date, as toISOString writes it",
    origin: { auth: { user: { additionalFields: { long: text } } } },
    person: { long: "2024-01-01T00:00:00.000Z" },
  },
  { name: "do not remember me", via: "signIn" },
  { name: "version", origin: { session: { cookieCache: { version: "2024-11" } } } },
  {
    name: "version function",
    origin: { session: { cookieCache: { version: (_session, user) => `for ${user.name}` } } },
    versionIs: "for Ada Lovelace",
  },
  { name: "version number", origin: { session: { cookieCache: { version: 2 } } } },
  { name: "long cache", origin: { session: { cookieCache: { maxAge: 86_400 }, expiresIn: 864_000 } } },
  { name: "secure names, other prefix", origin: { auth: { advanced: { useSecureCookies: true, cookiePrefix: "shop" } } } },
  {
    name: "custom names",
    origin: { auth: { advanced: { cookies: { session_token: { name: "sid" }, session_data: { name: "sdata" } } } } },
  },
  { name: "secrets", from: "1.5.6", secret: "list" },
  { name: "secrets, minted before the rotation", from: "1.5.6", secret: "previous" },
];

// Writes the first inputs of each target to fuzz/corpus, from the test vectors. `fuzz_targets/` describe the form of the inputs.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const vectors = (name) => JSON.parse(readFileSync(join(root, "vectors", `${name}.json`), "utf8"));
/** Control characters that stand for genuine cookies: `PIECES` in src/lib.rs. */
const [TOKEN, COMPACT, JWT, JWE, OTHER, OTHERS, EXPIRED, HALF] = "\x01\x02\x03\x04\x05\x06\x07\x08";
const [REST, TOKEN_NAME, DATA_NAME, FLAG_NAME, SECURE, FLAG] = "\x0e\x0f\x10\x11\x12\x13";

const headers = [
  ...[COMPACT, JWT, JWE, OTHERS, EXPIRED].map((cache) => `${TOKEN_NAME}${TOKEN}; ${DATA_NAME}=${cache}`),
  `${TOKEN_NAME}${OTHER}; ${DATA_NAME}=${OTHERS}`,
  `${TOKEN_NAME}${TOKEN}; ${DATA_NAME}.0=${HALF}; ${DATA_NAME}.1=${REST}`,
  `${SECURE}${TOKEN_NAME}${TOKEN};${SECURE}${DATA_NAME}=${JWE};${SECURE}${FLAG_NAME}${FLAG}`,
  `${TOKEN_NAME}${TOKEN}; ${TOKEN_NAME}${OTHER}; ${DATA_NAME}="${COMPACT}"`,
];
const cookie = (value) => [value].flat().map((part) => (typeof part === "string" ? part : part.repeat.repeat(Math.min(part.times, 50))));
const verdicts = readdirSync(join(root, "vectors/verdicts")).flatMap((name) => {
  const { accept, reject } = vectors(`verdicts/${name.replace(".json", "")}`);
  return [...accept, ...reject].map((one) => cookie(one.cookie).join(""));
});
const values = verdicts.map((text) => /session_data=([^;]*)/.exec(text)?.[1]).filter(Boolean);
const payloads = values
  .map((value) => Buffer.from(value.split(".")[1] ?? value, "base64url").toString())
  .filter((text) => text.startsWith("{"));
const member = (payload, name) => {
  try {
    return JSON.stringify(JSON.parse(payload)[name] ?? null);
  } catch {
    return payload;
  }
};
const codec = [
  ...values,
  ...payloads.map((text) => `${member(text, "session")}\0${member(text, "user")}`),
  '{"id":"s1","token":"vN4pQ7sT1wY3zB6dF8hK2mP5rU9xA0cE","userId":"u1","expiresAt":"2027-01-22T08:00:00.000Z"}\0{"id":"u1"}',
];
const json = vectors("javascript/json").cases.map(({ text }) => text);
const lines = vectors("javascript/set-cookie").cases.map(({ line }) => line);
const paths = vectors("gate/paths");
const routes = vectors("gate/routes");
const patterns = Object.values(routes.rules).flat().concat(routes.bad);
const options = [
  '{"secret":"s","baseURL":"https://a.example/auth","session":{"expiresIn":60,"updateAge":1,"freshAge":0,"cookieCache":{"enabled":true,"maxAge":300,"strategy":["compact","jwt","jwe"],"version":{"versionFunction":true},"refreshCache":{"updateAge":5}}}}',
  '{"secrets":[{"version":2,"value":"b"},{"version":1,"value":"a"}],"advanced":{"cookiePrefix":"p","useSecureCookies":true,"crossSubDomainCookies":{"enabled":true,"domain":"a.example"},"defaultCookieAttributes":{"sameSite":"none","maxAge":5},"cookies":{"session_token":{"name":"t","attributes":{"partitioned":true}}}}}',
  '{"secrets":"2:b,1:a","jwks":true}',
  '{"basePath":"/api/auth","routes":{"public":["/"],"optional":["/m"],"fresh":["/f/*"],"authoritative":["/b/**"],"when":["/s"],"signInURL":"/in?x#y"},"graceWhenOriginIsDown":9,"answerGetSession":false,"anyBearer":true,"hiddenFields":{"session":["a"],"user":[]},"pluginFields":{"session":[],"user":["b"]}}',
];
const body =
  '{"session":{"id":"s1","token":"vN4pQ7sT1wY3zB6dF8hK2mP5rU9xA0cE","userId":"u1","expiresAt":"2027-01-22T08:00:00.000Z"},"user":{"id":"u1"}}';
const subject = "\x55".repeat(16);
const record = (head, token = "") => Buffer.from(`${head}${subject}\x01\x9b\x76\xda\xf4\x00\x00\x00\x01\x2c${token}`, "latin1");

const corpus = {
  cookie_header: [
    ...headers,
    ...vectors("javascript/cookie-headers").cases.map(({ header }) => header),
    ...vectors("javascript/percent").decode.map(({ text }) => text),
  ],
  session_cookies: [...headers, ...verdicts].flatMap((header) => ["\0", "\x02", "\x03", "\x30"].map((flags) => flags + header)),
  compact: codec.filter((text) => !/^[\w.-]*\.[\w.-]*$/.test(text)),
  jwt: [...codec, ...payloads.map((text) => `{"alg":"HS256","typ":"JWT"}\0${text}`)],
  jwe: codec,
  json: [...json, ...payloads, ...options],
  path: [...paths.accept, ...paths.ambiguous, ...paths.reject].map(({ raw }, at) => `${patterns[at % patterns.length]}\n${raw}`),
  set_cookie: [
    ...lines,
    lines.join("\n"),
    `${TOKEN_NAME}${TOKEN}; Max-Age=5; Path=/\n${DATA_NAME}=${JWT}; HttpOnly`,
    `a_multi-b=${TOKEN}; Max-Age=0`,
  ],
  revocation: [
    record("\x10"),
    record("\x11", subject),
    record("\x12", subject),
    record("\x14"),
    Buffer.concat([record("\x10"), record("\x15", subject)]),
    Buffer.from([0x07, 0, 1, 0, 3, 17, 5, 5, 6, 9, 7, 0, 200]),
  ],
  options: [...options, ...patterns],
  base64: ["", "Zg", "Zg==", "Zm9vYmE=", "Zm9v".repeat(12), "-_8", "+/8=", "Zh"],
  gate: ["/", "/account", "/danger", "/billing", "/staff/x", "/api/auth/get-session", "/maybe", "/docs//a"].flatMap((url) =>
    ["", ...headers].map((header) => ["\0GET", url, "text/html", "", header, body].join("\n")),
  ),
};

for (const [target, inputs] of Object.entries(corpus)) {
  const folder = join(root, "fuzz/corpus", target);
  mkdirSync(folder, { recursive: true });
  for (const input of inputs) {
    const bytes = Buffer.from(input);
    if (bytes.length <= 4096) writeFileSync(join(folder, createHash("sha1").update(bytes).digest("hex")), bytes);
  }
}

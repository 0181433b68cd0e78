// Asks JavaScript itself (and the packages that a Better Auth server is made of) what the core must agree with, and writes
// the answers to vectors/javascript/. `node vectors/make-javascript.mjs`; the output is the same each time.

import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { formatEnvelope, symmetricDecrypt } from "better-auth/crypto";
import { createSessionStore, parseCookies } from "better-auth/cookies";
import { serializeCookie } from "better-call";

const folder = new URL("javascript/", import.meta.url);
const version = process.versions.node;

/** Better Auth's own test for a date (`safeJSONParse` of @better-auth/core), then JavaScript's reading. */
const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$/;

function isoDates() {
  const texts = [
    "1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z", "1969-12-31T23:59:59.999Z", "2027-01-15T08:00:00.000Z",
    "2027-01-15T08:00:00.1Z", "2027-01-15T08:00:00.12Z", "2027-01-15T08:00:00.1234567890123Z", "2027-01-15T08:00:00.999999Z",
    "2024-02-29T00:00:00Z", "2023-02-29T00:00:00Z", "2023-02-30T00:00:00Z", "2023-02-31T12:34:56.789Z", "2023-04-31T00:00:00Z",
    "2000-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2100-03-01T00:00:00Z", "0000-01-01T00:00:00Z", "0000-02-29T00:00:00Z",
    "0001-01-01T00:00:00Z", "0099-12-31T23:59:59Z", "0400-02-29T00:00:00Z", "9999-12-31T23:59:59.999Z", "1582-10-10T00:00:00Z",
    "2027-01-15T24:00:00Z", "2027-12-31T24:00:00.000Z", "2027-01-15T24:00:01Z", "2027-01-15T24:01:00Z", "2027-01-15T24:00:00.001Z",
    "2027-01-15T24:00:00.0001Z", "2027-01-15T24:00:00.0000Z", "2027-01-15T24:00:00.00000000001Z", "2027-01-15T24:00:10Z", "2027-01-15T25:00:00Z", "2027-01-15T23:60:00Z", "2027-01-15T23:59:60Z", "2027-13-01T00:00:00Z",
    "2027-00-01T00:00:00Z", "2027-01-00T00:00:00Z", "2027-01-32T00:00:00Z", "2027-01-15T08:00:00", "2027-01-15T08:00:00+00:00",
    "2027-01-15T08:00:00z", "2027-01-15t08:00:00Z", "2027-01-15 08:00:00Z", "2027-01-15T08:00Z", "2027-01-15", "2027-1-15T08:00:00Z",
    "+002027-01-15T08:00:00Z", "-002027-01-15T08:00:00Z", "+275760-09-13T00:00:00.000Z", "2027-01-15T08:00:00.Z", "2027-01-15T08:00:00.1",
    "2027-01-15T08:00:00,1Z", " 2027-01-15T08:00:00Z", "2027-01-15T08:00:00Z ", "2027-01-15T08:00:00Z\n", "２０２７-01-15T08:00:00Z",
    "2027-01-15T08:00:0\u0660Z", "", "Z", "not a date", "2027-01-15T08:00:00ZZ", "2027-01-15T-8:00:00Z", "2027-01-15T08:00:00.1e3Z",
  ];
  // Every month's ends, over years that differ in their leap day.
  for (const year of ["0004", "1600", "1700", "1899", "1970", "1999", "2000", "2001", "2038", "2400"]) {
    for (let month = 1; month <= 12; month += 1) {
      for (const day of ["01", "28", "29", "30", "31"]) texts.push(`${year}-${String(month).padStart(2, "0")}-${day}T06:07:08.009Z`);
    }
  }
  return texts.map((text) => {
    const millis = ISO.test(text) ? new Date(text).getTime() : Number.NaN;
    return { text, millis: Number.isNaN(millis) ? null : millis };
  });
}

function percent() {
  const encoded = [
    "", "a", "%41", "%4a%4A", "a+b", "%2B", "%20", "%", "%%", "%4", "%4g", "%g4", "100%", "%E2%82%AC", "%e2%82%ac", "%E2%82", "%E2%28%A1",
    "%C0%80", "%C1%BF", "%F0%9F%98%80", "%F8%88%80%80%80", "%ED%A0%80", "%ED%BF%BF", "%F4%8F%BF%BF", "%F4%90%80%80", "%FF", "%80",
    "€", "€%20", "%u20AC", "a%00b", "%7F", "token.abc%3D", "%25%34%31", "%+1", "% 1", "%1 ", "%-1", "%é0",
  ];
  const plain = ["", "abcXYZ019", "-_.!~*'()", " ;,/?:@&=+$#%", "\"\\<>^`{|}[]", "é€😀\u2028", "\u0000\u001f\u007f", "a.b/c+d=="];
  return {
    decode: encoded.map((text) => ({ text, decoded: tryDecode(text) })),
    encode: plain.map((text) => ({ text, encoded: encodeURIComponent(text) })),
  };
}

function tryDecode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Headers without repeated names: those, the two parsers of the server read differently. */
function cookieHeaders() {
  const headers = [
    "a=1", "a=1; b=2", "a=1;b=2", "a=1;  b=2;", ";a=1;;b=2;", "a", "a; b=2", "=1", "a=", "a=; b=", "a==", "a=b=c", "a=\"q\"", "a=\"q", "a=q\"",
    "a=\"\"", "a=\"", "a=\"\"\"", "a=\"b;c\"", " a = 1 ; b=2", "\ta=1\t;\tb\t=\t2\t", "a=1\n; b=2", "\na=1", "a\u00a0=1", "a=\u00a01", "\ufeffa=1",
    "a b=1", "a(b)=1", "a/b=1", "a,b=1", "a@b=1", "a[0]=1", "{a}=1", "a?=1", "é=1", "a=é", "a=1 2", "a=1,2", "a=1\\2", "a=1\u007f", "a=\u0000", "a=%41",
    "a=%", "a=%E2%82%AC", "!#$%&'*+-.^_`|~=1", "a=!#$%&'()*+-./:<=>?@[]^_`{|}~", "__Secure-a=1", "a.0=1; a.1=2", "toString=1", "__proto__=1",
    "a=\"%22\"", "a= \"q\" ", "a=\" q \"", "a=1; A=2",
  ];
  return headers.map((header) => ({ header, cookies: Object.entries(Object.fromEntries(parseCookies(header))) }))
    .map((entry) => (entry.header === "__proto__=1" ? { ...entry, cookies: [["__proto__", "1"]] } : entry));
}

function setCookies() {
  const base = { maxAge: 300, path: "/", httpOnly: true, sameSite: "lax" };
  const cases = [
    ["better-auth.session_data", "abc", base],
    ["better-auth.session_data", "abc", { ...base, maxAge: undefined }],
    ["better-auth.session_data", "", { ...base, maxAge: 0 }],
    ["__Secure-better-auth.session_data", "abc", { ...base, secure: true }],
    ["__Secure-better-auth.session_data", "abc", base],
    ["better-auth.session_token", "t.aGk+/w==", { ...base, maxAge: 604800, domain: "example.com" }],
    ["better-auth.session_token", "t é\u2028\"", { ...base, secure: true, sameSite: "none" }],
    ["better-auth.session_token", "t", { ...base, sameSite: "None" }],
    ["better-auth.session_token", "t", { ...base, sameSite: "strict", path: "/app", maxAge: 34560000 }],
    ["better-auth.session_token", "t", { ...base, partitioned: true }],
    ["better-auth.session_token", "t", { ...base, httpOnly: false, secure: true, partitioned: true, domain: ".example.com" }],
  ];
  return cases.map(([name, value, options]) => ({
    name, value, attributes: options, line: serializeCookie(name, value, options),
  }));
}

/** The real session store splits a value as the server does; the value is "Ab0_-" repeated. */
function chunks() {
  const cases = [];
  const names = ["better-auth.session_data", "__Secure-better-auth.session_data", "p.s"];
  for (const name of names) {
    const attributes = { maxAge: 300, path: "/", httpOnly: true, sameSite: "lax", secure: name.startsWith("__Secure-") };
    const room = 4050 - serializeCookie(`${name}.99`, "", attributes).length;
    for (const length of [1, room - 1, room, room + 1, 2 * room, 2 * room + 1, 9999, 100 * room - 1, 100 * room, 100 * room + 1]) {
      const value = "Ab0_-".repeat(Math.ceil(length / 5)).slice(0, length);
      const context = { headers: new Headers(), context: { logger: { warn() {}, debug() {} } } };
      const store = createSessionStore(name, attributes, context);
      const lines = store.chunk(value, {}).map((cookie) => serializeCookie(cookie.name, cookie.value, cookie.attributes));
      cases.push({ name, length, lines: lines.length, sha256: createHash("sha256").update(lines.join("\n")).digest("hex") });
    }
  }
  return cases;
}

/** Returns the result of `JSON.parse` for a text. Text with lone surrogates cannot reach the core and is left out. */
function jsonTexts() {
  const texts = [
    "{}", "[]", "null", "true", "false", "0", "-0", "1", "-1", "1.5", "1e3", "1E+3", "1e-3", "1e400", "-1e400", "1e-400", "123456789012345678901234567890",
    "\"\"", "\"a\"", "\"\\u0041\"", "\"\\ud83d\\ude00\"", "\"\\/\\b\\f\\n\\r\\t\\\\\\\"\"", "\"\u2028\u2029\"", "\"\u007f\"", "\"é😀\"", "\"\\u0000\"",
    " \t\r\n{} \t\r\n", "{\"a\":1,\"a\":2}", "{\"__proto__\":1}", "[1,[2,[3]]]", "{\"a\":{\"b\":[{}]}}", "{\"a\\u0062\":1}",
    "", " ", "{", "}", "[", "]", "{]", "[}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "[1,]", "[,1]", "[1 2]", "{\"a\" 1}", "{a:1}", "{'a':1}", "{\"a\":1 \"b\":2}",
    "01", "1.", ".5", "-", "+1", "1e", "1e+", "0x10", "1_000", "NaN", "Infinity", "-Infinity", "undefined", "nul", "nulll", "tru", "True", "truefalse",
    "\"", "\"a", "a\"", "'a'", "\"\t\"", "\"\n\"", "\"\\x41\"", "\"\\u004\"", "\"\\u00g0\"", "\"\\a\"", "\"\\\"", "\"\\ud83d\"", "\"\\ude00\\ud83d\"",
    "\ufeff{}", "{}\u0000", "\u00a01", "1\u00a0", "1\u000b", "{} {}", "1,2", "/**/1", "1//", "[1,\n2]", "{\"a\"\n:\t1}", "00", "-01", "1e05", "1.0E-0",
    "[[]", "[]]", "{\"a\":[}", "\"\\u+041\"", "\"\\u 041\"", "\"\u0000\"", "\"\u001f\"",
  ];
  return texts.map((text) => {
    try {
      return { text, valid: true, string: onlyText(JSON.parse(text)) };
    } catch {
      return { text, valid: false, string: null };
    }
  });
}

/** Envelopes with a fixed nonce; what each holds, or null, is what Better Auth's `symmetricDecrypt` says. */
async function envelopes() {
  const [old, current, legacy] = ["an-example-secret-of-32-bytes-or-more", "another-secret-that-signed-something-else", "a-legacy-secret"];
  const sealed = (secret, text) => {
    const nonce = createHash("sha256").update(`nonce of ${text}`).digest().subarray(0, 24);
    const key = createHash("sha256").update(secret).digest();
    return Buffer.concat([nonce, xchacha20poly1305(key, nonce).encrypt(Buffer.from(text))]).toString("hex");
  };
  const rotation = [{ version: 2, value: current }, { version: 1, value: old }];
  const withLegacy = [...rotation, { value: legacy }];
  const texts = ["", "a", "{\"accessToken\":\"é😀\u2028\"}", "x".repeat(200)];
  const cases = [
    ...texts.map((text) => [[{ value: old }], sealed(old, text)]),
    ...texts.map((text) => [rotation, formatEnvelope(2, sealed(current, text))]),
    [rotation, formatEnvelope(1, sealed(old, "old"))],
    [rotation, formatEnvelope(3, sealed(old, "unknown version"))],
    [rotation, formatEnvelope(2, sealed(old, "wrong version"))],
    [rotation, sealed(old, "bare without a legacy secret")],
    [withLegacy, sealed(legacy, "bare")],
    [withLegacy, sealed(current, "bare under another")],
    [[{ value: old }], sealed(current, "of another server")],
    [[{ value: old }], sealed(old, "upper case").toUpperCase()],
    [[{ value: old }], `${sealed(old, "one digit more")}0`],
    [[{ value: old }], "zz"],
  ];
  return Promise.all(cases.map(async ([secrets, value]) => ({ secrets, sealed: value, text: await unsealed(secrets, value) })));
}

async function unsealed(secrets, data) {
  const numbered = secrets.filter(({ version }) => version !== undefined);
  const legacySecret = secrets.find(({ version }) => version === undefined)?.value;
  const keys = new Map(numbered.map(({ version, value }) => [version, value]));
  const key = numbered.length ? { keys, currentVersion: numbered[0].version, legacySecret } : legacySecret;
  return symmetricDecrypt({ key, data }).catch(() => null);
}

/** A string's content, lone surrogates replaced, because no Rust string holds one. */
function onlyText(value) {
  return typeof value === "string" ? value.toWellFormed() : null;
}

const files = { "iso-dates": isoDates(), percent: percent(), "cookie-headers": cookieHeaders(), "set-cookie": setCookies(), chunks: chunks(), json: jsonTexts(), envelopes: await envelopes() };
await mkdir(folder, { recursive: true });
for (const [name, cases] of Object.entries(files)) {
  const about = `made by vectors/make-javascript.mjs on Node ${version.split(".")[0]}`;
  const lines = (list) => `[\n${list.map((entry) => `  ${JSON.stringify(entry)}`).join(",\n")}\n]`;
  const body = Array.isArray(cases) ? `"cases": ${lines(cases)}` : Object.entries(cases).map(([key, list]) => `"${key}": ${lines(list)}`).join(",\n");
  await writeFile(new URL(`${name}.json`, folder), `{ "about": ${JSON.stringify(about)},\n${body} }\n`);
}

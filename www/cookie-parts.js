// Where each part of a Cookie header's session cookies begins and ends. Looks at shapes only: it proves nothing.

const NAME = /^(__Secure-)?(.+)[.-]session_(token|data)(?:\.(\d+))?$/;

/** What every kind of part is, in words. */
export const KINDS = {
  token: ["Session token", "random; the server’s database knows whose it is"],
  "token-mac": ["Its signature", "HMAC-SHA-256 of the token"],
  header: ["Header", "says how the rest is protected"],
  payload: ["Session and user", "base64url: signed, but readable by anyone"],
  expires: ["When it lapses", "inside what is signed"],
  signature: ["Signature", "HMAC-SHA-256 of all before it"],
  iv: ["Initialisation vector", "16 random bytes"],
  ciphertext: ["Session and user, encrypted", "AES-256-CBC: readable with the secret only"],
  "auth-tag": ["Authentication tag", "HMAC-SHA-512, cut to 32 bytes"],
};

/**
 * `text` is a Cookie header's value, or one bare `session_data` value. Answers { bare, prefix, data, cookies, parts }:
 * `data` the cache value, joined if it came in chunks; `cookies` [{ name, bytes }]; `parts` [{ kind, from, to }] in `text`.
 */
export function cookieParts(text) {
  const pairs = split(text).filter(({ match }) => match);
  if (!pairs.length) {
    const data = text.trim();
    const from = text.indexOf(data);
    return { bare: true, prefix: null, data, cookies: [], parts: shape(data).map(([kind, a, b]) => ({ kind, from: from + a, to: from + b })) };
  }
  const chunks = pairs.filter(({ match }) => match[3] === "data").sort((a, b) => Number(a.match[4] ?? 0) - Number(b.match[4] ?? 0));
  const data = chunks.map(({ value }) => value).join("");
  const parts = pairs.filter(({ match }) => match[3] === "token").flatMap(tokenParts);
  const cuts = shape(data);
  let offset = 0;
  for (const { from, value } of chunks) {
    for (const [kind, a, b] of cuts) {
      const [start, end] = [Math.max(a, offset), Math.min(b, offset + value.length)];
      if (start < end) parts.push({ kind, from: from + start - offset, to: from + end - offset });
    }
    offset += value.length;
  }
  parts.sort((a, b) => a.from - b.from);
  const cookies = pairs.map(({ name, value }) => ({ name, bytes: name.length + 1 + value.length }));
  return { bare: false, prefix: pairs[0].match[2], data, cookies, parts };
}

function split(text) {
  const pairs = [];
  let at = 0;
  for (const piece of text.split(";")) {
    const cut = piece.indexOf("=");
    if (cut > 0) {
      const name = piece.slice(0, cut).trim();
      const value = piece.slice(cut + 1).trim();
      pairs.push({ name, value, from: at + cut + 1 + piece.slice(cut + 1).indexOf(value), match: NAME.exec(name) });
    }
    at += piece.length + 1;
  }
  return pairs;
}

function tokenParts({ value, from }) {
  const dot = value.lastIndexOf(".");
  if (dot < 0) return [{ kind: "token", from, to: from + value.length }];
  return [{ kind: "token", from, to: from + dot }, { kind: "token-mac", from: from + dot + 1, to: from + value.length }];
}

/** [kind, from, to] for each part of one cache value. */
function shape(data) {
  const sections = data.split(".");
  if (sections.length === 3) return named(["header", "payload", "signature"], sections);
  if (sections.length === 5) return named(["header", null, "iv", "ciphertext", "auth-tag"], sections);
  return compact(data);
}

function named(kinds, sections) {
  let at = 0;
  const cuts = [];
  sections.forEach((section, index) => {
    if (kinds[index] && section) cuts.push([kinds[index], at, at + section.length]);
    at += section.length + 1;
  });
  return cuts;
}

/** One base64url text around all; four of its characters are three bytes of the JSON inside. */
function compact(data) {
  let json;
  try {
    json = atob(data.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    return data ? [["payload", 0, data.length]] : [];
  }
  const [expires, signature] = ['"expiresAt":', '"signature":'].map((member) => json.lastIndexOf(member));
  if (expires < 0 || signature < expires) return [["payload", 0, data.length]];
  const [a, b] = [expires, signature].map((byte) => Math.floor((byte * 4) / 3));
  return [["payload", 0, a], ["expires", a, b], ["signature", b, data.length]];
}

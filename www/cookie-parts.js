// Locates the parts of the session cookies in a Cookie header. Reads their form only and verifies nothing.

const NAME = /^(__Secure-)?(.+)[.-]session_(token|data)(?:\.(\d+))?$/;

/** Title and description of each kind of part. */
export const KINDS = {
  token: ["Session token", "random; the server’s database knows whose it is"],
  "token-mac": ["Its signature", "HMAC-SHA-256 of the token"],
  header: ["Header", "names the algorithms"],
  payload: ["Session and user", "base64url: signed, but readable by anyone"],
  expires: ["Expiry", "covered by the signature"],
  signature: ["Signature", "HMAC-SHA-256 of everything before it"],
  iv: ["Initialisation vector", "16 random bytes"],
  ciphertext: ["Session and user, encrypted", "AES-256-CBC: readable with the secret only"],
  "auth-tag": ["Authentication tag", "HMAC-SHA-512, truncated to 32 bytes"],
};

/**
 * Splits `text`, a Cookie header value or a single `session_data` value, into { bare, prefix, data, cookies, parts }:
 * `data` is the cache value, joined from its chunks; `cookies` is [{ name, bytes }]; `parts` is [{ kind, from, to }] with offsets in `text`.
 */
export function cookieParts(text) {
  const pairs = splitHeader(text).filter(({ match }) => match);
  if (!pairs.length) {
    const data = text.trim();
    const from = text.indexOf(data);
    return {
      bare: true,
      prefix: null,
      data,
      cookies: [],
      parts: cacheParts(data).map(([kind, a, b]) => ({ kind, from: from + a, to: from + b })),
    };
  }
  const chunks = pairs.filter(({ match }) => match[3] === "data").sort((a, b) => Number(a.match[4] ?? 0) - Number(b.match[4] ?? 0));
  const data = chunks.map(({ value }) => value).join("");
  const parts = pairs.filter(({ match }) => match[3] === "token").flatMap(tokenParts);
  const ranges = cacheParts(data);
  let offset = 0;
  for (const { from, value } of chunks) {
    for (const [kind, a, b] of ranges) {
      const [start, end] = [Math.max(a, offset), Math.min(b, offset + value.length)];
      if (start < end) parts.push({ kind, from: from + start - offset, to: from + end - offset });
    }
    offset += value.length;
  }
  parts.sort((a, b) => a.from - b.from);
  const cookies = pairs.map(({ name, value }) => ({ name, bytes: name.length + 1 + value.length }));
  return { bare: false, prefix: pairs[0].match[2], data, cookies, parts };
}

function splitHeader(text) {
  const pairs = [];
  let at = 0;
  for (const piece of text.split(";")) {
    const equals = piece.indexOf("=");
    if (equals > 0) {
      const name = piece.slice(0, equals).trim();
      const value = piece.slice(equals + 1).trim();
      pairs.push({ name, value, from: at + equals + 1 + piece.slice(equals + 1).indexOf(value), match: NAME.exec(name) });
    }
    at += piece.length + 1;
  }
  return pairs;
}

function tokenParts({ value, from }) {
  const dot = value.lastIndexOf(".");
  if (dot < 0) return [{ kind: "token", from, to: from + value.length }];
  return [
    { kind: "token", from, to: from + dot },
    { kind: "token-mac", from: from + dot + 1, to: from + value.length },
  ];
}

/** Returns [kind, from, to] for each part of a cache value. */
function cacheParts(data) {
  const segments = data.split(".");
  if (segments.length === 3) return segmentParts(["header", "payload", "signature"], segments);
  if (segments.length === 5) return segmentParts(["header", null, "iv", "ciphertext", "auth-tag"], segments);
  return compactParts(data);
}

function segmentParts(kinds, segments) {
  let at = 0;
  const ranges = [];
  segments.forEach((segment, index) => {
    if (kinds[index] && segment) ranges.push([kinds[index], at, at + segment.length]);
    at += segment.length + 1;
  });
  return ranges;
}

/** Locates the members of the JSON inside one base64url string: four characters encode three bytes. */
function compactParts(data) {
  let json;
  try {
    json = atob(data.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    return data ? [["payload", 0, data.length]] : [];
  }
  const [expires, signature] = ['"expiresAt":', '"signature":'].map((member) => json.lastIndexOf(member));
  if (expires < 0 || signature < expires) return [["payload", 0, data.length]];
  const [a, b] = [expires, signature].map((byte) => Math.floor((byte * 4) / 3));
  return [
    ["payload", 0, a],
    ["expires", a, b],
    ["signature", b, data.length],
  ];
}

// Changes to cookies that a visitor without the secret can make: a list of `{ name, cookie }`.

import { DATA, TOKEN } from "./bench.mjs";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Returns all changes. `foreignValues` has `session_data` values of other users, secrets, versions and strategies, by name. */
export function mutations(bench, foreignValues) {
  const token = bench.user.get(TOKEN);
  const data = bench.user.get(DATA);
  const cookie = (tokenValue, dataValue) => `${TOKEN}=${tokenValue}; ${DATA}=${dataValue}`;
  const both = (name, value) => ({ name, cookie: cookie(token, value) });
  return [
    { name: "genuine", cookie: cookie(token, data) },
    { name: "other order", cookie: `${DATA}=${data}; ${TOKEN}=${token}` },
    ...changedCharacters(data, 40).map(([at, value]) =>
      both(`data: character ${at} changed${sameBytes(data, value) ? ", unused bits" : ""}`, value),
    ),
    ...changedCharacters(token, 12).map(([at, value]) => ({ name: `token: character ${at} changed`, cookie: cookie(value, data) })),
    ...cuts(data, 12).map(([at, value]) => both(`data: cut at ${at}`, value)),
    ...["A", "=", "==", ".", ".A", "%20", "%00", "%", "%zz", '"', "~"].map((more) => both(`data: followed by ${more}`, data + more)),
    ...["A", "=", ".", "%20", '"'].map((more) => both(`data: preceded by ${more}`, more + data)),
    both("data: empty", ""),
    both("data: only a percent sign", "%"),
    both("data: quoted", `"${data}"`),
    both("data: half quoted", `"${data}`),
    both("data: percent-encoded throughout", everyByteEscaped(data)),
    both("data: encoded twice", encodeURIComponent(encodeURIComponent(data))),
    both("data: standard base64 alphabet", encodeURIComponent(data.replaceAll("-", "+").replaceAll("_", "/"))),
    both("data: padded", data + "=".repeat((4 - (data.length % 4)) % 4)),
    ...Object.entries(foreignValues).map(([name, value]) => both(`data: ${name}`, value)),
    { name: "token: of another person", cookie: cookie(bench.other.get(TOKEN), data) },
    { name: "token: missing", cookie: `${DATA}=${data}` },
    { name: "token: empty", cookie: cookie("", data) },
    { name: "token: unsigned", cookie: cookie(token.split(".")[0], data) },
    { name: "token: signature only", cookie: cookie(`.${token.split(".")[1]}`, data) },
    { name: "token: not escaped", cookie: cookie(decodeURIComponent(token), data) },
    { name: "token: quoted", cookie: cookie(`"${token}"`, data) },
    { name: "token: without padding", cookie: cookie(token.replace(/%3D$/, ""), data) },
    {
      name: "token: base64url",
      cookie: cookie(decodeURIComponent(token).replaceAll("+", "-").replaceAll("/", "_").replace("=", "%3D"), data),
    },
    { name: "data: missing", cookie: `${TOKEN}=${token}` },
    { name: "nothing", cookie: "a=b" },
    ...names(token, data),
    ...chunks(token, data),
    ...spacing(token, data),
  ];
}

function names(token, data) {
  const pair = `${TOKEN}=${token}; ${DATA}=${data}`;
  return [
    { name: "names: upper case", cookie: `${TOKEN.toUpperCase()}=${token}; ${DATA.toUpperCase()}=${data}` },
    { name: "names: __Secure- on a plain server", cookie: `__Secure-${TOKEN}=${token}; __Secure-${DATA}=${data}` },
    { name: "names: dash instead of dot", cookie: `better-auth-session_token=${token}; better-auth-session_data=${data}` },
    { name: "twice: the same token", cookie: `${TOKEN}=${token}; ${pair}` },
    { name: "twice: the same data", cookie: `${pair}; ${DATA}=${data}` },
    { name: "twice: another token first", cookie: `${TOKEN}=x.y; ${pair}` },
    { name: "twice: another token last", cookie: `${pair}; ${TOKEN}=x.y` },
    { name: "twice: other data first", cookie: `${DATA}=x; ${pair}` },
    { name: "twice: other data last", cookie: `${pair}; ${DATA}=x` },
    { name: "twice: empty data first", cookie: `${DATA}=; ${pair}` },
    { name: "twice: empty data last", cookie: `${pair}; ${DATA}=` },
    { name: "beside: strangers", cookie: `a=1; ${pair}; b="2"; =3; c; ;;` },
    { name: "beside: bad names and values", cookie: `a b=1; c\\=2; d=\u00e9; ${pair}` },
  ];
}

function chunks(token, data) {
  const third = Math.ceil(data.length / 3);
  const [a, b, c] = [0, 1, 2].map((i) => data.slice(i * third, (i + 1) * third));
  const chunked = (name, ...parts) => ({
    name: `chunks: ${name}`,
    cookie: [`${TOKEN}=${token}`, ...parts.map(([index, value]) => `${DATA}${index}=${value}`)].join("; "),
  });
  return [
    chunked("three", [".0", a], [".1", b], [".2", c]),
    chunked("one", [".0", data]),
    chunked("out of order", [".2", c], [".0", a], [".1", b]),
    chunked("the first missing", [".1", b], [".2", c]),
    chunked("one missing", [".0", a], [".2", c]),
    chunked("the last missing", [".0", a], [".1", b]),
    chunked("a gap, nothing lost", [".0", a], [".1", b + c.slice(0, 1)], [".5", c.slice(1)]),
    chunked("numbered from one", [".1", a], [".2", b], [".3", c]),
    chunked("leading zeros", [".00", a], [".01", b], [".02", c]),
    chunked("a sign", [".0", a], [".+1", b], [".2", c]),
    chunked("a word", [".0", a], [".1", b], [".2", c], [".x", "y"]),
    chunked("digits and a word", [".0", a], [".1", b], [".2x", c]),
    chunked("repeated, the same", [".0", a], [".0", a], [".1", b], [".2", c]),
    chunked("repeated, different", [".0", a], [".1", b], [".1", "x"], [".2", c]),
    chunked("empty bare name beside", ["", ""], [".0", a], [".1", b], [".2", c]),
    chunked("left over beside a bare one", ["", data], [".0", a], [".1", b]),
    chunked("bare junk beside", ["", "x"], [".0", a], [".1", b], [".2", c]),
    chunked("an empty one at the end", [".0", a], [".1", b], [".2", c], [".3", ""]),
  ];
}

function spacing(token, data) {
  return [
    { name: "spacing: none", cookie: `${TOKEN}=${token};${DATA}=${data}` },
    { name: "spacing: much", cookie: `  ${TOKEN}  =  ${token}  ;\t${DATA}\t=\t${data}\t` },
    { name: "spacing: semicolons", cookie: `;;; ${TOKEN}=${token};;;${DATA}=${data};;` },
    { name: "spacing: comma", cookie: `${TOKEN}=${token}, ${DATA}=${data}` },
  ];
}

/** Replaces one character at a time, at `count` positions spread over the text. */
function changedCharacters(text, count) {
  const places = [...new Set(Array.from({ length: count }, (_, i) => Math.floor((i * (text.length - 1)) / (count - 1))))];
  return places.map((at) => {
    const index = ALPHABET.indexOf(text[at]);
    const other = ALPHABET[index < 0 ? 0 : index ^ 1];
    return [at, text.slice(0, at) + other + text.slice(at + 1)];
  });
}

/** Compares the decoded bytes: the last character of a base64 string has unused bits. */
function sameBytes(a, b) {
  const bytes = (text) =>
    text
      .split(".")
      .map((part) => Buffer.from(part, "base64url").toString("hex"))
      .join(".");
  return bytes(a) === bytes(b);
}

function cuts(text, count) {
  return Array.from({ length: count }, (_, i) => (i < 4 ? text.length - 1 - i : Math.floor((text.length * (count - i)) / count) - 1)).map(
    (at) => [at, text.slice(0, at)],
  );
}

function everyByteEscaped(text) {
  return [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
}

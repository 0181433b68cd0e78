// Vectors for the `Cookie` header: lengths, names, unusual characters, duplicates, chunks.

import { accept, cookies, DATA_NAME as DATA, noSession, repeat, stale, TOKEN_NAME } from "./vector.mjs";
import { seal, signedToken } from "./seal.mjs";

export const about = "the Cookie header: bounds, names, characters, two of a kind, chunks";

const token = `${TOKEN_NAME}=${signedToken()}`;
const value = seal("compact");
const pair = cookies(value);
const MOST = 128 * 1024;

/** Splits the value into `count` non-empty parts `[index, text]`. */
const parts = (count) => Array.from({ length: count }, (_, i) => [i, value.slice(cut(i, count), cut(i + 1, count))]);
const cut = (i, count) => Math.floor((i * value.length) / count);
const chunked = (chunks) => [token, ...chunks.map(([index, text]) => `${DATA}.${index}=${text}`)].join("; ");
/** Returns a header that would take quadratic time if each value were compared with the first. */
const longThenShort = (name) => `${name}=${"%41".repeat(15_000)}${`; ${name}=\\`.repeat(2000)}`;
const [a, b, c] = parts(3).map(([, text]) => text);

export const accepted = [
  accept("both cookies", pair, { strategy: "compact" }),
  accept("both cookies, the other order", pair.split("; ").reverse().join("; ")),
  accept("among strangers", `a=1; ${pair}; b="2"; =3; c; ;;`),
  accept("128 KiB of header, no byte more", [repeat("x", MOST - pair.length - 1), `;${pair}`]),
  accept("twenty thousand cookies beside", [repeat("a=1; ", 20_000), pair]),
  accept("twice the same", `${pair}; ${pair}`),
  accept("a broken escape elsewhere", `a=%; b=%zz; ${pair}`),
  accept("a broken byte elsewhere", `a=\u0001; b\u00e9=2; c=\u00e9; ${pair}`),
  accept("quoted", `${TOKEN_NAME}="${signedToken()}"; ${DATA}="${value}"`),
  accept("blanks around", `  ${TOKEN_NAME}\t =\t${signedToken()}  ;${DATA} = ${value} `),
  accept("percent-encoded throughout", cookies([...Buffer.from(value)].map((byte) => `%${byte.toString(16)}`).join(""))),
  accept("three chunks", chunked(parts(3))),
  accept("three chunks, backwards", chunked(parts(3).reverse())),
  accept("a hundred chunks", chunked(parts(100))),
  accept("an empty bare name beside chunks", `${chunked(parts(3))}; ${DATA}=`),
];

export const rejected = [
  noSession("nothing", "", "no_cookie"),
  noSession("one byte above 128 KiB", [repeat("x", MOST - pair.length), `;${pair}`], "header_too_long"),
  noSession("128 KiB of semicolons", [repeat(";", MOST)], "no_cookie"),
  noSession("128 KiB of equals signs", [repeat("=", MOST)], "no_cookie"),
  noSession("128 KiB of one name", [repeat("a", MOST)], "no_cookie"),
  noSession("thousands of empty tokens", [repeat(`${TOKEN_NAME}=;`, 4800)], "no_cookie"),
  noSession("a token of 120 kB", [`${TOKEN_NAME}=`, repeat("a", 120_000)], "token_malformed"),
  noSession("a token of 120 kB of escapes", [`${TOKEN_NAME}=`, repeat("%2e", 40_000)], "token_malformed"),
  noSession("names in upper case", pair.replace(TOKEN_NAME, TOKEN_NAME.toUpperCase()), "no_cookie"),
  noSession("a longer name", pair.replace(TOKEN_NAME, `x${TOKEN_NAME}`), "no_cookie"),
  noSession("__Host- in the place of __Secure-", pair.replaceAll("better-auth", "__Host-better-auth"), "no_cookie"),
  noSession("a name ending in U+00A0", pair.replace(TOKEN_NAME, `${TOKEN_NAME}\u00a0`), "token_malformed"),
  noSession("a name beginning with U+FEFF", `\ufeff${pair}`, "token_malformed"),
  noSession("two tokens, the other one first", `${TOKEN_NAME}=${signedToken("another")}; ${pair}`, "ambiguous_cookies"),
  noSession("two tokens, the other one last", `${pair}; ${TOKEN_NAME}=${signedToken("another")}`, "ambiguous_cookies"),
  noSession("two tokens, one empty", `${TOKEN_NAME}=; ${pair}`, "ambiguous_cookies"),
  noSession("two tokens, one named with U+00A0", `${pair}; ${TOKEN_NAME}\u00a0=x`, "ambiguous_cookies"),
  noSession("a long token, then two thousand short broken ones", longThenShort(TOKEN_NAME), "ambiguous_cookies"),
  stale("a long cache, then two thousand short broken ones", `${token}; ${longThenShort(DATA)}`, "ambiguous_cookies"),
  stale("a long chunk, then two thousand short broken ones", `${token}; ${longThenShort(`${DATA}.0`)}`, "ambiguous_cookies"),
  stale("two caches, the other one first", `${DATA}=${seal("compact", undefined, { expiresAt: 1 })}; ${pair}`, "ambiguous_cookies"),
  stale("two caches, the other one last", `${pair}; ${DATA}=x`, "ambiguous_cookies"),
  stale("two caches, one empty", `${pair}; ${DATA}=`, "ambiguous_cookies"),
  stale("a token alone", token, "cache_absent"),
  stale("an empty cache", `${token}; ${DATA}=`, "cache_absent"),
  stale("a cache of 120 kB", [`${token}; ${DATA}=`, repeat("A", 120_000)], "cache_malformed"),
  stale("a cache of a lone surrogate", cookies("\ud800"), "cache_malformed"),
  stale("a cache with a lone surrogate in it", cookies(`${value.slice(0, 9)}\udfff${value.slice(10)}`), "cache_malformed"),
  stale("a cache with a letter of another script", cookies(`${value.slice(0, 9)}\u0410${value.slice(10)}`), "cache_malformed"),
  stale("a cache with an escaped letter of another script", cookies(`${value}%D0%90`), "cache_malformed"),
  stale("a cache with an escaped half of a letter", cookies(`${value}%D0`), "cache_malformed"),
  stale("a cache with a NUL", cookies(`${value}\0`), "cache_malformed"),
  stale("a cache with an escaped NUL", cookies(`${value}%00`), "cache_malformed"),
  stale("a cache with a line break", cookies(`${value}\r\n`), "cache_malformed"),
  stale("a cache with a quotation mark", cookies(`${value}"`), "cache_malformed"),
  stale("a cache with a backslash", cookies(`${value}\\`), "cache_malformed"),
  stale("a cache encoded twice", cookies(encodeURIComponent(encodeURIComponent(`${value}=`))), "cache_malformed"),
  stale(
    "chunks without the first",
    chunked([
      [1, b],
      [2, c],
    ]),
    "cache_malformed",
  ),
  stale(
    "chunks without the second",
    chunked([
      [0, a],
      [2, c],
    ]),
    "cache_malformed",
  ),
  stale(
    "chunks without the last",
    chunked([
      [0, a],
      [1, b],
    ]),
    "cache_malformed",
  ),
  stale(
    "chunks numbered from one",
    chunked([
      [1, a],
      [2, b],
      [3, c],
    ]),
    "cache_malformed",
  ),
  stale(
    "a chunk twice",
    chunked([
      [0, a],
      [0, a],
      [1, b],
      [2, c],
    ]),
    "cache_malformed",
  ),
  stale(
    "a chunk twice, differently",
    chunked([
      [0, a],
      [1, b],
      [1, "x"],
      [2, c],
    ]),
    "ambiguous_cookies",
  ),
  stale(
    "an empty chunk at the end",
    chunked([
      [0, a],
      [1, b],
      [2, c],
      [3, ""],
    ]),
    "cache_malformed",
  ),
  ...[
    "00",
    "01",
    "+0",
    "-0",
    "-1",
    "1e1",
    "0x1",
    "1.0",
    "",
    " 0",
    "\u0660",
    "__proto__",
    "100",
    "4294967296",
    "18446744073709551616",
    "9".repeat(400),
  ].map((index) =>
    stale(
      `chunks and one numbered ${JSON.stringify(index).slice(0, 20)}`,
      chunked([
        [0, a],
        [1, b],
        [2, c],
        [index, "x"],
      ]),
      "cache_malformed",
    ),
  ),
  stale("a hundred and one chunks", chunked(parts(101)), "cache_malformed"),
  stale(
    "nine thousand chunks of nothing",
    [token, ...Array.from({ length: 3 }, (_, i) => repeat(`; ${DATA}.${i}=`, 1000))],
    "cache_malformed",
  ),
  stale("a chunk numbered 99 alone", chunked([[99, value]]), "cache_malformed"),
  stale("junk under the bare name beside good chunks", `${chunked(parts(3))}; ${DATA}=x`, "cache_malformed"),
];

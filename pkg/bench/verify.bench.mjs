// Benchmarks verify, Better Auth's getCookieCache and a minimal verifier on node:crypto in Node, the parts of a verification, and the
// longest headers. The ratios to 0.1.0, and other runtimes, are in bench.mjs.
import { getCookieCache } from "better-auth/cookies";
import { createVerifier } from "../dist/index.js";
import { getCookieCache as ourCache } from "../dist/cookies.js";
import { coreWasm } from "../dist/lib/runtime/core.js";
import { handwritten } from "./handwritten.mjs";
import { inProcess, median, rounds } from "./lib/rounds.mjs";
import { sample, secret } from "./sample.mjs";

const strategies = ["compact", "jwt", "jwe"];

/** Returns the median microseconds a call for each candidate. */
async function benchmark(candidates, settings) {
  const runs = Object.entries(candidates).map(([name, run]) => [name, inProcess(run)]);
  const times = await rounds(Object.fromEntries(runs), settings);
  return Object.fromEntries(Object.entries(times).map(([name, each]) => [name, median(each)]));
}

/** Returns a line with the microseconds of each candidate and the ratio of each to the first. */
function line(label, times) {
  const [[, ours], ...others] = Object.entries(times);
  const figures = Object.entries(times).map(([name, time]) => `${name} ${time.toFixed(1)} µs`);
  const ratios = others.map(([name, time]) => `${(time / ours).toFixed(1)} × ${name}`);
  return `${label.padEnd(24)} ${figures.join("   ")}   faster: ${ratios.join(", ")}`;
}

console.log(`Node ${process.version}, one process, interleaved rounds, medians`);
for (const strategy of strategies) {
  const { value, header } = sample(createVerifier, strategy);
  const verifier = createVerifier({ secret, session: { cookieCache: { enabled: true, strategy } }, remember: false });
  const headers = new Headers({ cookie: header });
  const byHand = handwritten(secret, strategy);
  const config = { secret, strategy, isSecure: false };
  if (verifier.verify(header).status !== "authenticated" || !byHand(header) || !(await getCookieCache(headers, config))) {
    throw new Error(`a candidate refused the ${strategy} cookie`);
  }
  const times = await benchmark({
    verify: () => verifier.verify(header),
    getCookieCache: () => getCookieCache(headers, config),
    "by hand": () => byHand(header),
  });
  console.log(line(`${strategy} (${header.length} bytes)`, times));
  const { "our getCookieCache": ours, theirs } = await benchmark({
    "our getCookieCache": () => ourCache(headers, config),
    theirs: () => getCookieCache(headers, config),
  });
  console.log(line("  cookies entry", { "our getCookieCache": ours, theirs }));
  await breakdown(strategy, header, value);
}

/** Measures the parts of a verify call. */
async function breakdown(strategy, header, value) {
  const raw = new (coreWasm.live().Verifier)(JSON.stringify({ secret, session: { cookieCache: { enabled: true, strategy } } }));
  const now = Date.now();
  const bytes = new TextEncoder().encode(header);
  const text = raw.verify(bytes, now);
  const times = await benchmark({
    "in wasm, text out": () => raw.verify(bytes, now),
    "empty call": () => raw.verify(new Uint8Array(), now),
    "open alone": () => raw.open(new TextEncoder().encode(value), now),
    "JSON.parse": () => JSON.parse(text),
  });
  console.log(
    `  ${Object.entries(times)
      .map(([name, time]) => `${name} ${time.toFixed(2)} µs`)
      .join(", ")}`,
  );
}

console.log("\nThe longest headers, 64 and 128 KiB, that a visitor without a secret can send (verify, Node)");
{
  const verifier = createVerifier({ secret, session: { cookieCache: { enabled: true } }, remember: false });
  const name = "better-auth.session_token";
  const shapes = {
    "one long value": (length) => `${name}=${"%41".repeat(length / 3 - 10)}`,
    "many cookies": (length) => "a=1; ".repeat(length / 5),
    "many of one name": (length) => `${name}=x; `.repeat(length / (name.length + 4)),
    "a long one, many short ones": (length) =>
      `${name}=${"%41".repeat(length / 6)}${`; ${name}=\\`.repeat(length / 2 / (name.length + 4))}`,
    "many chunks": (length) => Array.from({ length: length / 36 }, (_, i) => `better-auth.session_data.${i % 100}=%41`).join("; "),
  };
  for (const [shape, header] of Object.entries(shapes)) {
    const [half, whole] = [header(64 * 1024), header(128 * 1024)];
    const { one, two } = await benchmark({ one: () => verifier.verify(half), two: () => verifier.verify(whole) }, { count: 7 });
    console.log(`${shape.padEnd(28)} ${one.toFixed(0)} µs, ${two.toFixed(0)} µs: ${(two / one).toFixed(1)} × for twice the length`);
  }
}

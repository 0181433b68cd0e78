// Benchmarks verify, Better Auth's getCookieCache and a minimal verifier on node:crypto in Node, then in workerd and Chromium.
import { getCookieCache } from "better-auth/cookies";
import { createVerifier } from "../dist/index.js";
import { getCookieCache as ourCache } from "../dist/cookies.js";
import { coreWasm } from "../dist/lib/runtime/core.js";
import { handwritten } from "./handwritten.mjs";
import { line, benchmark } from "./rounds.mjs";
import { inChromium, inWorkerd } from "./runtimes.mjs";
import { sample, secret } from "./sample.mjs";

const strategies = ["compact", "jwt", "jwe"];

console.log(`Node ${process.version}, one process, interleaved rounds, medians`);
for (const strategy of strategies) {
  const { verifier, value, header } = sample(createVerifier, strategy);
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

console.log("\nLength, chunked above 3900 bytes (verify, Node)");
for (const strategy of strategies) {
  const points = [];
  for (const extra of [0, 2000, 6000, 14_000, 29_000]) {
    const { verifier, header } = sample(createVerifier, strategy, extra);
    const { verify } = await benchmark({ verify: () => verifier.verify(header) }, { rounds: 7 });
    points.push({ bytes: header.length, verify });
  }
  const figures = points.map(
    ({ bytes, verify }) => `${(bytes / 1000).toFixed(1)} kB ${verify.toFixed(0)} µs (${((verify * 1000) / bytes).toFixed(1)} ns/B)`,
  );
  console.log(`${strategy.padEnd(8)} ${figures.join("  ")}  exponent ${exponent(points).toFixed(2)}`);
}

console.log("\nThe longest headers, 64 and 128 KiB, that a visitor without a secret can send (verify, Node)");
{
  const { verifier } = sample(createVerifier, "compact");
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
    const { one, two } = await benchmark({ one: () => verifier.verify(half), two: () => verifier.verify(whole) }, { rounds: 7 });
    console.log(`${shape.padEnd(28)} ${one.toFixed(0)} µs, ${two.toFixed(0)} µs: ${(two / one).toFixed(1)} × for twice the length`);
  }
}

/** Returns the exponent of the growth, the slope on logarithmic axes: 1 is linear. */
function exponent(points) {
  const xs = points.map(({ bytes }) => Math.log(bytes));
  const ys = points.map(({ verify }) => Math.log(verify));
  const mean = (values) => values.reduce((a, b) => a + b) / values.length;
  const [mx, my] = [mean(xs), mean(ys)];
  return xs.reduce((sum, x, i) => sum + (x - mx) * (ys[i] - my), 0) / xs.reduce((sum, x) => sum + (x - mx) ** 2, 0);
}

for (const [runtime, run] of Object.entries({ workerd: inWorkerd, Chromium: inChromium })) {
  console.log(`\n${runtime}`);
  const samples = strategies.map((strategy) => ({ strategy, secret, header: sample(createVerifier, strategy).header }));
  for (const { strategy, times } of await run(samples)) console.log(line(strategy, times));
}

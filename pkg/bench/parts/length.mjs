// The time of a first sight over the length of the header, up to 40 kB, and the exponent of its growth: 1 is linear. Of each
// length the fastest turn counts, because another program would bend the line.
import { row } from "../lib/report.mjs";
import { inProcess, rounds } from "../lib/rounds.mjs";
import { sample } from "../sample.mjs";
import { inNode } from "./verify.mjs";

const EXTRA = [0, 1000, 2500, 6000, 14_000, 29_000];

/** Returns the points of the picture. */
export async function measureLength() {
  const { today, v010 } = await inNode();
  const lengths = {};
  for (const strategy of ["compact", "jwt", "jwe"]) {
    const points = [];
    for (const extra of EXTRA) {
      const { secret, header } = sample(today.createVerifier, strategy, extra);
      const options = { secret, session: { cookieCache: { enabled: true, strategy, maxAge: 86_400 } } };
      const [one, two] = [today.createVerifier({ ...options, remember: false }), v010.createVerifier(options)];
      const run = (verifier) => {
        if (verifier.verify(header).status !== "authenticated") throw new Error(`a header of ${header.length} bytes was refused`);
        return inProcess(() => verifier.verify(header));
      };
      const times = await rounds({ today: run(one), v010: run(two) }, { count: 11, millis: 15 });
      points.push({ bytes: header.length, today: Math.min(...times.today), v010: Math.min(...times.v010) });
    }
    const { bytes, today: longest } = points.at(-1);
    row({
      what: `verify, growth up to ${(bytes / 1000).toFixed(0)} kB, ${strategy}`,
      value: `${longest.toFixed(0)} µs at ${(bytes / 1000).toFixed(0)} kB`,
      beside: `0.1.0 ${points.at(-1).v010.toFixed(0)} µs, exponent ${exponent(points, "v010").toFixed(2)}`,
      ratio: exponent(points, "today"),
      unit: "exponent",
      wanted: "≤ 1.1",
    });
    lengths[strategy] = points;
  }
  return { lengths };
}

/** Returns the slope on logarithmic axes. */
function exponent(points, name) {
  const xs = points.map(({ bytes }) => Math.log(bytes));
  const ys = points.map((point) => Math.log(point[name]));
  const mean = (values) => values.reduce((one, two) => one + two) / values.length;
  const [mx, my] = [mean(xs), mean(ys)];
  return xs.reduce((sum, x, i) => sum + (x - mx) * (ys[i] - my), 0) / xs.reduce((sum, x) => sum + (x - mx) ** 2, 0);
}

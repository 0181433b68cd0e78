// Measures candidates in interleaved rounds, so that noise affects all alike.

/** Returns the median microseconds a call for each of `candidates`: functions by name, synchronous or asynchronous. */
export async function benchmark(candidates, { rounds = 15, millis = 20 } = {}) {
  const names = Object.keys(candidates);
  const calls = {};
  for (const name of names) calls[name] = await calibrate(candidates[name], millis);
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of names) times[name].push((await timed(candidates[name], calls[name])) / calls[name]);
  }
  return Object.fromEntries(names.map((name) => [name, median(times[name]) * 1000]));
}

/** Returns the milliseconds of `count` calls. */
async function timed(run, count) {
  const started = performance.now();
  for (let i = 0; i < count; i++) {
    const result = run();
    if (result instanceof Promise) await result;
  }
  return performance.now() - started;
}

/** Returns the number of calls that take `millis`, after a warm-up. */
async function calibrate(run, millis) {
  let count = 16;
  for (;;) {
    const took = await timed(run, count);
    if (took >= millis) return Math.max(1, Math.round((count * millis) / took));
    count *= 2;
  }
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

/** Returns a line with the microseconds of each candidate and the ratio of each to the first. */
export function line(label, times) {
  const [[, ours], ...others] = Object.entries(times);
  const figures = Object.entries(times).map(([name, time]) => `${name} ${time.toFixed(1)} µs`);
  const ratios = others.map(([name, time]) => `${(time / ours).toFixed(1)} × ${name}`);
  return `${label.padEnd(24)} ${figures.join("   ")}   faster: ${ratios.join(", ")}`;
}

// Timing by interleaved rounds: every contestant runs in every round, so that a slow moment hits all alike.

/** Median microseconds a call for each of `contestants` (name -> function, sync or async). */
export async function race(contestants, { rounds = 15, millis = 20 } = {}) {
  const names = Object.keys(contestants);
  const calls = {};
  for (const name of names) calls[name] = await calibrate(contestants[name], millis);
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of names) times[name].push((await timed(contestants[name], calls[name])) / calls[name]);
  }
  return Object.fromEntries(names.map((name) => [name, median(times[name]) * 1000]));
}

/** Milliseconds of `count` calls. */
async function timed(run, count) {
  const started = performance.now();
  for (let i = 0; i < count; i++) {
    const result = run();
    if (result instanceof Promise) await result;
  }
  return performance.now() - started;
}

/** As many calls as fill `millis`, after a warm-up. */
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

/** One line: microseconds of each, and how many times faster the first is than the others. */
export function line(label, times) {
  const [[, ours], ...others] = Object.entries(times);
  const figures = Object.entries(times).map(([name, time]) => `${name} ${time.toFixed(1)} µs`);
  const ratios = others.map(([name, time]) => `${(time / ours).toFixed(1)} × ${name}`);
  return `${label.padEnd(24)} ${figures.join("   ")}   faster: ${ratios.join(", ")}`;
}

// Times candidates in interleaved rounds, so that other load on the machine slows all of them alike.

/** Returns the milliseconds of `count` calls of a function, which may be asynchronous, on a clock. */
export const inProcess =
  (run, clock = performance.now.bind(performance)) =>
  async (count) => {
    const started = clock();
    for (let i = 0; i < count; i++) {
      const result = run();
      if (result instanceof Promise) await result;
    }
    return clock() - started;
  };

/** Returns the milliseconds that the processor has spent on this process, on all its threads. */
export const ownProcessorTime = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/**
 * Times `candidates`, by name functions that take a number of calls and return the milliseconds that these took. Returns for each
 * the microseconds a call of every round, in the order of the rounds. `warmUp` are the calls before. Every second round runs backwards,
 * because a candidate also pays for the garbage of the one before it.
 */
export async function rounds(candidates, { count = 15, millis = 20, warmUp = 0 } = {}) {
  const names = Object.keys(candidates);
  const calls = {};
  for (const name of names) await candidates[name](warmUp);
  for (const name of names) calls[name] = await calibrate(candidates[name], millis);
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < count; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed())
      times[name].push(((await candidates[name](calls[name])) * 1000) / calls[name]);
  }
  return times;
}

/** Returns the number of calls that take `millis`, after a warm-up. */
async function calibrate(run, millis) {
  for (let count = 16; ; count *= 2) {
    const took = await run(count);
    if (took >= millis || count >= 1e7) return Math.max(1, Math.round((count * millis) / Math.max(took, 0.01)));
  }
}

/** Returns the value below which `share` of the values lie. */
export function quantile(values, share) {
  const sorted = [...values].sort((one, two) => one - two);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

export const median = (values) => quantile(values, 0.5);

/** Returns the ratio of two candidates in each round. Its median is steadier than the ratio of the medians. */
export const ratios = (numerator, denominator) => numerator.map((value, round) => value / denominator[round]);

// Times during which this process stood still, because the machine or its own work did not let it go on.

const EVERY = 50;
const LATE = 100;
const MOST = 5000;

/** Watches this process. `list()` returns { from, to } of the stalls, in milliseconds since the epoch. */
export function watchStalls() {
  // Of a fixed size, because the memory of this process is measured.
  const times = new Float64Array(2 * MOST);
  let count = 0;
  let last = Date.now();
  let steady = performance.now();
  const timer = setInterval(() => {
    const late = performance.now() - steady - EVERY;
    if (late > LATE && count < MOST) times.set([last + EVERY, Date.now()], 2 * count++);
    last = Date.now();
    steady = performance.now();
  }, EVERY);
  timer.unref();
  return {
    list: () => Array.from({ length: count }, (_, at) => ({ from: times[2 * at], to: times[2 * at + 1] })),
    stop: () => clearInterval(timer),
  };
}

/** Returns for how many milliseconds of a period one of the processes at least stood still. */
export function stalledWithin(stalls, from, to) {
  const parts = stalls
    .map((stall) => ({ from: Math.max(from, stall.from), to: Math.min(to, stall.to) }))
    .filter((part) => part.from < part.to)
    .sort((one, two) => one.from - two.from);
  let sum = 0;
  let end = from;
  for (const part of parts) {
    sum += Math.max(0, part.to - Math.max(end, part.from));
    end = Math.max(end, part.to);
  }
  return sum;
}

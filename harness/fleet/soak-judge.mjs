// Judges a soak: sessions let in beyond the bound, errors to visitors who are signed in, and memory that grows.
import { stalledWithin } from "./stalls.mjs";

/** Milliseconds after the response to the revoking call from which no request of the session may be let in. */
export const BOUND = 1000;

/** Milliseconds that a request must have stood still, in the gate or the origin, for its error to be the machine's: half of `originTimeout`. */
const EXCUSED = 2500;

/**
 * Returns the reasons for which a soak has failed, as texts.
 *
 * figures: { letIn: [{ after }], errors: [{ sent, done, status }], stalls: [{ from, to }], memory: [{ name, limit, warmUp, samples }] }
 * with times in milliseconds and samples of { at, bytes }. `limit` is in bytes a minute; after the minutes of `warmUp` the samples
 * must last five minutes to be judged.
 */
export function failuresOf({ letIn, errors, stalls, memory }) {
  const failures = [];
  if (letIn.length > 0)
    failures.push(`${letIn.length} let in beyond the bound, ${Math.max(...letIn.map(({ after }) => after))} ms after at most`);
  const own = errors.filter((error) => !isExcused(error, stalls));
  if (own.length > 0) failures.push(`${own.length} errors to visitors who are signed in`);
  for (const { name, limit, warmUp, samples } of memory) {
    const { minutes, growth } = growthOf(samples, warmUp);
    if (minutes >= 5 && growth > limit) failures.push(`${name} grows by ${kB(growth)} kB a minute, more than ${kB(limit)}`);
  }
  return failures;
}

/** Returns whether the machine caused an error: a process stood still for long while the request was in flight. */
export function isExcused({ sent, done }, stalls) {
  return stalledWithin(stalls, sent, done) >= EXCUSED;
}

/** Fits a line to the samples after `warmUp` minutes. Returns the growth in bytes a minute, and the minutes that were judged. */
export function growthOf(samples, warmUp) {
  const used = samples.filter(({ at }) => at >= samples[0].at + warmUp * 60_000);
  if (used.length < 3) return { minutes: 0, growth: 0, from: 0, to: 0 };
  const minute = ({ at }) => (at - used[0].at) / 60_000;
  const mean = (of) => used.reduce((sum, sample) => sum + of(sample), 0) / used.length;
  const [atMean, bytesMean] = [mean(minute), mean(({ bytes }) => bytes)];
  const spread = used.reduce((sum, sample) => sum + (minute(sample) - atMean) ** 2, 0);
  const growth = used.reduce((sum, sample) => sum + (minute(sample) - atMean) * (sample.bytes - bytesMean), 0) / spread;
  const bytes = used.map((sample) => sample.bytes);
  return { minutes: minute(used.at(-1)), growth, from: Math.min(...bytes), to: Math.max(...bytes) };
}

const kB = (bytes) => (bytes / 1000).toFixed(1);

// Compares two libraries that verify the same cookie in this tab, in alternating batches.

import { core } from "./core.js";

export const TIMES = 1000;
const BATCH = 20;
/** Untimed calls of each library: engines recompile hot JavaScript and WebAssembly code. */
const WARM_UP = 300;

/** Calls `progress(done)` after each round. Resolves to { ours: [], theirs: [] }: microseconds a call, one number a round. */
export async function benchmark(cookie, secret, strategy, progress) {
  const [{ createVerifier }, { getCookieCache }] = await Promise.all([core(), loadHelper()]);

  // #snippet Alternating batches
  const verifier = createVerifier({
    secret,
    session: { cookieCache: { enabled: true, strategy } },
  });
  const headers = new Headers({ cookie });

  const runners = {
    ours: () => verifier.verify(headers),
    theirs: () => getCookieCache(headers, { secret, strategy, isSecure: false }),
  };

  const timed = async (run) => {
    const started = performance.now();
    for (let i = 0; i < BATCH; i++) await run();
    return ((performance.now() - started) * 1000) / BATCH; // µs
  };
  // #end

  if (runners.ours().status !== "authenticated" || !(await runners.theirs())) throw new Error("The cookie has expired.");
  for (let i = 0; i < WARM_UP; i += BATCH) for (const run of Object.values(runners)) await timed(run);
  const times = { ours: [], theirs: [] };
  for (let done = BATCH; done <= TIMES; done += BATCH) {
    for (const name of Object.keys(runners)) times[name].push(await timed(runners[name]));
    progress(done);
    await new Promise((resolve) => setTimeout(resolve)); // keeps the page responsive
  }
  return times;
}

let failures = 0;

/** Loads Better Auth's `getCookieCache` on first use. Browsers cache a failed import, so each further attempt uses another URL. */
function loadHelper() {
  // Without this zod probes for `eval`, which the content security policy reports as a violation.
  globalThis.__zod_globalConfig ??= { jitless: true };
  return import(`/libraries/better-auth-cookies.js${failures ? `?attempt=${failures}` : ""}`).catch((error) => {
    failures += 1;
    throw error;
  });
}

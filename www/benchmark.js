// The same cookie, verified by two libraries in this tab, turn by turn.

import { core } from "./core.js";

export const TIMES = 1000;
const BATCH = 20;
/** Calls of each before any is timed: engines compile what runs often anew, JavaScript and WebAssembly alike. */
const WARM_UP = 300;

/** `progress(done)` hears of every round. Resolves to microseconds a call, one figure a round: { ours: [], theirs: [] }. */
export async function benchmark(cookie, secret, strategy, progress) {
  const [{ createVerifier }, { getCookieCache }] = await Promise.all([core(), helper()]);

  // #snippet Turn by turn
  const verifier = createVerifier({
    secret, session: { cookieCache: { enabled: true, strategy } },
  });
  const headers = new Headers({ cookie });

  const runners = {
    ours: () => verifier.verify(headers),
    theirs: () =>
      getCookieCache(headers, { secret, strategy, isSecure: false }),
  };

  const timed = async (run) => {
    const began = performance.now();
    for (let i = 0; i < BATCH; i++) await run();
    return ((performance.now() - began) * 1000) / BATCH;   // µs
  };
  // #end

  if (runners.ours().status !== "authenticated" || !(await runners.theirs())) throw new Error("The cookie has lapsed: run it again.");
  for (let i = 0; i < WARM_UP; i += BATCH) for (const run of Object.values(runners)) await timed(run);
  const times = { ours: [], theirs: [] };
  for (let done = BATCH; done <= TIMES; done += BATCH) {
    for (const name of Object.keys(runners)) times[name].push(await timed(runners[name]));
    progress(done);
    await new Promise((resolve) => setTimeout(resolve)); // the page stays alive
  }
  return times;
}

let tries = 0;

/** Better Auth's own reader, loaded when it is first needed. A browser remembers a module that failed, so another try has another name. */
function helper() {
  // What checks its payloads would try whether the page allows `eval`, and be reported for it.
  globalThis.__zod_globalConfig ??= { jitless: true };
  return import(`/libraries/better-auth-cookies.js${tries ? `?try=${tries}` : ""}`).catch((error) => {
    tries += 1;
    throw error;
  });
}

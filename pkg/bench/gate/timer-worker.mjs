// Measures the time of gate calls inside a Worker.
//
// workerd's clock has a resolution of milliseconds, so another process writes microseconds into a page of the Worker's
// memory (see clock.mjs). A measurement starts with a change of that clock and ends with the second change after the call,
// because the first value may have been taken before the call ended. A clock that pauses therefore makes a call appear
// longer, never shorter. An empty call is measured beside each gate call to show the overhead of the measurement. All
// samples are included, and the overhead is not subtracted.
import { env } from "cloudflare:workers";
import { createSessionGate } from "better-session/edge";

const gate = createSessionGate(env.OPTIONS);
const page = new WebAssembly.Memory({ initial: 1 }).buffer;
const clock = new Int32Array(page, 0, 1);

export default {
  async fetch(request, env, ctx) {
    const { searchParams } = new URL(request.url);
    const marker = searchParams.get("marker");
    if (marker === null) return Response.json(await measureAll(request, ctx, Number(searchParams.get("samples"))));
    new Uint8Array(page).set(marker.match(/../g).map((byte) => Number.parseInt(byte, 16)));
    return new Response("marked");
  },
};

async function measureAll(request, ctx, samples) {
  const newRequest = () => new Request("http://app.example/api/auth/get-session", { headers: request.headers });
  for (let i = 0; i < 2000; i++) await gate.fetch(newRequest(), ctx);
  const candidates = {
    empty: async () => {},
    call: async (request) => {
      const response = await gate.fetch(request, ctx);
      if (response.status !== 200) throw new Error(`answered ${response.status}`);
    },
  };
  const times = { empty: [], call: [] };
  for (let i = 0; i < samples; i++) {
    for (const [name, call] of Object.entries(candidates)) times[name].push(await measure(newRequest(), call));
  }
  return { empty: summary(times.empty), call: summary(times.call) };
}

/** Returns the time of a call in milliseconds. */
async function measure(request, call) {
  const started = tick();
  await call(request);
  tick();
  return ((tick() - started) | 0) / 1000;
}

/** Waits for the next change of the clock and returns it, in microseconds. */
function tick() {
  const from = Atomics.load(clock, 0);
  for (let reads = 0; reads < 1e9; reads++) {
    const now = Atomics.load(clock, 0);
    if (now !== from) return now;
  }
  throw new Error("the clock stands still");
}

function summary(times) {
  const sorted = times.toSorted((one, two) => one - two);
  const part = (share) => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
  return { p50: part(0.5), p99: part(0.99), max: part(1) };
}

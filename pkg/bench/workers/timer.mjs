// Measures the time of gate calls of both builds inside a Worker, one after the other in turns.
//
// workerd's clock has a resolution of milliseconds, so another process writes microseconds into a page of the Worker's
// memory (see gate/clock.mjs). A measurement starts with a change of that clock and ends with the second change after the call,
// because the first value may have been taken before the call ended. A clock that pauses therefore makes a call appear
// longer, never shorter. An empty call is measured beside the others to show the overhead of the measurement. All samples are
// included, and the overhead is not subtracted from them.
import { env } from "cloudflare:workers";
import { createSessionGate } from "today/edge";
import { createSessionGate as v010Gate } from "v010/edge";

/** Microseconds after which no further samples are taken. */
const LIMIT = 40_000_000;

const page = new WebAssembly.Memory({ initial: 1 }).buffer;
const clock = new Int32Array(page, 0, 1);
const gates = { today: createSessionGate(env.OPTIONS), v010: v010Gate(env.OPTIONS) };
const hello = (_request, { user }) => new Response(`Hello ${user.name}`);

export default {
  async fetch(request, env, ctx) {
    const { searchParams } = new URL(request.url);
    const marker = searchParams.get("marker");
    if (marker === null) return Response.json(await measureAll(request, ctx, Number(searchParams.get("samples"))));
    new Uint8Array(page).set(marker.match(/../g).map((byte) => Number.parseInt(byte, 16)));
    return new Response("marked");
  },
};

async function measureAll({ headers }, ctx, samples) {
  const call = (gate, path, next) => ({
    request: () => new Request(`http://app.example${path}`, { headers }),
    run: async (request) => {
      const response = await gate.fetch(request, ctx, next);
      if (response.status !== 200) throw new Error(`answered ${response.status}`);
    },
  });
  const candidates = {
    empty: { request: () => new Request("http://app.example/", { headers }), run: async () => {} },
    "v010 get-session": call(gates.v010, "/api/auth/get-session"),
    "today get-session": call(gates.today, "/api/auth/get-session"),
    "v010 page": call(gates.v010, "/page", hello),
    "today page": call(gates.today, "/page", hello),
  };
  const times = Object.fromEntries(Object.keys(candidates).map((name) => [name, []]));
  const began = tick();
  for (let i = -200; i < samples; i++) {
    if (i > 200 && ((tick() - began) | 0) > LIMIT) break; // a clock that other programs keep from running
    for (const [name, { request, run }] of Object.entries(candidates)) {
      const took = await measure(request(), run);
      if (i >= 0) times[name].push(took);
    }
  }
  return times;
}

/** Returns the time of a call in microseconds. */
async function measure(request, call) {
  const started = tick();
  await call(request);
  tick();
  return (tick() - started) | 0;
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

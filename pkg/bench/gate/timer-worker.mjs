// A stopwatch around the gate, inside a Worker.
//
// workerd's clock shows whole milliseconds, so another process writes microseconds into a page of the Worker's memory
// (see clock.mjs). A measurement starts when that clock moves and ends when it has moved twice after the call: what was
// written first may have been read off before the call ended, what was written next was not. So a clock that stands still
// for a while makes a call look longer, never shorter. An empty call is measured beside each call of the gate: what it
// takes is the stopwatch and the machine. No sample is left out and nothing is subtracted.
import { env } from "cloudflare:workers";
import { createSessionGate } from "better-session/edge";

const gate = createSessionGate(env.OPTIONS);
const page = new WebAssembly.Memory({ initial: 1 }).buffer;
const clock = new Int32Array(page, 0, 1);

export default {
  async fetch(request, env, ctx) {
    const { searchParams } = new URL(request.url);
    const marker = searchParams.get("marker");
    if (marker === null) return Response.json(await inside(request, ctx, Number(searchParams.get("samples"))));
    new Uint8Array(page).set(marker.match(/../g).map((byte) => Number.parseInt(byte, 16)));
    return new Response("marked");
  },
};

async function inside(request, ctx, samples) {
  const asked = () => new Request("http://app.example/api/auth/get-session", { headers: request.headers });
  for (let i = 0; i < 2000; i++) await gate.fetch(asked(), ctx);
  const contestants = {
    nothing: async () => {},
    call: async (request) => {
      const response = await gate.fetch(request, ctx);
      if (response.status !== 200) throw new Error(`answered ${response.status}`);
    },
  };
  const times = { nothing: [], call: [] };
  for (let i = 0; i < samples; i++) {
    for (const [name, call] of Object.entries(contestants)) times[name].push(await measure(asked(), call));
  }
  return { nothing: summary(times.nothing), call: summary(times.call) };
}

/** Milliseconds. */
async function measure(request, call) {
  const started = tick();
  await call(request);
  tick();
  return ((tick() - started) | 0) / 1000;
}

/** Microseconds, as the clock has just moved. */
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

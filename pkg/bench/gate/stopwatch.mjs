// A stopwatch around the gate, inside a Worker.
//
// workerd's clock shows whole milliseconds. So a measurement starts on the edge of a millisecond, and after the call the
// Worker spins to the next edge and counts how often it could read the clock until then. How many reads fill a
// millisecond changes with what the machine does, so it is counted in the three milliseconds before each call, and the
// most that fitted is taken for it, which rather makes a call look longer, as an interrupted spin does. An
// empty call is measured beside each call of the gate: what it takes is the stopwatch and the machine. No sample is left
// out and nothing is subtracted. (On Cloudflare the clock stands still between I/O; local workerd's runs.)
import { env } from "cloudflare:workers";
import { createSessionGate } from "better-session/edge";

const gate = createSessionGate(env.OPTIONS);

export default { fetch: (request, env, ctx) => inside(request, ctx) };

async function inside(request, ctx) {
  const samples = Number(new URL(request.url).searchParams.get("samples"));
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
  return Response.json({ nothing: summary(times.nothing), call: summary(times.call) });
}

async function measure(request, call) {
  edge();
  const perMilli = Math.max(edge().reads, edge().reads, edge().reads);
  const started = edge().at;
  await call(request);
  const { at, reads } = edge();
  return at - started - reads / perMilli;
}

function summary(times) {
  const sorted = times.toSorted((one, two) => one - two);
  const part = (share) => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
  return { p50: part(0.5), p99: part(0.99), max: part(1) };
}

/** Reads the clock until it jumps. */
function edge() {
  const from = performance.now();
  let reads = 0;
  let at = from;
  while (at === from) {
    at = performance.now();
    reads += 1;
  }
  return { at, reads };
}

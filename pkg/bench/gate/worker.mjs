// The gate as a Worker's handler, and a stopwatch inside the Worker.
//
// workerd's clock shows whole milliseconds. So a measurement starts on the edge of a millisecond, and after the call the
// Worker spins to the next edge and counts how often it could read the clock until then: how many reads fill a
// millisecond is measured beforehand, and the most that fit are taken for it. A spin that is interrupted counts too few
// reads and makes the call look longer, not shorter. (On Cloudflare the clock stands still between I/O; local workerd's runs.)
import { env } from "cloudflare:workers";
import { createSessionGate } from "better-session/edge";

const gate = createSessionGate(env.OPTIONS);

export default {
  fetch(request, env, ctx) {
    return new URL(request.url).pathname === "/bench/inside" ? inside(request, ctx) : gate.fetch(request, env, ctx);
  },
};

async function inside(request, ctx) {
  const samples = Number(new URL(request.url).searchParams.get("samples"));
  const asked = () => new Request("http://app.example/api/auth/get-session", { headers: request.headers });
  for (let i = 0; i < 2000; i++) await gate.fetch(asked(), ctx);
  const perMilli = readsPerMilli();
  const call = async (request) => {
    const response = await gate.fetch(request, ctx);
    if (response.status !== 200) throw new Error(`answered ${response.status}`);
  };
  return Response.json({ nothing: await measure(samples, perMilli, asked, async () => {}), call: await measure(samples, perMilli, asked, call) });
}

async function measure(samples, perMilli, prepare, call) {
  const times = [];
  for (let i = 0; i < samples; i++) {
    const request = prepare();
    const started = edge().at;
    await call(request);
    const { at, reads } = edge();
    times.push(Math.max(0, at - started - reads / perMilli));
  }
  times.sort((one, two) => one - two);
  const part = (share) => times[Math.min(samples - 1, Math.ceil(share * samples) - 1)];
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

function readsPerMilli() {
  const counts = [];
  edge();
  for (let i = 0; i < 400; i++) counts.push(edge().reads);
  counts.sort((one, two) => one - two);
  return counts[Math.floor(counts.length * 0.95)];
}

// One browser plays two devices. What is below /gate/laptop/… and /gate/phone/… is the same Worker with the same cookies' names, but
// each has its own `Path`, so the browser keeps two jars that never mix. /plain/… is a third and a fourth, for the lane without revocation.

import { PHONE } from "./agents.js";

const LANE = /^\/(gate|plain)\/(laptop|phone)\/(compact|jwt|jwe)(?=\/)/;
const ENTERS = /\/api\/auth\/(sign-in|sign-up|sign-out)\b/;

export default {
  async fetch(request, env) {
    const lane = LANE.exec(new URL(request.url).pathname);
    if (!lane) return Response.json({ code: "NOT_FOUND", message: "No such lane, device or cookie format." }, { status: 404 });
    const [prefix, kind, device, strategy] = lane;
    const worker = kind === "plain" ? env.PLAIN : device === "laptop" ? env.EDGE_1 : env.EDGE_2;
    const response = await worker.fetch(asDevice(request, prefix, device, strategy));
    const answer = request.headers.has("x-demo-envelope") ? await enveloped(response) : response;
    return intoJars(answer, kind, device, ENTERS.test(request.url));
  },
};

/** The request as that device would send it to a site of its own. */
function asDevice(request, prefix, device, strategy) {
  const url = new URL(request.url);
  url.pathname = url.pathname.slice(prefix.length);
  const headers = new Headers(request.headers);
  headers.set("x-demo-strategy", strategy);
  if (device === "phone") headers.set("user-agent", PHONE);
  const { method, body } = request;
  return new Request(url, { method, headers, body, redirect: "manual" });
}

/** The page asks many times whether a device is refused, and a browser would write every refusal into its console as an error. */
async function enveloped(response) {
  const { status, headers } = response;
  const body = await response.json();
  const kept = new Headers({ "cache-control": "private, no-store" });
  for (const cookie of headers.getSetCookie()) kept.append("set-cookie", cookie);
  return Response.json({ status, body }, { headers: kept });
}

/** Cookies go into the jar of the lane that answered; signing in and out fills and empties both jars of the device. */
function intoJars(response, kind, device, both) {
  const headers = new Headers(response.headers);
  headers.delete("set-cookie");
  for (const cookie of response.headers.getSetCookie()) {
    for (const jar of both ? ["gate", "plain"] : [kind]) {
      headers.append("set-cookie", cookie.replace(/;\s*path=\/(?=;|$)/i, `; Path=/${jar}/${device}`));
    }
  }
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}

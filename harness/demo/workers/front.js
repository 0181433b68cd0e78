// One browser plays two devices. What is below /gate/laptop/… and /gate/phone/… is the same Worker with the same cookies' names, but
// each has its own `Path`, so the browser keeps two jars that never mix. /plain/… is a third and a fourth, for the lane without revocation.

import { PHONE } from "./agents.js";

const LANE = /^\/(gate|plain)\/(laptop|phone)\/(compact|jwt|jwe)(?=\/)/;
const ENTERS = /\/api\/auth\/(sign-in|sign-up|sign-out)\b/;

export default {
  async fetch(request, env) {
    const lane = LANE.exec(new URL(request.url).pathname);
    if (!lane) return env.PAGE.fetch(request);
    const [prefix, kind, device, strategy] = lane;
    const worker = kind === "plain" ? env.PLAIN : device === "laptop" ? env.EDGE_1 : env.EDGE_2;
    const response = await worker.fetch(asDevice(request, prefix, device, strategy));
    return intoJars(response, kind, device, ENTERS.test(request.url));
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

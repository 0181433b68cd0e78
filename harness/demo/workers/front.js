// Simulates two devices in one browser. The cookies of /gate/laptop/… and /gate/phone/… have the same names but different `Path`
// attributes, so the browser keeps them apart. /plain/… does the same for the site without a gate.

import { PHONE } from "./agents.js";

const DEVICE_PATH = /^\/(gate|plain)\/(laptop|phone)\/(compact|jwt|jwe)(?=\/)/;
const SIGN_IN_OR_OUT = /\/api\/auth\/(sign-in|sign-up|sign-out)\b/;

export default {
  async fetch(request, env) {
    const match = DEVICE_PATH.exec(new URL(request.url).pathname);
    if (!match) return Response.json({ code: "NOT_FOUND", message: "Unknown server, device or cookie format." }, { status: 404 });
    const [prefix, site, device, strategy] = match;
    const worker = site === "plain" ? env.PLAIN : device === "laptop" ? env.EDGE_1 : env.EDGE_2;
    const response = await worker.fetch(toDeviceRequest(request, prefix, device, strategy));
    const wrapped = request.headers.has("x-demo-envelope") ? await wrapResponse(response) : response;
    return scopeCookies(wrapped, site, device, SIGN_IN_OR_OUT.test(request.url));
  },
};

/** Returns the request as the device would send it to a site of its own. */
function toDeviceRequest(request, prefix, device, strategy) {
  const url = new URL(request.url);
  url.pathname = url.pathname.slice(prefix.length);
  const headers = new Headers(request.headers);
  headers.set("x-demo-strategy", strategy);
  if (device === "phone") headers.set("user-agent", PHONE);
  const { method, body } = request;
  return new Request(url, { method, headers, body, redirect: "manual" });
}

/** Wraps the status and the body in a 200 response: browsers log each 4xx response to the console. */
async function wrapResponse(response) {
  const { status, headers } = response;
  const body = await response.json();
  const kept = new Headers({ "cache-control": "private, no-store" });
  for (const cookie of headers.getSetCookie()) kept.append("set-cookie", cookie);
  return Response.json({ status, body }, { headers: kept });
}

/** Limits the `Path` of the cookies to the device and the site that set them; sign-in and sign-out set them for both sites of the device. */
function scopeCookies(response, site, device, both) {
  const headers = new Headers(response.headers);
  headers.delete("set-cookie");
  for (const cookie of response.headers.getSetCookie()) {
    for (const target of both ? ["gate", "plain"] : [site]) {
      headers.append("set-cookie", cookie.replace(/;\s*path=\/(?=;|$)/i, `; Path=/${target}/${device}`));
    }
  }
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}

// The status line of a device: sends a request to the site behind the gate once a second and shows the response.

import { h } from "./dom.js";

const INTERVAL_MS = 1000;

/** Creates the status line. Calls `onResponse` for each response while the poller runs. */
export function createPoller(getDevice, onResponse) {
  const dot = h("span.dot", { "aria-hidden": "true" });
  const text = h("span", {}, "no request yet");
  const element = h("p.poller", {}, dot, h("code", {}, "GET /api/me"), text);
  let running = false;
  let timer;

  async function once() {
    const device = getDevice();
    const response = await device.request();
    if (device !== getDevice()) return response;
    dot.className = `dot ${response.allowed === null ? "none" : response.allowed ? "in" : "out"}`;
    text.textContent = describe(response);
    return response;
  }

  async function poll() {
    clearTimeout(timer);
    if (!running) return;
    if (document.visibilityState === "visible" && navigator.onLine) {
      const response = await once();
      if (running) onResponse(response);
    }
    if (running) timer = setTimeout(poll, INTERVAL_MS);
  }

  return {
    element,
    once,
    run(on) {
      if (on === running) return;
      running = on;
      poll();
    },
  };
}

function describe({ status, allowed, body, ms }) {
  if (allowed === null) return "no response";
  const time = `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
  if (!allowed) return `${status}, refused · ${time}`;
  const { verdict } = body;
  return `${status}, allowed · ${verdict.status === "authenticated" ? "by the cookie alone" : `by the server: ${verdict.reason}`} · ${time}`;
}

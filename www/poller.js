// The line below a device: once a second it asks the site behind the gate, and says how that went.

import { h } from "./dom.js";

const EVERY_MS = 1000;

/** `heard` is told of every answer to a device that is signed in. */
export function createPoller(getDevice, heard) {
  const dot = h("span.dot", { "aria-hidden": "true" });
  const text = h("span", {}, "not asked yet");
  const element = h("p.poller", {}, dot, h("code", {}, "GET /api/me"), text);
  let running = false;
  let timer;

  async function once() {
    const device = getDevice();
    const answer = await device.ask();
    if (device !== getDevice()) return answer;
    dot.className = `dot ${answer.letIn === null ? "none" : answer.letIn ? "in" : "out"}`;
    text.textContent = describe(answer);
    return answer;
  }

  async function beat() {
    clearTimeout(timer);
    if (!running) return;
    if (document.visibilityState === "visible" && navigator.onLine) {
      const answer = await once();
      if (running) heard(answer);
    }
    if (running) timer = setTimeout(beat, EVERY_MS);
  }

  return {
    element,
    once,
    run(on) {
      if (on === running) return;
      running = on;
      beat();
    },
  };
}

function describe({ status, letIn, body, ms }) {
  if (letIn === null) return "no answer";
  const time = `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
  if (!letIn) return `${status}, refused · ${time}`;
  const { said } = body;
  return `${status}, let in · ${said.status === "authenticated" ? "the cookie said so" : `server asked: ${said.reason}`} · ${time}`;
}

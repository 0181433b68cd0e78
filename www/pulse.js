// The line below a device: once a second it asks the site behind the gate, and says how that went.

import { h } from "./dom.js";

const EVERY_MS = 1000;

/** `refused` is called when a device that thinks it is signed in is not let in any more. */
export function createPulse(getDevice, refused) {
  const dot = h("span.dot", { "aria-hidden": "true" });
  const text = h("span", {}, "Not asked yet");
  const element = h("p.pulse", {}, dot, h("code", {}, "GET /api/me"), text);
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
      const { status } = await once();
      if (running && status === 401) refused();
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

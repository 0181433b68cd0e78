// The revocation panel: starts the experiment, revokes the phone's session and shows what was measured.

import { announce, explain, h, whileBusy } from "./dom.js";
import { ensureBothSignedIn } from "./ensure-signed-in.js";
import { startExperiment } from "./experiment.js";
import { createTimeline } from "./timeline.js";

const ROWS = [
  { id: "plain", title: "Cookie cache alone", subtitle: "a server that calls Better Auth’s getCookieCache" },
  { id: "gate", title: "better-session", subtitle: "the same server’s cookie, behind the gate" },
];
/** The experiment goes on for a moment after the last server refused, so that the end is visible. */
const EPILOGUE_MS = 1500;
const GIVE_UP_S = 15;

/** Creates the panel. `demo` is the shared EventTarget with the two device views; `config.cacheSeconds` the lifetime of a cached session. */
export function createExperimentView(demo, config) {
  const timeline = createTimeline(ROWS, config.cacheSeconds);
  const start = h("button.primary", { type: "button", onclick: () => whileBusy(start, begin) }, "Start requests");
  const revoke = h(
    "button.primary.danger",
    { type: "button", hidden: true, onclick: () => whileBusy(revoke, revokePhone) },
    "Revoke the phone",
  );
  const hint = h("p.hint", {}, "Signs in both devices if necessary, then sends four requests a second from the phone to each server.");
  document.getElementById("experiment").append(h("div.toolbar", {}, start, revoke, hint), timeline.element);

  let run = null;

  demo.addEventListener("strategy", () => finish("The cookie’s format was changed: start again."));
  demo.addEventListener("sessions", ({ detail }) => {
    if (detail.what === "signed in" && run?.revoked) finish("A device signed in again, so this run ends here.");
  });

  async function begin() {
    finish("");
    const error = await ensureBothSignedIn(demo.laptop, demo.phone);
    if (error) return (hint.textContent = explain(error));
    timeline.clear();
    timeline.showRevocation(false);
    const { laptop, phone } = demo;
    run = { zero: performance.now(), revoked: null, servers: { plain: newTally(), gate: newTally() } };
    run.experiment = startExperiment(laptop.device, phone.device, phone.signedIn.session, record.bind(null, run));
    start.hidden = true;
    revoke.hidden = false;
    revoke.focus();
    hint.textContent = "Both servers allow the phone. Now revoke its session and see which server notices.";
    announce(hint.textContent);
  }

  async function revokePhone() {
    const current = run;
    for (const tally of Object.values(current.servers)) tally.firstRefusal = null;
    const { error, sent, returned } = await current.experiment.revoke();
    if (run !== current) return;
    if (error)
      return (hint.textContent =
        error.code === "SESSION_NOT_FRESH"
          ? "The laptop’s sign-in is too old to revoke a session. Sign in again in the panel above."
          : explain(error));
    timeline.move((returned - current.zero) / 1000);
    Object.assign(current, { zero: returned, revoked: returned });
    for (const tally of Object.values(current.servers)) tally.refused = tally.firstRefusal !== null;
    timeline.showRevocation(true);
    revoke.hidden = true;
    start.hidden = false;
    start.textContent = "Start over";
    hint.textContent = `Revoked: the server answered after ${Math.round(returned - sent)} ms. The requests continue.`;
    demo.dispatchEvent(new CustomEvent("sessions", { detail: { by: "laptop", what: "revoked", at: returned } }));
    tick(current);
  }

  /** Adds a response to the chart. Before the revocation the strokes move to the left; afterwards time runs to the right. */
  function record(current, id, { began, allowed }) {
    if (run !== current) return;
    const tally = current.servers[id];
    if (current.revoked === null) {
      const now = performance.now();
      if (allowed === false) tally.firstRefusal ??= began;
      timeline.move((now - current.zero) / 1000);
      current.zero = now;
      timeline.addStroke(id, (began - now) / 1000, allowed);
      return timeline.setState(
        id,
        allowed === null ? "…" : allowed ? "in" : "out",
        allowed === null ? "no response" : allowed ? "the phone is allowed" : "refused",
        allowed ? "good" : "bad",
      );
    }
    const at = (began - current.zero) / 1000;
    if (timeline.inView(at)) timeline.addStroke(id, at, allowed);
    if (allowed && at > 0) {
      tally.allowed += 1;
      tally.last = at;
    }
    if (allowed === false) tally.refused = true;
  }

  /** Updates the figures ten times a second and ends the run after both servers have refused. */
  function tick(current) {
    if (run !== current) return;
    const seconds = (performance.now() - current.zero) / 1000;
    for (const [id, tally] of Object.entries(current.servers)) {
      const span = tally.refused ? tally.last : seconds;
      timeline.setBand(id, Math.min(span, config.cacheSeconds + 4));
      timeline.setState(
        id,
        `${span.toFixed(1)} s`,
        tally.refused ? "allowed after the revocation" : `revoked, still allowed: ${requests(tally.allowed)}`,
        id === "gate" && tally.refused ? "good" : span > 1 ? "bad" : "",
      );
      if (tally.refused && !tally.announced) {
        tally.announced = true;
        announce(
          `${ROWS.find((row) => row.id === id).title}: allowed for ${span.toFixed(1)} seconds after the revocation, refused since then.`,
        );
      }
    }
    const over = Object.values(current.servers).every(({ refused }) => refused);
    if (over) return setTimeout(() => run === current && conclude(current), EPILOGUE_MS);
    if (seconds > config.cacheSeconds + GIVE_UP_S) return finish("A server did not refuse in time. Start over.");
    setTimeout(tick, 100, current);
  }

  function conclude(current) {
    finish("");
    const { plain, gate } = current.servers;
    hint.textContent = `Done: after the revocation the cookie cache allowed ${requests(plain.allowed)}, the gate ${gate.allowed}. With Better Auth’s default of 300 s the first server would have allowed requests for five minutes.`;
    announce(hint.textContent);
    Object.assign(timeline.element.dataset, { plainLast: plain.last, gateLast: gate.last });
  }

  function finish(text) {
    if (!run) return;
    run.experiment.stop();
    run = null;
    revoke.hidden = true;
    start.hidden = false;
    start.textContent = "Start over";
    if (text) hint.textContent = text;
  }
}

const requests = (count) => `${count} ${count === 1 ? "request" : "requests"}`;
const newTally = () => ({ allowed: 0, last: 0, firstRefusal: null, refused: false, announced: false });

// The panel of the two lanes: starts the asking, revokes, and says what was measured.

import { announce, explain, h, whileBusy } from "./dom.js";
import { enterBoth } from "./ensure-signed-in.js";
import { startExperiment } from "./experiment.js";
import { createTimeline } from "./timeline.js";

const LANES = [
  { id: "plain", title: "Cookie cache alone", subtitle: "a server that calls Better Auth’s getCookieCache" },
  { id: "gate", title: "better-session", subtitle: "the same server’s cookie, behind the gate" },
];
/** Both lanes go on for a moment after the last one refused, so that the end is seen. */
const EPILOGUE_MS = 1500;
const GIVE_UP_S = 15;

/** `stage` has the two device views and tells of changes; `facts` says how long a cached copy lives. */
export function createExperimentView(stage, facts) {
  const timeline = createTimeline(LANES, facts.cacheSeconds);
  const start = h("button.primary", { type: "button", onclick: () => whileBusy(start, begin) }, "Start asking");
  const revoke = h("button.primary.danger", { type: "button", hidden: true, onclick: () => whileBusy(revoke, end) }, "Revoke the phone");
  const hint = h("p.hint", {}, "");
  const idle = "Signs both devices in, if they are not yet, and lets the phone ask both servers four times a second.";
  document.getElementById("experiment").append(h("div.toolbar", {}, start, revoke, hint), timeline.element);
  hint.textContent = idle;

  let run = null;

  stage.addEventListener("strategy", () => finish("The cookie’s format was changed: start again."));
  stage.addEventListener("sessions", ({ detail }) => { if (detail.what === "signed in" && run?.revoked) finish("A device signed in again, so this run ends here."); });

  async function begin() {
    finish("");
    const problem = await enterBoth(stage.laptop, stage.phone);
    if (problem) return (hint.textContent = explain(problem));
    timeline.clear();
    timeline.marked(false);
    const { laptop, phone } = stage;
    run = { zero: performance.now(), revoked: null, lanes: { plain: lane(), gate: lane() } };
    run.experiment = startExperiment(laptop.device, phone.device, phone.signedIn.session, hear.bind(null, run));
    start.hidden = true;
    revoke.hidden = false;
    revoke.focus();
    hint.textContent = "Both let the phone in. Now revoke it, and watch which one notices.";
    announce(hint.textContent);
  }

  async function end() {
    const current = run;
    for (const one of Object.values(current.lanes)) one.out = null;
    const { error, sent, returned } = await current.experiment.revoke();
    if (run !== current) return;
    if (error) return (hint.textContent = error.code === "SESSION_NOT_FRESH" ? "The laptop’s sign-in is too old to revoke anything. Sign in again in the panel above." : explain(error));
    timeline.move((returned - current.zero) / 1000);
    Object.assign(current, { zero: returned, revoked: returned });
    for (const one of Object.values(current.lanes)) one.refused = one.out !== null;
    timeline.marked(true);
    revoke.hidden = true;
    start.hidden = false;
    start.textContent = "Start over";
    hint.textContent = `Revoked: the server answered after ${Math.round(returned - sent)} ms. The rest is up to the lanes.`;
    stage.dispatchEvent(new CustomEvent("sessions", { detail: { by: "laptop", what: "revoked", at: returned } }));
    tick(current);
  }

  /** An answer came. Before the revocation everything moves to the left, after it time runs to the right. */
  function hear(current, id, { began, letIn }) {
    if (run !== current) return;
    const own = current.lanes[id];
    if (current.revoked === null) {
      const now = performance.now();
      if (letIn === false) own.out ??= began;
      timeline.move((now - current.zero) / 1000);
      current.zero = now;
      timeline.stroke(id, (began - now) / 1000, letIn);
      return timeline.say(id, letIn === null ? "…" : letIn ? "in" : "out", letIn === null ? "no answer" : letIn ? "the phone is let in" : "refused", letIn ? "good" : "bad");
    }
    const at = (began - current.zero) / 1000;
    if (timeline.inView(at)) timeline.stroke(id, at, letIn);
    if (letIn && at > 0) {
      own.letIn += 1;
      own.last = at;
    }
    if (letIn === false) own.refused = true;
  }

  /** Says how it stands, and ends the run when both have refused. */
  function tick(current) {
    if (run !== current) return;
    const seconds = (performance.now() - current.zero) / 1000;
    for (const [id, own] of Object.entries(current.lanes)) {
      const span = own.refused ? own.last : seconds;
      timeline.band(id, Math.min(span, facts.cacheSeconds + 4));
      timeline.say(id, `${span.toFixed(1)} s`, own.refused ? "let in after the revocation" : `revoked, and still let in: ${requests(own.letIn)}`, id === "gate" && own.refused ? "good" : span > 1 ? "bad" : "");
      if (own.refused && !own.told) {
        own.told = true;
        announce(`${LANES.find((one) => one.id === id).title}: let in for ${span.toFixed(1)} seconds after the revocation, refused since.`);
      }
    }
    const over = Object.values(current.lanes).every(({ refused }) => refused);
    if (over) return setTimeout(() => run === current && conclude(current), EPILOGUE_MS);
    if (seconds > facts.cacheSeconds + GIVE_UP_S) return finish("No refusal came in time. Start over.");
    setTimeout(tick, 100, current);
  }

  function conclude(current) {
    finish("");
    const { plain, gate } = current.lanes;
    hint.textContent = `Done: after the revocation the cookie cache let ${requests(plain.letIn)} in, the gate ${gate.letIn}. With Better Auth’s default of 300 s the first lane would have gone on for five minutes.`;
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
const lane = () => ({ letIn: 0, last: 0, out: null, refused: false, told: false });

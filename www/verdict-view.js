// A verdict as a card: what it is, why, what follows from it, and what the Worker said of the same cookie.

import { announce, h } from "./dom.js";
import { CONSEQUENCES, REASONS } from "./reasons.js";

export function createVerdictView() {
  const status = h("p.status", {}, "–");
  const reason = h("p.reason", {}, "");
  const follows = h("p.fine", {}, "");
  const tab = h("dd", {}, "–");
  const worker = h("dd", {}, "–");
  const element = h("section.verdict", { "aria-label": "Verdict" },
    h("div.verdict-head", {}, status, reason, follows),
    h("dl.said", {}, h("dt", {}, "This tab"), tab, h("dt", {}, "The Worker"), worker));
  let last = "";

  return {
    element,
    /** `answer` is a Verdict, an Opened, or null without a secret; `micros` what one took here. */
    show(answer, micros) {
      const { tone, title, why, next } = describe(answer);
      element.className = `verdict ${tone}`;
      status.textContent = title;
      reason.textContent = why;
      follows.textContent = next;
      tab.textContent = answer ? `${micros < 100 ? micros.toFixed(1) : Math.round(micros)} µs a verdict, in WebAssembly` : "has no secret to check it with";
      if (`${title} ${why}` !== last) {
        if (last) announce(`Verdict: ${title}. ${why}`);
        last = `${title} ${why}`;
      }
    },
    /** What came back from the Worker, or a sentence. */
    heard(said) {
      if (typeof said === "string") return worker.replaceChildren(said);
      const { edge, verdict, micros, ms } = said;
      const { status: found, reason: because, strategy, user } = verdict;
      worker.replaceChildren(
        h("strong", {}, `${found}${because ? `: ${because}` : ""}`), [strategy && `, ${strategy}`, user && `, ${user.name}`].filter(Boolean).join(""),
        h("br", {}), `${edge}: ${micros === null ? "" : `${micros.toFixed(1)} µs a verdict, `}${ms.toFixed(1)} ms there and back`);
    },
    /** Nothing to judge: why, and a button that leads on. */
    empty(text, way) {
      element.className = "verdict";
      status.textContent = "–";
      reason.textContent = text;
      follows.replaceChildren(way ?? "");
      tab.textContent = "–";
      worker.replaceChildren("–");
      last = "";
    },
  };
}

function describe(answer) {
  if (!answer) return { tone: "", title: "unverified", why: "This is what the copy says of itself. Without the secret nobody can tell whether it is true.", next: "" };
  if (answer.ok) return { tone: "good", title: "genuine", why: "The copy is what the server wrote. Alone it lets nobody in: the session token belongs beside it.", next: "" };
  if (answer.ok === false) return { tone: "warn", title: answer.reason, why: REASONS[answer.reason], next: "" };
  const { status, reason } = answer;
  if (status === "authenticated") return { tone: "good", title: status, why: `Genuine, in time, and ${answer.user.name}’s.`, next: CONSEQUENCES[status] };
  return { tone: status === "stale" ? "warn" : "bad", title: `${status}: ${reason}`, why: REASONS[reason], next: CONSEQUENCES[status] };
}

// Shows a verdict: status, reason and consequence, and the Worker's verdict on the same cookie.

import { announce, h } from "./dom.js";
import { CONSEQUENCES, REASONS } from "./reasons.js";

/** Creates the card. */
export function createVerdictView() {
  const status = h("p.status", {}, "–");
  const reason = h("p.reason", {}, "");
  const consequence = h("p.fine", {}, "");
  const tab = h("dd", {}, "–");
  const worker = h("dd", {}, "–");
  const element = h(
    "section.verdict",
    { "aria-label": "Verdict" },
    h("div.verdict-head", {}, status, reason, consequence),
    h("dl.checks", {}, h("dt", {}, "This tab"), tab, h("dt", {}, "The Worker"), worker),
  );
  let announced = "";

  return {
    element,
    /** Shows the verdict of this tab. `result` is a Verdict, an Opened, or null without a secret; `micros` the time of one verification. */
    show(result, micros) {
      const { tone, title, why, next } = describe(result);
      element.className = `verdict ${tone}`;
      status.textContent = title;
      reason.textContent = why;
      consequence.textContent = next;
      tab.textContent = result
        ? `${micros < 100 ? micros.toFixed(1) : Math.round(micros)} µs a verdict, in WebAssembly`
        : "not verified: no secret";
      if (`${title} ${why}` !== announced) {
        if (announced) announce(`Verdict: ${title}. ${why}`);
        announced = `${title} ${why}`;
      }
    },
    /** Shows the Worker's response, or a sentence. */
    showWorker(response) {
      if (typeof response === "string") return worker.replaceChildren(response);
      const { edge, verdict, micros, ms } = response;
      const { status: found, reason: because, strategy, user } = verdict;
      worker.replaceChildren(
        h("strong", {}, `${found}${because ? `: ${because}` : ""}`),
        [strategy && `, ${strategy}`, user && `, ${user.name}`].filter(Boolean).join(""),
        h("br", {}),
        `${edge}: ${micros === null ? "" : `${micros.toFixed(1)} µs a verdict, `}${ms.toFixed(1)} ms round trip`,
      );
    },
    /** Shows why there is no verdict, and a button for the next step. */
    empty(text, action) {
      element.className = "verdict";
      status.textContent = "–";
      reason.textContent = text;
      consequence.replaceChildren(action ?? "");
      tab.textContent = "–";
      worker.replaceChildren("–");
      announced = "";
    },
  };
}

function describe(result) {
  if (!result)
    return { tone: "", title: "unverified", why: "The content of the cached session. It cannot be verified without the secret.", next: "" };
  if (result.ok)
    return {
      tone: "good",
      title: "valid",
      why: "The cached session was made by the server. It is not enough for a request: the session token is required too.",
      next: "",
    };
  if (result.ok === false) return { tone: "warn", title: result.reason, why: REASONS[result.reason], next: "" };
  const { status, reason } = result;
  if (status === "authenticated")
    return { tone: "good", title: status, why: `A valid, current session of ${result.user.name}.`, next: CONSEQUENCES[status] };
  return { tone: status === "stale" ? "warn" : "bad", title: `${status}: ${reason}`, why: REASONS[reason], next: CONSEQUENCES[status] };
}

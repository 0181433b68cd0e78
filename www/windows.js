// The times inside a verdict, counting down.

import { countdown, h } from "./dom.js";

const DAY_MS = 86_400_000;

/** A list that `update(verdict)` fills and that counts by itself; `update(null)` empties it. */
export function createWindows() {
  const rows = [
    row("This copy is believed", "until it lapses; then the server is asked", ({ cachedAt, cacheExpiresAt }) => [cachedAt, cacheExpiresAt]),
    row("Fresh", "the sign-in is young enough for what needs a fresh one", ({ session }) => [session.createdAt, new Date(+session.createdAt + DAY_MS)]),
    row("Session", "until it is over, unless it is used", ({ session }) => [session.updatedAt, session.expiresAt]),
  ];
  return {
    element: h("ul.windows", {}, rows.map(({ element }) => element)),
    update: (verdict) => { for (const one of rows) one.update(verdict); },
  };
}

function row(label, meaning, span) {
  const left = h("span.left", {}, "–");
  const fill = h("i", {});
  return {
    element: h("li", {}, h("div", {}, h("span.label", {}, label), left), h("div.gauge", { "aria-hidden": "true" }, fill), h("p.fine", {}, meaning)),
    update(verdict) {
      if (!verdict?.session) {
        left.textContent = "–";
        fill.style.width = "0";
        return;
      }
      const [from, to] = span(verdict);
      const now = Date.now();
      const text = now < to ? countdown(to, now) : "over";
      if (left.textContent !== text) left.textContent = text;
      fill.style.width = `${Math.max(0, Math.min(1, (to - now) / (to - from))) * 100}%`;
    },
  };
}

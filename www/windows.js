// Counts down the expiry times of a verdict.

import { countdown, h } from "./dom.js";

const DAY_MS = 86_400_000;

/** Creates a list that `update(verdict)` fills and `update(null)` empties. */
export function createWindows() {
  const rows = [
    row("Cached session", "valid without a request to the server", ({ cachedAt, cacheExpiresAt }) => [cachedAt, cacheExpiresAt]),
    row("Fresh", "recent enough a sign-in for sensitive endpoints", ({ session }) => [
      session.createdAt,
      new Date(+session.createdAt + DAY_MS),
    ]),
    row("Session", "expires unless it is used", ({ session }) => [session.updatedAt, session.expiresAt]),
  ];
  return {
    element: h(
      "ul.windows",
      {},
      rows.map(({ element }) => element),
    ),
    update: (verdict) => {
      for (const one of rows) one.update(verdict);
    },
  };
}

function row(label, meaning, span) {
  const left = h("span.left", {}, "–");
  const fill = h("i", {});
  return {
    element: h(
      "li",
      {},
      h("div", {}, h("span.label", {}, label), left),
      h("div.gauge", { "aria-hidden": "true" }, fill),
      h("p.fine", {}, meaning),
    ),
    update(verdict) {
      if (!verdict?.session) {
        left.textContent = "–";
        fill.style.width = "0";
        return;
      }
      const [from, to] = span(verdict);
      const now = Date.now();
      const text = now < to ? countdown(to, now) : "expired";
      if (left.textContent !== text) left.textContent = text;
      fill.style.width = `${Math.max(0, Math.min(1, (to - now) / (to - from))) * 100}%`;
    },
  };
}

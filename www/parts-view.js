// Shows the parts of a cookie with their sizes, its chunks, and its size in each format.

import { h } from "./dom.js";
import { KINDS } from "./cookie-parts.js";

export function createPartsView() {
  const legend = h("tbody", {});
  const chunks = h("p.fine.chunks", {}, "");
  const sizes = h("ul.sizes", {});
  return {
    element: h(
      "div.parts-panel",
      {},
      h(
        "table.legend",
        {},
        h("caption", {}, "Parts"),
        h(
          "thead.visually-hidden",
          {},
          h(
            "tr",
            {},
            ["Part", "Description", "Characters"].map((text) => h("th", { scope: "col" }, text)),
          ),
        ),
        legend,
      ),
      chunks,
      h("div.formats", {}, h("p.caption", {}, "The same session in each format"), sizes),
    ),
    update(cookie) {
      legend.replaceChildren(...rows(cookie?.parts ?? []));
      chunks.textContent = cookie ? describeSize(cookie.cookies) : "";
      sizes.replaceChildren(...sizeBars(cookie));
    },
  };
}

function rows(parts) {
  const lengths = new Map();
  for (const { kind, from, to } of parts) lengths.set(kind, (lengths.get(kind) ?? 0) + to - from);
  return [...lengths].map(([kind, length]) => {
    const [title, meaning] = KINDS[kind];
    return h(
      "tr",
      {},
      h("th", { scope: "row" }, h(`i.swatch.${kind}`, { "aria-hidden": "true" }), title),
      h("td", {}, meaning),
      h("td.length", {}, String(length)),
    );
  });
}

function describeSize(cookies) {
  const chunks = cookies.filter(({ name }) => /\.\d+$/.test(name));
  const total = cookies.reduce((sum, { bytes }) => sum + bytes, 0);
  const sent = cookies.length ? `${total.toLocaleString("en")} bytes with every request` : "";
  if (!chunks.length) return sent && `${sent}, in ${cookies.length} ${cookies.length === 1 ? "cookie" : "cookies"}.`;
  return `${sent}: too long for one cookie, so the cached session is in ${chunks.length} chunks (${chunks.map(({ bytes }) => bytes).join(" + ")} bytes).`;
}

function sizeBars(cookie) {
  const sizes = cookie?.sizes;
  const longest = sizes ? Math.max(...Object.values(sizes)) : 1;
  return ["compact", "jwt", "jwe"].map((strategy) => {
    const fill = h("i", {});
    fill.style.width = sizes ? `${(sizes[strategy] / longest) * 100}%` : "0";
    const current = cookie?.decoded?.strategy === strategy;
    return h(
      "li",
      { "aria-current": current ? "true" : null },
      h("code", {}, strategy),
      h("div.gauge", { "aria-hidden": "true" }, fill),
      h("span", {}, sizes ? `${sizes[strategy].toLocaleString("en")} B` : "–"),
    );
  });
}

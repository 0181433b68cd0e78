// What a cookie is made of: its parts with their sizes, its chunks, and how long it would be in each format.

import { h } from "./dom.js";
import { KINDS } from "./cookie-parts.js";

export function createPartsView() {
  const legend = h("tbody", {});
  const chunks = h("p.fine.chunks", {}, "");
  const sizes = h("ul.sizes", {});
  return {
    element: h("div.anatomy", {},
      h("table.legend", {}, h("caption", {}, "Its parts"), h("thead.unseen", {}, h("tr", {}, ["Part", "What it is", "Characters"].map((text) => h("th", { scope: "col" }, text)))), legend),
      chunks,
      h("div.formats", {}, h("p.caption", {}, "The same session in each format"), sizes)),
    update(reading) {
      legend.replaceChildren(...rows(reading?.parts ?? []));
      chunks.textContent = reading ? chunked(reading.cookies) : "";
      sizes.replaceChildren(...bars(reading));
    },
  };
}

function rows(parts) {
  const lengths = new Map();
  for (const { kind, from, to } of parts) lengths.set(kind, (lengths.get(kind) ?? 0) + to - from);
  return [...lengths].map(([kind, length]) => {
    const [title, meaning] = KINDS[kind];
    return h("tr", {}, h("th", { scope: "row" }, h(`i.swatch.${kind}`, { "aria-hidden": "true" }), title), h("td", {}, meaning), h("td.length", {}, String(length)));
  });
}

function chunked(cookies) {
  const chunks = cookies.filter(({ name }) => /\.\d+$/.test(name));
  const total = cookies.reduce((sum, { bytes }) => sum + bytes, 0);
  const sent = cookies.length ? `${total.toLocaleString("en")} bytes with every request` : "";
  if (!chunks.length) return sent && `${sent}, in ${cookies.length} ${cookies.length === 1 ? "cookie" : "cookies"}.`;
  return `${sent}: too long for one cookie, so the copy is in ${chunks.length} chunks (${chunks.map(({ bytes }) => bytes).join(" + ")} bytes).`;
}

function bars(reading) {
  const sizes = reading?.sizes;
  const longest = sizes ? Math.max(...Object.values(sizes)) : 1;
  return ["compact", "jwt", "jwe"].map((strategy) => {
    const fill = h("i", {});
    fill.style.width = sizes ? `${(sizes[strategy] / longest) * 100}%` : "0";
    const current = reading?.decoded?.strategy === strategy;
    return h("li", { "aria-current": current ? "true" : null }, h("code", {}, strategy), h("div.gauge", { "aria-hidden": "true" }, fill), h("span", {}, sizes ? `${sizes[strategy].toLocaleString("en")} B` : "–"));
  });
}

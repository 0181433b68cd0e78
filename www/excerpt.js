// The code beside each panel: cut out of the very modules that run, between `// #excerpt Title` and `// #end`.

import { announce, h } from "./dom.js";

const WORD = /(\/\/.*$)|("[^"]*"|`[^`]*`)|\b(const|let|import|from|export|await|async|function|return|new|for|of|if)\b/gm;

export function showExcerpts() {
  for (const figure of document.querySelectorAll("[data-excerpt]")) show(figure, figure.dataset.excerpt);
}

async function show(figure, path) {
  try {
    const source = await (await fetch(path)).text();
    const [, title, code] = /^ *\/\/ #excerpt (.*)\n([\s\S]*?)\n *\/\/ #end/m.exec(source);
    const indent = /^ */.exec(code)[0];
    const text = code.replaceAll(new RegExp(`^${indent}`, "gm"), "");
    const copy = h("button.quiet", { type: "button", onclick: () => take(text) }, "Copy");
    figure.replaceChildren(
      h("figcaption", {}, h("span", {}, title), h("a", { href: path }, path.slice(1)), copy),
      h("pre", { tabindex: "0", role: "region", "aria-label": `Source: ${title}` }, h("code", {}, ...colour(text))));
  } catch {
    figure.replaceChildren(h("figcaption", {}, "The source could not be loaded. ", h("button.small", { type: "button", onclick: () => show(figure, path) }, "Try again")));
  }
}

async function take(text) {
  try {
    await navigator.clipboard.writeText(text);
    announce("Copied.");
  } catch {
    announce("The browser did not allow copying.");
  }
}

function* colour(text) {
  let at = 0;
  for (const match of text.matchAll(WORD)) {
    const [whole, comment, string] = match;
    yield text.slice(at, match.index);
    yield h(`span.${comment ? "comment" : string ? "string" : "word"}`, {}, whole);
    at = match.index + whole.length;
  }
  yield text.slice(at);
}

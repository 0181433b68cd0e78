// The code beside each panel: cut out of the very modules that run, between `// #snippet Title` and `// #end`.

import { announce, h } from "./dom.js";

const WORD = /(\/\/.*$)|("[^"]*"|`[^`]*`)|\b(const|let|import|from|export|await|async|function|return|new|for|of|if)\b/gm;

/** `data-snippet` names one module or several, between which one can choose. */
export function showSnippets() {
  for (const figure of document.querySelectorAll("[data-snippet]")) show(figure, figure.dataset.snippet.split(" "), 0);
}

async function show(figure, paths, chosen) {
  const path = paths[chosen];
  try {
    const source = await (await fetch(path, { cache: "force-cache" })).text();
    const [, title, code] = /^ *\/\/ #snippet (.*)\n([\s\S]*?)\n *\/\/ #end/m.exec(source);
    const text = code.replaceAll(new RegExp(`^${/^ */.exec(code)[0]}`, "gm"), "");
    const another = () => show(figure, paths, (chosen + 1) % paths.length).then(() => figure.querySelector("button").focus());
    figure.replaceChildren(
      h("figcaption", {}, h("span", {}, title),
        paths.length > 1 && h("button.quiet", { type: "button", onclick: another }, `${chosen + 1} of ${paths.length}: next`),
        h("a", { href: path }, path.split("/").at(-1)),
        h("button.quiet", { type: "button", "aria-label": `Copy: ${title}`, onclick: ({ currentTarget }) => take(text, currentTarget) }, "Copy")),
      h("pre", { tabindex: "0", role: "region", "aria-label": `Source: ${title}` }, h("code", {}, ...colour(text))));
  } catch {
    figure.replaceChildren(h("figcaption", {}, h("span", {}, "The source could not be loaded."), h("button.small", { type: "button", onclick: () => show(figure, paths, chosen) }, "Try again")));
  }
}

async function take(text, button) {
  try {
    await navigator.clipboard.writeText(text);
    announce("Copied.");
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
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

// Shows the code beside each panel: the lines of a running module between `// #snippet Title` and `// #end`.

import { announce, h } from "./dom.js";

const TOKEN = /(\/\/.*$)|("[^"]*"|`[^`]*`)|\b(const|let|import|from|export|await|async|function|return|new|for|of|if)\b/gm;

/** Fills each element that has `data-snippet`: the URL of a module, or several between which a button switches. */
export function showSnippets() {
  for (const figure of document.querySelectorAll("[data-snippet]")) show(figure, figure.dataset.snippet.split(" "), 0);
}

async function show(figure, paths, index) {
  const path = paths[index];
  try {
    const source = await (await fetch(path, { cache: "force-cache" })).text();
    const [, title, code] = /^ *\/\/ #snippet (.*)\n([\s\S]*?)\n *\/\/ #end/m.exec(source);
    const text = code.replaceAll(new RegExp(`^${/^ */.exec(code)[0]}`, "gm"), "");
    const showNext = () => show(figure, paths, (index + 1) % paths.length).then(() => figure.querySelector("button").focus());
    figure.replaceChildren(
      h(
        "figcaption",
        {},
        h("span", {}, title),
        paths.length > 1 && h("button.quiet", { type: "button", onclick: showNext }, `${index + 1} of ${paths.length}: next`),
        h("a", { href: path }, path.split("/").at(-1)),
        h(
          "button.quiet",
          { type: "button", "aria-label": `Copy: ${title}`, onclick: ({ currentTarget }) => copy(text, currentTarget) },
          "Copy",
        ),
      ),
      h("pre", { tabindex: "0", role: "region", "aria-label": `Source: ${title}` }, h("code", {}, ...highlight(text))),
    );
  } catch {
    figure.replaceChildren(
      h(
        "figcaption",
        {},
        h("span", {}, "The source could not be loaded."),
        h("button.small", { type: "button", onclick: () => show(figure, paths, index) }, "Try again"),
      ),
    );
  }
}

async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
    announce("Copied.");
    button.textContent = "Copied";
    setTimeout(() => {
      button.textContent = "Copy";
    }, 2000);
  } catch {
    announce("The browser did not allow copying.");
  }
}

function* highlight(text) {
  let at = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [token, comment, string] = match;
    yield text.slice(at, match.index);
    yield h(`span.${comment ? "comment" : string ? "string" : "keyword"}`, {}, token);
    at = match.index + token.length;
  }
  yield text.slice(at);
}

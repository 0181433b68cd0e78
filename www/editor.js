// A text field that colours the parts of a cookie: a coloured copy of the text lies behind the transparent field.

import { h } from "./dom.js";
import { cookieParts } from "./cookie-parts.js";

/** Creates the editor. Calls `onChange` with the text after each edit. */
export function createEditor(onChange) {
  const highlight = h("pre.highlight", { "aria-hidden": "true" });
  const field = h("textarea", {
    id: "cookie-text",
    spellcheck: "false",
    autocomplete: "off",
    autocapitalize: "off",
    "aria-describedby": "cookie-privacy",
    rows: 6,
  });
  field.addEventListener("input", () => {
    paint(highlight, field.value);
    onChange(field.value);
  });
  field.addEventListener("scroll", () => {
    highlight.scrollTop = field.scrollTop;
  });

  return {
    element: h("div.editor", {}, highlight, field),
    get text() {
      return field.value;
    },
    set text(text) {
      field.value = text;
      paint(highlight, text);
    },
    /** Replaces one character in a random part and selects it. Returns false if there is no part. */
    changeOne() {
      const parts = cookieParts(field.value).parts.filter(({ from, to }) => to - from > 3);
      if (!parts.length) return false;
      const { from, to } = parts[Math.floor(Math.random() * parts.length)];
      const at = from + 1 + Math.floor(Math.random() * (to - from - 3));
      const other = field.value[at] === "A" ? "B" : "A";
      this.text = field.value.slice(0, at) + other + field.value.slice(at + 1);
      field.focus({ preventScroll: true });
      field.setSelectionRange(at, at + 1);
      onChange(field.value);
      return true;
    },
  };
}

function paint(highlight, text) {
  const pieces = [];
  let at = 0;
  for (const { kind, from, to } of cookieParts(text).parts) {
    pieces.push(text.slice(at, from), h(`span.part.${kind}`, {}, text.slice(from, to)));
    at = to;
  }
  pieces.push(text.slice(at), "\n");
  highlight.replaceChildren(...pieces);
}

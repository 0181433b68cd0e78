// A text field whose text is coloured by what it is: the colours lie behind, letter for letter.

import { h } from "./dom.js";
import { cookieParts } from "./cookie-parts.js";

/** `changed` is called with the text when somebody edits it. */
export function createEditor(changed) {
  const behind = h("pre.behind", { "aria-hidden": "true" });
  const field = h("textarea", { id: "cookie-text", spellcheck: "false", autocomplete: "off", autocapitalize: "off", "aria-describedby": "cookie-privacy", rows: 6 });
  field.addEventListener("input", () => {
    paint(behind, field.value);
    changed(field.value);
  });
  field.addEventListener("scroll", () => { behind.scrollTop = field.scrollTop; });

  return {
    element: h("div.editor", {}, behind, field),
    get text() { return field.value; },
    set text(text) {
      field.value = text;
      paint(behind, text);
    },
    /** Another letter in the place of one in the middle of a part that matters; it is selected, so that it is seen. */
    changeOne() {
      const parts = cookieParts(field.value).parts.filter(({ from, to }) => to - from > 3);
      if (!parts.length) return null;
      const { kind, from, to } = parts[Math.floor(Math.random() * parts.length)];
      const at = from + 1 + Math.floor(Math.random() * (to - from - 3));
      const other = field.value[at] === "A" ? "B" : "A";
      this.text = field.value.slice(0, at) + other + field.value.slice(at + 1);
      field.focus({ preventScroll: true });
      field.setSelectionRange(at, at + 1);
      changed(field.value);
      return kind;
    },
  };
}

function paint(behind, text) {
  const pieces = [];
  let at = 0;
  for (const { kind, from, to } of cookieParts(text).parts) {
    pieces.push(text.slice(at, from), h(`span.part.${kind}`, {}, text.slice(from, to)));
    at = to;
  }
  pieces.push(text.slice(at), "\n");
  behind.replaceChildren(...pieces);
}

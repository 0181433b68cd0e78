// DOM helpers. Strings are always inserted as text, never as markup.

/** Creates an HTML element: `h("button.quiet", { type: "button", onclick }, "Sign out")`. Properties that are false or null are omitted. */
export function h(tag, props = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  return fill(document.createElement(name), classes, props, children);
}

/** Creates an SVG element. */
export function s(tag, props = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  return fill(document.createElementNS("http://www.w3.org/2000/svg", name), classes, props, children);
}

function fill(element, classes, props, children) {
  if (classes.length) element.setAttribute("class", classes.join(" "));
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Announces a text to screen readers. */
export function announce(text) {
  document.getElementById("announcer").textContent = text;
}

/** Returns a sentence that describes the error of a call. */
export function explain({ status, message }) {
  if (!status) return "The server cannot be reached.";
  return message || `The server answered ${status}.`;
}

/** Disables a button and marks it as busy while `work` runs. */
export async function whileBusy(button, work) {
  button.setAttribute("aria-busy", "true");
  button.disabled = true;
  try {
    return await work();
  } finally {
    button.removeAttribute("aria-busy");
    button.disabled = false;
  }
}

/** Returns "just now", "12 s ago", "3 min ago" or "25 h ago". */
export function ago(date, now = Date.now()) {
  const seconds = Math.max(0, Math.round((now - date) / 1000));
  if (seconds < 3) return "just now";
  if (seconds < 90) return `${seconds} s ago`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min ago`;
  return `${Math.round(seconds / 3600)} h ago`;
}

/** Returns "in 4:05", "in 6 d 23 h" or "0:12 ago". */
export function countdown(date, now = Date.now()) {
  const left = Math.round((date - now) / 1000);
  const s = Math.abs(left);
  const span =
    s >= 86400
      ? `${Math.floor(s / 86400)} d ${Math.floor((s % 86400) / 3600)} h`
      : s >= 3600
        ? `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`
        : `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`;
  return left >= 0 ? `in ${span}` : `${span} ago`;
}

// The panel that takes a cookie apart: where it comes from, the field, and what is read out of it.

import { announce, explain, h, whileBusy } from "./dom.js";
import { readCookie } from "./cookie.js";
import { createEditor } from "./editor.js";
import { ensureSignedIn } from "./ensure-signed-in.js";
import { createPartsView } from "./parts-view.js";
import { createVerdictView } from "./verdict-view.js";
import { createWindows } from "./windows.js";

/** So many in one request, less a request with one: a Worker's clock stands still while it computes. */
const CHECKS = 1000;
const SETTLED_MS = 5000;
const PASTE = "Paste a cookie on the left, and its secret if you have it. Without one you see what it says, and not whether it is true.";
const PICTURE = `data:image/png;base64,${"iVBORw0KGgoAAAANSUhEUgAA".repeat(150)}`;

export function createCookieView(stage, facts) {
  const editor = createEditor(() => { source.own(); read(); });
  const secret = h("input", { id: "cookie-secret", type: "text", spellcheck: "false", autocomplete: "off", value: facts.secret, oninput: () => read() });
  const verdict = createVerdictView();
  const windows = createWindows();
  const parts = createPartsView();
  const claims = h("pre.claims", { tabindex: "0", role: "region", "aria-label": "What the cookie says" });
  const source = createSource((from) => (from === "own" ? start(PASTE) : take()));
  const tools = h("div.actions", {},
    tool("Change one character", () => { const kind = editor.changeOne(); if (!kind) announce("There is nothing to change."); }),
    tool("Take it anew", () => take()),
    tool("Make it long", grow));
  document.getElementById("dissection").append(
    h("div.toolbar", {}, source.element, tools),
    h("div.apart", {},
      h("div.column", {},
        h("p.field", {}, h("label", { for: "cookie-text" }, "Cookie header, or a session_data value"), editor.element),
        h("p.field", {}, h("label", { for: "cookie-secret" }, "Secret (stays in this tab)"), secret),
        parts.element),
      h("div.column", {}, verdict.element, windows.element, h("div.claims-box", {}, h("p.caption", {}, "What it says"), claims))));

  let reading = null;
  let turn = 0;
  let device = "laptop";
  start("");

  stage.addEventListener("strategy", () => source.device && take());
  stage.addEventListener("devices", ({ detail }) => { if (detail === source.device && (editor.text === "" || !stage[detail].signedIn)) take(); });
  setInterval(() => reading && judge(), 1000);

  /** The cookies of the chosen device, and what the Worker said of them. */
  async function take() {
    device = source.device ?? device;
    source.choose(device);
    const view = stage[device];
    if (!view.signedIn) return start(`Nobody is signed in on the ${device}, so it sends no session cookie.`);
    secret.value = facts.secret;
    const mine = ++turn;
    await renewed(view.device);
    const one = await view.device.cookie();
    if (mine !== turn) return;
    if (one.letIn === null) return failed("The Worker cannot be reached.");
    editor.text = one.body.cookie;
    verdict.heard({ ...one.body, micros: null, ms: one.ms });
    read();
    const many = await view.device.cookie(CHECKS);
    if (mine === turn && source.device && many.letIn) verdict.heard({ ...one.body, micros: Math.max(0, (many.ms - one.ms) * 1000) / (CHECKS - 1), ms: one.ms });
  }

  async function read() {
    if (!editor.text.trim()) return start(source.device ? "" : PASTE);
    if (!source.device) {
      turn += 1;
      verdict.heard("was not asked: what you type stays here");
    }
    const mine = turn;
    const text = editor.text;
    try {
      const found = await readCookie(text, secret.value, source.device ? [stage.strategy] : undefined);
      if (mine !== turn || text !== editor.text) return;
      reading = found;
    } catch (error) {
      if (mine !== turn) return;
      return failed(error.code ? `This secret cannot be used: ${error.message}` : "The verifier could not be loaded.", read);
    }
    judge();
    parts.update(reading);
    const { answer, decoded } = reading;
    claims.textContent = say(decoded, answer);
  }

  /** Again every second: a copy lapses while one looks at it. */
  function judge() {
    const { again } = reading;
    const began = performance.now();
    let answer = null;
    for (let i = 0; i < 20; i += 1) answer = again?.() ?? null;
    verdict.show(answer, ((performance.now() - began) * 1000) / 20);
    windows.update(answer?.session ? answer : reading.answer?.session ? reading.answer : null);
  }

  function start(text) {
    turn += 1;
    editor.text = "";
    const view = source.device && stage[source.device];
    const way = view && !view.signedIn ? tool("Sign in for me", async () => {
      const error = await ensureSignedIn(view);
      if (error) failed(explain(error));
      else await take();
    }) : null;
    clear(text || "No cookie yet.", way);
  }

  function failed(text, again = take) {
    clear(text, tool("Try again", again));
    announce(text);
  }

  function clear(text, way) {
    reading = null;
    verdict.empty(text, way);
    windows.update(null);
    parts.update(null);
    claims.textContent = "";
  }

  /** A real one: the server stores a long picture address with the user, and splits the cookie. */
  async function grow({ currentTarget: button }) {
    const view = stage[source.device ?? device];
    if (!view.signedIn) return take();
    const long = !view.signedIn.user.image;
    const { error } = await view.device.setPicture(long ? PICTURE : null);
    if (error) return failed(explain(error));
    button.textContent = long ? "Make it short" : "Make it long";
    await view.device.refetch();
    await take();
  }
}

/** After a change of the user or the format the gate asks the server; copies made within two seconds of a change are not believed either. */
async function renewed(device) {
  for (const end = performance.now() + SETTLED_MS; performance.now() < end; ) {
    const { letIn, body } = await device.ask();
    if (!letIn || body.said.status === "authenticated") return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const tool = (label, work) => h("button.small", { type: "button", onclick: (event) => { const { currentTarget } = event; return whileBusy(currentTarget, () => work({ currentTarget })); } }, label);

/** "laptop", "phone", or one's own. */
function createSource(chosen) {
  const option = (value, label) => h("label", {}, h("input", { type: "radio", name: "source", value, checked: value === "laptop" }), h("span", {}, label));
  const element = h("fieldset.segmented", { onchange: ({ target }) => { device = target.value === "own" ? null : target.value; chosen(target.value); } },
    h("legend.unseen", {}, "Whose cookie"), option("laptop", "laptop’s"), option("phone", "phone’s"), option("own", "your own"));
  let device = "laptop";
  const check = (value) => { element.querySelector(`[value="${value}"]`).checked = true; };
  return {
    element,
    get device() { return device; },
    choose(name) { device = name; check(name); },
    own() { device = null; check("own"); },
  };
}

function say(decoded, answer) {
  const show = (value) => JSON.stringify(value, (_, inner) => (typeof inner === "string" && inner.length > 300 ? `${inner.slice(0, 40)}… (${inner.length} characters)` : inner), 2);
  const header = decoded?.header ? `// header\n${show(decoded.header)}\n\n` : "";
  if (decoded?.payload) return `${header}// claims\n${show(decoded.payload)}`;
  if (answer?.session) return `${header}// claims, decrypted with the secret\n${show({ session: answer.session, user: answer.user, version: answer.version })}`;
  return decoded ? `${header}// claims: encrypted, and not opened` : "";
}

// The cookie panel: the source of the cookie, the text field, the verdict and the parts.

import { announce, explain, h, whileBusy } from "./dom.js";
import { readCookie } from "./cookie.js";
import { createEditor } from "./editor.js";
import { ensureSignedIn } from "./ensure-signed-in.js";
import { createPartsView } from "./parts-view.js";
import { createVerdictView } from "./verdict-view.js";
import { createWindows } from "./windows.js";

/** A Worker's clock stands still while it computes, so the page times one request with this many checks and one with a single check. */
const CHECKS = 1000;
const RENEWAL_TIMEOUT_MS = 5000;
const PASTE = "Paste a cookie on the left, and its secret if you have it. Without the secret the content is shown, but not verified.";
const LONG_PICTURE = `data:image/png;base64,${"iVBORw0KGgoAAAANSUhEUgAA".repeat(150)}`;

export function createCookieView(demo, config) {
  const editor = createEditor(() => {
    source.own();
    update();
  });
  const secret = h("input", {
    id: "cookie-secret",
    type: "text",
    spellcheck: "false",
    autocomplete: "off",
    value: config.secret,
    oninput: () => update(),
  });
  const verdict = createVerdictView();
  const windows = createWindows();
  const parts = createPartsView();
  const claims = h("pre.claims", { tabindex: "0", role: "region", "aria-label": "Content of the cookie" });
  const source = createSource((from) => (from === "own" ? showEmpty(PASTE) : loadCookie()));
  const buttons = h(
    "div.actions",
    {},
    toolButton("Change one character", () => {
      if (!editor.changeOne()) announce("There is nothing to change.");
    }),
    toolButton("Reload the cookie", () => loadCookie()),
    toolButton("Make it long", togglePicture),
  );
  document
    .getElementById("cookie-parts")
    .append(
      h("div.toolbar", {}, source.element, buttons),
      h(
        "div.cookie-columns",
        {},
        h(
          "div.column",
          {},
          h("p.field", {}, h("label", { for: "cookie-text" }, "Cookie header, or a session_data value"), editor.element),
          h("p.field", {}, h("label", { for: "cookie-secret" }, "Secret (stays in this tab)"), secret),
          parts.element,
        ),
        h("div.column", {}, verdict.element, windows.element, h("div.claims-box", {}, h("p.caption", {}, "Content"), claims)),
      ),
    );

  let cookie = null;
  let generation = 0;
  let device = "laptop";
  showEmpty("");

  demo.addEventListener("strategy", () => source.device && loadCookie());
  demo.addEventListener("devices", ({ detail }) => {
    if (detail === source.device && (editor.text === "" || !demo[detail].signedIn)) loadCookie();
  });
  setInterval(() => cookie && showVerdict(), 1000); // a cached session may expire while it is shown

  /** Shows the cookies of the chosen device and the Worker's verdict on them. */
  async function loadCookie() {
    device = source.device ?? device;
    source.choose(device);
    const view = demo[device];
    if (!view.signedIn) return showEmpty(`Nobody is signed in on the ${device}, so it sends no session cookie.`);
    secret.value = config.secret;
    const current = ++generation;
    await waitForRenewal(view.device);
    const one = await view.device.cookie();
    if (current !== generation) return;
    if (one.allowed === null) return showError("The Worker cannot be reached.");
    editor.text = one.body.cookie;
    verdict.showWorker({ ...one.body, micros: null, ms: one.ms });
    update();
    const many = await view.device.cookie(CHECKS);
    if (current === generation && source.device && many.allowed)
      verdict.showWorker({ ...one.body, micros: Math.max(0, (many.ms - one.ms) * 1000) / (CHECKS - 1), ms: one.ms });
  }

  async function update() {
    if (!editor.text.trim()) return showEmpty(source.device ? "" : PASTE);
    if (!source.device) {
      generation += 1;
      verdict.showWorker("not involved: your text stays in this tab");
    }
    const current = generation;
    const text = editor.text;
    try {
      const found = await readCookie(text, secret.value, source.device ? [demo.strategy] : undefined);
      if (current !== generation || text !== editor.text) return;
      cookie = found;
    } catch (error) {
      if (current !== generation) return;
      return showError(error.code ? `This secret cannot be used: ${error.message}` : "The verifier could not be loaded.", update);
    }
    showVerdict();
    parts.update(cookie);
    const { result, decoded } = cookie;
    claims.textContent = formatClaims(decoded, result);
  }

  /** Verifies again, twenty times for a stable time, and shows the result. */
  function showVerdict() {
    const { verify } = cookie;
    const began = performance.now();
    let result = null;
    for (let i = 0; i < 20; i += 1) result = verify?.() ?? null;
    verdict.show(result, ((performance.now() - began) * 1000) / 20);
    windows.update(result?.session ? result : cookie.result?.session ? cookie.result : null);
  }

  function showEmpty(text) {
    generation += 1;
    editor.text = "";
    const view = source.device && demo[source.device];
    const action =
      view && !view.signedIn
        ? toolButton("Sign in for me", async () => {
            const error = await ensureSignedIn(view);
            if (error) showError(explain(error));
            else await loadCookie();
          })
        : null;
    clear(text || "No cookie yet.", action);
  }

  function showError(text, retry = loadCookie) {
    clear(text, toolButton("Try again", retry));
    announce(text);
  }

  function clear(text, action) {
    cookie = null;
    verdict.empty(text, action);
    windows.update(null);
    parts.update(null);
    claims.textContent = "";
  }

  /** Makes the real cookie long: the server stores a long picture URL with the user, so it splits the cookie into chunks. */
  async function togglePicture({ currentTarget: button }) {
    const view = demo[source.device ?? device];
    if (!view.signedIn) return loadCookie();
    const long = !view.signedIn.user.image;
    const { error } = await view.device.setPicture(long ? LONG_PICTURE : null);
    if (error) return showError(explain(error));
    button.textContent = long ? "Make it short" : "Make it long";
    await view.device.refetch();
    await loadCookie();
  }
}

/** Waits until the gate accepts the cookie: after a change of the user or the format it looks the session up at the server, and rejects caches minted within two seconds of a change. */
async function waitForRenewal(device) {
  for (const end = performance.now() + RENEWAL_TIMEOUT_MS; performance.now() < end;) {
    const { allowed, body } = await device.request();
    if (!allowed || body.verdict.status === "authenticated") return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const toolButton = (label, work) =>
  h(
    "button.small",
    {
      type: "button",
      onclick: (event) => {
        const { currentTarget } = event;
        return whileBusy(currentTarget, () => work({ currentTarget }));
      },
    },
    label,
  );

/** Creates the choice of "laptop", "phone" or "own". */
function createSource(onChoose) {
  const option = (value, label) =>
    h("label", {}, h("input", { type: "radio", name: "source", value, checked: value === "laptop" }), h("span", {}, label));
  const element = h(
    "fieldset.segmented",
    {
      onchange: ({ target }) => {
        device = target.value === "own" ? null : target.value;
        onChoose(target.value);
      },
    },
    h("legend.visually-hidden", {}, "Whose cookie"),
    option("laptop", "laptop’s"),
    option("phone", "phone’s"),
    option("own", "your own"),
  );
  let device = "laptop";
  const check = (value) => {
    element.querySelector(`[value="${value}"]`).checked = true;
  };
  return {
    element,
    get device() {
      return device;
    },
    choose(name) {
      device = name;
      check(name);
    },
    own() {
      device = null;
      check("own");
    },
  };
}

function formatClaims(decoded, result) {
  const show = (value) =>
    JSON.stringify(
      value,
      (_, inner) => (typeof inner === "string" && inner.length > 300 ? `${inner.slice(0, 40)}… (${inner.length} characters)` : inner),
      2,
    );
  const header = decoded?.header ? `// header\n${show(decoded.header)}\n\n` : "";
  if (decoded?.payload) return `${header}// claims\n${show(decoded.payload)}`;
  if (result?.session)
    return `${header}// claims, decrypted with the secret\n${show({ session: result.session, user: result.user, version: result.version })}`;
  return decoded ? `${header}// claims: encrypted, not decrypted` : "";
}

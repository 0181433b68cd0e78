// The card of a device: the signed-in user, the sessions, the buttons, and whether the site still allows the device.

import { announce, explain, h, whileBusy } from "./dom.js";
import { icon } from "./icons.js";
import { onDemoUserChange, demoUser } from "./demo-user.js";
import { createPoller } from "./poller.js";
import { sessionList } from "./session-list.js";
import { signForm } from "./sign-form.js";

const TITLES = { laptop: "Laptop", phone: "Phone" };
const SUBTITLES = { laptop: "this browser, through edge 1", phone: "a second device, through edge 2" };
/** Time after which each gate has received a revocation. */
const PROPAGATION_MS = 1100;

/** Creates the card. `demo` is the shared EventTarget: "sessions" events have `detail` { by, what, at }, "devices" events the name of the device that changed. */
export function createDeviceView(name, demo) {
  const root = document.getElementById(name);
  const pill = h("p.pill", {}, "…");
  const body = h("div.device-body");
  const poller = createPoller(() => device, onResponse);
  root.append(
    h(
      "header.device-head",
      {},
      icon(name),
      h("div", {}, h("h3", { id: `${name}-name` }, TITLES[name]), h("p.fine", {}, SUBTITLES[name])),
      pill,
    ),
    body,
    poller.element,
  );

  let device = null;
  let unsubscribe = () => {};
  let signedIn = null;
  let revocation = null;
  let phase = "";
  let changedAt = null;
  let replaced = null;

  /** The device of the forms: it uses the current device when a form is submitted. */
  const formDevice = { name, signUp: (entered) => device.signUp(entered), signIn: (entered) => device.signIn(entered) };

  demo.addEventListener("sessions", ({ detail }) => {
    if (detail.by === name || !signedIn) return;
    revocation = detail;
    changedAt = detail.at;
  });
  onDemoUserChange(() => {
    if (phase === "out") show("out");
  });
  show("loading");

  return {
    root,
    use,
    get device() {
      return device;
    },
    get signedIn() {
      return signedIn;
    },
  };

  /** Replaces the device. After a change of the cookie format the new device has the same cookies, so the card keeps its content. */
  function use(next) {
    unsubscribe();
    device = next;
    unsubscribe = next.watch((state) => {
      if (device === next) onState(state);
    });
  }

  function onState({ data, error, isPending }) {
    if (isPending && !data) return;
    const previous = signedIn;
    signedIn = data;
    if (error && !data) return show("error");
    if (!data) {
      if (previous) poller.once();
      if (phase !== "out" || previous) show("out");
    } else if (phase !== "in" || previous?.session.id !== data.session.id) {
      revocation = null;
      show("in");
    }
  }

  /** Fetches the session again after a refusal. If the site allows the device after a change elsewhere, another session was revoked: updates the list. */
  function onResponse({ status, allowed, began }) {
    if (status === 401) return device.refetch();
    if (allowed && changedAt !== null && began > changedAt + PROPAGATION_MS) {
      changedAt = null;
      showSessions();
    }
  }

  function show(next) {
    phase = next;
    pill.textContent = { loading: "…", out: "signed out", in: "signed in", error: "no response" }[next];
    pill.className = `pill ${next}`;
    poller.run(next === "in");
    if (next === "loading") body.replaceChildren(skeleton());
    if (next === "error") body.replaceChildren(failure("The server does not respond.", () => device.refetch()));
    if (next === "out") body.replaceChildren(...(isUnused() ? [unusedNotice()] : [revokedNotice(), signForm(formDevice)]));
    if (next === "in") {
      const { user } = signedIn;
      body.replaceChildren(
        h("p.identity", {}, h("strong", {}, user.name), h("span.fine", {}, user.email)),
        h("div.list", {}, skeleton()),
        actions(),
      );
      announce(`${TITLES[name]}: signed in as ${user.name}`);
      finishSignIn();
      demo.dispatchEvent(new CustomEvent("sessions", { detail: { by: name, what: "signed in", at: performance.now() } }));
    }
    demo.dispatchEvent(new CustomEvent("devices", { detail: name }));
  }

  function isUnused() {
    return name === "phone" && !demoUser.known && !revocation;
  }

  function unusedNotice() {
    return h(
      "div.unused",
      {},
      h("p", {}, "Nobody has signed up yet."),
      h("p.fine", {}, "Sign up on the laptop. Then the same user can sign in here, as on a second device."),
      h("button.quiet", { type: "button", onclick: () => body.replaceChildren(signForm(formDevice)) }, "Sign in anyway"),
    );
  }

  function revokedNotice() {
    if (!revocation) return "";
    const seconds = ((performance.now() - revocation.at) / 1000).toFixed(1);
    const text = `Refused ${seconds} s after the ${revocation.by} ended this session.`;
    announce(`${TITLES[name]}: ${text}`);
    revocation = null;
    return h("p.notice.alarm", {}, text);
  }

  /** Revokes the old session after a sign-in that replaced a session that was not fresh. */
  async function finishSignIn() {
    const old = replaced;
    replaced = null;
    if (old && old.id !== signedIn.session.id) await device.forget(old);
    await showSessions();
  }

  async function showSessions() {
    const current = device;
    const { data, error } = await device.sessions();
    const place = body.querySelector(".list");
    if (!place || device !== current || phase !== "in") return;
    body.querySelector(".actions").hidden = error?.code === "SESSION_NOT_FRESH";
    if (data) place.replaceChildren(sessionList(data, signedIn.session, revoke, `Active sessions, seen from the ${name}`));
    else if (error.code === "SESSION_NOT_FRESH") place.replaceChildren(notFresh());
    else if (error.status === 401) device.refetch();
    else place.replaceChildren(failure(explain(error), showSessions));
  }

  function notFresh() {
    replaced = signedIn.session;
    const form = signForm(formDevice, { mode: "in", again: { email: signedIn.user.email } });
    const notice = h(
      "div.notice",
      {},
      h("p", {}, h("code", {}, "403 SESSION_NOT_FRESH")),
      h(
        "p",
        {},
        "This sign-in is more than a day old. The server still accepts it, but shows the list of sessions only after a recent sign-in.",
      ),
    );
    return h("div.not-fresh", {}, notice, form);
  }

  async function revoke(session) {
    const { error } = await device.revoke(session);
    if (error) return showError(error);
    notify("revoked");
    await showSessions();
    announce("The session is revoked.");
    body.querySelector("button")?.focus();
  }

  /** Shows the error of a button below the buttons. */
  function showError(error) {
    const place = body.querySelector(".problem");
    if (place) place.textContent = error ? explain(error) : "";
  }

  function notify(what) {
    demo.dispatchEvent(new CustomEvent("sessions", { detail: { by: name, what, at: performance.now() } }));
  }

  function actions() {
    const button = (label, work, what) =>
      h(
        "button.small",
        {
          type: "button",
          onclick: async ({ currentTarget }) => {
            showError(null);
            const { error } = await whileBusy(currentTarget, work);
            if (error) showError(error);
            else if (what) notify(what);
            if (phase === "in") showSessions();
          },
        },
        label,
      );
    return h(
      "div.actions",
      {},
      button("Sign out", () => device.signOut()),
      button("Revoke the others", () => device.revokeOthers(), "revoked"),
      button("Revoke all", () => device.revokeAll(), "revoked"),
      button("Let a day pass", () => device.growOld()),
      h("p.problem", { role: "alert" }),
    );
  }
}

function skeleton() {
  return h("div.skeleton", { "aria-busy": "true" }, h("span.visually-hidden", {}, "Loading"), h("i"), h("i"), h("i"));
}

function failure(text, retry) {
  return h(
    "div.notice.alarm",
    {},
    h("p", {}, text),
    h("button.small", { type: "button", onclick: ({ currentTarget }) => whileBusy(currentTarget, retry) }, "Try again"),
  );
}

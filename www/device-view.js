// A device as a card: who is signed in, the sessions, what can be done, and whether the site still lets it in.

import { announce, explain, h, whileBusy } from "./dom.js";
import { icon } from "./icons.js";
import { onPerson, person } from "./person.js";
import { createPoller } from "./poller.js";
import { sessionList } from "./session-list.js";
import { signForm } from "./sign-form.js";

const TITLES = { laptop: "Laptop", phone: "Phone" };
const SUBTITLES = { laptop: "this browser, through edge 1", phone: "a second device, through edge 2" };
/** By then a gate has heard of any revocation. */
const NOTICED_MS = 1100;

/** `page` tells the views of each other: an EventTarget with "sessions" (`detail`: who did what, and when) and "devices" (`detail`: whose state changed). */
export function createDeviceView(name, page) {
  const root = document.getElementById(name);
  const pill = h("p.pill", {}, "…");
  const body = h("div.device-body");
  const poller = createPoller(() => device, heard);
  root.append(
    h("header.device-head", {}, icon(name), h("div", {}, h("h3", { id: `${name}-name` }, TITLES[name]), h("p.fine", {}, SUBTITLES[name])), pill),
    body, poller.element);

  let device = null;
  let unwatch = () => {};
  let signedIn = null;
  let ended = null;
  let phase = "";
  let outdated = null;
  let replaced = null;

  /** For forms: whichever device there is when they are sent. */
  const entrance = { name, signUp: (entered) => device.signUp(entered), signIn: (entered) => device.signIn(entered) };

  page.addEventListener("sessions", ({ detail }) => {
    if (detail.by === name || !signedIn) return;
    ended = detail;
    outdated = detail.at;
  });
  onPerson(() => { if (phase === "out") show("out"); });
  show("loading");

  return { root, use, get device() { return device; }, get signedIn() { return signedIn; } };

  /** Takes over a device: after a change of the cookie's format it is a new one with the same cookies, so what is shown may stay. */
  function use(next) {
    unwatch();
    device = next;
    unwatch = next.watch((state) => { if (device === next) follow(state); });
  }

  function follow({ data, error, isPending }) {
    if (isPending && !data) return;
    const was = signedIn;
    signedIn = data;
    if (error && !data) return show("error");
    if (!data) {
      if (was) poller.once();
      if (phase !== "out" || was) show("out");
    } else if (phase !== "in" || was?.session.id !== data.session.id) {
      ended = null;
      show("in");
    }
  }

  /** The site refused this device: ask what became of the session. It let it in after a change elsewhere: that was about others. */
  function heard({ status, letIn, began }) {
    if (status === 401) return device.refetch();
    if (letIn && outdated !== null && began > outdated + NOTICED_MS) {
      outdated = null;
      list();
    }
  }

  function show(next) {
    phase = next;
    pill.textContent = { loading: "…", out: "signed out", in: "signed in", error: "no answer" }[next];
    pill.className = `pill ${next}`;
    poller.run(next === "in");
    if (next === "loading") body.replaceChildren(skeleton());
    if (next === "error") body.replaceChildren(failure("The server does not answer.", () => device.refetch()));
    if (next === "out") body.replaceChildren(...(nobodyYet() ? [invitation()] : [farewell(), signForm(entrance)]));
    if (next === "in") {
      const { user } = signedIn;
      body.replaceChildren(h("p.identity", {}, h("strong", {}, user.name), h("span.fine", {}, user.email)), h("div.list", {}, skeleton()), actions());
      announce(`${TITLES[name]}: signed in as ${user.name}`);
      settle();
      page.dispatchEvent(new CustomEvent("sessions", { detail: { by: name, what: "signed in", at: performance.now() } }));
    }
    page.dispatchEvent(new CustomEvent("devices", { detail: name }));
  }

  function nobodyYet() {
    return name === "phone" && !person.known && !ended;
  }

  function invitation() {
    return h("div.invitation", {}, h("p", {}, "Nobody has signed up yet."), h("p.fine", {}, "Sign up on the laptop. Then the same person can sign in here, as on a second device."),
      h("button.quiet", { type: "button", onclick: () => body.replaceChildren(signForm(entrance)) }, "Sign in all the same"));
  }

  function farewell() {
    if (!ended) return "";
    const seconds = ((performance.now() - ended.at) / 1000).toFixed(1);
    const text = `Refused ${seconds} s after the ${ended.by} ended this session.`;
    announce(`${TITLES[name]}: ${text}`);
    ended = null;
    return h("p.notice.alarm", {}, text);
  }

  /** Who signed in anew because the session was not fresh leaves the old one behind: it is ended. */
  async function settle() {
    const old = replaced;
    replaced = null;
    if (old && old.id !== signedIn.session.id) await device.forget(old);
    await list();
  }

  async function list() {
    const asked = device;
    const { data, error } = await device.sessions();
    const place = body.querySelector(".list");
    if (!place || device !== asked || phase !== "in") return;
    body.querySelector(".actions").hidden = error?.code === "SESSION_NOT_FRESH";
    if (data) place.replaceChildren(sessionList(data, signedIn.session, revoke, `Active sessions, seen from the ${name}`));
    else if (error.code === "SESSION_NOT_FRESH") place.replaceChildren(notFresh());
    else if (error.status === 401) device.refetch();
    else place.replaceChildren(failure(explain(error), list));
  }

  function notFresh() {
    replaced = signedIn.session;
    const again = signForm(entrance, { mode: "in", again: { email: signedIn.user.email } });
    const notice = h("div.notice", {},
      h("p", {}, h("code", {}, "403 SESSION_NOT_FRESH")),
      h("p", {}, "This sign-in is more than a day old. The server still lets you in, but shows the list of sessions only to someone who has just proved who they are."));
    return h("div.not-fresh", {}, notice, again);
  }

  async function revoke(session) {
    const { error } = await device.revoke(session);
    if (error) return tell(error);
    changed("revoked");
    await list();
    announce("The session is revoked.");
    body.querySelector("button")?.focus();
  }

  /** What went wrong with a button, where it stands. */
  function tell(error) {
    const place = body.querySelector(".problem");
    if (place) place.textContent = error ? explain(error) : "";
  }

  function changed(what) {
    page.dispatchEvent(new CustomEvent("sessions", { detail: { by: name, what, at: performance.now() } }));
  }

  function actions() {
    const button = (label, work, what) => h("button.small", {
      type: "button",
      onclick: async ({ currentTarget }) => {
        tell(null);
        const { error } = await whileBusy(currentTarget, work);
        if (error) tell(error);
        else if (what) changed(what);
        if (phase === "in") list();
      },
    }, label);
    return h("div.actions", {},
      button("Sign out", () => device.signOut()),
      button("Revoke the others", () => device.revokeOthers(), "revoked"),
      button("Revoke all", () => device.revokeAll(), "revoked"),
      button("Let a day pass", () => device.growOld()),
      h("p.problem", { role: "alert" }));
  }
}

function skeleton() {
  return h("div.skeleton", { "aria-busy": "true" }, h("span.unseen", {}, "Loading"), h("i"), h("i"), h("i"));
}

function failure(text, again) {
  return h("div.notice.alarm", {}, h("p", {}, text), h("button.small", { type: "button", onclick: ({ currentTarget }) => whileBusy(currentTarget, again) }, "Try again"));
}

// The list of a person's active sessions, as one device sees it.

import { describeAgent } from "./agent.js";
import { ago, h, whileBusy } from "./dom.js";
import { icon } from "./icons.js";

/** `revoke` is called with a session and answers when it is done. */
export function sessionList(sessions, current, revoke, label) {
  const mine = ({ id }) => id === current.id;
  const sorted = sessions.toSorted((a, b) => mine(b) - mine(a) || b.updatedAt - a.updatedAt);
  return h("ul.sessions", { "aria-label": label }, sorted.map((session) => row(session, mine(session), revoke)));
}

function row(session, mine, revoke) {
  const { title, kind } = describeAgent(session.userAgent);
  return h("li", {},
    icon(kind),
    h("div.who", {},
      h("p.title", {}, title, mine && h("span.tag", {}, "this device")),
      h("p.fine.facts", {}, h("span", {}, session.ipAddress || "address unknown"), " ", h("span", {}, "used ", time(session.updatedAt)), " ", h("span", {}, "signed in ", time(session.createdAt)))),
    !mine && h("button.small", { type: "button", "aria-label": `Revoke ${title}`, onclick: ({ currentTarget }) => whileBusy(currentTarget, () => revoke(session)) }, "Revoke"));
}

function time(date) {
  return h("time", { datetime: date.toISOString(), title: date.toLocaleString() }, ago(date));
}

setInterval(() => {
  for (const element of document.querySelectorAll("time")) {
    const text = ago(new Date(element.dateTime));
    if (element.textContent !== text) element.textContent = text;
  }
}, 1000);

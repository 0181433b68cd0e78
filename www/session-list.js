// The list of a user's active sessions, as one device sees it.

import { describeAgent } from "./agent.js";
import { ago, h, whileBusy } from "./dom.js";
import { icon } from "./icons.js";

/** Creates the list. `revoke(session)` returns a promise that resolves once the session is revoked. */
export function sessionList(sessions, current, revoke, label) {
  const isCurrent = ({ id }) => id === current.id;
  const sorted = sessions.toSorted((a, b) => isCurrent(b) - isCurrent(a) || b.updatedAt - a.updatedAt);
  return h(
    "ul.sessions",
    { "aria-label": label },
    sorted.map((session) => row(session, isCurrent(session), revoke)),
  );
}

function row(session, isCurrent, revoke) {
  const { title, kind } = describeAgent(session.userAgent);
  return h(
    "li",
    {},
    icon(kind),
    h(
      "div.who",
      {},
      h("p.title", {}, title, isCurrent && h("span.tag", {}, "this device")),
      h(
        "p.fine.details",
        {},
        h("span", {}, session.ipAddress || "address unknown"),
        " ",
        h("span", {}, "used ", time(session.updatedAt)),
        " ",
        h("span", {}, "signed in ", time(session.createdAt)),
      ),
    ),
    !isCurrent &&
      h(
        "button.small",
        {
          type: "button",
          "aria-label": `Revoke ${title}`,
          onclick: ({ currentTarget }) => whileBusy(currentTarget, () => revoke(session)),
        },
        "Revoke",
      ),
  );
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

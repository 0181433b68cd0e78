import { createAuthClient } from "better-session/react";
import { createElement as h } from "react";
import { options, textOf } from "./options.mjs";

export const client = createAuthClient(options("react"));
function Name({ initial }) {
  client.hydrateSession(initial);
  return h("b", null, textOf(client.useSession(), initial, client.useClicks()));
}

export const render = async (initial) => (await import("react-dom/server")).renderToString(h(Name, { initial }));
export const hydrate = async (element, initial) => {
  const { hydrateRoot } = await import("react-dom/client");
  hydrateRoot(element, h(Name, { initial }), { onRecoverableError: (error) => console.error(error) });
};

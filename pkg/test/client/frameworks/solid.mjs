// The output of Solid's compiler for `<b>{textOf(session(), initial, clicks())}</b>`, for a server and for a page.
import { createAuthClient } from "better-session/solid";
import { createComponent } from "solid-js/web";
import * as web from "solid-js/web";
import { options, textOf } from "./options.mjs";

export const client = createAuthClient(options("solid"));
function Name({ initial }) {
  client.hydrateSession(initial);
  const [session, clicks] = [client.useSession(), client.useClicks()];
  const text = () => textOf(session(), initial, clicks());
  if (web.isServer) return web.ssr(["<b", ">", "</b>"], web.ssrHydrationKey(), web.escape(text()));
  const element = web.getNextElement(web.template("<b></b>"));
  web.insert(element, text);
  return element;
}

export const render = (initial) => web.renderToString(() => createComponent(Name, { initial }));
export const hydrate = (element, initial) => {
  // State that the script of `generateHydrationScript` prepares in a page that a server rendered.
  globalThis._$HY ??= { events: [], completed: new WeakSet(), r: {}, fe() {} };
  web.hydrate(() => createComponent(Name, { initial }), element);
};

import { createAuthClient } from "better-session/vue";
import { createSSRApp, h } from "vue";
import { options, textOf } from "./options.mjs";

export const client = createAuthClient(options("vue"));
const Name = {
  props: ["initial"],
  setup({ initial }) {
    client.hydrateSession(initial);
    const [session, clicks] = [client.useSession(), client.useClicks()];
    return () => h("b", textOf(session.value, initial, clicks.value));
  },
};

export const render = async (initial) => (await import("vue/server-renderer")).renderToString(createSSRApp(Name, { initial }));
export const hydrate = (element, initial) => createSSRApp(Name, { initial }).mount(element);

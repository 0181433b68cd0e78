// Components of a page, bundled once for each React: `globalThis.app` is what a test drives.
import { useStore as useNanoStore } from "@nanostores/react";
import { createAuthClient as createVanilla } from "better-session/client";
import { createAuthClient, useStore } from "better-session/react";
import { computed, onMount } from "nanostores";
import { StrictMode, Suspense, createElement as h, useState, version } from "react";
import { createRoot, hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";

const headers = (who) => ({ fetchOptions: { headers: { "x-test": who } } });
const client = createAuthClient(headers(`react ${version}`));
const vanilla = createVanilla(headers(`vanilla ${version}`));
const $name = computed(vanilla.useSession, ({ data }) => data?.user.name ?? "nobody");
let renders = 0;

/** Is not ready when it is rendered first: what is beside it must not ask again for that. */
const ready = {};
function Late() {
  if (!ready.done)
    throw (ready.promise ??= new Promise((turn) => setTimeout(turn, 50)).then(() => {
      ready.done = true;
    }));
  return h("i", { id: "late" }, "late");
}

function Name({ id }) {
  renders++;
  const { data, isPending } = client.useSession();
  return h("b", { id }, isPending ? "pending" : (data?.user.name ?? "nobody"));
}

function Page() {
  const [shown, show] = useState(1);
  app.show = show;
  return h(
    Suspense,
    { fallback: h("i", null, "waiting") },
    Array.from({ length: shown }, (_, at) => h(Name, { id: `name-${at}`, key: at })),
    h("u", { id: "vanilla" }, useStore(vanilla.useSession).data?.user.name ?? "nobody"),
    h("s", { id: "nano" }, useNanoStore(client.useSession).data?.user.name ?? "nobody"),
    h("em", { id: "computed" }, useNanoStore($name)),
    h(Late),
  );
}

const app = (globalThis.app = {
  client,
  vanilla,
  $name,
  onMount,
  version,
  renders: () => renders,
  text: (id) => document.getElementById(id)?.textContent,
  mount() {
    const root = createRoot(document.querySelector("main"));
    root.render(h(StrictMode, null, h(Page)));
    app.unmount = () => root.unmount();
  },
  /** Hydrates the markup of a server in the browser. Returns whether both agreed. */
  async hydrate() {
    const faults = [];
    const place = document.body.appendChild(document.createElement("div"));
    place.innerHTML = renderToString(h(Name, { id: "hydrated" }));
    const html = place.innerHTML;
    const root = hydrateRoot(place, h(Name, { id: "hydrated" }), { onRecoverableError: (error) => faults.push(String(error)) });
    while (app.text("hydrated") === "pending") await new Promise((turn) => setTimeout(turn, 10));
    const text = app.text("hydrated");
    root.unmount();
    return { html, text, faults };
  },
});

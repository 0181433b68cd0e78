import Name from "./name.svelte";

export { client } from "./svelte-client.mjs";
export const render = async (initial) => (await import("svelte/server")).render(Name, { props: { initial } }).body;
export const hydrate = async (element, initial) => (await import("svelte")).hydrate(Name, { target: element, props: { initial } });

// Options of the clients of all frameworks: requests are counted by name, and a plugin brings an atom of its own.
import { atom } from "nanostores";

export const options = (name) => ({
  baseURL: globalThis.location?.origin ?? "http://server.invalid",
  fetchOptions: { headers: { "x-test": name } },
  plugins: [
    { id: "clicks", getAtoms: () => ({ clicks: atom(0) }), getActions: (_, $store) => ({ click: () => $store.atoms.clicks.set(1) }) },
  ],
});

/** Returns what the components show: the name of the user, who is known on the server, and the value of the plugin's atom. */
export const textOf = ({ data, isPending }, initial, clicks) => `${(isPending ? initial : data)?.user.name ?? "nobody"} ${clicks}`;

// The Expo plugin in Hermes, with this client and with Better Auth's: both do the same, and the host compares their requests.
import "./environment.mjs";
import { expoClient } from "@better-auth/expo/client";
import { createAuthClient as createTheirs } from "better-auth/client";
import { createAuthClient as createOurs } from "better-session/client";
import { runAll } from "../suite/run-all.mjs";
import { sent } from "./host.mjs";
import { becomes, connects, listening } from "./native.mjs";

const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function check(condition, text) {
  if (!condition) throw new Error(text);
}

/** Storage as of expo-secure-store, which keeps its values when the app ends. */
function secureStore() {
  const values = new Map();
  const getItem = (key) => values.get(key) ?? null;
  const setItem = (key, value) => void values.set(key, value);
  return { values, getItem, setItem, getItemAsync: async (key) => getItem(key), setItemAsync: async (key, value) => setItem(key, value) };
}

/** Starts the app: `states` are the names that `useSession` shows, one after the other. */
function start(createAuthClient, baseURL, storage, app) {
  const client = createAuthClient({
    baseURL,
    plugins: [expoClient({ storage })],
    fetchOptions: { headers: { "x-app": app } },
  });
  const states = [];
  const stop = client.useSession.subscribe(({ data, isPending }) => {
    const name = data ? data.user.name : isPending ? "pending" : "nobody";
    if (states[states.length - 1] !== name) states.push(name);
  });
  const shows = async (name) => {
    for (let tries = 0; states[states.length - 1] !== name; tries += 1) {
      check(tries < 100, `shows ${states.join(", ")} and never ${name}`);
      await wait(50);
    }
  };
  return { client, states, shows, stop };
}

function cases(app, createAuthClient, server) {
  const storage = secureStore();
  const account = { email: `${app}-${Date.now()}@example.com`, password: "correct horse battery", name: "Ada" };
  let running;
  const cookies = () => JSON.parse(storage.getItem("better-auth_cookie") ?? "{}");
  const names = () => Object.keys(cookies()).sort().join();
  const ok = async (call) => {
    const { data, error } = await call;
    check(!error && data, `an error: ${JSON.stringify(error)}`);
    return data;
  };
  return [
    [
      "starts signed out",
      async () => {
        running = start(createAuthClient, server, storage, app);
        await running.shows("nobody");
        check(names() === "", names());
      },
    ],
    [
      "signs up, stores the cookies, and shows the user",
      async () => {
        await ok(running.client.signUp.email(account));
        await running.shows("Ada");
        check(names() === "better-auth.session_data,better-auth.session_token", names());
        const header = await running.client.getCookie();
        check(header.includes(`better-auth.session_token=${cookies()["better-auth.session_token"].value}`), header);
      },
    ],
    [
      "refetches when the server sets a new cookie",
      async () => {
        await ok(running.client.updateUser({ name: "Grace" }));
        await running.shows("Grace");
      },
    ],
    [
      "starts again with the stored session, before the server responds",
      async () => {
        running.stop();
        await wait(1500);
        running = start(createAuthClient, server, storage, app);
        await running.shows("Grace");
        check(!running.states.includes("nobody"), running.states.join());
      },
    ],
    [
      "looks the session up when the app comes to the foreground, and when it is online again",
      async () => {
        check(listening() === 2, `${listening()} listeners`);
        const lookups = () => sent.filter((url) => url.includes("/get-session")).length;
        const counts = [];
        for (const tell of [() => becomes("background"), () => becomes("active"), () => connects(false), () => connects(true)]) {
          // A lookup of the last seconds is not repeated.
          await wait(5500);
          const before = lookups();
          tell();
          await wait(1000);
          counts.push(lookups() - before);
        }
        // Better Auth's client looks up when the app leaves the foreground, too.
        check(counts.join() === (app === "better-session" ? "0,1,0,1" : "1,1,0,1"), counts.join());
      },
    ],
    [
      "signs out and forgets the cookies",
      async () => {
        await ok(running.client.signOut());
        await running.shows("nobody");
        check(names() === "", names());
        await wait(500);
        check(running.states[running.states.length - 1] === "nobody", running.states.join());
      },
    ],
    [
      "signs in again",
      async () => {
        await ok(running.client.signIn.email({ email: account.email, password: account.password }));
        await running.shows("Grace");
        running.stop();
        await wait(1500);
        check(listening() === 0, `${listening()} listeners`);
      },
    ],
  ].map(([name, run]) => [`${app}: ${name}`, run]);
}

globalThis.main = async ({ server }) => {
  const results = await runAll([...cases("better-session", createOurs, server), ...cases("better-auth", createTheirs, server)]);
  globalThis.toHost({ results });
};

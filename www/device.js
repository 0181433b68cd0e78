// One device: a Better Auth client with a cookie jar of its own, and the question "am I still let in?", asked through its gate.

import { createAuthClient } from "/libraries/better-session-client.js";

/** Browsers write every refusal into their console; with this header the demo's front sends the answer, status and all, in an envelope. */
const QUIET = { "x-demo-envelope": "1" };

/** `name` is "laptop" or "phone", `strategy` the format of the session's cookie. */
export function createDevice(name, strategy) {
  const site = `/gate/${name}/${strategy}`;

  // #snippet A device and its sessions
  const auth = createAuthClient({ basePath: `${site}/api/auth` });

  const device = {
    signUp: (person) => auth.signUp.email(person),
    signIn: ({ email, password }) =>
      auth.signIn.email({ email, password }),
    sessions: () => auth.listSessions(),   // { data, error }
    revoke: ({ token }) =>
      auth.revokeSession({ token }, { verify: true }),
    revokeOthers: () => auth.revokeOtherSessions(),
    revokeAll: () => auth.revokeSessions(),
    signOut: () => auth.signOut(),
    watch: (listener) => auth.useSession.subscribe(listener),
  };
  // #end

  return {
    ...device,
    name,
    strategy,
    refetch: () => auth.useSession.get().refetch(),
    /** Ends an older session of this device, after the same person signed in anew. */
    forget: ({ token }) => auth.revokeSession({ token }),
    /** A new copy of the session from the server's database into the cookie. */
    renew: () => auth.getSession({ query: { disableCookieCache: true } }),
    /** A picture makes the session longer than one cookie can be; null takes it away. */
    setPicture: (image) => auth.updateUser({ image }),
    /** One request to the site behind the gate. `letIn` is null when no answer came. */
    ask: () => ask(`${site}/api/me`),
    /** The same to a site without a gate, which believes its cookie cache. */
    askPlain: () => ask(`/plain/${name}/${strategy}/api/me`),
    renewPlain: () => ask(`/plain/${name}/${strategy}/api/me?renew`),
    /** The cookies as the Worker received them: a page's own scripts cannot read `HttpOnly` ones. */
    cookie: (checks = 1) => ask(`${site}/api/cookie?checks=${checks}`),
    /** Makes this session a day old in the demo's database, and lets the cookie learn of it. */
    async growOld() {
      const { letIn, status, body } = await ask(`${site}/demo/age`, { method: "POST" });
      return letIn ? auth.getSession({ query: { disableCookieCache: true } }) : { error: { status, message: body?.message } };
    },
  };
}

/** { status, letIn, body, began, ms }: when it was sent, on the page's clock, and how long the answer took. */
async function ask(path, init) {
  const began = performance.now();
  try {
    const response = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(10_000), ...init, headers: QUIET });
    const { status, body } = await response.json();
    const letIn = status === 200 ? true : status === 401 || status === 403 ? false : null;
    return { status, letIn, body, began, ms: performance.now() - began };
  } catch {
    return { status: 0, letIn: null, body: null, began, ms: performance.now() - began };
  }
}

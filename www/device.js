// One device: a Better Auth client with a cookie jar of its own, and the question "am I still let in?", asked through its gate.

import { createAuthClient } from "/better-session/client.js";

/** `name` is "laptop" or "phone", `strategy` the format of the session's cookie. */
export function createDevice(name, strategy) {
  // #excerpt A device and its sessions
  const auth = createAuthClient({ basePath: `/gate/${name}/${strategy}/api/auth` });

  const device = {
    signUp: (person) => auth.signUp.email(person),
    signIn: ({ email, password }) => auth.signIn.email({ email, password }),
    sessions: () => auth.listSessions(),               // { data, error }, it never rejects
    revoke: ({ token }) => auth.revokeSession({ token }, { verify: true }),
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
    /** What the store knows: { data, error, isPending, … }. */
    state: () => auth.useSession.get(),
    refetch: () => auth.useSession.get().refetch(),
    /** Ends an older session of this device, after the same person signed in anew. */
    forget: ({ token }) => auth.revokeSession({ token }),
    /** A new copy of the session from the server's database into the cookie. */
    renew: () => auth.getSession({ query: { disableCookieCache: true } }),
    /** One request to the site behind the gate. `letIn` is null when no answer came. */
    ask: () => ask(`/gate/${name}/${strategy}/api/me`),
    /** The cookies as the Worker received them: a page's own scripts cannot read `HttpOnly` ones. */
    cookie: () => ask(`/gate/${name}/${strategy}/api/cookie`),
    /** Makes this session a day old in the demo's database, and lets the cookie learn of it. */
    async growOld() {
      const answer = await ask(`/gate/${name}/${strategy}/demo/age`, { method: "POST" });
      if (answer.letIn) await auth.getSession({ query: { disableCookieCache: true } });
      return answer;
    },
  };
}

async function ask(path, init) {
  const began = performance.now();
  try {
    const response = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(10_000), ...init });
    const body = await response.json();
    return { status: response.status, letIn: response.ok, body, began, ms: performance.now() - began };
  } catch {
    return { status: 0, letIn: null, body: null, began, ms: performance.now() - began };
  }
}

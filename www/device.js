// One device: a Better Auth client with cookies of its own, and requests to the site behind its gate.

import { createAuthClient } from "/libraries/better-session-client.js";

/** Makes the demo's front Worker wrap the response, with its status, in a 200: browsers log each 4xx response to the console. */
const ENVELOPE = { "x-demo-envelope": "1" };

/** Creates a device. `name` is "laptop" or "phone"; `strategy` is the format of the session cookie. */
export function createDevice(name, strategy) {
  const site = `/gate/${name}/${strategy}`;

  // #snippet A device and its sessions
  const auth = createAuthClient({ basePath: `${site}/api/auth` });

  const device = {
    signUp: (user) => auth.signUp.email(user),
    signIn: ({ email, password }) => auth.signIn.email({ email, password }),
    sessions: () => auth.listSessions(), // { data, error }
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
    refetch: () => auth.useSession.get().refetch(),
    /** Revokes an older session of this device after the user signed in again. */
    forget: ({ token }) => auth.revokeSession({ token }),
    /** Renews the cached session in the cookie from the server's database. */
    renew: () => auth.getSession({ query: { disableCookieCache: true } }),
    /** Sets the picture of the user; null removes it. A long one makes the session exceed the size of one cookie. */
    setPicture: (image) => auth.updateUser({ image }),
    /** Sends a request to the site behind the gate. `allowed` is null if no response came. */
    request: () => send(`${site}/api/me`),
    /** Sends a request to the site without a gate, which accepts each valid cookie cache. */
    requestPlain: () => send(`/plain/${name}/${strategy}/api/me`),
    renewPlain: () => send(`/plain/${name}/${strategy}/api/me?renew`),
    /** Returns the cookies that the Worker received: scripts cannot read `HttpOnly` cookies. */
    cookie: (checks = 1) => send(`${site}/api/cookie?checks=${checks}`),
    /** Makes this session a day old in the demo's database and renews the cookie. */
    async growOld() {
      const { allowed, status, body } = await send(`${site}/demo/age`, { method: "POST" });
      return allowed ? auth.getSession({ query: { disableCookieCache: true } }) : { error: { status, message: body?.message } };
    },
  };
}

/** Sends a request. Returns { status, allowed, body, began, ms }: `began` is `performance.now()` at the start, `ms` the duration. */
async function send(path, init) {
  const began = performance.now();
  try {
    const response = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(10_000), ...init, headers: ENVELOPE });
    const { status, body } = await response.json();
    const allowed = status === 200 ? true : status === 401 || status === 403 ? false : null;
    return { status, allowed, body, began, ms: performance.now() - began };
  } catch {
    return { status: 0, allowed: null, body: null, began, ms: performance.now() - began };
  }
}

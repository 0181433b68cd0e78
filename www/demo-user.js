// The one user of this demo, shared so that the second device can offer to sign the same user in.

const KEY = "better-session-demo";
const DEFAULTS = { name: "Ada Lovelace", password: "correct horse battery", known: false };

/** The current user. `known` is true once the server has an account for it, as far as this page has seen. The password stays in memory. */
export const demoUser = { ...DEFAULTS, email: randomEmail(), ...readStored() };

const listeners = new Set();

/** Applies `changes`, marks the user as known, stores it for a reload and calls the listeners. */
export function updateDemoUser(changes) {
  Object.assign(demoUser, changes, { known: true });
  const { name, email } = demoUser;
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ name, email, known: true }));
  } catch {
    // Without storage the form asks for the address again after a reload.
  }
  for (const listener of listeners) listener(demoUser);
}

/** Replaces the demo user by one without an account. */
export function newDemoUser() {
  Object.assign(demoUser, DEFAULTS, { email: randomEmail() });
  return demoUser;
}

/** Calls `listener` after each update. */
export function onDemoUserChange(listener) {
  listeners.add(listener);
}

function randomEmail() {
  return `ada.${crypto.getRandomValues(new Uint32Array(1))[0].toString(36)}@example.com`;
}

function readStored() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY));
  } catch {
    return null;
  }
}

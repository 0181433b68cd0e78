// The one person of this demo, so that the second device can offer to sign the same one in.

const KEY = "better-session-demo";
const FRESH = { name: "Ada Lovelace", password: "correct horse battery", known: false };

/** `known`: whether the server has met them, as far as this page has seen. The password stays in this page's memory. */
export const person = { ...FRESH, email: invent(), ...recall() };

const listeners = new Set();

export function remember(changes) {
  Object.assign(person, changes, { known: true });
  const { name, email } = person;
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ name, email, known: true }));
  } catch {
    // A browser that stores nothing asks for the address again after a reload.
  }
  for (const listener of listeners) listener(person);
}

/** Somebody the server has not met. */
export function newPerson() {
  Object.assign(person, FRESH, { email: invent() });
  return person;
}

export function onPerson(listener) {
  listeners.add(listener);
}

function invent() {
  return `ada.${crypto.getRandomValues(new Uint32Array(1))[0].toString(36)}@example.com`;
}

function recall() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY));
  } catch {
    return null;
  }
}

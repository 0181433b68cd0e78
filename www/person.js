// The one person of this demo, so that the second device can offer to sign the same one in. Kept in this page's memory, nowhere else.

const someone = crypto.getRandomValues(new Uint16Array(1))[0].toString(36);

export const person = {
  name: "Ada Lovelace",
  email: `ada.${someone}@example.com`,
  password: "correct horse battery",
  /** Whether the server knows them (as far as this page has seen). */
  known: false,
};

const listeners = new Set();

export function remember(changes) {
  Object.assign(person, changes, { known: true });
  for (const listener of listeners) listener(person);
}

export function onPerson(listener) {
  listeners.add(listener);
}

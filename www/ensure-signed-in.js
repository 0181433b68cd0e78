// For whoever skipped the first panel: signs the demo's person in, on one device or on both.

import { newPerson, person, remember } from "./person.js";

const PATIENCE_MS = 10_000;

/** Makes sure that somebody is signed in on this device. Answers an error, or null. */
export async function ensureSignedIn(view) {
  if (view.signedIn) return null;
  let answer = person.known ? await view.device.signIn(person) : { error: {} };
  if (answer.error && answer.error.status !== 0) answer = await view.device.signUp(newPerson());
  if (answer.error) return answer.error;
  remember({});
  return (await until(() => view.signedIn)) ? null : { status: 0 };
}

/** Makes sure that the same person is signed in on both. */
export async function enterBoth(laptop, phone) {
  const problem = await ensureSignedIn(laptop);
  if (problem || samePerson(laptop, phone)) return problem;
  if (laptop.signedIn.user.email === person.email) {
    const { error } = await phone.device.signIn(person);
    if (error?.status === 0) return error;
    if (!error && (await until(() => samePerson(laptop, phone)))) return null;
  }
  return startOver(laptop, phone);
}

/** Whoever is signed in on the laptop is not known to this page: a new person takes over. */
async function startOver(laptop, phone) {
  for (const { device } of [phone, laptop]) await device.signOut();
  if (!(await until(() => !laptop.signedIn && !phone.signedIn))) return { status: 0 };
  const problem = await ensureSignedIn(laptop);
  if (problem) return problem;
  const { error } = await phone.device.signIn(person);
  return error ?? ((await until(() => samePerson(laptop, phone))) ? null : { status: 0 });
}

function samePerson(laptop, phone) {
  return Boolean(laptop.signedIn && phone.signedIn?.user.id === laptop.signedIn.user.id);
}

async function until(condition) {
  const end = performance.now() + PATIENCE_MS;
  while (!condition()) {
    if (performance.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  return true;
}

// Signs in the demo user on one device or on both, for visitors who skipped the first panel.

import { newDemoUser, demoUser, updateDemoUser } from "./demo-user.js";

const TIMEOUT_MS = 10_000;

/** Makes sure that a user is signed in on the device. Returns an error or null. */
export async function ensureSignedIn(view) {
  if (view.signedIn) return null;
  let result = demoUser.known ? await view.device.signIn(demoUser) : { error: {} };
  if (result.error && result.error.status !== 0) result = await view.device.signUp(newDemoUser());
  if (result.error) return result.error;
  updateDemoUser({});
  return (await until(() => view.signedIn)) ? null : { status: 0 };
}

/** Makes sure that the same user is signed in on both devices. Returns an error or null. */
export async function ensureBothSignedIn(laptop, phone) {
  const failure = await ensureSignedIn(laptop);
  if (failure || sameUser(laptop, phone)) return failure;
  if (laptop.signedIn.user.email === demoUser.email) {
    const { error } = await phone.device.signIn(demoUser);
    if (error?.status === 0) return error;
    if (!error && (await until(() => sameUser(laptop, phone)))) return null;
  }
  return replaceUser(laptop, phone);
}

/** Signs out both devices and signs in a new user, because this page does not know the password of the laptop's user. */
async function replaceUser(laptop, phone) {
  for (const { device } of [phone, laptop]) await device.signOut();
  if (!(await until(() => !laptop.signedIn && !phone.signedIn))) return { status: 0 };
  const failure = await ensureSignedIn(laptop);
  if (failure) return failure;
  const { error } = await phone.device.signIn(demoUser);
  return error ?? ((await until(() => sameUser(laptop, phone))) ? null : { status: 0 });
}

function sameUser(laptop, phone) {
  return Boolean(laptop.signedIn && phone.signedIn?.user.id === laptop.signedIn.user.id);
}

async function until(condition) {
  const end = performance.now() + TIMEOUT_MS;
  while (!condition()) {
    if (performance.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  return true;
}

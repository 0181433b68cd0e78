// A session that a call through the gate ends is refused afterwards, also with an older copy of its cookies and at the gate
// that did not forward the call. Calls that end no session cause no lookup.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { CookieJar, call, signIn, signUp, somebody } from "../../../harness/origin.mjs";
import { inBoth } from "./support.mjs";
import { eventually } from "../revocation/support.mjs";
import { act, believed, page, pause, standing, startRevoking } from "./revoking.mjs";

const sent = new Map(); // what an e-mail carried, by its address
let at;
before(async () => {
  at = await startRevoking({
    origin: {
      plugins: async ({ plugin }) => [
        (await plugin("magic-link")).magicLink({ sendMagicLink: async ({ email, token }) => void sent.set(email, token) }),
        (await plugin("email-otp")).emailOTP({ sendVerificationOTP: async ({ email, otp }) => void sent.set(email, otp) }),
        (await plugin("multi-session")).multiSession(),
        (await plugin("anonymous")).anonymous(),
        (await plugin("organization")).organization(),
        (await plugin("one-time-token")).oneTimeToken(),
        (await plugin("admin")).admin(),
      ],
      auth: {
        emailAndPassword: {
          revokeSessionsOnPasswordReset: true,
          sendResetPassword: async ({ user, token }) => void sent.set(user.email, token),
        },
        emailVerification: {
          autoSignInAfterVerification: true,
          sendVerificationEmail: async ({ user, token }) => void sent.set(user.email, token),
        },
      },
    },
  });
});
after(() => at?.close());

/** Returns true if the database has the session. */
const lives = async (jar) => (await (await at.origin.auth.$context).internalAdapter.findSession(jar.token)) !== null;

async function assertEnded(gate, jar) {
  assert.equal(await lives(jar), false, "the server ended it");
  assert.equal(await standing(gate, jar), "invalidated");
  assert.equal((await page(gate, jar)).status, 401);
  const there = () => page(gate, jar, { "x-gate": "two" });
  await eventually(there, ({ status }) => status === 401, "the refusal at a gate that did not see the call");
}

async function assertUntouched(gate, jar) {
  assert.equal(await lives(jar), true);
  assert.equal(await standing(gate, jar), "authenticated");
}

/** Returns a user with an unverified e-mail address, signed in on two devices, whose sessions both gates have seen. */
async function twoDevices(gate) {
  const first = await signUp(at.origin);
  const second = await signIn(at.origin, first.credentials);
  for (const jar of [first, second]) await believed(gate, jar);
  await page(gate, first, { "x-gate": "two" });
  return [first, second];
}

async function signInByMail(gate, jar, email) {
  await act(gate, null, "/sign-in/magic-link", { body: { email } });
  return act(gate, jar, `/magic-link/verify?token=${sent.get(email)}`);
}

inBoth(
  "GET /magic-link/verify ends the sessions of an account whose mailbox was not proven",
  () => at,
  async (gate) => {
    const [first, second] = await twoDevices(gate);
    const owner = new CookieJar();
    await signInByMail(gate, owner, first.credentials.email);
    for (const jar of [first, second]) await assertEnded(gate, jar);
    assert.equal((await page(gate, owner)).status, 200);
    assert.equal(await standing(gate, owner), "authenticated", "the new session is spared");
  },
);

inBoth(
  "POST /sign-in/email-otp ends the sessions of such an account too",
  () => at,
  async (gate) => {
    const [first, second] = await twoDevices(gate);
    const { email } = first.credentials;
    await act(gate, null, "/email-otp/send-verification-otp", { body: { email, type: "sign-in" } });
    const owner = new CookieJar();
    await act(gate, owner, "/sign-in/email-otp", { body: { email, otp: sent.get(email) } });
    for (const jar of [first, second]) await assertEnded(gate, jar);
    assert.equal(await standing(gate, owner), "authenticated");
  },
);

inBoth(
  "GET /verify-email that signs in invalidates the user's other caches",
  () => at,
  async (gate) => {
    const [first, second] = await twoDevices(gate);
    const { email } = first.credentials;
    await act(gate, null, "/send-verification-email", { body: { email, callbackURL: "/" } });
    const owner = new CookieJar();
    await act(gate, owner, `/verify-email?token=${sent.get(email)}`);
    for (const jar of [first, second]) assert.equal(await standing(gate, jar), "invalidated");
    assert.equal((await (await page(gate, first)).json()).user.emailVerified, true);
    assert.equal(await standing(gate, owner), "authenticated");
  },
);

inBoth(
  "a GET that links an anonymous user ends the old session",
  () => at,
  async (gate) => {
    const jar = new CookieJar();
    const { token } = await (await act(gate, jar, "/sign-in/anonymous", { method: "POST", body: {} })).json();
    const anonymous = Object.assign(jar.clone(), { token });
    await believed(gate, anonymous);
    const known = await signUp(at.origin);
    await signInByMail(gate, jar, known.credentials.email);
    await assertEnded(gate, anonymous);
  },
);

inBoth(
  "POST /sign-out ends the device's other accounts",
  () => at,
  async (gate) => {
    const [a, b, stranger] = [await signUp(at.origin), await signUp(at.origin), await signUp(at.origin)];
    const device = new CookieJar();
    for (const account of [a, b]) await act(gate, device, "/sign-in/email", { body: account.credentials });
    const both = device.names.filter((name) => name.includes("_multi-"));
    assert.equal(both.length, 2);
    const [first, second] = await tokens(gate, device);
    const older = device.clone();
    await pause(2100); // signing in had the first account asked about
    await act(gate, device, "/multi-session/set-active", { body: { sessionToken: first.token } });
    const active = Object.assign(device.clone(), { token: first.token });
    await believed(gate, active);
    await act(gate, device, "/sign-out", { body: {} });
    await assertEnded(gate, active);
    await assertEnded(gate, Object.assign(older, { token: second.token }));
    for (const jar of [a, b, stranger]) await assertUntouched(gate, jar);
  },
);

inBoth(
  "POST /multi-session/revoke ends the session whose cookie the response deletes, in any encoding of its token",
  () => at,
  async (gate) => {
    const [a, b] = [await signUp(at.origin), await signUp(at.origin)];
    const device = new CookieJar();
    await act(gate, device, "/sign-in/email", { body: a.credentials });
    const [{ token }] = await tokens(gate, device);
    const first = Object.assign(device.clone(), { token });
    await believed(gate, first);
    await act(gate, device, "/sign-in/email", { body: b.credentials });
    await act(gate, device, "/multi-session/revoke", { body: { sessionToken: token.toLowerCase() } });
    await assertEnded(gate, first);
  },
);

inBoth(
  "another sign-in of the same user on a device ends its older session",
  () => at,
  async (gate) => {
    const person = await signUp(at.origin);
    const device = new CookieJar();
    await act(gate, device, "/sign-in/email", { body: person.credentials });
    const [{ token }] = await tokens(gate, device);
    const older = Object.assign(device.clone(), { token });
    await believed(gate, older);
    device.dropCache().delete("better-auth.session_token");
    await act(gate, device, "/sign-in/email", { body: person.credentials });
    await assertEnded(gate, older);
  },
);

inBoth(
  "set-active, one-time tokens and impersonation end no session",
  () => at,
  async (gate) => {
    const [a, b] = [await signUp(at.origin), await signUp(at.origin)];
    const device = new CookieJar();
    await act(gate, device, "/sign-in/email", { body: a.credentials });
    const [{ token }] = await tokens(gate, device);
    await act(gate, device, "/sign-in/email", { body: b.credentials });
    const other = (await tokens(gate, device)).find((one) => one.token !== token);
    const active = Object.assign(device.clone(), { token: other.token });
    await believed(gate, active);
    await act(gate, device, "/multi-session/set-active", { body: { sessionToken: token } });
    await assertUntouched(gate, active);
    const { token: once } = await (await act(at.origin, a, "/one-time-token/generate")).json();
    const elsewhere = b.clone();
    await act(gate, elsewhere, "/one-time-token/verify", { body: { token: once } });
    await assertUntouched(gate, b);
  },
);

inBoth(
  "a 403 below /organization/ that clears the active organization causes a lookup",
  () => at,
  async (gate) => {
    const owner = await signUp(at.origin);
    const { id } = await (
      await act(at.origin, owner, "/organization/create", { body: { name: "O", slug: owner.user.id.toLowerCase() } })
    ).json();
    const jar = await signUp(at.origin);
    await believed(gate, jar);
    for (const refused of [
      () => act(gate, jar.clone(), `/organization/get-full-organization?organizationId=${id}`, { status: 403 }),
      () => act(gate, jar.clone(), "/organization/set-active", { body: { organizationId: id }, status: 403 }),
    ]) {
      await refused();
      assert.equal(await standing(gate, jar), "invalidated");
      assert.equal((await page(gate, jar)).status, 200, "the session lives");
      await pause(2100);
      jar.store(await page(gate, jar));
      assert.equal(await standing(gate, jar), "authenticated");
    }
  },
);

inBoth(
  "a password reset without a session is recorded by the plugin only",
  () => at,
  async (gate) => {
    const [first, second] = await twoDevices(gate);
    const { email } = first.credentials;
    await act(gate, null, "/request-password-reset", { body: { email, redirectTo: "/" } });
    await act(gate, null, "/reset-password", { body: { token: sent.get(email), newPassword: "another password of theirs" } });
    for (const jar of [first, second]) {
      assert.equal(await lives(jar), false);
      assert.equal(await standing(gate, jar), "authenticated", "as the README says");
    }
  },
);

inBoth(
  "a password reset from a signed-in browser causes a lookup of its user",
  () => at,
  async (gate) => {
    const [first, second] = await twoDevices(gate);
    const { email } = first.credentials;
    await act(gate, null, "/email-otp/request-password-reset", { body: { email } });
    await act(gate, first.clone(), "/email-otp/reset-password", {
      body: { email, otp: sent.get(email), password: "another password of theirs" },
    });
    for (const jar of [first, second]) await assertEnded(gate, jar);
  },
);

/** Returns the sessions of a device, as the plugin lists them. */
async function tokens(gate, device) {
  const response = await call(gate, device, "/multi-session/list-device-sessions");
  return (await response.json()).map(({ session }) => session);
}

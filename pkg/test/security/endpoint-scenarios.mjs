// For each endpoint that ends sessions a scenario in which it does. Each makes one call through the gate and returns its effects.
import { createHmac } from "node:crypto";
import { CookieJar } from "../../../harness/origin.mjs";
import { oauth, sent } from "./endpoints.mjs";

const post = (path, body) => ({ path, options: { body } });

/** Links an anonymous user to an account, which deletes the anonymous user. `prepare` returns the call that signs in. */
const upgrade = (prepare) => async (world) => {
  const jar = await world.anonymous();
  const { path, options } = await prepare(world, jar);
  return world.through(jar, path, options);
};

/** Signs in on another device while the account, whose e-mail address is not verified, has sessions. */
const proof = (prepare) => async (world) => {
  const person = await world.person();
  await world.signIn(person);
  const { path, options } = await prepare(world, person.credentials.email);
  return world.through(null, path, options);
};

/** The multi-session plugin deletes a device's older sessions of the user whose session an answer sets. */
const again = (call) => async (world) => {
  const person = await world.person();
  const device = person.jar.clone().dropCache();
  const { path, options } = await call(world, person, device);
  return world.through(device, path, options);
};

async function otp(world, email, type) {
  await world.direct(null, "/email-otp/send-verification-otp", { body: { email, type } });
  return sent.get(email);
}

async function magicLink(world, email) {
  await world.direct(null, "/sign-in/magic-link", { body: { email } });
  return { path: `/magic-link/verify?token=${sent.get(email)}` };
}

async function providerCallback(world, jar, path) {
  oauth.user = { id: crypto.randomUUID(), sub: undefined, name: "Ada", email: world.credentials().email, emailVerified: true };
  const start = world.has("POST /sign-in/oauth2") ? ["/sign-in/oauth2", { providerId: "own" }] : ["/sign-in/social", { provider: "own" }];
  const { json } = await world.direct(jar, start[0], { body: { ...start[1], callbackURL: "/" } });
  return { path: `${path}?code=code&state=${new URL(json.url).searchParams.get("state")}` };
}

async function byPhone(world, number = `+1555${String(Math.random()).slice(2, 9)}`) {
  await world.direct(null, "/phone-number/send-otp", { body: { phoneNumber: number } });
  return post("/phone-number/verify", { phoneNumber: number, code: sent.get(number) });
}

/** Scenarios that a version has no way into: 1.4.0 sends codes only once the second factor is on. */
export const NOT_IN = new Set(["1.4.0 POST /two-factor/verify-otp"]);

/** Returns a user who is enabling two-factor authentication; `rest` is the response of the server. */
async function secondFactor(world) {
  const person = await world.person();
  const { json } = await world.direct(person.jar, "/two-factor/enable", { body: { password: person.credentials.password } });
  return { ...person, ...json };
}

function totp(uri) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...new URL(uri).searchParams.get("secret").replace(/=+$/, "")]
    .map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, "0"))
    .join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const mac = createHmac("sha1", key).update(counter).digest();
  return String((mac.readUInt32BE(mac.at(-1) & 15) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

const byAdmin = (path, body) => async (world) => {
  const admin = await world.admin();
  const person = await world.person();
  return world.through(admin.jar, path, { body: body(person) });
};

const withPassword = (path) => async (world) => {
  const person = await world.person();
  await world.signIn(person);
  return world.through(person.jar, path, { body: { password: person.credentials.password } });
};

export const SCENARIOS = {
  "POST /sign-out": async (world) => {
    const first = await world.person();
    const second = await world.person(first.jar);
    return world.through(second.jar, "/sign-out", { body: {} });
  },
  "POST /revoke-session": async (world) => {
    const person = await world.person();
    const { token } = await world.signIn(person);
    return world.through(person.jar, "/revoke-session", { body: { token } });
  },
  "POST /revoke-sessions": withPassword("/revoke-sessions"),
  "POST /revoke-other-sessions": withPassword("/revoke-other-sessions"),
  "POST /change-password": async (world) => {
    const person = await world.person();
    await world.signIn(person);
    const { password } = person.credentials;
    return world.through(person.jar, "/change-password", {
      body: { currentPassword: password, newPassword: `new ${password}`, revokeOtherSessions: true },
    });
  },
  "POST /delete-user": async (world) => {
    const person = await world.person();
    await world.signIn(person);
    const { password, email } = person.credentials;
    await world.direct(person.jar, "/delete-user", { body: { password } });
    return world.through(person.jar, "/delete-user", { body: { token: sent.get(email) } });
  },
  "GET /delete-user/callback": async (world) => {
    const person = await world.person();
    await world.signIn(person);
    const { password, email } = person.credentials;
    await world.direct(person.jar, "/delete-user", { body: { password } });
    return world.through(person.jar, `/delete-user/callback?token=${sent.get(email)}`);
  },
  "POST /delete-anonymous-user": async (world) => world.through(await world.anonymous(), "/delete-anonymous-user", { body: {} }),
  "POST /admin/ban-user": byAdmin("/admin/ban-user", ({ user }) => ({ userId: user.id })),
  "POST /admin/remove-user": byAdmin("/admin/remove-user", ({ user }) => ({ userId: user.id })),
  "POST /admin/update-user": byAdmin("/admin/update-user", ({ user }) => ({ userId: user.id, data: { banned: true } })),
  "POST /admin/revoke-user-session": byAdmin("/admin/revoke-user-session", ({ token }) => ({ sessionToken: token })),
  "POST /admin/revoke-user-sessions": byAdmin("/admin/revoke-user-sessions", ({ user }) => ({ userId: user.id })),
  "POST /admin/stop-impersonating": async (world) => {
    const admin = await world.admin();
    const person = await world.person();
    await world.direct(admin.jar, "/admin/impersonate-user", { body: { userId: person.user.id } });
    return world.through(admin.jar, "/admin/stop-impersonating", { body: {} });
  },
  "POST /multi-session/revoke": async (world) => {
    const first = await world.person();
    const { token } = first;
    await world.person(first.jar);
    return world.through(first.jar, "/multi-session/revoke", { body: { sessionToken: token } });
  },
  "POST /sign-in/email": upgrade(async (world) => post("/sign-in/email", (await world.person()).credentials)),
  "POST /sign-up/email": upgrade((world) => post("/sign-up/email", world.credentials())),
  "POST /sign-in/username": upgrade(async (world) => post("/sign-in/username", (await world.person()).credentials)),
  "POST /sign-in/phone-number": upgrade(async (world) => {
    const { jar, credentials } = await world.person();
    const call = await byPhone(world);
    const { phoneNumber } = call.options.body;
    await world.direct(jar, call.path, { body: { ...call.options.body, updatePhoneNumber: true } });
    return post("/sign-in/phone-number", { phoneNumber, password: credentials.password });
  }),
  "POST /phone-number/verify": upgrade((world) => byPhone(world)),
  "POST /email-otp/verify-email": upgrade(async (world) => {
    const { email } = (await world.person()).credentials;
    return post("/email-otp/verify-email", { email, otp: await otp(world, email, "email-verification") });
  }),
  "GET /verify-email": upgrade(async (world) => {
    const { email } = (await world.person()).credentials;
    await world.direct(null, "/send-verification-email", { body: { email, callbackURL: "/" } });
    return { path: `/verify-email?token=${sent.get(email)}` };
  }),
  "GET /callback/:id": upgrade((world, jar) =>
    providerCallback(world, jar, world.has("GET /oauth2/callback/:providerId") ? "/oauth2/callback/own" : "/callback/own"),
  ),
  "GET /oauth2/callback/:providerId": upgrade((world, jar) => providerCallback(world, jar, "/oauth2/callback/own")),
  "GET /magic-link/verify": proof(magicLink),
  "POST /sign-in/email-otp": proof(async (world, email) => post("/sign-in/email-otp", { email, otp: await otp(world, email, "sign-in") })),
  "GET /get-session": again(async (world, person, device) => {
    const other = await world.signIn(person);
    device.set("better-auth.session_token", other.jar.get("better-auth.session_token"));
    renewable(world, other);
    return { path: "/get-session?disableCookieCache=true" };
  }),
  "POST /one-time-token/verify": again(async (world, person, device) => {
    const { jar } = await world.signIn(person);
    const { json } = await world.direct(jar, "/one-time-token/generate");
    device.delete("better-auth.session_token");
    return post("/one-time-token/verify", { token: json.token });
  }),
  "POST /two-factor/verify-totp": async (world) => {
    const person = await secondFactor(world);
    return world.through(person.jar, "/two-factor/verify-totp", { body: { code: totp(person.totpURI) } });
  },
  "POST /two-factor/verify-otp": async (world) => {
    const person = await secondFactor(world);
    await world.direct(person.jar, "/two-factor/send-otp", { body: {} });
    return world.through(person.jar, "/two-factor/verify-otp", { body: { code: sent.get(person.credentials.email) } });
  },
  "POST /two-factor/disable": async (world) => {
    const person = await secondFactor(world);
    await world.direct(person.jar, "/two-factor/verify-totp", { body: { code: totp(person.totpURI) } });
    return world.through(person.jar, "/two-factor/disable", { body: { password: person.credentials.password } });
  },
  "POST /oauth2/endsession": async (world) => world.through((await world.person()).jar, "/oauth2/endsession", { body: {} }),
  "GET /oauth2/endsession": async (world) => world.through((await world.person()).jar, "/oauth2/endsession"),
};

/** The session is old enough for the server to prolong it, and so to set its cookies. */
function renewable(world, { token }) {
  world.row("session", "token", token).expiresAt = new Date(Date.now() + 86_400_000);
}

/** Endpoints whose path and response do not contain the user whose sessions end: `better-session/plugin` reports it. */
export const PLUGIN_ONLY = {
  "POST /reset-password": async (world) => {
    const person = await world.person();
    const { email } = person.credentials;
    await world.direct(null, "/request-password-reset", { body: { email, redirectTo: "/" } });
    return world.through(null, "/reset-password", { body: { token: sent.get(email), newPassword: "another password of theirs" } });
  },
  "POST /email-otp/reset-password": async (world) => {
    const person = await world.person();
    const { email } = person.credentials;
    return world.through(null, "/email-otp/reset-password", {
      body: { email, otp: await otp(world, email, "forget-password"), password: "another password of theirs" },
    });
  },
  "POST /phone-number/reset-password": async (world) => {
    const call = await byPhone(world);
    const jar = new CookieJar();
    await world.direct(jar, call.path, call.options);
    const { phoneNumber } = call.options.body;
    await world.direct(null, "/phone-number/request-password-reset", { body: { phoneNumber } });
    return world.through(null, "/phone-number/reset-password", {
      body: { phoneNumber, otp: sent.get(phoneNumber), newPassword: "another password of theirs" },
    });
  },
};

/** Endpoints that end sessions as the named scenario does, or that cannot be called in a test. */
export const LIKE = {
  "POST /callback/:id": "GET /callback/:id",
  "POST /one-tap/callback": "POST /sign-in/email", // needs a token that Google signed
  "POST /siwe/verify": "POST /one-time-token/verify", // needs a wallet; only the device's older sessions end
  "POST /two-factor/enable": "POST /two-factor/verify-totp", // with skipVerificationOnEnable
  "POST /two-factor/verify-backup-code": "POST /two-factor/verify-totp",
};

// An app with ten plugins on Better Auth's client and on this one, each with a real server of its own: the same calls have the same
// data and errors, and send the same requests.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { getAuthTables } from "better-auth/db";
import * as server from "better-auth/plugins";
import { createAuthClient as createTheirs } from "better-auth/client";
import * as plugins from "better-auth/client/plugins";
import { createAuthClient as createOurs } from "better-session/client";
import { CookieJar } from "../../../harness/origin.mjs";
import { calls } from "./plugin-calls.mjs";

const ORIGIN = "http://app.example";

/** Returns a real server with ten plugins and its data in memory, and the codes that it sends to its users. */
function startServer() {
  const codes = {};
  const data = {};
  const auth = betterAuth({
    secret: "an-example-secret-of-32-bytes-or-more",
    baseURL: ORIGIN,
    database: (options) => {
      for (const { modelName } of Object.values(getAuthTables(options))) data[modelName] ??= [];
      return memoryAdapter(data)(options);
    },
    emailAndPassword: { enabled: true, sendResetPassword: async () => {} },
    emailVerification: { sendVerificationEmail: async () => {} },
    user: { deleteUser: { enabled: true } },
    rateLimit: { enabled: false },
    logger: { disabled: true },
    telemetry: { enabled: false },
    plugins: [
      server.organization({ teams: { enabled: true }, sendInvitationEmail: async () => {} }),
      server.admin(),
      server.twoFactor({ otpOptions: { sendOTP: async ({ otp }) => void (codes.twoFactor = otp) } }),
      server.multiSession(),
      server.username(),
      server.phoneNumber({
        sendOTP: async ({ code }) => void (codes.phone = code),
        sendPasswordResetOTP: async ({ code }) => void (codes.phone = code),
      }),
      server.emailOTP({ sendVerificationOTP: async ({ otp }) => void (codes.email = otp) }),
      server.magicLink({ sendMagicLink: async ({ token }) => void (codes.magic = token) }),
      server.anonymous(),
      server.oneTimeToken(),
    ],
  });
  const promote = async (email) => {
    const { internalAdapter } = await auth.$context;
    const { user } = await internalAdapter.findUserByEmail(email);
    await internalAdapter.updateUser(user.id, { role: "admin" });
  };
  return { auth, codes, promote };
}

/** Plays all calls. Returns their results and their requests. */
async function play(create) {
  const { auth, codes, promote } = startServer();
  const jar = new CookieJar();
  const requests = [];
  const customFetchImpl = async (url, init) => {
    const headers = new Headers(init.headers);
    const { body = null, method, credentials } = init;
    requests.push({ url: String(url), method, credentials, headers: [...headers].sort(), body: plain(body && JSON.parse(body)) });
    headers.set("origin", ORIGIN);
    if (jar.size) headers.set("cookie", jar.header());
    const response = await auth.handler(new Request(url, { method, headers, body }));
    jar.store(response);
    return response;
  };
  const redirects = [];
  const client = create({
    baseURL: ORIGIN,
    fetchOptions: { customFetchImpl, headers: { "x-app": "1" } },
    plugins: [
      plugins.organizationClient({ teams: { enabled: true } }),
      plugins.adminClient(),
      plugins.twoFactorClient({ onTwoFactorRedirect: ({ twoFactorMethods }) => redirects.push(twoFactorMethods) }),
      plugins.multiSessionClient(),
      plugins.usernameClient(),
      plugins.phoneNumberClient(),
      plugins.emailOTPClient(),
      plugins.magicLinkClient(),
      plugins.anonymousClient(),
      plugins.oneTimeTokenClient(),
    ],
  });
  const state = { codes, promote };
  const results = [];
  for (const [plugin, call] of calls) results.push([plugin, plain(await call(client, state))]);
  return {
    results,
    requests: requests.map((request) => ({ ...request, url: request.url.replace(/([?&](?:\w*id|token|\w*Id)=)[^&]+/g, "$1…") })),
    redirects,
  };
}

/** Replaces what differs between runs (identifiers, times, codes) by its type. */
function plain(value, key = "") {
  if (value instanceof Date) return "Date";
  if (
    typeof value === "string" &&
    /(id|token|code|secret|uri|otp|email|slug|impersonatedBy)$/i.test(key) &&
    !/^[a-z]+@|^[A-Z_]+$|^acme/.test(value)
  )
    return "text";
  if (key === "backupCodes") return value.length;
  if (Array.isArray(value)) return value.map((one) => plain(one, key));
  if (typeof value === "object" && value) {
    const members = Object.entries(value).map(([name, member]) => [name, plain(member, name)]);
    return Object.fromEntries(members.sort(([one], [other]) => (one < other ? -1 : 1)));
  }
  return value;
}

const [ours, theirs] = [await play(createOurs), await play(createTheirs)];

test(`${calls.length} calls of ten plugins`, () => {
  assert.ok(calls.length >= 150, `${calls.length}`);
  assert.equal(new Set(calls.map(([plugin]) => plugin)).size, 11);
  const succeeded = ours.results.filter(([, result]) => result?.error === null).length;
  assert.ok(succeeded >= 80, `${succeeded} calls succeed`);
});

for (const [at, [plugin, call]] of calls.entries()) {
  const name = `${plugin} ${at}: ${String(call).replace(/\s+/g, " ").slice(0, 90)}`;
  test(name, () => assert.deepEqual(ours.results[at], theirs.results[at]));
}

test("both send the same requests", () => {
  assert.equal(ours.requests.length, theirs.requests.length);
  for (const [at, request] of ours.requests.entries()) assert.deepEqual(request, theirs.requests[at]);
});

test("both call onTwoFactorRedirect", () => {
  assert.equal(ours.redirects.length, 1);
  assert.deepEqual(ours.redirects, theirs.redirects);
});

after(() => setTimeout(() => process.exit(), 100).unref());

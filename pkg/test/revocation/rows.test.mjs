// After each call that changes a session or a user, the other gate looks the session up at the origin within the time limit.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createAuthEndpoint, sessionMiddleware } from "better-auth/api";
import { setSessionCookie } from "better-auth/cookies";
import { act, asked, eventually, refused, startTwoGates, twoDevices, visit } from "./support.mjs";

/** A plugin that is unknown to the gates: it changes the user and renews the session cookies. */
const house = {
  id: "house",
  endpoints: {
    rename: createAuthEndpoint("/house/rename", { method: "POST", use: [sessionMiddleware] }, async (ctx) => {
      const { session, user } = ctx.context.session;
      await ctx.context.internalAdapter.updateUser(user.id, { name: "Renamed" });
      await setSessionCookie(ctx, { session, user: { ...user, name: "Renamed" } });
      return ctx.json({ status: true });
    }),
  },
};

let at, admin;
before(async () => {
  const plugins = async ({ plugin }) => [(await plugin("admin")).admin(), (await plugin("organization")).organization(), house];
  const user = { changeEmail: { enabled: true, updateEmailWithoutVerification: true }, deleteUser: { enabled: true } };
  const session = { additionalFields: { theme: { type: "string", required: false } } };
  at = await startTwoGates({ origin: { plugins, auth: { user, session } } });
  ({ a: admin } = await twoDevices(at));
  const context = await at.origin.auth.$context;
  await context.internalAdapter.updateUser(admin.user.id, { role: "admin" });
  await act(at.origin, admin.dropCache(), "/get-session");
});
after(() => at?.close());

const works = async (gate, jar) => assert.equal((await visit(gate, jar)).status, 200);
const sees = (jar, look, what) =>
  eventually(
    () => visit(at.two, jar.clone(), { keep: false }),
    ({ status, body }) => status === 200 && look(body),
    what,
  );

/** Calls that end sessions: the devices that are refused at the other gate, and those that are not. */
const endings = [
  ["revoke-session", (a, b) => act(at.one, a, "/revoke-session", { token: b.token }), { spares: true }],
  ["revoke-sessions", (a) => act(at.one, a.clone(), "/revoke-sessions", {}), {}],
  ["revoke-other-sessions", (a) => act(at.one, a, "/revoke-other-sessions", {}), { spares: true }],
  ["sign-out", (_, b) => act(at.one, b.clone(), "/sign-out", {}), { spares: true }],
  [
    "change-password, revoking",
    (a) =>
      act(at.one, a, "/change-password", {
        newPassword: "another password",
        currentPassword: a.credentials.password,
        revokeOtherSessions: true,
      }),
    { spares: true },
  ],
  ["delete-user", (a) => act(at.one, a.clone(), "/delete-user", { password: a.credentials.password }), {}],
  ["admin/ban-user", (a) => act(at.one, admin, "/admin/ban-user", { userId: a.user.id }), {}],
  ["admin/remove-user", (a) => act(at.one, admin, "/admin/remove-user", { userId: a.user.id }), {}],
  ["admin/revoke-user-session", (_, b) => act(at.one, admin, "/admin/revoke-user-session", { sessionToken: b.token }), { spares: true }],
  ["admin/revoke-user-sessions", (a) => act(at.one, admin, "/admin/revoke-user-sessions", { userId: a.user.id }), {}],
];
for (const [name, end, { spares }] of endings) {
  test(`${name}: the other device is refused at the other gate`, async () => {
    const { a, b } = await twoDevices(at);
    await end(a, b);
    await refused(at.two, b);
    await refused(at.one, b);
    if (spares) for (const gate of [at.one, at.two]) await works(gate, a);
    else await refused(at.two, a);
  });
}

/** Calls that change a session or a user. `look` returns what the other device receives. */
const changes = [
  ["update-user", (a) => act(at.one, a, "/update-user", { name: "Augusta" }), ({ user }) => user.name === "Augusta"],
  [
    "change-email",
    (a) => act(at.one, a, "/change-email", { newEmail: `new-${a.credentials.email}` }),
    ({ user }) => user.email.startsWith("new-"),
  ],
  [
    "admin/set-role",
    (a) => act(at.one, admin, "/admin/set-role", { userId: a.user.id, role: "admin" }),
    ({ user }) => user.role === "admin",
  ],
  [
    "admin/update-user",
    (a) => act(at.one, admin, "/admin/update-user", { userId: a.user.id, data: { name: "Byron" } }),
    ({ user }) => user.name === "Byron",
  ],
];
for (const [name, change, look] of changes) {
  test(`${name}: the other device receives the change, and both stay signed in`, async () => {
    const { a, b } = await twoDevices(at);
    await change(a, b);
    await sees(b, look, name);
    for (const gate of [at.one, at.two]) for (const jar of [a, b]) await works(gate, jar);
  });
}

/** Calls that change the caller's own session. */
const own = [
  ["update-session", (a) => act(at.one, a, "/update-session", { theme: "dark" }), ({ session }) => session.theme === "dark"],
  [
    "organization/create",
    (a) => act(at.one, a, "/organization/create", { name: "O", slug: a.user.id.toLowerCase() }),
    ({ session }) => typeof session.activeOrganizationId === "string",
  ],
  [
    "organization/set-active",
    async (a) => {
      const { id } = await act(at.origin, a.clone(), "/organization/create", {
        name: "O",
        slug: a.user.id.toLowerCase(),
        keepCurrentActiveOrganization: true,
      });
      await act(at.one, a, "/organization/set-active", { organizationId: id });
    },
    ({ session }) => typeof session.activeOrganizationId === "string",
  ],
];
for (const [name, change, look] of own) {
  test(`${name}: a request with an older copy of the cookies receives the change`, async () => {
    const { a } = await twoDevices(at);
    const older = a.clone();
    await change(a);
    await sees(older, look, name);
    await works(at.two, a);
  });
}

test("an unknown POST that changes the caller's session revokes the caches of the caller's user", async () => {
  const { a, b } = await twoDevices(at);
  const before = asked(at.origin);
  await act(at.one, a, "/house/rename", {});
  await eventually(
    () => visit(at.two, b.clone(), { keep: false }),
    ({ body }) => asked(at.origin) > before && body.user.name === "Renamed",
    "the new name",
  );
});

test("impersonate and stop: the admin's older cookies are looked up at the origin, and both sessions work", async () => {
  const { a } = await twoDevices(at);
  const before = asked(at.origin);
  const jar = admin.clone();
  await act(at.one, jar, "/admin/impersonate-user", { userId: a.user.id });
  await eventually(
    () => visit(at.two, admin.clone(), { keep: false }),
    () => asked(at.origin) > before,
    "a question about the admin",
  );
  assert.equal((await visit(at.two, jar)).body.user.id, a.user.id);
  await works(at.one, admin);
  const impersonating = jar.clone();
  await act(at.one, jar, "/admin/stop-impersonating", {});
  await refused(at.two, impersonating);
  assert.equal((await visit(at.two, jar)).body.user.id, admin.user.id);
});

test("unban: a user who was banned is allowed again", async () => {
  const { a, b } = await twoDevices(at);
  await act(at.one, admin, "/admin/ban-user", { userId: a.user.id });
  await refused(at.two, b);
  await act(at.one, admin, "/admin/unban-user", { userId: a.user.id });
  await act(at.one, a, "/sign-in/email", a.credentials);
  await works(at.two, a);
});

test("change-password without revocation: both devices stay signed in, the other one is looked up", async () => {
  const { a, b } = await twoDevices(at);
  const before = asked(at.origin);
  await act(at.one, a, "/change-password", { newPassword: "another password", currentPassword: a.credentials.password });
  await eventually(
    () => visit(at.two, b.clone(), { keep: false }),
    () => asked(at.origin) > before,
    "a question about the other device",
  );
  for (const jar of [a, b]) await works(at.two, jar);
});

test("after the clock skew has passed, the cookie is accepted without a lookup again", async () => {
  const { a, b } = await twoDevices(at);
  await act(at.one, a, "/update-user", { name: "Augusta" });
  await sees(b, ({ user }) => user.name === "Augusta", "the change");
  let before;
  await eventually(
    async () => {
      before = asked(at.origin);
      return visit(at.two, b);
    },
    ({ status }) => status === 200 && asked(at.origin) === before,
    "an answer from the renewed cookie",
  );
});

test("gate.invalidate revokes a token, a user except one token, or all sessions", async () => {
  const { a, b } = await twoDevices(at);
  const ask = async (what, jar, expected) => {
    await fetch(`${at.one.url}/test/invalidate`, { method: "POST", body: JSON.stringify(what) });
    const before = asked(at.origin);
    const { status } = expected
      ? await eventually(
          () => visit(at.two, jar.clone(), { keep: false }),
          () => asked(at.origin) > before,
          JSON.stringify(what),
        )
      : await visit(at.two, jar.clone(), { keep: false });
    assert.equal(status, 200, "the origin knows the session: it is asked, not locked out");
  };
  await ask({ token: b.token }, b, true);
  const fresh = await twoDevices(at);
  await ask({ userId: fresh.a.user.id, exceptToken: fresh.a.token }, fresh.b, true);
  const before = asked(at.origin);
  await visit(at.two, fresh.a.clone(), { keep: false });
  assert.equal(asked(at.origin), before, "the excepted one is still answered from its cookie");
  await ask("all", fresh.a, true);
  await ask("all", a, true);
});

// Two devices of one person, against a real server: the same cases in Node and in a page. The first device keeps its
// cookies as its runtime does; the second shows its token, so that one page can be both.
import { equal } from "/suite/kit.mjs";

let count = 0;

/**
 * `cookies()` are the fetchOptions of a device with a new cookie jar; in a page, which has one jar, the next sign-up
 * fills it. `bare` are those of a device that keeps none.
 */
export function scenario({ createAuthClient, baseURL, cookies, bare }) {
  const client = (fetchOptions) => createAuthClient({ baseURL, fetchOptions });
  const make = (token, what) => fetch(`${baseURL}/test/session?token=${token}&make=${what}`, { method: "POST" });
  const person = () => ({ email: `two-${Date.now()}-${(count += 1)}@example.com`, password: "correct horse battery", name: "Ada" });

  /** Returns a new user on a device, and a function that signs in on another one. */
  async function devices() {
    const who = person();
    const first = client(cookies());
    const { data, error } = await first.signUp.email(who);
    equal(error, null, "sign-up");
    const another = async () => {
      const { data } = await client(bare).signIn.email({ email: who.email, password: who.password });
      const device = client({ ...bare, headers: { authorization: `Bearer ${data.token}` } });
      return { device, token: data.token };
    };
    return { who, first, token: data.token, another };
  }
  const refused = async (device, what) => {
    equal(await device.getSession(), { data: null, error: null }, what);
    equal((await device.listSessions()).error?.status, 401, what);
  };
  const alive = async (device, token) => equal((await device.getSession()).data?.session.token, token, "still signed in");
  const yes = { data: { status: true }, error: null };

  return [
    [
      "a session: its own dates, listed once",
      async () => {
        const { who, first, token } = await devices();
        const { data } = await first.getSession();
        equal([data.user.email, data.session.token, data.session.expiresAt instanceof Date], [who.email, token, true]);
        const list = await first.session.listSessions();
        equal([list.error, list.data.map((session) => session.token)], [null, [token]]);
      },
    ],
    [
      "revoke one, by token",
      async () => {
        const { first, token, another } = await devices();
        const second = await another();
        await alive(second.device, second.token);
        equal((await first.listSessions()).data.length, 2);
        equal(await first.revokeSession({ token: second.token }), yes);
        await refused(second.device, "the revoked device");
        await alive(first, token);
      },
    ],
    [
      "revoke one, by id, and look whether it is gone",
      async () => {
        const { first, token, another } = await devices();
        const second = await another();
        const { id } = (await first.listSessions()).data.find((session) => session.token === second.token);
        equal(await first.session.revokeSession({ id }, { verify: true }), yes);
        await refused(second.device, "the revoked device");
        equal((await first.revokeSession({ id })).error.code, "SESSION_NOT_FOUND");
        await alive(first, token);
      },
    ],
    [
      "revoke what is not there: the server says yes, the verified call does not",
      async () => {
        const { first } = await devices();
        const nobody = { token: "a-token-of-nobody" };
        equal(await first.revokeSession(nobody), yes);
        const { data, error } = await first.revokeSession(nobody, { verify: true });
        equal([data, error.status, error.code], [null, 0, "SESSION_NOT_FOUND"]);
      },
    ],
    [
      "revoke that does nothing is found out",
      async () => {
        const { first, another } = await devices();
        const second = await another();
        const { data, error } = await first.revokeSession({ token: second.token }, { verify: true, headers: { "x-deaf": "1" } });
        equal([data, error.status, error.code], [null, 0, "SESSION_STILL_ACTIVE"]);
        await alive(second.device, second.token);
      },
    ],
    [
      "revoke one's own, verified",
      async () => {
        const { another } = await devices();
        const second = await another();
        equal(await second.device.revokeSession({ token: second.token }, { verify: true }), yes);
        await refused(second.device, "the device that revoked itself");
      },
    ],
    [
      "revoke the others",
      async () => {
        const { first, token, another } = await devices();
        const [second, third] = [await another(), await another()];
        equal(await first.revokeOtherSessions(), yes);
        await refused(second.device, "the second device");
        await refused(third.device, "the third device");
        await alive(first, token);
      },
    ],
    [
      "revoke all",
      async () => {
        const { first, another } = await devices();
        const second = await another();
        equal(await first.revokeSessions(), yes);
        await refused(second.device, "the second device");
        equal(await first.getSession({ query: { disableCookieCache: true } }), { data: null, error: null });
      },
    ],
    [
      "sign out",
      async () => {
        const { first, another } = await devices();
        const second = await another();
        equal(await first.signOut(), { data: { success: true }, error: null });
        equal(await first.getSession(), { data: null, error: null });
        await alive(second.device, second.token);
      },
    ],
    [
      "expired",
      async () => {
        const { another } = await devices();
        const second = await another();
        await make(second.token, "expired");
        await refused(second.device, "the expired session");
      },
    ],
    [
      "not fresh: a typed refusal, and the way out of it",
      async () => {
        const { another } = await devices();
        const second = await another();
        await make(second.token, "old");
        const { data, error } = await second.device.listSessions();
        equal([data, error.status, error.code], [null, 403, "SESSION_NOT_FRESH"]);
        const verified = await second.device.revokeSession({ token: second.token }, { verify: true });
        equal(verified.error.code, "SESSION_NOT_FRESH");
        const fresh = await another();
        equal((await fresh.device.listSessions()).data.length, 3);
      },
    ],
    [
      "a session's own fields",
      async () => {
        const { first } = await devices();
        equal((await first.updateSession({ theme: "dark" })).data.session.theme, "dark");
        equal((await first.getSession({ query: { disableCookieCache: true } })).data.session.theme, "dark");
      },
    ],
    [
      "the rest of an app: other paths, refusals, throw",
      async () => {
        const { who, first } = await devices();
        const wrong = await client(bare).signIn.email({ email: who.email, password: "wrong horse battery" });
        equal([wrong.data, wrong.error.status, wrong.error.code], [null, 401, "INVALID_EMAIL_OR_PASSWORD"]);
        equal(await first.updateUser({ name: "Grace", plan: "pro" }), yes);
        equal((await first.getSession()).data.user.plan, "pro");
        equal((await first.no.such.endpoint()).error.status, 404);
        equal(await first.updateUser({ name: "Hedy" }, { throw: true }), { status: true });
        const thrown = await client({ ...bare, throw: true })
          .listSessions()
          .then(
            () => null,
            (error) => error,
          );
        equal([thrown instanceof Error, thrown.status], [true, 401]);
      },
    ],
  ];
}

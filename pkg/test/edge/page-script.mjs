// The script of a page with Better Auth's own, unmodified client.
import { createAuthClient } from "better-auth/client";

const client = createAuthClient();

globalThis.walk = async (person) => {
  const said = {};
  const store = [];
  client.useSession.subscribe(({ data, isPending }) => void (isPending || store.push(data?.user.name ?? null)));
  const note = async (name, call) => {
    const { data, error } = await call;
    said[name] = error ? { status: error.status, code: error.code } : shape(data);
  };
  await note("nobody", client.getSession());
  await note("wrong password", client.signIn.email({ email: person.email, password: "not this one" }));
  await note("sign-up", client.signUp.email(person));
  await note("session", client.getSession());
  await note("session, past the cache", client.getSession({ query: { disableCookieCache: true } }));
  await note("update", client.updateUser({ name: "Countess" }));
  await until(() => store.at(-1) === "Countess");
  await note("sessions", client.listSessions());
  await note("revoke others", client.revokeOtherSessions());
  said.account = (await fetch("/account")).status;
  await note("sign-out", client.signOut());
  await until(() => store.at(-1) === null);
  await note("afterwards", client.getSession());
  said["account afterwards"] = (await fetch("/account")).status;
  said["cookies that scripts see"] = document.cookie;
  return said;
};

async function until(condition) {
  for (const deadline = Date.now() + 30_000; !condition();) {
    if (Date.now() > deadline) throw new Error("the store never heard of it");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Returns the members and types of values, without strings that differ between two users. */
function shape(value) {
  if (Array.isArray(value)) return value.map(shape);
  if (value instanceof Date) return "a date";
  if (value === null || typeof value !== "object") return value;
  const members = Object.entries(value).map(([name, one]) => [name, /^(id|token|userId|email)$/.test(name) ? typeof one : shape(one)]);
  return Object.fromEntries(members);
}

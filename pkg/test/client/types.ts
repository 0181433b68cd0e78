// Compiled, never run: valid code of a page, and invalid code after each `@ts-expect-error`.
import { createAuthClient, type AuthError, type FaultCode, type ListedSession, type Result, type SessionData } from "better-session/client";
import { createAuthClient as createReactClient, useStore } from "better-session/react";
import type { Session, User } from "better-session";
import { computed } from "nanostores";
import { useStore as useNanoStore } from "@nanostores/react";
import { createAuthClient as createTheirs } from "better-auth/client";

interface Added {
  session: { theme: "dark" | "light" };
  user: { plan: string };
}

const plain = createAuthClient();
const client = createAuthClient<Added>({
  baseURL: "https://example.com",
  basePath: "/auth",
  sessionOptions: { refetchInterval: 60, refetchOnWindowFocus: false, refetchWhenOffline: true },
});

export async function sessions() {
  const { data, error } = await client.getSession({ query: { disableCookieCache: true } });
  if (error) return [error.status satisfies number, error.message satisfies string | undefined];
  const theme: "dark" | "light" | undefined = data?.session.theme;
  const plan: string | undefined = data?.user.plan;
  // @ts-expect-error nobody may be signed in
  data.session;
  // @ts-expect-error no such field of the session
  data?.session.plan;
  // @ts-expect-error not without the generics
  (await plain.getSession()).data?.user.plan;
  const expires: Date | undefined = data?.session.expiresAt;
  const whole: SessionData<Added> | null = data;
  const session: Session | undefined = data?.session;
  const user: User | undefined = data?.user;
  return [theme, plan, expires, whole, session, user];
}

export async function lists() {
  const listed = await client.session.listSessions();
  // @ts-expect-error not before the error was looked at
  listed.data.length;
  if (listed.error) {
    if (listed.error.code === "SESSION_NOT_FRESH") return [];
    const code: FaultCode | "SESSION_NOT_FRESH" | (string & {}) | undefined = listed.error.code;
    return [code];
  }
  // @ts-expect-error an outcome has data or an error, never both
  listed.error.status;
  const [first] = listed.data;
  const described: [boolean | undefined, string | undefined | null, string | undefined, string | undefined] = [
    first?.current,
    first?.device?.os,
    first?.browser?.name,
    first?.place?.country,
  ];
  // @ts-expect-error the user agent's words are not ours
  first?.device?.type === "toaster";
  const withPlugins = await createAuthClient({ plugins: [] }).listSessions();
  const sessions: ListedSession[] | null = withPlugins.data;
  return [listed.data.map((session) => session.theme), described, sessions];
}

export async function revokes() {
  await client.revokeSession({ token: "t" });
  const { error } = await client.revokeSession({ id: "i" }, { verify: true });
  if (error?.code === "SESSION_STILL_ACTIVE" || error?.code === "SESSION_NOT_FOUND") return error.status;
  // @ts-expect-error which one?
  await client.revokeSession({});
  // @ts-expect-error which one?
  await client.revokeSession();
  // @ts-expect-error one or the other
  await client.revokeSession({ token: "t", id: "i" });
  // @ts-expect-error a token is a string
  await client.revokeSession({ token: 1 });
  await client.revokeOtherSessions();
  await client.revokeSessions({ fetchOptions: { headers: { a: "b", c: undefined } } });
  const out: Result<{ success: boolean }> = await client.signOut();
  return out;
}

export async function throwing() {
  const data: SessionData<Added> | null = await client.getSession({}, { throw: true });
  const list = await client.listSessions({ fetchOptions: { throw: true } });
  // @ts-expect-error the data alone
  data.error;
  return [data, list.length];
}

export async function others() {
  const { data } = await client.signIn.email({ email: "a@example.com", password: "p", rememberMe: false });
  const plan: string | undefined = data?.user.plan;
  // @ts-expect-error a password is needed
  await client.signIn.email({ email: "a@example.com" });
  await client.signUp.email({ email: "a@example.com", password: "p", name: "A", plan: "pro" });
  // @ts-expect-error a name is needed
  await client.signUp.email({ email: "a@example.com", password: "p" });
  await client.updateUser({ name: "B", plan: "free" });
  // @ts-expect-error a plan is text
  await client.updateUser({ plan: 1 });
  await client.updateSession({ theme: "dark" });
  // @ts-expect-error no such theme
  await client.updateSession({ theme: "blue" });
  // Any other path is there, untyped.
  const any = await client.twoFactor.verifyTotp({ code: "1" });
  const posted: Result<{ ok: boolean }> = await client.$fetch<{ ok: boolean }>("/x", { method: "POST", body: { a: 1 } });
  return [plan, any, posted];
}

export function options(): void {
  createAuthClient({
    fetchOptions: {
      timeout: 1000,
      retry: { attempts: 2, type: "exponential", delay: 10, maxDelay: 100, anyMethod: true },
      credentials: "omit",
      customFetchImpl: async (url, init) => fetch(url, init),
      onRequest: ({ url, headers }) => void headers.set("x", url),
      onError: ({ error }) => void (error satisfies AuthError),
    },
  });
  // @ts-expect-error seconds, as a number
  createAuthClient({ sessionOptions: { refetchInterval: "60" } });
  // @ts-expect-error no such way to wait
  createAuthClient({ fetchOptions: { retry: { attempts: 1, type: "cubic" } } });
  // @ts-expect-error no such option
  createAuthClient({ baseUrl: "https://example.com" });
}

export function stores(): unknown[] {
  const store = client.useSession;
  const stop: () => void = store.subscribe(({ data, isPending }) => [data?.user.plan, isPending satisfies boolean]);
  const name = computed(store, ({ data }) => data?.user.name);
  // @ts-expect-error a store is read-only
  store.set({});
  client.hydrateSession(null);
  // @ts-expect-error not a session
  client.hydrateSession({ session: 1 });
  const until: Date | null = client.freshUntil;
  const fresh: boolean = client.isFresh(60);
  // @ts-expect-error it is a fact, not a setting
  client.freshUntil = new Date();
  return [stop, name, until, fresh];
}

export function Component(): string | undefined {
  const react = createReactClient<Added>();
  const { data, isPending, refetch } = react.useSession();
  const again: Promise<void> = refetch({ query: { disableCookieCache: true } });
  const other = useStore(client.useSession).data?.session.theme;
  const nano = useNanoStore(react.useSession).data?.user.plan;
  // @ts-expect-error the vanilla client's is no hook
  client.useSession();
  return isPending ? `${again} ${other} ${nano}` : data?.user.plan;
}

/** Code for Better Auth's client compiles with ours. */
export async function beside() {
  const theirs = createTheirs();
  type Theirs = NonNullable<Awaited<ReturnType<typeof theirs.getSession>>["data"]>;
  const greet = ({ user, session }: Theirs) => `${user.name} until ${session.expiresAt.toISOString()}`;
  const { data } = await plain.getSession();
  return data && greet(data);
}

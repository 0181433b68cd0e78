// Compiled, never run, once against each client: CLIENT stands for the module. Valid code of an app with plugins, and invalid code
// after each `@ts-expect-error`.
import { createAuthClient } from "CLIENT";
import {
  adminClient,
  anonymousClient,
  emailOTPClient,
  inferAdditionalFields,
  magicLinkClient,
  multiSessionClient,
  organizationClient,
  phoneNumberClient,
  twoFactorClient,
  usernameClient,
} from "better-auth/client/plugins";
import { betterAuth } from "better-auth";
import { computed } from "nanostores";

const auth = betterAuth({
  user: { additionalFields: { plan: { type: "string", required: true }, age: { type: "number", required: false } } },
  session: { additionalFields: { theme: { type: "string", required: false } } },
});
const client = createAuthClient({
  baseURL: "https://example.com",
  plugins: [
    organizationClient({ teams: { enabled: true } }),
    adminClient(),
    twoFactorClient({ onTwoFactorRedirect: () => {} }),
    multiSessionClient(),
    usernameClient(),
    phoneNumberClient(),
    emailOTPClient(),
    magicLinkClient(),
    anonymousClient(),
    inferAdditionalFields<typeof auth>(),
  ],
});
const throwing = createAuthClient({ plugins: [usernameClient()], fetchOptions: { throw: true } });
type Session = typeof client.$Infer.Session;

export async function valid(session: Session): Promise<unknown[]> {
  const plan: string = session.user.plan;
  const age: number | null | undefined = session.user.age;
  const theme: string | null | undefined = session.session.theme;
  const organization: string | null | undefined = session.session.activeOrganizationId;
  const team: string | null | undefined = session.session.activeTeamId;
  const impersonator: string | null | undefined = session.session.impersonatedBy;
  const role: string | null | undefined = session.user.role;
  const banned: boolean | null | undefined = session.user.banned;
  const name: string | null | undefined = session.user.username;
  const phone: string | null | undefined = session.user.phoneNumber;
  const anonymous: boolean | null | undefined = session.user.isAnonymous;
  const second: boolean | null | undefined = session.user.twoFactorEnabled;
  const expires: Date = session.session.expiresAt;
  const current = await client.getSession();
  const email: string | undefined = current.data?.user.email;
  const status: number | undefined = current.error?.status;
  await client.getSession({ query: { disableCookieCache: true } });
  await client.signUp.email({ email: "a@b.c", password: "p", name: "A", plan: "pro" });
  await client.signUp.email({ email: "a@b.c", password: "p", name: "A", plan: "pro", age: 30, username: "ada" });
  const signedIn = await client.signIn.email({ email: "a@b.c", password: "p", rememberMe: false });
  const plan2: string | undefined = signedIn.data?.user.plan;
  await client.signIn.email({ email: "a@b.c", password: "p" }, { onSuccess: ({ data }) => void data });
  await client.signIn.social({ provider: "github", callbackURL: "/in" });
  await client.signIn.username({ username: "ada", password: "p" });
  await client.signIn.phoneNumber({ phoneNumber: "+49", password: "p" });
  await client.signIn.emailOtp({ email: "a@b.c", otp: "1" });
  await client.signIn.magicLink({ email: "a@b.c" });
  await client.signIn.anonymous();
  await client.signOut({ fetchOptions: { onSuccess: () => {} } });
  await client.updateUser({ name: "B", plan: "free" });
  await client.updateSession({ theme: "dark" });
  await client.changePassword({ currentPassword: "p", newPassword: "q", revokeOtherSessions: true });
  await client.requestPasswordReset({ email: "a@b.c", redirectTo: "/reset" });
  const sessions = await client.listSessions();
  const tokens: string[] = (sessions.data ?? []).map(({ token }) => token);
  await client.revokeSession({ token: "t" });
  await client.revokeOtherSessions();
  const created = await client.organization.create({ name: "Acme", slug: "acme" });
  const id: string | undefined = created.data?.id;
  await client.organization.setActive({ organizationId: null });
  await client.organization.inviteMember({ email: "a@b.c", role: "member" });
  await client.organization.createTeam({ name: "T", organizationId: "o" });
  const may = client.organization.checkRolePermission({ role: "admin", permissions: { member: ["create"] } });
  const listed = await client.organization.list();
  const slugs: string[] = (listed.data ?? []).map(({ slug }) => slug);
  await client.admin.listUsers({ query: { limit: 10 } });
  await client.admin.banUser({ userId: "u", banReason: "spam" });
  await client.admin.impersonateUser({ userId: "u" });
  await client.admin.stopImpersonating();
  const allowed: boolean = client.admin.checkRolePermission({ role: "admin", permissions: { user: ["ban"] } });
  const enabled = await client.twoFactor.enable({ password: "p" });
  const uri: string | undefined = enabled.data?.method === "totp" ? enabled.data.totpURI : undefined;
  await client.twoFactor.verifyTotp({ code: "1", trustDevice: true });
  const devices = await client.multiSession.listDeviceSessions();
  const users: string[] = (devices.data ?? []).map(({ user }) => user.id);
  await client.multiSession.setActive({ sessionToken: "t" });
  await client.phoneNumber.sendOtp({ phoneNumber: "+49" });
  await client.emailOtp.sendVerificationOtp({ email: "a@b.c", type: "sign-in" });
  const code: string = client.$ERROR_CODES.USER_NOT_FOUND.message;
  const own: "ORGANIZATION_ALREADY_EXISTS" = client.$ERROR_CODES.ORGANIZATION_ALREADY_EXISTS.code;
  const data = await throwing.getSession();
  const thrown: string | undefined = data?.user.email;
  const pages = await client.$fetch<{ ok: boolean }>("/x", { method: "POST", body: { a: 1 } });
  client.$store.notify("$sessionSignal");
  client.hydrateSession(session);
  const title = computed(client.useSession, ({ data }) => data?.user.plan);
  const stop: () => void = client.useActiveOrganization.subscribe(({ data, isPending }) => [data?.slug, isPending]);
  const mine: string | undefined = client.useListOrganizations.get().data?.[0]?.name;
  const member: string | undefined = client.useActiveMember.get().data?.role;
  return [
    plan,
    age,
    theme,
    organization,
    team,
    impersonator,
    role,
    banned,
    name,
    phone,
    anonymous,
    second,
    expires,
    email,
    status,
    plan2,
    tokens,
  ].concat([id, may, slugs, allowed, uri, users, code, own, thrown, pages, title, stop, mine, member] as never[]);
}

export async function invalid(session: Session): Promise<unknown> {
  // @ts-expect-error a plan is text
  session.user.plan satisfies number;
  // @ts-expect-error an age is a number
  const age: string = session.user.age;
  // @ts-expect-error no such field of a user
  session.user.theme;
  // @ts-expect-error no such field of a session
  session.session.plan;
  // @ts-expect-error a date
  const expires: string = session.session.expiresAt;
  // @ts-expect-error no such field
  session.user.nickname;
  const current = await client.getSession();
  // @ts-expect-error nobody may be signed in
  current.data.user;
  // @ts-expect-error there may be no error
  current.error.status;
  // @ts-expect-error a plan is required
  await client.signUp.email({ email: "a@b.c", password: "p", name: "A" });
  // @ts-expect-error a name is required
  await client.signUp.email({ email: "a@b.c", password: "p", plan: "pro" });
  // @ts-expect-error an age is a number
  await client.signUp.email({ email: "a@b.c", password: "p", name: "A", plan: "pro", age: "30" });
  // @ts-expect-error a password is required
  await client.signIn.email({ email: "a@b.c" });
  // @ts-expect-error an argument is required
  await client.signIn.email();
  // @ts-expect-error no such way to sign in
  await client.signIn.carrierPigeon({ email: "a@b.c" });
  // @ts-expect-error a user name is required
  await client.signIn.username({ password: "p" });
  // @ts-expect-error an address is required
  await client.signIn.magicLink({});
  // @ts-expect-error not a plan
  await client.updateUser({ plan: 1 });
  // @ts-expect-error not a theme
  await client.updateSession({ theme: 1 });
  // @ts-expect-error a new password is required
  await client.changePassword({ currentPassword: "p" });
  // @ts-expect-error a token is required
  await client.revokeSession({});
  // @ts-expect-error a token is text
  await client.revokeSession({ token: 1 });
  // @ts-expect-error a slug is required
  await client.organization.create({ name: "Acme" });
  // @ts-expect-error a name is text
  await client.organization.create({ name: 1, slug: "acme" });
  // @ts-expect-error no such role
  await client.organization.inviteMember({ email: "a@b.c", role: "emperor" });
  // @ts-expect-error a role is required
  await client.organization.inviteMember({ email: "a@b.c" });
  // @ts-expect-error no such endpoint
  await client.organization.dissolve();
  // @ts-expect-error no such permission
  client.organization.checkRolePermission({ role: "admin", permissions: { member: ["levitate"] } });
  // @ts-expect-error a user is required
  await client.admin.banUser({ banReason: "spam" });
  // @ts-expect-error a limit is a number or text
  await client.admin.listUsers({ query: { limit: true } });
  // @ts-expect-error a code is required
  await client.twoFactor.verifyTotp({});
  // @ts-expect-error a password is text
  await client.twoFactor.enable({ password: 1 });
  // @ts-expect-error a token is required
  await client.multiSession.setActive({});
  // @ts-expect-error no such purpose of a code
  await client.emailOtp.sendVerificationOtp({ email: "a@b.c", type: "fun" });
  // @ts-expect-error no such error
  client.$ERROR_CODES.NO_SUCH_ERROR;
  const data = await throwing.getSession();
  // @ts-expect-error the data alone
  data.error;
  // @ts-expect-error a plugin that is not there
  await throwing.organization.list();
  // @ts-expect-error not a session
  client.hydrateSession({ session: 1 });
  // @ts-expect-error no such store
  client.useNothing.get();
  // @ts-expect-error a slug is text
  client.useActiveOrganization.get().data?.slug satisfies number | undefined;
  // @ts-expect-error options are an object
  await client.signOut({ fetchOptions: 1 });
  // @ts-expect-error a plan is text
  client.useSession.get().data?.user.plan satisfies number | undefined;
  return [age, expires, auth];
}

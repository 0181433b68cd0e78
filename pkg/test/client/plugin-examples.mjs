// Examples of the plugins, one each, of what their documentation shows. An example gets the app of one device: `client`,
// `say` (notes a result), `shows` (notes what a store shows once it is at rest), `device` (another device), and the codes that the server sent.
import { base32 } from "@better-auth/utils/base32";
import { createOTP } from "@better-auth/utils/otp";

const account = { email: "ada@example.com", password: "correct horse battery", name: "Ada" };
const user = (data) => data && [data.user.name, data.user.email, data.user.isAnonymous ?? null];

/** Signs up with the callbacks that the documentation passes as the second argument. */
async function signUp({ client, say }, more = {}) {
  const events = [];
  await say(
    client.signUp.email(
      { ...account, ...more },
      {
        onRequest: () => void events.push("request"),
        onSuccess: ({ data }) => void events.push(data.user.name),
        onError: ({ error }) => void events.push(error.message),
      },
    ),
  );
  await say(events);
}

export const examples = {
  /** Sign up with a name, sign in by it, change it. */
  async username(app) {
    const { client, say, shows } = app;
    await say(client.isUsernameAvailable({ username: "ada_l" }));
    await signUp(app, { username: "Ada_L" });
    await say(client.signOut());
    await say(client.signIn.username({ username: "ada_l", password: account.password }));
    await say(client.updateUser({ username: "countess" }));
    await shows(client.useSession, (data) => [data?.user.username, data?.user.displayUsername]);
  },

  /** Create an organisation, show the list and the active one, invite somebody who accepts, check a permission. */
  async organization(app) {
    const { client, say, shows, device } = app;
    const active = (data) => data && [data.name, data.members.length, data.invitations.map(({ status }) => status)];
    const names = (data) => data?.map(({ name }) => name);
    await signUp(app);
    await shows(client.useListOrganizations, names);
    await say(client.organization.create({ name: "Acme", slug: "acme" }));
    await shows(client.useListOrganizations, names);
    await shows(client.useActiveOrganization, active);
    const { data } = await client.organization.inviteMember({ email: "bob@example.com", role: "member" });
    await shows(client.useActiveOrganization, active);
    const bob = device();
    await bob.say(bob.client.signUp.email({ ...account, email: "bob@example.com", name: "Bob" }));
    await bob.say(bob.client.organization.acceptInvitation({ invitationId: data.id }));
    await bob.shows(bob.client.useActiveMember, (member) => member?.role);
    await say(client.organization.setActive({ organizationSlug: "acme" }));
    await shows(client.useActiveOrganization, active);
    await say(client.organization.hasPermission({ permissions: { organization: ["delete"] } }));
    await say(client.organization.checkRolePermission({ role: "member", permissions: { organization: ["delete"] } }));
    await say(client.organization.setActive({ organizationId: null }));
    await shows(client.useActiveOrganization, active);
  },

  /** List users, ban one, act as one. */
  async admin(app) {
    const { client, say, shows, device, promote } = app;
    await signUp(app);
    const bob = device();
    await bob.say(bob.client.signUp.email({ ...account, email: "bob@example.com", name: "Bob" }));
    await promote(account.email);
    const { data } = await client.admin.listUsers({ query: { searchValue: "bob", searchField: "email", limit: 10 } });
    await say(data.users.map(({ name, role }) => [name, role]));
    const userId = data.users[0].id;
    await say(client.admin.impersonateUser({ userId }));
    await shows(client.useSession, user);
    await say(client.admin.stopImpersonating());
    await shows(client.useSession, user);
    await say(client.admin.banUser({ userId, banReason: "spam" }));
    await bob.say(bob.client.signIn.email({ email: "bob@example.com", password: account.password }));
    await say(client.admin.unbanUser({ userId }));
    await say(client.admin.checkRolePermission({ role: "admin", permissions: { user: ["delete"] } }));
  },

  /** Switch it on with an authenticator, sign in with a code of it, and with a backup code. */
  async twoFactor(app) {
    const { client, say, shows, redirects } = app;
    await signUp(app);
    const { data } = await client.twoFactor.enable({ password: account.password });
    const secret = new TextDecoder().decode(base32.decode(new URL(data.totpURI).searchParams.get("secret")));
    const code = () => createOTP(secret).totp();
    await say(client.twoFactor.verifyTotp({ code: await code() }));
    await say(client.signOut());
    const signIn = () => client.signIn.email({ email: account.email, password: account.password });
    await say(signIn());
    await say(redirects);
    await say(client.twoFactor.verifyTotp({ code: await code() }));
    await shows(client.useSession, (session) => session?.user.twoFactorEnabled);
    await say(client.signOut());
    await say(signIn());
    await say(client.twoFactor.verifyBackupCode({ code: data.backupCodes[0] }));
    await shows(client.useSession, user);
    await say(client.twoFactor.disable({ password: account.password }));
  },

  /** Sign in by a code from an e-mail, and reset the password by one. */
  async emailOtp(app) {
    const { client, say, shows, codes } = app;
    await say(client.emailOtp.sendVerificationOtp({ email: account.email, type: "sign-in" }));
    await say(client.signIn.emailOtp({ email: account.email, otp: codes.email }));
    await shows(client.useSession, (data) => [data?.user.email, data?.user.emailVerified]);
    await say(client.emailOtp.requestPasswordReset({ email: account.email }));
    await say(client.emailOtp.resetPassword({ email: account.email, otp: codes.email, password: account.password }));
    await say(client.signIn.email({ email: account.email, password: account.password }));
  },

  /** Add a number, verify it, sign in with it. */
  async phoneNumber(app) {
    const { client, say, shows, codes } = app;
    await signUp(app);
    await say(client.phoneNumber.sendOtp({ phoneNumber: "+491234567" }));
    await say(client.phoneNumber.verify({ phoneNumber: "+491234567", code: codes.phone, updatePhoneNumber: true }));
    await shows(client.useSession, (data) => [data?.user.phoneNumber, data?.user.phoneNumberVerified]);
    await say(client.signOut());
    await say(client.signIn.phoneNumber({ phoneNumber: "+491234567", password: account.password, rememberMe: true }));
    await shows(client.useSession, user);
  },

  /** Ask for a link, and open it. */
  async magicLink(app) {
    const { client, say, shows, codes } = app;
    await say(client.signIn.magicLink({ email: account.email, name: account.name, callbackURL: "/dashboard" }));
    await say(client.magicLink.verify({ query: { token: codes.magic } }));
    await client.$store.notify("$sessionSignal");
    await shows(client.useSession, user);
  },

  /** Two accounts on one device: switch, and sign one out. */
  async multiSession(app) {
    const { client, say, shows } = app;
    await signUp(app);
    await say(client.signUp.email({ ...account, email: "bob@example.com", name: "Bob" }));
    const { data } = await client.multiSession.listDeviceSessions();
    await say(data.map(({ user }) => user.name).sort());
    const sessionToken = data.find(({ user }) => user.name === "Ada").session.token;
    await say(client.multiSession.setActive({ sessionToken }));
    await shows(client.useSession, user);
    await say(client.multiSession.revoke({ sessionToken }));
    await say(client.getSession());
  },

  /** Hand the session over to another device. */
  async oneTimeToken(app) {
    const { client, say, device } = app;
    await signUp(app);
    const { data } = await client.oneTimeToken.generate();
    const other = device();
    await other.say(other.client.oneTimeToken.verify({ token: data.token }));
    await other.say(other.client.getSession());
    await say(client.oneTimeToken.verify({ token: data.token }));
  },

  /** Begin without an account, and keep the session when one is made. */
  async anonymous(app) {
    const { client, say, shows } = app;
    await say(client.signIn.anonymous());
    await shows(client.useSession, (data) => data?.user.isAnonymous);
    await signUp(app);
    await shows(client.useSession, user);
  },
};

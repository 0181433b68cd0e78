// The calls of an app with ten plugins, in order: `[plugin, call]`. `call` gets the client and what earlier calls left in `state`.

const person = (name) => ({ email: `${name}@example.com`, password: "correct horse battery", name });
const ada = person("ada");
const bob = person("bob");

/** Calls of the core. */
const core = [
  (c) => c.getSession(),
  (c) => c.listSessions(),
  (c) => c.signUp.email({ ...ada, username: "ada_lovelace" }),
  (c) => c.getSession(),
  (c) => c.getSession({ query: { disableCookieCache: true } }),
  (c) => c.listSessions(),
  (c) => c.listAccounts(),
  (c) => c.updateUser({ name: "Ada L." }),
  (c) => c.updateUser({ image: "https://example.com/ada.png" }),
  (c) => c.updateUser({}),
  (c) => c.updateUser({ email: "other@example.com" }),
  (c) => c.changePassword({ currentPassword: "wrong wrong wrong", newPassword: "another long one" }),
  (c) => c.changePassword({ currentPassword: ada.password, newPassword: "another long one", revokeOtherSessions: true }),
  (c) => c.changePassword({ currentPassword: "another long one", newPassword: ada.password }),
  (c) => c.requestPasswordReset({ email: ada.email, redirectTo: "/reset" }),
  (c) => c.sendVerificationEmail({ email: ada.email }),
  (c) => c.verifyEmail({ query: { token: "x" } }),
  (c) => c.revokeSession({ token: "no such token" }),
  (c) => c.revokeOtherSessions(),
  (c) => c.signIn.social({ provider: "github" }),
  (c) => c.linkSocial({ provider: "github" }),
  (c) => c.unlinkAccount({ providerId: "github" }),
  (c) => c.getAccessToken({ providerId: "github" }),
  (c) => c.no.such.endpoint({ a: 1 }),
  (c) => c.$fetch("/get-session"),
  (c) => c.$fetch("/update-user", { method: "POST", body: { name: "Ada" } }),
  (c) => c.$fetch("/ok"),
  (c) => c.getSession({}, { headers: { "x-own": "1" } }),
  (c) => c.getSession({ fetchOptions: { query: { disableRefresh: true } } }),
  (c) => c.signUp.email(ada),
  (c) => c.signUp.email({ ...bob, password: "short" }),
  (c) => c.signUp.email({ ...bob, email: "not an address" }),
];

const username = [
  (c) => c.isUsernameAvailable({ username: "ada_lovelace" }),
  (c) => c.isUsernameAvailable({ username: "nobody_else" }),
  (c) => c.isUsernameAvailable({ username: "?" }),
  (c) => c.updateUser({ username: "ada_byron", displayUsername: "Ada Byron" }),
  (c) => c.signOut(),
  (c) => c.signIn.username({ username: "ada_byron", password: "wrong wrong wrong" }),
  (c) => c.signIn.username({ username: "a", password: ada.password }),
  (c) => c.signIn.username({ username: "ada_byron", password: ada.password }),
  (c) => c.getSession(),
];

const organization = [
  (c) => c.organization.list(),
  (c) => c.organization.checkSlug({ slug: "acme" }),
  async (c, s) => (s.org = await c.organization.create({ name: "Acme", slug: "acme", metadata: { tier: 1 } })),
  (c) => c.organization.create({ name: "Acme", slug: "acme" }),
  (c) => c.organization.create({ name: "", slug: "" }),
  (c) => c.organization.checkSlug({ slug: "acme" }),
  (c) => c.organization.list(),
  (c) => c.organization.getFullOrganization(),
  (c, s) => c.organization.getFullOrganization({ query: { organizationId: s.org.data.id } }),
  (c) => c.organization.getFullOrganization({ query: { organizationSlug: "none" } }),
  (c, s) => c.organization.setActive({ organizationId: s.org.data.id }),
  (c) => c.organization.setActive({ organizationId: "none" }),
  (c) => c.organization.setActive({ organizationSlug: "acme" }),
  (c) => c.organization.setActive({ organizationId: null }),
  (c, s) => c.organization.setActive({ organizationId: s.org.data.id }),
  (c, s) => c.organization.update({ organizationId: s.org.data.id, data: { name: "Acme Ltd." } }),
  (c) => c.organization.update({ data: { slug: "acme-2" } }),
  async (c, s) => (s.invitation = await c.organization.inviteMember({ email: bob.email, role: "member" })),
  (c) => c.organization.inviteMember({ email: bob.email, role: "member" }),
  (c) => c.organization.inviteMember({ email: "carl@example.com", role: ["admin", "member"] }),
  (c, s) => c.organization.listInvitations({ query: { organizationId: s.org.data.id } }),
  (c, s) => c.organization.getInvitation({ query: { id: s.invitation.data?.id } }),
  (c, s) => c.organization.acceptInvitation({ invitationId: s.invitation.data?.id }),
  (c, s) => c.organization.rejectInvitation({ invitationId: s.invitation.data?.id }),
  (c, s) => c.organization.cancelInvitation({ invitationId: s.invitation.data?.id }),
  (c) => c.organization.listUserInvitations(),
  async (c, s) => (s.member = await c.organization.getActiveMember()),
  (c) => c.organization.getActiveMemberRole(),
  (c) => c.organization.listMembers({ query: { limit: 10, sortBy: "createdAt" } }),
  (c, s) => c.organization.updateMemberRole({ memberId: s.member.data?.id, role: "member" }),
  (c) => c.organization.removeMember({ memberIdOrEmail: "nobody@example.com" }),
  (c) => c.organization.hasPermission({ permissions: { organization: ["update"] } }),
  (c) => c.organization.hasPermission({ permissions: { member: ["delete"], invitation: ["create"] } }),
  async (c) => c.organization.checkRolePermission({ role: "member", permissions: { organization: ["delete"] } }),
  async (c, s) => (s.team = await c.organization.createTeam({ name: "Red" })),
  (c) => c.organization.listTeams(),
  (c, s) => c.organization.updateTeam({ teamId: s.team.data?.id, data: { name: "Blue" } }),
  (c, s) => c.organization.setActiveTeam({ teamId: s.team.data?.id }),
  (c) => c.organization.listUserTeams(),
  (c, s) => c.organization.listTeamMembers({ query: { teamId: s.team.data?.id } }),
  (c, s) => c.organization.removeTeam({ teamId: s.team.data?.id }),
  (c, s) => c.organization.leave({ organizationId: s.org.data.id }),
  (c) => c.organization.leave({ organizationId: "none" }),
  (c, s) => c.organization.delete({ organizationId: s.org.data.id }),
  (c) => c.organization.delete({ organizationId: "none" }),
  (c) => c.organization.list(),
];

const admin = [
  (c) => c.admin.listUsers({ query: { limit: 5, offset: 0, sortBy: "name", sortDirection: "desc" } }),
  async (c, s) => (await s.promote(ada.email), c.getSession({ query: { disableCookieCache: true } })),
  (c) => c.admin.listUsers({ query: { limit: 5, searchValue: "ada", searchField: "email", searchOperator: "contains" } }),
  async (c, s) => (s.user = await c.admin.createUser({ ...bob, role: "user", data: { username: "bob_builder" } })),
  (c) => c.admin.createUser({ ...bob, role: "user" }),
  (c, s) => c.admin.getUser({ query: { id: s.user.data?.user.id } }),
  (c, s) => c.admin.updateUser({ userId: s.user.data?.user.id, data: { name: "Bob B." } }),
  (c, s) => c.admin.setRole({ userId: s.user.data?.user.id, role: "user" }),
  (c, s) => c.admin.setUserPassword({ userId: s.user.data?.user.id, newPassword: "another long one" }),
  (c, s) => c.admin.banUser({ userId: s.user.data?.user.id, banReason: "spam", banExpiresIn: 60 }),
  (c) => c.admin.banUser({ userId: "none" }),
  (c, s) => c.admin.unbanUser({ userId: s.user.data?.user.id }),
  (c, s) => c.admin.listUserSessions({ userId: s.user.data?.user.id }),
  (c) => c.admin.hasPermission({ permissions: { user: ["ban"] } }),
  async (c) => c.admin.checkRolePermission({ role: "user", permissions: { user: ["ban"] } }),
  (c, s) => c.admin.impersonateUser({ userId: s.user.data?.user.id }),
  (c) => c.getSession(),
  (c) => c.admin.listUsers({ query: {} }),
  (c) => c.admin.stopImpersonating(),
  (c) => c.admin.stopImpersonating(),
  (c) => c.getSession(),
  (c) => c.admin.revokeUserSession({ sessionToken: "none" }),
  (c, s) => c.admin.revokeUserSessions({ userId: s.user.data?.user.id }),
  (c) => c.admin.removeUser({ userId: "none" }),
];

const twoFactor = [
  (c) => c.twoFactor.enable({ password: "wrong wrong wrong" }),
  (c) => c.twoFactor.enable({ password: ada.password }),
  (c) => c.twoFactor.getTotpUri({ password: ada.password }),
  (c) => c.twoFactor.generateBackupCodes({ password: ada.password }),
  (c) => c.twoFactor.verifyTotp({ code: "000000" }),
  (c) => c.twoFactor.sendOtp(),
  (c) => c.twoFactor.verifyOtp({ code: "000000" }),
  (c, s) => c.twoFactor.verifyOtp({ code: s.codes.twoFactor }),
  (c) => c.getSession(),
  (c) => c.signOut(),
  (c) => c.signIn.email({ email: ada.email, password: ada.password }),
  (c) => c.twoFactor.verifyBackupCode({ code: "none" }),
  (c) => c.twoFactor.sendOtp({ trustDevice: true }),
  (c, s) => c.twoFactor.verifyOtp({ code: s.codes.twoFactor, trustDevice: true }),
  (c) => c.twoFactor.disable({ password: ada.password }),
  (c) => c.getSession(),
];

const emailOtp = [
  (c) => c.emailOtp.sendVerificationOtp({ email: ada.email, type: "email-verification" }),
  (c, s) => c.emailOtp.checkVerificationOtp({ email: ada.email, type: "email-verification", otp: s.codes.email }),
  (c, s) => c.emailOtp.verifyEmail({ email: ada.email, otp: s.codes.email }),
  (c) => c.emailOtp.verifyEmail({ email: ada.email, otp: "000000" }),
  (c) => c.emailOtp.sendVerificationOtp({ email: ada.email, type: "sign-in" }),
  (c, s) => c.signIn.emailOtp({ email: ada.email, otp: s.codes.email }),
  (c) => c.signIn.emailOtp({ email: ada.email, otp: "000000" }),
  (c) => c.emailOtp.requestPasswordReset({ email: ada.email }),
  (c, s) => c.emailOtp.resetPassword({ email: ada.email, otp: s.codes.email, password: ada.password }),
];

const phoneNumber = [
  (c) => c.phoneNumber.sendOtp({ phoneNumber: "+4912345" }),
  (c) => c.phoneNumber.verify({ phoneNumber: "+4912345", code: "000000" }),
  (c, s) => c.phoneNumber.verify({ phoneNumber: "+4912345", code: s.codes.phone, updatePhoneNumber: true }),
  (c) => c.getSession({ query: { disableCookieCache: true } }),
  (c) => c.signIn.phoneNumber({ phoneNumber: "+4912345", password: "wrong wrong wrong" }),
  (c) => c.signIn.phoneNumber({ phoneNumber: "+4912345", password: ada.password }),
  (c) => c.phoneNumber.requestPasswordReset({ phoneNumber: "+4912345" }),
  (c, s) => c.phoneNumber.resetPassword({ phoneNumber: "+4912345", otp: s.codes.phone, newPassword: ada.password }),
];

const magicLink = [
  (c) => c.signIn.magicLink({ email: ada.email, callbackURL: "/in" }),
  (c, s) => c.magicLink.verify({ query: { token: s.codes.magic } }),
  (c) => c.magicLink.verify({ query: { token: "none", errorCallbackURL: "/error" } }, { redirect: "manual" }),
  (c) => c.signIn.magicLink({ email: "not an address" }),
];

const multiSession = [
  (c) => c.multiSession.listDeviceSessions(),
  (c) => c.signIn.email({ email: bob.email, password: "another long one" }),
  async (c, s) => (s.devices = await c.multiSession.listDeviceSessions()),
  (c, s) => c.multiSession.setActive({ sessionToken: s.devices.data?.at(-1)?.session.token }),
  (c) => c.multiSession.setActive({ sessionToken: "none" }),
  (c) => c.getSession(),
  (c, s) => c.multiSession.revoke({ sessionToken: s.devices.data?.at(-1)?.session.token }),
  (c) => c.multiSession.revoke({ sessionToken: "none" }),
  (c) => c.getSession(),
];

const oneTimeToken = [
  async (c, s) => (s.token = await c.oneTimeToken.generate()),
  (c, s) => c.oneTimeToken.verify({ token: s.token.data?.token }),
  (c) => c.oneTimeToken.verify({ token: "none" }),
];

const anonymous = [
  (c) => c.signOut(),
  (c) => c.signIn.anonymous(),
  (c) => c.getSession(),
  (c) => c.signIn.anonymous(),
  (c) => c.deleteAnonymousUser(),
  (c) => c.getSession(),
  (c) => c.signIn.email({ email: ada.email, password: ada.password }),
  (c) => c.deleteUser({ password: ada.password }),
  (c) => c.getSession(),
];

const byPlugin = {
  core,
  username,
  organization,
  admin,
  twoFactor,
  emailOtp,
  phoneNumber,
  magicLink,
  multiSession,
  oneTimeToken,
  anonymous,
};

export const calls = Object.entries(byPlugin).flatMap(([plugin, list]) => list.map((call) => [plugin, call]));

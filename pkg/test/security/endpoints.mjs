// All endpoints of the pinned Better Auth servers and their effects on sessions. The servers provide the lists.
import { readdir } from "node:fs/promises";
import { loadBetterAuth } from "../../../harness/origin.mjs";

export const SECRET = "an-example-secret-of-32-bytes-or-more";
export const SITE = "http://app.example";

/** The content of e-mails and text messages, by address. */
export const sent = new Map();

/** The user that the OAuth provider returns. */
export const oauth = { user: null };

const remember = async ({ email, phoneNumber, user, otp, code, token }) =>
  void sent.set(email ?? phoneNumber ?? user.email, otp ?? code ?? token);

/** Plugins by folder: their factory's name where it is not the folder's, and its options. Null: it has no endpoints, or cannot be loaded by itself. */
const PLUGINS = {
  "magic-link": { options: { sendMagicLink: remember } },
  "email-otp": { name: "emailOTP", options: { sendVerificationOTP: remember } },
  "phone-number": {
    options: {
      sendOTP: remember,
      sendPasswordResetOTP: remember,
      signUpOnVerification: { getTempEmail: (number) => `${number.slice(1)}@phone.example`, getTempName: (number) => number },
    },
  },
  "two-factor": { options: { otpOptions: { sendOTP: remember } } },
  "device-authorization": { options: { schema: {} } },
  "generic-oauth": {
    name: "genericOAuth",
    options: {
      config: [
        {
          providerId: "own",
          clientId: "client",
          clientSecret: "secret",
          authorizationUrl: "https://idp.example/authorize",
          tokenUrl: "https://idp.example/token",
          getToken: async () => ({ accessToken: "access" }),
          getUserInfo: async () => oauth.user,
        },
      ],
    },
  },
  siwe: { options: { domain: "app.example", getNonce: async () => "n".repeat(16), verifyMessage: async () => true } },
  "oidc-provider": { options: { loginPage: "/login" } },
  organization: { options: { teams: { enabled: true } } },
  "oauth-proxy": { name: "oAuthProxy" },
  "open-api": { name: "openAPI" },
  haveibeenpwned: null,
  captcha: null,
  access: null,
  "additional-fields": null,
  "custom-session": null,
  "test-utils": null,
  // Their modules are not exported by themselves: they come from `better-auth/plugins`.
  "one-tap": { index: "oneTap", options: { clientId: "client" } },
  mcp: { index: "mcp", options: { loginPage: "/login" }, apart: true },
  "last-login-method": { index: "lastLoginMethod" },
  "oauth-popup": { index: "oauthPopup" },
  "api-key": { index: "apiKey" },
};

/** Plugins that list their endpoints but do not go together with the others. */
const APART = new Set([
  "mcp",
  "oauth-popup",
  "oauth-proxy",
  "open-api",
  "api-key",
  "last-login-method",
  "jwt",
  "device-authorization",
  "one-tap",
  "bearer",
  "siwe",
]);

/** Replaces the password hashing, which is slow by design and not tested here. */
const PLAIN = { hash: async (password) => `plain:${password}`, verify: async ({ hash, password }) => hash === `plain:${password}` };

/** A version with every plugin that it has: { version, auth, db, endpoints }, `endpoints` as "METHOD path" of all of them. */
export async function everything(version) {
  const betterAuth = await loadBetterAuth(version);
  const [{ memoryAdapter }, index] = await Promise.all([
    import(`${betterAuth.name}/adapters/memory`),
    import(`${betterAuth.name}/plugins`),
  ]);
  const folders = (await readdir(new URL(`../../../node_modules/${betterAuth.name}/dist/plugins`, import.meta.url))).filter(
    (name) => !name.includes(".") && PLUGINS[name] !== null,
  );
  const plugins = [];
  const endpoints = new Set();
  for (const folder of folders) {
    const { name = folder.replace(/-(.)/g, (_, letter) => letter.toUpperCase()), options = {} } = PLUGINS[folder] ?? {};
    const make = index[PLUGINS[folder]?.index ?? name] ?? (await betterAuth.plugin(folder).catch(() => ({})))[name];
    if (!make) throw new Error(`${version}: the plugin ${folder} is new; say in endpoints.mjs how it is made`);
    const plugin = make(options);
    for (const endpoint of Object.values(plugin.endpoints ?? {})) list(endpoints, endpoint);
    if (!APART.has(folder)) plugins.push(plugin);
  }
  const options = {
    baseURL: SITE,
    secret: SECRET,
    plugins,
    emailAndPassword: { enabled: true, password: PLAIN, sendResetPassword: remember, revokeSessionsOnPasswordReset: true },
    emailVerification: { autoSignInAfterVerification: true, sendVerificationEmail: remember },
    session: { cookieCache: { enabled: true } },
    user: {
      changeEmail: { enabled: true, updateEmailWithoutVerification: true },
      deleteUser: { enabled: true, sendDeleteAccountVerification: remember },
    },
    account: { accountLinking: { enabled: true, trustedProviders: ["own"] } },
    rateLimit: { enabled: false },
    logger: { disabled: true },
    telemetry: { enabled: false },
  };
  const db = Object.fromEntries(Object.values(betterAuth.getAuthTables(options)).map(({ modelName }) => [modelName, []]));
  const auth = betterAuth.betterAuth({ ...options, database: memoryAdapter(db) });
  for (const endpoint of Object.values(auth.api)) list(endpoints, endpoint);
  await auth.$context;
  return { version, auth, db, endpoints };
}

/** Selects endpoints that can be called over HTTP. */
function list(endpoints, { path, options }) {
  if (!path || options?.metadata?.SERVER_ONLY) return;
  for (const method of [options.method].flat()) if (method !== "*") endpoints.add(`${method} ${path}`);
}

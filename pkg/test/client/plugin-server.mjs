// A real server with ten plugins and its data in memory, and the client's side of these plugins.
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import * as client from "better-auth/client/plugins";
import { getAuthTables } from "better-auth/db";
import * as server from "better-auth/plugins";

export const ORIGIN = "http://app.example";

/** Returns the plugins of a client. */
export const clientPlugins = (onTwoFactorRedirect) => [
  client.organizationClient({ teams: { enabled: true } }),
  client.adminClient(),
  client.twoFactorClient({ onTwoFactorRedirect }),
  client.multiSessionClient(),
  client.usernameClient(),
  client.phoneNumberClient(),
  client.emailOTPClient(),
  client.magicLinkClient(),
  client.anonymousClient(),
  client.oneTimeTokenClient(),
];

/** Returns the server, the codes that it sends to its users, and a function that makes a user an admin. */
export function startServer() {
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

/** Replaces what differs between runs (identifiers, times, codes) by its type. */
export function plain(value, key = "") {
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

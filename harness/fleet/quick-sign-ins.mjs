// Sign-ins that cost little, for measurements that make hundreds of them.
import { scrypt } from "node:crypto";

/** Better Auth's own hash takes a tenth of a second of this process for each sign-in, which would delay every lookup. */
const hash = (password) =>
  new Promise((resolve, reject) =>
    scrypt(password, "salt", 32, { cost: 1024 }, (error, key) => (error ? reject(error) : resolve(key.toString("hex")))),
  );

/** Options of an origin. */
export const quickSignIns = {
  auth: {
    emailAndPassword: {
      enabled: true,
      password: { hash, verify: async ({ hash: stored, password }) => stored === (await hash(password)) },
    },
  },
};

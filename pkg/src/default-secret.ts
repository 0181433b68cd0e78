/** The secret that Better Auth falls back to without configuration. It is published, so that nobody may rely on it. */
import { BetterSessionError } from "./error.js";

const PUBLISHED = "better-auth-secret-123456789";

/** Throws SECRET_DEFAULT if a secret of the gate's own is Better Auth's published one. */
export function assertNotPublished(secret: unknown): void {
  if (typeof secret === "string" && secret.startsWith(PUBLISHED)) {
    throw new BetterSessionError("SECRET_DEFAULT", "A secret is the one that Better Auth falls back to, which is published: set your own.");
  }
}

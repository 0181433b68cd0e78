/** The visitor in server components, server actions and route handlers of Next.js. */
import { headers } from "next/headers.js";
import { environment } from "../../cookies/environment.js";
import { openIdentity, type Identity, type OpenIdentityOptions } from "../../gate/open-identity.js";
import { IDENTITY_PATH } from "./identity.js";

/** Both members are null if the visitor is signed out, or if the proxy did not run for this path. */
export type NextVisitor<S = {}, U = {}> = Identity<S, U> | { session: null; user: null };

/**
 * Returns the visitor whom the proxy has authenticated for the current request. By default the secret is `BETTER_AUTH_SECRETS` or
 * `BETTER_AUTH_SECRET` of the environment. Call it within 30 seconds after the request arrived.
 */
export async function getVisitor<S = {}, U = {}>(
  options: Pick<OpenIdentityOptions, "secret" | "secrets"> = fromEnvironment(),
): Promise<NextVisitor<S, U>> {
  return openIdentity<S, U>((await headers()) as Headers, { ...options, path: IDENTITY_PATH }) ?? { session: null, user: null };
}

function fromEnvironment(): Pick<OpenIdentityOptions, "secret" | "secrets"> {
  const { BETTER_AUTH_SECRET: secret, BETTER_AUTH_SECRETS: secrets } = environment();
  return { ...(secret ? { secret } : {}), ...(secrets ? { secrets } : {}) };
}

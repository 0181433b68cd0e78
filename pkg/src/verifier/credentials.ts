/** Credential headers: only the server can authenticate a request that has one. */
import { BetterSessionError } from "../error.js";
import { bounded } from "./input.js";
import type { CookieSource, VerifierOptions } from "../types.js";

const DEFAULT = ["authorization", "x-api-key"];

/** RFC 9110 §5.6.2 `token`. */
export const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** A `Headers`, or the plain object of Node's `IncomingMessage`. */
type HeaderSource = Pick<Headers, "get" | "has"> | Record<string, unknown>;

/** Returns the names of the credential headers in lower case. */
export function credentialNames({ credentialHeaders }: Pick<VerifierOptions, "credentialHeaders">): string[] {
  return (credentialHeaders ?? DEFAULT).map((name) => name.toLowerCase());
}

export class CredentialHeaders {
  /** True if the option was given: a bearer token that no secret signed is then a credential too. */
  readonly explicit: boolean;
  readonly #authorization: boolean;
  readonly #others: string[];

  /** Throws OPTION_INVALID for anything but a list of header names. */
  constructor({ credentialHeaders: given }: VerifierOptions) {
    this.explicit = given !== undefined && given !== null;
    const names: unknown = given ?? DEFAULT;
    if (!Array.isArray(names) || !names.every((name) => typeof name === "string" && HEADER_NAME.test(name))) {
      throw new BetterSessionError("OPTION_INVALID", "credentialHeaders must be a list of header names");
    }
    const lower = credentialNames({ credentialHeaders: names as string[] });
    this.#authorization = lower.includes("authorization");
    this.#others = lower.filter((name) => name !== "authorization");
  }

  /** Returns the `Authorization` header, or "" if it is absent or not a credential header. */
  authorization(headers: HeaderSource): string {
    if (!this.#authorization) return "";
    const value = isHeaders(headers) ? headers.get("authorization") : headers.authorization;
    return bounded(Array.isArray(value) ? value.join(", ") : value);
  }

  /** Returns whether there is a credential header other than `Authorization`. */
  hasOther(headers: HeaderSource): boolean {
    return this.#others.some((name) => (isHeaders(headers) ? headers.has(name) : headers[name] !== undefined));
  }

  /** Returns whether a source has a credential header. `isCredential` decides for an `Authorization` header. A Cookie header's text has none. */
  isIn(source: CookieSource, isCredential: (authorization: string) => boolean): boolean {
    if (typeof source === "string") return false;
    const headers = ((source as Partial<Request> | null | undefined)?.headers ?? source ?? {}) as HeaderSource;
    if (this.hasOther(headers)) return true;
    const authorization = this.authorization(headers);
    return authorization !== "" && isCredential(authorization);
  }
}

function isHeaders(headers: HeaderSource): headers is Pick<Headers, "get" | "has"> {
  return typeof headers.get === "function" && typeof headers.has === "function";
}

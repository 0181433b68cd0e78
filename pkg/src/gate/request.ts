/** A request as gate.wasm reads it. */
import { withoutOwnCache } from "../own-cache/cookie.js";
import { HTTP, OTHER_CREDENTIAL, STRIP_UNTRUSTED_CACHE } from "../protocol/flags.js";
import type { CredentialHeaders } from "../verifier/credentials.js";
import { UNKNOWN_SCHEME, bounded, forwardedScheme, schemeOf } from "../verifier/input.js";
import type { GateCause, GateOptions } from "./types.js";

/** The parts of a request on which a decision depends. */
export interface GateRequest {
  method: string;
  url: string;
  cookie: string;
  /** Read only to choose between a redirect and a 401. */
  headers: Headers;
  /** The `Authorization` header; "" unless it is a credential. */
  authorization: string;
  /** The request carries a credential header: the origin decides whose request it is. */
  hasCredential: boolean;
  /** The credential is not a session token: the server may use it at one endpoint and the cookies at another. */
  hasOpaqueCredential: boolean;
  /** The cache that the key set has verified, or "". */
  validCache: string;
  /** A combination of the flags of `protocol/flags`. */
  flags: number;
  /** A number of the request's own, under which gate.wasm keeps what it knows of the cookies during a lookup. */
  number: number;
  /** Set during the request, for `onEvent`, `debug` and `authenticate`. */
  cause?: GateCause;
}

/** Position of the request's scheme in the flags. */
const SCHEME_SHIFT = Math.log2(HTTP);

/** Kinds of an `Authorization` header. */
const NO_CREDENTIAL = 0;
export const OPAQUE_CREDENTIAL = 2;

export class RequestReader {
  readonly #flags: number;
  readonly #trustProxy: boolean;
  readonly #credentials: CredentialHeaders;
  readonly #kindOf: (authorization: string) => number;
  #count = 0;

  /** `kindOf` returns the kind of an `Authorization` header. */
  constructor(options: GateOptions, credentials: CredentialHeaders, kindOf: (authorization: string) => number) {
    this.#flags = options.revocation ? STRIP_UNTRUSTED_CACHE : 0;
    this.#trustProxy = options.trustProxy === true;
    this.#credentials = credentials;
    this.#kindOf = kindOf;
  }

  read(request: Request): GateRequest {
    const { headers } = request;
    const hasOther = this.#credentials.hasOther(headers);
    const authorization = this.#credentials.authorization(headers);
    const kind = authorization === "" ? NO_CREDENTIAL : this.#kindOf(authorization);
    return {
      method: request.method,
      url: request.url,
      cookie: bounded(withoutOwnCache(headers.get("cookie") ?? "")),
      headers,
      authorization: kind === NO_CREDENTIAL ? "" : authorization,
      hasCredential: hasOther || kind !== NO_CREDENTIAL,
      hasOpaqueCredential: hasOther || kind === OPAQUE_CREDENTIAL,
      validCache: "",
      flags: this.#flags | (hasOther ? OTHER_CREDENTIAL : 0) | (this.#scheme(request) << SCHEME_SHIFT),
      number: (this.#count = (this.#count + 1) >>> 0),
    };
  }

  /** Returns the scheme, which decides the cookies' names if neither `baseURL` nor `useSecureCookies` is configured. */
  #scheme(request: Request): number {
    const forwarded = this.#trustProxy ? forwardedScheme(request.headers) : UNKNOWN_SCHEME;
    return forwarded || schemeOf(request);
  }
}

/** Serialises a request for gate.wasm. The cookie comes last because no other part can contain a line break. */
export function serialise({ method, url, authorization, validCache, cookie }: GateRequest, accept = "", fetchMode = ""): string {
  return `${method}\n${url}\n${accept}\n${fetchMode}\n${authorization}\n${validCache}\n${cookie}`;
}

/** Messages of the WebAssembly modules. Generated from `bindings/protocol`; do not edit. */

/** Codes of `StaleReason`. */
export type StaleReasonCode =
  | "cache_absent"
  | "cache_malformed"
  | "cache_bad_signature"
  | "cache_expired"
  | "session_expired"
  | "strategy_mismatch"
  | "version_mismatch"
  | "token_mismatch"
  | "ambiguous_cookies"
  | "unknown_key"
  | "unsupported_key"
  | "wrong_type"
  | "stale_secret"
  | "invalidated";

/** Codes of `UnauthenticatedReason`. */
export type UnauthenticatedReasonCode =
  "no_cookie" | "header_too_long" | "token_malformed" | "token_bad_signature" | "ambiguous_cookies" | "credential_header";

/**
 * The actor that vouches for a session.
 */
export type SessionSource = "cookie" | "origin" | "grace";

/**
 * The encoding of a session cache.
 */
export type CacheStrategy = "compact" | "jwt" | "jwe";

/**
 * The first line of an action, which says what the gate does next.
 */
export type ActionLine =
  | {
      "do": "answer";
      /**
       * The cache can be minted again.
       */
      due?: boolean;
    }
  | {
      "do": "forward";
      /**
       * The path to forward to.
       */
      path: string;
      /**
       * Leave the cache cookie out.
       */
      bare?: boolean;
      /**
       * The positions in `routes.when` of the predicates that must accept the visitor.
       */
      when?: Array<number>;
      /**
       * With `when`: the source of the session.
       */
      source?: SessionSource;
      /**
       * With `when`: the cache can be minted again.
       */
      due?: boolean;
    }
  | {
      "do": "ask";
      /**
       * Path and query of the lookup.
       */
      path: string;
      /**
       * Send a POST, which carries out a deferred refresh.
       */
      post?: boolean;
      /**
       * Only the origin counts: an earlier response must not stand in for its own.
       */
      required?: boolean;
    }
  | {
      "do": "probe";
      /**
       * The path of the health check.
       */
      path: string;
    }
  | {
      "do": "next";
      /**
       * The path to forward to.
       */
      path: string;
      /**
       * The positions in `routes.when` of the predicates that must accept the visitor.
       */
      when?: Array<number>;
      /**
       * A session is optional, and there is none.
       */
      nobody?: boolean;
      /**
       * Absent without a session: on a public path, and with `nobody`.
       */
      source?: SessionSource;
      /**
       * The cache can be minted again.
       */
      due?: boolean;
    }
  | {
      "do": "deny";
      /**
       * The HTTP status.
       */
      status: number;
      /**
       * The error code of the response.
       */
      code: string;
      /**
       * The message of the response.
       */
      message: string;
      /**
       * The sign-in page, for a redirect.
       */
      location?: string;
    };

/**
 * A verdict before its dates are revived. Instants are milliseconds since the epoch.
 */
export type SerializedVerdict =
  | {
      "status": "authenticated";
      /**
       * The session as the server wrote it, dates as ISO 8601 text.
       */
      session: Record<string, unknown>;
      /**
       * The user as the server wrote it.
       */
      user: Record<string, unknown>;
      /**
       * Absent for a session that the origin returned, like the next three.
       */
      strategy?: CacheStrategy;
      /**
       * The cache's version.
       */
      version?: string;
      /**
       * The time of minting.
       */
      cachedAt?: number;
      /**
       * The end of the cache's window.
       */
      cacheExpiresAt?: number;
      /**
       * The session is fresh.
       */
      fresh: boolean;
      /**
       * The sliding expiry is due.
       */
      refreshDue: boolean;
      /**
       * False if the signature of the session token was not verified; otherwise absent.
       */
      tokenVerified?: false;
      /**
       * `expiresAt`, `createdAt`, `updatedAt` of the session, `createdAt`, `updatedAt` of the user.
       */
      dates: [number, number | null, number | null, number | null, number | null];
    }
  | {
      "status": "stale";
      /**
       * The reason's code.
       */
      reason: StaleReasonCode;
      /**
       * The session token.
       */
      token: string;
    }
  | {
      "status": "unauthenticated";
      /**
       * The reason's code. `runtime_failure` is written by JavaScript after a trap.
       */
      reason: UnauthenticatedReasonCode | "runtime_failure";
    };

/**
 * The error of an invalid configuration.
 */
export type ConfigurationFault = {
  /**
   * The code of the `BetterSessionError`.
   */
  code: string;
  /**
   * The message, which quotes no value.
   */
  message: string;
};

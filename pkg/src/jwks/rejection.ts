/** The reasons why a key set rejects a cache, numbered as in `bindings/protocol`. */
export const REJECTIONS = [
  "unknown_key",
  "wrong_type",
  "unsupported_key",
  "cache_bad_signature",
  "cache_malformed",
  "strategy_mismatch",
] as const;

export type Rejection = (typeof REJECTIONS)[number];

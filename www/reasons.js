// Explains each reason of a verdict in a sentence.

export const REASONS = {
  cache_absent: "The session token is valid, but there is no cached session beside it, or the cookie cache is disabled.",
  cache_malformed: "The cached session is in no format that Better Auth writes.",
  cache_bad_signature: "The signature does not match: the cached session was changed, or made with another secret.",
  cache_expired: "The cached session is valid but has expired.",
  session_expired: "The cached session is valid, but the session itself has expired.",
  strategy_mismatch: "The format of the cached session is not the one that the server is configured for.",
  version_mismatch: "The version of the cached session is not the one that the application requires.",
  token_mismatch: "The cached session belongs to another session token than the one beside it.",
  ambiguous_cookies:
    "Two different cookies have the same name, or one came with the __Secure- prefix and one without; it is undefined which one the server reads.",
  unknown_key: "The key id in the header is not derived from this secret.",
  stale_secret: "It was made with an older secret.",
  invalidated: "The session, its user or all sessions were revoked after the cached session was made.",
  no_cookie: "There is no session token.",
  header_too_long: "The Cookie header is longer than 128 KiB.",
  token_malformed: "The session token is not a signed value.",
  token_bad_signature: "The session token was changed, or another secret signed it.",
  credential_header: "The request has a bearer token or an API key: only the server can identify its user.",
  refused: "The server has no such session.",
  runtime_failure: "WebAssembly failed, so the request was not checked.",
};

export const CONSEQUENCES = {
  authenticated: "The gate allows this without a request to the server.",
  stale: "The gate looks the session up at the server, and renews the cookie if the session exists.",
  unauthenticated: "The gate refuses it.",
};

// What each reason of a verdict means, for people.

export const REASONS = {
  cache_absent: "The session token is genuine, but there is no cached copy beside it, or the cookie cache is off.",
  cache_malformed: "The copy has none of the shapes that Better Auth writes.",
  cache_bad_signature: "Somebody changed the copy, or another secret made it: its protection does not match what it says.",
  cache_expired: "The copy was genuine and has lapsed.",
  session_expired: "The copy is genuine, but the session inside is over.",
  strategy_mismatch: "The copy is in another format than the server is set to.",
  version_mismatch: "The copy is of another version than the application wants.",
  token_mismatch: "The copy belongs to another session token than the one beside it.",
  ambiguous_cookies: "Two different cookies have the same name, or one came with the __Secure- prefix and one without; which one the server would read is anybody’s guess.",
  unknown_key: "It names a key that is not made from this secret.",
  stale_secret: "Only an older secret fits.",
  invalidated: "The session, its user or everybody was marked as revoked after the copy was made.",
  no_cookie: "There is no session token.",
  token_malformed: "The session token is no signed value.",
  header_too_long: "The Cookie header is longer than 128 KiB, so it was not read.",
  token_bad_signature: "The session token was changed, or another secret signed it.",
  credential_header: "A bearer token or an API key came along: only the server can say whose request it is.",
  refused: "The server knows no such session.",
  runtime_failure: "WebAssembly failed, so the request was not checked.",
};

export const CONSEQUENCES = {
  authenticated: "The gate lets this in without asking anybody.",
  stale: "The gate does not believe it: it asks the server, and sends a new copy along if the session is alive.",
  unauthenticated: "The gate refuses it.",
};

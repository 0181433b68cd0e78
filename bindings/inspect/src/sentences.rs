//! Explanations of verdicts and what to check, in sentences. None quotes a value.

use better_session::cookie::session_cookies::Scheme;

use crate::names::same_but_prefix;

/// The message for an authenticated session.
pub const AUTHENTICATED: &str = "The session token and its cache are valid: the visitor is signed in.";

/// The message for one cache value that opens.
pub const OPENS: &str = "This session cache is valid under these options. Without the session token that belongs to it, it proves nothing.";

/// The message for a valid token if the options do not accept the cache.
pub const CACHE_OFF: &str = "The session token is valid. Its cache is not accepted, because session.cookieCache is off in these options. If it is on at the server, give the server's session options: enabled: true, or strategy: \"jwe\" with refreshCache.";

/// The message for a cache of the JWT plugin's keys, if no key set is configured.
pub const SIGNED_WITH_KEY_SET: &str = "The server signs its caches with the keys of its JWT plugin, jwt({ sessionCookieCache: true }). Give jwks, the URL of its key set (<baseURL>/api/auth/jwks), and use verifyAsync or the gate.";

/// Returns the sentences for session tokens under both prefixes, if neither the configuration nor the scheme decides.
pub fn both_prefixes(expected: &[String]) -> String {
    format!(
        "The request has both {}, and the options do not say which of them the server reads. Give baseURL as the server has it, or verify the Request, whose scheme decides.",
        expected.join(" and ")
    )
}

/// Returns the sentences for a reason other than `no_cookie`, or for a cause of the gate.
pub fn meaning(reason: &str) -> &'static str {
    MEANINGS.iter().find(|(code, _)| *code == reason).map_or("", |(_, sentences)| sentences)
}

#[rustfmt::skip]
const MEANINGS: [(&str, &str); 38] = [
    ("cache_absent", "The session token is valid and has no cache: the cache cookie has expired, or session.cookieCache is off at the server. Ask the server and pass its Set-Cookie headers on."),
    ("cache_malformed", "The cache is not well-formed: it was cut short, chunks are missing or belong to different caches, or something else wrote it. With jwks: its iss is not one of issuer, by default the origin of baseURL (the server writes the origin alone, without a path or slash). Ask the server, which sets a new cache."),
    ("cache_bad_signature", "The session token is valid. Its cache was signed with another secret, or was changed on the way."),
    ("cache_expired", "The cache has expired: it is older than session.cookieCache.maxAge. Ask the server and pass its Set-Cookie headers on."),
    ("session_expired", "The session in the cache has expired. Only the server knows whether it was extended in the meantime."),
    ("strategy_mismatch", "The cache has another encoding than session.cookieCache.strategy in these options. Give the server's strategy, or a list of both while it changes."),
    ("version_mismatch", "The cache was written under another session.cookieCache.version. The server ignores a number (write it as a string there), and without a version it writes \"1\"."),
    ("token_mismatch", "The cache belongs to another session than the token: two tabs signed in at the same time, or cookies of two origins were mixed."),
    ("ambiguous_cookies", "The request has two different cookies of one name: an old cookie with another Domain or Path still exists. Better Auth's own parsers differ in which one they read."),
    ("unknown_key", "The cache is encrypted for a secret that is not given here, or signed with a key that is not in the key set: the set was fetched before the key was made, cannot be fetched, or no longer has the key. verify, open and explain fetch no keys: use verifyAsync and explainAsync."),
    ("unsupported_key", "The key with this kid cannot verify a cache. One of these is true: its alg is not EdDSA, ES256, ES512, RS256 or PS256, or does not fit the key's type; it is an RSA key of less than 2048 bits; it is a private key or for another use; two keys have this kid."),
    ("wrong_type", "The server signed this token for another purpose: its typ or aud is not that of a session cache. Compare audience with the server's."),
    ("stale_secret", "Only an older secret verifies this cookie, and the server requires the current one. With acceptOldSecrets it is accepted."),
    ("credential_header", "The request has a credential header, such as Authorization: Bearer or x-api-key, and only the server knows whose it is. Ask the server, or name the headers that count in credentialHeaders. Basic and other schemes of Authorization do not count."),
    ("refused", "The server does not have this session."),
    ("invalidated", "The session or its user was revoked or changed after the cache was written."),
    ("token_malformed", "The session token cookie does not have the form value.signature: it was cut short, encoded again on the way, or not set by the server."),
    ("header_too_long", "The Cookie header is longer than 128 KiB, so it was not read. Look for an application or a Domain that sets large or many cookies."),
    ("runtime_failure", "WebAssembly failed, so the request was not verified. The next request gets a new instance. If it happens again, report it with the version of the package."),
    ("token_bad_signature", "The session token is signed with another secret. Compare `secret` with the server's BETTER_AUTH_SECRET, white space included."),
    ("no_headers", "The source is a promise and has no headers. In Next.js 15 and later write await headers()."),
    ("origin_timeout", "The origin did not respond to get-session within originTimeout."),
    ("origin_no_response", "The origin cannot be reached. Compare the option origin with the server's address, and check DNS, port and TLS."),
    ("origin_unreadable", "The origin's response was cut short, is longer than 1 MiB, or is not UTF-8."),
    ("origin_not_found", "The origin has no get-session at this path (404). Give basePath, or the path in baseURL, as the server has it."),
    ("origin_rate_limited", "The origin's rate limit refused the lookup (429). It may count all visitors as one: set trustProxy if a proxy is in front of the gate, and let the server read x-forwarded-for (advanced.ipAddress.ipAddressHeaders)."),
    ("origin_error", "The origin failed (5xx); its log has the error. A server with a dynamic baseURL fails for every host that allowedHosts does not name."),
    ("origin_redirect", "The origin redirects get-session (3xx), to https, to another host or to a login page in front of it. Give origin as the URL that responds itself."),
    ("origin_unexpected_status", "The origin responded to get-session with a status that Better Auth does not use there."),
    ("origin_not_json", "The origin responded to get-session with text that is not JSON, such as the HTML page of a proxy or of an access check in front of it."),
    ("origin_unexpected_shape", "The origin's JSON is not Better Auth's { session, user }: customSession or another plugin reshapes it, or origin is another server."),
    ("origin_session_expired", "The origin returned a session that has expired by this clock. Compare the clocks of the gate and the origin."),
    ("origin_other_session", "The origin returned another session than the one that was looked up. A cache between gate and origin mixes visitors up, or a plugin replaces the token."),
    ("request_too_large", "The session's cookies or a credential header are longer than any valid ones, so no lookup was made."),
    ("overtaken", "Revocations arrived during two lookups in a row, so neither response was used."),
    ("feed_unavailable", "The revocation feed cannot be read, and without a database the origin cannot decide either."),
    ("caller_unknown", "The caller of a call that ends sessions could not be looked up, so the call was not sent."),
    ("predicate", "A predicate of routes.when refused the visitor, or failed."),
];

/// Returns the sentences for `no_cookie`: `names` came, of which `received` look like a session's. `scheme` is the
/// request's where it decided which names count.
pub fn missing(names: &[&str], received: &[&str], expected: &[String], scheme: Option<Scheme>) -> String {
    let looked = format!("Looked for {}.", expected.join(" or "));
    if names.is_empty() {
        return format!(
            "The request has no cookies. {looked} A page on another origin must fetch with credentials: \"include\"; a server that calls another one must pass the Cookie header on."
        );
    }
    if let Some(twin) = received.iter().find(|name| same_but_prefix(name, expected)) {
        if expected.iter().any(|name| name == twin) {
            return format!("The cookie {twin} is empty: the visitor has signed out.");
        }
        let counts = expected.join(" or ");
        match scheme {
            Some(Scheme::Https) => {
                return format!(
                    "The request came by https, so that only {counts} is read, and it has {twin}. The server sets cookies without the prefix, or something else set this one. Give baseURL or advanced.useSecureCookies as the server has it."
                );
            }
            Some(Scheme::Http) => {
                return format!(
                    "The request came by http, so that only {counts} is read, and it has {twin}. Behind a proxy that ends TLS give baseURL as the server has it (https://…), or trustProxy if that proxy sets x-forwarded-proto."
                );
            }
            None => {}
        }
        return format!(
            "The request has {twin}. {looked} Give baseURL or advanced.useSecureCookies as the server has it: with an https:// baseURL the names begin with __Secure-."
        );
    }
    if let Some(other) = received.iter().find(|name| name.ends_with("session_token")) {
        return format!(
            "The request has {other}. {looked} Give advanced.cookiePrefix, or advanced.cookies.session_token.name, as the server has it."
        );
    }
    let count = names.len();
    format!(
        "None of the {count} cookies is a session token. {looked} The visitor is not signed in, or the cookie's Domain or Path does not match this URL."
    )
}

/** `better-session/explain`: a verdict in sentences, for whoever sets a server up. It names cookies and never shows a value. */
import { parseCookies, SECURE_COOKIE_PREFIX, stripSecureCookiePrefix } from "./cookies/names.js";
import { cacheEnabled } from "./config.js";
import { HTTPS, UNKNOWN_SCHEME, cookieHeader, forwardedScheme, schemeOf, type Scheme } from "./input.js";
import { createVerifier } from "./verifier.js";
import type { CookieSource, StaleReason, UnauthenticatedReason, Verdict, VerifierOptions } from "./types.js";

export interface Explanation<S = {}, U = {}> {
  verdict: Verdict<S, U>;
  /** What the verdict means and what to look at, in one or two sentences. Not for visitors. */
  message: string;
  /** The names that these options make the session token's cookie have. */
  expected: string[];
  /** The names of the request's cookies that look like a session's, whatever their prefix. */
  received: string[];
}

/** The verifier's options, or a gate's: of those `trustProxy` matters here too. */
export interface ExplainOptions extends VerifierOptions {
  trustProxy?: boolean;
}

/**
 * Verifies and says why. For logs and set-up, not for every request: keys are derived at each call. Throws
 * BetterSessionError when the options cannot work, as `createVerifier` does.
 */
export function explain<S = {}, U = {}>(source: CookieSource, options: ExplainOptions, at?: Date | number): Explanation<S, U> {
  const seen = behindProxy(source, options);
  const verdict = createVerifier<S, U>(options).verify(seen, at);
  const names = [...parseCookies(cookieHeader(source)).keys()];
  const scheme = configuredPrefix(options) === undefined ? schemeOf(seen) : UNKNOWN_SCHEME;
  const expected = tokenNames(options, scheme);
  const received = names.filter((name) => SESSION_LIKE.test(name) || expected.some((other) => sameButPrefix(name, other)));
  return { verdict, message: messageFor(verdict, { options, names, received, expected, scheme }), expected, received };
}

interface Circumstances {
  options: VerifierOptions;
  /** The names of all cookies that came. */
  names: string[];
  received: string[];
  expected: string[];
  /** The scheme that decided which names count; unknown where it did not. */
  scheme: Scheme;
}

function messageFor(verdict: Verdict, { options, names, received, expected, scheme }: Circumstances): string {
  if (verdict.status === "authenticated") return "The cookies prove this session.";
  if (verdict.reason === "no_cookie") return missing(names, received, expected, scheme);
  if (verdict.reason === "cache_absent" && !cacheEnabled(options)) return CACHE_OFF;
  const bothPrefixes = expected.length === 2 && expected.every((name) => names.includes(name));
  if (verdict.reason === "ambiguous_cookies" && verdict.status === "unauthenticated" && bothPrefixes) {
    return `Both ${expected.join(" and ")} came, and nothing says which of them the server reads. Give baseURL as the server has it, or verify the Request, whose scheme decides.`;
  }
  return MEANINGS[verdict.reason];
}

/** The source as a gate with these options sees it: with `trustProxy` its scheme is the one that the proxy names. */
function behindProxy(source: CookieSource, { trustProxy }: ExplainOptions): CookieSource {
  const headers = (source as Partial<Request> | null | undefined)?.headers;
  if (trustProxy !== true || typeof headers?.get !== "function") return source;
  const scheme = forwardedScheme(headers);
  return scheme === UNKNOWN_SCHEME ? source : ({ url: scheme === HTTPS ? "https://" : "http://", headers } as Request);
}

const SESSION_LIKE = /(^|[.\-_])session_(token|data)(\.\d+)?$/;

function tokenNames(options: VerifierOptions, scheme: Scheme): string[] {
  const { advanced } = options;
  const plain = advanced?.cookies?.session_token?.name || `${advanced?.cookiePrefix || "better-auth"}.session_token`;
  const secure = configuredPrefix(options) ?? (scheme === UNKNOWN_SCHEME ? undefined : scheme === HTTPS);
  if (secure === undefined) return [SECURE_COOKIE_PREFIX + plain, plain];
  return [secure ? SECURE_COOKIE_PREFIX + plain : plain];
}

/** Whether the options demand `__Secure-` names; undefined if the request's scheme decides. */
function configuredPrefix({ advanced, baseURL }: VerifierOptions): boolean | undefined {
  const scheme = typeof baseURL === "string" ? baseURL : baseURL?.protocol;
  const known = scheme !== undefined && scheme !== "auto" ? /^https(:\/\/|$)/.test(scheme) : undefined;
  return advanced?.useSecureCookies ?? known;
}

const sameButPrefix = (a: string, b: string) => stripSecureCookiePrefix(a) === stripSecureCookiePrefix(b);

function missing(names: string[], received: string[], expected: string[], scheme: Scheme): string {
  const looked = `Looked for ${expected.join(" or ")}.`;
  if (names.length === 0) {
    return `The request has no cookies. ${looked} A page on another origin must fetch with credentials: "include"; a server that calls on must pass the Cookie header.`;
  }
  const twin = received.find((name) => expected.some((other) => sameButPrefix(name, other)));
  if (twin !== undefined && expected.includes(twin)) return `The cookie ${twin} is empty: the browser was signed out.`;
  if (twin !== undefined && scheme === HTTPS) {
    return `The request came by https, so that only ${expected.join()} counts, and it has ${twin}: the server sets cookies without the prefix, or somebody else set this one. Give baseURL or advanced.useSecureCookies as the server has it.`;
  }
  if (twin !== undefined && scheme !== UNKNOWN_SCHEME) {
    return `The request came by http, so that only ${expected.join()} counts, and it has ${twin}. Behind a proxy that ends TLS give baseURL as the server has it (https://…), or trustProxy if that proxy sets x-forwarded-proto.`;
  }
  if (twin !== undefined) {
    return `The request has ${twin}. ${looked} Give baseURL or advanced.useSecureCookies as the server has it: an https:// baseURL makes the ${SECURE_COOKIE_PREFIX} names.`;
  }
  const other = received.find((name) => name.endsWith("session_token"));
  if (other !== undefined) {
    return `The request has ${other}. ${looked} Give advanced.cookiePrefix, or advanced.cookies.session_token.name, as the server has it.`;
  }
  return `None of the ${names.length} cookies is a session token. ${looked} Nobody signed in, or the cookie's Domain or Path keeps it from this URL.`;
}

const CACHE_OFF =
  "A genuine session token, and session.cookieCache is off here, so that its cache is not accepted. If the server has it on, give the server's session options: enabled: true, or strategy: \"jwe\" with refreshCache.";

const MEANINGS: Record<Exclude<StaleReason | UnauthenticatedReason, "no_cookie">, string> = {
  cache_absent: "A genuine session token without its cache: the cache's cookie has run out, or session.cookieCache is off on the server. Ask the server and pass its Set-Cookie headers on.",
  cache_malformed: "The cache is none of this strategy's: cut short, chunks missing or of two sittings, or written by something else. Ask the server; it sets a new one.",
  cache_bad_signature: "The token is genuine and its cache is signed with another secret, or was changed on the way.",
  cache_expired: "The cache's window, session.cookieCache.maxAge, has ended. Ask the server and pass its Set-Cookie headers on.",
  session_expired: "The session in the cache has ended. The server knows whether it was prolonged meanwhile.",
  strategy_mismatch: "The cache is in another encoding than session.cookieCache.strategy says here. Give the server's, or a list of both while it changes.",
  version_mismatch: "The cache was written under another session.cookieCache.version. The server ignores a number (write it as a string there) and takes no version for \"1\".",
  token_mismatch: "The cache belongs to another session than the token: two tabs signed in, or cookies of two origins were mixed.",
  ambiguous_cookies: "Two different values came under one name: an old cookie of another Domain or Path is still there. Better Auth's own parsers would not agree which counts.",
  unknown_key: "The cache is encrypted for a secret that is not among those given here.",
  stale_secret: "Only an older secret verifies this. The server asks for the current one; acceptOldSecrets takes it all the same.",
  invalidated: "The session or its user was revoked or changed after the cache was written.",
  token_malformed: "The session token's cookie is not value.signature: cut short, re-encoded on the way, or not the server's.",
  token_bad_signature: "The session token is signed with another secret. Compare `secret` with the server's BETTER_AUTH_SECRET, white space included.",
  credential_header: "The request has a credential header, such as Authorization: Bearer or x-api-key: only the server can say whose it is. Ask the server, or name the headers that count in credentialHeaders.",
  refused: "The server knows no such session.",
};

/** Explains a verdict in sentences, for developers who set a server up. A message names cookies and never contains a value. */
import { assertOptions, coreConfig } from "../config.js";
import { CredentialHeaders } from "./credentials.js";
import { UNKNOWN_SCHEME, cookieHeader, forwardedScheme, millis, schemeOf, type Scheme } from "./input.js";
import type { CookieSource, Strategy, Verdict, VerifierOptions } from "../types.js";
import { UNCHECKED, type KeySetCheck } from "../jwks/check.js";
import { onDemand } from "../jwks/on-demand.js";
import { keySetOptions } from "../jwks/options.js";
import { readVerdict } from "./verdict.js";
import { isPromise, versionMatches } from "./version.js";
import type { Report } from "../runtime/generated/inspect.js";
import { construct } from "../runtime/handle.js";
import { inspectWasm } from "../runtime/inspect.js";

export interface Explanation<S = {}, U = {}> {
  verdict: Verdict<S, U>;
  /** The meaning of the verdict and the thing to check, in one or two sentences. Not for visitors. */
  message: string;
  /** The names that the session token's cookie has under these options. */
  expected: string[];
  /** The names of the request's cookies that look like a session's, whatever their prefix. */
  received: string[];
  /** The state of the cookies that have a session's names. */
  cookies: Record<"session_token" | "session_data" | "dont_remember", ExplainedCookie>;
  /** The parts of the session cache; null if there is none, or none with the shape of one. */
  cache: ExplainedCache | null;
}

/** A cookie that has one of a session's names. */
export interface ExplainedCookie {
  /** `malformed`: chunks that do not fit together, or forbidden characters. `ambiguous`: two different values. */
  state: "absent" | "present" | "malformed" | "ambiguous";
  /** The length of the value in characters, its chunks joined. */
  length: number;
}

/** A session cache as it came. It is verified only if `reason` is null. */
export interface ExplainedCache {
  strategy: Strategy;
  /** The protected header; null in a compact cache. */
  header: Record<string, unknown> | null;
  /** Null if it is encrypted and does not open. */
  payload: Record<string, unknown> | null;
  /** The reason why it does not open under these options, or null. */
  reason: string | null;
  /** The times between which it is valid, as far as they can be read. */
  windows: Record<"cachedAt" | "cacheExpiresAt" | "sessionExpiresAt" | "sessionCreatedAt" | "sessionUpdatedAt", Date | null>;
}

/** The options of a verifier or a gate. */
export interface ExplainOptions extends VerifierOptions {
  trustProxy?: boolean;
}

/**
 * Verifies a request and explains the verdict; also takes a bare `session_data` value apart. For logs and set-up, not for
 * every request: keys are derived at each call. Throws a BetterSessionError if an option is invalid, as `createVerifier` does.
 */
export function explain<S = {}, U = {}>(source: CookieSource, options: ExplainOptions, at?: Date | number): Explanation<S, U> {
  const explanation = explainChecked<S, U>(source, options, at, UNCHECKED);
  const { verdict } = explanation;
  const matches = verdict.status !== "authenticated" || versionMatches(options.session?.cookieCache?.version, verdict) === true;
  return matches ? explanation : mismatch(explanation, verdict.session.token);
}

/** Explains like `explain`, with `jwks` and an async `version` function too. The key set is fetched at each call. */
export async function explainAsync<S = {}, U = {}>(
  source: CookieSource,
  options: ExplainOptions,
  at?: Date | number,
): Promise<Explanation<S, U>> {
  assertOptions(options);
  const keySet = keySetOptions(options);
  const check = keySet ? await (await onDemand(keySet)()).check(cacheOf(source, options)) : UNCHECKED;
  const explanation = explainChecked<S, U>(source, options, at, check);
  const { verdict } = explanation;
  const matches = verdict.status !== "authenticated" || (await versionMatches(options.session?.cookieCache?.version, verdict));
  return matches ? explanation : mismatch(explanation, verdict.session.token);
}

/** Explains a request whose cache was checked with a key set. The version is left to the caller. */
function explainChecked<S, U>(
  source: CookieSource,
  options: ExplainOptions,
  at: Date | number | undefined,
  check: KeySetCheck,
): Explanation<S, U> {
  const report = inspect(coreConfig(options), source, options, millis(at), check);
  const { verdict: text, message, expected, received, cookies, cache } = report;
  const parts = { expected, received, cookies, cache: cache && withDates(cache) };
  const refused = isPromise(source) ? "no_headers" : hasCredential(source, options) ? "credential_header" : null;
  if (refused) return { verdict: { status: "unauthenticated", reason: refused }, message: explainReason(refused), ...parts };
  return { verdict: readVerdict(text) as Verdict<S, U>, message, ...parts };
}

function mismatch<S, U>(explanation: Explanation<S, U>, token: string): Explanation<S, U> {
  const reason = "version_mismatch";
  return { ...explanation, verdict: { status: "stale", reason, token }, message: explainReason(reason) };
}

/** Returns the sentences for a reason of a verdict or a cause of the gate, and "" for any other text. */
export function explainReason(code: string): string {
  return inspectWasm.call((wasm) => wasm.meaning(code), "");
}

/** Returns the session cache of a source, its chunks joined, or the source if it is a bare cache. */
function cacheOf(source: CookieSource, options: ExplainOptions): string {
  return construct(inspectWasm, (wasm) => wasm.cache(coreConfig(options), cookieHeader(source), schemeBehindProxy(source, options)));
}

/** Returns whether the verdict on the source is `credential_header`. */
function hasCredential(source: CookieSource, options: ExplainOptions): boolean {
  const credentials = new CredentialHeaders(options);
  const heeds = (header: string) => construct(inspectWasm, (wasm) => wasm.heeds(coreConfig(options), header, credentials.explicit));
  return credentials.isIn(source, heeds);
}

function inspect(config: string, source: CookieSource, options: ExplainOptions, now: number, { valid, number }: KeySetCheck): Report {
  const scheme = schemeBehindProxy(source, options);
  return construct(inspectWasm, (wasm) => wasm.inspect(config, cookieHeader(source), scheme, now, valid, number));
}

/** Returns the scheme that a gate with these options uses: with `trustProxy` the one that the proxy reports. */
function schemeBehindProxy(source: CookieSource, { trustProxy }: ExplainOptions): Scheme {
  const headers = (source as Partial<Request> | null | undefined)?.headers;
  const forwarded = trustProxy === true && typeof headers?.get === "function" ? forwardedScheme(headers) : UNKNOWN_SCHEME;
  return forwarded || schemeOf(source);
}

function withDates({ header, payload, windows, ...rest }: NonNullable<Report["cache"]>): ExplainedCache {
  const dated = Object.entries(windows).map(([name, at]) => [name, at === null ? null : new Date(at)]);
  return { ...rest, header: header && JSON.parse(header), payload: payload && JSON.parse(payload), windows: Object.fromEntries(dated) };
}

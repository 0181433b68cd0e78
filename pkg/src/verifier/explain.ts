/** `better-session/explain`: a verdict in sentences, for whoever sets a server up. Its message names cookies and never shows a value. */
import { coreConfig } from "../config.js";
import { BetterSessionError } from "../error.js";
import { UNKNOWN_SCHEME, cookieHeader, forwardedScheme, millis, schemeOf, type Scheme } from "./input.js";
import type { CookieSource, Strategy, Verdict, VerifierOptions } from "../types.js";
import { readVerdict } from "./verdict.js";
import { createVerifier } from "./verifier.js";
import { versionMatches } from "./version.js";
import type { Report } from "../runtime/generated/inspect.js";
import { asRefusal } from "../runtime/handle.js";
import { inspectWasm } from "../runtime/inspect.js";

export interface Explanation<S = {}, U = {}> {
  verdict: Verdict<S, U>;
  /** What the verdict means and what to look at, in one or two sentences. Not for visitors. */
  message: string;
  /** The names that these options make the session token's cookie have. */
  expected: string[];
  /** The names of the request's cookies that look like a session's, whatever their prefix. */
  received: string[];
  /** What came under the names of the session's cookies. */
  cookies: Report["cookies"];
  /** The session cache, taken apart; null where none came, or nothing with the shape of one. */
  cache: ExplainedCache | null;
}

/** A session cache as it came. Proven only where `reason` is null. */
export interface ExplainedCache {
  strategy: Strategy;
  /** The protected header; null in a compact cache. */
  header: Record<string, unknown> | null;
  /** Null where it is encrypted and does not open. */
  payload: Record<string, unknown> | null;
  /** Why it does not open under these options. */
  reason: string | null;
  /** From when until when it counts, as far as that can be read. */
  windows: { [name in keyof NonNullable<Report["cache"]>["windows"]]: Date | null };
}

/** The verifier's options, or a gate's: of those `trustProxy` matters here too. */
export interface ExplainOptions extends VerifierOptions {
  trustProxy?: boolean;
}

/**
 * Verifies and says why; a bare `session_data` value is taken apart as well. For logs and set-up, not for every request:
 * keys are derived at each call. Throws BetterSessionError when the options cannot work, as `createVerifier` does.
 */
export function explain<S = {}, U = {}>(source: CookieSource, options: ExplainOptions, at?: Date | number): Explanation<S, U> {
  const { verdict: text, message, expected, received, cookies, cache } = inspected(coreConfig(options), source, options, millis(at));
  const taken = { expected, received, cookies, cache: cache && explained(cache) };
  const meaning = (reason: string) => inspectWasm.call((wasm) => wasm.meaning(reason), "");
  if (hasCredential(source, options)) {
    const reason = "credential_header";
    return { verdict: { status: "unauthenticated", reason }, message: meaning(reason), ...taken };
  }
  const verdict = readVerdict(text) as Verdict<S, U>;
  if (verdict.status !== "authenticated" || versionMatches(options.session?.cookieCache?.version, verdict) === true) {
    return { verdict, message, ...taken };
  }
  const stale = { status: "stale", reason: "version_mismatch", token: verdict.session.token } as const;
  return { verdict: stale, message: meaning(stale.reason), ...taken };
}

/** Returns whether the verifier leaves the source to the origin because of a credential header. */
function hasCredential(source: CookieSource, options: ExplainOptions): boolean {
  const { reason } = createVerifier(options).verify(source) as { reason?: string };
  return reason === "credential_header";
}

function inspected(config: string, source: CookieSource, options: ExplainOptions, now: number): Report {
  const wasm = inspectWasm.live();
  const { generation } = inspectWasm;
  try {
    return wasm.inspect(config, cookieHeader(source), schemeBehindProxy(source, options), now);
  } catch (cause) {
    const refusal = asRefusal(cause);
    if (refusal) throw refusal;
    inspectWasm.discard(generation);
    throw new BetterSessionError("CORE_FAILED", "The WebAssembly inspector failed.", { cause });
  }
}

/** Returns the scheme that a gate with these options sees: with `trustProxy` the one that the proxy names. */
function schemeBehindProxy(source: CookieSource, { trustProxy }: ExplainOptions): Scheme {
  const headers = (source as Partial<Request> | null | undefined)?.headers;
  const forwarded = trustProxy === true && typeof headers?.get === "function" ? forwardedScheme(headers) : UNKNOWN_SCHEME;
  return forwarded || schemeOf(source);
}

function explained({ header, payload, windows, ...rest }: NonNullable<Report["cache"]>): ExplainedCache {
  const dated = Object.entries(windows).map(([name, at]) => [name, at === null ? null : new Date(at)]);
  return { ...rest, header: header && JSON.parse(header), payload: payload && JSON.parse(payload), windows: Object.fromEntries(dated) };
}

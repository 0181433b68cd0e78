/** The verifier: passes cookies to core.wasm and returns its results as JavaScript values. */
import { coreConfig } from "../config.js";
import { onDemand } from "../jwks/on-demand.js";
import { keySetOptions } from "../jwks/options.js";
import { CredentialHeaders } from "./credentials.js";
import { BetterSessionError } from "../error.js";
import { cookieHeader, bounded, millis, schemeOf } from "./input.js";
import { memoryLimits, tokenNameOf } from "./memory.js";
import type { MintOptions, Opened, SessionVerifier, StaleReason, Strategy, Verdict, VerifierOptions } from "../types.js";
import { isPromise, versionMatches } from "./version.js";
import { coreWasm } from "../runtime/core.js";
import { CoreVerifier } from "../runtime/core-verifier.js";
import { Handle } from "../runtime/handle.js";

/** Results after a trap, when nothing was checked. Each caller gets a copy. */
const FAILED_VERIFY = { status: "unauthenticated", reason: "runtime_failure" } as const;
const FAILED_OPEN = { ok: false, reason: "runtime_failure" } as const;

/**
 * Creates a verifier. It derives the keys once, so create one and keep it. Throws a BetterSessionError if an option is
 * invalid (with a code of VerifierOptions), or if WebAssembly cannot run (WASM_UNAVAILABLE; WASM_MISSING in
 * `better-session/slim`).
 */
export function createVerifier<S = {}, U = {}>(options: VerifierOptions): SessionVerifier<S, U> {
  const config = coreConfig(options);
  const limits = memoryLimits(options);
  const keySetConfig = keySetOptions(options);
  const keySet = keySetConfig && onDemand(keySetConfig, undefined, limits);
  const handle = new Handle(coreWasm, (core, memory) => new CoreVerifier(core, memory, config, limits, tokenNameOf(options)));
  const credentials = new CredentialHeaders(options);
  const isCredential = (header: string) => handle.call(({ object }) => object.heeds(header, credentials.explicit), true);
  const configuredVersion = options.session?.cookieCache?.version;
  const matches = (cached: Parameters<typeof versionMatches>[1]) => versionMatches(configuredVersion, cached) === true;

  const mismatch = (token: string) => ({ status: "stale", reason: "version_mismatch", token }) as const;

  return {
    async verifyAsync(source, at) {
      if (credentials.isIn(source, isCredential)) return { status: "unauthenticated", reason: "credential_header" };
      const header = cookieHeader(source);
      const now = millis(at);
      const scheme = schemeOf(source);
      // Awaits only what is pending: each `await` takes as long as a remembered header's lookup.
      const keys = keySet?.();
      const loaded = keys && ("verify" in keys ? keys : await keys);
      const verifying = loaded ? loaded.verify(handle, header, now, scheme) : handle.call((core) => core.verify(header, now, scheme), null);
      const verified = verifying && "then" in verifying ? await verifying : verifying;
      const verdict = (verified ?? { ...FAILED_VERIFY }) as Verdict<S, U>;
      const matching = verdict.status !== "authenticated" || versionMatches(configuredVersion, verdict);
      const isMatch = matching === true || (await matching);
      return isMatch || verdict.status !== "authenticated" ? verdict : mismatch(verdict.session.token);
    },

    verify(source, at) {
      if (credentials.isIn(source, isCredential)) return { status: "unauthenticated", reason: "credential_header" };
      const header = cookieHeader(source);
      const now = millis(at);
      const scheme = schemeOf(source);
      const verdict = (handle.call((core) => core.verify(header, now, scheme), null) ?? { ...FAILED_VERIFY }) as Verdict<S, U>;
      if (verdict.status === "unauthenticated" && isPromise(source)) return { ...verdict, reason: "no_headers" };
      if (verdict.status !== "authenticated" || matches(verdict)) return verdict;
      return mismatch(verdict.session.token);
    },

    open(value, at) {
      const text = bounded(value);
      const now = millis(at);
      const opened = (handle.call((core) => core.open(text, now), null) ?? { ...FAILED_OPEN }) as Opened<S, U>;
      if (!opened.ok || matches(opened)) return opened;
      return { ok: false, reason: "version_mismatch" satisfies StaleReason };
    },

    mint({ session, user }, { at, strategy = "" as Strategy, maxAge = 0 }: MintOptions = {}) {
      const texts = [JSON.stringify(session), JSON.stringify(user)] as const;
      if (!texts.every((text) => text?.startsWith("{"))) {
        throw new BetterSessionError("MINT_INVALID", "A cache is minted from a session and a user, which must be objects.");
      }
      if (keySet) throw new BetterSessionError("MINT_INVALID", "Only the server has the private keys of its key set.");
      const version = typeof configuredVersion === "function" ? configuredVersion(session, user) : "";
      if (isPromise(version)) throw new BetterSessionError("MINT_INVALID", "An async version cannot be minted synchronously.");
      const now = millis(at);
      const minted = handle.call(({ object }) => object.mint(...texts, strategy, String(version), maxAge, now), "");
      if (!minted) throw new BetterSessionError("CORE_FAILED", "The WebAssembly core failed while it minted.");
      return minted;
    },
  };
}

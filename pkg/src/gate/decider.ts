/** The gate's decisions in gate.wasm: the text of a request goes in, one action comes out. */
import { KEY_SET, OTHER_CREDENTIAL, OTHER_VERSION } from "../protocol/flags.js";
import { revocationConfig } from "../revocation/config.js";
import { gateWasm, type GateModule } from "../runtime/gate.js";
import { Handle } from "../runtime/handle.js";
import { utf8 } from "../runtime/utf8.js";
import type { CacheVersion, Verdict } from "../types.js";
import { UNCHECKED } from "../jwks/check.js";
import type { KeySetLoader } from "../jwks/on-demand.js";
import { CredentialHeaders } from "../verifier/credentials.js";
import { bounded } from "../verifier/input.js";
import { memoryLimits, tokenNameOf } from "../verifier/memory.js";
import { readVerdict } from "../verifier/verdict.js";
import { versionMatches } from "../verifier/version.js";
import { parseAction, type Action } from "./action.js";
import { answersGetSession, assertRoutes, gateConfig, pluginFields } from "./config.js";
import type { OriginResponse } from "./origin.js";
import { Predicates } from "./predicates.js";
import { GATE_UNAVAILABLE } from "./responses.js";
import { OPAQUE_CREDENTIAL, RequestReader, serialise, type GateRequest } from "./request.js";
import { SeenActions } from "./seen-actions.js";
import type { GateCause, GateOptions, GateVerdict } from "./types.js";
import { readGateVerdict } from "./verdict.js";

/** The number of the key set's check that asks for the cache, the same as in `bindings/protocol`. */
const ASK = 7;

/** The verdict after a trap. */
const FAILED_VERDICT = '{"status":"unauthenticated","reason":"runtime_failure"}';

/** The action after a trap: no request is let through. The next one gets a new instance. */
const FAILED_ACTION = `${JSON.stringify({ do: "deny", ...GATE_UNAVAILABLE })}\n${FAILED_VERDICT}`;

/** The objects inside one WebAssembly instance, created and discarded together. */
export interface GateObjects {
  gate: InstanceType<GateModule["Gate"]>;
  /** The revocation index that `gate` consults, if revocation is configured. */
  index?: InstanceType<GateModule["Marks"]>;
  /** The actions that `gate` decided before. */
  seen?: SeenActions;
}

export class Decider {
  readonly handle: Handle<GateModule, GateObjects>;
  /** Normalised, without a trailing slash. */
  readonly basePath: string;
  /** The members that `get-session` shows are learned from the origin's responses. */
  readonly learnsFields: boolean;
  readonly predicates: Predicates;
  /** Verifies caches that are signed with the server's key set. */
  keySet: KeySetLoader | undefined;
  readonly #reader: RequestReader;
  /** Cookies are for all subdomains, and the host of a dynamic or absent `baseURL` is their `Domain`. */
  readonly #domainUnknown: boolean;
  readonly #version: CacheVersion | undefined;

  constructor(options: GateOptions) {
    const config = gateConfig(options);
    const credentials = new CredentialHeaders(options);
    const { basePath, baseURL, graceWhenOriginIsDown, customSession } = options;
    const answerGetSession = answersGetSession(options);
    // The response of a customSession plugin does not show which fields are hidden.
    const hiddenFields = options.hiddenFields ?? (customSession ? {} : undefined);
    const derived = { anyBearer: credentials.explicit, hiddenFields, pluginFields: pluginFields(options) };
    assertRoutes(options);
    this.predicates = new Predicates(options.routes?.when);
    const routes = { ...options.routes, when: this.predicates.patterns };
    const rules = JSON.stringify({ basePath, baseURL, routes, graceWhenOriginIsDown, answerGetSession, ...derived });
    this.learnsFields = answerGetSession && !hiddenFields;
    const revocation = revocationConfig(options);
    const { enabled, domain } = options.advanced?.crossSubDomainCookies ?? {};
    this.#domainUnknown = Boolean(enabled) && !domain && typeof baseURL !== "string";
    const limits = memoryLimits(options);
    this.handle = new Handle(gateWasm, (wasm) => {
      const gate = new wasm.Gate(config, rules, limits?.entries ?? 0, limits?.bytes ?? 0);
      const index = options.revocation && new wasm.Marks(config, revocation);
      if (index) gate.judge_by(index);
      return { gate, index, seen: limits && new SeenActions(limits, tokenNameOf(options)) };
    });
    const kindOf = (authorization: string) => this.handle.call(({ gate }) => gate.credential(authorization), OPAQUE_CREDENTIAL);
    this.#reader = new RequestReader(options, credentials, kindOf);
    this.basePath = this.handle.call(({ gate }) => gate.base_path(), "/api/auth");
    this.#version = options.session?.cookieCache?.version;
  }

  /** Reads a request synchronously. An async `version` function counts as a mismatch here. */
  describe(received: Request): GateRequest {
    const request = this.#reader.read(received);
    if (this.#matchesVersion(request) !== true) request.flags |= OTHER_VERSION;
    return request;
  }

  /** Reads a request and waits for the key set and for an async `version` function. */
  async describeAsync(received: Request): Promise<GateRequest> {
    const request = this.#reader.read(received);
    if (this.keySet) await this.#checkKeySet(this.keySet, request);
    if (!(await this.#matchesVersion(request))) request.flags |= OTHER_VERSION;
    return request;
  }

  /** Verifies the cache of a request with the key set. */
  async #checkKeySet(keySet: KeySetLoader, request: GateRequest): Promise<void> {
    const flags = request.flags | (ASK * KEY_SET);
    const asked = this.handle.call(({ gate }) => gate.check(serialise(request), flags, Date.now()), "");
    const { valid, number } = asked.startsWith("?") ? await (await keySet()).check(asked.slice(1)) : UNCHECKED;
    request.validCache = valid;
    request.flags |= number * KEY_SET;
  }

  /** True if `describeAsync` has something to wait for. */
  get mustWait(): boolean {
    return this.keySet !== undefined || this.hasVersionFunction;
  }

  /** True if the cache's version is decided by a function. */
  get hasVersionFunction(): boolean {
    return typeof this.#version === "function";
  }

  #matchesVersion(request: GateRequest): boolean | Promise<boolean> {
    if (!this.hasVersionFunction) return true;
    const verdict = this.check(request);
    return verdict.status !== "authenticated" || versionMatches(this.#version, verdict);
  }

  start(request: GateRequest): Action {
    const now = Date.now();
    const known = this.handle.call(({ gate, seen }) => seen?.get(request, gate.state(), now), undefined);
    if (known) return known;
    const action = this.#decide(request, (text) =>
      this.handle.call(({ gate }) => gate.start(utf8(text), request.flags, now, request.number), FAILED_ACTION),
    );
    this.handle.call(({ gate, seen }) => {
      const until = gate.until();
      if (until > now) seen?.set(request, gate.state(), now, until, action);
    }, undefined);
    return action;
  }

  /** Continues after a lookup. `status` 0: no response arrived. `earlier`: the body of the first response if this is the second. */
  resume(request: GateRequest, { status, body, setCookies }: OriginResponse, earlier = ""): Action {
    const lines = setCookies.join("\n");
    const { flags, number } = request;
    return this.#decide(request, (text) =>
      this.handle.call(({ gate }) => gate.resume(text, flags, Date.now(), number, status, body, lines, earlier), FAILED_ACTION),
    );
  }

  /** Forgets what gate.wasm knows of a request that waited for the origin. */
  release({ number }: GateRequest): void {
    this.handle.call(({ gate }) => gate.release(number), undefined);
  }

  /** Returns the cause for which the response to a lookup is unusable. */
  cause(request: GateRequest, { status, body }: OriginResponse): GateCause {
    const { flags, number } = request;
    const text = serialise(request);
    return this.handle.call(({ gate }) => gate.cause(text, flags, Date.now(), number, status, body), "origin_error") as GateCause;
  }

  /** Returns the route pattern that decides on a URL, or "". */
  route(url: string): string {
    return this.handle.call(({ gate }) => gate.route(url), "");
  }

  tokenHash(token: string): string {
    return this.handle.call(({ gate }) => gate.token_hash(token), "");
  }

  /** Parses the verdict of an action. */
  parse({ rest, read, ...action }: Action): GateVerdict {
    return read?.() ?? readGateVerdict(rest, ("source" in action && action.source) || null);
  }

  /** Returns whether the response to a deferred refresh is accepted. Otherwise the first response stands. */
  acceptsRefresh(request: GateRequest, status: number, body: string): boolean {
    const { flags, number } = request;
    const text = serialise(request);
    return this.handle.call(({ gate }) => gate.accepts_refresh(text, flags, Date.now(), number, status, body), false);
  }

  /** Learns from a `get-session` response which members the server shows. A response to a credential is not used. */
  learnFields(request: GateRequest, status: number, body: string, setCookies: string[]): void {
    if (!this.learnsFields || status !== 200 || request.hasCredential) return;
    this.handle.call(({ gate }) => gate.learn(request.cookie, request.flags, setCookies.join("\n"), body, Date.now()), undefined);
  }

  /** Decides without `Accept` and `Sec-Fetch-Mode`: reading them costs as much as the rest, and only a redirect depends on them. */
  #decide(request: GateRequest, decide: (text: string) => string): Action {
    const action = parseAction(decide(serialise(request)));
    if (action.do !== "deny" || action.status !== 401) return action;
    const header = (name: string) => bounded(request.headers.get(name));
    const page = serialise(request, header("accept"), header("sec-fetch-mode"));
    const redirect = this.handle.call(({ gate }) => gate.sign_in(page, request.flags), "");
    return redirect ? { ...parseAction(redirect), rest: action.rest } : action;
  }

  /** Returns the verdict on a request; with a credential header it is `credential_header`. */
  check(request: GateRequest): Verdict {
    return readVerdict(this.handle.call(({ gate }) => gate.check(serialise(request), request.flags, Date.now()), FAILED_VERDICT));
  }

  /** Returns the verdict on the cookies alone, ignoring other credentials. */
  checkCookies(request: GateRequest): Verdict {
    return this.check({ ...request, authorization: "", flags: request.flags & ~OTHER_CREDENTIAL });
  }

  /** Returns whether a response of the origin to `get-session` that was given at `at` is revoked. */
  isRevoked(body: string, at: number): boolean {
    const { session, user } = JSON.parse(body) as { session: { token: string }; user: { id: string } };
    return this.handle.call(({ gate }) => gate.is_revoked(session.token, user.id, at, Date.now()), true);
  }

  /** Returns whether the cookies would prove a session if it were not revoked. */
  isInvalidated(request: GateRequest): boolean {
    const verdict = this.checkCookies(request);
    return verdict.status === "stale" && verdict.reason === "invalidated";
  }

  withoutCache(cookie: string): string {
    return this.handle.call(({ gate }) => gate.without_cache(cookie), "");
  }

  /** Returns the `Cookie` header of a lookup: bounded, and only the cookies that the server's `get-session` reads. */
  lookupCookie(cookie: string): string {
    return this.handle.call(({ gate }) => gate.for_lookup(cookie), "");
  }

  /** Returns the entries of a `Cookie` header that the server's `get-session` reads. */
  sessionCookies(cookie: string): string {
    return this.handle.call(({ gate }) => gate.session_only(cookie), cookie);
  }

  /** Returns the `Cookie` header after a browser has applied `setCookies`. */
  cookieAfter(cookie: string, setCookies: string[]): string {
    return this.handle.call(({ gate }) => gate.renewed(cookie, setCookies.join("\n")), "");
  }

  /**
   * Returns whether only the server can renew the cookies: it keeps OAuth tokens in one of them, or it derives their `Domain`
   * from something that the gate does not know.
   */
  renewsAtOrigin({ cookie }: GateRequest): boolean {
    return this.#domainUnknown || this.handle.call(({ gate }) => gate.has_account(cookie), true);
  }

  /** Returns the `Set-Cookie` lines of a newly minted cache; empty if it cannot be minted. */
  remint({ cookie, flags }: GateRequest): string[] {
    return splitLines(this.handle.call(({ gate }) => gate.renew(cookie, flags, Date.now()), ""));
  }

  /**
   * Encrypts the identity of a verdict's session for one method, path and `Cookie` header. It refers to the session cache in
   * the header if that has the same session. Returns "" if that fails.
   */
  encryptIdentity({ flags }: GateRequest, verdict: string, method: string, path: string, cookie: string): string {
    return this.handle.call(({ gate }) => gate.seal(verdict, method, path, cookie, flags, Date.now()), "");
  }

  /** Returns whether the normalised path of `url` is `below` under the base path. */
  isBelow(url: string, below: string): boolean {
    return this.handle.call(({ gate }) => gate.is_below(url, below), false);
  }

  /** Returns the session token that a response sets, or "". */
  tokenSetBy(setCookies: string[]): string {
    return this.handle.call(({ gate }) => gate.set_token(setCookies.join("\n")), "");
  }

  setsCache(setCookies: string[]): boolean {
    return this.handle.call(({ gate }) => gate.sets_cache(setCookies.join("\n")), true);
  }

  withoutNewCache(setCookies: string[]): string[] {
    return splitLines(this.handle.call(({ gate }) => gate.without_new_cache(setCookies.join("\n")), ""));
  }

  /**
   * Returns whether the session of a verdict may be older than a revocation that arrived after the first `arrived` ones,
   * during a lookup that began at `startedAt`.
   */
  isOvertaken(verdict: string, arrived: number, startedAt: number): boolean {
    return verdict !== "" && this.handle.call(({ gate }) => gate.overtaken(verdict, arrived, startedAt), true);
  }

  /** Returns the same for the session that a response's cookies set. */
  setsOvertaken(cookie: string, setCookies: string[], arrived: number, startedAt: number): boolean {
    return this.handle.call(({ gate }) => gate.sets_overtaken(cookie, setCookies.join("\n"), arrived, startedAt, Date.now()), true);
  }
}

function splitLines(text: string): string[] {
  return text === "" ? [] : text.split("\n");
}

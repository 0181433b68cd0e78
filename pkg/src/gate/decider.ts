/** The decision machine in gate.wasm: text in, one step out. */
import { CredentialHeaders } from "../verifier/credentials.js";
import { UNKNOWN_SCHEME, bounded, forwardedScheme, schemeOf } from "../verifier/input.js";
import type { CacheVersion, Verdict } from "../types.js";
import { readVerdict } from "../verifier/verdict.js";
import { versionMatches } from "../verifier/version.js";
import { gateWasm, type Gate } from "../runtime/gate.js";
import { Handle } from "../runtime/handle.js";
import { utf8 } from "../runtime/utf8.js";
import { gateConfig, pluginFields } from "./config.js";
import { revocationConfig } from "../revocation/config.js";
import type { GateOptions } from "./types.js";

export { readVerdict };

/** What the core is told of a request. */
export interface Facts {
  method: string;
  url: string;
  cookie: string;
  /** For what only a refusal depends on. */
  headers: Headers;
  /** The `Authorization` header; "" unless it is a credential. */
  authorization: string;
  /** The request carries a credential header, that or another: the origin decides whose it is. */
  credential: boolean;
  /** The credential is not a session token: the server may act on it at one endpoint and on the cookies at another. */
  opaque: boolean;
  hints: number;
}

/** Bits of `hints`. */
export const OTHER_CREDENTIAL = 1;
export const UNSURE = 2;
export const OTHER_VERSION = 4;
export const IDENTIFY = 8;
export const WARY = 16;
/** The request's scheme, 1 for http and 2 for https, stands above the flags. */
const SCHEME_SHIFT = 5;
export const ORIGIN_UP = 256;
export const ORIGIN_DOWN = 512;

/** What to do next. `rest` is JSON that most requests never need to parse. */
export interface Step {
  do: "answer" | "forward" | "ask" | "probe" | "next" | "deny";
  /** Where to send it: path, and for a question its query. `probe`: the path of the origin's health check. */
  path: string;
  /** `forward`: without the cache cookie. */
  bare?: boolean;
  /** `ask`: by POST, which carries out a deferred refresh. */
  post?: boolean;
  /** `next` with a session: who vouches for it. */
  source?: "cookie" | "origin" | "grace";
  /** The cache can be minted again here. */
  due?: boolean;
  /** `deny`. */
  status: number;
  code: string;
  message: string;
  location?: string;
  rest: string;
}

/** After a trap nothing is known, so nobody is let in; the next request gets a new instance. */
const TRAPPED = '{"do":"deny","status":503,"code":"GATE_UNAVAILABLE","message":"The session cannot be checked at the moment"}\n';
const NOBODY = '{"status":"unauthenticated","reason":"token_malformed"}';

/** What lives in one instance of the core, made and lost together. */
export interface GateObjects {
  gate: InstanceType<Gate["Gate"]>;
  /** The revocation index that `gate` judges by. */
  marks: InstanceType<Gate["Marks"]>;
}

export class GateCore {
  readonly handle: Handle<Gate, GateObjects>;
  /** Normalised, without a slash at the end. */
  readonly basePath: string;
  readonly #hints: number;
  readonly #trustProxy: boolean;
  readonly #version: CacheVersion | undefined;
  readonly #credentials: CredentialHeaders;
  /** Answers of the origin to `get-session` have something to teach. */
  readonly learns: boolean;

  constructor(options: GateOptions) {
    const config = gateConfig(options);
    this.#credentials = new CredentialHeaders(options);
    const { basePath, baseURL, routes, graceWhenOriginIsDown, answerGetSession, hiddenFields } = options;
    const own = { anyBearer: this.#credentials.explicit, hiddenFields, pluginFields: pluginFields(options) };
    const rules = JSON.stringify({ basePath, baseURL, routes, graceWhenOriginIsDown, answerGetSession, ...own });
    this.learns = answerGetSession !== false && !hiddenFields;
    const marking = revocationConfig(options);
    this.#hints = options.revocation ? WARY : 0;
    this.#trustProxy = options.trustProxy === true;
    this.handle = new Handle(gateWasm, (wasm) => {
      const gate = new wasm.Gate(config, rules);
      const marks = new wasm.Marks(config, marking);
      if (options.revocation) gate.judge_by(marks);
      return { gate, marks };
    });
    this.basePath = this.handle.call(({ gate }) => gate.base_path(), "/api/auth");
    this.#version = options.session?.cookieCache?.version;
  }

  /** A version that comes later is another one here. */
  facts(request: Request): Facts {
    const facts = this.#received(request);
    if (this.#matches(facts) !== true) facts.hints |= OTHER_VERSION;
    return facts;
  }

  /** As `facts`, when there is time to wait for the version. */
  async settled(request: Request): Promise<Facts> {
    const facts = this.#received(request);
    if (!(await this.#matches(facts))) facts.hints |= OTHER_VERSION;
    return facts;
  }

  /** Whether a function has to say if the cache is of its version. */
  get asks(): boolean {
    return typeof this.#version === "function";
  }

  #matches(facts: Facts): boolean | Promise<boolean> {
    if (!this.asks) return true;
    const verdict = this.check(facts);
    return verdict.status !== "authenticated" || versionMatches(this.#version, verdict);
  }

  #received(request: Request): Facts {
    const { headers } = request;
    const other = this.#credentials.hasOther(headers);
    const sent = this.#credentials.authorization(headers);
    const kind = sent === "" ? 0 : this.handle.call(({ gate }) => gate.credential(sent), 2);
    return {
      method: request.method,
      url: request.url,
      cookie: bounded(headers.get("cookie")),
      headers,
      authorization: kind === 0 ? "" : sent,
      credential: other || kind !== 0,
      opaque: other || kind === 2,
      hints: this.#hints | (other ? OTHER_CREDENTIAL : 0) | (this.#scheme(request) << SCHEME_SHIFT),
    };
  }

  /** Where neither `baseURL` nor `useSecureCookies` is configured, it decides which cookies count. */
  #scheme(request: Request): number {
    const forwarded = this.#trustProxy ? forwardedScheme(request.headers) : UNKNOWN_SCHEME;
    return forwarded || schemeOf(request);
  }

  start(facts: Facts): Step {
    return this.#step(facts, (request) => this.handle.call(({ gate }) => gate.start(utf8(request), facts.hints, Date.now()), TRAPPED));
  }

  /** `status` 0: no answer. `earlier`: the body of the first answer when this one is the second's. */
  resume(facts: Facts, status: number, body: string, earlier: string): Step {
    return this.#step(facts, (request) =>
      this.handle.call(({ gate }) => gate.resume(request, facts.hints, Date.now(), status, body, earlier), TRAPPED),
    );
  }

  /** Returns whether the answer to a deferred refresh counts; if not, the first answer stands. */
  acceptsRefresh(facts: Facts, status: number, body: string): boolean {
    const request = lines(facts, "", "");
    return this.handle.call(({ gate }) => gate.accepts_refresh(request, facts.hints, Date.now(), status, body), false);
  }

  /** Learns from an answer to `get-session` which members the server shows; an answer to a credential teaches nothing. */
  learn(facts: Facts, status: number, body: string, setCookies: string[]): void {
    if (!this.learns || status !== 200 || facts.credential) return;
    this.handle.call(({ gate }) => gate.learn(facts.cookie, facts.hints, setCookies.join("\n"), body, Date.now()), undefined);
  }

  /** Whether a refused visitor waits for a page is looked up when there is one: the headers cost as much as the rest. */
  #step(facts: Facts, decide: (request: string) => string): Step {
    const step = read(decide(lines(facts, "", "")));
    if (step.do !== "deny" || step.status !== 401) return step;
    const header = (name: string) => bounded(facts.headers.get(name));
    return read(decide(lines(facts, header("accept"), header("sec-fetch-mode"))));
  }

  /** A request with a credential header is the origin's to judge: `credential_header`. */
  check(facts: Facts): Verdict {
    return readVerdict(this.handle.call(({ gate }) => gate.check(lines(facts, "", ""), facts.hints, Date.now()), NOBODY));
  }

  /** Returns the verdict on the cookies alone, whatever other credential there is. */
  checkCookies(facts: Facts): Verdict {
    return this.check({ ...facts, authorization: "", hints: facts.hints & ~OTHER_CREDENTIAL });
  }

  /** Returns whether the cookies would prove a session if it were not revoked. */
  isInvalidated(facts: Facts): boolean {
    const verdict = this.checkCookies(facts);
    return verdict.status === "stale" && verdict.reason === "invalidated";
  }

  withoutCache(cookie: string): string {
    return this.handle.call(({ gate }) => gate.without_cache(cookie), "");
  }

  /** The `Cookie` header of a lookup: bounded, and only what `get-session` of the server reads. */
  forLookup(cookie: string): string {
    return this.handle.call(({ gate }) => gate.for_lookup(cookie), "");
  }

  /** The entries of a `Cookie` header that `get-session` of the server reads. */
  sessionOnly(cookie: string): string {
    return this.handle.call(({ gate }) => gate.session_only(cookie), cookie);
  }

  renewed(cookie: string, setCookies: string[]): string {
    return this.handle.call(({ gate }) => gate.renewed(cookie, setCookies.join("\n")), "");
  }

  renew({ cookie, hints }: Facts): string[] {
    const lines = this.handle.call(({ gate }) => gate.renew(cookie, hints, Date.now()), "");
    return lines === "" ? [] : lines.split("\n");
  }

  seal(verdict: string, method: string, path: string): string {
    return this.handle.call(({ gate }) => gate.seal(verdict, method, path, Date.now()), "");
  }

  /** Whether the path of `url`, however it is spelt, is `below` under the base path. */
  isBelow(url: string, below: string): boolean {
    return this.handle.call(({ gate }) => gate.is_below(url, below), false);
  }

  /** The session token that an answer sets, or "". */
  setToken(setCookies: string[]): string {
    return this.handle.call(({ gate }) => gate.set_token(setCookies.join("\n")), "");
  }

  setsCache(setCookies: string[]): boolean {
    return this.handle.call(({ gate }) => gate.sets_cache(setCookies.join("\n")), true);
  }

  withoutNewCache(setCookies: string[]): string[] {
    const lines = this.handle.call(({ gate }) => gate.without_new_cache(setCookies.join("\n")), "");
    return lines === "" ? [] : lines.split("\n");
  }

  /** Whether a verdict's session may be older than a revocation that arrived after the first `arrived` ones, during a lookup that began at `asked`. */
  overtaken(verdict: string, arrived: number, asked: number): boolean {
    return verdict !== "" && this.handle.call(({ gate }) => gate.overtaken(verdict, arrived, asked), true);
  }

  /** The same of the session that an answer's cookies set. */
  setsOvertaken(cookie: string, setCookies: string[], arrived: number, asked: number): boolean {
    return this.handle.call(({ gate }) => gate.sets_overtaken(cookie, setCookies.join("\n"), arrived, asked, Date.now()), true);
  }
}

/** A request as the core takes it. Nothing but a cookie could hold a line break, and it comes last. */
function lines({ method, url, authorization, cookie }: Facts, accept: string, mode: string): string {
  return `${method}\n${url}\n${accept}\n${mode}\n${authorization}\n${cookie}`;
}

/** By far the most frequent step, for which nothing is parsed. */
const ANSWER = '{"do":"answer"}\n';

function read(text: string): Step {
  if (text.startsWith(ANSWER)) return { do: "answer", path: "", status: 200, code: "", message: "", rest: text.slice(ANSWER.length) };
  const cut = text.indexOf("\n");
  const step = JSON.parse(text.slice(0, cut)) as Step;
  step.rest = text.slice(cut + 1);
  return step;
}

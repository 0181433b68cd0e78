/** The decision machine in gate.wasm: text in, one step out. */
import { bounded } from "../input.js";
import type { CacheVersion, Verdict } from "../types.js";
import { readVerdict } from "../verdict.js";
import { versionMatches } from "../version.js";
import { gateWasm, type Gate } from "../wasm/gate.js";
import { Handle } from "../wasm/handle.js";
import { utf8 } from "../wasm/utf8.js";
import { gateConfig } from "./config.js";
import { revocationConfig } from "./feeds/config.js";
import type { GateOptions } from "./types.js";

export { readVerdict };

/** What the core is told of a request. */
export interface Facts {
  method: string;
  url: string;
  cookie: string;
  /** For what only a refusal depends on. */
  headers: Headers;
  hints: number;
}

/** Bits of `hints`. */
export const BEARER = 1;
export const UNSURE = 2;
export const OTHER_VERSION = 4;
export const IDENTIFY = 8;
export const WARY = 16;

/** What to do next. `rest` is JSON that most requests never need to parse. */
export interface Step {
  do: "answer" | "forward" | "ask" | "next" | "deny";
  /** Where to send it: path, and for a question its query. */
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
  readonly #hints: number;
  readonly #version: CacheVersion | undefined;

  constructor(options: GateOptions) {
    const config = gateConfig(options);
    const { basePath, baseURL, routes, graceWhenOriginIsDown, answerGetSession } = options;
    const rules = JSON.stringify({ basePath, baseURL, routes, graceWhenOriginIsDown, answerGetSession });
    const marking = revocationConfig(options);
    this.#hints = options.revocation ? WARY : 0;
    this.handle = new Handle(gateWasm, (wasm) => {
      const gate = new wasm.Gate(config, rules);
      const marks = new wasm.Marks(config, marking);
      if (options.revocation) gate.judge_by(marks);
      return { gate, marks };
    });
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
    const verdict = this.#check(facts);
    return verdict.status !== "authenticated" || versionMatches(this.#version, verdict);
  }

  #received(request: Request): Facts {
    const { headers } = request;
    return {
      method: request.method,
      url: request.url,
      cookie: bounded(headers.get("cookie")),
      headers,
      hints: this.#hints | (headers.has("authorization") ? BEARER : 0),
    };
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

  /** Whether a refused visitor waits for a page is looked up when there is one: the headers cost as much as the rest. */
  #step(facts: Facts, decide: (request: string) => string): Step {
    const step = read(decide(lines(facts, "", "")));
    if (step.do !== "deny" || step.status !== 401) return step;
    const header = (name: string) => bounded(facts.headers.get(name));
    return read(decide(lines(facts, header("accept"), header("sec-fetch-mode"))));
  }

  /** A request with an `Authorization` header is the origin's to judge: its cookies alone prove nothing. */
  check(facts: Facts): Verdict {
    const verdict = this.#check(facts);
    if (verdict.status !== "authenticated" || !(facts.hints & BEARER)) return verdict;
    return { status: "stale", reason: "ambiguous_cookies", token: verdict.session.token };
  }

  withoutCache(cookie: string): string {
    return this.handle.call(({ gate }) => gate.without_cache(cookie), "");
  }

  renewed(cookie: string, setCookies: string[]): string {
    return this.handle.call(({ gate }) => gate.renewed(cookie, setCookies.join("\n")), "");
  }

  renew(cookie: string): string[] {
    const lines = this.handle.call(({ gate }) => gate.renew(cookie, Date.now()), "");
    return lines === "" ? [] : lines.split("\n");
  }

  seal(verdict: string, method: string, path: string): string {
    return this.handle.call(({ gate }) => gate.seal(verdict, method, path, Date.now()), "");
  }

  #check({ cookie, hints }: Facts): Verdict {
    return readVerdict(this.handle.call(({ gate }) => gate.check(cookie, hints, Date.now()), NOBODY));
  }
}

/** A request as the core takes it. Nothing but a cookie could hold a line break, and it comes last. */
function lines({ method, url, cookie }: Facts, accept: string, mode: string): string {
  return `${method}\n${url}\n${accept}\n${mode}\n${cookie}`;
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

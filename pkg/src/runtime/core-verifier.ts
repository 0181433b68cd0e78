/** A verifier in the core, and its answers as JavaScript's values. */
import { reviveRecord } from "../verifier/dates.js";
import type { Scheme } from "../verifier/input.js";
import type { Opened, StaleReason, Strategy, UnauthenticatedReason, Verdict } from "../types.js";
import type { Core } from "./core.js";
import { utf8 } from "./utf8.js";

/** How many numbers the core keeps of its last answer, and what they are. */
const FACTS = 9;
const STRATEGIES: Strategy[] = ["compact", "jwt", "jwe"];
const FRESH = 1;
const REFRESH_DUE = 2;

export class CoreVerifier {
  readonly object: InstanceType<Core["Verifier"]>;
  readonly #memory: WebAssembly.Memory;
  #facts: Float64Array;

  /** Throws what the core says against the configuration, as its text. */
  constructor(core: Core, memory: WebAssembly.Memory, config: string) {
    this.object = new core.Verifier(config);
    const fault = this.object.fault();
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- whoever constructs it makes a BetterSessionError of the text
    if (fault) throw fault;
    this.#memory = memory;
    this.#facts = this.#view();
  }

  verify(header: string, now: number, scheme: Scheme): Verdict {
    const text = this.object.verify(utf8(header), now, scheme);
    const facts = this.#known();
    if (facts) {
      const { session, user, strategy, version, cachedAt, cacheExpiresAt } = read(text, facts);
      const fresh = (facts[1]! & FRESH) !== 0;
      const refreshDue = (facts[1]! & REFRESH_DUE) !== 0;
      return { status: "authenticated", session, user, strategy, version, cachedAt, cacheExpiresAt, fresh, refreshDue };
    }
    const space = text.indexOf(" ");
    if (space < 0) return { status: "unauthenticated", reason: text as UnauthenticatedReason };
    return { status: "stale", reason: text.slice(0, space) as StaleReason, token: text.slice(space + 1) };
  }

  open(value: string, now: number): Opened {
    const text = this.object.open(utf8(value), now);
    const facts = this.#known();
    return facts ? { ok: true, ...read(text, facts) } : { ok: false, reason: text as StaleReason };
  }

  /** The authenticated text of a value that opens. */
  payload(value: string, now: number): string | undefined {
    const text = this.object.open(utf8(value), now);
    return this.#known() ? text : undefined;
  }

  /** The facts of the last answer, if it proves anything. */
  #known(): Float64Array | undefined {
    // Memory that grew is another buffer.
    if (this.#facts.length === 0) this.#facts = this.#view();
    return this.#facts[0] === 0 ? undefined : this.#facts;
  }

  #view(): Float64Array {
    return new Float64Array(this.#memory.buffer, this.object.facts(), FACTS);
  }
}

/** The core has checked the text: its JSON, its members and that its dates are dates. */
function read(text: string, facts: Float64Array) {
  const { session, user, version } = JSON.parse(text);
  reviveRecord(session, facts[4], facts[5], facts[6]);
  reviveRecord(user, null, facts[7], facts[8]);
  const strategy = STRATEGIES[facts[0]! - 1]!;
  return { session, user, strategy, version: (version as string) || "1", cachedAt: new Date(facts[2]!), cacheExpiresAt: new Date(facts[3]!) };
}

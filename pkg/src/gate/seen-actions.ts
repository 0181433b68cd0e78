/** Actions that were decided before for requests whose cookies were authenticated. */
import { keyOfHeader, Memory, type MemoryLimits } from "../verifier/memory.js";
import { copyOf } from "../verifier/copy.js";
import type { Action } from "./action.js";
import type { GateVerdict } from "./types.js";
import { readGateVerdict } from "./verdict.js";

/** Maximum number of URLs for which the actions of one visitor are remembered. */
const MAX_URLS = 8;

/** The parts of a request on which its first action depends. */
interface Decided {
  method: string;
  url: string;
  flags: number;
  cookie: string;
  authorization: string;
}

interface Seen {
  method: string;
  url: string;
  flags: number;
  /** The state of gate.wasm, of revocations and learned fields, at the decision. */
  state: number;
  action: Action;
  /** The verdict of `action`, once it was read. */
  verdict?: GateVerdict;
}

export class SeenActions {
  readonly #memory: Memory<Seen[]>;
  readonly #tokenName: string;

  /** `tokenName` is the session token's cookie, without a prefix. */
  constructor(limits: MemoryLimits, tokenName: string) {
    this.#memory = new Memory(limits);
    this.#tokenName = tokenName;
  }

  /** Returns the action for exactly this request in exactly this state, if it is known. */
  get(request: Decided, state: number, now: number): Action | undefined {
    const { method, url, flags, cookie, authorization } = request;
    if (authorization !== "") return undefined;
    const all = this.#memory.get(keyOfHeader(cookie, this.#tokenName), cookie, now);
    const seen = all?.find((one) => one.url === url && one.method === method && one.flags === flags);
    if (seen?.state !== state) return undefined;
    if (seen.action.do !== "next") return { ...seen.action };
    return { ...seen.action, read: () => copyOf((seen.verdict ??= readGateVerdict(seen.action.rest, "cookie"))) };
  }

  /** Remembers an action that stays the same until the time `until`, as long as the state does. */
  set({ method, url, flags, cookie, authorization }: Decided, state: number, now: number, until: number, action: Action): void {
    if (authorization !== "") return;
    const key = keyOfHeader(cookie, this.#tokenName);
    const others = this.#memory.get(key, cookie, now)?.filter((one) => one.url !== url || one.method !== method || one.flags !== flags);
    const all = [{ method, url, flags, state, action: { ...action } }, ...(others ?? [])].slice(0, MAX_URLS);
    const size = all.reduce((sum, one) => sum + one.url.length + one.action.rest.length, 0);
    this.#memory.set(key, cookie, all, size, Math.trunc(now), until);
  }
}

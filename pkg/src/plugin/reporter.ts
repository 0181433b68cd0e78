/** Gathers marks and reports them to a gate: signed, batched, again when it fails. */
import { join } from "../revocation/bytes.js";
import { MAX_REPORT, NONCE_HEADER, REPORT_PATH, SIGNATURE_HEADER, TIME_HEADER } from "../revocation/report-path.js";
import { gateWasm, type Gate } from "../runtime/gate.js";
import { Handle } from "../runtime/handle.js";

/** Marks that wait at most. Beyond it one mark on everybody takes their place, or without a database one on each user. */
const MOST_WAITING = 50_000;

/** Milliseconds before each try; together about a minute. */
const PAUSES = [0, 100, 400, 1500, 5000, 15_000, 30_000];

/** Milliseconds that one try may take, and after which a sender counts as gone with the request it ran for. */
const PATIENCE = 5000;
const GONE = 90_000;

/** Whether what a request started ends with its answer: on Workers and on Vercel's edge. */
export const SHORT_LIVED = globalThis.navigator?.userAgent === "Cloudflare-Workers" || "EdgeRuntime" in globalThis;

export interface ReporterOptions {
  gate: string;
  secret: string;
  /** Seconds. */
  maxAge?: number;
  /** The server has no database and mints its cache again. */
  stateless?: boolean;
  clockSkew?: number;
  /** Milliseconds. */
  gather?: number;
  fetch?(request: Request): Promise<Response>;
}

export class Reporter {
  readonly stateless: boolean;
  readonly #core: Handle<Gate, InstanceType<Gate["Marks"]>>;
  readonly #options: ReporterOptions;
  readonly #url: string;
  readonly #failed: (message: string, cause?: unknown) => void;
  #waiting: { mark: Uint8Array; userId?: string }[] = [];
  #sendingSince = 0;

  constructor(options: ReporterOptions, failed: (message: string, cause?: unknown) => void) {
    const { gate, secret, maxAge, clockSkew, stateless = false } = options;
    const config = JSON.stringify({ secret, session: { cookieCache: { maxAge, refreshCache: stateless } } });
    this.stateless = stateless;
    this.#core = new Handle(gateWasm, (gate) => new gate.Marks(config, JSON.stringify({ clockSkew })));
    this.#options = options;
    this.#url = new URL(gate).href.replace(/\/+$/, "") + REPORT_PATH;
    this.#failed = failed;
  }

  /** Returns what `background` does, which keeps the sending alive. */
  report({ token, userId }: { token?: string; userId?: string }, background: (promise: Promise<unknown>) => void | Promise<void>): void | Promise<void> {
    if (token === undefined && userId === undefined) return this.#failed("a change without a token or an id cannot be reported");
    this.#waiting.push({ mark: this.#mark(token, userId), userId });
    if (this.#waiting.length > MOST_WAITING) this.#waiting = this.#gathered();
    // There a sender may be gone with its request at any time, so each request has its own.
    if (SHORT_LIVED || Date.now() - this.#sendingSince > GONE) return background(this.#send());
  }

  /** Fewer marks that cover all that wait. */
  #gathered(): { mark: Uint8Array; userId?: string }[] {
    if (!this.stateless) return [{ mark: this.#mark(undefined, undefined) }];
    const users = new Set(this.#waiting.map(({ userId }) => userId));
    return [...users].filter((userId) => userId !== undefined).map((userId) => ({ mark: this.#mark(undefined, userId), userId }));
  }

  #mark(token: string | undefined, userId: string | undefined): Uint8Array {
    return this.#core.call((marks) => marks.batch(token, userId, undefined, Date.now()), new Uint8Array());
  }

  /** Sends until nothing waits. Never rejects. */
  async #send(): Promise<void> {
    this.#sendingSince = Date.now();
    try {
      await pause(this.#options.gather ?? 10);
      while (this.#waiting.length > 0) {
        this.#sendingSince = Date.now();
        const report = this.#take();
        const failure = await this.#deliver(report);
        if (failure) this.#failed("marks could not be reported to the gate; what did not pass through it is believed until maxAge", failure);
      }
    } finally {
      this.#sendingSince = 0;
    }
  }

  #take(): Uint8Array {
    let bytes = 0;
    let count = 0;
    while (count < this.#waiting.length && bytes + this.#waiting[count]!.mark.length <= MAX_REPORT) bytes += this.#waiting[count++]!.mark.length;
    return join(this.#waiting.splice(0, count).map(({ mark }) => mark));
  }

  /** Undefined, or why the last try failed. The nonce stays: the feed knows a report that it has. */
  async #deliver(body: Uint8Array): Promise<unknown> {
    const nonce = crypto.randomUUID();
    let failure: unknown;
    for (const wait of PAUSES) {
      await pause(wait);
      try {
        const response = await this.#post(body, nonce);
        if (response.ok) return undefined;
        failure = new Error(`The gate answered ${response.status}: ${(await response.text()).slice(0, 200)}`);
        if (response.status === 400 || response.status === 413) return failure;
      } catch (error) {
        failure = error;
      }
    }
    return failure;
  }

  /** A redirect is not followed and counts as a failure. Of the ways to say so only "manual" exists in workerd. */
  #post(body: Uint8Array, nonce: string): Promise<Response> {
    const time = String(Date.now());
    const signature = this.#core.call((marks) => marks.signReport(body, time, nonce), "");
    const headers = { "content-type": "application/octet-stream", [TIME_HEADER]: time, [NONCE_HEADER]: nonce, [SIGNATURE_HEADER]: signature };
    const signal = AbortSignal.timeout(PATIENCE);
    const request = new Request(this.#url, { method: "POST", headers, body: body as BodyInit, redirect: "manual", signal });
    // The signal once more: in Node the one of a Request ends no fetch once that Request is collected.
    return this.#options.fetch ? this.#options.fetch(request) : fetch(request, { signal });
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

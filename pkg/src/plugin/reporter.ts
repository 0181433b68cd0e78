/** Collects revocations and reports them to a gate: signed, in batches, with retries. */
import { concat } from "../revocation/bytes.js";
import { MAX_REPORT, NONCE_HEADER, REPORT_PATH, SIGNATURE_HEADER, TIME_HEADER } from "../revocation/report-path.js";
import { gateWasm, type GateModule } from "../runtime/gate.js";
import { Handle } from "../runtime/handle.js";

/** Maximum number of waiting entries. Beyond it one entry for all users replaces them, or without a database one for each user. */
const MAX_WAITING = 50_000;

/** Delays before each attempt in milliseconds; about a minute in total. */
const DELAYS = [0, 100, 400, 1500, 5000, 15_000, 30_000];

/** Milliseconds that one attempt may take. */
const TIMEOUT = 5000;

/** Milliseconds after which a sender counts as ended together with its request. */
const ENDED = 90_000;

/** True if work of a request ends with its response, as on Workers and on Vercel's edge. */
export const SHORT_LIVED = globalThis.navigator?.userAgent === "Cloudflare-Workers" || "EdgeRuntime" in globalThis;

export interface ReporterOptions {
  gate: string;
  secret: string;
  /** Seconds. */
  maxAge?: number;
  /** True if the server has no database. */
  stateless?: boolean;
  clockSkew?: number;
  /** Milliseconds. */
  gather?: number;
  fetch?(request: Request): Promise<Response>;
}

/** A revocation, as it is sent, and its user. */
interface Entry {
  bytes: Uint8Array;
  userId?: string;
}

export class Reporter {
  readonly stateless: boolean;
  readonly #index: Handle<GateModule, InstanceType<GateModule["Marks"]>>;
  readonly #options: ReporterOptions;
  readonly #url: string;
  readonly #onFailure: (message: string, cause?: unknown) => void;
  #waiting: Entry[] = [];
  #sendingSince = 0;

  constructor(options: ReporterOptions, onFailure: (message: string, cause?: unknown) => void) {
    const { gate, secret, maxAge, clockSkew, stateless = false } = options;
    const config = JSON.stringify({ secret, session: { cookieCache: { maxAge, refreshCache: stateless } } });
    this.stateless = stateless;
    this.#index = new Handle(gateWasm, (gate) => new gate.Marks(config, JSON.stringify({ clockSkew })));
    this.#options = options;
    this.#url = new URL(gate).href.replace(/\/+$/, "") + REPORT_PATH;
    this.#onFailure = onFailure;
  }

  /** Reports one change. `background` keeps the sender running; its result is returned. */
  report(
    { token, userId }: { token?: string; userId?: string },
    background: (promise: Promise<unknown>) => void | Promise<void>,
  ): void | Promise<void> {
    if (token === undefined && userId === undefined) return this.#onFailure("a change without a token or an id cannot be reported");
    this.#waiting.push({ bytes: this.#entry(token, userId), userId });
    if (this.#waiting.length > MAX_WAITING) this.#waiting = this.#combined();
    // In a short-lived runtime a sender can end with its request at any time, so each request has its own.
    if (SHORT_LIVED || Date.now() - this.#sendingSince > ENDED) return background(this.#send());
  }

  /** Returns fewer entries that cover all waiting ones. */
  #combined(): Entry[] {
    if (!this.stateless) return [{ bytes: this.#entry(undefined, undefined) }];
    const users = new Set(this.#waiting.map(({ userId }) => userId));
    return [...users].filter((userId) => userId !== undefined).map((userId) => ({ bytes: this.#entry(undefined, userId), userId }));
  }

  #entry(token: string | undefined, userId: string | undefined): Uint8Array {
    return this.#index.call((index) => index.batch(token, userId, undefined, Date.now()), new Uint8Array());
  }

  /** Sends reports until no entry waits. Never rejects. */
  async #send(): Promise<void> {
    this.#sendingSince = Date.now();
    try {
      await sleep(this.#options.gather ?? 10);
      while (this.#waiting.length > 0) {
        this.#sendingSince = Date.now();
        const report = this.#take();
        const failure = await this.#deliver(report);
        if (failure)
          this.#onFailure(
            "revocations could not be reported to the gate; caches that did not pass through it are accepted until maxAge",
            failure,
          );
      }
    } finally {
      this.#sendingSince = 0;
    }
  }

  #take(): Uint8Array {
    let bytes = 0;
    let count = 0;
    while (count < this.#waiting.length && bytes + this.#waiting[count]!.bytes.length <= MAX_REPORT)
      bytes += this.#waiting[count++]!.bytes.length;
    return concat(this.#waiting.splice(0, count).map(({ bytes }) => bytes));
  }

  /** Sends one report. Returns the error of the last attempt, or undefined. All attempts have one nonce, so that the feed stores the report once. */
  async #deliver(body: Uint8Array): Promise<unknown> {
    const nonce = crypto.randomUUID();
    let failure: unknown;
    for (const delay of DELAYS) {
      await sleep(delay);
      try {
        const response = await this.#post(body, nonce);
        if (response.ok) return undefined;
        failure = new Error(`The gate responded with status ${response.status}: ${(await response.text()).slice(0, 200)}`);
        if (response.status === 400 || response.status === 413) return failure;
      } catch (error) {
        failure = error;
      }
    }
    return failure;
  }

  /** Posts one report. A redirect counts as a failure; "error" does not exist in workerd, so it is "manual". */
  #post(body: Uint8Array, nonce: string): Promise<Response> {
    const time = String(Date.now());
    const signature = this.#index.call((index) => index.signReport(body, time, nonce), "");
    const headers = {
      "content-type": "application/octet-stream",
      [TIME_HEADER]: time,
      [NONCE_HEADER]: nonce,
      [SIGNATURE_HEADER]: signature,
    };
    const signal = AbortSignal.timeout(TIMEOUT);
    const request = new Request(this.#url, { method: "POST", headers, body: body as BodyInit, redirect: "manual", signal });
    // The signal once more: in Node the one of a Request ends no fetch once that Request is collected.
    return this.#options.fetch ? this.#options.fetch(request) : fetch(request, { signal });
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

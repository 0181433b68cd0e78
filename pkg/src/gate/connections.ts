/** Connections that stay open: their sessions are checked again, and a signal ends those that were revoked. */
import { clockSkewOf, isStateless } from "../revocation/config.js";
import { BetterSessionError } from "../error.js";
import type { Decider } from "./decider.js";
import type { GateRequest } from "./request.js";
import { inheritConnection } from "./connection.js";
import { credentialNames } from "../verifier/credentials.js";
import type { Origin } from "./origin.js";
import type { RevocationHook } from "./revocation-hook.js";
import type { LookupStart } from "./recent-lookups.js";
import type { Connection, Context, GateOptions, GateVerdict } from "./types.js";

/** Headers beside the credentials that a later lookup sends on. */
const KEPT_HEADERS = ["user-agent", "cf-connecting-ip"];

/** Maximum length of a stored user agent: the attachment of a hibernating WebSocket holds 2 KB. */
const MAX_AGENT = 200;

/** Milliseconds after which a lookup without an answer is repeated, for each hundred open connections. */
const RETRY = 1000;
const PER_RETRY = 100;
const MAX_RETRY = 30_000;

/** Maximum delay of a timer, in milliseconds. */
const MAX_DELAY = 3_600_000;

/** The result of one check: the session ended, could not be looked up, or goes on. */
type Checked = { ended: true } | { ended: false; sure: boolean; connection: Connection };

/** How to end the checks behind a signal, once its connection is closed. */
const stops = new WeakMap<AbortSignal, () => void>();

/** Ends the checks behind a signal. */
export function stopChecks(signal: AbortSignal): void {
  stops.get(signal)?.();
}

export class Connections {
  readonly #decider: Decider;
  readonly #origin: Origin;
  readonly #revocation: RevocationHook | undefined;
  readonly #options: GateOptions;
  readonly #stateless: boolean;
  readonly #interval: number;
  /** Tells the counts of this index from those of another isolate. */
  #index = "";
  #open = 0;

  constructor(options: GateOptions, decider: Decider, origin: Origin, revocation: RevocationHook | undefined) {
    this.#options = options;
    this.#decider = decider;
    this.#origin = origin;
    this.#revocation = revocation;
    this.#stateless = isStateless(options);
    const { pollInterval, feed } = options.revocation ?? {};
    this.#interval = options.revocation ? Math.max(50, (pollInterval ?? feed?.pollInterval ?? 0.5) * 500) : MAX_DELAY;
  }

  /** Describes a connection as text that can be stored. `start`: when its session was verified. Null without a session. */
  describe(received: Request, request: GateRequest, verdict: GateVerdict, start: LookupStart): Connection | null {
    if (verdict.status !== "authenticated") return null;
    const headers: [string, string][] = [];
    for (const name of [...credentialNames(this.#options), ...KEPT_HEADERS]) {
      const value = received.headers.get(name);
      if (value !== null) headers.push([name, name === "user-agent" ? value.slice(0, MAX_AGENT) : value]);
    }
    const cookie = this.#decider.lookupCookie(request.cookie);
    // Without a database the cache is all that the server knows of its visitor.
    headers.push(["cookie", this.#stateless ? cookie : this.#decider.withoutCache(cookie)]);
    return {
      url: new URL("/", received.url).href,
      headers,
      userId: verdict.user.id,
      token: verdict.session.token,
      expiresAt: +verdict.session.expiresAt,
      checked: start.at,
      arrived: start.arrived,
      index: this.#indexId(),
    };
  }

  /**
   * Checks a connection. The origin is asked if a revocation of its session arrived since, if the session has expired or the
   * feed cannot be read. Returns the connection to check the next time, or null if the session ended.
   */
  async check(connection: Connection, ctx: Context): Promise<Connection | null> {
    const checked = await this.#check(connection, await this.#isCurrent(ctx), ctx);
    return checked.ended ? null : checked.connection;
  }

  /** Checks a connection until its session ends, which aborts the signal that is returned, or `received` is aborted. */
  signal(received: Request, connection: Connection | null, ctx: Context): AbortSignal {
    const controller = new AbortController();
    if (!connection) return controller.signal;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stopped = false;
    const stop = () => {
      if (stopped) return;
      stopped = true;
      this.#open -= 1;
      clearTimeout(timer);
      received.signal?.removeEventListener("abort", stop);
    };
    let state = connection;
    /** The earliest time of the next lookup: 0, or later if the last one was not conclusive. */
    let notBefore = 0;
    let wasCurrent = true;
    const step = async () => {
      const current = await this.#isCurrent(ctx);
      const now = Date.now();
      const pause = Math.min(MAX_RETRY, RETRY * Math.max(1, this.#open / PER_RETRY));
      // When the feed fails, the connections do not all ask the origin at once.
      if (!current && wasCurrent) notBefore = now + Math.random() * pause;
      wasCurrent = current;
      if (stopped || now < notBefore || !this.#isDue(state, current)) return;
      const checked = await this.#check(state, current, ctx);
      if (stopped) return;
      if (checked.ended) {
        stop();
        controller.abort(new BetterSessionError("SESSION_ENDED", "The session of this connection has ended"));
        return;
      }
      state = checked.connection;
      notBefore = checked.sure && current && state.expiresAt > Date.now() ? 0 : Date.now() + pause;
    };
    const schedule = () => {
      const rest = state.expiresAt - Date.now();
      const delay = rest > 0 ? Math.min(this.#interval, rest + 1) : Math.min(this.#interval, RETRY);
      timer = setTimeout(() => void step().then(next, next), delay);
      (timer as { unref?: () => void }).unref?.();
    };
    const next = () => {
      if (!stopped) schedule();
    };
    this.#open += 1;
    received.signal?.addEventListener("abort", stop);
    if (received.signal?.aborted) stop(); // the request is kept, because Node forgets the signal of one that is collected
    next();
    stops.set(controller.signal, stop);
    return controller.signal;
  }

  #isCurrent(ctx: Context): boolean | Promise<boolean> {
    return this.#revocation?.current(ctx) ?? true;
  }

  #isDue({ expiresAt, checked, arrived, index, token, userId }: Connection, current: boolean): boolean {
    const now = Date.now();
    if (!current || now >= expiresAt) return true;
    if (!this.#revocation) return false;
    const known = index === this.#indexId();
    if (known && arrived === this.#revocation.arrived()) return false;
    // In another isolate every live revocation has arrived anew; those older than that are no longer known.
    if (!known && now - checked > this.#revocation.lifetime() - 2 * clockSkewOf(this.#options)) return true;
    return this.#decider.isOvertaken(JSON.stringify({ session: { token }, user: { id: userId } }), known ? arrived : 0, checked);
  }

  async #check(connection: Connection, current: boolean, ctx: Context): Promise<Checked> {
    if (!this.#isDue(connection, current)) return { ended: false, sure: true, connection };
    const start = { checked: Date.now(), arrived: this.#revocation?.arrived() ?? 0, index: this.#indexId() };
    const request = new Request(connection.url, { headers: connection.headers });
    const described = this.#decider.describe(inheritConnection(request, request));
    const pastCache = !this.#stateless || this.#decider.isInvalidated(described);
    const cookie = pastCache ? this.#decider.withoutCache(described.cookie) : described.cookie;
    const path = `${this.#decider.basePath}/get-session?${pastCache ? "disableCookieCache=true&" : ""}disableRefresh=true`;
    const { status, body, setCookies } = await this.#origin.lookUp(request, path, false, { cookie, credential: described.hasCredential });
    await this.#revocation?.observeLookup(cookie, setCookies, ctx);
    const unsure: Checked = { ended: false, sure: false, connection };
    if (status === 401) return { ended: true };
    if (status !== 200) return unsure;
    try {
      const session = JSON.parse(body) as { user?: { id?: unknown }; session?: { expiresAt?: unknown } } | null;
      if (session === null) return { ended: true };
      const { user, session: record } = session;
      if (typeof user?.id === "string" && user.id !== connection.userId) return { ended: true };
      const expiresAt = Date.parse(String(record?.expiresAt)) || connection.expiresAt;
      return { ended: false, sure: true, connection: { ...connection, ...start, expiresAt } };
    } catch {
      return unsure;
    }
  }

  /** Not at module scope, where Workers have no randomness. */
  #indexId(): string {
    return (this.#index ||= crypto.randomUUID());
  }
}

/** A feed in one Durable Object, read through the cache of the data centre. */
import { BetterSessionError } from "../../error.js";
import { framesAfter, serves } from "./batch-log.js";
import type { FeedAnswer, RevocationFeed } from "../types.js";

/** The part of a Durable Object namespace that is used here. */
export interface DurableObjectNamespaceLike {
  idFromName(name: string): { toString(): string };
  get(id: never, options?: { locationHint?: string }): { fetch(url: string, init?: RequestInit): Promise<Response> };
}

export interface DurableObjectFeedOptions {
  /** The object's name: one for every Better Auth server. Default "better-session". */
  name?: string;
  /** The region of the object, best near the origin. */
  locationHint?: string;
  /**
   * Maximum seconds for which the isolates of a data centre share a response, through `caches.default`. The object then gets
   * requests per data centre, not per isolate. Default 0.4; 0 disables the cache. If the runtime has no such cache
   * (workers.dev, Node), every read goes to the object.
   */
  cache?: number;
}

interface SharedCache {
  match(key: string): Promise<Response | undefined>;
  put(key: string, response: Response): Promise<void>;
}

/** Milliseconds that a read of the object may take before cached responses are shared for less time, so that both fit the bound. */
const NEAR = 100;

/**
 * Creates a feed in a Durable Object. `namespace` is the binding of the exported class `RevocationLog`. Appends and reads are
 * strongly consistent: once `append` has resolved, the next read of the object returns the batch.
 */
export function durableObjectFeed(namespace: DurableObjectNamespaceLike, options: DurableObjectFeedOptions = {}): RevocationFeed {
  if (!namespace) {
    throw new BetterSessionError(
      "OPTION_INVALID",
      "revocation.feed: durableObjectFeed needs the binding of the class RevocationLog, under durable_objects.bindings in the wrangler configuration",
    );
  }
  const { name = "better-session", locationHint, cache: shared = 0.4 } = options;
  let latency = 0;

  const id = () => namespace.idFromName(name);
  const call = async (path: string, init?: RequestInit) => {
    const response = await namespace
      .get(id() as never, locationHint ? { locationHint } : undefined)
      .fetch(`https://revocation${path}`, init);
    if (!response.ok) throw new Error(`The revocation log responded with status ${response.status}.`);
    return response;
  };

  /** Reads the object through the cache. Each isolate chooses a random maximum age, so that they do not all read at once. */
  const read = async (path: string, ctx: WaitUntil) => {
    const cache = shared > 0 ? sharedCache() : undefined;
    const key = `https://revocation.better-session.invalid/${id()}${path}`;
    const maxAge = (shared * 1000 - Math.max(0, latency - NEAR)) * (0.5 + Math.random() / 2);
    const known = cache && (await parseCached(await cache.match(key).catch(() => undefined)));
    if (known && known.age >= 0 && known.age < maxAge) return known;

    const startedAt = Date.now();
    const response = await call(path);
    const marks = new Uint8Array(await response.arrayBuffer());
    latency = Date.now() - startedAt;
    const headers = new Headers(response.headers);
    headers.set("x-as-of", String(startedAt));
    headers.set("cache-control", "max-age=1");
    const kept = cache?.put(key, new Response(marks as BodyInit, { headers })).catch(() => {});
    if (kept && ctx) ctx.waitUntil(kept);
    return { ...parse(headers, marks), age: 0 };
  };

  return {
    async append({ data, expiresAt, id }) {
      await call(`/append?id=${encodeURIComponent(id)}&expires=${expiresAt}`, { method: "POST", body: data as BodyInit });
    },

    async since(cursor, ctx) {
      if (cursor !== "") {
        const tail = await read("/tail?framed", ctx);
        // Every tail repeats the batches of the last seconds, so those before the cursor are left out.
        if (serves(tail.from, cursor)) return tail.framed ? { ...tail, marks: framesAfter(tail.marks, cursor) } : tail;
      }
      return read(`/since?cursor=${encodeURIComponent(cursor)}`, ctx);
    },
  };
}

type WaitUntil = { waitUntil(promise: Promise<unknown>): void } | undefined;

interface Read extends FeedAnswer {
  /** The first cursor that the tail serves. */
  from: string;
  /** `marks` are frames. */
  framed: boolean;
}

/** Parses a cached response. Its age counts from before the read, by the data centre's clocks, which agree to milliseconds. */
async function parseCached(response: Response | undefined): Promise<Read | undefined> {
  if (!response) return undefined;
  const age = Date.now() - Number(response.headers.get("x-as-of"));
  return { ...parse(response.headers, new Uint8Array(await response.arrayBuffer())), age };
}

function parse(headers: Headers, marks: Uint8Array): Omit<Read, "age"> {
  const text = (name: string) => headers.get(name) ?? "";
  return {
    marks,
    cursor: text("x-cursor"),
    from: text("x-from"),
    framed: text("x-framed") === "1",
    more: text("x-more") === "1",
    floor: Number(text("x-floor")) || undefined,
  };
}

/** Returns the cache of the data centre, which exists only in Cloudflare's runtime. */
function sharedCache(): SharedCache | undefined {
  return (globalThis as { caches?: { default?: SharedCache } }).caches?.default;
}

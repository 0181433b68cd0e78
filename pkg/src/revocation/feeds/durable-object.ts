/** A feed in one Durable Object, read through the colo's cache. */
import { framesAfter, serves } from "./batch-log.js";
import type { FeedAnswer, RevocationFeed } from "../types.js";

/** As much of a Durable Object namespace as is used here. */
export interface DurableObjectNamespaceLike {
  idFromName(name: string): { toString(): string };
  get(id: never, options?: { locationHint?: string }): { fetch(url: string, init?: RequestInit): Promise<Response> };
}

export interface DurableObjectFeedOptions {
  /** The object's name: one for every Better Auth server. Default "better-session". */
  name?: string;
  /** Where the object is made: near the origin is best. */
  locationHint?: string;
  /**
   * Seconds, at most, that an answer is shared with the other isolates of a colo, through `caches.default`. The object
   * then sees colos, not isolates. Default 0.4; 0 reads past the cache. Where the runtime has no such cache (workers.dev,
   * Node) every read goes to the object.
   */
  cache?: number;
}

interface ColoCache {
  match(key: string): Promise<Response | undefined>;
  put(key: string, response: Response): Promise<void>;
}

/** Milliseconds that a read of the object may take before shared answers are kept shorter, so that both fit the bound. */
const NEAR = 100;

/**
 * `namespace` is the binding of the exported class `RevocationLog`. Appends and reads are strongly consistent: what
 * `append` resolved for, the next read of the object shows.
 */
export function durableObjectFeed(namespace: DurableObjectNamespaceLike, options: DurableObjectFeedOptions = {}): RevocationFeed {
  const { name = "better-session", locationHint, cache: shared = 0.4 } = options;
  let latency = 0;

  const id = () => namespace.idFromName(name);
  const call = async (path: string, init?: RequestInit) => {
    const response = await namespace.get(id() as never, locationHint ? { locationHint } : undefined).fetch(`https://revocation${path}`, init);
    if (!response.ok) throw new Error(`The revocation log answered ${response.status}.`);
    return response;
  };

  /** A read of the object, shared with the colo. Each isolate draws its own patience, so that not all ask at once. */
  const read = async (path: string, ctx: Waiting) => {
    const cache = shared > 0 ? coloCache() : undefined;
    const key = `https://revocation.better-session.invalid/${id()}${path}`;
    const longest = (shared * 1000 - Math.max(0, latency - NEAR)) * (0.5 + Math.random() / 2);
    const known = cache && (await answerOf(await cache.match(key).catch(() => undefined)));
    if (known && known.age >= 0 && known.age < longest) return known;

    const asked = Date.now();
    const response = await call(path);
    const marks = new Uint8Array(await response.arrayBuffer());
    latency = Date.now() - asked;
    const headers = new Headers(response.headers);
    headers.set("x-as-of", String(asked));
    headers.set("cache-control", "max-age=1");
    const kept = cache?.put(key, new Response(marks as BodyInit, { headers })).catch(() => {});
    if (kept && ctx) ctx.waitUntil(kept);
    return { ...parsed(headers, marks), age: 0 };
  };

  return {
    async append({ data, expiresAt, id }) {
      await call(`/append?id=${encodeURIComponent(id)}&expires=${expiresAt}`, { method: "POST", body: data as BodyInit });
    },

    async since(cursor, ctx) {
      if (cursor !== "") {
        const tail = await read("/tail?framed", ctx);
        // Every read brings the last seconds again: what is known of them is left out.
        if (serves(tail.from, cursor)) return tail.framed ? { ...tail, marks: framesAfter(tail.marks, cursor) } : tail;
      }
      return read(`/since?cursor=${encodeURIComponent(cursor)}`, ctx);
    },
  };
}

type Waiting = { waitUntil(promise: Promise<unknown>): void } | undefined;

interface Read extends FeedAnswer {
  /** The first cursor that a tail serves. */
  from: string;
  /** `marks` are frames. */
  framed: boolean;
}

/** A cached answer. Its age counts from before the object was asked, by the colo's clocks, which agree to milliseconds. */
async function answerOf(response: Response | undefined): Promise<Read | undefined> {
  if (!response) return undefined;
  const age = Date.now() - Number(response.headers.get("x-as-of"));
  return { ...parsed(response.headers, new Uint8Array(await response.arrayBuffer())), age };
}

function parsed(headers: Headers, marks: Uint8Array): Omit<Read, "age"> {
  const text = (name: string) => headers.get(name) ?? "";
  return { marks, cursor: text("x-cursor"), from: text("x-from"), framed: text("x-framed") === "1", more: text("x-more") === "1", floor: Number(text("x-floor")) || undefined };
}

/** Absent outside Cloudflare's runtime. */
function coloCache(): ColoCache | undefined {
  return (globalThis as { caches?: { default?: ColoCache } }).caches?.default;
}

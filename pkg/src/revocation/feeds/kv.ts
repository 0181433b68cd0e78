/** A feed in Workers KV: no Durable Object needed, and a minute slower. */
import { fromText, join, toText } from "../bytes.js";
import type { RevocationFeed } from "../types.js";

/** As much of a KV namespace as is used here. */
export interface KVNamespaceLike {
  put(key: string, value: string, options: { expirationTtl: number; metadata: unknown }): Promise<unknown>;
  get(key: string): Promise<string | null>;
  list(options: { prefix: string; cursor?: string }): Promise<{
    keys: { name: string; metadata?: unknown }[];
    list_complete: boolean;
    cursor?: string;
  }>;
}

/** Bytes of a batch that travel in the key's metadata (1024 at most, as base64 in JSON), so that one list brings them. */
const IN_METADATA = 700;

/** KV's own shortest life of a key, in seconds. */
const SHORTEST = 60;

export interface KVFeedOptions {
  /** Default "better-session:mark:". */
  prefix?: string;
}

/**
 * **KV may take 60 s, and more, to show a key elsewhere**: `delay` says so, and it adds to every bound. A revoked
 * session is refused at most `maxStaleness` + 60 s later. Every read lists all live batches, because KV shows them
 * in no order; so the gate reads it every 10 s unless told otherwise.
 */
export function kvFeed(kv: KVNamespaceLike, { prefix = "better-session:mark:" }: KVFeedOptions = {}): RevocationFeed & { readonly delay: 60_000 } {
  return {
    delay: 60_000,
    pollInterval: 10,
    maxStaleness: 30,

    async append({ data, expiresAt, id }) {
      const expirationTtl = Math.max(SHORTEST, Math.ceil((expiresAt - Date.now()) / 1000));
      const text = toText(data);
      const small = data.length <= IN_METADATA;
      await kv.put(prefix + id, small ? "" : text, { expirationTtl, metadata: small ? text : null });
    },

    async since(_cursor, _ctx) {
      const parts: Uint8Array[] = [];
      let cursor: string | undefined;
      do {
        const page = await kv.list({ prefix, cursor });
        const texts = page.keys.map(async ({ name, metadata }) => (typeof metadata === "string" ? metadata : kv.get(name)));
        for (const text of await Promise.all(texts)) if (text) parts.push(fromText(text));
        cursor = page.list_complete ? undefined : page.cursor;
      } while (cursor);
      return { marks: join(parts), cursor: "", age: 0 };
    },
  };
}

/** A feed in Workers KV: needs no Durable Object and is a minute slower. */
import { BetterSessionError } from "../../error.js";
import { concat, fromBase64, toBase64 } from "../bytes.js";
import type { RevocationFeed } from "../types.js";

/** The part of a KV namespace that is used here. */
export interface KVNamespaceLike {
  put(key: string, value: string, options: { expirationTtl: number; metadata: unknown }): Promise<unknown>;
  get(key: string): Promise<string | null>;
  list(options: { prefix: string; cursor?: string }): Promise<{
    keys: { name: string; metadata?: unknown }[];
    list_complete: boolean;
    cursor?: string;
  }>;
}

/** Maximum size of a batch that fits the key's metadata (1024 bytes, as base64 in JSON), so that one `list` returns it. */
const IN_METADATA = 700;

/** KV's minimum lifetime of a key, in seconds. */
const MIN_TTL = 60;

export interface KVFeedOptions {
  /** Default "better-session:mark:". */
  prefix?: string;
}

/**
 * Creates a feed in Workers KV. **KV may take 60 s or more until a key is visible elsewhere**: this is its `delay`, which adds
 * to every bound. A revoked session is rejected at most `maxStaleness` + 60 s later. Every read lists all unexpired batches,
 * because KV does not order them by time, so the default poll interval is 10 s.
 */
export function kvFeed(
  kv: KVNamespaceLike,
  { prefix = "better-session:mark:" }: KVFeedOptions = {},
): RevocationFeed & { readonly delay: 60_000 } {
  if (!kv) {
    throw new BetterSessionError(
      "OPTION_INVALID",
      "revocation.feed: kvFeed needs a binding, under kv_namespaces in the wrangler configuration",
    );
  }
  return {
    delay: 60_000,
    pollInterval: 10,
    maxStaleness: 30,

    async append({ data, expiresAt, id }) {
      const expirationTtl = Math.max(MIN_TTL, Math.ceil((expiresAt - Date.now()) / 1000));
      const text = toBase64(data);
      const small = data.length <= IN_METADATA;
      await kv.put(prefix + id, small ? "" : text, { expirationTtl, metadata: small ? text : null });
    },

    async since(_cursor, _ctx) {
      const parts: Uint8Array[] = [];
      let cursor: string | undefined;
      do {
        const page = await kv.list({ prefix, cursor });
        const texts = page.keys.map(async ({ name, metadata }) => (typeof metadata === "string" ? metadata : kv.get(name)));
        for (const text of await Promise.all(texts)) if (text) parts.push(fromBase64(text));
        cursor = page.list_complete ? undefined : page.cursor;
      } while (cursor);
      return { marks: concat(parts), cursor: "", age: 0 };
    },
  };
}

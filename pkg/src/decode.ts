import { bounded } from "./input.js";
import type { Decoded } from "./types.js";
import { coreWasm } from "./wasm/core.js";

/** Reads a `session_data` value without a secret: what it says of itself, proving nothing. Never throws for a value. */
export function decode(value: string): Decoded {
  const text = coreWasm.call((core) => core.decode(bounded(value)), "null");
  const decoded = JSON.parse(text);
  if (decoded === null) return null;
  const { cacheExpiresAt } = decoded;
  return { ...decoded, cacheExpiresAt: cacheExpiresAt === null ? null : new Date(cacheExpiresAt) };
}

/** Decodes a cache without verifying it. */
import { bounded } from "./input.js";
import type { Decoded } from "../types.js";
import { coreWasm } from "../runtime/core.js";

/**
 * Decodes a `session_data` value, its chunks joined, without a secret and without verifying it. For tools and pages that
 * explain a cookie. Never throws for a visitor's input.
 */
export function decode(value: string): Decoded {
  const text = coreWasm.call((core) => core.decode(bounded(value)), "null");
  const decoded = JSON.parse(text);
  if (decoded === null) return null;
  const { cacheExpiresAt } = decoded;
  return { ...decoded, cacheExpiresAt: cacheExpiresAt === null ? null : new Date(cacheExpiresAt) };
}

import type { GateVerdict } from "./types.js";
import { readVerdict } from "../verifier/verdict.js";
import type { SessionSource } from "./action.js";

/** Parses a verdict of gate.wasm. A session that the origin returned has no cache, so what describes one is null. */
export function readGateVerdict(text: string, source: SessionSource | null): GateVerdict {
  const verdict = readVerdict(text);
  if (source !== "origin" || verdict.status !== "authenticated") return verdict;
  return { ...verdict, strategy: null, version: null, cachedAt: null, cacheExpiresAt: null };
}

/** Parses the verdicts of gate.wasm, and reshapes `get-session` by the option `customSession`. */
import type { GateOptions, GateVerdict } from "./types.js";
import { reviveRecord } from "../verifier/dates.js";
import { readVerdict } from "../verifier/verdict.js";
import type { SessionSource } from "./action.js";

/** Parses a verdict of gate.wasm. A session that the origin returned has no cache, so what describes one is null. */
export function readGateVerdict(text: string, source: SessionSource | null): GateVerdict {
  const verdict = readVerdict(text);
  if (source !== "origin" || verdict.status !== "authenticated") return verdict;
  return { ...verdict, strategy: null, version: null, cachedAt: null, cacheExpiresAt: null };
}

/** Returns the body of `get-session` after the option `customSession`, whose error it throws. */
export async function reshaped(customSession: NonNullable<GateOptions["customSession"]>, body: string): Promise<string> {
  const data = JSON.parse(body) as Parameters<typeof customSession>[0];
  reviveRecord(data.session);
  reviveRecord(data.user);
  return JSON.stringify((await customSession(data)) ?? null);
}

/** `better-session inspect`: explains a Cookie header, or a bare `session_data` value. */
import { decode } from "../verifier/decode.js";
import { createVerifier } from "../verifier/verifier.js";
import { explain } from "../verifier/explain.js";
import type { VerifierOptions } from "../types.js";
import { isHeader } from "./input.js";

type Print = (line: string) => void;

/** Prints the explanation. Returns 0 for a valid session, otherwise 1. */
export function inspect(text: string, options: VerifierOptions, print: Print): number {
  const hasSecret = options.secret !== undefined || options.secrets !== undefined;
  return isHeader(text) && hasSecret ? header(text, options, print) : value(text, hasSecret ? options : undefined, print);
}

function header(text: string, options: VerifierOptions, print: Print): number {
  const { verdict, message, expected, received, cookies, cache } = explain(text, options);
  print(`${verdict.status}${"reason" in verdict ? `: ${verdict.reason}` : ""}`);
  print(message);
  print(`session token expected as: ${expected.join(", ")}`);
  print(`cookies with a session's name: ${received.join(", ") || "none"}`);
  print(`their state: ${JSON.stringify(cookies)}`);
  if (cache) {
    print(`cache: ${cache.strategy}, ${cache.reason ?? "valid"}`);
    print(`times: ${JSON.stringify(cache.windows)}`);
    if (cache.payload) print(JSON.stringify(cache.payload, withoutTokens, 2));
  }
  return verdict.status === "authenticated" ? 0 : 1;
}

function value(text: string, options: VerifierOptions | undefined, print: Print): number {
  const data = isHeader(text) ? (/session_data=([^;\s]+)/.exec(text)?.[1] ?? "") : text;
  const decoded = decode(data);
  if (!decoded) {
    print("not a session cache in any of the three formats");
    return 1;
  }
  const opened = options && createVerifier(options).open(data);
  const state = opened ? (opened.ok ? "valid" : opened.reason) : "not verified: set BETTER_AUTH_SECRET to verify it";
  print(`cache: ${decoded.strategy}, ${state}`);
  print(`expires: ${decoded.cacheExpiresAt?.toISOString() ?? "unknown"}`);
  const payload = opened?.ok ? { session: opened.session, user: opened.user } : decoded.payload;
  if (payload) print(JSON.stringify(payload, withoutTokens, 2));
  return opened?.ok ? 0 : 1;
}

/** Hides what lets its reader in: session tokens and signatures. */
function withoutTokens(name: string, value: unknown): unknown {
  return name === "token" || name === "signature" ? "(hidden)" : value;
}

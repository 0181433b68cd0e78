/** The input of the command line: the options, the secret of the environment, and a cookie. */
import { readFileSync } from "node:fs";
import { BetterSessionError } from "../error.js";
import { environment } from "../cookies/environment.js";
import type { VerifierOptions } from "../types.js";

const DEFAULTS: VerifierOptions = { session: { cookieCache: { enabled: true } } };

/** Reads the options of a JSON file. The secret comes from the environment alone: a file with one is refused. */
export function readOptions(file: string | undefined, baseURL: string | undefined): VerifierOptions {
  const options = file === undefined ? DEFAULTS : parse(readFileSync(file, "utf8"));
  if ("secret" in options || "secrets" in options) {
    throw new BetterSessionError("OPTION_INVALID", "the options must not contain a secret: set BETTER_AUTH_SECRET or BETTER_AUTH_SECRETS");
  }
  const { BETTER_AUTH_SECRET: secret, BETTER_AUTH_SECRETS: secrets } = environment();
  return { ...options, ...(baseURL ? { baseURL } : {}), ...(secret ? { secret } : {}), ...(secrets ? { secrets } : {}) };
}

/** Returns the value of the Cookie header in a file or on standard input, or undefined if there is none. */
export function readInput(file: string | undefined): string | undefined {
  if (file === undefined && process.stdin.isTTY) return undefined;
  const text = readFileSync(file ?? 0, "utf8").trim();
  return text === "" ? undefined : text.replace(/^cookie:\s*/i, "");
}

/** Returns whether text is a Cookie header and not a bare value. */
export function isHeader(text: string): boolean {
  return /^[^=;\s]+(?:session_data|session_token)[^=;\s]*=|;\s*[^=;\s]+=/.test(text);
}

function parse(text: string): VerifierOptions {
  try {
    const options: unknown = JSON.parse(text);
    if (typeof options === "object" && options !== null) return options;
  } catch {
    // A parser's message quotes the text.
  }
  throw new BetterSessionError("OPTION_INVALID", "the options must be a JSON object");
}

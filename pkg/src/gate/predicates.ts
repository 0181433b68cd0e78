/** The predicates of `routes.when`. */
import { BetterSessionError } from "../error.js";
import { copyOf, errorResponse } from "./responses.js";
import type { Predicate, Visitor } from "./types.js";

const FORBIDDEN = { status: 403, code: "FORBIDDEN", message: "Forbidden" };
export const FAILED = { status: 500, code: "INTERNAL_SERVER_ERROR", message: "Internal server error" };

export class Predicates {
  readonly patterns: string[];
  readonly #predicates: Predicate[];

  /** Throws OPTION_INVALID unless every member is a function. */
  constructor(when?: Record<string, Predicate> | null) {
    this.patterns = Object.keys(when ?? {});
    this.#predicates = Object.values(when ?? {});
    if (!this.#predicates.every((predicate) => typeof predicate === "function")) {
      throw new BetterSessionError("OPTION_INVALID", "routes.when must have a function for each pattern");
    }
  }

  /** Returns the response to a visitor whom one of the predicates at these positions refuses, or null. Only `true` accepts. */
  async refusal(positions: number[], visitor: Visitor, method: string): Promise<Response | null> {
    for (const position of positions) {
      try {
        const answer = await this.#predicates[position]!(visitor);
        if (answer === true) continue;
        return typeof answer === "object" && answer ? copyOf(answer) : errorResponse(FORBIDDEN, method);
      } catch (error) {
        console.error(`better-session: the predicate of ${this.patterns[position]} failed`, error);
        return errorResponse(FAILED, method);
      }
    }
    return null;
  }
}

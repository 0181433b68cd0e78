/**
 * Tokens for which the origin has just returned no session. Otherwise a visitor with a value that the server signed for another
 * purpose (a `state` cookie, for example) could cause a lookup with every request.
 */

/** Milliseconds for which a token is stored, and so for which a session that a lagging replica did not find yet is rejected. */
const LIFETIME = 5000;

/** Maximum number of tokens; a token has at most 4 KiB. */
const MAX_TOKENS = 1000;

export class MissingSessions {
  /** The time at which each was added, the oldest first. */
  readonly #tokens = new Map<string, number>();

  has(token: string): boolean {
    const since = this.#tokens.get(token);
    if (since === undefined) return false;
    const age = Date.now() - since;
    if (age >= 0 && age < LIFETIME) return true;
    this.#tokens.delete(token);
    return false;
  }

  add(token: string): void {
    this.#tokens.delete(token);
    if (this.#tokens.size >= MAX_TOKENS) this.#tokens.delete(this.#tokens.keys().next().value as string);
    this.#tokens.set(token, Date.now());
  }

  delete(token: string): void {
    this.#tokens.delete(token);
  }

  get size(): number {
    return this.#tokens.size;
  }
}

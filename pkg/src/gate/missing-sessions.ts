/**
 * Tokens for which the origin just said that there is no session. Whoever has a value that the server signed for another
 * purpose (a `state` cookie, say) could else have it looked up with every request.
 */

/** Milliseconds that a token is remembered: as long as a session that a lagging replica does not know yet is refused. */
const LIFETIME = 5000;

/** Most tokens remembered; a token has at most 4 KiB. */
const MOST = 1000;

export class MissingSessions {
  /** When each was learnt, the oldest first. */
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
    if (this.#tokens.size >= MOST) this.#tokens.delete(this.#tokens.keys().next().value as string);
    this.#tokens.set(token, Date.now());
  }

  delete(token: string): void {
    this.#tokens.delete(token);
  }

  get size(): number {
    return this.#tokens.size;
  }
}

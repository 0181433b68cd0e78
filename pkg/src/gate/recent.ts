/** Recent answers of the origin about session tokens, for a bounded time and number. */

/** Maximum number of tokens; a token has at most 4 KiB. */
const MAX_TOKENS = 1000;

export class Recent<T> {
  readonly #lifetime: number;
  /** The values with their times, the oldest first. */
  readonly #tokens = new Map<string, { value: T; at: number }>();

  /** `lifetime` is in milliseconds. */
  constructor(lifetime: number) {
    this.#lifetime = lifetime;
  }

  get(token: string): T | undefined {
    const entry = this.#tokens.get(token);
    if (!entry) return undefined;
    const age = Date.now() - entry.at;
    if (age >= 0 && age < this.#lifetime) return entry.value;
    this.#tokens.delete(token);
    return undefined;
  }

  set(token: string, value: T, at = Date.now()): void {
    this.#tokens.delete(token);
    for (const [oldest, entry] of this.#tokens) {
      const age = Date.now() - entry.at;
      if (age >= 0 && age < this.#lifetime && this.#tokens.size < MAX_TOKENS) break;
      this.#tokens.delete(oldest);
    }
    this.#tokens.set(token, { value, at });
  }

  delete(token: string): void {
    this.#tokens.delete(token);
  }

  get size(): number {
    return this.#tokens.size;
  }
}

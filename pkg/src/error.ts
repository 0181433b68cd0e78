/**
 * A configuration that cannot work: thrown where it is given, never for what a visitor sends.
 * `code` is stable; the message says what to change. Neither holds a secret.
 */
export class BetterSessionError extends Error {
  override readonly name = "BetterSessionError";
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * The error for an invalid configuration. It is thrown where the configuration is given, never for a visitor's input.
 * `code` is stable; the message says what to change. Neither contains a secret.
 */
export class BetterSessionError extends Error {
  override readonly name = "BetterSessionError";
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The responses that the gate makes itself, with the CORS headers of its options. */
import { corsOf, type Cors } from "./cors.js";
import type { GateRequest } from "./request.js";
import { UNAVAILABLE, errorResponse } from "./responses.js";
import type { GateCause, GateOptions } from "./types.js";

export class Responder {
  readonly #cors: Cors | null;

  constructor(options: GateOptions) {
    this.#cors = corsOf(options);
  }

  /** Adds the CORS headers to a response that the gate made itself. */
  own(received: Request, response: Response): Response {
    return this.#cors ? this.#cors(received, response) : response;
  }

  error(received: Request, error: Parameters<typeof errorResponse>[0], setCookies?: string[]): Response {
    // The middleware of Next.js reads `Location` as an absolute URL, and makes it relative again.
    const location = error.location && "nextUrl" in received ? new URL(error.location, received.url).href : error.location;
    return this.own(received, errorResponse({ ...error, location }, received.method, setCookies));
  }

  unavailable(received: Request, request: GateRequest, cause: GateCause, setCookies?: string[]): Response {
    request.cause ??= cause;
    return this.error(received, UNAVAILABLE, setCookies);
  }
}

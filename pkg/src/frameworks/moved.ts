/** Paths that a framework has already read in another form than the gate's. */
import { errorResponse } from "../gate/responses.js";

const MOVED = { status: 308, code: "PATH_MOVED", message: "The path has a simpler form" };

/**
 * Returns a redirect to the normalised path if the request did not have it, otherwise null. A framework has chosen the handler
 * by the path as it came, so it must not serve another one than the gate has checked.
 */
export function redirectToNormalised(normalised: Request, received: string): Response | null {
  if (normalised.url === received) return null;
  const { pathname, search } = new URL(normalised.url);
  return errorResponse({ ...MOVED, location: pathname + search }, normalised.method);
}

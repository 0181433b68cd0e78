/** The endpoint for reports of the Better Auth plugin: `POST {basePath}/better-session/marks`, handled by the gate itself. */
import { concat } from "./bytes.js";
import { MAX_REPORT, NONCE_HEADER, SIGNATURE_HEADER, TIME_HEADER } from "./report-path.js";
import type { Publisher } from "./publisher.js";
import type { IndexHandle } from "./index-handle.js";

/** Maximum length of a header; a nonce has at most 64 characters, a signature 43. */
const MAX_HEADER = 128;

/**
 * Returns 204 once the feed has the entries; 401 unless the report is signed with the secret within a minute of now; 400 if
 * a signed body is not a batch; 413 if it is too long; 503 if the feed fails. A repeated report is the same batch again.
 */
export async function receiveReport(request: Request, index: IndexHandle, publisher: Publisher): Promise<Response> {
  if (request.method !== "POST") return errorResponse(405, "METHOD_NOT_ALLOWED", { allow: "POST" });
  const header = (name: string) => (request.headers.get(name) ?? "").slice(0, MAX_HEADER);
  const time = header(TIME_HEADER);
  const nonce = header(NONCE_HEADER);
  // The body of an old or malformed report is neither read nor verified.
  const inadmissible = index.call((index) => index.admitReport(time, nonce, Date.now()), "core_failed");
  if (inadmissible) return errorResponse(401, inadmissible.toUpperCase());
  const body = await readAtMost(request, MAX_REPORT).catch(() => undefined);
  if (body === undefined) return errorResponse(400, "REPORT_CUT_SHORT");
  if (body === null) return errorResponse(413, "REPORT_TOO_LONG");
  const unverified = index.call((index) => index.verifyReport(body, time, nonce, header(SIGNATURE_HEADER), Date.now()), "core_failed");
  if (unverified) return errorResponse(401, unverified.toUpperCase());
  const invalid = index.call((index) => index.take(body, Date.now()), "core_failed");
  if (invalid) return errorResponse(400, invalid.toUpperCase());
  try {
    await publisher.publish(body, undefined, nonce);
  } catch {
    return errorResponse(503, "FEED_UNAVAILABLE", { "retry-after": "1" });
  }
  return new Response(null, { status: 204, headers: { "cache-control": "no-store" } });
}

function errorResponse(status: number, code: string, headers: Record<string, string> = {}): Response {
  return Response.json({ code }, { status, headers: { "cache-control": "no-store", ...headers } });
}

/** Reads a body. Returns null if it is longer than `most` bytes. */
async function readAtMost(request: Request, most: number): Promise<Uint8Array | null> {
  if (Number(request.headers.get("content-length")) > most) return null;
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of (request.body ?? []) as unknown as AsyncIterable<Uint8Array>) {
    length += part.length;
    if (length > most) return null;
    parts.push(part);
  }
  return concat(parts);
}

/** Where the Better Auth plugin reports what it saw: `POST {basePath}/better-session/marks`, answered by the gate itself. */
import { join } from "./bytes.js";
import { MAX_REPORT, NONCE_HEADER, SIGNATURE_HEADER, TIME_HEADER } from "./report-path.js";
import type { Publisher } from "./publisher.js";
import type { MarksHandle } from "./create.js";

/** Characters; a nonce has 64 at most, a signature 43. */
const LONGEST_HEADER = 128;

/**
 * 204 once the feed has the marks; 401 for what is not signed with the secret, within a minute of now; 400 for what
 * is signed and no batch; 413, 503. A report sent twice is the same batch twice.
 */
export async function receiveReport(request: Request, marks: MarksHandle, publisher: Publisher): Promise<Response> {
  if (request.method !== "POST") return refuse(405, "METHOD_NOT_ALLOWED", { allow: "POST" });
  const header = (name: string) => (request.headers.get(name) ?? "").slice(0, LONGEST_HEADER);
  const time = header(TIME_HEADER);
  const nonce = header(NONCE_HEADER);
  // An old or malformed report costs neither its body nor its MAC.
  const ruled = marks.call((core) => core.admitReport(time, nonce, Date.now()), "core_failed");
  if (ruled) return refuse(401, ruled.toUpperCase());
  const body = await readAtMost(request, MAX_REPORT).catch(() => undefined);
  if (body === undefined) return refuse(400, "REPORT_CUT_SHORT");
  if (body === null) return refuse(413, "REPORT_TOO_LONG");
  const refused = marks.call((core) => core.verifyReport(body, time, nonce, header(SIGNATURE_HEADER), Date.now()), "core_failed");
  if (refused) return refuse(401, refused.toUpperCase());
  const fault = marks.call((core) => core.take(body, Date.now()), "core_failed");
  if (fault) return refuse(400, fault.toUpperCase());
  try {
    await publisher.publish(body, undefined, nonce);
  } catch {
    return refuse(503, "FEED_UNAVAILABLE", { "retry-after": "1" });
  }
  return new Response(null, { status: 204, headers: { "cache-control": "no-store" } });
}

function refuse(status: number, code: string, headers: Record<string, string> = {}): Response {
  return Response.json({ code }, { status, headers: { "cache-control": "no-store", ...headers } });
}

/** Null when there is more. */
async function readAtMost(request: Request, most: number): Promise<Uint8Array | null> {
  if (Number(request.headers.get("content-length")) > most) return null;
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of (request.body ?? []) as unknown as AsyncIterable<Uint8Array>) {
    length += part.length;
    if (length > most) return null;
    parts.push(part);
  }
  return join(parts);
}

/**
 * Calls that list or revoke sessions: pages get handles in place of session tokens, and the server gets tokens. Loaded on demand,
 * with the option `sessionHandles`.
 */
import type { Decider } from "../gate/decider.js";
import type { GateRequest } from "../gate/request.js";
import type { Origin } from "../gate/origin.js";
import type { bufferJson, copyOf } from "../revocation/request-body.js";
import type { Place } from "./types.js";
import { describe } from "./user-agent.js";

/** The calls by path below `basePath`: the member of the body that names a session, or null for a list. */
const CALLS: Record<string, string | null> = {
  "/list-sessions": null,
  "/revoke-session": "token",
  "/admin/list-user-sessions": null,
  "/admin/revoke-user-session": "sessionToken",
};

/** The prefix of handles, the same as in gate.wasm. */
const PREFIX = "sh1_";

interface Caller {
  token: string;
  userId: string;
}

/** A call on its way to the server. */
export interface HandledCall {
  /** The request to forward, with a token in place of a handle. */
  request: Request;
  /** Returns the response with handles in place of tokens, or null if it cannot be read. */
  present(response: Response): Promise<Response | null>;
}

/** A call, and functions of the gate. They are passed because a bundle with shared chunks is larger for everybody. */
export interface CallParts {
  received: Request;
  request: GateRequest;
  /** Below `basePath`. */
  path: string;
  decider: Decider;
  origin: Origin;
  /** The server has no database. */
  isStateless: boolean;
  readText(response: Response): Promise<string>;
  bufferJson: typeof bufferJson;
  copyOf: typeof copyOf;
}

/** Returns the call to forward; null if it depends on who the caller is and the origin cannot tell. */
export async function handledCall(parts: CallParts): Promise<HandledCall | null> {
  const { received, path } = parts;
  const member = CALLS[path.replace(/\/+$/, "")];
  if (member === undefined) return { request: received, present: (response) => Promise.resolve(response) };
  return member === null ? listed(parts) : revoked(parts, member);
}

/** Translates the handle in the body. A handle that is not the caller's goes on as it is: the server knows no such token. */
async function revoked(parts: CallParts, member: string): Promise<HandledCall | null> {
  const { request, json } = await parts.bufferJson(parts.received);
  const present = (response: Response) => Promise.resolve(response);
  const body = objectOf(json);
  const handle = body?.[member];
  if (typeof handle !== "string" || !handle.startsWith(PREFIX)) return { request, present };
  const callers = await callersOf(parts);
  if (!callers) return null;
  for (const { userId } of callers) {
    const token = parts.decider.handle.call(({ gate }) => gate.token(userId, handle), "");
    if (token === "") continue;
    const translated = parts.copyOf(request, new TextEncoder().encode(JSON.stringify({ ...body, [member]: token })));
    translated.headers.delete("content-length");
    return { request: translated, present };
  }
  return { request, present };
}

async function listed(parts: CallParts): Promise<HandledCall | null> {
  // The list is read here, so it must not be encoded.
  const request = parts.copyOf(parts.received, parts.received.body as ReadableStream | null);
  request.headers.delete("accept-encoding");
  const callers = await callersOf(parts);
  const caller = callers?.[0];
  if (!callers) return null;
  return {
    request,
    present: async (response) => {
      if (response.status !== 200 || response.body === null) return response;
      try {
        const answer = JSON.parse(await parts.readText(response)) as Row[] | { sessions: Row[] };
        const rows = (list: Row[]) => list.map((row) => withHandle(row, caller, parts));
        const text = JSON.stringify(Array.isArray(answer) ? rows(answer) : { ...answer, sessions: rows(answer.sessions) });
        const headers = new Headers(response.headers);
        for (const name of ["content-length", "content-encoding", "etag"]) headers.delete(name);
        return new Response(text, { status: response.status, statusText: response.statusText, headers });
      } catch {
        return null;
      }
    },
  };
}

type Row = { token?: unknown; userAgent?: unknown };

/** Returns a session with its handle and its description. Members that the server itself sends are kept. Throws if it has no handle. */
function withHandle(row: Row, caller: Caller | undefined, { received, decider }: CallParts): object {
  const { token, userAgent } = row;
  if (typeof token !== "string") return row;
  const handle = caller && decider.handle.call(({ gate }) => gate.handle(caller.userId, token), "");
  if (!handle) throw new Error("no handle");
  const current = token === caller.token;
  const place = current && placeOf(received);
  return { current, ...describe(userAgent), ...(place ? { place } : {}), ...row, token: handle };
}

/** Returns where Cloudflare located the request; undefined on other platforms. */
function placeOf(request: Request): Place | undefined {
  const { city, region, country } = (request as { cf?: Place }).cf ?? {};
  return city || region || country ? { city, region, country } : undefined;
}

/**
 * Returns the callers that the request can have: the one of a credential header first, then the one of the cookies, which some endpoints
 * use beside an API key. Returns null if the origin was needed and did not respond.
 */
async function callersOf(parts: CallParts): Promise<Caller[] | null> {
  const { received, request, decider } = parts;
  const callers: Caller[] = [];
  if (request.hasCredential) {
    const found = await lookUp(parts, received, false);
    if (!found) return null;
    callers.push(...found);
  }
  if (request.cookie !== "" && (!request.hasCredential || request.hasOpaqueCredential)) {
    const verdict = decider.checkCookies(request);
    if (verdict.status === "authenticated") return [...callers, { token: verdict.session.token, userId: verdict.user.id }];
    const cookies = new Request(received.url, { headers: { cookie: received.headers.get("cookie") ?? "" } });
    // Cookies that the gate cannot read may be readable for the server.
    const found = await lookUp(parts, cookies, verdict.status === "unauthenticated");
    if (!found) return null;
    callers.push(...found);
  }
  return callers;
}

/** Returns the caller according to the origin, none without a session, or null if it did not respond. */
async function lookUp({ isStateless, decider, origin }: CallParts, request: Request, allCookies: boolean): Promise<Caller[] | null> {
  const pastCache = isStateless ? "" : "disableCookieCache=true&";
  const { status, body } = await origin.lookUp(request, `${decider.basePath}/get-session?${pastCache}disableRefresh=true`, false, {
    allCookies,
  });
  if (status === 401 || status === 403) return [];
  try {
    const { session, user } = JSON.parse(status === 200 ? body : "") ?? {};
    return user?.id ? [{ token: String(session?.token), userId: String(user.id) }] : [];
  } catch {
    return null;
  }
}

function objectOf(json: string | undefined): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(json ?? "");
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

// A key set's endpoint that behaves as a test says, and caches signed by the vectors' keys.
import { createServer } from "node:http";
import { headerText, publicJwk, signJws } from "../../../harness/jwks/keys.mjs";
import { signedToken, SESSION, USER } from "../../../harness/verdicts/seal.mjs";

export const ISSUER = "https://app.example";

/** Starts an endpoint. `respond` is replaced by tests; `count` is the number of requests. */
export async function startEndpoint(respond = keySet("ed")) {
  const endpoint = { respond, count: 0, seen: [] };
  const server = createServer((request, response) => {
    endpoint.count += 1;
    endpoint.seen.push(request);
    endpoint.respond(request, response);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  endpoint.url = `http://127.0.0.1:${server.address().port}/jwks`;
  endpoint.close = () => new Promise((closed) => (server.close(closed), server.closeAllConnections()));
  return endpoint;
}

/** Responds with a set of these keys. */
export const keySet =
  (...kids) =>
  (_request, response) =>
    response.setHeader("content-type", "application/json").end(JSON.stringify({ keys: kids.map((kid) => publicJwk(kid)) }));

/** Returns a Cookie header with a token and a cache that the key `kid` signed at `now`. `named` is the `kid` of its header. */
export function signedCookies(now, kid = "ed", { named = kid, claims = {} } = {}) {
  const seconds = Math.floor(now / 1000);
  const time = new Date(now).toISOString();
  const session = { ...SESSION, expiresAt: new Date(now + 6e8).toISOString(), createdAt: time, updatedAt: time };
  const all = {
    session,
    user: USER,
    updatedAt: now,
    version: "1",
    sid: session.token,
    iat: seconds,
    exp: seconds + 300,
    ...registered(claims),
  };
  const value = signJws(JSON.stringify(all), { kid, header: headerText(kid, { kid: named }) });
  return `better-auth.session_token=${signedToken()}; better-auth.session_data=${value}`;
}

const registered = (claims) => ({ iss: ISSUER, aud: "better-auth:session-cache", sub: USER.id, ...claims });

/** Returns a promise's result, and how long it took in milliseconds. */
export async function timed(promise) {
  const start = performance.now();
  const result = await promise;
  return { result, took: performance.now() - start };
}

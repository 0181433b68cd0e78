// A proxy between gates and origin that drops or delays responses.
import { createServer } from "node:http";

/**
 * Calls whose URL ends in `answersTo` reach the origin, and the connection is cut instead of answering; those in
 * `holds` are answered once `release()` was called; those that end in `fails.path` get `fails.status` and do not reach it. `bodies` and `seen` are of the calls that came.
 */
export async function dropper(origin) {
  const state = { answersTo: "", holds: "", fails: null, bodies: [], seen: [], release() {} };
  const server = createServer(async (request, response) => {
    const chunks = await request.toArray().catch(() => null);
    if (chunks === null) return; // cut short by whoever sent it
    const body = Buffer.concat(chunks);
    if (request.url.endsWith("/revoke-session")) state.bodies.push(body.toString());
    if (state.fails && request.url.endsWith(state.fails.path)) return response.writeHead(state.fails.status).end();
    const { host: _, connection: __, "content-length": ___, "transfer-encoding": ____, ...headers } = request.headers;
    const answer = await fetch(origin.url + request.url, {
      method: request.method,
      headers,
      body: body.length > 0 ? body : undefined,
      redirect: "manual",
    });
    const text = Buffer.from(await answer.arrayBuffer());
    state.seen.push(request.url);
    if (state.answersTo && request.url.endsWith(state.answersTo)) return request.socket.destroy();
    if (state.holds && request.url.endsWith(state.holds)) await new Promise((resolve) => (state.release = resolve));
    const plain = [...answer.headers].filter(
      ([name]) => !["set-cookie", "content-encoding", "content-length", "transfer-encoding", "connection"].includes(name),
    );
    response.writeHead(answer.status, [...plain, ...answer.headers.getSetCookie().map((line) => ["set-cookie", line])].flat());
    response.end(text);
  });
  // A gate must not use a connection just as it is closed here.
  server.keepAliveTimeout = 600_000;
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return Object.assign(state, {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise((resolve) => (server.close(resolve), server.closeAllConnections())),
  });
}

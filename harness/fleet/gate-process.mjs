// One gate as a process of its own, for experiments and soaks. The argument is JSON: { options, feed: { kind, url }, clock,
// warm }. It prints its port, and answers `/test/*`: figures, and a visit that also reports when it was decided.
import { createServer } from "node:http";
import { createSessionGate, nodeListener } from "../../pkg/dist/edge.js";
import { openFeed } from "./feed.mjs";
import { watchStalls } from "./stalls.mjs";

const { options, feed: engine, clock = 0 } = JSON.parse(process.argv[2]);
const real = Date.now;
if (clock !== 0) Date.now = () => real() + clock;

const stalls = watchStalls();
const figures = { reads: 0, appends: 0, errors: 0, lookups: 0, lastError: "" };
const feed = await openFeed(engine);
const counted = {
  ...(feed.listen ? { listen: feed.listen } : {}),
  append: (batch) => ((figures.appends += 1), feed.append(batch)),
  since: (cursor, ctx) => ((figures.reads += 1), feed.since(cursor, ctx)),
};
const onError = (error) => {
  figures.errors += 1;
  figures.lastError = String(error?.message ?? error);
};
const gate = createSessionGate({ ...options, revocation: { ...options.revocation, feed: counted, onError } });
const app = (request, visitor) =>
  new URL(request.url).pathname === "/events"
    ? gate.guard(
        new Response(new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array([10])) }), {
          headers: { "content-type": "text/event-stream" },
        }),
        visitor,
      )
    : Response.json({ user: visitor.user.id, source: visitor.verdict.strategy === null ? "origin" : "cookie" });
const listener = nodeListener(gate, app);

const server = createServer((request, response) => {
  if (request.url === "/test/figures") {
    return response.end(JSON.stringify({ ...figures, stalls: stalls.list(), memory: process.memoryUsage(), now: Date.now() }));
  }
  if (request.url === "/test/collect") return (globalThis.gc?.(), globalThis.gc?.(), response.end());
  response.setHeader("x-test-received", Date.now());
  listener(request, response);
});
// A client must not use a connection just as it is closed here.
server.keepAliveTimeout = 600_000;
server.listen(0, process.env.HOST ?? "127.0.0.1", () => console.log(server.address().port));

// A gate with a `memoryFeed` of its own. Bindings: OPTIONS for the gate. `/test/*` reaches the gate and the feed past a visitor.
import { memories } from "./memories.mjs";
import { createSessionGate, memoryFeed } from "better-session/edge";

let gate, feed;

function open({ OPTIONS }) {
  feed = memoryFeed();
  gate = createSessionGate({ ...OPTIONS, revocation: { ...OPTIONS.revocation, feed, onError() {} } });
}

export default {
  async fetch(request, env, ctx) {
    if (!gate) open(env);
    const { pathname, searchParams } = new URL(request.url);
    switch (pathname) {
      case "/test/invalidate":
        return gate.invalidate(await request.json()).then(
          () => Response.json(null),
          ({ name, code, message }) => Response.json({ name, code, message }),
        );
      case "/test/check":
        return Response.json(gate.check(request));
      case "/test/fill":
        await fill(Number(searchParams.get("count")), Number(searchParams.get("head")));
        return Response.json(null);
      case "/test/memory":
        return Response.json(memories.map(({ buffer }) => buffer.byteLength));
      default:
        return gate.fetch(request, ctx, () => new Response("in"));
    }
  },
};

/** Returns revocations of unknown subjects in the format of `src/gate/marks/codec.rs`. */
async function fill(count, head) {
  const size = head & 3 ? 43 : 27;
  for (let made = 0; made < count; made += 1000) {
    const data = new Uint8Array(size * Math.min(1000, count - made));
    for (let at = 0; at < data.length; at += size) {
      crypto.getRandomValues(data.subarray(at, at + size));
      const view = new DataView(data.buffer, at);
      view.setUint8(0, head);
      view.setUint16(17, Math.floor(Date.now() / 2 ** 32));
      view.setUint32(19, Date.now() >>> 0);
      view.setUint32(23, 319);
    }
    await feed.append({ data, expiresAt: Date.now() + 319_000, id: crypto.randomUUID() });
  }
}

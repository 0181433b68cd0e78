// Reads a `durableObjectFeed` as an isolate does twice a second, and returns the number of bytes that each read passes to the core.
import { RevocationLog, durableObjectFeed } from "better-session/edge";

export class Log extends RevocationLog {}

export default {
  fetch: async (_request, env) => Response.json(await reads(durableObjectFeed(env.LOG, { cache: 0 }))),
};

export async function reads(feed) {
  const append = (length) =>
    feed.append({ data: new Uint8Array(length).fill(0x10), expiresAt: Date.now() + 300_000, id: crypto.randomUUID() });
  for (let count = 0; count < 20; count += 1) await append(27 * 500);
  let { cursor, marks } = await feed.since("");
  const lengths = [marks.length];
  const read = async () => {
    ({ cursor, marks } = await feed.since(cursor));
    lengths.push(marks.length);
  };
  await read();
  await append(27);
  await read();
  await append(54);
  await append(27);
  await read();
  await read();
  return lengths;
}

// The contract of feeds, with every feed of the package on its real engine.
import { Redis as Upstash } from "@upstash/redis";
import { drizzle } from "drizzle-orm/node-postgres";
import IORedis from "ioredis";
import { Miniflare } from "miniflare";
import { after, before } from "node:test";
import pg from "pg";
import { createClient } from "redis";
import { durableObjectFeed, kvFeed, memoryFeed } from "../../../dist/edge.js";
import { postgresFeed } from "../../../dist/feeds-postgres.js";
import { redisFeed } from "../../../dist/feeds-redis.js";
import { startPostgres } from "../../../../harness/engines/postgres.mjs";
import { startRedis, startRestProxy } from "../../../../harness/engines/redis.mjs";
import { bundle } from "../../edge/support.mjs";
import { feedContract, readAll } from "./contract.mjs";

let redis, postgres, workerd;
before(async () => {
  const modules = await bundle(new URL("../worker.mjs", import.meta.url).pathname);
  workerd = new Miniflare({
    modules,
    cf: false,
    compatibilityDate: "2026-04-01",
    durableObjects: { LOG: { className: "Log", useSQLite: true } },
    kvNamespaces: ["KV"],
  });
  [redis, postgres] = await Promise.all([startRedis(), startPostgres(), workerd.ready]);
});
after(() => Promise.all([redis?.close(), postgres?.close(), workerd?.dispose()]));

const asText = async (feed) => (await readAll(feed)).bytes.toString("latin1");

feedContract("memoryFeed", async () => {
  const feed = memoryFeed();
  return { feed, other: feed, dump: () => asText(feed), close() {} };
});

feedContract(
  "durableObjectFeed in workerd",
  async () => {
    const namespace = await workerd.getDurableObjectNamespace("LOG");
    const open = () => durableObjectFeed(namespace, { name: "contract" });
    return { feed: open(), other: open(), dump: () => asText(open()), close() {} };
  },
  { many: 200 },
);

feedContract(
  "kvFeed in workerd",
  async () => {
    const kv = await workerd.getKVNamespace("KV");
    const names = async () => {
      const { keys } = await kv.list({ prefix: "contract:" });
      return JSON.stringify(keys) + (await asText(kvFeed(kv, { prefix: "contract:" })));
    };
    return { feed: kvFeed(kv, { prefix: "contract:" }), other: kvFeed(kv, { prefix: "contract:" }), dump: names, close() {} };
  },
  { repeats: true, expires: false, many: 50 },
);

const overRedis = (name, connect, options) =>
  feedContract(
    `redisFeed over ${name}`,
    async () => {
      const [one, two, plain] = [await connect(), await connect(), await createClient({ url: redis.url }).connect()];
      const open = ({ client }) => redisFeed(client, { prefix: `contract-${name}` });
      const dump = async () => {
        const keys = await plain.keys("*");
        const entries = await plain.sendCommand(["XRANGE", `{contract-${name}}:marks`, "-", "+"]);
        return JSON.stringify([keys, entries, await plain.hGetAll(`{contract-${name}}:feed`)]);
      };
      const close = () => Promise.all([one.close(), two.close(), plain.destroy()]);
      return { feed: open(one), other: open(two), dump, close, paged: true };
    },
    options,
  );

overRedis("redis", async () => {
  const client = await createClient({ url: redis.url }).connect();
  return { client, close: () => client.destroy() };
});
overRedis("ioredis", async () => {
  const client = new IORedis(redis.url);
  return { client, close: () => client.disconnect() };
});
overRedis(
  "@upstash/redis",
  async () => {
    const proxy = await startRestProxy(redis.url);
    return { client: new Upstash({ url: proxy.url, token: proxy.token, enableTelemetry: false }), close: proxy.close };
  },
  { many: 500 },
);
overRedis(
  "REST",
  async () => {
    const proxy = await startRestProxy(redis.url);
    return { client: { url: proxy.url, token: proxy.token }, close: proxy.close };
  },
  { many: 500 },
);

const overPostgres = (name, connect) =>
  feedContract(
    `postgresFeed over ${name}`,
    async () => {
      const table = `contract_${name.replace(/\W+/g, "_").toLowerCase()}`;
      const plain = new pg.Client(postgres.url);
      await plain.connect();
      const [one, two] = [await connect(), await connect()];
      const dump = async () => JSON.stringify((await plain.query(`SELECT *, encode(data, 'escape') AS text FROM ${table}`)).rows);
      const close = () => Promise.all([one.close(), two.close(), plain.end()]);
      const open = ({ client }) => postgresFeed(client, { table });
      return { feed: open(one), other: open(two), dump, close, paged: true };
    },
    { many: 300 },
  );

overPostgres("pg.Pool", async () => {
  const client = new pg.Pool({ connectionString: postgres.url, max: 5 });
  return { client, close: () => client.end() };
});
overPostgres("pg.Client", async () => {
  const client = new pg.Client(postgres.url);
  await client.connect();
  return { client, close: () => client.end() };
});
overPostgres("Drizzle", async () => {
  const client = drizzle(postgres.url);
  return { client, close: () => client.$client.end() };
});
overPostgres("a connection for each statement", async () => {
  const client = async () => {
    const opened = new pg.Client(postgres.url);
    await opened.connect();
    return opened;
  };
  return { client, close() {} };
});

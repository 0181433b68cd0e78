// One of the gates of a revocation test. Bindings: OPTIONS for the gate, FEED "durable", "kv" or "rest" (of REST), CLOCK how many
// milliseconds this Worker's clock is ahead. `/test/*` turns faults of the feed on and off and shows what it keeps.
import { RevocationLog, createSessionGate, durableObjectFeed, kvFeed } from "better-session/edge";
import { redisFeed } from "better-session/feeds/redis";

const real = Date.now;
let ahead = 0;
Date.now = () => real() + ahead;

/** The revocation log, with a method that runs its alarm at once. */
export class Log extends RevocationLog {
  constructor(ctx, env) {
    super(ctx, env);
    this.stop = () => ctx.abort("restarted by a test");
  }

  async fetch(request) {
    if (new URL(request.url).pathname === "/restart") this.stop();
    if (new URL(request.url).pathname !== "/ring") return super.fetch(request);
    ahead = Number(new URL(request.url).searchParams.get("ahead"));
    await this.alarm();
    ahead = 0;
    return new Response(null);
  }
}

const faults = { append: "", since: "" };
const counts = { reads: 0, appends: 0, errors: [] };
let feed, gate, earlier;

function open(env) {
  ahead = env.CLOCK ?? 0;
  const open = { kv: () => kvFeed(env.KV), rest: () => redisFeed(env.REST) }[env.FEED];
  feed = open?.() ?? durableObjectFeed(env.LOG, env.FEED_OPTIONS);
  const { pollInterval, maxStaleness } = feed;
  const faulty = { pollInterval, maxStaleness, append, since };
  const onError = (error) => counts.errors.push(String(error));
  gate = createSessionGate({ ...env.OPTIONS, revocation: { onError, ...env.OPTIONS.revocation, feed: faulty } });
}

async function append(batch) {
  counts.appends += 1;
  if (faults.append === "down") throw new Error("the feed is down");
  if (faults.append === "twice") await feed.append({ ...batch, id: `${batch.id}-again` });
  return feed.append(batch);
}

async function since(cursor, ctx) {
  counts.reads += 1;
  switch (faults.since) {
    case "down":
      throw new Error("the feed is down");
    case "silent":
      return new Promise(() => {});
    case "slow":
      await new Promise((resolve) => setTimeout(resolve, 700));
      return feed.since(cursor, ctx);
    case "empty":
      return { marks: new Uint8Array(), cursor, age: 0 };
    case "garbage":
      return { ...(await feed.since(cursor, ctx)), marks: crypto.getRandomValues(new Uint8Array(1000)) };
    case "repeating":
      return feed.since("", ctx);
    case "disordered": {
      // Each answer is held back and comes after the next one.
      const answer = await feed.since("", ctx);
      const late = earlier ?? answer;
      earlier = answer;
      return { ...answer, marks: new Uint8Array([...answer.marks, ...late.marks]), cursor: late.cursor };
    }
    default:
      return feed.since(cursor, ctx);
  }
}

const app = async (_request, { session, user, verdict }) => Response.json({ session, user, verdict });

export default {
  async fetch(request, env, ctx) {
    if (!gate) open(env);
    const { pathname, searchParams } = new URL(request.url);
    switch (pathname) {
      case "/test/faults":
        Object.assign(faults, Object.fromEntries(searchParams));
        return new Response();
      case "/test/counts":
        return Response.json(counts);
      case "/test/clock":
        ahead = Number(searchParams.get("ahead"));
        return new Response();
      case "/test/kept":
        return new Response((await feed.since("", ctx)).marks);
      case "/test/ring":
        await env.LOG.get(env.LOG.idFromName("better-session")).fetch(`https://log/ring?ahead=${searchParams.get("ahead")}`);
        return new Response();
      case "/test/restart":
        await env.LOG.get(env.LOG.idFromName("better-session"))
          .fetch("https://log/restart")
          .catch(() => {});
        return new Response();
      case "/test/invalidate":
        await gate.invalidate(await request.json());
        return new Response();
      case "/test/check":
        return Response.json(gate.check(request));
      default:
        return gate.fetch(request, ctx, app);
    }
  },
};

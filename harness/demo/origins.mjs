// Starts the Better Auth servers: one for each cookie format, with a common database of users and sessions.

import { eq } from "drizzle-orm";
import { startOrigin } from "../origin.mjs";
import { SECRET, STRATEGIES, sessionOptions } from "./settings.mjs";

/** Starts the servers. `pages` are the page's origins, which Better Auth must trust. Returns { url: { compact, jwt, jwe }, version, counts(), close() }. */
export async function startOrigins(pages) {
  const started = [];
  const close = async () => {
    for (const origin of started.toReversed()) await origin.close();
  };
  try {
    for (const strategy of STRATEGIES) started.push(await startOne(strategy, pages, started[0]));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    url: Object.fromEntries(STRATEGIES.map((strategy, index) => [strategy, started[index].url])),
    version: started[0].version,
    /** Returns the number of requests by "METHOD path", for each server. */
    counts: () => started.map((origin) => origin.counts),
    close,
  };
}

async function startOne(strategy, pages, first) {
  const origin = await startOrigin({
    secret: SECRET,
    session: sessionOptions(strategy),
    trustedOrigins: pages,
    app: (request, response) => demoApi(first ?? origin, request, response),
    ...(first && { database: false, auth: { database: first.options.database } }),
  });
  return origin;
}

const DAY_AND_AN_HOUR = 25 * 60 * 60 * 1000;

/** Handles `POST /demo/age`: makes the caller's session a day old in the database, which Better Auth has no endpoint for. */
async function demoApi(origin, request, response) {
  response.setHeader("content-type", "application/json");
  const session =
    request.method === "POST" && request.url === "/demo/age"
      ? await origin.auth.api.getSession({ headers: new Headers(request.headers), query: { disableCookieCache: true } })
      : null;
  if (!session) {
    response.statusCode = 404;
    return response.end(JSON.stringify({ code: "NOT_FOUND", message: "The demo's origin has no such page." }));
  }
  const { session: table } = origin.tables;
  const createdAt = new Date(Date.now() - DAY_AND_AN_HOUR);
  await origin.db.update(table).set({ createdAt }).where(eq(table.id, session.session.id));
  response.end(JSON.stringify({ createdAt }));
}

// The recipes of docs/revocation.md, run as they are printed.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { startPostgres } from "../../../../harness/engines/postgres.mjs";
import { startRedis } from "../../../../harness/engines/redis.mjs";
import { eventually } from "../support.mjs";
import { SECRET, signIn, signUp, somebody, startOrigin } from "../../../../harness/origin.mjs";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const dist = join(root, "pkg/dist");
const cache = join(root, "node_modules/.cache");
mkdirSync(cache, { recursive: true });
// Below node_modules, so that the clients are found.
const folder = mkdtempSync(join(cache, "recipes-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Returns the first JavaScript block below a heading. */
function recipe(heading) {
  const text = readFileSync(join(root, "docs/revocation.md"), "utf8");
  const [, section] = text.split(`\n### ${heading}\n`);
  return /```js\n([\s\S]*?)```/.exec(section)[1];
}

/** Runs a recipe with options, as an app has them, and returns its gate. */
async function run(heading, options, closable) {
  const file = join(folder, `${heading}.mjs`);
  const code = recipe(heading).replace(
    /from "better-session\/([a-z/]+)"/g,
    (_, path) => `from ${JSON.stringify(pathToFileURL(join(dist, `${path.replace("/", "-")}.js`)).href)}`,
  );
  writeFileSync(file, `const options = globalThis.recipeOptions;\n${code}\nexport { gate, ${closable} as connection };\n`);
  globalThis.recipeOptions = options;
  return import(pathToFileURL(file).href);
}

async function revokes(heading, closable, close) {
  const origin = await startOrigin();
  try {
    const options = { secret: SECRET, origin: origin.url, session: { cookieCache: { enabled: true } } };
    const { gate, connection } = await run(heading, options, closable);
    const { credentials } = await signUp(origin, somebody());
    let a;
    const request = () => new Request(origin.url, { headers: { cookie: a.header() } });
    // A new feed does not know what was revoked before it: caches that are older than its first read are looked up.
    const look = async () => {
      a = await signIn(origin, credentials);
      await gate.authenticate(request());
      return gate.check(request()).status;
    };
    await eventually(look, (status) => status === "authenticated", "a cache that is newer than the feed");
    await gate.invalidate({ token: a.token });
    assert.equal(gate.check(request()).reason, "invalidated");
    assert.equal((await gate.authenticate(request())).source, "origin");
    await close(connection);
  } finally {
    await origin.close();
  }
}

test("the recipe of Redis", async () => {
  const redis = await startRedis();
  try {
    process.env.REDIS_URL = redis.url;
    await revokes("Redis", "client", (client) => client.destroy());
  } finally {
    await redis.close();
  }
});

test("the recipe of Postgres, and the command that prints its migration", async () => {
  const postgres = await startPostgres();
  try {
    process.env.DATABASE_URL = postgres.url;
    await revokes("Postgres", "pool", (pool) => pool.end());
    const printed = execFileSync(process.execPath, [
      "-p",
      `require(${JSON.stringify(join(dist, "feeds-postgres.cjs"))}).postgresMigration()`,
    ]);
    assert.match(String(printed), /CREATE TABLE IF NOT EXISTS better_session_revocations/);
  } finally {
    await postgres.close();
  }
});

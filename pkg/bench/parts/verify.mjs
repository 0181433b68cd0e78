// `verify` and `getCookieCache`, first sight and repeated, in Node, workerd and Chromium.
import { createServer } from "node:http";
import { existsSync } from "node:fs";
import { join } from "node:path";
import * as betterAuth from "better-auth/cookies";
import { chromium } from "playwright-core";
import { baseline } from "../lib/baseline.mjs";
import { bundleForBrowser } from "../lib/bundle.mjs";
import { assertAccepted, candidates, DISTINCT } from "../lib/candidates.mjs";
import { faster } from "../lib/report.mjs";
import { inProcess, rounds } from "../lib/rounds.mjs";
import { inWorker, post, startWorkerd } from "../lib/workerd.mjs";
import { pkg } from "../../scripts/paths.mjs";
import { sample } from "../sample.mjs";

const here = import.meta.dirname;

/** Targets of each strategy: first sight and repeated beside 0.1.0, and beside better-auth's `getCookieCache` in each runtime. */
const WANTED = {
  compact: { first: 0.9, repeated: 3, Node: [20, 70], workerd: [5, 15] },
  jwt: { first: 0.9, repeated: 3, Node: [15, 50], workerd: [2.5, 8] },
  jwe: { first: 0.8, repeated: 4, Node: [30, 200], workerd: [3.8, 20] },
};

/** The names of the candidates. */
const NAMES = ["v010", "first", "repeated", "betterAuth", "v010Cache", "cacheRepeated", "v010CacheFirst", "cacheFirst"];

/** Returns the functions of both builds in Node. */
export async function inNode() {
  const load = async (folder) => ({
    ...(await import(join(folder, "dist/index.js"))),
    getCookieCache: (await import(join(folder, "dist/cookies.js"))).getCookieCache,
  });
  return { today: await load(pkg), v010: await load(baseline()), betterAuth };
}

export async function samplesOf({ today }) {
  return Object.keys(WANTED).map((strategy) => {
    const others = Array.from({ length: DISTINCT }, (_, number) => sample(today.createVerifier, strategy, 0, number).header);
    return { ...sample(today.createVerifier, strategy), others, strategy };
  });
}

export async function measureVerify() {
  const of = await inNode();
  const samples = (await samplesOf(of)).map(({ verifier: _, value: __, ...sample }) => sample);
  for (const one of samples) {
    const all = candidates(of, one, (cookie) => new Headers({ cookie }));
    await assertAccepted(all);
    report("Node", one.strategy, await rounds(mapped(all, inProcess)));
  }
  await measureInWorkerd(samples);
  return { chromium: await measureInChromium(samples) };
}

async function measureInWorkerd(samples) {
  const { urls, close } = await startWorkerd({ verify: { entry: join(here, "../workers/verify.mjs") } });
  try {
    await post(urls.verify, { samples });
    for (const { strategy } of samples) {
      const all = Object.fromEntries(NAMES.map((name) => [name, inWorker(urls.verify, `${strategy} ${name}`)]));
      report("workerd", strategy, await rounds(all, { count: 11, millis: 40 }));
    }
  } finally {
    await close();
  }
}

/** Returns Chromium's version. */
async function measureInChromium(samples) {
  const script = await bundleForBrowser(join(here, "../workers/verify-page.mjs"));
  const server = createServer((request, response) => {
    const isScript = request.url === "/page.js";
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
    response.end(isScript ? script : '<!doctype html><script type="module" src="/page.js"></script>');
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync);
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    for (const one of samples) {
      report("Chromium", one.strategy, await page.evaluate((one) => globalThis.benchmark(one, { count: 7, millis: 20 }), one));
    }
    return browser.version();
  } finally {
    await browser.close();
    server.close();
  }
}

function report(where, strategy, times) {
  const { first, repeated, [where]: [overFirst, overRepeated] = [] } = WANTED[strategy];
  const bound = (number) => (number && where !== "Chromium" ? `≥ ${number}` : "");
  const add = (what, candidate, than, name, wanted) =>
    faster({ what: `${what}, ${strategy}`, where, times: times[candidate], than: times[than], name, wanted });
  add("verify, first sight", "first", "v010", "0.1.0", bound(first));
  add("verify, repeated", "repeated", "v010", "0.1.0", bound(repeated));
  add("verify, first sight", "first", "betterAuth", "better-auth's getCookieCache", bound(overFirst));
  add("verify, repeated", "repeated", "betterAuth", "better-auth's getCookieCache", bound(overRepeated));
  add("getCookieCache, first sight", "cacheFirst", "v010CacheFirst", "0.1.0", bound(first));
  add("getCookieCache, repeated", "cacheRepeated", "v010Cache", "0.1.0", bound(repeated));
  add("getCookieCache, repeated", "cacheRepeated", "betterAuth", "better-auth's getCookieCache", "");
}

const mapped = (record, change) => Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));

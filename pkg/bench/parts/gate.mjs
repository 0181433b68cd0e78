// The gate: its own part of a request inside workerd, and requests a second beside 0.1.0's gate, a Worker that answers a constant and
// the server itself (Better Auth in Node, PGlite, cookie cache on).
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { childNamed } from "../gate/cpu.mjs";
import { load } from "../gate/load.mjs";
import { micros, quartiles, row } from "../lib/report.mjs";
import { median, quantile, ratios } from "../lib/rounds.mjs";
import { startWorkerd } from "../lib/workerd.mjs";

const here = import.meta.dirname;
const SAMPLES = 3000;
const ROUNDS = 7;
const SECONDS = 1;
const CONNECTIONS = 8;

/** Returns the distribution for the picture. */
export async function measureGate() {
  const { process: server, url, secret, cookie } = await startOrigin();
  const sessions = `${url}/api/auth/get-session`;
  const response = await fetch(sessions, { headers: { cookie } });
  const BODY = await response.text();
  const HEADERS = { "cache-control": "private, no-store", vary: "cookie", "content-type": "application/json", pragma: "no-cache" };
  const bindings = { OPTIONS: { secret, origin: url, session: { cookieCache: { enabled: true } }, hiddenFields: {} } };
  const { urls, close } = await startWorkerd({
    timer: { entry: join(here, "../workers/timer.mjs"), bindings },
    today: { entry: join(here, "../workers/serve-today.mjs"), bindings },
    v010: { entry: join(here, "../workers/serve-v010.mjs"), bindings },
    constant: { entry: join(here, "../workers/constant.mjs"), bindings: { BODY, HEADERS, PAGE: `Hello ${JSON.parse(BODY).user.name}` } },
  });
  try {
    const latency = await measureInside(urls.timer, cookie);
    await measureThroughput(urls, url, cookie);
    return { latency };
  } finally {
    await close();
    server.kill();
  }
}

/** The overhead of the measurement, the time of an empty call, is subtracted in the ratios of p50. */
async function measureInside(timer, cookie) {
  const request = async (query) => {
    const response = await fetch(`${timer}/?${query}`, { headers: { cookie } });
    if (!response.ok) throw new Error(`the Worker answered ${response.status}: ${await response.text()}`);
    return response;
  };
  const marker = randomBytes(32).toString("hex");
  await request(`marker=${marker}`);
  const clock = await startClock(childNamed("workerd"), marker);
  let times;
  try {
    times = await (await request(`samples=${SAMPLES}`)).json();
  } finally {
    clock.kill();
  }
  const empty = quantile(times.empty, 0.5);
  row({ what: "the gate's own part, a call that does nothing, p50", where: "workerd", value: micros(empty) });
  for (const kind of ["get-session", "page"]) {
    const [today, v010] = [times[`today ${kind}`], times[`v010 ${kind}`]];
    for (const [label, share] of Object.entries({ p50: 0.5, p99: 0.99 })) {
      const own = (values) => quantile(values, share) - empty;
      row({
        what: `the gate's own part of ${kind === "page" ? "a page" : kind}, repeated cookie, ${label}`,
        where: "workerd",
        value: micros(own(today)),
        beside: `0.1.0 ${micros(own(v010))}`,
        ratio: own(today) / own(v010),
        wanted: kind === "get-session" ? "≤ 0.6" : "≤ 1",
      });
    }
  }
  return times;
}

/** Measures in turns. The first one is a warm-up. */
async function measureThroughput(urls, origin, cookie) {
  const servers = { today: urls.today, v010: urls.v010, constant: urls.constant, origin };
  const expect = { "/api/auth/get-session": '"user":{', "/page": "Hello" };
  const rates = {};
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [path, text] of Object.entries(expect)) {
      for (const [name, url] of Object.entries(servers)) {
        if (name === "origin" && path === "/page") continue;
        const { responses, seconds } = await load(url + path, { cookie, connections: CONNECTIONS, seconds: SECONDS, expect: text });
        if (round > 0) ((rates[path] ??= {})[name] ??= []).push(responses / seconds);
      }
    }
  }
  const add = (path, name, label, wanted) => {
    const each = ratios(rates[path].today, rates[path][name]);
    row({
      what: `requests a second, ${path === "/page" ? "page" : "get-session"}, ${CONNECTIONS} connections`,
      where: "workerd",
      value: median(rates[path].today).toFixed(0),
      beside: `${label} ${median(rates[path][name]).toFixed(0)}`,
      ratio: median(each),
      range: quartiles(each),
      wanted,
    });
  };
  for (const path of Object.keys(expect)) {
    add(path, "constant", "a Worker that answers a constant", path === "/page" ? "" : "≥ 0.8");
    add(path, "v010", "0.1.0's gate", "≥ 0.9");
  }
  add("/api/auth/get-session", "origin", "the server itself", "≥ 5");
}

async function startClock(pid, marker) {
  const child = spawn(process.execPath, [join(here, "../gate/clock.mjs"), String(pid), marker], { stdio: ["ignore", "pipe", "inherit"] });
  for await (const _ of createInterface({ input: child.stdout })) return child;
  throw new Error("the clock did not start");
}

/** Starts the origin in a process of its own. */
async function startOrigin() {
  const child = spawn(process.execPath, [join(here, "../gate/origin.mjs")], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NODE_ENV: "production" },
  });
  for await (const line of createInterface({ input: child.stdout })) return { process: child, ...JSON.parse(line) };
  throw new Error("the origin did not start");
}

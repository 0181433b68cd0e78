// Users of a Better Auth server with all plugins, and a gate in front of it, in this process: one call goes through the gate.
import assert from "node:assert/strict";
import { createSessionGate, memoryFeed } from "../../dist/edge.js";
import { CookieJar } from "../../../harness/origin.mjs";
import { SECRET, SITE } from "./endpoints.mjs";

const ctx = { waitUntil() {} };
let people = 0;

export class World {
  #server;
  #gate;
  /** The cookies of each session at its start. */
  #jars = new Map();

  constructor(server) {
    this.#server = server;
    const origin = { fetch: (request) => server.auth.handler(request) };
    this.#gate = createSessionGate({
      secret: SECRET,
      origin,
      session: { cookieCache: { enabled: true } },
      revocation: { feed: memoryFeed() },
    });
  }

  /** Returns a writable row of the database. */
  row(model, member, value) {
    return this.#server.db[model].find((row) => row[member] === value);
  }

  get version() {
    return this.#server.version;
  }

  has(endpoint) {
    return this.#server.endpoints.has(endpoint);
  }

  /** Calls the server directly and stores the session in the jar. Returns the JSON of the response, or null. */
  async direct(jar, path, options) {
    const response = await this.#server.auth.handler(request(jar, path, options));
    const text = await response.text();
    assert.ok(response.status < 400, `${path}: ${response.status} ${text}`);
    return Object.assign(this.#keep(jar, response), { json: parsed(text), location: response.headers.get("location") });
  }

  /** Makes the observed call. Returns the tokens of the sessions that it deleted, and of those that the gate still accepts. */
  async through(jar, path, options) {
    const before = this.#live();
    for (const [token, own] of this.#jars) if (before.has(token)) assert.equal(this.#check(own), "authenticated");
    const response = await this.#gate.fetch(request(jar, path, options), ctx);
    const text = await response.text();
    const after = this.#live();
    const deleted = [...before].filter((token) => !after.has(token) && this.#jars.has(token));
    const unseen = deleted.filter((token) => this.#check(this.#jars.get(token)) === "authenticated");
    return { status: response.status, text, deleted, unseen };
  }

  async person(device = new CookieJar()) {
    const credentials = this.credentials();
    const { json } = await this.direct(device, "/sign-up/email", { body: credentials });
    return { jar: device, user: json.user, token: json.token, credentials };
  }

  credentials() {
    people += 1;
    return { email: `endpoint-${people}@example.com`, password: "correct horse battery staple", name: "Ada", username: `ada_${people}` };
  }

  async admin() {
    const person = await this.person();
    this.row("user", "id", person.user.id).role = "admin";
    await this.direct(person.jar.dropCache(), "/get-session");
    return person;
  }

  async anonymous() {
    const jar = new CookieJar();
    await this.direct(jar, "/sign-in/anonymous", { body: {} });
    return jar;
  }

  signIn({ credentials }, jar = new CookieJar()) {
    return this.direct(jar, "/sign-in/email", { body: { email: credentials.email, password: credentials.password } });
  }

  #keep(jar, response) {
    if (!jar) return {};
    jar.store(response);
    const token = decodeURIComponent(jar.get("better-auth.session_token") ?? "").split(".")[0];
    if (token && jar.has("better-auth.session_data")) this.#jars.set(token, jar.clone());
    return { jar, token };
  }

  #live() {
    return new Set(this.#server.db.session.map(({ token }) => token));
  }

  #check(jar) {
    const verdict = this.#gate.check(new Request(SITE, { headers: { cookie: jar.header() } }));
    return verdict.reason ?? verdict.status;
  }
}

function request(jar, path, { method, body, headers = {} } = {}) {
  return new Request(`${SITE}/api/auth${path}`, {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headers: {
      origin: SITE,
      ...(jar?.size ? { cookie: jar.header() } : {}),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

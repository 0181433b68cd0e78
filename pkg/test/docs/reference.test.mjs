// The documents list every option, member, reason, cause and code.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../support/pack.mjs";
import { DOCUMENTS } from "./blocks.mjs";
import { codes, declarations, namesIn, section, unionOf } from "./names.mjs";

const REFERENCE = ["reference", "revocation", "events"];

/** The sections that have to name all members of a type. A function stands for the options that it declares itself. */
const SECTIONS = {
  VerifierOptions: "reference # Options of the verifier",
  SessionOptions: "reference # Options of the verifier",
  MintOptions: "reference # Methods of the verifier",
  SessionVerifier: "reference # Methods of the verifier",
  ExplainOptions: "reference # Methods of the verifier",
  Explanation: "reference # Methods of the verifier",
  ExplainedCookie: "reference # Methods of the verifier",
  ExplainedCache: "reference # Methods of the verifier",
  Decoded: "reference # Methods of the verifier",
  Opened: "reference # Methods of the verifier",
  CookieCacheOptions: "reference # `better-session/cookies`",
  KeySetOptions: "reference # `better-session/cookies`",
  CookieCachePayload: "reference # `better-session/cookies`",
  "getSessionCookie()": "reference # `better-session/cookies`",
  GateOptions: "reference # Options of the gate",
  CookieOptions: "reference # Options of the verifier",
  OwnCacheOptions: "reference # Options of the gate",
  Routes: "reference # Options of the gate",
  CorsOptions: "reference # Options of the gate",
  ForwardAuthOptions: "reference # Options of the gate",
  SessionGate: "reference # Methods of the gate",
  Authentication: "reference # Members of the visitor and of an authentication",
  Visitor: "reference # Members of the visitor and of an authentication",
  Invalidation: "reference # Methods of the gate",
  OpenIdentityOptions: "reference # Methods of the gate",
  NodeListenerOptions: "reference # Methods of the gate",
  Authenticated: "reference # Reasons",
  ClientOptions: "reference # Options of the client",
  SessionStoreOptions: "reference # Options of the client",
  PluginOptions: "reference # Client",
  ClientPlugin: "reference # Options of the client",
  FetchOptions: "reference # Calls of the client",
  Hooks: "reference # Calls of the client",
  RetryOptions: "reference # Calls of the client",
  FetchPlugin: "reference # Client",
  SessionCalls: "reference # Members of the client",
  CallOptions: "reference # Members of the client",
  RevokeSession: "reference # Members of the client",
  AuthClient: "reference # Members of the client",
  SessionState: "reference # Members of the client",
  AuthError: "reference # Client errors",
  GateEvent: "events # Events of the gate",
  RevocationOptions: "revocation # Options",
  DurableObjectFeedOptions: "revocation # Feeds",
  KVFeedOptions: "revocation # Feeds",
  RedisFeedOptions: "revocation # Feeds",
  RedisFeed: "revocation # Feeds",
  RedisREST: "revocation # Feeds",
  PostgresFeedOptions: "revocation # Feeds",
  PostgresFeed: "revocation # Feeds",
  RevocationFeed: "revocation # Feeds",
  MarkBatch: "revocation # Feeds",
  FeedAnswer: "revocation # Feeds",
  BetterSessionPluginOptions: "revocation # What only the plugin sees",
  SessionPluginOptions: "frameworks/fastify",
};

/** Members that are no names of the package: parameters, and parts of what somebody else declares. */
const ELSEWHERE = {
  FetchOptions: ["username", "password", "prefix", "token", "value"],
  FetchPlugin: ["url", "options"],
};

const { types, values } = declarations();

for (const [name, place] of Object.entries(SECTIONS)) {
  test(`${place} names the members of ${name}`, () => {
    const members = types.get(name);
    assert.ok(members?.length > 0, `${name} is declared`);
    // The pages of frameworks show the options in code.
    const named = namesIn(section(place), place.startsWith("frameworks"));
    const missing = members.filter((member) => !named.has(member) && !ELSEWHERE[name]?.includes(member));
    assert.deepEqual(missing, []);
  });
}

test("every type of options has a section", () => {
  const without = [...types.keys()].filter((name) => /Options$/.test(name) && !(name in SECTIONS));
  assert.deepEqual(without, []);
});

test("every exported function, class and constant is documented", () => {
  const pages = DOCUMENTS.filter((path) => path.startsWith("docs/")).map((path) => path.slice("docs/".length, -".md".length));
  const named = new Set(pages.flatMap((name) => [...namesIn(section(name), true)]));
  const missing = [...values].filter((name) => !named.has(name));
  assert.ok(values.size >= 40, `${values.size}`);
  assert.deepEqual(missing, []);
});

test("every code is documented", () => {
  const named = new Set(REFERENCE.flatMap((name) => [...namesIn(section(name))]));
  const all = codes();
  const missing = [...all].filter(([code]) => !named.has(code));
  assert.ok(all.size >= 100, `${all.size}`);
  assert.deepEqual(missing, []);
});

test("every option of the command line is documented", () => {
  const source = readFileSync(join(root, "pkg/src/cli/main.ts"), "utf8");
  const flags = [...source.matchAll(/"([a-z-]+)": \{ type:/g)].map(([, name]) => `--${name}`);
  const named = namesIn(section("reference # Command line"));
  const missing = flags.filter((flag) => !named.has(flag));
  assert.ok(flags.length >= 3, `${flags}`);
  assert.deepEqual(missing, []);
});

test("the table of reasons has each reason under its status", () => {
  const listed = { stale: [], unauthenticated: [] };
  let status = "";
  for (const line of section("reference # Reasons").split("\n")) {
    const [, named, reason] = line.match(/^\| (?:`(\w+)`)? ?\| `(\w+)` \|/) ?? [];
    status = named ?? status;
    if (reason) listed[status].push(reason);
  }
  assert.deepEqual(listed.stale.sort(), unionOf("StaleReason").sort());
  assert.deepEqual(listed.unauthenticated.sort(), unionOf("UnauthenticatedReason").sort());
});

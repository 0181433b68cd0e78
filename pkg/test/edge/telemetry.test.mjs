// The recipe for OpenTelemetry in docs/events.md runs as it is written there, on the real SDK.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { metrics, trace } from "@opentelemetry/api";
import { AggregationTemporality, InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { createSessionGate } from "better-session/edge";
import { SECRET } from "../../../harness/origin.mjs";
import { blocksOf } from "../docs/blocks.mjs";
import { root } from "../support/pack.mjs";
import { TOKEN, cookieHeader, tokenPair } from "./mint.mjs";

const exported = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const spans = new InMemorySpanExporter();
const reader = new PeriodicExportingMetricReader({ exporter: exported, exportIntervalMillis: 3_600_000 });
const meters = new MeterProvider({ readers: [reader] });
const tracers = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
let folder, record;
before(async () => {
  metrics.setGlobalMeterProvider(meters);
  tracers.register();
  const recipe = blocksOf("docs/events.md").find(({ text }) => text.startsWith("// telemetry.js")).text;
  folder = mkdtempSync(join(root, "pkg/test/edge/telemetry-"));
  writeFileSync(join(folder, "telemetry.mjs"), recipe);
  ({ record } = await import(pathToFileURL(join(folder, "telemetry.mjs")).href));
});
after(async () => {
  if (folder) rmSync(folder, { recursive: true, force: true });
  await Promise.all([meters.shutdown(), tracers.shutdown()]);
});

test("the recipe counts decisions, measures their time, and describes them on the active span", async () => {
  const gate = createSessionGate({
    secret: SECRET,
    session: { cookieCache: { enabled: true } },
    origin: { fetch: () => new Response("host not allowed", { status: 500 }) },
    routes: { public: ["/public/**"] },
    onEvent: record,
  });
  const visit = (path, cookie) =>
    gate.fetch(new Request(`http://app.example${path}`, { headers: cookie ? { cookie } : {} }), undefined, () => new Response("in"));
  await trace.getTracer("test").startActiveSpan("request", async (span) => {
    await visit("/account", cookieHeader());
    await visit("/account", cookieHeader());
    await visit("/account", tokenPair());
    await visit("/public/x");
    span.end();
  });
  await reader.forceFlush();
  const found = Object.fromEntries(
    exported
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics.map((one) => [one.descriptor.name, one]))),
  );
  const counted = found["better_session.decisions"].dataPoints.map(({ value, attributes }) => [value, attributes]);
  assert.deepEqual(counted, [
    [2, { "better_session.kind": "next", "better_session.source": "cookie", "http.response.status_code": 200 }],
    [
      1,
      {
        "better_session.kind": "deny",
        "better_session.reason": "cache_absent",
        "better_session.cause": "origin_error",
        "http.response.status_code": 503,
      },
    ],
    [
      1,
      {
        "better_session.kind": "next",
        "better_session.reason": "no_cookie",
        "http.route": "/public/**",
        "http.response.status_code": 200,
      },
    ],
  ]);
  assert.equal(found["better_session.duration"].descriptor.unit, "ms");
  assert.equal(found["better_session.lookup.duration"].dataPoints.length, 1);
  const [{ events }] = spans.getFinishedSpans();
  assert.deepEqual([...new Set(events.map(({ name }) => name))], ["better_session.decision"]);
  assert.equal(events.length, 4);
  assert.match(events[0].attributes["session.id"], /^[\w-]{22}$/);
  assert.ok(!JSON.stringify(events).includes(TOKEN));
});

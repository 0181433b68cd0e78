// Next.js: middleware and a route on the edge runtime, a route and a page on Node, and the React hook in Chromium.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { chromium as browserType } from "playwright-core";
import { chromium, chromiumFlags } from "../../pkg/test/support/pack.mjs";
import { backend, closeBackend } from "../backend.mjs";
import { run, workspace, write } from "../support.mjs";

export const title = "Next.js";
export const close = closeBackend;

/** Returns the app's files. Every place asks the real server, and verifies the cookie that it is sent. */
const files = (server, secret) => ({
  "lib.js": `export const server = ${JSON.stringify(server)};
export const options = { secret: ${JSON.stringify(secret)}, baseURL: server, session: { cookieCache: { enabled: true } } };
`,
  // The repository around this folder has a configuration of ESLint's that is not the app's.
  "next.config.mjs": "export default { eslint: { ignoreDuringBuilds: true } };\n",
  "middleware.js": `import { NextResponse } from "next/server";
import { createVerifier } from "better-session";
import { getSessionCookie } from "better-session/cookies";
import { createAuthClient } from "better-session/client";
import { options, server } from "./lib.js";
const verifier = createVerifier(options);
export const config = { matcher: "/guarded/:path*" };
export async function middleware(request) {
  const verdict = verifier.verify(request);
  const cookie = request.headers.get("cookie") ?? "";
  const { data, error } = await createAuthClient({ baseURL: server }).getSession({ fetchOptions: { headers: { cookie } } });
  const response = NextResponse.next();
  response.headers.set("x-middleware-verdict", JSON.stringify([verdict.status, data?.user.email ?? null, error, Boolean(getSessionCookie(request))]));
  return response;
}
`,
  ...Object.fromEntries(
    ["edge", "nodejs"].map((runtime) => [
      `app/guarded/${runtime}/route.js`,
      `import { createSessionGate } from "better-session/edge";
import { createAuthClient } from "better-session/client";
import { options, server } from "../../../lib.js";
export const runtime = ${JSON.stringify(runtime)};
export const dynamic = "force-dynamic";
const gate = createSessionGate({ ...options, origin: server });
export async function GET(request) {
  const { verdict, user } = await gate.authenticate(request, { waitUntil() {} });
  const cookie = request.headers.get("cookie") ?? "";
  const { data, error } = await createAuthClient({ baseURL: server }).getSession({ fetchOptions: { headers: { cookie } } });
  return Response.json([verdict.status, user?.email ?? null, data?.user.email ?? null, error]);
}
`,
    ]),
  ),
  "app/layout.js": "export default ({ children }) => <html><body>{children}</body></html>;\n",
  "app/page.js": `import { createVerifier } from "better-session";
import { headers } from "next/headers";
import { options } from "../lib.js";
import { Who } from "./who.js";
export default async function Page() {
  const verdict = createVerifier(options).verify(await headers());
  return <main><p id="server">{verdict.status}</p><Who /></main>;
}
`,
  "app/who.js": `"use client";
import { createAuthClient } from "better-session/react";
import { server } from "../lib.js";
const client = createAuthClient({ baseURL: server });
export function Who() {
  const { data, isPending } = client.useSession();
  return <p id="client">{isPending ? "pending" : (data?.user.email ?? "nobody")}</p>;
}
`,
});

async function check(version) {
  const folder = await workspace(`next-${version}`, { next: version, react: "19.3.1", "react-dom": "19.3.1" });
  const { origin, server, secret } = await backend();
  for (const [name, text] of Object.entries(files(server, secret))) write(folder, name, text);
  const bin = "node_modules/next/dist/bin/next";
  await run(process.execPath, [bin, "build"], { cwd: folder });
  const port = await freePort();
  const next = spawn(process.execPath, [bin, "start", "--port", String(port)], { cwd: folder, detached: true, stdio: "ignore" });
  try {
    const url = `http://127.0.0.1:${port}`;
    for (const deadline = Date.now() + 60_000; !(await fetch(url).catch(() => undefined))?.ok;) {
      if (Date.now() > deadline) throw new Error("next start did not answer");
      await new Promise((turn) => setTimeout(turn, 250));
    }
    const email = `next-${version}-${Date.now()}@example.com`;
    const body = JSON.stringify({ email, password: "correct horse battery", name: "Ada" });
    const headers = { "content-type": "application/json", origin: server };
    const signUp = await fetch(`${server}/api/auth/sign-up/email`, { method: "POST", headers, body });
    const cookie = signUp.headers
      .getSetCookie()
      .map((line) => line.split(";")[0])
      .join("; ");
    for (const runtime of ["edge", "nodejs"]) {
      const signedIn = await fetch(`${url}/guarded/${runtime}`, { headers: { cookie } });
      assert.deepEqual(await signedIn.json(), ["authenticated", email, email, null], runtime);
      assert.deepEqual(JSON.parse(signedIn.headers.get("x-middleware-verdict")), ["authenticated", email, null, true], runtime);
      const nobody = await fetch(`${url}/guarded/${runtime}`);
      assert.deepEqual(await nobody.json(), ["unauthenticated", null, null, null], runtime);
    }
    assert.match(await (await fetch(url, { headers: { cookie } })).text(), /id="server">authenticated</);
    assert.equal(await inChromium(url, origin), "nobody");
  } finally {
    process.kill(-next.pid, "SIGTERM");
  }
}

async function inChromium(url) {
  const browser = await browserType.launch({ executablePath: chromium, args: chromiumFlags });
  try {
    const page = await browser.newPage();
    await page.goto(url);
    for (const deadline = Date.now() + 20_000; Date.now() < deadline; await new Promise((turn) => setTimeout(turn, 100))) {
      const text = await page.textContent("#client");
      if (text !== "pending") return text;
    }
    return "pending";
  } finally {
    await browser.close();
  }
}

const freePort = () =>
  new Promise((done) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });

const WHAT = "middleware and route on the edge runtime, route and page in Node, hook in Chromium";
export const cases = ["15.5.29", "16.4.6"].map((version) => [`Next.js ${version}`, WHAT, () => check(version)]);

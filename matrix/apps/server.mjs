// The whole package in one program, for Node, Deno, Bun and Workers: prints its results as one line of JSON.
import * as lib from "better-session";
import * as cookies from "better-session/cookies";
import { createAuthClient } from "better-session/client";
import { createAuthClient as createWithHook } from "better-session/react";
import { createSessionGate } from "better-session/edge";
import { explain } from "better-session/explain";
import { device } from "./device.mjs";
import { faultCases } from "./fault-cases.mjs";
import { scenario } from "./scenario.mjs";
import { equal, runAll } from "./suite/kit.mjs";
import { runSuite } from "./suite/index.mjs";

/** Returns the results of all cases. `secret` is the server's. */
export async function check({ server, faults, secret }) {
  const own = { url: server };
  const bare = { customFetchImpl: (url, init) => device(own).fetch(url, init) };
  const devices = scenario({ createAuthClient, baseURL: server, cookies: () => ({ customFetchImpl: device(own).fetch }), bare });
  const wrong = faultCases({ createAuthClient, faults, nowhere: "http://127.0.0.1:1", page: false });
  const more = [
    ["the gate", () => gate({ server, secret })],
    ["the hook's client", async () => equal(await createWithHook({ baseURL: server }).getSession(), { data: null, error: null })],
    ["explain", async () => equal(explain("", { secret, session: { cookieCache: { enabled: true } } }).verdict.reason, "no_cookie")],
  ];
  return [...(await runSuite(lib, cookies)), ...(await runAll(devices)), ...(await runAll(wrong)), ...(await runAll(more))];
}

async function gate({ server, secret }) {
  const guard = createSessionGate({
    secret,
    baseURL: server,
    origin: server,
    session: { cookieCache: { enabled: true } },
    answerGetSession: true,
  });
  const { jar, fetch } = device({ url: server });
  const body = JSON.stringify({ email: `gate-${Date.now()}@example.com`, password: "correct horse battery", name: "Ada" });
  await fetch(`${server}/api/auth/sign-up/email`, { method: "POST", headers: { "content-type": "application/json" }, body });
  const context = { waitUntil() {} };
  const ask = (cookie) =>
    guard.fetch(new Request(`${server}/`, { headers: { cookie } }), context, (_, { user }) => new Response(user.name));
  const whole = await ask(jar.header());
  equal([whole.status, await whole.text()], [200, "Ada"]);
  const renewed = await ask(jar.header().replace(/[^ ;]*session_data[^;]*(; )?/g, ""));
  equal(
    [renewed.status, await renewed.text(), renewed.headers.getSetCookie().some((line) => /session_data/.test(line))],
    [200, "Ada", true],
  );
  equal((await ask("")).status, 401);
}

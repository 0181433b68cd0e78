// The client's scenario and faults in Hermes.
import "./environment.mjs";
import { createAuthClient } from "better-session/client";
import { faultCases } from "../fault-cases.mjs";
import { scenario } from "../scenario.mjs";
import { runAll } from "../suite/run-all.mjs";

// The cases use it; whatwg-fetch has none.
Response.json ??= (value, init) => new Response(JSON.stringify(value), { headers: { "content-type": "application/json" }, ...init });

// There is no AbortSignal.timeout, no reason of an abort, and no Blob outside of React Native; this Hermes reads a thirteenth month. An
// app is no page: nothing applies CORS to it.
const missing = /AbortSignal\.timeout|abort: before|text, and bytes|dates are revived|CORS/;

globalThis.main = async ({ server, faults }) => {
  const wrong = faultCases({ createAuthClient, faults, nowhere: "http://127.0.0.1:1", page: true });
  const results = await runAll([
    ...scenario({ createAuthClient, baseURL: server, cookies: () => ({}), bare: { credentials: "omit" } }),
    ...wrong.filter(([name]) => !missing.test(name)),
    ["Hermes has no WebAssembly", async () => typeof WebAssembly === "undefined" || Promise.reject(new Error("it has"))],
  ]);
  globalThis.toHost({ results });
};

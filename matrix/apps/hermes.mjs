// The client's scenario and faults in Hermes. Network, cookies and timers are the host's, as in React Native; fetch, AbortController
// and URL are the packages that React Native and Expo use.
import "./hermes-host.mjs";
import "whatwg-fetch";
import { AbortController, AbortSignal } from "abort-controller";
import { URL, URLSearchParams } from "whatwg-url-without-unicode";
import { createAuthClient } from "better-session/client";
import { faultCases } from "./fault-cases.mjs";
import { scenario } from "./scenario.mjs";
import { runAll } from "./suite/run-all.mjs";

Object.assign(globalThis, { AbortController, AbortSignal, URL, URLSearchParams });

// The cases use it; whatwg-fetch has none.
Response.json ??= (value, init) => new Response(JSON.stringify(value), { headers: { "content-type": "application/json" }, ...init });

// There is no AbortSignal.timeout, no reason of an abort, and no Blob outside of React Native; this Hermes reads a thirteenth month.
const missing = /AbortSignal\.timeout|abort: before|text, and bytes|dates are revived/;

globalThis.main = async ({ server, faults }) => {
  const wrong = faultCases({ createAuthClient, faults, nowhere: "http://127.0.0.1:1", page: true });
  const results = await runAll([
    ...scenario({ createAuthClient, baseURL: server, cookies: () => ({}), bare: { credentials: "omit" } }),
    ...wrong.filter(([name]) => !missing.test(name)),
    ["Hermes has no WebAssembly", async () => typeof WebAssembly === "undefined" || Promise.reject(new Error("it has"))],
  ]);
  globalThis.toHost({ results });
};

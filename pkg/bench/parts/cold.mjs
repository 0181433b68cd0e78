// From the start of a fresh isolate to its first verdict, in one workerd: a Worker loads each program under a new name, and its
// modules have new bytes each time, so that nothing compiled before is used again.
import { join } from "node:path";
import { bundleForWorkerd } from "../lib/bundle.mjs";
import { row } from "../lib/report.mjs";
import { quantile } from "../lib/rounds.mjs";
import { post, startWorkerd } from "../lib/workerd.mjs";
import { sample } from "../sample.mjs";
import { inNode } from "./verify.mjs";

const STARTS = 100;

export async function measureCold() {
  const { today } = await inNode();
  const { secret, header } = sample(today.createVerifier, "compact");
  const programs = Object.fromEntries(
    await Promise.all(
      Object.entries(sources(secret)).map(async ([name, contents]) => [
        name,
        (await bundleForWorkerd({ contents, resolveDir: import.meta.dirname })).map(({ path, contents }) => ({
          path,
          contents: Buffer.from(contents).toString("base64"),
        })),
      ]),
    ),
  );
  const { urls, close } = await startWorkerd({
    loader: {
      entry: join(import.meta.dirname, "../workers/loader.mjs"),
      compatibilityFlags: ["experimental"],
      workerLoaders: { LOADER: {} },
    },
  });
  const times = Object.fromEntries(Object.keys(programs).map((name) => [name, []]));
  try {
    await post(urls.loader, { programs });
    for (let start = -5; start < STARTS; start++) {
      for (const name of Object.keys(programs)) {
        const began = performance.now();
        await post(urls.loader, { name, cookie: header });
        if (start >= 0) times[name].push(performance.now() - began);
      }
    }
  } finally {
    await close();
  }
  report(times);
}

/** Programs that respond with "yes" if they accept the cookie. */
function sources(secret) {
  const options = JSON.stringify({ secret, session: { cookieCache: { enabled: true } } });
  const gateOptions = JSON.stringify({
    ...JSON.parse(options),
    baseURL: "http://app.example",
    origin: "http://app.example",
    hiddenFields: {},
  });
  const verifier = (build) =>
    `import { createVerifier } from "${build}/index"; const verifier = createVerifier(${options});
     export default { fetch: (request) => new Response(verifier.verify(request).status === "authenticated" ? "yes" : "no") };`;
  const gate = (build) =>
    `import { createSessionGate } from "${build}/edge"; const gate = createSessionGate(${gateOptions});
     export default { fetch: async (request, env, ctx) => {
       const response = await gate.fetch(request, ctx);
       return new Response(response.status === 200 && (await response.text()).includes('"user":{') ? "yes" : "no"); } };`;
  return {
    nothing: `export default { fetch: () => new Response("yes") };`,
    betterAuth: `import { getCookieCache } from "better-auth/cookies";
     export default { fetch: async (request) =>
       new Response((await getCookieCache(request, { secret: ${JSON.stringify(secret)}, isSecure: false })) ? "yes" : "no") };`,
    "better-session": verifier("today"),
    "better-session/edge": gate("today"),
    "better-session, 0.1.0": verifier("v010"),
    "better-session/edge, 0.1.0": gate("v010"),
  };
}

/** The time of an isolate that does nothing is the cost of the measurement, and no program's: it is subtracted in the ratios. */
function report(times) {
  const millis = (time) => `${time.toFixed(1)} ms`;
  const show = (values) => `p50 ${millis(quantile(values, 0.5))}, p90 ${millis(quantile(values, 0.9))}`;
  row({ what: "cold start of an isolate that does nothing", where: "workerd", value: show(times.nothing) });
  const wanted = { "better-session": "≤ 0.7", "better-session/edge": "≤ 1" };
  for (const [name, values] of Object.entries(times)) {
    if (name === "nothing" || name === "betterAuth") continue;
    for (const [label, share] of Object.entries({ p50: 0.5, p90: 0.9 })) {
      const own = (values) => quantile(values, share) - quantile(times.nothing, share);
      row({
        what: `cold start to the first verdict, ${label}, ${name}`,
        where: "workerd",
        value: millis(own(values)),
        beside: `better-auth's getCookieCache ${millis(own(times.betterAuth))}`,
        ratio: own(values) / own(times.betterAuth),
        wanted: wanted[name] ?? "",
      });
    }
  }
}

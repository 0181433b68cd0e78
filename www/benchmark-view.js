// The benchmark panel: runs the benchmark with the laptop's cookie, draws the times and keeps a table row for each format.

import { announce, explain, h, whileBusy } from "./dom.js";
import { ensureSignedIn } from "./ensure-signed-in.js";
import { benchmark, TIMES } from "./benchmark.js";
import { createHistogram, median, micros } from "./histogram.js";

const ROWS = [
  { id: "ours", title: "better-session", subtitle: "verify(headers): WebAssembly, synchronous" },
  { id: "theirs", title: "better-auth/cookies", subtitle: "getCookieCache(headers): JavaScript and WebCrypto, asynchronous" },
];

export function createBenchmarkView(demo, config) {
  const histogram = createHistogram(ROWS);
  const bar = h("progress", { max: TIMES, value: 0, "aria-label": "Verdicts by each library" });
  const hint = h("p.hint", {}, "");
  const run = h("button.primary", { type: "button", onclick: () => whileBusy(run, runBenchmark) }, "Verify 1,000 times");
  const results = new Map();
  const table = h("tbody", {});
  document.getElementById("benchmark").append(
    h("div.toolbar", {}, run, bar, hint),
    histogram.element,
    h(
      "div.results",
      {},
      h(
        "table",
        {},
        h("caption.visually-hidden", {}, "Times by cookie format"),
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            ["Format", "better-session", "better-auth/cookies", "Ratio"].map((text) => h("th", { scope: "col" }, text)),
          ),
        ),
        table,
      ),
    ),
  );
  histogram.show(null);
  draw();
  showHint();
  demo.addEventListener("strategy", showHint);

  function showHint() {
    hint.textContent = `Uses the laptop’s ${demo.strategy} cookie. The first run loads Better Auth’s helper.`;
  }

  async function runBenchmark() {
    const { strategy } = demo;
    const started = performance.now();
    const loading = setTimeout(() => {
      hint.textContent = "Signing in and loading Better Auth’s helper …";
    }, 300);
    try {
      const error = await ensureSignedIn(demo.laptop);
      if (error) throw new Error(explain(error));
      await demo.laptop.device.renew();
      const { body, allowed } = await demo.laptop.device.cookie();
      if (!allowed) throw new Error("The Worker cannot be reached.");
      const times = await benchmark(body.cookie, config.secret, strategy, (done) => {
        clearTimeout(loading);
        bar.value = done;
        if (done < TIMES) hint.textContent = `${done} of ${TIMES.toLocaleString("en")} verdicts each …`;
      });
      results.set(strategy, { ours: median(times.ours), theirs: median(times.theirs) });
      histogram.show(times);
      draw();
      hint.textContent = `${strategy}: ${ratio(results.get(strategy))} as fast, in this browser, in ${((performance.now() - started) / 1000).toFixed(1)} s. Choose another format at the top and run it again.`;
      announce(hint.textContent);
    } catch (error) {
      hint.textContent = `${/import|fetch|module/i.test(error.message) ? "Better Auth’s helper could not be loaded." : error.message} Run it again.`;
    } finally {
      clearTimeout(loading);
      bar.value = 0;
    }
  }

  function draw() {
    table.replaceChildren(
      ...config.strategies.map((strategy) => {
        const result = results.get(strategy);
        const cells = result ? [micros(result.ours), micros(result.theirs), ratio(result)] : ["–", "–", "–"];
        return h(
          "tr",
          {},
          h("th", { scope: "row" }, h("code", {}, strategy)),
          cells.map((text) => h("td", {}, text)),
        );
      }),
    );
  }
}

function ratio({ ours, theirs }) {
  return `${(theirs / ours).toFixed(theirs / ours < 10 ? 1 : 0)} ×`;
}

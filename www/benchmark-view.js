// The panel of the benchmark: runs it with a device's own cookie, draws the times, keeps a row for each format.

import { announce, explain, h, whileBusy } from "./dom.js";
import { ensureSignedIn } from "./ensure-signed-in.js";
import { benchmark, TIMES } from "./benchmark.js";
import { createHistogram, median, micros } from "./histogram.js";

const ROWS = [
  { id: "ours", title: "better-session", subtitle: "verify(headers): WebAssembly, synchronous" },
  { id: "theirs", title: "better-auth/cookies", subtitle: "getCookieCache(headers): JavaScript and WebCrypto, asynchronous" },
];

export function createRaceView(stage, facts) {
  const histogram = createHistogram(ROWS);
  const bar = h("progress", { max: TIMES, value: 0, "aria-label": "Verdicts given by each" });
  const hint = h("p.hint", {}, "");
  const run = h("button.primary", { type: "button", onclick: () => whileBusy(run, go) }, "Verify 1,000 times");
  const results = new Map();
  const table = h("tbody", {});
  document.getElementById("benchmark").append(
    h("div.toolbar", {}, run, bar, hint),
    histogram.element,
    h("div.results", {}, h("table", {},
      h("caption.unseen", {}, "Times by cookie format"),
      h("thead", {}, h("tr", {}, ["Format", "better-session", "better-auth/cookies", "Ratio"].map((text) => h("th", { scope: "col" }, text)))), table)));
  histogram.show(null);
  draw();
  say();
  stage.addEventListener("strategy", say);

  function say() {
    hint.textContent = `With the laptop’s ${stage.strategy} cookie. The first run loads Better Auth’s helper.`;
  }

  async function go() {
    const { strategy } = stage;
    const began = performance.now();
    const loading = setTimeout(() => { hint.textContent = "Getting ready: signing in, loading Better Auth’s helper …"; }, 300);
    try {
      const problem = await ensureSignedIn(stage.laptop);
      if (problem) throw new Error(explain(problem));
      await stage.laptop.device.renew();
      const { body, letIn } = await stage.laptop.device.cookie();
      if (!letIn) throw new Error("The Worker cannot be reached.");
      const times = await benchmark(body.cookie, facts.secret, strategy, (done) => {
        clearTimeout(loading);
        bar.value = done;
        if (done < TIMES) hint.textContent = `${done} of ${TIMES.toLocaleString("en")} each …`;
      });
      results.set(strategy, { ours: median(times.ours), theirs: median(times.theirs) });
      histogram.show(times);
      draw();
      hint.textContent = `${strategy}: ${ratio(results.get(strategy))} as fast, in this browser, in ${((performance.now() - began) / 1000).toFixed(1)} s. Choose another format at the top and run it again.`;
      announce(hint.textContent);
    } catch (error) {
      hint.textContent = `${/import|fetch|module/i.test(error.message) ? "Better Auth’s helper could not be loaded." : error.message} Run it again.`;
    } finally {
      clearTimeout(loading);
      bar.value = 0;
    }
  }

  function draw() {
    table.replaceChildren(...facts.strategies.map((strategy) => {
      const found = results.get(strategy);
      const cells = found ? [micros(found.ours), micros(found.theirs), ratio(found)] : ["–", "–", "–"];
      return h("tr", {}, h("th", { scope: "row" }, h("code", {}, strategy)), cells.map((text) => h("td", {}, text)));
    }));
  }
}

function ratio({ ours, theirs }) {
  return `${(theirs / ours).toFixed(theirs / ours < 10 ? 1 : 0)} ×`;
}

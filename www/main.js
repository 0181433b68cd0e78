// Sets up the page: two devices, one cookie format at a time, four panels.

import { createCookieView } from "./cookie-view.js";
import { createDevice } from "./device.js";
import { createDeviceView } from "./device-view.js";
import { showSnippets } from "./code-snippet.js";
import { createExperimentView } from "./experiment-view.js";
import { createBenchmarkView } from "./benchmark-view.js";

const DEFAULTS = { strategies: ["compact", "jwt", "jwe"], cacheSeconds: 30, secret: "" };

/** Shared state of the panels. Events: "sessions" (one began or ended), "devices" (a user signed in or out), "strategy". */
const demo = new EventTarget();
demo.laptop = createDeviceView("laptop", demo);
demo.phone = createDeviceView("phone", demo);

/** Switches the cookie format, as a change of the server's configuration would: the cookies stay, the gate rejects their format and renews them. */
function use(strategy) {
  demo.strategy = strategy;
  demo.laptop.use(createDevice("laptop", strategy));
  demo.phone.use(createDevice("phone", strategy));
  demo.dispatchEvent(new CustomEvent("strategy", { detail: strategy }));
}

const strategyChoice = document.getElementById("strategy");
strategyChoice.addEventListener("change", ({ target }) => use(target.value));
use(strategyChoice.querySelector(":checked").value);

const offline = document.getElementById("offline");
const showConnection = () => {
  offline.hidden = navigator.onLine;
};
addEventListener("online", showConnection);
addEventListener("offline", showConnection);
showConnection();

const config = await loadConfig();
createExperimentView(demo, config);
createCookieView(demo, config);
createBenchmarkView(demo, config);
showSnippets();

/** Loads the demo's settings and shows them in the page. */
async function loadConfig() {
  try {
    const config = await (await fetch("/demo.json")).json();
    document.getElementById("window-seconds").textContent = config.cacheSeconds;
    document.getElementById("version").textContent = ` ${config.betterAuth}`;
    return config;
  } catch {
    return DEFAULTS;
  }
}

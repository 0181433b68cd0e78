// Puts the page together: two devices, one cookie format at a time, four panels.

import { createCookieView } from "./cookie-view.js";
import { createDevice } from "./device.js";
import { createDeviceView } from "./device-view.js";
import { showSnippets } from "./code-snippet.js";
import { createExperimentView } from "./experiment-view.js";
import { createRaceView } from "./benchmark-view.js";

const DEFAULTS = { strategies: ["compact", "jwt", "jwe"], cacheSeconds: 30, secret: "" };

/** What the panels share. Events: "sessions" (one began or ended), "devices" (somebody came or went), "strategy". */
const stage = new EventTarget();
stage.laptop = createDeviceView("laptop", stage);
stage.phone = createDeviceView("phone", stage);

/** A change of format is a change of the server's configuration: the cookies stay, the gate finds them stale and has them renewed. */
function use(strategy) {
  stage.strategy = strategy;
  stage.laptop.use(createDevice("laptop", strategy));
  stage.phone.use(createDevice("phone", strategy));
  stage.dispatchEvent(new CustomEvent("strategy", { detail: strategy }));
}

const choice = document.getElementById("strategy");
choice.addEventListener("change", ({ target }) => use(target.value));
use(choice.querySelector(":checked").value);

const offline = document.getElementById("offline");
const connection = () => { offline.hidden = navigator.onLine; };
addEventListener("online", connection);
addEventListener("offline", connection);
connection();

const facts = await describeDemo();
createExperimentView(stage, facts);
createCookieView(stage, facts);
createRaceView(stage, facts);
showSnippets();

/** What runs behind the page. */
async function describeDemo() {
  try {
    const facts = await (await fetch("/demo.json")).json();
    document.getElementById("window-seconds").textContent = facts.cacheSeconds;
    document.getElementById("version").textContent = ` ${facts.betterAuth}`;
    return facts;
  } catch {
    return DEFAULTS;
  }
}

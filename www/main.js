// Puts the page together: two devices, one cookie format at a time, four panels.

import { createDevice } from "./device.js";
import { createDeviceView } from "./device-view.js";
import { showExcerpts } from "./excerpt.js";

const page = new EventTarget();
const laptop = createDeviceView("laptop", page);
const phone = createDeviceView("phone", page);

/** A change of format is a change of the server's configuration: the cookies stay, the gate finds them stale and has them renewed. */
function use(strategy) {
  laptop.use(createDevice("laptop", strategy));
  phone.use(createDevice("phone", strategy));
  page.dispatchEvent(new CustomEvent("strategy", { detail: strategy }));
}

const choice = document.getElementById("strategy");
choice.addEventListener("change", ({ target }) => use(target.value));
use(choice.querySelector(":checked").value);

const offline = document.getElementById("offline");
const connection = () => { offline.hidden = navigator.onLine; };
addEventListener("online", connection);
addEventListener("offline", connection);
connection();

showExcerpts();

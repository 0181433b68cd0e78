// Describes a `User-Agent` header, with bowser.

import Bowser from "/libraries/bowser.js";

/** Returns a title and the kind of device: `{ title: "Safari 18 on iOS", kind: "phone" }`. */
export function describeAgent(userAgent) {
  if (!userAgent) return { title: "Unknown device", kind: "laptop" };
  const { browser, os, platform } = Bowser.parse(userAgent);
  const name = [browser.name, browser.version?.split(".")[0]].filter(Boolean).join(" ");
  const title = [name || "Unknown browser", os.name && `on ${os.name}`].filter(Boolean).join(" ");
  return { title, kind: platform.type === "mobile" || platform.type === "tablet" ? "phone" : "laptop" };
}

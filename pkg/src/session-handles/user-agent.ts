/** Describes the device of a session by its user agent. Bundled with the library that parses it. */
import Bowser from "bowser";
import type { Browser, Device } from "./types.js";

/** Longest part of a user agent that is parsed. */
const MAX_LENGTH = 512;

const TYPES = ["desktop", "mobile", "tablet", "tv", "bot"] as const;

/** Returns device and browser, each null if the user agent does not show it. */
export function describe(userAgent: unknown): { device: Device | null; browser: Browser | null } {
  if (typeof userAgent !== "string" || userAgent === "") return { device: null, browser: null };
  const { platform, os, browser } = Bowser.parse(userAgent.slice(0, MAX_LENGTH));
  const type = TYPES.find((type) => type === platform.type) ?? null;
  const device = { type, vendor: platform.vendor ?? null, model: platform.model ?? null, os: os.name ?? null };
  const known = Object.values(device).some((value) => value !== null);
  return { device: known ? device : null, browser: browser.name ? { name: browser.name, version: browser.version ?? null } : null };
}

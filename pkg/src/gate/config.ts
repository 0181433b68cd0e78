/** The options for gate.wasm: those of the verifier, and the attributes of cookies that the gate mints. */
import { coreConfig, eachCookie, section } from "../config.js";
import { BetterSessionError } from "../error.js";
import type { CookieAttributes, VerifierOptions } from "../types.js";
import type { GateOptions } from "./types.js";

/** Returns the members that the server's plugins hide, if the options are the server's own and contain its plugins. */
export function pluginFields(options: VerifierOptions): { session: string[]; user: string[] } {
  const list = pluginsOf(options);
  const hidden = (model: "session" | "user") =>
    list.flatMap((plugin) =>
      Object.entries(plugin?.schema?.[model]?.fields ?? {}).flatMap(([name, field]) => (field?.returned === false ? [name] : [])),
    );
  return { session: hidden("session"), user: hidden("user") };
}

/** Returns whether the server's options contain the jwt plugin, which adds a header to the response to `get-session`. */
export function addsJwt(options: GateOptions): boolean {
  return pluginsOf(options).some((plugin) => plugin?.id === "jwt" && !plugin.options?.disableSettingJwtHeader);
}

/** Returns whether the server's options contain the bearer plugin, which adds a header to a response with a new session token. */
export function addsToken(options: GateOptions): boolean {
  return pluginsOf(options).some((plugin) => plugin?.id === "bearer");
}

/**
 * Returns the options with `jwks` if the server's own options contain its jwt plugin with `sessionCookieCache`. A path in it is
 * relative to `basePath`.
 */
export function withKeySet(options: GateOptions): GateOptions {
  const plugin = pluginsOf(options).find((plugin) => plugin?.id === "jwt" && plugin.options?.sessionCookieCache);
  if (!plugin || options.jwks !== undefined) return options;
  const { remoteUrl, jwksPath = "/jwks" } = plugin.options?.jwks ?? {};
  return { ...options, jwks: remoteUrl ?? jwksPath };
}

/** Returns whether the gate may answer `get-session`: not if a plugin reshapes it with a function that the gate does not have. */
export function answersGetSession({ answerGetSession, customSession, ...options }: GateOptions): boolean {
  return answerGetSession !== false && (Boolean(customSession) || !pluginsOf(options).some((plugin) => plugin?.id === "custom-session"));
}

function pluginsOf(options: object): PluginLike[] {
  const { plugins } = options as { plugins?: unknown };
  return Array.isArray(plugins) ? plugins : [];
}

interface PluginLike {
  id?: string;
  options?: { disableSettingJwtHeader?: boolean; sessionCookieCache?: boolean; jwks?: { remoteUrl?: string; jwksPath?: string } };
  schema?: Partial<Record<"session" | "user", { fields?: Record<string, { returned?: boolean } | undefined> }>>;
}

const ROUTES = ["public", "optional", "fresh", "authoritative", "when", "signInURL"];

/** Throws OPTION_INVALID unless `routes` is an object of the known members: a rule under a misspelt name would not be applied. */
export function assertRoutes({ routes }: GateOptions): void {
  if (routes == null) return;
  if (typeof routes !== "object" || Symbol.iterator in routes) throw new BetterSessionError("OPTION_INVALID", "routes must be an object");
  for (const name of Object.keys(routes)) {
    if (ROUTES.includes(name)) continue;
    throw new BetterSessionError("OPTION_INVALID", `routes.${name} is not an option: the members of routes are ${ROUTES.join(", ")}`);
  }
}

/** Returns the options as JSON. */
export function gateConfig(options: VerifierOptions): string {
  const { cookies, crossSubDomainCookies, defaultCookieAttributes } = options?.advanced ?? {};
  return coreConfig(options, {
    cookies: eachCookie(cookies, ({ name, attributes }) => ({ name, attributes: cookieAttributes(attributes) })),
    crossSubDomainCookies: section(crossSubDomainCookies, ({ enabled, domain }) => ({ enabled, domain })),
    defaultCookieAttributes: cookieAttributes(defaultCookieAttributes),
  });
}

function cookieAttributes(attributes: CookieAttributes | undefined) {
  return section(attributes, ({ domain, path, sameSite, httpOnly, secure, partitioned, maxAge }) => ({
    domain,
    path,
    sameSite,
    httpOnly,
    secure,
    partitioned,
    maxAge,
  }));
}

/** The options for gate.wasm: those of the verifier, and the attributes of cookies that the gate mints. */
import { coreConfig, eachCookie } from "../config.js";
import type { CookieAttributes, VerifierOptions } from "../types.js";

/** Returns the members that the server's plugins hide, if the options are the server's own and contain its plugins. */
export function pluginFields(options: VerifierOptions): { session: string[]; user: string[] } {
  const { plugins } = options as { plugins?: unknown };
  const list: PluginLike[] = Array.isArray(plugins) ? plugins : [];
  const hidden = (model: "session" | "user") =>
    list.flatMap((plugin) =>
      Object.entries(plugin?.schema?.[model]?.fields ?? {}).flatMap(([name, field]) => (field?.returned === false ? [name] : [])),
    );
  return { session: hidden("session"), user: hidden("user") };
}

interface PluginLike {
  schema?: Partial<Record<"session" | "user", { fields?: Record<string, { returned?: boolean } | undefined> }>>;
}

/** Returns the options as JSON. */
export function gateConfig(options: VerifierOptions): string {
  const { cookies, crossSubDomainCookies, defaultCookieAttributes } = options?.advanced ?? {};
  const { enabled, domain } = crossSubDomainCookies ?? {};
  return coreConfig(options, {
    cookies: eachCookie(cookies, ({ name, attributes }) => ({ name, attributes: cookieAttributes(attributes) })),
    crossSubDomainCookies: { enabled, domain },
    defaultCookieAttributes: cookieAttributes(defaultCookieAttributes),
  });
}

function cookieAttributes(attributes: CookieAttributes | undefined) {
  const { domain, path, sameSite, httpOnly, secure, partitioned } = attributes ?? {};
  return { domain, path, sameSite, httpOnly, secure, partitioned };
}

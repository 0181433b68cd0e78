/** What the gate's core is told besides: the attributes of cookies that are minted at the edge. */
import { coreConfig, eachCookie } from "../config.js";
import type { CookieAttributes, VerifierOptions } from "../types.js";

export function gateConfig(options: VerifierOptions): string {
  const { cookies, crossSubDomainCookies, defaultCookieAttributes } = options?.advanced ?? {};
  const { enabled, domain } = crossSubDomainCookies ?? {};
  return coreConfig(options, {
    cookies: eachCookie(cookies, ({ name, attributes }) => ({ name, attributes: known(attributes) })),
    crossSubDomainCookies: { enabled, domain },
    defaultCookieAttributes: known(defaultCookieAttributes),
  });
}

function known(attributes: CookieAttributes | undefined) {
  const { domain, path, sameSite, httpOnly, secure, partitioned } = attributes ?? {};
  return { domain, path, sameSite, httpOnly, secure, partitioned };
}

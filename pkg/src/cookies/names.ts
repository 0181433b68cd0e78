/** Parses the `Cookie` header as Better Auth does. */

export const SECURE_COOKIE_PREFIX = "__Secure-";
export const HOST_COOKIE_PREFIX = "__Host-";

/** A token of RFC 7230 §3.2.6. */
export const cookieNameRegex = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** The cookie octets of RFC 6265 §4.1.1, plus space and comma, which browsers send. */
const cookieValue = /^[\x20\x21\x23-\x3A\x3C-\x5B\x5D-\x7E]*$/;

/** Returns a cookie's name without `__Secure-` or `__Host-`. */
export function stripSecureCookiePrefix(cookieName: string): string {
  for (const prefix of [SECURE_COOKIE_PREFIX, HOST_COOKIE_PREFIX]) {
    if (cookieName.startsWith(prefix)) return cookieName.slice(prefix.length);
  }
  return cookieName;
}

/** Returns names and percent-decoded values. Malformed cookies are omitted; of two equal names the last wins. */
export function parseCookies(cookie: string): Map<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of cookie.split(";")) {
    const equals = pair.indexOf("=");
    if (equals < 0) continue;
    const name = trimBlanks(pair.slice(0, equals));
    const value = unquote(trimBlanks(pair.slice(equals + 1)));
    if (cookieNameRegex.test(name) && cookieValue.test(value)) cookies.set(name, percentDecode(value));
  }
  return cookies;
}

/** Removes one pair of surrounding double quotes. */
export function unquote(value: string): string {
  const quoted = value.length > 1 && value[0] === '"' && value[value.length - 1] === '"';
  return quoted ? value.slice(1, -1) : value;
}

/** Decodes percent-encoding. A value with an invalid escape stays unchanged. */
export function percentDecode(value: string): string {
  if (!value.includes("%")) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** Removes surrounding spaces and tabs (RFC 7230 §3.2.3). Other white space makes a name or value invalid. */
function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

const isBlank = (code: number) => code === 0x20 || code === 0x09;

/** Parses `Set-Cookie` headers, single or joined with commas. */
import { percentDecode, unquote } from "./names.js";

export interface CookieAttributes {
  value: string;
  "max-age"?: number | undefined;
  expires?: Date | undefined;
  domain?: string | undefined;
  path?: string | undefined;
  secure?: boolean | undefined;
  httponly?: boolean | undefined;
  partitioned?: boolean | undefined;
  samesite?: ("strict" | "lax" | "none") | undefined;
  [key: string]: string | number | boolean | Date | undefined;
}

/**
 * Splits a joined header into cookies. A comma separates two only if `name=` follows before any `;` or `,`, so the comma of an
 * `Expires` date does not.
 */
export function splitSetCookieHeader(setCookie: string): string[] {
  if (!setCookie) return [];
  const lines: string[] = [];
  const boundary = /,[^=;,]*=/y;
  let start = 0;
  for (let comma = setCookie.indexOf(","); comma >= 0;) {
    boundary.lastIndex = comma++;
    if (boundary.test(setCookie)) {
      lines.push(setCookie.slice(start, comma - 1));
      start = comma;
    }
    comma = setCookie.indexOf(",", comma);
  }
  lines.push(setCookie.slice(start));
  return lines.map((line) => line.trim()).filter(Boolean);
}

/** Returns the cookies' values and attributes by name; of two equal names the last wins. */
export function parseSetCookieHeader(setCookie: string): Map<string, CookieAttributes> {
  const cookies = new Map<string, CookieAttributes>();
  for (const line of splitSetCookieHeader(setCookie)) {
    const [pair = "", ...attributes] = line.split(";").map((part) => part.trim());
    const [name, value = ""] = splitPair(pair);
    if (!name) continue;
    const cookie: CookieAttributes = { value: percentDecode(unquote(value)) };
    for (const attribute of attributes) setAttribute(cookie, attribute);
    cookies.set(name, cookie);
  }
  return cookies;
}

/** Returns the attributes under the names that cookie libraries use. */
export function toCookieOptions(attributes: CookieAttributes) {
  return {
    maxAge: attributes["max-age"],
    expires: attributes.expires,
    domain: attributes.domain,
    path: attributes.path,
    secure: attributes.secure,
    httpOnly: attributes.httponly,
    sameSite: attributes.samesite,
    partitioned: attributes.partitioned,
  };
}

function setAttribute(cookie: CookieAttributes, attribute: string): void {
  const [rawName, rawValue] = splitPair(attribute);
  const name = rawName.trim().toLowerCase();
  const value = rawValue ? rawValue.trim() : undefined;
  switch (name) {
    case "max-age":
      cookie[name] = value === undefined ? undefined : Number.parseInt(value, 10);
      break;
    case "expires":
      cookie[name] = value === undefined ? undefined : new Date(value);
      break;
    case "domain":
    case "path":
      cookie[name] = value;
      break;
    case "samesite":
      cookie[name] = value?.toLowerCase() as CookieAttributes["samesite"];
      break;
    case "secure":
    case "httponly":
    case "partitioned":
      cookie[name] = true;
      break;
    default:
      cookie[name] = value ?? true;
  }
}

function splitPair(pair: string): [name: string, value: string | undefined] {
  const equals = pair.indexOf("=");
  return equals < 0 ? [pair, undefined] : [pair.slice(0, equals), pair.slice(equals + 1)];
}

/** Validation of the host that a visitor sends, before it becomes part of a URL. */

const HOST = String.raw`(?:[a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?`;
const WHOLE = new RegExp(`^${HOST}$`, "i");
const AUTHORITY = new RegExp(String.raw`^[a-z][a-z0-9+.-]*://${HOST}(?:[/?#]|$)`, "i");

/** Returns whether text is a host with an optional port (RFC 9110 §7.2). */
export function isHost(text: string): boolean {
  return WHOLE.test(text);
}

/** Returns whether the hosts of the URL and of the `Host` header, if there is one, are valid. */
export function hasPlainHost({ url, headers }: Request): boolean {
  const host = headers.get("host");
  return AUTHORITY.test(url) && (host === null || isHost(host));
}

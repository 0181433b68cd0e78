/** The host that a visitor names: part of a URL, so it is checked before one is made of it. */

const HOST = String.raw`(?:[a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?`;
const WHOLE = new RegExp(`^${HOST}$`, "i");
const AUTHORITY = new RegExp(String.raw`^[a-z][a-z0-9+.-]*://${HOST}(?:[/?#]|$)`, "i");

/** Whether text is a host with an optional port and nothing else (RFC 9110 §7.2). */
export function isHost(text: string): boolean {
  return WHOLE.test(text);
}

/** Whether both the URL and the `Host` header, if there is one, name a plain host. */
export function hasPlainHost({ url, headers }: Request): boolean {
  const host = headers.get("host");
  return AUTHORITY.test(url) && (host === null || isHost(host));
}

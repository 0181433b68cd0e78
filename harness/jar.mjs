// A cookie jar with what Better Auth's cookies need. Values stay percent-encoded.

export class CookieJar {
  #cookies = new Map();

  constructor(entries = []) {
    for (const [name, value] of entries) this.set(name, value);
  }

  /** Stores each `Set-Cookie` of a Response or Headers and removes deleted cookies (`Max-Age=0` or a past `Expires`). Returns the number of lines. */
  store(source, now = Date.now()) {
    const headers = source.headers ?? source;
    const lines = headers.getSetCookie();
    for (const line of lines) {
      const cookie = parseSetCookie(line);
      if (isDeleted(cookie, now)) this.#cookies.delete(cookie.name);
      else this.#cookies.set(cookie.name, cookie);
    }
    return lines.length;
  }

  get names() {
    return [...this.#cookies.keys()];
  }
  get size() {
    return this.#cookies.size;
  }
  has(name) {
    return this.#cookies.has(name);
  }
  /** Returns the percent-encoded value. */
  get(name) {
    return this.#cookies.get(name)?.value;
  }
  /** Returns `{ name, value, attributes }` as last set, with attribute names in lower case (`max-age`, `path`, …). */
  detail(name) {
    return this.#cookies.get(name);
  }
  set(name, value) {
    this.#cookies.set(name, { name, value, attributes: {} });
    return this;
  }
  delete(name) {
    return this.#cookies.delete(name);
  }
  /** Removes the session cache, whole or chunked, so that the server must read its database. */
  dropCache() {
    for (const name of this.names) if (/session_data(\.\d+)?$/.test(name)) this.delete(name);
    return this;
  }
  /** Returns the `Cookie` header. */
  header() {
    return [...this.#cookies.values()].map(({ name, value }) => `${name}=${value}`).join("; ");
  }
  toString() {
    return this.header();
  }
  entries() {
    return [...this.#cookies.values()].map(({ name, value }) => [name, value]);
  }
  toObject() {
    return Object.fromEntries(this.entries());
  }
  clone() {
    return new CookieJar(this.entries());
  }
}

/** Parses a `Set-Cookie` header into `{ name, value, attributes }`, with attribute names in lower case. */
export function parseSetCookie(line) {
  const [pair, ...rest] = line.split(";");
  const cut = pair.indexOf("=");
  const attributes = {};
  for (const part of rest) {
    const [key, ...value] = part.split("=");
    attributes[key.trim().toLowerCase()] = value.length ? value.join("=").trim() : true;
  }
  return { name: pair.slice(0, cut).trim(), value: pair.slice(cut + 1).trim(), attributes };
}

function isDeleted({ attributes }, now) {
  if (attributes["max-age"] !== undefined) return Number(attributes["max-age"]) <= 0;
  return attributes.expires !== undefined && Date.parse(attributes.expires) <= now;
}

// The calls of the transparency test, and the comparison of two responses in which ids, tokens and dates differ.
import { CookieJar, parseSetCookie } from "../../../harness/jar.mjs";

const PASSWORD = "a-long-password-1";
const person = (name, email) => ({ name, email, password: PASSWORD });

/**
 * Each call is { path, body?, method?, headers?, device?, lapsed? }. `device` names the jar (default "a"); `lapsed` removes its cache
 * first. Paths that begin with `/` after "auth:" are below the base path.
 */
export const CALLS = [
  { path: "auth:/ok" },
  { path: "auth:/get-session" },
  { path: "auth:/sign-up/email", body: person("Ada", "ada@example.com") },
  { path: "auth:/get-session" },
  { path: "auth:/get-session" },
  { path: "auth:/get-session?disableCookieCache=true" },
  { path: "auth:/get-session", method: "HEAD" },
  { path: "auth:/get-session", headers: { origin: "https://spa.test" } },
  { path: "auth:/sign-in/email", body: { email: "ada@example.com", password: PASSWORD }, device: "b" },
  { path: "auth:/sign-in/email", body: { email: "ada@example.com", password: PASSWORD, rememberMe: false }, device: "c" },
  { path: "auth:/get-session", device: "c" },
  { path: "auth:/get-session", device: "c", lapsed: true },
  { path: "auth:/list-sessions" },
  { path: "auth:/sign-in/email", body: { email: "ada@example.com", password: "wrong-password-1" }, device: "d" },
  { path: "auth:/sign-in/email", body: "not json", device: "d" },
  { path: "/page" },
  { path: "/page?x=a%20b&y=%2F&z", headers: { accept: "text/html", "sec-fetch-mode": "navigate" } },
  { path: "/echo", body: { text: "Zoë" } },
  { path: "/echo", method: "PUT", body: "plain text", headers: { "content-type": "text/plain;charset=utf-8" } },
  { path: "/redirect" },
  { path: "/cookies" },
  { path: "/etag", headers: { "if-none-match": '"v1"' } },
  { path: "/teapot" },
  { path: "/public", device: "d" },
  { path: "/public", device: "b" },
  { path: "/page", lapsed: true, ownCookies: true },
  { path: "auth:/get-session", lapsed: true },
  { path: "auth:/update-user", body: { name: "Ada Lovelace" } },
  { path: "auth:/get-session" },
  { path: "auth:/update-user", body: {} },
  { path: "auth:/change-password", body: { currentPassword: "wrong-password-1", newPassword: "another-password-1" } },
  { path: "auth:/revoke-session", body: { token: "no-such-token" } },
  { path: "auth:/no-such-endpoint" },
  { path: "auth:/get-session", method: "DELETE" },
  { path: "auth:/sign-out", method: "OPTIONS", headers: { origin: "https://spa.test", "access-control-request-method": "POST" } },
  { path: "/page", method: "OPTIONS", headers: { origin: "https://spa.test", "access-control-request-method": "GET" } },
  { path: "auth:/sign-out", body: {}, headers: { origin: "https://evil.test" }, device: "b" },
  { path: "auth:/revoke-other-sessions", body: {} },
  { path: "auth:/get-session", device: "b", lapsed: true },
  { path: "auth:/sign-out", body: {} },
  { path: "auth:/get-session" },
  { path: "auth:/list-sessions" },
];

/** A browser with several devices, and the names that it gives to random values in the order in which it meets them. */
export class World {
  #jars = new Map();
  /** The attributes with which each cookie was set last, by name. */
  attributes = new Map();
  #names = new Map();

  /** `handler` answers a Request. */
  constructor(handler, site, basePath) {
    this.handler = handler;
    this.site = site;
    this.basePath = basePath;
  }

  /** Returns the cookies with which the server renews a device's session: those of get-session without a cache, and of the POST it asks for. */
  async renewal({ device = "a" }) {
    const own = this.#jars.get(device);
    const send = async (method) => {
      this.#jars.set("renewal", own.clone());
      return this.send({ path: "auth:/get-session", device: "renewal", lapsed: true, method });
    };
    const first = await send("GET");
    const second = /"needsRefresh":true/.test(first.body) ? await send("POST") : { cookies: [] };
    this.#jars.delete("renewal");
    return [...first.cookies, ...second.cookies];
  }

  /** Sends a call. Returns `{ status, statusText, headers, vary, cookies, body }` with random values replaced. */
  async send({ path, body, method, headers = {}, device = "a", lapsed = false }) {
    if (!this.#jars.has(device)) this.#jars.set(device, new CookieJar());
    const jar = this.#jars.get(device);
    if (lapsed) jar.dropCache();
    const sent = new Headers({ origin: this.site, ...headers });
    if (jar.size > 0) sent.set("cookie", jar.header());
    if (body !== undefined && !sent.has("content-type")) sent.set("content-type", "application/json");
    const url = this.site + path.replace(/^auth:/, this.basePath);
    const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
    const request = new Request(url, {
      method: method ?? (text === undefined ? "GET" : "POST"),
      headers: sent,
      body: text,
      redirect: "manual",
    });
    const response = await this.handler(request);
    jar.store(response);
    // The server deletes a cookie twice if it came; a browser does not see that.
    const all = response.headers.getSetCookie();
    const lines = all.filter((line, at) => all.indexOf(line) === at || parseSetCookie(line).value).map((line) => this.#cookie(line));
    for (const [name, value, attributes] of lines) if (value) this.attributes.set(name, attributes);
    const kept = [...response.headers].filter(([name]) => name !== "set-cookie" && name !== "vary");
    const vary = (response.headers.get("vary") ?? "")
      .toLowerCase()
      .split(/\s*,\s*/)
      .filter(Boolean)
      .sort();
    return {
      status: response.status,
      statusText: response.statusText,
      headers: Object.fromEntries(kept.map(([name, value]) => [name, this.#plain(value)])),
      vary,
      cookies: lines,
      body: this.#plain(await response.text()),
    };
  }

  #cookie(line) {
    const { name, value, attributes } = parseSetCookie(line);
    const plainName = name.replace(/_multi-.*/, "_multi-<token>");
    const token =
      /(session_token|sid|_multi-)/.test(name) && value ? this.#plain(decodeURIComponent(value).split(".")[0]) : value && "<value>";
    return [plainName, token, attributes];
  }

  /** Names ids and tokens (32 characters) by their order, and replaces dates and JWTs. */
  #plain(text) {
    return text
      .replace(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g, "<jwt>")
      .replace(
        /\b[A-Za-z0-9]{32}\b(\.[\w%+/=-]{20,})?/g,
        (found, signature) => `<${this.#nameOf(found.slice(0, 32))}${signature ? " signed" : ""}>`,
      )
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, "<date>");
  }

  #nameOf(value) {
    if (!this.#names.has(value)) this.#names.set(value, `random ${this.#names.size + 1}`);
    return this.#names.get(value);
  }
}

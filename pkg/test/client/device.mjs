// A device: a fetch that stores cookies and sends an `Origin` header, as a browser does.
import { CookieJar } from "../../../harness/origin.mjs";

/** Returns `{ jar, fetch }` for a device of `origin`. */
export function device(origin, jar = new CookieJar()) {
  return {
    jar,
    async fetch(url, init = {}) {
      const headers = new Headers(init.headers);
      // A page cannot choose its origin; a test can.
      headers.set("origin", headers.get("x-origin") ?? origin.url);
      if (jar.size) headers.set("cookie", jar.header());
      const response = await fetch(url, { ...init, headers });
      jar.store(response);
      return response;
    },
  };
}

// A Worker that answers a constant: the body and headers of `get-session`, or the text of a page.
import { env } from "cloudflare:workers";

export default {
  fetch: ({ url }) => (url.endsWith("/page") ? new Response(env.PAGE) : new Response(env.BODY, { headers: env.HEADERS })),
};

// The site without a gate: uses Better Auth's `getCookieCache` as documented. Accepts each valid cached session and otherwise calls the server.

import { getCookieCache } from "better-auth/cookies";
import { SECRET, sessionOptions } from "../settings.mjs";

export default {
  async fetch(request, env) {
    const strategy = request.headers.get("x-demo-strategy");
    const renew = new URL(request.url).searchParams.has("renew");
    const cached = renew
      ? null
      : await getCookieCache(request, { secret: SECRET, strategy: sessionOptions(strategy).cookieCache.strategy });
    if (cached) return respond(cached, "cookie", []);
    const response = await fetch(new URL(`/api/auth/get-session${renew ? "?disableCookieCache=true" : ""}`, env.ORIGINS[strategy]), {
      headers: request.headers,
    });
    return respond(await response.json(), "origin", response.headers.getSetCookie());
  },
};

function respond(found, source, setCookies) {
  const headers = new Headers({ "cache-control": "private, no-store" });
  for (const cookie of setCookies) headers.append("set-cookie", cookie);
  if (!found) return Response.json({ code: "UNAUTHORIZED", message: "Sign in first." }, { status: 401, headers });
  return Response.json({ user: found.user, source }, { headers });
}

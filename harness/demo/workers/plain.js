// The lane without a gate: Better Auth's own `getCookieCache`, used the way its documentation says. A copy that verifies is believed; without one, the server is asked.

import { getCookieCache } from "better-auth/cookies";
import { SECRET, sessionOptions } from "../settings.mjs";

export default {
  async fetch(request, env) {
    const strategy = request.headers.get("x-demo-strategy");
    const renew = new URL(request.url).searchParams.has("renew");
    const cached = renew ? null : await getCookieCache(request, { secret: SECRET, strategy: sessionOptions(strategy).cookieCache.strategy });
    if (cached) return me(cached, "cookie", []);
    const answer = await fetch(new URL(`/api/auth/get-session${renew ? "?disableCookieCache=true" : ""}`, env.ORIGINS[strategy]), { headers: request.headers });
    return me(await answer.json(), "origin", answer.headers.getSetCookie());
  },
};

function me(found, source, setCookies) {
  const headers = new Headers({ "cache-control": "private, no-store" });
  for (const cookie of setCookies) headers.append("set-cookie", cookie);
  if (!found) return Response.json({ code: "UNAUTHORIZED", message: "Sign in first." }, { status: 401, headers });
  return Response.json({ user: found.user, source }, { headers });
}

// The revocation experiment: the phone sends requests to two servers with the same kind of cookie, then the laptop revokes its session.

const INTERVAL_MS = 250;

/** Calls `onResponse(server, response)` for each response; `server` is "plain" or "gate". Returns { revoke(), stop() }. */
export function startExperiment(laptop, phone, phoneSession, onResponse) {
  let stopped = false;

  // #snippet Two servers, one revocation
  const servers = {
    plain: () => phone.requestPlain(), // getCookieCache alone
    gate: () => phone.request(), // better-session/edge
  };
  for (const [server, request] of Object.entries(servers)) {
    poll(request, (response) => onResponse(server, response));
  }

  async function revoke() {
    await renewCaches(); // worst case: full lifetime
    const sent = performance.now();
    const { error } = await laptop.revoke(phoneSession);
    return { error, sent, returned: performance.now() };
  }
  // #end

  const renewCaches = () => Promise.all([phone.renew(), phone.renewPlain()]);

  async function poll(request, handle) {
    while (!stopped) {
      const response = await request();
      if (stopped) return;
      handle(response);
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, INTERVAL_MS - response.ms)));
    }
  }

  return {
    revoke,
    stop: () => {
      stopped = true;
    },
  };
}

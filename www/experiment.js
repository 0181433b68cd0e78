// The phone asks two servers again and again with the same kind of cookie; then the laptop revokes it.

const EVERY_MS = 250;

/** `tell(lane, answer)` hears of every answer, "plain" or "gate". Answers { revoke(), stop() }. */
export function startExperiment(laptop, phone, phoneSession, tell) {
  let ending = false;

  // #snippet Two lanes, one revocation
  const lanes = {
    plain: () => phone.askPlain(),   // getCookieCache alone
    gate: () => phone.ask(),         // better-session/edge
  };
  for (const [lane, ask] of Object.entries(lanes)) {
    keepAsking(ask, (answer) => tell(lane, answer));
  }

  async function revoke() {
    await renewCopies();             // the longest wait there can be
    const sent = performance.now();
    const { error } = await laptop.revoke(phoneSession);
    return { error, sent, returned: performance.now() };
  }
  // #end

  const renewCopies = () => Promise.all([phone.renew(), phone.renewPlain()]);

  async function keepAsking(ask, heard) {
    while (!ending) {
      const answer = await ask();
      if (ending) return;
      heard(answer);
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, EVERY_MS - answer.ms)));
    }
  }

  return { revoke, stop: () => { ending = true; } };
}

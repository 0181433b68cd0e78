// The page's side of a call is the package's own; the server has it.

/** A call of a client of `origin`; a chain that begins with a slash is a path. */
export async function job(origin, chain, body, options, kind) {
  const { Job } = await import(`${origin}/job.js`);
  return new Job({ base: `${origin}/api/auth`, methods: {} }, chain, body, options, kind, chain.startsWith("/"));
}

/** Makes the session of `token` old, or expired. */
export async function make(origin, token, what) {
  await fetch(`${origin}/test/session?token=${token}&make=${what}`, { method: "POST" });
}

/** An address that nobody else has. */
export const somebody = () => `${crypto.randomUUID()}@example.com`;

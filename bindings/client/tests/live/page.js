// The page's side of a call is the package's own; the server has it.

/** Returns a job of a client of `origin`; a chain that begins with a slash is a path. `changed` counts its successes. */
export async function job(origin, chain, body, options, kind) {
  const { Job } = await import(`${origin}/job.js`);
  const client = { options: {}, base: `${origin}/api/auth`, methods: {}, fetchPlugins: [] };
  const job = new Job(client, chain, body ?? undefined, options, chain.startsWith("/") ? 5 : kind);
  job.changed = 0;
  client.succeeded = () => (job.changed += 1);
  return job;
}

/** Makes the session of `token` old, or expired. */
export async function make(origin, token, what) {
  await fetch(`${origin}/test/session?token=${token}&make=${what}`, { method: "POST" });
}

/** An address that nobody else has. */
export const somebody = () => `${crypto.randomUUID()}@example.com`;

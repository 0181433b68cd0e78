/** Environment variables of any runtime. They are read at every call, because Workers set them per deployment. */

interface Host {
  process?: { env?: Variables };
  Deno?: { env: { toObject(): Variables } };
  __env__?: Variables;
}

type Variables = Record<string, string | undefined>;

export function environment(): Variables {
  const host = globalThis as Host;
  if (host.process?.env) return host.process.env;
  try {
    return host.Deno?.env.toObject() ?? host.__env__ ?? (globalThis as unknown as Variables);
  } catch {
    return {}; // Deno without --allow-env
  }
}

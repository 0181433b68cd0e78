/** A copy of the key set in the Workers cache of a colo, so that a new isolate there need not fetch it. Elsewhere there is none. */

/** The time as of which a copy is current, in milliseconds. */
const TIME_HEADER = "x-better-session-time";

interface ColoCache {
  match(key: string): Promise<Response | undefined>;
  put(key: string, response: Response): Promise<void>;
}

/** Returns the copy if it is younger than `fresh` milliseconds. Never rejects. */
export async function coloCopy(url: URL, fresh: number): Promise<{ text: string; at: number } | undefined> {
  try {
    const response = await coloCache()?.match(keyOf(url));
    if (!response) return undefined;
    const at = Number(response.headers.get(TIME_HEADER));
    const age = Date.now() - at;
    if (age >= 0 && age < fresh) return { text: await response.text(), at };
    await response.body?.cancel();
  } catch {
    // As if there were no copy.
  }
  return undefined;
}

/** Stores a copy for `fresh` milliseconds. Never rejects. */
export async function storeColoCopy(url: URL, text: string, at: number, fresh: number): Promise<void> {
  const headers = { "cache-control": `max-age=${Math.floor(fresh / 1000)}`, [TIME_HEADER]: String(at) };
  await coloCache()
    ?.put(keyOf(url), new Response(text, { headers }))
    .catch(() => {});
}

function coloCache(): ColoCache | undefined {
  return (globalThis as { caches?: { default?: ColoCache } }).caches?.default;
}

/** A URL that no visitor can request. */
function keyOf(url: URL): string {
  return `https://jwks.better-session.invalid/?url=${encodeURIComponent(url.href)}`;
}

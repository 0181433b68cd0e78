/** Fetches a key set, bounded in time and size. */

/** Sends a GET for the key set. The response may be of any status. */
export type FetchKeySet = (url: URL, signal: AbortSignal) => Promise<Response>;

/** Maximum size of a key set in bytes. A key of 2048 bits has about 450. */
const MAX_BYTES = 64 * 1024;

/** Resolves to the body of a 200 within its bound; to null if it is longer, after another status, including a redirect, or too late. Rejects if fetch does. */
export async function requestKeySet(url: URL, timeout: number, send: FetchKeySet = fetchDirectly): Promise<string | null> {
  const abort = new AbortController();
  let timer;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => (abort.abort(), resolve(null)), timeout);
  });
  try {
    return await Promise.race([late, read(send(url, abort.signal))]);
  } finally {
    clearTimeout(timer);
  }
}

function fetchDirectly(url: URL, signal: AbortSignal): Promise<Response> {
  return fetch(url, { headers: { accept: "application/json" }, redirect: "manual", signal });
}

async function read(responding: Promise<Response>): Promise<string | null> {
  const { status, body } = await responding;
  if (status !== 200 || !body) {
    body?.cancel().catch(() => {});
    return null;
  }
  const reader = body.getReader();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.byteLength;
    if (size > MAX_BYTES) {
      await reader.cancel();
      return null;
    }
    text += decoder.decode(value, { stream: true });
  }
}

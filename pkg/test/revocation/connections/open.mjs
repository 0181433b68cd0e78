// Opens connections through a gate and observes how they end.
import { WebSocket } from "ws";

/** Opens a stream. `ended` resolves to "closed" or "aborted"; `text()` is what came so far. */
export async function openStream(gate, path, jar) {
  const abort = new AbortController();
  const response = await fetch(gate.url + path, { headers: { cookie: jar.header() }, signal: abort.signal, redirect: "manual" });
  let text = "";
  let state = "open";
  const ended = (async () => {
    const decoder = new TextDecoder();
    try {
      for await (const chunk of response.body) text += decoder.decode(chunk);
      state = "closed";
    } catch {
      state = "aborted";
    }
    return { how: state, at: performance.now() };
  })();
  return { status: response.status, ended, text: () => text, state: () => state, close: () => abort.abort() };
}

/** Opens a WebSocket. `ended` resolves to its close code. */
export async function openSocket(gate, path, jar) {
  const socket = new WebSocket(gate.url.replace("http", "ws") + path, { headers: { cookie: jar.header() } });
  let state = "open";
  const ended = new Promise((resolve) =>
    socket.once("close", (code) => {
      state = "closed";
      resolve({ how: code, at: performance.now() });
    }),
  );
  const messages = [];
  socket.on("message", (data) => messages.push(String(data)));
  await new Promise((resolve, reject) => (socket.once("open", resolve), socket.once("error", reject)));
  return { ended, state: () => state, send: (text) => socket.send(text), messages, close: () => socket.close() };
}

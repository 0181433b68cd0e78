// The memory of Workers in workerd, through its inspector. The resident size of the process shows garbage that V8 has not collected
// yet: hundreds of megabytes, because a request's objects in C++ live until V8 collects their small wrappers.
import { WebSocket } from "ws";

/** Milliseconds after which a command is given up: workerd answers few while it has no requests. */
const PATIENCE = 3000;
const MEMORIES = "WebAssembly.Memory.prototype";
const SIZES = "function () { return this.reduce((sum, { buffer }) => sum + buffer.byteLength, 0); }";

/**
 * Opens the inspector. Returns a function that collects the garbage of every isolate, those of Miniflare's own Workers (cache, storage)
 * too, and resolves to [{ name, bytes }] of the others: what JavaScript holds, and the memory of WebAssembly modules. A Worker that did not
 * answer is left out.
 *
 * url: Miniflare's `getInspectorURL()`.
 */
export async function openHeaps(url) {
  const targets = await (await fetch(new URL("/json", String(url).replace("ws", "http")))).json();
  const workers = await Promise.all(
    targets.map(async ({ id, webSocketDebuggerUrl }) => ({ id, send: await opened(webSocketDebuggerUrl) })),
  );
  return async () => {
    const found = await Promise.all(
      workers.map(async ({ id, send }) => {
        const name = /^core:user:(.+)/.exec(id)?.[1];
        try {
          await send("HeapProfiler.collectGarbage");
          return name ? [{ name, bytes: await held(send) }] : [];
        } catch {
          return [];
        }
      }),
    );
    return found.flat();
  };
}

async function held(send) {
  const objectGroup = "memory";
  const { result: prototype } = await send("Runtime.evaluate", { expression: MEMORIES, objectGroup });
  const { objects } = await send("Runtime.queryObjects", { prototypeObjectId: prototype.objectId, objectGroup });
  const sum = { objectId: objects.objectId, functionDeclaration: SIZES, returnByValue: true };
  const { result: modules } = await send("Runtime.callFunctionOn", sum);
  await send("Runtime.releaseObjectGroup", { objectGroup });
  const { usedSize, backingStorageSize = 0 } = await send("Runtime.getHeapUsage");
  return usedSize + backingStorageSize + modules.value;
}

/** Opens one isolate. Returns a function that sends a command and resolves to its result. */
async function opened(url) {
  const socket = new WebSocket(url);
  await new Promise((resolve, reject) => (socket.once("open", resolve), socket.once("error", reject)));
  const waiting = new Map();
  let contextId;
  let last = 0;
  socket.on("message", (text) => {
    const { id, method, params, error, result } = JSON.parse(text);
    if (method === "Runtime.executionContextCreated") contextId = params.context.id;
    waiting.get(id)?.(error ? undefined : result);
  });
  const send = async (method, params) => {
    const id = (last += 1);
    let timer;
    const result = await new Promise((resolve) => {
      timer = setTimeout(resolve, PATIENCE);
      waiting.set(id, resolve);
      const context = method === "Runtime.evaluate" ? { contextId } : {};
      socket.send(JSON.stringify({ id, method, params: { ...params, ...context } }));
    });
    clearTimeout(timer);
    waiting.delete(id);
    if (result === undefined) throw new Error(`${method} was not answered`);
    return result;
  };
  await send("Runtime.enable");
  return send;
}

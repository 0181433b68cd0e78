/** The client's module for pages and Node, embedded deflated. Where it cannot run, the same program is loaded as JavaScript. */
import { glue } from "./client-glue.js";
import { base64 } from "./generated/client-inline.js";
import { provideClient } from "./client.js";

provideClient(async () => {
  try {
    const deflated = new Response(Uint8Array.from(atob(base64), (unit) => unit.charCodeAt(0))).body!;
    const bytes = new Response(deflated.pipeThrough(new DecompressionStream("deflate-raw"))).arrayBuffer();
    glue.initSync({ module: await WebAssembly.compile(await bytes) });
    return glue;
  } catch {
    // No WebAssembly, no SIMD, a policy that forbids compiling, or no DecompressionStream.
    const { startJavaScript } = await import("./client-javascript.js");
    return startJavaScript();
  }
});

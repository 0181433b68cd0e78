// `make demo`: starts the demo, prints its URL, and cleans up on Ctrl-C. PORT chooses the port (default 4680, or a free one).

import { startDemo } from "./demo/start.mjs";

const PORT = 4680;
const wanted = Number(process.env.PORT ?? PORT);
const began = Date.now();

try {
  const demo = await startDemo({ port: wanted, onStep: (step) => console.log(`starting: ${step} …`) });
  if (demo.port !== wanted) console.log(`port ${wanted} is taken, so this is on ${demo.port}`);
  console.log(`\nready after ${((Date.now() - began) / 1000).toFixed(1)} s. Open\n\n    ${demo.url}\n\nCtrl-C ends it.`);
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.removeAllListeners(signal); // Miniflare's handler would end the process before the servers are closed
    process.once(signal, async () => {
      console.log("\nending …");
      await demo.close();
      process.exit(0);
    });
  }
} catch (error) {
  console.error(`error: the demo could not start: ${error.message}`);
  process.exitCode = 1;
}

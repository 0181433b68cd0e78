import { check } from "./server.mjs";

const [server, faults, secret] = (globalThis.Deno?.args ?? process.argv.slice(2)).slice(0, 3);
console.log(JSON.stringify(await check({ server, faults, secret })));
(globalThis.Deno?.exit ?? process.exit)(0);

// Mints vectors/better-auth/<version>.json with real servers: `make vectors`, or `node harness/vectors.mjs [version…]`.

import { writeFile } from "node:fs/promises";
import { CASES } from "./mint/cases.mjs";
import { mint } from "./mint/mint.mjs";
import { VERSIONS, loadBetterAuth } from "./origin.mjs";

const STRATEGIES = ["compact", "jwt", "jwe"];
const requested = process.argv.slice(2);

for (const version of requested.length ? requested : VERSIONS) {
  const { version: number } = await loadBetterAuth(version);
  const vectors = [];
  for (const testCase of CASES.filter(({ from }) => !from || isAtLeast(number, from))) {
    for (const strategy of testCase.strategies ?? STRATEGIES) vectors.push(await mint(testCase, version, strategy));
  }
  const file = new URL(`../vectors/better-auth/${number}.json`, import.meta.url);
  const provenance = {
    what: `cookies set by a real Better Auth ${number} server over HTTP; \`expect\` is what it signed, \`server\` what its own readers made of it`,
    how: "make vectors",
    node: process.version,
    mintedAt: new Date().toISOString(),
    secrets: "made up for these vectors",
  };
  await writeFile(file, format(provenance, vectors));
  const odd = vectors.filter(({ server }) => Object.values(server).some((result) => result !== "same"));
  console.log(`${number}: ${vectors.length} vectors, the server's own reading differs in ${odd.length}`);
  for (const { name, server } of odd) console.log(`  ${name}: ${JSON.stringify(server)}`);
}

/** Writes one vector a line, so that a diff shows the changed vectors. */
function format(provenance, vectors) {
  const lines = vectors.map((vector) => `  ${JSON.stringify(vector)}`).join(",\n");
  return `{\n"provenance": ${JSON.stringify(provenance, null, 2)},\n"vectors": [\n${lines}\n]\n}\n`;
}

function isAtLeast(version, least) {
  const [a, b] = [version, least].map((text) => text.split(".").map(Number));
  const at = a.findIndex((part, i) => part !== b[i]);
  return at === -1 || a[at] > b[at];
}

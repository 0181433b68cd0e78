// Writes vectors/jwks/: `verdicts.json`, deterministic, and with the argument `mint` also `minted.json`, cookies of a real server
// with each algorithm: `node harness/jwks.mjs [mint]`.

import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { mintAll } from "./jwks/mint.mjs";
import { accepted, KEY_SET, NOW, OPTIONS, rejected } from "./jwks/verdicts.mjs";

/** Returns the text of `verdicts.json`. */
export function verdictFile() {
  const head = {
    about: "jwt caches that a server signed with the keys of its JWT plugin, jwt({ sessionCookieCache: true })",
    source: "node harness/jwks.mjs: signed on node:crypto; no part of this crate took part",
    format: {
      options: "what createVerifier is given, beside jwks; a case may have its own instead",
      jwks: "the key set; a case may have its own instead",
      now: "the time to judge by, milliseconds",
      accept: "the verdict on `cookie` is `authenticated`",
      reject: "the verdict on `cookie` has exactly this `status` and `reason`, and this `token` where given",
    },
    options: OPTIONS,
    jwks: KEY_SET,
    now: NOW,
  };
  const list = (cases) => cases.map((one) => `  ${JSON.stringify(one)}`).join(",\n");
  return `${JSON.stringify(head, null, 1).slice(0, -2)},\n "accept": [\n${list(accepted)}\n ],\n "reject": [\n${list(rejected)}\n ]\n}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = new URL("../vectors/jwks/", import.meta.url);
  await mkdir(folder, { recursive: true });
  await writeFile(new URL("verdicts.json", folder), verdictFile());
  console.log(`verdicts: ${accepted.length} accepted, ${rejected.length} rejected`);
  if (process.argv[2] === "mint") {
    const minted = await mintAll();
    const lines = minted.vectors.map((vector) => `  ${JSON.stringify(vector)}`).join(",\n");
    await writeFile(
      new URL("minted.json", folder),
      `{\n"provenance": ${JSON.stringify(minted.provenance, null, 1)},\n"vectors": [\n${lines}\n]\n}\n`,
    );
    console.log(`minted: ${minted.vectors.length}`);
  }
}

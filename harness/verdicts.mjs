// Writes vectors/verdicts/, Cookie headers with the expected verdicts: `node harness/verdicts.mjs`. The output is deterministic.

import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { NOW, OPTIONS } from "./verdicts/seal.mjs";

export const FILES = ["header", "prefix", "token", "compact", "jwt", "jwe", "payload"];

const FORMAT = {
  options: "what createVerifier, createSessionGate or Config::from_json is given; a case may have its own instead",
  now: "the time to judge by, milliseconds",
  scheme: 'of a case: the scheme of the request\'s URL; "none": the header alone is given; absent: it makes no difference',
  accept: "the verdict on `cookie` is `authenticated`; `strategy`, `session` and `user` must come out, where given",
  reject: "the verdict on `cookie` has exactly this `status` and `reason`, and this `token` where given",
  cookie: "the Cookie header's value: text, or a list to be joined of texts and of { repeat, times }",
};

/** Returns the text of a file. */
export async function verdictFile(name) {
  const { about, accepted, rejected } = await import(`./verdicts/${name}.mjs`);
  const head = {
    about,
    source:
      "node harness/verdicts.mjs: signed on node:crypto, or by better-auth's own functions where the name says so; no part of this crate took part",
    format: FORMAT,
    options: OPTIONS,
    now: NOW,
  };
  const list = (cases) => cases.map((one) => `  ${line(one)}`).join(",\n");
  return `${JSON.stringify(head, null, 1).slice(0, -2)},\n "accept": [\n${list(accepted)}\n ],\n "reject": [\n${list(rejected)}\n ]\n}\n`;
}

/** Returns a vector as JSON, with the expected session and user as the text that was signed. */
function line({ raw = {}, ...one }) {
  const texts = Object.entries(raw)
    .filter(([, text]) => text)
    .map(([name, text]) => `,"${name}":${text}`);
  return `${JSON.stringify(one).slice(0, -1)}${texts.join("")}}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = new URL("../vectors/verdicts/", import.meta.url);
  await mkdir(folder, { recursive: true });
  for (const name of FILES) {
    const text = await verdictFile(name);
    const { accept, reject } = JSON.parse(text);
    await writeFile(new URL(`${name}.json`, folder), text);
    console.log(`${name}: ${accept.length} accepted, ${reject.length} rejected, ${text.length} bytes`);
  }
}

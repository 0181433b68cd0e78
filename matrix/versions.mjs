// `make versions`: runs matrix/apps/version.mjs with every published Better Auth from 1.4.0 on, and writes docs/versions.md.
// Arguments are versions to run instead; the table is then printed only.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { copySuite, lastJson, root, run, workspace } from "./support.mjs";

const asked = process.argv.slice(2);
const versions = asked.length > 0 ? asked : await published();
const queue = [...versions];
const rows = new Map();
const began = Date.now();

/** Returns the stable versions from 1.4.0 on, oldest first. */
async function published() {
  const all = JSON.parse(await run("npm", ["view", "better-auth", "versions", "--json"]));
  return all.filter((version) => /^\d+\.\d+\.\d+$/.test(version) && atLeast(version, [1, 4]));
}

function atLeast(version, [major, minor]) {
  const [first, second] = version.split(".").map(Number);
  return first > major || (first === major && second >= minor);
}

/** Takes versions from the queue, in a folder of its own in which each one replaces the last. */
async function worker(number) {
  for (let version = queue.shift(); version; version = queue.shift()) {
    let row;
    try {
      const folder = await workspace(`versions-${number}`, { "better-auth": version }, { files: ["version.mjs"], replace: true });
      copySuite(folder);
      row = lastJson(await run(process.execPath, ["version.mjs"], { cwd: folder, timeout: 180_000 }));
    } catch (error) {
      row = {
        checks: 0,
        differences: [
          `does not run: ${String(error.message)
            .split("\n")
            .findLast((line) => /Error|timed out/.test(line))}`,
        ],
      };
      console.log(String(error.message).slice(-1500));
    }
    rows.set(version, row);
    console.log(
      `${rows.size}/${versions.length} ${version}: ${row.checks} checks, ${row.differences.length} differences ${row.differences.join("; ").slice(0, 300)}`,
    );
  }
}
await Promise.all([worker(1), worker(2), worker(3)]);

const text = `# Better Auth versions

\`make versions\` writes this table: every published version from 1.4.0 on, each with its own server in memory. With each of the strategies \`compact\`,
\`jwt\` and \`jwe\` it mints the session of a plain user, of one whose cookie is chunked, of one with odd text and of one who is not remembered. Checked
are the verdict and the contents beside the version's own \`getCookieCache\`, a changed cookie, \`get-session\` through the gate beside the server's own
response, and a renewal. With \`compact\`, 14 calls of \`better-session/client\` are compared with the version's own client.

| version | checks | differences |
|---|---|---|
${versions.map((version) => `| ${version} | ${rows.get(version).checks} | ${rows.get(version).differences.join("; ") || "none"} |`).join("\n")}
`;
if (asked.length === 0) writeFileSync(join(root, "docs/versions.md"), text);
const failed = versions.filter((version) => rows.get(version).differences.length > 0).length;
console.log(`${((Date.now() - began) / 60_000).toFixed(1)} minutes`);
console.log(`${versions.length - failed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);

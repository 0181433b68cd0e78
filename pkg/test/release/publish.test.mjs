// scripts/publish.sh with programs in the place of cargo and npm that record their arguments: there is no registry to publish to.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, "pkg/package.json"), "utf8"));
const CRATES = [
  "better-session",
  "better-session-primitives",
  "better-session-feeds",
  "better-session-axum",
  "better-session-forward-auth",
];

/** Runs the script where the packages `published` exist, and returns its calls that publish. */
function publish(t, published, ...args) {
  const folder = mkdtempSync(join(tmpdir(), "publish-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const log = join(folder, "calls");
  const found = published.map((name) => `*" ${name}@${version}"*`).join("|") || "nothing";
  const program = (name, cases) => {
    writeFileSync(join(folder, name), `#!/bin/sh\ncase " $*" in\n${cases}\nesac\n`);
    chmodSync(join(folder, name), 0o755);
  };
  const packages = [...CRATES.map((name) => ({ name, publish: null })), { name: "unpublished", publish: [] }];
  program(
    "cargo",
    `" metadata"*) echo '${JSON.stringify({ packages })}' ;;\n" info"*) case " $*" in ${found}) ;; *) exit 101 ;; esac ;;\n*) echo "cargo $*" >>${log} ;;`,
  );
  program("npm", `" view"*) case " $*" in ${found}) echo ${version} ;; *) exit 1 ;; esac ;;\n*) echo "npm $*" >>${log} ;;`);
  const { status, stderr } = spawnSync("bash", ["scripts/publish.sh", ...args], {
    cwd: root,
    env: { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}` },
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
  return existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : [];
}

const npm = "npm publish --access public --workspace pkg";

test("every crate and the npm package are published, the crates first", (t) => {
  assert.deepEqual(publish(t, [], "--provenance"), [
    `cargo publish ${CRATES.map((name) => `--package ${name}`).join(" ")}`,
    `${npm} --provenance`,
  ]);
});

test("after a failure the rest is published", (t) => {
  assert.deepEqual(publish(t, CRATES.slice(2)), ["cargo publish --package better-session --package better-session-primitives", npm]);
});

test("nothing is published twice", (t) => {
  assert.deepEqual(publish(t, CRATES), []);
});

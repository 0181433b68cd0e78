// How each WebAssembly module is compiled, see `buildModule` in wasm.mjs.

/** For speed, with the domain of the gate for size. */
export const core = { name: "core" };
export const gate = { name: "gate", domain: "z" };

/** For size. */
export const client = { name: "client", level: "s", optimize: ["-Oz"], deflate: true };
export const inspect = { name: "inspect", level: "s", optimize: ["-Oz"] };

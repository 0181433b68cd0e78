// The entries of the package, for package.json, the build, the size report and the tests.

/** Entries with `wasm` have a file for each export condition that selects how that module is loaded; the others are plain JavaScript. */
export const entries = [
  { path: ".", file: "index", source: "index", wasm: "core" },
  { path: "./cookies", file: "cookies", source: "cookies", wasm: "core" },
  { path: "./explain", file: "explain", source: "explain", wasm: "inspect" },
  { path: "./edge", file: "edge", source: "edge", wasm: "gate" },
  { path: "./slim", file: "slim", source: "slim" },
  { path: "./client", file: "client", source: "client/index", wasm: "client" },
  { path: "./react", file: "react", source: "react", wasm: "client" },
  { path: "./vue", file: "vue", source: "vue", wasm: "client" },
  { path: "./svelte", file: "svelte", source: "svelte", wasm: "client" },
  { path: "./solid", file: "solid", source: "solid", wasm: "client" },
  { path: "./plugin", file: "plugin", source: "plugin", wasm: "gate" },
  { path: "./feeds/redis", file: "feeds-redis", source: "revocation/feeds/redis" },
  { path: "./feeds/postgres", file: "feeds-postgres", source: "revocation/feeds/postgres" },
  { path: "./next", file: "next", source: "next", wasm: "gate" },
  { path: "./sveltekit", file: "sveltekit", source: "sveltekit" },
  { path: "./hono", file: "hono", source: "hono" },
  { path: "./express", file: "express", source: "express" },
  { path: "./fastify", file: "fastify", source: "fastify" },
  { path: "./react-router", file: "react-router", source: "react-router" },
  { path: "./tanstack-start", file: "tanstack-start", source: "tanstack-start" },
  { path: "./nuxt", file: "nuxt", source: "nuxt" },
  { path: "./nitro", file: "nitro", source: "nitro" },
  { path: "./astro", file: "astro", source: "astro" },
  { path: "./elysia", file: "elysia", source: "elysia" },
];

/** The export conditions that select how a module is loaded; the first that a bundler or runtime supports applies. */
export const platformsOf = (wasm) => (wasm ? ["edge-light", "workerd", ...(wasm === "client" ? ["react-native"] : [])] : []);

/** Returns the `exports` of package.json. `types` is nested, because ESM and CommonJS importers need different files. */
export function packageExports() {
  const map = {};
  for (const { path, file, wasm } of entries) {
    const types = `./dist/${file}.d.ts`;
    const conditions = platformsOf(wasm).map((name) => [name, { types, default: `./dist/${file}.${name}.js` }]);
    const require = { types: `./dist/${file}.d.cts`, default: `./dist/${file}.cjs` };
    // Bundlers import the module for `require` as well; Jest's edge environment, which knows no "module", needs CommonJS.
    const edge = conditions.map(([name, target]) => [name, name === "edge-light" ? { module: target, require, default: target } : target]);
    map[path] = {
      ...Object.fromEntries(edge),
      require,
      default: { types, default: `./dist/${file}.js` },
    };
  }
  map["./core.wasm"] = { types: "./dist/core.wasm.d.ts", default: "./dist/core.wasm" };
  map["./package.json"] = "./package.json";
  return map;
}

/** Returns the `typesVersions` of package.json: the entries for `moduleResolution: "node"`, which reads no `exports`. */
export function typesVersions() {
  const named = entries.filter(({ path }) => path !== ".").map(({ path, file }) => [path.slice(2), [`./dist/${file}.d.ts`]]);
  return { "*": Object.fromEntries([...named, ["core.wasm", ["./dist/core.wasm.d.ts"]]]) };
}

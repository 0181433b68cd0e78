// The package's entries: one table for package.json, the build, the size report and the tests.

/** Entries that stand on core.wasm have one file a condition; the others are plain JavaScript. */
export const entries = [
  { path: ".", file: "index", module: "index", core: true },
  { path: "./cookies", file: "cookies", module: "cookies", core: true },
  { path: "./explain", file: "explain", module: "explain", core: true },
  { path: "./edge", file: "edge", module: "edge/index", core: true },
  { path: "./slim", file: "slim", module: "slim", core: false },
  { path: "./client", file: "client", module: "client/index", core: false },
  { path: "./react", file: "react", module: "react", core: false },
  { path: "./plugin", file: "plugin", module: "plugin", core: true },
];

/** Where core.wasm comes from, by export condition; the first that a bundler or runtime knows wins. */
export const platforms = ["edge-light", "workerd"];

/** The `exports` of package.json. `types` is nested: ESM and CommonJS importers need different ones. */
export function packageExports() {
  const map = {};
  for (const { path, file, core } of entries) {
    const types = `./dist/${file}.d.ts`;
    const conditions = core ? platforms.map((name) => [name, { types, default: `./dist/${file}.${name}.js` }]) : [];
    map[path] = {
      ...Object.fromEntries(conditions),
      require: { types: `./dist/${file}.d.cts`, default: `./dist/${file}.cjs` },
      default: { types, default: `./dist/${file}.js` },
    };
  }
  map["./core.wasm"] = "./dist/core.wasm";
  map["./package.json"] = "./package.json";
  return map;
}

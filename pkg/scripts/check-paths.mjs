// Nothing of the machine that built a module may be inside it: paths are remapped, then looked for.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { homedir, hostname, userInfo } from "node:os";
import { join } from "node:path";
import { root } from "./paths.mjs";

const cargoHome = () => process.env.CARGO_HOME ?? join(homedir(), ".cargo");

/** The folders of crates' sources; their names hold the registry's host. */
function registrySources() {
  const folder = join(cargoHome(), "registry/src");
  return existsSync(folder) ? readdirSync(folder).map((name) => ({ name, path: join(folder, name) })) : [];
}

const sysroot = () => execFileSync("rustc", ["--print", "sysroot"], { cwd: root, encoding: "utf8" }).trim();

/** `[prefix, what stands in its place]` for rustc's --remap-path-prefix; a later one wins over an earlier. */
export function machinePaths() {
  return [[root, "better-session"], [sysroot(), "rust"], ...registrySources().map(({ path }) => [path, "crates"])];
}

/** Throws when a module holds a path of this machine, a registry's host name or somebody's name. */
export function assertNoPaths(wasm, name) {
  const telling = [homedir(), cargoHome(), root, sysroot(), "registry/src", ...registrySources().map((source) => source.name)];
  if (userInfo().username.length > 4) telling.push(userInfo().username);
  if (hostname().length > 4) telling.push(hostname());
  const hosts = telling.flatMap((text) => /([a-z0-9-]+\.)+[a-z]{2,}/.exec(text)?.[0] ?? []);
  const found = strings(wasm).filter((text) => [...telling, ...hosts].some((word) => text.includes(word)));
  if (found.length > 0) {
    throw new Error(`${name} holds ${found.length} strings of this machine, the first: ${found[0].slice(0, 120)}`);
  }
}

/** Returns what `strings` prints: runs of six or more printable characters. */
function strings(bytes) {
  return bytes.toString("latin1").match(/[\x20-\x7e]{6,}/g) ?? [];
}

// Keeps paths and names of the build machine out of the modules: remaps them and checks the result.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { homedir, hostname, userInfo } from "node:os";
import { join } from "node:path";
import { root } from "./paths.mjs";

const cargoHome = () => process.env.CARGO_HOME ?? join(homedir(), ".cargo");

/** Returns the folders of the crates' sources; their names contain the registry's host. */
function registrySources() {
  const folder = join(cargoHome(), "registry/src");
  return existsSync(folder) ? readdirSync(folder).map((name) => ({ name, path: join(folder, name) })) : [];
}

const sysroot = () => execFileSync("rustc", ["--print", "sysroot"], { cwd: root, encoding: "utf8" }).trim();

/** Returns `[prefix, replacement]` pairs for rustc's --remap-path-prefix; later pairs take precedence. */
export function machinePaths() {
  return [[root, "better-session"], [sysroot(), "rust"], ...registrySources().map(({ path }) => [path, "crates"])];
}

/** Throws if a module contains a path of this machine, its host or user name, or the host name of a registry. */
export function assertNoPaths(wasm, name) {
  const forbidden = [homedir(), cargoHome(), root, sysroot(), "registry/src", ...registrySources().map((source) => source.name)];
  if (userInfo().username.length > 4) forbidden.push(userInfo().username);
  if (hostname().length > 4) forbidden.push(hostname());
  const hosts = forbidden.flatMap((text) => /([a-z0-9-]+\.)+[a-z]{2,}/.exec(text)?.[0] ?? []);
  const found = strings(wasm).filter((text) => [...forbidden, ...hosts].some((word) => text.includes(word)));
  if (found.length > 0) {
    throw new Error(`${name} contains ${found.length} strings of this machine, the first one is ${found[0].slice(0, 120)}`);
  }
}

/** Returns the runs of six or more printable characters. */
function strings(bytes) {
  return bytes.toString("latin1").match(/[\x20-\x7e]{6,}/g) ?? [];
}

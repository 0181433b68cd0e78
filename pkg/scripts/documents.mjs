// Copies the documents into the package: npm packs no files from outside its folder.
import { copyFileSync, cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { notices } from "./notices.mjs";
import { pkg, root } from "./paths.mjs";

export const NOTICES = "THIRD-PARTY-NOTICES";

/** Documents at the root, and the folders with what they link to. */
const FILES = ["README.md", "SECURITY.md", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE-MIT", "LICENSE-APACHE"];
const FOLDERS = ["docs", "examples"];

/** Copies the repository's documents into the package's folder and writes the notices there. */
export async function writeDocuments() {
  for (const name of FILES) copyFileSync(join(root, name), join(pkg, name));
  for (const name of FOLDERS) {
    rmSync(join(pkg, name), { recursive: true, force: true });
    cpSync(join(root, name), join(pkg, name), { recursive: true, filter: (path) => !/\/(node_modules|\.wrangler)$/.test(path) });
  }
  // Only the repository has the crate beside the example, and its lock file names it without a source.
  rmSync(join(pkg, "examples/workers-rs/Cargo.lock"));
  const manifest = join(pkg, "examples/workers-rs/Cargo.toml");
  writeFileSync(manifest, readFileSync(manifest, "utf8").replace('path = "../..", ', ""));
  writeFileSync(join(pkg, NOTICES), await notices());
}

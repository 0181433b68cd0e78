// Copies the documents into the package: npm packs no files from outside its folder.
import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { notices } from "./notices.mjs";
import { pkg, root } from "./paths.mjs";

export const NOTICES = "THIRD-PARTY-NOTICES";

/** Copies the repository's documents into the package's folder and writes the notices there. */
export async function writeDocuments() {
  for (const name of ["README.md", "SECURITY.md", "LICENSE-MIT", "LICENSE-APACHE"]) copyFileSync(join(root, name), join(pkg, name));
  writeFileSync(join(pkg, NOTICES), await notices());
}

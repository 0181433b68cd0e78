/** A scheme with an authority: the URLs that Better Auth's `$fetch` takes as absolute. */
const ABSOLUTE = /^[a-z][a-z\d+.-]*:\/\/[^/?#]/i;

/** Joins property names by `/` for the wasm side, which refuses whatever is no name; a slash inside a name is none. */
export function joinNames(names: string[]): string {
  return names.map((name) => name.replaceAll("/", "?")).join("/");
}

/**
 * Returns where `$fetch(path)` goes: an absolute URL as it stands, everything else as a path below `base`. Empty, and so refused, is a path
 * that leaves it (`/../x`, or `//host` where there is no base).
 */
export function fetchTarget(base: string, path: unknown): string {
  const given = String(path);
  if (ABSOLUTE.test(given)) return given;
  const below = given.startsWith("/") ? given : `/${given}`;
  // A page without a base resolves against itself; any origin shows whether it would be left.
  const resolve = (url: string) => new URL(url, "http://page.invalid").href;
  try {
    return resolve(base + below).startsWith(resolve(`${base}/`)) ? below : "";
  } catch {
    return "";
  }
}

/** A scheme with an authority: the URLs that Better Auth's `$fetch` takes as absolute. */
const ABSOLUTE = /^[a-z][a-z\d+.-]*:\/\/[^/?#]/i;

/** Joins property names by `/` for the module, which rejects invalid names; a slash inside a name is invalid. */
export function joinNames(names: string[]): string {
  return names.map((name) => name.replaceAll("/", "?")).join("/");
}

/** Returns the URL of a path below `base`, or an absolute URL as it is. */
export function pathBelow(base: string, path: string): string {
  if (ABSOLUTE.test(path)) return path;
  return base + (path[0] === "/" ? path : `/${path}`);
}

/**
 * Returns the target of `$fetch(path)`: an absolute URL as it is, everything else as a path below `base`. A path that leaves it (`/../x`, or
 * `//host` without a base) is empty, which is refused.
 */
export function fetchTarget(base: string, path: unknown): string {
  const given = String(path);
  if (ABSOLUTE.test(given)) return given;
  // A page without a base resolves against itself; any origin shows whether it would be left.
  const resolve = (url: string) => new URL(url, "http://page.invalid").href;
  try {
    return resolve(pathBelow(base, given)).startsWith(resolve(`${base}/`)) ? pathBelow("", given) : "";
  } catch {
    return "";
  }
}

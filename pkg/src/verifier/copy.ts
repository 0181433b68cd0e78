/** Copies of remembered results, so that no caller can change what another receives. */

/** Returns a deep copy of parsed JSON and of the `Date`s in it. The core bounds its depth. */
export function copyOf<T>(value: T): T {
  if (value instanceof Date) return new Date(value.getTime()) as T;
  if (Array.isArray(value)) return value.map((one) => copyOf(one)) as T;
  if (typeof value !== "object" || value === null) return value;
  // Members of the copy are its own, `__proto__` too.
  const copy = { ...value } as T & Record<string, unknown>;
  for (const name of Object.keys(copy)) {
    const member = copy[name];
    if (typeof member === "object" && member !== null) (copy as Record<string, unknown>)[name] = copyOf(member);
  }
  return copy;
}

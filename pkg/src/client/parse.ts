/** Parses the JSON of responses: dates become `Date`s, and keys that could reach a prototype are left out. */
const ISO_DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?(Z|[+-]\d\d:\d\d)$/;

/** Revives dates, and leaves out keys that could reach a prototype. */
function revive(key: string, value: unknown): unknown {
  if (key === "__proto__" || (key === "constructor" && value && typeof value === "object" && "prototype" in value)) return;
  if (typeof value !== "string" || !ISO_DATE.test(value)) return value;
  const date = new Date(value);
  return isNaN(+date) ? value : date;
}

/** Returns the value of a JSON text, or `undefined` if it is invalid. */
export function parseJSON(text: string): unknown {
  try {
    return JSON.parse(text, revive);
  } catch {
    return undefined;
  }
}

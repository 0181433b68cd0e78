// Truncated and non-canonical forms of a cache value, for any strategy: `[name, value, reason?]`.

/** Returns all forms. `reason` is missing if it is the usual one for a malformed value. */
export function nonCanonical(value, flipped = "cache_bad_signature") {
  const middle = Math.floor(value.length / 2);
  const at = (place, change) => value.slice(0, place) + change(value[place]) + value.slice(place + 1);
  const other = (character) => (character === "A" ? "B" : "A");
  return [
    ["cut by one character", value.slice(0, -1)],
    ["cut by four characters", value.slice(0, -4)],
    ["its second half", value.slice(middle)],
    ["its first half", value.slice(0, middle)],
    ["one character more", `${value}A`],
    ["padded", `${value}=`],
    ["padded twice", `${value}==`],
    ["a blank at its end, escaped", `${value}%20`],
    ["a line break in its middle, escaped", `${value.slice(0, middle)}%0a${value.slice(middle)}`],
    ["a plus sign in it", at(middle, () => "+")],
    ["a slash in it", at(middle, () => "/")],
    ["a letter of another script in it, escaped", at(middle, () => "%D0%90")],
    ["a dot at its end", `${value}.`],
    ["two dots at its end", `${value}..`],
    ["a character changed in its middle", at(middle, other), flipped],
  ];
}

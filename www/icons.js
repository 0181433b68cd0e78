// The icons of verdicts.
import { s } from "./dom.js";

const PATHS = {
  laptop: "M5 5.5h14v9.5H5zM2.5 18.5h19",
  phone: "M8 3h8a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM11 18h2",
};

/** Creates an icon. It is hidden from screen readers, because a text beside it says the same. */
export function icon(kind) {
  return s(
    "svg.icon",
    { viewBox: "0 0 24 24", width: 24, height: 24, "aria-hidden": "true" },
    s("path", {
      d: PATHS[kind],
      fill: "none",
      stroke: "currentColor",
      "stroke-width": 1.5,
      "stroke-linecap": "round",
      "stroke-linejoin": "round",
    }),
  );
}

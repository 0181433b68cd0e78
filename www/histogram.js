// A chart of durations as strokes on a logarithmic axis, one row for each library.

import { h, s } from "./dom.js";

const [LOW, HIGH] = [1, 10_000];
const TICKS = [
  [1, "1 µs"],
  [10, "10 µs"],
  [100, "100 µs"],
  [1000, "1 ms"],
  [10_000, "10 ms"],
];
const HEIGHT = 44;

/** Creates the chart. `rows` is [{ id, title, subtitle }]. */
export function createHistogram(rows) {
  const drawn = rows.map(({ id, title, subtitle }) => {
    const strokes = s("g", {});
    const middle = s("line.middle", { y1: 4, y2: HEIGHT, visibility: "hidden" });
    const figure = h("strong.figure", {}, "–");
    const element = h(
      "div.chart-row",
      {},
      h(
        "div.chart-head",
        {},
        h("div", {}, h("h3", {}, title), h("p.fine", {}, subtitle)),
        h("p.chart-state", {}, figure, h("span", {}, "median for a verdict")),
      ),
      s(
        "svg.track",
        { width: "100%", height: HEIGHT, "aria-hidden": "true" },
        TICKS.slice(1, -1).map(([value]) => s("line.dashed", { x1: x(value), x2: x(value), y1: 0, y2: HEIGHT })),
        s("line.ground", { x1: 0, x2: "100%", y1: HEIGHT - 0.5, y2: HEIGHT - 0.5 }),
        strokes,
        middle,
      ),
    );
    return { id, element, strokes, middle, figure };
  });
  return {
    element: h(
      "div.chart.histogram",
      {},
      drawn.map(({ element }) => element),
      s(
        "svg.axis",
        { width: "100%", height: 24, "aria-hidden": "true" },
        TICKS.map(([value, label], index) =>
          s(`text${index === 0 ? ".first" : index === TICKS.length - 1 ? ".last" : ""}`, { x: x(value), y: 16 }, label),
        ),
      ),
    ),
    /** Draws `times`, arrays of microseconds by row id; null clears the chart. */
    show(times) {
      for (const { id, strokes, middle, figure } of drawn) {
        const values = times?.[id] ?? [];
        strokes.replaceChildren(...values.map((value) => s("line.in", { x1: x(value), x2: x(value), y1: 14, y2: HEIGHT - 6 })));
        middle.setAttribute("visibility", values.length ? "visible" : "hidden");
        if (values.length) for (const name of ["x1", "x2"]) middle.setAttribute(name, x(median(values)));
        figure.textContent = values.length ? micros(median(values)) : "–";
      }
    },
  };
}

export function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

/** Returns "8.3 µs", "270 µs" or "1.2 ms". */
export function micros(value) {
  if (value >= 1000) return `${(value / 1000).toFixed(1)} ms`;
  return `${value < 100 ? value.toFixed(1) : Math.round(value)} µs`;
}

function x(value) {
  const clamped = Math.max(LOW, Math.min(HIGH, value));
  return `${((Math.log(clamped / LOW) / Math.log(HIGH / LOW)) * 100).toFixed(2)}%`;
}

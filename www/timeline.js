// A chart of requests over time, one row for each server. Each stroke is a request: tall if it was allowed, red if it should not have been, short if it was refused, a ring if no response came.

import { h, s } from "./dom.js";

const SECONDS_BEFORE = 3;
const SECONDS_AFTER = 4;
const HEIGHT = 56;

/** Creates the chart. `rows` is [{ id, title, subtitle }]; `seconds` is the lifetime of a cached session. Times are seconds after the revocation. */
export function createTimeline(rows, seconds) {
  const [from, to] = [-SECONDS_BEFORE, seconds + SECONDS_AFTER];
  const x = (at) => `${(((at - from) / (to - from)) * 100).toFixed(3)}%`;
  const tracks = Object.fromEntries(rows.map((row) => [row.id, createTrack(row, x, seconds)]));
  const element = h("div.chart", {}, ...Object.values(tracks).map((track) => track.element), axis(x, seconds));

  return {
    element,
    inView: (at) => at >= from && at <= to,
    clear: () => {
      for (const track of Object.values(tracks)) track.clear();
    },
    addStroke: (row, at, allowed) => tracks[row].addStroke(at, allowed),
    /** Moves all strokes `by` seconds to the left and removes those that leave the chart. */
    move: (by) => {
      for (const track of Object.values(tracks)) track.move(by, from);
    },
    /** Shades the time in which a revoked device was still allowed. */
    setBand: (row, until) => tracks[row].setBand(until),
    setState: (row, figure, words, tone) => tracks[row].setState(figure, words, tone),
    showRevocation: (on) => element.classList.toggle("after-revocation", on),
  };
}

function createTrack({ title, subtitle }, x, seconds) {
  const band = s("rect.band", { x: x(0), y: 0, width: 0, height: HEIGHT });
  const strokes = s("g", {});
  const upright = (at, name) => s(`line.${name}`, { x1: x(at), x2: x(at), y1: 0, y2: HEIGHT });
  const figure = h("strong.figure", {}, "–");
  const words = h("span", {}, "");
  const state = h("p.chart-state", {}, figure, words);
  const zero = parseFloat(x(0));
  let placed = [];

  return {
    element: h(
      "div.chart-row",
      {},
      h("div.chart-head", {}, h("div", {}, h("h3", {}, title), h("p.fine", {}, subtitle)), state),
      s(
        "svg.track",
        { width: "100%", height: HEIGHT, "aria-hidden": "true" },
        band,
        upright(seconds, "dashed"),
        s("line.ground", { x1: 0, x2: "100%", y1: HEIGHT - 0.5, y2: HEIGHT - 0.5 }),
        upright(0, "revoked"),
        strokes,
      ),
    ),
    clear() {
      placed = [];
      strokes.replaceChildren();
      this.setBand(0);
      this.setState("–", "", "");
    },
    addStroke(at, allowed) {
      const shape =
        allowed === null
          ? s("circle.none", { cy: HEIGHT - 12, r: 3 })
          : s(
              `line.${!allowed ? "out" : at > 0 ? "wrong" : "in"}`,
              allowed ? { y1: 10, y2: HEIGHT - 6 } : { y1: HEIGHT - 20, y2: HEIGHT - 6 },
            );
      place(shape, x(at));
      strokes.append(shape);
      placed.push({ shape, at });
    },
    move(by, from) {
      for (const stroke of placed) place(stroke.shape, x((stroke.at -= by)));
      while (placed[0]?.at < from) placed.shift().shape.remove();
    },
    setBand: (until) => band.setAttribute("width", `${Math.max(0, parseFloat(x(until)) - zero)}%`),
    setState(number, text, tone) {
      figure.textContent = number;
      words.textContent = text;
      state.className = `chart-state ${tone}`;
    },
  };
}

function place(shape, x) {
  for (const name of shape.tagName === "circle" ? ["cx"] : ["x1", "x2"]) shape.setAttribute(name, x);
}

function axis(x, seconds) {
  const step = seconds > 20 ? 10 : 5;
  const ticks = Array.from({ length: Math.floor(seconds / step) + 1 }, (_, index) => index * step);
  return s(
    "svg.axis",
    { width: "100%", height: 40, "aria-hidden": "true" },
    ticks.map((at) => s("text", { x: x(at), y: 16 }, at === 0 ? "revoked" : `${at} s`)),
    s("text.expiry", { x: x(seconds), y: 34 }, "cache expires"),
  );
}

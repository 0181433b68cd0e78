// Lanes on a time axis. Every stroke is a request: tall when it was let in, red when it should not have been, short when it was refused, a ring when nobody answered.

import { h, s } from "./dom.js";

const BEFORE = 3;
const AFTER = 4;
const HEIGHT = 56;

/** `lanes`: [{ id, title, subtitle }]; `seconds` is how long a cached copy lives. Times are seconds after the revocation. */
export function createTimeline(lanes, seconds) {
  const [from, to] = [-BEFORE, seconds + AFTER];
  const x = (at) => `${(((at - from) / (to - from)) * 100).toFixed(3)}%`;
  const tracks = Object.fromEntries(lanes.map((lane) => [lane.id, createTrack(lane, x, seconds)]));
  const element = h("div.lanes", {}, ...Object.values(tracks).map((track) => track.element), axis(x, seconds));

  return {
    element,
    /** Where time is before the revocation: strokes stand at "now", the older ones move away to the left. */
    before: BEFORE,
    inView: (at) => at >= from && at <= to,
    clear: () => { for (const track of Object.values(tracks)) track.clear(); },
    stroke: (lane, at, letIn) => tracks[lane].stroke(at, letIn),
    move: (by) => { for (const track of Object.values(tracks)) track.move(by, from); },
    /** The time a revoked device was still let in. */
    band: (lane, until) => tracks[lane].band(until),
    say: (lane, figure, words, tone) => tracks[lane].say(figure, words, tone),
    marked: (on) => element.classList.toggle("marked", on),
  };
}

function createTrack({ title, subtitle }, x, seconds) {
  const band = s("rect.band", { x: x(0), y: 0, width: 0, height: HEIGHT });
  const strokes = s("g", {});
  const upright = (at, name) => s(`line.${name}`, { x1: x(at), x2: x(at), y1: 0, y2: HEIGHT });
  const figure = h("strong.figure", {}, "–");
  const words = h("span", {}, "");
  const state = h("p.lane-state", {}, figure, words);
  const zero = parseFloat(x(0));
  let placed = [];

  return {
    element: h("div.lane", {},
      h("div.lane-head", {}, h("div", {}, h("h3", {}, title), h("p.fine", {}, subtitle)), state),
      s("svg.track", { width: "100%", height: HEIGHT, "aria-hidden": "true" },
        band, upright(seconds, "lapse"), s("line.ground", { x1: 0, x2: "100%", y1: HEIGHT - 0.5, y2: HEIGHT - 0.5 }), upright(0, "revoked"), strokes)),
    clear() {
      placed = [];
      strokes.replaceChildren();
      this.band(0);
      this.say("–", "", "");
    },
    stroke(at, letIn) {
      const mark = letIn === null ? s("circle.none", { cy: HEIGHT - 12, r: 3 }) : s(`line.${!letIn ? "out" : at > 0 ? "wrong" : "in"}`, letIn ? { y1: 10, y2: HEIGHT - 6 } : { y1: HEIGHT - 20, y2: HEIGHT - 6 });
      place(mark, x(at));
      strokes.append(mark);
      placed.push({ mark, at });
    },
    move(by, from) {
      for (const one of placed) place(one.mark, x((one.at -= by)));
      while (placed[0]?.at < from) placed.shift().mark.remove();
    },
    band: (until) => band.setAttribute("width", `${Math.max(0, parseFloat(x(until)) - zero)}%`),
    say(number, text, tone) {
      figure.textContent = number;
      words.textContent = text;
      state.className = `lane-state ${tone}`;
    },
  };
}

function place(mark, x) {
  for (const name of mark.tagName === "circle" ? ["cx"] : ["x1", "x2"]) mark.setAttribute(name, x);
}

function axis(x, seconds) {
  const step = seconds > 20 ? 10 : 5;
  const ticks = Array.from({ length: Math.floor(seconds / step) + 1 }, (_, index) => index * step);
  return s("svg.axis", { width: "100%", height: 40, "aria-hidden": "true" },
    ticks.map((at) => s("text", { x: x(at), y: 16 }, at === 0 ? "revoked" : `${at} s`)),
    s("text.lapse", { x: x(seconds), y: 34 }, "copy lapses"));
}

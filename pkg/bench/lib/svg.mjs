// Draws the picture of docs/performance.md: time over the length of a header, and the distribution of the gate's own part.

const WIDTH = 880;
const HEIGHT = 380;
const PLOT = { top: 56, bottom: 320, width: 340 };
const COLORS = ["#1f6feb", "#bf5b04", "#1a7f37"];

/** Returns the SVG. `lengths` are points by strategy, `latency` the samples of the gate in microseconds by candidate. */
export function picture({ lengths, latency }, caption) {
  const parts = [text(WIDTH / 2, HEIGHT - 8, caption, "middle", 11)];
  parts.push(...lengthChart(lengths, 60), ...latencyChart(latency, 500));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" font-family="system-ui, sans-serif" aria-label="Time of a verification over the length of the header, and the distribution of the gate's own part of a request">
<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>
${parts.join("\n")}
</svg>
`;
}

function lengthChart(lengths, left) {
  const all = Object.values(lengths).flat();
  const x = scale(0, Math.max(...all.map(({ bytes }) => bytes)), left, left + PLOT.width);
  const y = scale(0, Math.max(...all.map(({ today, v010 }) => Math.max(today, v010))), PLOT.bottom, PLOT.top);
  const parts = [text(left, 28, "verify, first sight: µs over kB of header", "start", 14, "bold")];
  parts.push(
    ...axes(
      left,
      ticks(x.to, 5).map((bytes) => [x(bytes), (bytes / 1000).toFixed(0)]),
      ticks(y.to, 5).map((time) => [y(time), time.toFixed(0)]),
    ),
  );
  for (const [index, [strategy, points]] of Object.entries(lengths).entries()) {
    const line = (name) => points.map((point) => [x(point.bytes), y(point[name])]);
    parts.push(polyline(line("today"), COLORS[index]), polyline(line("v010"), COLORS[index], "4 4"));
    parts.push(text(left + 12, PLOT.top + 6 + index * 16, strategy, "start", 12, "normal", COLORS[index]));
  }
  parts.push(text(left + 12, PLOT.top + 6 + 3 * 16, "dashed: 0.1.0", "start", 12));
  return parts;
}

/** Draws the share of calls that take at most a time, on a logarithmic axis. */
function latencyChart(latency, left) {
  const shown = {
    "today get-session": "get-session",
    "v010 get-session": "get-session, 0.1.0",
    "today page": "page",
    "v010 page": "page, 0.1.0",
  };
  const sorted = Object.fromEntries(Object.keys(shown).map((name) => [name, [...latency[name]].sort((one, two) => one - two)]));
  const at = (values, share) => Math.max(1, values[Math.min(values.length - 1, Math.floor(share * values.length))]);
  const greatest = Math.max(...Object.values(sorted).map((values) => at(values, 0.995)));
  const x = scale(0, Math.log10(greatest), left, left + PLOT.width);
  const y = scale(0, 1, PLOT.bottom, PLOT.top);
  const decades = Array.from({ length: Math.floor(Math.log10(greatest)) + 1 }, (_, power) => [x(power), `${10 ** power}`]);
  const parts = [text(left, 28, "the gate in workerd: share of calls within µs", "start", 14, "bold")];
  parts.push(
    ...axes(
      left,
      decades,
      [0, 0.25, 0.5, 0.75, 1].map((share) => [y(share), `${share * 100} %`]),
    ),
  );
  for (const [index, [name, label]] of Object.entries(shown).entries()) {
    const shares = Array.from({ length: 200 }, (_, step) => (step / 199) * 0.995);
    const color = COLORS[index >> 1];
    parts.push(
      polyline(
        shares.map((share) => [x(Math.log10(at(sorted[name], share))), y(share)]),
        color,
        index % 2 ? "4 4" : "",
      ),
    );
    parts.push(
      text(left + PLOT.width - 8, PLOT.bottom - 60 + index * 16, `${label}${index % 2 ? " (dashed)" : ""}`, "end", 12, "normal", color),
    );
  }
  return parts;
}

function axes(left, xs, ys) {
  const line = (x1, y1, x2, y2, color) => `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${color}"/>`;
  return [
    ...ys.map(([y]) => line(left, round(y), left + PLOT.width, round(y), "#e5e7eb")),
    ...ys.map(([y, label]) => text(left - 6, y + 4, label, "end", 11)),
    ...xs.map(([x, label]) => text(x, PLOT.bottom + 18, label, "middle", 11)),
    line(left, PLOT.bottom, left + PLOT.width, PLOT.bottom, "#57606a"),
    line(left, PLOT.top, left, PLOT.bottom, "#57606a"),
  ];
}

function scale(from, to, start, end) {
  const at = (value) => start + ((value - from) / (to - from)) * (end - start);
  return Object.assign(at, { to });
}

/** Returns round values from 0 up to `greatest`. */
function ticks(greatest, count) {
  const rough = greatest / count;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((factor) => factor * unit >= rough) * unit;
  return Array.from({ length: Math.floor(greatest / step) + 1 }, (_, index) => index * step);
}

const round = (value) => Number(value.toFixed(1));

function polyline(points, color, dashes = "") {
  const path = points.map(([x, y]) => `${round(x)},${round(y)}`).join(" ");
  return `<polyline points="${path}" fill="none" stroke="${color}" stroke-width="2"${dashes ? ` stroke-dasharray="${dashes}"` : ""}/>`;
}

function text(x, y, words, anchor, size, weight = "normal", color = "#24292f") {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" font-size="${size}" font-weight="${weight}" fill="${color}">${words}</text>`;
}

// The charts of a card: the risk over past nights, the index with its path, signs of life by week.

const WIDTH = 280;
const HEIGHT = 150;

function chart(label, ...children) {
  return draw("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label, class: "chart" }, ...children);
}

const word = (x, y, text, anchor = "start") => draw("text", { x, y, "text-anchor": anchor }, text);
const rule = (x1, y1, x2, y2) => draw("line", { x1, y1, x2, y2, class: "rule" });
const trace = (points) => points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");

// Points of a path are [days back, risk, people, product].
function risks(path) {
  const known = path.filter((point) => point[1] !== null);
  if (!known.length) return null;
  const left = 30, right = WIDTH - 34, top = 12, bottom = HEIGHT - 22;
  const furthest = Math.max(1, known[0][0]);
  const x = (back) => right - (back / furthest) * (right - left);
  const y = (risk) => bottom - risk * (bottom - top);
  const grid = [0, 0.5, 1].map((at) => [rule(left, y(at), right, y(at)), word(left - 4, y(at) + 4, percent(at), "end")]);
  const line = draw("polyline", { points: trace(known.map((p) => [x(p[0]), y(p[1])])), class: "line" });
  const last = known[known.length - 1];
  return chart(
    `Risk over past nights, now ${percent(last[1])}`, ...grid.flat(), line,
    draw("circle", { cx: x(last[0]), cy: y(last[1]), r: 3.5, class: "dot" }),
    word(right + 6, y(last[1]) + 4, percent(last[1])),
    word(left, HEIGHT - 6, `${days(furthest)} ago`), word(right, HEIGHT - 6, "now", "end"),
  );
}

function index(path) {
  const known = path.filter((point) => point[2] !== null && point[3] !== null);
  if (!known.length) return null;
  const left = 70, right = 210, top = 6, bottom = 132;
  const x = (people) => left + (people / 10) * (right - left);
  const y = (product) => bottom - (product / 10) * (bottom - top);
  const field = (state, at, up) => draw("rect", {
    x: x(at), y: y(up + 5), width: (right - left) / 2, height: (bottom - top) / 2, class: `field is-${state}`,
  });
  const steps = known.map((p) => [x(p[2]), y(p[3])]);
  const [nowX, nowY] = steps[steps.length - 1];
  return chart(
    "Where the account stands on the index, and the way there",
    field("poor", 0, 0), field("people_carried", 5, 0), field("product_carried", 0, 5), field("exceptional", 5, 5),
    draw("polyline", { points: trace(steps), class: "way" }),
    ...steps.slice(0, -1).map(([cx, cy]) => draw("circle", { cx, cy, r: 2, class: "step" })),
    draw("circle", { cx: nowX, cy: nowY, r: 4.5, class: "dot" }),
    word(left - 6, (top + bottom) / 2, "product", "end"), word((left + right) / 2, HEIGHT - 4, "people", "middle"),
  );
}

function life(weeks) {
  const most = Math.max(...weeks, 1), bottom = HEIGHT - 22, wide = WIDTH / weeks.length;
  const bars = weeks.map((signs, place) => {
    const height = signs ? Math.max(2, (signs / most) * (bottom - 14)) : 0;
    return draw("rect", { x: place * wide + 1, y: bottom - height, width: wide - 2, height, class: "bar" });
  });
  return chart(
    `Signs of life in each of ${weeks.length} weeks, the newest ${weeks[weeks.length - 1]}`,
    ...bars, rule(0, bottom, WIDTH, bottom),
    word(0, 10, `most in a week: ${most}`), word(0, HEIGHT - 6, `${weeks.length} weeks ago`), word(WIDTH, HEIGHT - 6, "now", "end"),
  );
}

// What is drawn on canvas: fields, points, arrows, the generator's grid, and curves.

/** Base64 as bytes. */
export const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
/** Base64 as little-endian float32. */
export const floats = (text) => new Float32Array(bytes(text).buffer);

const isDark = () => matchMedia("(prefers-color-scheme: dark)").matches;
// Blue and orange are told apart by the colour-blind; shapes say it once more.
const ends = { real: [5, 113, 176], fake: [230, 97, 1] };

/** The canvas's context, as many pixels as the screen has there. */
function prepared(canvas) {
  const scale = devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
  }
  const context = canvas.getContext("2d");
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}

const palette = new Map();
/** 256 colours: orange, paper, blue; the last one for what is unknown. */
function colours() {
  const key = isDark();
  if (!palette.has(key)) {
    const middle = key ? [34, 38, 45] : [246, 246, 244];
    const unknown = key ? [70, 75, 82] : [196, 199, 203];
    palette.set(key, Array.from({ length: 256 }, (_, code) => {
      if (code === 255) return unknown;
      const share = code / 254;
      const end = share < 0.5 ? ends.fake : ends.real;
      const strength = Math.abs(share - 0.5) * 2 * 0.8;
      return middle.map((value, place) => value + (end[place] - value) * strength);
    }));
  }
  return palette.get(key);
}

const tile = document.createElement("canvas");
/** Fills a canvas with a field of bytes, row after row from below. */
function paintField(context, width, height, codes) {
  const side = Math.round(Math.sqrt(codes.length));
  if (side === 0) return;
  tile.width = tile.height = side;
  const inner = tile.getContext("2d");
  const image = inner.createImageData(side, side);
  const known = colours();
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const colour = known[codes[(side - 1 - row) * side + column]];
      image.data.set([colour[0], colour[1], colour[2], 255], 4 * (row * side + column));
    }
  }
  inner.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = true;
  context.drawImage(tile, 0, 0, width, height);
}

/** The optimum beside the field. */
export function drawField(canvas, text) {
  const { context, width, height } = prepared(canvas);
  paintField(context, width, height, bytes(text));
}

/** Places of the view on a canvas. */
export const placing = (view, width, height) => ({
  x: (x) => ((x - view.x) / view.half + 1) * width / 2,
  y: (y) => (1 - (y - view.y) / view.half) * height / 2,
});

/** The world, what D thinks, what G makes, and what its points receive. */
export function drawWorld(canvas, frame, view, layers, pen) {
  const { context, width, height } = prepared(canvas);
  const place = placing(view, width, height);
  if (layers.field) paintField(context, width, height, bytes(frame.field));
  const ink = isDark() ? "#f2f3f5" : "#16191d";
  if (layers.manifold) drawGrid(context, floats(frame.manifold), frame.manifoldColumns, place, ink);
  if (layers.realPoints) {
    const points = floats(frame.real);
    context.lineWidth = 1.2;
    context.strokeStyle = isDark() ? "#7cc4f5" : "#023a5e";
    context.fillStyle = isDark() ? "#14171c" : "#ffffff";
    for (let i = 0; i < points.length; i += 2) {
      context.beginPath();
      context.arc(place.x(points[i]), place.y(points[i + 1]), 2.6, 0, 7);
      context.fill();
      context.stroke();
    }
  }
  if (layers.samples) {
    const points = floats(frame.samples);
    context.lineWidth = 0.8;
    context.fillStyle = "#e66101";
    context.strokeStyle = isDark() ? "#fff3e6" : "#3b1800";
    for (let i = 0; i < points.length; i += 2) {
      if (!isFinite(points[i]) || !isFinite(points[i + 1])) continue;
      const [x, y] = [place.x(points[i]) - 2.4, place.y(points[i + 1]) - 2.4];
      context.fillRect(x, y, 4.8, 4.8);
      context.strokeRect(x, y, 4.8, 4.8);
    }
  }
  if (layers.arrows) drawArrows(context, floats(frame.arrows), place, width, ink);
  if (pen) drawPen(context, pen, place, ink);
}

/** Arrows of up to an eighth of the picture: lengths are in proportion, the longest as told. */
function drawArrows(context, arrows, place, width, ink) {
  let longest = 0;
  for (let i = 0; i < arrows.length; i += 4) longest = Math.max(longest, Math.hypot(arrows[i + 2], arrows[i + 3]) || 0);
  // Below a hundredth arrows shrink: a gradient that vanishes is to be seen vanishing.
  const scale = (width / 8) / Math.max(longest, 0.25);
  context.strokeStyle = ink;
  context.lineWidth = 1.1;
  context.beginPath();
  for (let i = 0; i < arrows.length; i += 4) {
    const [x, y] = [place.x(arrows[i]), place.y(arrows[i + 1])];
    const [dx, dy] = [arrows[i + 2] * scale, -arrows[i + 3] * scale];
    const length = Math.hypot(dx, dy);
    if (!(length > 0.3) || !isFinite(x) || !isFinite(y)) continue;
    context.moveTo(x, y);
    context.lineTo(x + dx, y + dy);
    const head = Math.min(4, length / 2) / length;
    context.moveTo(x + dx - head * (dx + dy / 2), y + dy - head * (dy - dx / 2));
    context.lineTo(x + dx, y + dy);
    context.lineTo(x + dx - head * (dx - dy / 2), y + dy - head * (dy + dx / 2));
  }
  context.stroke();
}

/** The image of a grid of latents: each of its cells holds as much of the generator's mass. */
function drawGrid(context, points, columns, place, ink) {
  context.strokeStyle = ink;
  context.lineWidth = 0.7;
  context.globalAlpha = 0.55;
  context.beginPath();
  const count = points.length / 2;
  const line = (from, to, by) => {
    for (let i = from; i < to; i += by) {
      const [x, y] = [place.x(points[2 * i]), place.y(points[2 * i + 1])];
      if (!isFinite(x) || !isFinite(y)) continue;
      if (i === from) context.moveTo(x, y);
      else context.lineTo(x, y);
    }
  };
  if (columns === 0) line(0, count, 1);
  for (let row = 0; row < columns; row++) {
    line(row * columns, (row + 1) * columns, 1);
    line(row, count, columns);
  }
  context.stroke();
  context.globalAlpha = 1;
}

function drawPen(context, pen, place, ink) {
  context.fillStyle = isDark() ? "#7cc4f5" : "#0571b0";
  for (const [x, y] of pen.points) context.fillRect(place.x(x) - 2.5, place.y(y) - 2.5, 5, 5);
  context.strokeStyle = ink;
  context.lineWidth = 1.5;
  const [x, y] = [place.x(pen.cross[0]), place.y(pen.cross[1])];
  context.beginPath();
  context.moveTo(x - 9, y);
  context.lineTo(x + 9, y);
  context.moveTo(x, y - 9);
  context.lineTo(x, y + 9);
  context.stroke();
}

const value = (number) => (typeof number === "number" ? number : { Infinity, "-Infinity": -Infinity }[number] ?? NaN);

/**
 * Curves over updates: what is not finite breaks a line and is marked below, so that divergence is seen.
 *
 * @param lines Of `{ name, points: [[x, y], …], dash }`; the first is thick.
 */
export function drawCurves(canvas, lines, number) {
  const { context, width, height } = prepared(canvas);
  const style = getComputedStyle(canvas);
  const [text, muted] = [style.getPropertyValue("--text"), style.getPropertyValue("--muted")];
  const [left, right, top, bottom] = [52, 8, 18, 20];
  const all = lines.flatMap((line) => line.points.map(([x, y]) => [x, value(y)]));
  const finite = all.filter(([, y]) => isFinite(y));
  if (all.length === 0) return;
  const lastX = Math.max(1, ...all.map(([x]) => x));
  let [low, high] = finite.length ? [Math.min(...finite.map(([, y]) => y)), Math.max(...finite.map(([, y]) => y))] : [0, 1];
  if (high - low < 1e-6) [low, high] = [low - 0.5, high + 0.5];
  const room = (high - low) * 0.06;
  [low, high] = [low - room, high + room];
  const x = (update) => left + update / lastX * (width - left - right);
  const y = (number) => top + (high - number) / (high - low) * (height - top - bottom);
  context.font = "11px system-ui, sans-serif";
  context.fillStyle = muted;
  context.strokeStyle = style.getPropertyValue("--line");
  context.lineWidth = 1;
  for (const share of [0, 0.5, 1]) {
    const at = low + room + (high - low - 2 * room) * share;
    context.beginPath();
    context.moveTo(left, y(at));
    context.lineTo(width - right, y(at));
    context.stroke();
    context.textAlign = "right";
    // What is nothing beside the height of the plot is 0, without the digits of rounding.
    context.fillText(number(Math.abs(at) < (high - low) / 1000 ? 0 : at), left - 4, y(at) + 4);
  }
  context.fillText(number(lastX, 6), width - right, height - 5);
  context.textAlign = "left";
  const colours = [isDark() ? "#7fb0ff" : "#0b4285", isDark() ? "#ff9a5c" : "#a33a00"];
  let wordX = 6;
  lines.forEach((line, index) => {
    context.strokeStyle = context.fillStyle = colours[index % 2];
    context.lineWidth = index === 0 ? 2 : 1.5;
    context.setLineDash(line.dash ?? []);
    context.beginPath();
    let isDown = false;
    for (const [update, raw] of line.points) {
      const at = value(raw);
      if (!isFinite(at)) {
        isDown = false;
        continue;
      }
      if (isDown) context.lineTo(x(update), y(at));
      else context.moveTo(x(update), y(at));
      isDown = true;
    }
    context.stroke();
    context.beginPath();
    context.moveTo(wordX, 8);
    context.lineTo(wordX + 14, 8);
    context.stroke();
    context.setLineDash([]);
    context.fillText(line.name, wordX + 18, 12);
    wordX += 26 + context.measureText(line.name).width;
    // A triangle for each place that is NaN or infinite.
    context.fillStyle = text;
    for (const [update, raw] of line.points) {
      if (isFinite(value(raw))) continue;
      context.beginPath();
      context.moveTo(x(update) - 4, height - bottom);
      context.lineTo(x(update) + 4, height - bottom);
      context.lineTo(x(update), height - bottom - 7);
      context.fill();
    }
  });
}

// Draws a world by mouse, finger, pen or keyboard.

/** Coordinates that an address holds: see PlayPoints.swift. */
const most = 1.4;
const limit = 1000;

/**
 * A pen for a canvas.
 *
 * @param redraw Draws the canvas, with `shown` if it is not null.
 */
export function makePen(canvas, view, redraw) {
  let points = null;
  let cross = [0, 0];
  let isDown = false;

  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    const { x, y, half } = view();
    return [
      x + ((event.clientX - box.left) / box.width * 2 - 1) * half,
      y + (1 - (event.clientY - box.top) / box.height * 2) * half,
    ];
  };
  function add(point) {
    const distance = view().half / 60;
    const last = points.at(-1);
    cross = point;
    if (points.length < limit && !(last && Math.hypot(last[0] - point[0], last[1] - point[1]) < distance)) points.push(point);
    redraw();
  }
  canvas.addEventListener("pointerdown", (event) => {
    if (!points) return;
    isDown = true;
    canvas.setPointerCapture(event.pointerId);
    add(place(event));
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!points || !isDown) return;
    for (const one of event.getCoalescedEvents?.() ?? [event]) add(place(one));
  });
  for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => (isDown = false));
  canvas.addEventListener("keydown", (event) => {
    if (!points) return;
    const by = view().half / (event.shiftKey ? 10 : 30);
    const moves = { ArrowLeft: [-by, 0], ArrowRight: [by, 0], ArrowUp: [0, by], ArrowDown: [0, -by] };
    if (moves[event.key]) cross = [cross[0] + moves[event.key][0], cross[1] + moves[event.key][1]];
    else if (event.key === " ") add([...cross]);
    else return;
    event.preventDefault();
    redraw();
  });

  return {
    /** What is drawn over the picture; null where nothing is. */
    get shown() { return points && { points, cross }; },
    start(old) {
      points = old;
      cross = [view().x, view().y];
      canvas.classList.add("drawing");
      canvas.tabIndex = 0;
      canvas.focus();
      redraw();
    },
    clear() {
      points = [];
      redraw();
    },
    /** The points drawn, moved and scaled where the sheet does not hold them. */
    end() {
      const drawn = points ?? [];
      points = null;
      canvas.classList.remove("drawing");
      canvas.removeAttribute("tabindex");
      redraw();
      const reach = Math.max(0, ...drawn.flat().map(Math.abs));
      return reach <= most ? drawn : drawn.map(([x, y]) => [x * most / reach, y * most / reach]);
    },
  };
}

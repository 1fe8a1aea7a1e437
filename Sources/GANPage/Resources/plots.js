// Curves: drawn by the server as SVG, placed here, with a cross-hair over the data sent with them.
import { ask, el, nearest, number, path, state, write } from "./kit.js";
import { t } from "./words.js";

/** Seconds between two drawings of a run that goes on. */
const PATIENCE = 2;
/** What is shown first. */
const USUAL = ["losses", "scores"];
const AXES = ["epoch", "step", "images", "seconds"];
const AXIS_WORDS = { epoch: "epochs", step: "steps", images: "images", seconds: "seconds" };

/** The section of curves of some runs. */
export function curves(runs, facts, panels) {
  const boxes = new Map();
  let known = panels, metrics = [], version = null, marked = null, timer = null, drawnAt = 0, isOver = false;
  const plots = el("div", { class: "plots" });
  const across = el("select", { id: "x", onchange: () => (state.set("x", across.value === "epoch" ? null : across.value), drawAll()) },
    AXES.map((axis) => el("option", { value: axis }, t(AXIS_WORDS[axis]))));
  across.value = AXES.includes(state.get("x")) ? state.get("x") : "epoch";
  const flag = (name) => {
    const box = el("input", { type: "checkbox", id: name, onchange: () => (state.set(name, box.checked), drawAll()) });
    box.checked = state.get(name) === "1";
    return el("label", {}, box, t(name));
  };
  const smooth = el("input", {
    type: "range", id: "smooth", min: 0, max: 0.99, step: 0.01, value: state.get("smooth", "0"),
    oninput: () => (state.set("smooth", Number(smooth.value) || null), write(weight, smooth.value), soon(0.15)),
  });
  const weight = el("span", { class: "number" }, smooth.value);
  const choices = el("div", { class: "bar", role: "group", "aria-label": t("curves") });
  const element = el("section", { "aria-label": t("curves") },
    el("h2", {}, t("curves")),
    el("div", { class: "bar" },
      el("label", {}, t("axis"), across), flag("logy"), flag("logx"),
      el("label", { class: "grow" }, t("smooth"), smooth, weight), runs.length > 1 ? flag("seeds") : null),
    choices, plots);

  const chosen = () => state.get("panels")?.split(",") ?? USUAL;

  function drawChoices() {
    const all = [...known.map((panel) => [panel.id, panel.title]), ...metrics.map((name) => [`metric:${name}`, name])];
    const key = all.map(([id]) => id).join();
    if (choices.dataset.key === key) return;
    choices.dataset.key = key;
    choices.replaceChildren(...all.map(([id, title]) => {
      const box = el("input", {
        type: "checkbox", id: `panel-${id}`,
        onchange: () => {
          const now = new Set(chosen());
          if (box.checked) now.add(id);
          else now.delete(id);
          const list = all.map(([one]) => one).filter((one) => now.has(one));
          state.set("panels", list.join() === USUAL.join() ? null : list.join() || "none");
          drawAll();
        },
      });
      box.checked = chosen().includes(id);
      return el("label", {}, box, title);
    }));
  }

  function query(id) {
    const width = Math.max(280, Math.min(900, Math.floor((plots.clientWidth || 600) / (plots.clientWidth > 900 ? 2 : 1) / 20) * 20));
    const words = new URLSearchParams({ x: across.value, width, height: 300 });
    for (const name of ["logy", "logx", "seeds"]) if (state.get(name) === "1") words.set(name, "1");
    if (state.get("smooth")) words.set("smooth", state.get("smooth"));
    if (id.startsWith("metric:")) words.set("metric", id.slice(7));
    else words.set("panel", id);
    return `/api/plots?runs=${runs.map(path).join(",")}&${words}`;
  }

  function drawAll() {
    clearTimeout(timer);
    timer = null;
    if (isOver) return;
    drawnAt = performance.now();
    const wanted = chosen().filter((id) => id.startsWith("metric:") ? metrics.includes(id.slice(7)) : known.some((panel) => panel.id === id));
    for (const id of [...boxes.keys()]) {
      if (!wanted.includes(id)) {
        boxes.get(id).element.remove();
        boxes.delete(id);
      }
    }
    for (const id of wanted) {
      if (!boxes.has(id)) {
        const title = known.find((panel) => panel.id === id)?.title ?? id.slice(7);
        boxes.set(id, group(title, () => across.value, () => toAxis(marked)));
      }
      const box = boxes.get(id);
      if (plots.children[wanted.indexOf(id)] !== box.element) plots.append(box.element);
      box.load(query(id));
    }
  }

  function soon(seconds) {
    clearTimeout(timer);
    timer = setTimeout(drawAll, 1000 * seconds);
  }

  /** An epoch on the axis that is shown; nil where it has no place known here. */
  function toAxis(epoch) {
    if (epoch === null || !facts) return null;
    switch (across.value) {
      case "epoch": return epoch;
      case "step": return epoch * facts.stepsPerEpoch;
      case "images": return epoch * facts.imagesPerEpoch;
      default: return null;
    }
  }

  let width = 0;
  new ResizeObserver(() => {
    const now = Math.round(plots.clientWidth / 40);
    if (width && now !== width) soon(0.3);
    width = now;
  }).observe(plots);

  return {
    element,
    /** Draws what was still to be drawn, and asks for nothing more. */
    finish() {
      if (timer) drawAll();
      isOver = true;
    },
    /** Draws what the server could not be asked for. */
    again: drawAll,
    mark(epoch) {
      marked = epoch;
      for (const box of boxes.values()) box.mark();
    },
    update(newPanels, newVersion, newMetrics) {
      [known, metrics] = [newPanels, newMetrics];
      drawChoices();
      if (version === newVersion) return;
      version = newVersion;
      const wait = PATIENCE - (performance.now() - drawnAt) / 1000;
      if (!drawnAt || wait <= 0) drawAll();
      else if (!timer) soon(wait);
    },
  };
}

/** A panel: one figure, or one for each reading where several runs are compared. */
function group(title, axis, marked) {
  const holders = el("div");
  const element = el("figure", { class: "plot" }, el("h3", {}, title), holders);
  let figures = [], newest = 0;
  return {
    element,
    async load(url) {
      const number = ++newest;
      let drawn;
      try {
        drawn = await ask(url);
      } catch {
        return; // The connection's line says why.
      }
      if (number !== newest) return;
      while (figures.length < drawn.length) figures.push(figure(title, axis, marked));
      figures.length = drawn.length;
      figures.forEach((one, index) => one.draw(drawn[index]));
      if (holders.children.length !== figures.length || figures.some((one, i) => holders.children[i] !== one.element)) {
        holders.replaceChildren(...figures.map((one) => one.element));
      }
    },
    mark: () => figures.forEach((one) => one.mark()),
  };
}

function figure(title, axis, marked) {
  let data = null, place = null;
  const hair = el("div", { class: "hair", hidden: true }), mark = el("div", { class: "mark", hidden: true });
  const svg = el("div");
  const readout = el("p", { class: "readout muted", "aria-live": "polite" }, t("hair"));
  const holder = el("div", {
    class: "holder", tabindex: 0, role: "group", "aria-label": t("plotOf", title),
    onpointermove: (event) => read(toValue(event.clientX - holder.getBoundingClientRect().left)),
    onpointerleave: () => read(null),
    onkeydown: (event) => key(event),
  }, svg, mark, hair);

  const scale = () => holder.clientWidth / data.frame.width;
  function toPixel(value) {
    const { x, left, right } = data.frame;
    if (x.isLogarithmic && value <= 0) return null;
    const share = x.isLogarithmic
      ? Math.log(value / x.least) / Math.log(x.greatest / x.least) : (value - x.least) / (x.greatest - x.least);
    return share < 0 || share > 1 ? null : (left + share * (right - left)) * scale();
  }
  function toValue(pixel) {
    if (!data) return null;
    const { x, left, right } = data.frame;
    const share = (pixel / scale() - left) / (right - left);
    if (share < -0.02 || share > 1.02) return null;
    return x.isLogarithmic ? x.least * (x.greatest / x.least) ** share : x.least + share * (x.greatest - x.least);
  }
  function stand(element, value) {
    const pixel = value === null || !data ? null : toPixel(value);
    element.hidden = pixel === null;
    if (pixel === null) return;
    element.style.left = `${pixel}px`;
    element.style.top = `${data.frame.top * scale()}px`;
    element.style.height = `${(data.frame.bottom - data.frame.top) * scale()}px`;
  }
  function points() {
    return data?.series.reduce((most, one) => (one.x.length > most.length ? one.x : most), []) ?? [];
  }
  /** Says the values at the points nearest to a place. */
  function read(value) {
    const all = points();
    if (value === null || all.length === 0) {
      place = null;
      hair.hidden = true;
      return readout.replaceChildren(t("hair"));
    }
    place = all[nearest(all, value)];
    stand(hair, place);
    const words = data.series.map((one) => {
      const y = one.x.length ? one.y[nearest(one.x, place)] : null;
      return el("span", {}, swatch(one.colour, data.colours[one.colour]), `${one.name} ${y === null ? "NaN" : number(y)}`);
    });
    readout.replaceChildren(el("span", { class: "number" }, `${t(AXIS_WORDS[axis()])} ${number(place, 6)}`), ...words);
  }
  /** A stroke in a line's colour; the figure's style sheet says which that is in dark surroundings. */
  function swatch(colour, light) {
    const make = (tag, attributes) => {
      const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
      for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
      return made;
    };
    const drawing = make("svg", { class: "swatch", viewBox: "0 0 14 8", "aria-hidden": "true" });
    drawing.append(make("path", { class: `s${colour}`, stroke: light, "stroke-width": 3, d: "M0 4H14" }));
    return drawing;
  }
  function key(event) {
    const all = points();
    const steps = { ArrowLeft: -1, ArrowRight: 1, PageUp: 10, PageDown: -10, Home: -all.length, End: all.length };
    if (event.key === "Escape") return read(null);
    if (!(event.key in steps) || all.length === 0) return;
    event.preventDefault();
    const now = place === null ? all.length - 1 : nearest(all, place);
    read(all[Math.min(Math.max(now + (place === null ? 0 : steps[event.key]), 0), all.length - 1)]);
  }

  return {
    element: el("div", {}, holder, readout),
    draw(drawn) {
      const parsed = new DOMParser().parseFromString(drawn.svg, "image/svg+xml").documentElement;
      const colours = [...new Set(drawn.series.map((one) => one.colour))].map((colour) => [
        colour, parsed.querySelector(`path.s${colour}`)?.getAttribute("stroke") ?? "currentColor"]);
      data = { ...drawn, colours: Object.fromEntries(colours) };
      svg.replaceChildren(document.importNode(parsed, true));
      holder.style.aspectRatio = `${drawn.frame.width} / ${drawn.frame.height}`;
      if (place !== null) read(place);
      stand(mark, marked());
    },
    mark: () => stand(mark, marked()),
  };
}

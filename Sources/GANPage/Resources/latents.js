// Latents: samples of a seed, the plane around one of them, the way from one to another.
import { count, el, path, state, write } from "./kit.js";
import { neighbours } from "./nearest.js";
import { t } from "./words.js";

/** Samples that are shown, in rows of eight; images of a side of the plane; images on the way. */
const [SAMPLES, PER_ROW, SIDE, ON_WAY] = [64, 8, 7, 10];
/** Pixels between images of a grid. */
const PADDING = 2;
const USUAL = { seed: "0", at: 0, to: null, x: 0, y: 0, gap: 0.7, u: 0, v: 1, class: "" };
/** What a link may say that the server takes. */
const RANGES = { at: [0, SAMPLES - 1], to: [0, SAMPLES - 1], x: [-50, 50], y: [-50, 50], gap: [0.1, 3], u: [0, 7], v: [0, 7] };
const WORDS = { seed: "lseed", at: "lat", to: "lto", x: "lx", y: "ly", gap: "lgap", u: "lu", v: "lv", class: "lclass" };

/** The section of a run's latents; nothing is asked for before it is opened. */
export function latents(name) {
  const base = `/api/runs/${path(name)}/latents`;
  const get = (key) => {
    const text = state.get(WORDS[key]);
    if (text === null) return USUAL[key];
    if (!(key in RANGES)) return text;
    const [least, most] = RANGES[key];
    const value = Math.min(Math.max(Number(text), least), most);
    return isNaN(value) ? USUAL[key] : value;
  };
  const set = (changes) => {
    for (const [key, value] of Object.entries(changes)) state.set(WORDS[key], value === USUAL[key] ? null : String(value));
    draw();
  };
  let about = null, isEnd = false;
  const said = el("p", { class: "warn", role: "alert" });
  const faults = {};
  const of = el("span", { class: "muted" });
  const newest = el("button", { id: "lnewest", onclick: load }, t("newestWeights"));
  const seed = el("input", { type: "text", inputmode: "numeric", id: "lseed", size: 8, onchange: () => set({ seed: seed.value.trim() || "0" }) });
  const kind = el("select", { id: "lclass", onchange: () => set({ class: kind.value }) });
  const kindLabel = el("label", {}, t("class"), kind);
  const picks = el("button", { id: "lpick", "aria-pressed": "false", onclick: () => choosesEnd(!isEnd) }, t("pickEnd"));
  const command = el("code");
  const axis = (key) => el("select", { id: WORDS[key], onchange: () => set({ [key]: Number(axes[key].value) }) });
  const axes = { u: axis("u"), v: axis("v") };
  const gap = el("input", { type: "range", id: "lgap", min: 0.1, max: 3, step: 0.1, oninput: () => set({ gap: Number(gap.value) }) });
  const home = el("button", { id: "lhome", onclick: () => set({ x: 0, y: 0 }) }, t("middle"));

  const samples = grid(PER_ROW, SAMPLES / PER_ROW, { id: "lsamples", "aria-label": t("samplesKeys") }, {
    tap: pick,
    key(event) {
      const moves = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -PER_ROW, ArrowDown: PER_ROW };
      const key = isEnd || event.shiftKey ? "to" : "at";
      if (!(event.key in moves)) return false;
      const now = (get(key) ?? get("at")) + moves[event.key];
      if (now >= 0 && now < SAMPLES) pick(now, event.shiftKey);
      return true;
    },
    marks: () => [[get("at"), "A"], [get("to"), "B"]].filter(([place]) => place !== null),
  });
  const plane = grid(SIDE, SIDE, { id: "lplane", class: "plane", "aria-label": t("planeKeys") }, {
    drag: (right, up) => set({ x: round(get("x") - right * get("gap")), y: round(get("y") - up * get("gap")) }),
    key(event) {
      const by = get("gap") * (event.shiftKey ? 0.2 : 1);
      const moves = { ArrowLeft: [-by, 0], ArrowRight: [by, 0], ArrowUp: [0, by], ArrowDown: [0, -by] };
      if (event.key === "Home") return set({ x: 0, y: 0 }), true;
      if (event.key === "+" || event.key === "-") {
        return set({ gap: round(Math.min(Math.max(get("gap") + (event.key === "+" ? 0.1 : -0.1), 0.1), 3)) }), true;
      }
      if (!(event.key in moves)) return false;
      set({ x: round(get("x") + moves[event.key][0]), y: round(get("y") + moves[event.key][1]) });
      return true;
    },
    marks: () => [[(SIDE * SIDE - 1) / 2, ""]],
  });
  const way = grid(ON_WAY, 1, { id: "lway", class: "way", "aria-label": t("wayOf") }, { marks: () => [] });
  const near = neighbours();
  const where = el("p", { class: "muted number", role: "status", id: "lwhere" });
  const wayBox = el("figure", { class: "broad" }, el("figcaption", {}, t("wayOf")), way.element);
  const body = el("div", { hidden: true },
    el("div", { class: "bar" }, of, newest, el("label", {}, t("seed"), seed), kindLabel, picks),
    el("div", { class: "latents" },
      el("figure", {}, el("figcaption", {}, t("latentSamples")), samples.element),
      el("figure", {}, el("figcaption", {}, t("plane")), plane.element,
        el("div", { class: "bar" }, el("label", {}, t("across"), axes.u), el("label", {}, t("upwards"), axes.v),
          el("label", {}, t("gap"), gap), home)),
      wayBox, near.element),
    where, el("p", { class: "muted" }, t("sameAs"), " ", command, " ", t("neighboursToo"), " ",
      el("code", {}, `gan neighbours ${name}`)));
  const details = el("details", { id: "latents", ontoggle: toggle }, el("summary", {}, t("latents")), said, body);
  if (state.get("latents") === "1") details.open = true;

  function toggle() {
    state.set("latents", details.open);
    if (details.open && !about) load();
  }

  async function load() {
    try {
      const answer = await fetch(base);
      if (!answer.ok) throw new Error((await answer.text()).trim());
      about = await answer.json();
    } catch (error) {
      return write(said, error.message);
    }
    write(said, "");
    body.hidden = false;
    write(of, t("ofStep", count(about.step)));
    kindLabel.style.display = about.classes ? "" : "none";
    kind.replaceChildren(el("option", { value: "" }, t("inTurn")),
      ...(about.classes ?? []).map((word, place) => el("option", { value: place }, word)));
    for (const key of ["u", "v"]) {
      axes[key].replaceChildren(...Array.from({ length: about.directionCount }, (_, place) =>
        el("option", { value: place }, t("direction", place + 1))));
    }
    for (const one of [samples, plane, way, near]) one.forget();
    draw();
  }

  function choosesEnd(value) {
    isEnd = value;
    picks.setAttribute("aria-pressed", value);
  }

  /** A new middle of the plane, or the other end of the way. */
  function pick(place, isOther = false) {
    if (isEnd || isOther) set({ to: place });
    else set({ at: place, x: 0, y: 0 });
  }

  function draw() {
    if (!about) return;
    const [at, to] = [get("at"), get("to")];
    if (document.activeElement !== seed) seed.value = get("seed");
    kind.value = get("class");
    for (const key of ["u", "v"]) axes[key].value = get(key);
    gap.value = get("gap");
    const words = { seed: get("seed") };
    if (about.classes && get("class") !== "") words.class = get("class");
    const url = (place, more) => `${base}/${place}?${new URLSearchParams({ ...words, ...more })}`;
    const told = (grid) => (text) => {
      faults[grid] = text;
      write(said, Object.values(faults).find(Boolean) ?? "");
    };
    samples.show(url("samples", { count: SAMPLES }), told("samples"));
    const middle = { at, u: get("u"), v: get("v"), x: get("x"), y: get("y") };
    plane.show(url("plane", { ...middle, gap: get("gap"), side: SIDE }), told("plane"));
    near.show(url("nearest", middle));
    wayBox.hidden = to === null;
    if (to !== null) way.show(url("way", { from: at, to, count: ON_WAY }), told("way"));
    write(where, t("latentsWhere", at, to === null ? "–" : to, get("x"), get("y")));
    write(command, `gan sample ${name} --seed ${get("seed")} --count ${SAMPLES}`);
  }

  return {
    element: el("section", { "aria-label": t("latents") }, details),
    /** Asks again for what the server did not answer. */
    again: () => (about ? [samples, plane, way].forEach((one) => one.again()) : details.open && load()),
  };
}

const round = (value) => Math.round(value * 1000) / 1000;

/** A grid of images on a canvas: the newest one asked for, one request at a time. */
function grid(columns, rows, attributes, { tap, drag, key, marks }) {
  const element = el("canvas", { tabindex: key ? 0 : null, role: key ? "group" : "img", ...attributes });
  const context = element.getContext("2d");
  let image = null, wanted = null, shown = null, isAsking = false, tell = () => {}, from = null;

  function draw() {
    if (!image) return;
    [element.width, element.height] = [image.width, image.height];
    context.drawImage(image, 0, 0);
    const [width, height] = [(image.width - PADDING) / columns, (image.height - PADDING) / rows];
    for (const [place, word] of marks()) {
      const [left, top] = [(place % columns) * width, Math.floor(place / columns) * height];
      context.strokeStyle = word === "B" ? "#e69f00" : "#56b4e9";
      context.lineWidth = PADDING;
      context.strokeRect(left + PADDING / 2, top + PADDING / 2, width, height);
    }
  }

  async function ask() {
    if (isAsking) return;
    isAsking = true;
    while (wanted !== shown) {
      const url = wanted;
      try {
        const answer = await fetch(url);
        if (!answer.ok) throw new Error((await answer.text()).trim());
        image = await createImageBitmap(await answer.blob());
        tell("");
      } catch (error) {
        // A connection that is lost is said elsewhere, and what was shown stays.
        if (!(error instanceof TypeError)) tell(error.message);
        break;
      }
      shown = url;
      draw();
      element.dataset.shown = url;
    }
    isAsking = false;
  }

  /** Where in the grid, in images from its left upper corner. */
  function place(event) {
    const box = element.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width * columns, (event.clientY - box.top) / box.height * rows];
  }

  if (tap) {
    element.addEventListener("click", (event) => {
      const [x, y] = place(event).map(Math.floor);
      if (x >= 0 && x < columns && y >= 0 && y < rows) tap(y * columns + x, event.shiftKey);
    });
  }
  if (drag) {
    element.addEventListener("pointerdown", (event) => {
      from = place(event);
      element.setPointerCapture(event.pointerId);
    });
    element.addEventListener("pointermove", (event) => {
      if (!from) return;
      const now = place(event);
      drag(now[0] - from[0], from[1] - now[1]);
      from = now;
    });
    for (const end of ["pointerup", "pointercancel"]) element.addEventListener(end, () => (from = null));
  }
  if (key) {
    element.addEventListener("keydown", (event) => { if (key(event)) event.preventDefault(); });
  }

  return {
    element,
    show(url, told) {
      [wanted, tell] = [url, told];
      draw();
      ask();
    },
    forget: () => (shown = null),
    again: () => { if (wanted && wanted !== shown) ask(); },
  };
}

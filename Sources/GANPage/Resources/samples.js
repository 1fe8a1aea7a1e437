// Samples of the fixed latents through the epochs: one slider, a film, and a swipe between two pictures.
import { count, el, nearest, path, state, write } from "./kit.js";
import { t } from "./words.js";

/** Pictures a second of the film. */
const RATE = 10;

/**
 * The panel of samples.
 * `sources` are runs with a `label`, `tell` hears of the epoch that is shown.
 */
export function samples(sources, areImages, tell) {
  let epochs = [];
  let lists = sources.map(() => []);
  let film = null;
  const pictures = sources.map((source) => picture(source, areImages, sources.length > 1));
  const slider = el("input", {
    type: "range", id: "epoch", min: 0, max: 0, step: 1, "aria-label": t("epoch"),
    oninput: () => choose(epochs[Number(slider.value)]),
  });
  const exact = el("input", {
    type: "number", id: "exact", min: 0, "aria-label": t("epoch"),
    onchange: () => { if (epochs.length) choose(epochs[nearest(epochs, Number(exact.value))]); },
  });
  const follow = el("input", {
    type: "checkbox", id: "follow",
    onchange: () => choose(follow.checked ? null : shown()),
  });
  const move = (by) => choose(epochs[Math.min(Math.max(epochs.indexOf(shown()) + by, 0), epochs.length - 1)]);
  const button = (key, act) => el("button", { id: key, onclick: act }, t(key));
  const first = button("first", () => choose(epochs[0]));
  const back = button("back", () => move(-1)), forward = button("forward", () => move(1));
  const play = button("play", () => (film ? halt() : start()));
  const beside = el("select", { id: "beside", onchange: () => choosePair(beside.value) });
  const edge = el("input", {
    type: "range", id: "edge", min: 0, max: 100, "aria-label": t("swipe"), value: state.get("edge", "50"),
    oninput: () => (state.set("edge", edge.value), draw()),
  });
  const edgeLabel = el("label", { class: "grow" }, t("swipe"), edge);
  const none = el("p", { class: "muted" }, t("noSamples"));
  const element = el("section", { "aria-label": t("samples") },
    el("h2", {}, t("samples")), none,
    el("div", { class: "bar" },
      first, back, play, forward, el("label", { class: "grow" }, t("epoch"), slider), exact,
      el("label", {}, follow, t("newest"))),
    el("div", { class: "bar" }, el("label", {}, t("beside"), beside), edgeLabel),
    el("div", { class: "samples" }, pictures.map((one) => one.element)));

  /** The epoch in the address, or the newest; of those there are the nearest. */
  function shown() {
    const wish = state.get("epoch");
    if (epochs.length === 0) return null;
    return wish === null ? epochs.at(-1) : epochs[nearest(epochs, Number(wish))];
  }

  function choose(epoch) {
    state.set("epoch", epoch);
    draw();
  }

  function choosePair(value) {
    state.set("b", value === "pin" ? shown() : value);
    draw();
  }

  function start() {
    if (epochs.length < 2) return;
    if (shown() === epochs.at(-1)) choose(epochs[0]);
    write(play, t("halt"));
    film = setInterval(() => {
      if (shown() === epochs.at(-1)) return halt();
      // The picture before is still loading: the film waits, it skips none.
      if (pictures.every((one) => one.isLoaded())) move(1);
    }, 1000 / RATE);
  }

  function halt() {
    clearInterval(film);
    film = null;
    write(play, t("play"));
  }

  function draw() {
    const now = shown(), b = state.get("b");
    const isFollowing = state.get("epoch") === null;
    slider.max = Math.max(epochs.length - 1, 0);
    slider.value = Math.max(epochs.indexOf(now), 0);
    slider.setAttribute("aria-valuetext", now === null ? "" : t("pinned", count(now)));
    if (document.activeElement !== exact) exact.value = now ?? "";
    follow.checked = isFollowing;
    none.style.display = now === null ? "" : "none";
    for (const one of [slider, exact, first, back, play, forward]) one.disabled = now === null;
    drawPairs(b);
    edgeLabel.style.visibility = b ? "visible" : "hidden";
    pictures.forEach((one, index) => {
      const list = lists[index];
      one.show(now === null || list.length === 0 ? null : list[nearest(list, now)], b, Number(edge.value), (run, epoch) => {
        const place = sources.findIndex((source) => source.run === run);
        return place < 0 || lists[place].length === 0 ? null : lists[place][nearest(lists[place], epoch)];
      });
    });
    if (now !== null) tell(now);
  }

  function drawPairs(b) {
    const others = sources.length > 1 ? sources.map((source) => [`run:${source.run}`, source.label]) : [];
    const wanted = [["", t("none")], ["real", t("real")], ...others, ["pin", t("thisEpoch")]];
    if (b && /^\d+$/.test(b)) wanted.push([b, t("pinned", count(Number(b)))]);
    const key = wanted.map(([value]) => value).join();
    if (beside.dataset.key !== key) {
      beside.dataset.key = key;
      beside.replaceChildren(...wanted.map(([value, words]) => el("option", { value }, words)));
    }
    beside.value = b ?? "";
  }

  return {
    element,
    epoch: shown,
    /** Takes the epochs that have pictures, by source. */
    update(newLists) {
      lists = newLists;
      epochs = [...new Set(lists.flat())].sort((a, b) => a - b);
      draw();
    },
  };
}

function picture(source, areImages, isNamed) {
  const drawn = areImages ? null : "drawn";
  const image = el("img", { class: drawn, alt: "" }), other = el("img", { class: drawn, alt: "" });
  const line = el("div", { class: "edge" });
  const frame = el("div", { class: "frame" }, image, other, line);
  const caption = el("figcaption");
  image.addEventListener("load", () => {
    const ratio = image.naturalWidth / image.naturalHeight;
    frame.style.setProperty("--ratio", ratio);
    element.classList.toggle("broad", ratio > 2);
  });
  const element = el("figure", { class: "picture" }, isNamed ? el("h3", {}, source.label) : null, frame, caption);
  const address = (run, epoch) => `/runs/${path(run)}/pictures/${epoch}`;
  function set(img, url) {
    if (img.getAttribute("src") !== url) img.src = url;
  }
  return {
    element,
    isLoaded: () => image.complete,
    show(epoch, b, edge, nearestOf) {
      element.style.visibility = epoch === null ? "hidden" : "visible";
      if (epoch === null) return;
      set(image, address(source.run, epoch));
      let words = t("samplesOf", count(epoch));
      let url = null;
      if (b === "real") {
        url = address(source.run, "real");
        words += ` | ${t("realOf")}`;
      } else if (b?.startsWith("run:")) {
        const [run, at] = [b.slice(4), nearestOf(b.slice(4), epoch)];
        if (at !== null) url = address(run, at);
        words += ` | ${run}`;
      } else if (b && isFinite(b)) {
        // Pictures of long runs are thinned out: a link may hold an epoch that has none any more.
        const at = nearestOf(source.run, Number(b));
        url = address(source.run, at);
        words += ` | ${t("pinned", count(at))}`;
      }
      image.alt = words;
      other.style.display = line.style.display = url ? "" : "none";
      if (url) {
        set(other, url);
        other.style.clipPath = `inset(0 0 0 ${edge}%)`;
        line.style.left = `${edge}%`;
      }
      write(caption, words);
    },
  };
}

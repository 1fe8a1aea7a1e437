// The page: what the server plays is drawn, and what the visitor wants is asked of it.
import { addressLanguage, ask, el, follow, fromAddress, same, toAddress, write } from "./kit.js";
import { drawCurves, drawField, drawWorld } from "./draw.js";
import { makePen } from "./pen.js";
import { form } from "./settings.js";
import { makeSteps } from "./steps.js";
import { language, number, said, setLanguage, t } from "./words.js";

const page = document.getElementById("page");
const layers = { field: true, realPoints: true, samples: true, manifold: true, arrows: true };
let state, usual, stories, names, frame, before;
let speed = 0;
let isSlow = false;

const game = {
  get settings() { return state.settings; },
  /** Has the server play with other settings; what it refuses is thrown, and nothing changes. */
  async apply(settings) {
    await ask("/api/settings", settings);
    await load();
    toAddress(state.settings, usual);
  },
};

async function load() {
  state = await ask("/api/state");
  controls?.refresh();
  view?.update();
}

async function command(kind, more = {}) {
  await ask("/api/command", { kind, ...more });
}

let controls, view;

function build() {
  setLanguage(addressLanguage());
  document.title = `${t("title")} – gan`;
  const world = el("canvas", { class: "square", role: "img", id: "world" });
  const optimum = el("canvas", { class: "square", role: "img", "aria-label": t("optimum") });
  const pen = makePen(world, () => state.view, redraw);
  controls = form(game, names, pen);
  const steps = makeSteps((player) => command("step", { player }), () => frame?.losses ?? {});

  const playButton = el("button", { class: "main", id: "play", onclick: toggle }, t("play"));
  const speeds = el("select", { id: "speed", "aria-label": t("speed"), onchange: () => chooseSpeed(speeds.value) },
    el("option", { value: "slow" }, t("slow")),
    [1, 5, 20].map((rounds) => el("option", { value: rounds }, t(rounds === 1 ? "onePerFrame" : "perFrame", rounds))),
    el("option", { value: "most" }, t("fastest")));
  const step = (id, word, player) => el("button", { id, onclick: async () => {
    steps.stop();
    await command("step", { player });
    steps.show(player);
  } }, t(word));
  const counts = el("p", { class: "number muted", id: "counts" });
  const trouble = el("p", { class: "error warn", role: "alert" });
  const layerButtons = Object.keys(layers).map((name) => {
    const button = el("button", { "aria-pressed": "true", onclick: () => {
      layers[name] = !layers[name];
      button.setAttribute("aria-pressed", String(layers[name]));
      redraw();
    } }, t(name));
    return button;
  });
  const story = el("p", { class: "story", "aria-live": "polite" }, t("noStory"));
  const backButton = el("button", { id: "back", hidden: true, onclick: () => {
    const settings = before;
    before = null;
    backButton.hidden = true;
    story.textContent = t("noStory");
    controls.apply(settings);
  } }, t("back"));
  const storyButtons = stories.map((one) => el("button", { class: "preset", id: `story-${one.id}`, onclick: async () => {
    before ??= state.settings;
    backButton.hidden = false;
    await controls.apply({ ...structuredClone(one.settings), seed: state.settings.seed });
    story.textContent = said(one.words);
    speeds.value = "5";
    await chooseSpeed("5");
    await command("play");
  } }, said(one.title)));
  const copy = el("button", { onclick: async () => {
    await navigator.clipboard?.writeText(location.href);
    copy.textContent = t("linked");
    setTimeout(() => (copy.textContent = t("link")), 1500);
  } }, t("link"));
  const plots = ["value", "jsd", "modes"].map((name) => el("canvas", { class: "plot", role: "img", id: `plot-${name}` }));
  const numbers = el("tbody");
  const numbersNote = el("p", { class: "muted" });

  async function toggle() {
    const isPlaying = state.isPlaying || steps.isRunning;
    steps.stop();
    if (isPlaying) {
      await command("pause");
    } else if (isSlow) {
      steps.run();
      showPlaying();
    } else {
      await command("play");
    }
  }
  async function chooseSpeed(name) {
    isSlow = name === "slow";
    if (!isSlow) {
      const wasSlow = steps.isRunning;
      steps.stop();
      await command("speed", name === "most" ? {} : { rounds: Number(name) });
      if (wasSlow) await command("play");
    } else if (state.isPlaying) {
      await command("pause");
      steps.run();
      showPlaying();
    }
  }
  function showPlaying() {
    write(playButton, t(state.isPlaying || steps.isRunning ? "pause" : "play"));
  }

  let isDrawDue = false;
  function redraw() {
    // Words follow in a hidden tab too, where nothing is drawn.
    write(counts, t("counts", frame?.discriminatorUpdates ?? 0, frame?.generatorUpdates ?? 0, number(Math.round(speed), 4)));
    write(trouble, frame?.nonFinite > 0 ? t("broken", frame.nonFinite) : "");
    if (isDrawDue) return;
    isDrawDue = true;
    requestAnimationFrame(() => {
      isDrawDue = false;
      if (frame) drawWorld(world, frame, state.view, layers, pen.shown);
    });
  }
  function update() {
    showPlaying();
    if (!isSlow) speeds.value = state.roundsPerFrame ?? "most";
    drawField(optimum, state.optimum);
    const all = state.readings;
    const curve = (name, value, dash) => ({ name, dash, points: all.map((one) => [one.discriminatorUpdates, value(one) ?? NaN]) });
    drawCurves(plots[0], [curve("V(D)", (one) => one.value), curve(t("bound"), (one) => one.bound, [5, 3])], number);
    drawCurves(plots[1], [curve("JSD", (one) => one.distances?.jensenShannon), curve(t("floor"), (one) => one.floor.jensenShannon, [5, 3])], number);
    const last = all.at(-1);
    if (!last) return;
    if (last.modeCount) {
      drawCurves(plots[2], [curve(t("modes"), (one) => one.modes), curve(t("all"), (one) => one.modeCount, [5, 3])], number);
    } else {
      plots[2].getContext("2d").clearRect(0, 0, plots[2].width, plots[2].height);
    }
    write(plots[2].nextElementSibling, last.modeCount ? t("modes") : t("noModes"));
    const distances = last.distances ?? {};
    const rows = [
      ["JSD", distances.jensenShannon ?? NaN, last.floor.jensenShannon], [t("klForward"), distances.klForward ?? NaN, last.floor.klForward],
      [t("klBackward"), distances.klBackward ?? NaN, last.floor.klBackward], ["V(D)", last.value, null], [t("bound"), last.bound ?? NaN, null],
      [t("modes"), last.modeCount ? `${last.modes ?? "NaN"} / ${last.modeCount}` : "–", null],
      [t("quality"), last.highQuality, null], [t("push"), frame?.push, null],
    ];
    numbers.replaceChildren(...rows.map(([name, value, floor]) => el("tr", {}, el("th", { scope: "row" }, name),
      el("td", {}, typeof value === "string" && value.includes("/") ? value : number(value)), el("td", {}, floor === null ? "" : number(floor)))));
    write(numbersNote, t(last.isExact ? "exact" : "estimated"));
    const words = `${t("modes")} ${last.modes ?? "–"} / ${last.modeCount ?? "–"}, JSD ${number(distances.jensenShannon ?? NaN)}, V ${number(last.value)}`;
    world.setAttribute("aria-label", t("picture", words));
    plots[0].setAttribute("aria-label", `${t("value")}: ${number(last.value)}`);
    plots[1].setAttribute("aria-label", `${t("jsd")}: ${number(distances.jensenShannon ?? NaN)}`);
    plots[2].setAttribute("aria-label", `${t("modes")}: ${last.modes ?? "–"} / ${last.modeCount ?? "–"}`);
  }
  let updateDue = null;
  view = {
    redraw, update,
    soon: () => (updateDue ??= setTimeout(() => {
      updateDue = null;
      update();
    }, 150)),
  };

  page.replaceChildren(
    el("header", {}, el("h1", { class: "grow" }, t("title")), copy,
      el("button", { id: "language", onclick: () => {
        setLanguage(language() === "ko" ? "en" : "ko");
        toAddress(state.settings, usual);
        build();
      } }, t("other"))),
    el("div", { class: "bar", role: "group", "aria-label": t("stories") }, el("span", { class: "muted" }, t("stories")), storyButtons, backButton),
    story,
    el("div", { class: "columns" },
      el("div", {},
        el("div", { class: "bar" }, playButton, speeds, step("step-d", "stepD", "discriminator"), step("step-g", "stepG", "generator"),
          step("step-both", "stepBoth", "both"), el("button", { id: "restart", onclick: () => command("restart") }, t("restart"))),
        counts, trouble,
        el("div", { class: "maps" },
          el("figure", {}, world, el("figcaption", {}, t("fieldCaption"))),
          el("figure", {}, optimum, el("figcaption", {}, t("optimum"), el("br"), t("optimumCaption")))),
        el("div", { class: "bar", role: "group", "aria-label": t("layers") }, el("span", { class: "muted" }, t("layers")), layerButtons),
        el("div", { class: "plots" }, plots.map((plot, index) => el("figure", {}, plot, el("figcaption", {}, t(["value", "jsd", "modes"][index]))))),
        el("details", { open: true }, el("summary", {}, t("explained")), steps.element)),
      el("div", {}, controls.element,
        el("details", { open: true }, el("summary", {}, t("numbers")),
          el("table", {}, el("thead", {}, el("tr", {}, el("th"), el("th", { scope: "col" }, t("now")), el("th", { scope: "col" }, t("floor")))), numbers), numbersNote))));
  controls.refresh();
  update();
  redraw();
}

function listen() {
  follow("/api/events", {
    frame(news) {
      frame = news;
      view.redraw();
    },
    status(status) {
      speed = status.roundsPerSecond;
      state.isPlaying = status.isPlaying;
      state.roundsPerFrame = status.roundsPerFrame;
      if (status.version !== state.version) reload();
      else view.soon();
      view.redraw();
    },
    reading(news) {
      if (news.version !== state.version || news.reading.index > state.readings.length) return reload();
      state.readings[news.reading.index] = news.reading;
      state.optimum = news.optimum;
      view.soon();
    },
  }, {
    // The game stands still while nobody listens.
    staysHidden: true, probe: "/api/state", words: { lost: t("reconnecting"), 401: t("newServer") }, whenBack: goOn,
  });
}

/** Another server plays another game: it is to play this one. */
async function goOn() {
  const wanted = state.settings;
  await reload();
  if (!same(wanted, state.settings)) await game.apply(wanted).catch(() => {});
}

let isLoading = false;
/** Fetches everything again, once at a time. */
async function reload() {
  if (isLoading) return;
  isLoading = true;
  try {
    const old = state.settings;
    await load();
    if (!same(old, state.settings)) toAddress(state.settings, usual);
  } finally {
    isLoading = false;
  }
}

async function start() {
  const kit = await ask("/api/kit");
  [usual, stories] = [kit.usual, kit.stories];
  names = { objectives: kit.objectives, penalties: kit.penalties };
  state = await ask("/api/state");
  let refused = null;
  const wanted = fromAddress(usual);
  if (wanted && !same(wanted, state.settings)) {
    try {
      await ask("/api/settings", wanted);
      state = await ask("/api/state");
    } catch (reason) {
      refused = reason;
    }
  }
  build();
  toAddress(state.settings, usual);
  if (refused) controls.refuse(refused.message);
  listen();
  addEventListener("resize", () => {
    view.redraw();
    view.soon();
  });
  addEventListener("hashchange", async () => {
    const settings = fromAddress(usual);
    if (settings && !same(settings, state.settings)) await controls.apply(settings);
  });
}

start().catch((error) => {
  setLanguage(null);
  page.replaceChildren(el("h1", {}, "gan play"), el("p", { class: "warn", role: "alert" }, error.status === 401 ? t("newServer") : error.message));
});

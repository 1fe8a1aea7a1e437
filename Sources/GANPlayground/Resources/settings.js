// The form: every setting of the game, labelled; what is refused stays in the form, with the reason.
import { el, get, set, readPoints, readTable, writePoints } from "./kit.js";
import { t } from "./words.js";

const worlds = [
  ["ring-8(1,0.1)", "ring-8"], ["ring-8", "ring-8 (0.01)"], ["grid-25", "grid-25"], ["spirals", "spirals"],
  ["moons", "moons"], ["checkerboard", "checkerboard"], ["normal2d(0,0,1)", "gaussian"],
  ["0.5*normal2d(-1,0,0.2)+0.5*normal2d(1,0,0.2)", "two Gaussians"],
];

/**
 * Makes the form.
 *
 * @param game Has `settings`, and `apply(settings)`, which promises.
 * @param names Of the `objectives` and `penalties` there are.
 * @param pen Draws on the picture: `start()`, `end()`, which gives points, `clear()`.
 */
export function form(game, names, pen) {
  const error = el("p", { class: "error warn", role: "alert" });
  const fields = [];

  async function change(path, value) {
    const settings = structuredClone(game.settings);
    set(settings, path, value);
    await apply(settings);
  }
  async function apply(settings) {
    error.textContent = "";
    try {
      await game.apply(settings);
    } catch (reason) {
      error.textContent = reason.message;
    }
  }

  function labelled(word, input) {
    return el("label", {}, t(word), input);
  }
  function number(path, word, attributes) {
    const input = el("input", {
      type: "number", "data-path": path, ...attributes,
      onchange: () => (input.value === "" ? refresh() : change(path, Number(input.value))),
    });
    fields.push(() => (input.value = get(game.settings, path)));
    return labelled(word, input);
  }
  function select(path, word, options, read) {
    const input = el("select", { "data-path": path, onchange: () => change(path, read ? read(input.value) : input.value) },
      options.map(([value, name]) => el("option", { value }, name)));
    fields.push(() => (input.value = get(game.settings, path) ?? ""));
    return labelled(word, input);
  }
  function text(path, word, placeholder) {
    const input = el("input", { type: "text", "data-path": path, placeholder, onchange: () => change(path, input.value.trim()) });
    fields.push(() => (input.value = get(game.settings, path)));
    return labelled(word, input);
  }
  function player(name) {
    return el("fieldset", {}, el("legend", {}, t(name)), el("div", { class: "form" },
      number(`${name}.width`, "width", { min: 1, max: 256 }), number(`${name}.depth`, "depth", { min: 1, max: 6 }),
      number(`${name}.learningRate`, "learningRate", { min: 0, max: 10, step: "any" }),
      number(`${name}.steps`, "steps", { min: 1, max: 50 })));
  }

  const worldChoice = el("select", { "data-path": "world", onchange: () => worldChoice.value && change("world", worldChoice.value) },
    worlds.map(([value, name]) => el("option", { value }, name)),
    el("option", { value: "" }, t("custom")));
  fields.push(() => {
    worldChoice.value = worlds.some(([value]) => value === game.settings.world) ? game.settings.world : "";
  });

  // A world of one's own.
  const drawButton = el("button", { type: "button", id: "draw", "aria-pressed": "false", onclick: () => toggleDrawing() }, t("draw"));
  const clearButton = el("button", { type: "button", id: "clear", hidden: true, onclick: () => pen.clear() }, t("clear"));
  const hint = el("p", { class: "muted", hidden: true }, t("drawHint"));
  function toggleDrawing() {
    const isDrawing = drawButton.getAttribute("aria-pressed") === "true";
    drawButton.setAttribute("aria-pressed", String(!isDrawing));
    drawButton.textContent = t(isDrawing ? "draw" : "drawEnd");
    clearButton.hidden = hint.hidden = isDrawing;
    if (!isDrawing) return pen.start(game.settings.world === "points" ? readPoints(game.settings.points) : []);
    const points = pen.end();
    if (points.length > 0) usePoints(points);
  }
  function usePoints(points) {
    const settings = structuredClone(game.settings);
    [settings.world, settings.points] = ["points", writePoints(points)];
    return apply(settings);
  }
  const file = el("input", {
    type: "file", accept: ".csv,.tsv,.txt", id: "table",
    onchange: async () => file.files[0] && usePoints(readTable(await file.files[0].text())),
  });
  const json = el("textarea", { spellcheck: "false", id: "mixture",
    placeholder: '{"components": [{"weight": 1, "mean": [0, 0], "deviation": 0.2}]}' });
  fields.push(() => game.settings.mixture && (json.value = game.settings.mixture));
  const useJSON = el("button", { type: "button", onclick: () => {
    const settings = structuredClone(game.settings);
    [settings.world, settings.mixture] = ["mixture", json.value];
    return apply(settings);
  } }, t("use"));

  const element = el("div", {},
    el("div", { class: "form" }, labelled("world", worldChoice), text("world", "formula", "ring-8(1,0.1)"), number("seed", "seed", { min: 0, step: 1 })),
    el("details", {}, el("summary", {}, t("own")),
      el("div", { class: "bar" }, drawButton, clearButton, number("spread", "spread", { min: 0.001, max: 1, step: "any" })), hint,
      el("label", {}, t("table"), file), el("p", { class: "muted" }, t("tableHint")),
      el("label", {}, t("json"), json), useJSON),
    error,
    el("fieldset", {}, el("legend", {}, t("objective")), el("div", { class: "form" },
      select("objective", "objective", names.objectives.map((name) => [name, name])),
      select("penalty", "penalty", [["", t("none")], ...names.penalties.map((name) => [name, name])], (value) => value || null),
      number("penaltyWeight", "penaltyWeight", { min: 0, step: "any" }), number("packing", "packing", { min: 1, max: 10 }),
      number("batchSize", "batchSize", { min: 1, max: 1000 }), number("beta1", "beta1", { min: 0, max: 0.999, step: "any" }))),
    player("discriminator"), player("generator"),
    el("div", { class: "form" }, number("latentSize", "latentSize", { min: 1, max: 16 }),
      number("averageHalfLife", "averageHalfLife", { min: 0, step: "any" }), text("standIn", "standIn", t("standInHint"))));

  function refresh() {
    for (const field of fields) field();
  }
  return { element, refresh, apply, refuse: (reason) => (error.textContent = reason) };
}

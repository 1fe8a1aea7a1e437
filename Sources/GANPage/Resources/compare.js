// Several runs side by side.
import { ask, el, expanded, listen, path, state } from "./kit.js";
import { curves } from "./plots.js";
import { samples } from "./samples.js";
import { t } from "./words.js";

export async function show(page) {
  const names = [...new Set((state.get("runs") ?? "").split(",").filter(Boolean))].slice(0, 12);
  if (names.length === 0) throw new Error(t("choose"));
  document.title = `${t("compare")} – gan`;
  const facts = await Promise.all(names.map((name) => ask(`/api/runs/${path(name)}/facts`)));
  const states = () => Promise.all(names.map((name) => ask(`/api/runs/${path(name)}/state`)));
  const plots = curves(names, facts[0], []);
  const pictures = samples(
    names.map((name) => ({ run: name, label: name })), facts[0].areImages, (epoch) => plots.mark(epoch));
  page.replaceChildren(
    el("header", {}, el("nav", {}, el("a", { href: "/?list" }, t("home"))), el("h1", {}, t("compare")),
      names.map((name) => el("a", { href: "/runs/" + path(name) }, name))),
    differences(names, facts), pictures.element, plots.element);

  async function load() {
    const all = await states();
    pictures.update(all.map((one) => expanded(one.pictures)));
    const panels = new Map(all.flatMap((one) => one.panels).map((panel) => [panel.id, panel]));
    const metrics = [...new Set(all.flatMap((one) => one.metrics.map((metric) => metric.name)))];
    plots.update([...panels.values()], all.map((one) => one.version).join(), metrics);
  }
  await load();
  listen("/api/events", { runs: () => load().catch(() => {}) });
}

/** The options that are not the same everywhere. */
function differences(names, facts) {
  const values = facts.map((one) => new Map(one.options.map((option) => [option.path, option.value])));
  for (const [index, one] of facts.entries()) {
    values[index].set("dataset", one.dataset);
    values[index].set("recipe", one.recipe);
  }
  const paths = ["dataset", "recipe", ...facts[0].options.map((option) => option.path)];
  const differing = paths.filter((one) => new Set(values.map((map) => map.get(one))).size > 1);
  return el("section", {}, el("h2", {}, t("differing")),
    differing.length === 0
      ? el("p", { class: "muted" }, t("noDiffering"))
      : el("div", { class: "table" }, el("table", {},
        el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t("option")), names.map((name) => el("th", { scope: "col" }, name)))),
        el("tbody", {}, differing.map((one) => el("tr", {},
          el("th", { scope: "row" }, one), values.map((map) => el("td", { class: "value" }, map.get(one) ?? "–"))))))));
}

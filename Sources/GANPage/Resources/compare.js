// Several runs side by side.
import { ask, count, el, expanded, listen, path, state } from "./kit.js";
import { curves } from "./plots.js";
import { samples } from "./samples.js";
import { t } from "./words.js";

export async function show(page) {
  const asked = [...new Set((state.get("runs") ?? "").split(",").filter(Boolean))].slice(0, 12);
  if (asked.length === 0) throw new Error(t("choose"));
  document.title = `${t("compare")} – gan`;
  const found = await Promise.all(asked.map((name) => ask(`/api/runs/${path(name)}/facts`).catch((error) => error)));
  // A run that was removed leaves the others to be compared.
  const [names, facts] = [asked, found].map((list) => list.filter((_, place) => !(found[place] instanceof Error)));
  if (names.length === 0) throw found[0];
  const states = () => Promise.all(names.map((name) => ask(`/api/runs/${path(name)}/state`)));
  const plots = curves(names, facts[0], []);
  const pictures = samples(
    names.map((name) => ({ run: name, label: name })), facts[0].areImages, (epoch) => plots.mark(epoch));
  const differing = differences(names, facts);
  page.replaceChildren(
    el("header", {}, el("nav", {}, el("a", { href: "/?list" }, t("home"))), el("h1", {}, t("compare")),
      names.map((name) => el("a", { href: "/runs/" + path(name) }, name))),
    el("p", { class: "warn", role: "alert" }, found.map((one, place) => one instanceof Error ? `${asked[place]}: ${one.message} ` : null)),
    differing.element, pictures.element, plots.element);

  async function load() {
    const all = await states();
    differing.update(all.map((one) => one.changes));
    pictures.update(all.map((one) => expanded(one.pictures)));
    const panels = new Map(all.flatMap((one) => one.panels).map((panel) => [panel.id, panel]));
    const metrics = [...new Set(all.flatMap((one) => one.metrics.map((metric) => metric.name)))];
    plots.update([...panels.values()], all.map((one) => one.version).join(), metrics);
  }
  await load();
  listen("/api/events", { runs: () => load().catch(() => {}) });
}

/** The options that are not the same everywhere, and hyperparameters that were changed. */
function differences(names, facts) {
  const values = facts.map((one) => new Map(one.options.map((option) => [option.path, option.value])));
  for (const [index, one] of facts.entries()) {
    values[index].set("dataset", one.dataset);
    values[index].set("recipe", one.recipe);
  }
  const paths = ["dataset", "recipe", ...facts[0].options.map((option) => option.path)];
  const differing = paths.filter((one) => new Set(values.map((map) => map.get(one))).size > 1);
  const row = (head, cells) => el("tr", {},
    el("th", { scope: "row" }, head), cells.map((cell) => el("td", { class: "value" }, cell || "–")));
  const none = el("p", { class: "muted" }, t("noDiffering"));
  const body = el("tbody");
  const table = el("div", { class: "table" }, el("table", {},
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t("option")), names.map((name) => el("th", { scope: "col" }, name)))), body));
  return {
    element: el("section", {}, el("h2", {}, t("differing")), none, table),
    /** Takes the changes of every run. */
    update(changes) {
      const changed = [...new Set(changes.flat().map((one) => one.name))].sort();
      none.style.display = differing.length + changed.length ? "none" : "";
      table.style.display = differing.length + changed.length ? "" : "none";
      body.replaceChildren(
        ...differing.map((one) => row(one, values.map((map) => map.get(one)))),
        ...changed.map((name) => row(t("changedOption", name), changes.map((list) =>
          list.filter((one) => one.name === name)
            .map((one) => t("fromStep", one.to ?? t("asOptions"), count(one.step))).join(", ")))));
    },
  };
}

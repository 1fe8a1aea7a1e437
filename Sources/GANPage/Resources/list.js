// The list of runs.
import { ask, count, duration, el, listen, number, path, state, write } from "./kit.js";
import { t } from "./words.js";

export async function show(page) {
  document.title = `${t("runs")} – gan`;
  const chosen = new Set((state.get("chosen") ?? "").split(",").filter(Boolean));
  const shown = el("p", { class: "muted", role: "status" });
  const body = el("tbody");
  const filter = el("input", {
    type: "text", value: state.get("filter", ""), placeholder: t("filterHint"), id: "filter",
    oninput: () => (state.set("filter", filter.value), draw()),
  });
  const compare = el("button", {
    class: "main", disabled: true, id: "compare",
    onclick: () => (location.href = "/compare?runs=" + [...chosen].map(path).join(",")),
  }, t("compare"));
  page.replaceChildren(
    el("header", {}, el("h1", {}, t("runs"))),
    el("div", { class: "bar" }, el("label", {}, t("filter"), filter), compare),
    shown,
    el("div", { class: "table" }, el("table", {},
      el("thead", {}, el("tr", {},
        el("th", { scope: "col" }, el("span", { class: "hidden" }, t("choose"))),
        el("th", { scope: "col" }, t("picture")),
        el("th", { scope: "col" }, t("run")),
        el("th", { scope: "col" }, t("status")),
        el("th", { scope: "col", class: "wide" }, t("losses")),
        el("th", { scope: "col", class: "wide" }, t("verdict")),
        el("th", { scope: "col", class: "wide" }, t("options")))),
      body)));

  let list = { runs: [], count: 0 };
  const rows = new Map();

  function draw() {
    const wishes = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = list.runs.filter((run) => {
      const options = Object.entries(run.changed).map(([name, value]) => `${name}=${value}`);
      const text = [run.name, run.recipe, run.dataset, run.status, ...options].join(" ").toLowerCase();
      return wishes.every((wish) => text.includes(wish));
    });
    for (const name of rows.keys()) if (!list.runs.some((run) => run.name === name)) rows.delete(name);
    const wanted = found.map((run) => {
      const row = rows.get(run.name) ?? makeRow(run);
      rows.set(run.name, row);
      row.update(run);
      return row.element;
    });
    // Rows that stay are not touched: focus and reading go on.
    if (wanted.length !== body.children.length || wanted.some((row, i) => body.children[i] !== row)) {
      body.replaceChildren(...wanted);
    }
    write(shown, list.count === 0 ? t("noRuns") : t("shown", count(found.length), count(list.count)));
    compare.disabled = chosen.size < 2;
  }

  function makeRow(run) {
    const box = el("input", {
      type: "checkbox", "aria-label": `${t("compare")}: ${run.name}`,
      onchange: () => {
        if (box.checked) chosen.add(run.name);
        else chosen.delete(run.name);
        state.set("chosen", [...chosen].join(","));
        compare.disabled = chosen.size < 2;
      },
    });
    box.checked = chosen.has(run.name);
    const image = el("img", { class: "thumb", alt: "", width: 64, height: 64, loading: "lazy" });
    const status = el("td"), losses = el("td", { class: "wide value" });
    const verdict = el("td", { class: "wide" }), options = el("td", { class: "wide value" });
    const element = el("tr", {},
      el("td", {}, box), el("td", {}, image),
      el("td", {}, el("a", { href: "/runs/" + path(run.name) }, run.name),
        el("div", { class: "muted" }, `${run.dataset}, ${run.recipe}`)),
      status, losses, verdict, options);
    function update(now) {
      const source = now.picture === null || now.picture === undefined ? "" : `/runs/${path(now.name)}/pictures/${now.picture}`;
      if (source && image.getAttribute("src") !== source) image.src = source;
      image.style.visibility = source ? "visible" : "hidden";
      status.replaceChildren(
        el("span", { class: "badge" }, t(now.status)),
        el("div", { class: "muted number" }, t("epochOf", count(now.epoch), count(now.epochCount))),
        el("div", { class: "muted number wide" }, duration(now.elapsedSeconds)));
      write(losses, now.isNonfinite ? "NaN" : `${number(now.discriminatorLoss, 3)}, ${number(now.generatorLoss, 3)}`);
      losses.classList.toggle("warn", now.isNonfinite);
      write(verdict, now.findings ? now.findings.join(", ") || "✓" : "");
      write(options, Object.entries(now.changed).map(([name, value]) => `${name}=${value}`).join(" "));
    }
    return { element, update };
  }

  async function load() {
    list = await ask("/api/runs");
    draw();
  }
  await load();
  listen("/api/events", { runs: () => load().catch(() => {}) });
}

// A run's page.
import { changes } from "./changes.js";
import { ask, count, duration, el, expanded, listen, number, path, post, state, write } from "./kit.js";
import { curves } from "./plots.js";
import { latents } from "./latents.js";
import { samples } from "./samples.js";
import { t } from "./words.js";

export async function show(page, name) {
  const base = `/api/runs/${path(name)}`;
  const [facts, first] = await Promise.all([ask(`${base}/facts`), ask(`${base}/state`)]);
  document.title = `${name} – gan`;
  const badge = el("span", { class: "badge", id: "status", role: "status" });
  const bar = el("progress", { "aria-label": t("progress"), max: 1 });
  const line = el("p", { class: "facts number", id: "progress" });
  const faults = el("p", { class: "warn", role: "alert", id: "faults" });
  const controls = control(base), changed = changes(base);
  const metrics = el("section", { hidden: true }), verdict = el("section");
  const pictures = samples([{ run: name, label: name }], facts.areImages, (epoch) => plots.mark(epoch));
  const explorer = facts.areImages ? latents(name) : null;
  const plots = curves([name], facts, first.panels);
  page.replaceChildren(
    el("header", {},
      el("nav", {}, el("a", { href: "/?list" }, t("home"))),
      el("h1", {}, name), badge, el("span", { class: "muted" }, facts.title)),
    bar, line, faults, controls.element, pictures.element, explorer?.element ?? "", plots.element, changed.element, metrics, verdict,
    options(facts), environment(facts));

  let now = first;
  function draw() {
    const { live, status } = now;
    const step = Math.max(now.step, live?.step ?? 0);
    write(badge, t(status));
    bar.value = step / now.totalSteps;
    const parts = [
      t("epochOf", count(now.epoch), count(now.epochCount)),
      t("stepOf", count(step), count(now.totalSteps)),
      now.imagesPerSecond ? t("speed", number(now.imagesPerSecond, 3)) : null,
      now.secondsLeft !== null && now.secondsLeft !== undefined ? t("left", duration(now.secondsLeft)) : null,
      t("took", duration(now.elapsedSeconds)),
      live?.memoryBytes ? t("memory", count(Math.round(live.memoryBytes / 1e6))) : null,
    ].filter(Boolean);
    if (line.childElementCount !== parts.length) line.replaceChildren(...parts.map(() => el("span")));
    parts.forEach((part, index) => write(line.children[index], part));
    write(faults, Object.entries(now.nonfinite).map(([reading, at]) => t("nonfinite", reading, count(at))).join("; "));
    controls.update(status, live);
    changed.update(now);
  }
  function drawAll() {
    draw();
    pictures.update([expanded(now.pictures)]);
    plots.update(now.panels, now.version, now.metrics.map((metric) => metric.name));
    metricTable(metrics, now.metrics);
    verdictText(verdict, now);
  }
  drawAll();
  plots.mark(pictures.epoch());
  listen(`${base}/events`, {
    state: (value) => ((now = value), drawAll()),
    live: (value) => {
      const status = value.isPaused ? "paused" : now.status === "paused" ? "training" : now.status;
      now = { ...now, live: value, status };
      draw();
    },
  }, {
    whenOver: plots.finish,
    whenBack: () => {
      plots.again();
      explorer?.again();
    },
  });
}

function control(base) {
  const said = el("span", { role: "status", class: "muted" });
  const send = (command) => post(`${base}/control`, { command }).catch((error) => write(said, error.message));
  const button = (command, act = () => send(command)) => el("button", { id: command, onclick: act }, t(command));
  const pause = button("pause"), resume = button("resume"), step = button("step"), save = button("save");
  const stop = button("stop", () => { if (confirm(t("stopSure"))) send("stop"); });
  const bar = el("div", { class: "bar", role: "group", "aria-label": t("control") }, pause, resume, step, save, stop, said);
  const hint = el("p", { class: "muted" }, t("readOnly"));
  const element = el("div", {}, bar, hint);
  return {
    element,
    update(status, live) {
      const isGoing = status === "training" || status === "paused";
      bar.style.display = live && isGoing ? "" : "none";
      hint.style.display = !live && isGoing ? "" : "none";
      if (!live) return;
      pause.disabled = live.isPaused || live.isStopping;
      resume.disabled = !live.isPaused || live.isStopping;
      step.disabled = !live.isPaused || live.isStopping;
      save.disabled = stop.disabled = live.isStopping;
      const saved = live.savedStep ?? null;
      write(said, live.isStopping ? t("stopping") : saved === null ? "" : t("savedAt", count(saved)));
    },
  };
}

function metricTable(section, metrics) {
  section.hidden = metrics.length === 0;
  if (metrics.length === 0) return;
  section.replaceChildren(
    el("h2", {}, `${t("metrics")}, ${t("epoch").toLowerCase()} ${count(metrics[0].epoch)}`),
    el("div", { class: "table" }, el("table", {},
      el("thead", {}, el("tr", {}, ...["metric", "value", "floor"].map((key) => el("th", { scope: "col" }, t(key))))),
      el("tbody", {}, metrics.map((metric) => el("tr", {},
        el("th", { scope: "row" }, metric.name),
        el("td", { class: "value" }, number(metric.value)),
        el("td", { class: "value" }, number(metric.floor))))))));
}

function verdictText(section, now) {
  const words = now.verdict
    ? now.verdict.findings.length === 0
      ? [el("p", { class: "good" }, now.verdict.line)]
      : [el("ul", {}, now.verdict.findings.map((found) =>
        el("li", {}, el("strong", {}, found.words), ` (${found.evidence}): `, el("code", {}, found.page))))]
    : [el("p", { class: "muted" }, t("noVerdict"))];
  section.replaceChildren(el("h2", {}, t("verdict")), ...words);
}

function options(facts) {
  const body = el("tbody");
  const none = el("p", { class: "muted" }, t("asRecipe"));
  const all = el("input", { type: "checkbox", id: "all", onchange: () => (state.set("all", all.checked), draw()) });
  all.checked = state.get("all") === "1";
  function draw() {
    const shown = facts.options.filter((option) => all.checked || option.isSet);
    none.style.display = shown.length === 0 ? "" : "none";
    body.replaceChildren(...shown.map((option) => el("tr", { class: option.isSet ? "set" : null },
      el("td", { title: option.help }, option.path),
      el("td", { class: "value" }, option.value),
      el("td", { class: "muted" }, option.origin ?? (option.isSet ? t("setHere") : t("recipe", facts.recipe))))));
  }
  draw();
  return el("section", {}, el("h2", {}, t("options")),
    el("div", { class: "bar" }, el("label", {}, all, t("allOptions"))), none,
    el("div", { class: "table" }, el("table", {},
      el("thead", {}, el("tr", {}, ...["option", "value", "origin"].map((key) => el("th", { scope: "col" }, t(key))))),
      body)));
}

function environment(facts) {
  return el("section", {}, el("details", {}, el("summary", {}, t("environment")),
    el("div", { class: "table" }, el("table", {}, el("tbody", {}, facts.environment.map((fact) =>
      el("tr", {}, el("th", { scope: "row" }, fact.name), el("td", { class: "value" }, fact.value))))))));
}

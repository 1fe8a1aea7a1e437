// Hyperparameters: their values now, fields that change them, and the changes so far.
import { count, el, post, write } from "./kit.js";
import { t } from "./words.js";

/** The section of a run's hyperparameters. */
export function changes(base) {
  const fields = new Map();
  const rows = el("div", { class: "fields" });
  const said = el("p", { role: "status", class: "muted", id: "changed" });
  const fault = el("p", { class: "warn", role: "alert" });
  const body = el("tbody", { id: "changes" });
  const table = el("div", { class: "table" }, el("table", {},
    el("thead", {}, el("tr", {}, ...["option", "since", "before", "after"].map((key) => el("th", { scope: "col" }, t(key))))),
    body));
  const element = el("section", { "aria-label": t("hyperparameters") },
    el("h2", {}, t("hyperparameters")), rows, said, fault, table);
  let known = null;

  async function send(name, value) {
    try {
      await post(`${base}/hyperparameters`, { name, value });
      said.classList.remove("warn");
      write(said, t("changeAsked", name));
    } catch (error) {
      said.classList.add("warn");
      write(said, error.message);
    }
  }

  function field({ name, help }) {
    const value = el("span", { class: "number value" });
    const wish = el("input", { type: "text", inputmode: "decimal", size: 9, autocomplete: "off", "aria-label": t("newValue", name) });
    const change = el("button", { type: "submit" }, t("change"));
    const back = el("button", { type: "button", onclick: () => send(name, null) }, t("asOptions"));
    const form = el("form", {
      "data-name": name,
      onsubmit: (event) => {
        event.preventDefault();
        send(name, wish.value.trim());
      },
    }, wish, change, back);
    return {
      element: el("div", { class: "field", title: help }, el("span", { class: "name" }, name), value, form),
      update(one, isControlled) {
        write(value, `${one.value}`);
        form.style.display = isControlled ? "" : "none";
        back.style.visibility = one.isChanged ? "visible" : "hidden";
      },
    };
  }

  return {
    element,
    update(now) {
      const isControlled = Boolean(now.live) && !now.live.isStopping && ["training", "paused"].includes(now.status);
      for (const one of now.hyperparameters) {
        if (!fields.has(one.name)) {
          fields.set(one.name, field(one));
          rows.append(fields.get(one.name).element);
        }
        fields.get(one.name).update(one, isControlled);
      }
      write(fault, now.changesFault ?? "");
      const last = now.changes.at(-1);
      const key = `${now.changes.length} ${last?.step} ${last?.name}`;
      if (known === key) return;
      if (known !== null) write(said, "");
      known = key;
      table.style.display = last ? "" : "none";
      body.replaceChildren(...now.changes.toReversed().map((one) => el("tr", {},
        el("td", {}, one.name), el("td", { class: "value" }, count(one.step)),
        el("td", { class: "value" }, `${one.from}`),
        el("td", { class: "value" }, one.to === null ? t("asOptions") : `${one.to}`))));
    },
  };
}

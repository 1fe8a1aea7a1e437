// What every page of runs uses: requests, state in the address, events, numbers in words.
import { el, follow, write } from "/shared.js";
import { language, t } from "./words.js";

export { el, write };

export const $ = (id) => document.getElementById(id);

export class Refused extends Error {
  constructor(status, reason) {
    super(reason);
    this.status = status;
  }
}

/** Asks the server; a refusal is thrown with its reason. */
export async function ask(path, options = {}) {
  const answer = await fetch(path, options);
  if (!answer.ok) throw new Refused(answer.status, (await answer.text()).trim());
  return answer.json();
}

export const post = (path, value) => ask(path, { method: "POST", body: JSON.stringify(value) });

export function fail(page, error, words) {
  page.replaceChildren(
    el("header", {}, el("nav", {}, el("a", { href: "/?list" }, words)), el("h1", {}, t("nothing"))),
    el("p", { class: "warn", role: "alert" }, error.status === 401 ? t("newServer") : error.message));
}

// MARK: State in the address: a link shows the same.

export const state = {
  get: (name, usual = null) => new URLSearchParams(location.search).get(name) ?? usual,
  set(name, value) {
    const query = new URLSearchParams(location.search);
    if (value === null || value === undefined || value === "" || value === false) query.delete(name);
    else query.set(name, value === true ? "1" : value);
    const text = query.toString().replaceAll("%2C", ",");
    history.replaceState(null, "", location.pathname + (text ? "?" + text : ""));
  },
};

// MARK: Events

/** Listens while the page is to be seen: a hidden page would keep one of the browser's few connections. */
export const listen = (path, handlers, more = {}) => follow(path, handlers, {
  probe: path.replace(/\/events.*$/, path.startsWith("/api/runs/") ? "/state" : "/runs"),
  words: { lost: t("reconnecting", location.port), ended: t("ended"), 401: t("newServer"), 404: t("runGone") },
  ...more,
});

// MARK: Words

export function number(value, digits = 4) {
  if (value === null || value === undefined) return "–";
  return new Intl.NumberFormat(language(), { maximumSignificantDigits: digits }).format(value);
}

export const count = (value) => new Intl.NumberFormat(language()).format(value);

export function duration(seconds) {
  if (seconds === null || !isFinite(seconds)) return "–";
  const whole = Math.round(seconds);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (h > 0) return `${h} h ${m} min`;
  return m > 0 ? `${m} min ${s} s` : `${s} s`;
}

/** Epochs that the server names as `[first, last, distance]`. */
export const expanded = (runs) =>
  runs.flatMap(([first, last, by]) => Array.from({ length: (last - first) / by + 1 }, (_, i) => first + i * by));

/** The index of the number nearest to `wanted` in ascending numbers. */
export function nearest(numbers, wanted) {
  let [low, high] = [0, numbers.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (numbers[middle] <= wanted) low = middle;
    else high = middle;
  }
  return wanted - numbers[low] <= numbers[high] - wanted ? low : high;
}

export const path = (name) => encodeURIComponent(name);

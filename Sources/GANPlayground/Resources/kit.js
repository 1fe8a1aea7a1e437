// Requests, and the address that holds every setting.
import { el, follow, write } from "/shared.js";
import { language } from "./words.js";

export { el, follow, write };

/** Asks the server; a refusal is thrown with its reason. */
export async function ask(path, body) {
  const answer = await fetch(path, body === undefined ? {} : { method: "POST", body: JSON.stringify(body) });
  if (!answer.ok) throw Object.assign(new Error((await answer.text()).trim()), { status: answer.status });
  return answer.json();
}

// MARK: Settings by path, such as `generator.width`

export const get = (settings, path) => path.split(".").reduce((value, key) => value?.[key], settings);
export function set(settings, path, value) {
  const keys = path.split(".");
  const last = keys.pop();
  const place = keys.reduce((object, key) => object[key], settings);
  if (value === null) delete place[last];
  else place[last] = value;
}

function paths(settings, prefix = "") {
  return Object.entries(settings).flatMap(([key, value]) =>
    value !== null && typeof value === "object" ? paths(value, `${prefix}${key}.`) : [prefix + key]);
}

/** What differs from the usual, as the part of an address after #. */
export function toAddress(settings, usual) {
  const parts = new URLSearchParams();
  for (const path of paths(settings)) {
    if (get(settings, path) !== get(usual, path)) parts.set(path, get(settings, path));
  }
  parts.set("seed", settings.seed);
  parts.set("lang", language());
  history.replaceState(null, "", `#${parts}`);
}

/** The settings of the address; null where it names none. */
export function fromAddress(usual) {
  const parts = new URLSearchParams(location.hash.slice(1));
  const known = [...paths(usual), "penalty"];
  if (!known.some((path) => parts.has(path))) return null;
  const settings = structuredClone(usual);
  for (const path of known) {
    if (!parts.has(path)) continue;
    const isNumber = typeof get(usual, path) === "number";
    set(settings, path, isNumber ? Number(parts.get(path)) : parts.get(path));
  }
  return settings;
}

export const addressLanguage = () => new URLSearchParams(location.hash.slice(1)).get("lang");

/** The same settings, in whatever order. */
export function same(one, two) {
  const all = new Set([...paths(one), ...paths(two)]);
  return [...all].every((path) => (get(one, path) ?? null) === (get(two, path) ?? null));
}

// MARK: Points as text: see PlayPoints.swift

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
export function writePoints(points) {
  return points.flat().map((coordinate) => {
    const code = Math.round(Math.min(Math.max((coordinate + 1.5) / 3, 0), 1) * 4095);
    return letters[code >> 6] + letters[code & 63];
  }).join("");
}
export function readPoints(text) {
  const coordinates = [];
  for (let i = 0; i + 1 < text.length; i += 2) {
    coordinates.push((letters.indexOf(text[i]) * 64 + letters.indexOf(text[i + 1])) / 4095 * 3 - 1.5);
  }
  return coordinates.flatMap((x, i) => (i % 2 === 0 && i + 1 < coordinates.length ? [[x, coordinates[i + 1]]] : []));
}

/** A table's first two columns of numbers, moved and scaled to reach from -1 to 1. */
export function readTable(text) {
  const rows = text.split(/\r?\n/).map((line) => line.split(/[,;\t ]+/).map((field) => field.trim()).filter(Boolean).map(Number))
    .filter((row) => row.length >= 2 && isFinite(row[0]) && isFinite(row[1]));
  const chosen = rows.length <= 1000 ? rows : Array.from({ length: 1000 }, (_, i) => rows[Math.floor(i * rows.length / 1000)]);
  const range = (place) => {
    const values = chosen.map((row) => row[place]);
    return [Math.min(...values), Math.max(...values)];
  };
  if (chosen.length === 0) return [];
  const [[left, right], [low, high]] = [range(0), range(1)];
  const half = Math.max(right - left, high - low) / 2 || 1;
  return chosen.map(([x, y]) => [(x - (left + right) / 2) / half, (y - (low + high) / 2) / half]);
}

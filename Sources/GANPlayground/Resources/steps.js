// What a step does, sub-step by sub-step, in plain words; and slow motion, which goes through them.
import { el, write } from "./kit.js";
import { number, t } from "./words.js";

const pause = 1100;

/**
 * The explanations.
 *
 * @param make Makes a step of a player; promises.
 * @param losses The losses and scores of the last updates.
 */
export function makeSteps(make, losses) {
  const items = {};
  const list = (side) => el("ol", { class: "steps" }, [1, 2, 3, 4, 5].map((place) => (items[side + place] = el("li"))));
  const element = el("div", { class: "two" },
    el("div", {}, el("strong", {}, t("stepD")), list("d")), el("div", {}, el("strong", {}, t("stepG")), list("g")));
  let run = 0;

  function say() {
    const now = losses();
    const value = (name) => (name in now ? number(now[name]) : "–");
    const parts = {
      d2: [value("discriminator.realScore"), value("discriminator.fakeScore")], d3: [value("discriminator.loss")],
      g2: [value("generator.fakeScore")], g3: [value("generator.loss")],
    };
    for (const [name, item] of Object.entries(items)) write(item, t(name, ...(parts[name] ?? [])));
  }
  function mark(name) {
    for (const [key, item] of Object.entries(items)) {
      if (key === name) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
    }
  }
  const wait = () => new Promise((done) => setTimeout(done, pause));

  say();
  return {
    element,
    get isRunning() { return run !== 0; },
    /** Marks the end of a step that was made by hand. */
    show(player) {
      setTimeout(say, 80);
      mark(player === "discriminator" ? "d5" : "g5");
    },
    stop() { run = 0; },
    /** Goes on slowly until it is stopped. */
    async run() {
      const mine = (run = Date.now());
      while (run === mine) {
        for (const side of ["d", "g"]) {
          for (const place of [1, 2, 3, 4, 5]) {
            if (run !== mine) return;
            if (place === 5) await make(side === "d" ? "discriminator" : "generator");
            mark(side + place);
            say();
            await wait();
          }
        }
      }
    },
  };
}

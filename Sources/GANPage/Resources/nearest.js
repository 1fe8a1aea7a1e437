// The training images nearest to one of the generator's, searched once the visitor has stopped to move.
import { count, el, number, state, write } from "./kit.js";
import { t } from "./words.js";

/** Milliseconds without a change before a search. */
const REST = 400;

/** The box of neighbours; nothing is searched before it is opened. */
export function neighbours() {
  let wanted = null, shown = null, told = "", isAsking = false, timer = null;
  const picture = el("img", { class: "neighbours", alt: t("nearestAlt") });
  const words = el("p", { class: "number", role: "status", id: "lnearest" });
  const details = el("details", { class: "broad", id: "lnear", ontoggle: () => (state.set("lnear", details.open), soon()) },
    el("summary", {}, t("nearest")), el("figure", {}, picture, el("figcaption", {}, words)));
  if (state.get("lnear") === "1") details.open = true;

  function soon() {
    clearTimeout(timer);
    if (!details.open) return;
    write(words, wanted === shown ? told : t("searching"));
    if (wanted === shown) return;
    timer = setTimeout(search, REST);
  }

  async function search() {
    if (isAsking) return;
    isAsking = true;
    const url = wanted;
    try {
      const answer = await fetch(url);
      if (!answer.ok) throw new Error((await answer.text()).trim());
      const found = await answer.json();
      picture.src = `data:image/png;base64,${found.picture}`;
      picture.dataset.shown = url;
      const usual = found.usual;
      told = [
        t("distances", count(found.searched), found.distances.map((one) => number(one, 3)).join(", ")),
        t(usual.areTestImages ? "usualOfTest" : "usualOfTraining", count(usual.count), number(usual.median, 3), number(usual.least, 3)),
      ].join(" ");
    } catch (error) {
      // A connection that is lost is said elsewhere, and what was shown stays.
      if (!(error instanceof TypeError)) told = error.message;
    }
    // What failed is asked for again with the next change only.
    shown = url;
    isAsking = false;
    soon();
  }

  return {
    element: details,
    show(url) {
      wanted = url;
      soon();
    },
    forget: () => (shown = null),
  };
}

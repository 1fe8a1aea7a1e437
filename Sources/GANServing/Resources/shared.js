// What every page has: elements, and events of a server that may be gone for a while.

/** Makes an element; attributes that begin with `on` are listeners, null leaves one out. */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** Writes text only where it differs, so that screen readers and layout are left alone. */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Seconds between two tries to reach a server that does not answer: the first, doubled, the longest. */
const [SOON, LATE] = [0.5, 15];

/**
 * Hears a server's events. One that is gone is tried again, ever more rarely; what is shown stays, and `whenBack` is
 * called once it answers.
 * `probe` is a path whose status says why there are no events; `words` what to say of it, `lost` of no answer, and of
 * the event `ended`, after which nothing more comes. A hidden page hears nothing unless `staysHidden`.
 */
export function follow(path, handlers, { probe, words, staysHidden = false, whenOver = () => {}, whenBack = () => {} }) {
  let source = null, timer = null, wait = SOON;
  let isOver = false, isLost = false;
  const say = (text) => write(document.getElementById("connection"), text);
  const isHidden = () => document.hidden && !staysHidden;
  function open() {
    clearTimeout(timer);
    if (source || isOver || isHidden()) return;
    source = new EventSource(path);
    source.onopen = () => {
      say("");
      wait = SOON;
      if (!isLost) return;
      isLost = false;
      for (const image of document.querySelectorAll("img[data-lost]")) image.src = image.dataset.lost;
      whenBack();
    };
    for (const [name, handle] of Object.entries(handlers)) {
      source.addEventListener(name, (event) => handle(JSON.parse(event.data)));
    }
    source.addEventListener("ended", () => {
      isOver = true;
      close();
      say(words.ended);
      whenOver();
    });
    source.onerror = () => {
      close();
      retry();
    };
  }
  function close() {
    source?.close();
    source = null;
  }
  /** Says why there are no events, and tries again later. */
  async function retry() {
    isLost = true;
    let reason = words.lost;
    try {
      // Another server's cookie may come yet: by another tab of this browser.
      reason = words[(await fetch(probe)).status] ?? reason;
    } catch { /* Not there yet. */ }
    say(reason);
    clearTimeout(timer);
    timer = setTimeout(open, 1000 * wait);
    wait = Math.min(2 * wait, LATE);
  }
  document.addEventListener("visibilitychange", () => {
    wait = SOON;
    if (isHidden()) close();
    else open();
  });
  addEventListener("pagehide", close);
  addEventListener("pageshow", open);
  open();
}

/** A picture that cannot be had is asked for again once the server is back. */
addEventListener("error", ({ target }) => {
  if (target instanceof HTMLImageElement) target.dataset.lost = target.getAttribute("src");
}, true);
addEventListener("load", ({ target }) => {
  if (target instanceof HTMLImageElement) delete target.dataset.lost;
}, true);

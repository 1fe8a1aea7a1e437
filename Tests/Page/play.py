"""Every claim about the playground's page, in a real browser.

    play.py --gan GAN --scratch FOLDER [--pictures FOLDER] [CLAIM ...]

Prints `ok CLAIM` or `failed CLAIM: why` for each; exits 77 with a reason where there is no browser.
"""

import argparse
import json
import os
import re
import socket
import subprocess
import sys
import traceback

import browser
from browser import until


class Game:
    """A server of `gan play`."""

    def __init__(self, program, *flags):
        self.process = subprocess.Popen(
            [program, "play", *flags], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.address = self.process.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?token=[0-9a-f]{32}", self.address), self.address

    def link(self, settings):
        return f"{self.address}#{settings}"

    def end(self):
        self.process.kill()
        self.process.wait()


def state(page):
    return page.js("""const r = new XMLHttpRequest(); r.open('GET', '/api/state', false); r.send();
      return JSON.parse(r.responseText)""")


def counts(page):
    found = re.search(r"D ([\d]+) updates, G ([\d]+) updates", page.text("#counts"))
    return (int(found.group(1)), int(found.group(2))) if found else (0, 0)


def open_page(page, address):
    page.open("about:blank")
    page.open(address)
    page.there("#world")
    until(lambda: "updates" in page.text("#counts"), "the first picture")


def change(page, path, value):
    page.js("""const field = [...document.querySelectorAll(`[data-path="${arguments[0]}"]`)].at(-1);
      field.value = arguments[1]; field.dispatchEvent(new Event('change'))""", path, str(value))


def colours(page):
    """How many different colours the picture has: nothing drawn has one."""
    return page.js("""const c = document.querySelector('#world'); const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
      return new Set(Array.from({length: d.length / 64}, (_, i) => d[64 * i] << 16 | d[64 * i + 1] << 8 | d[64 * i + 2])).size""")


def it_plays_pauses_and_steps(page, game, keep):
    open_page(page, game.address)
    assert "token" not in page.address(), page.address()
    assert counts(page) == (0, 0)
    page.click("#step-d")
    until(lambda: counts(page) == (1, 0), "a step of D")
    page.click("#step-g")
    until(lambda: counts(page) == (1, 1), "a step of G")
    page.click("#step-both")
    until(lambda: counts(page) == (2, 2), "a step of both")
    assert "wrong it was:" in page.text("ol.steps"), page.text("ol.steps")
    page.js("const s = document.querySelector('#speed'); s.value = '20'; s.dispatchEvent(new Event('change'))")
    page.click("#play")
    until(lambda: counts(page)[0] > 400, "rounds go on")
    until(lambda: page.text("#play") == "Pause", "the button says so")
    assert colours(page) > 50, colours(page)
    keep("playing")
    page.click("#play")
    until(lambda: not state(page)["isPlaying"], "it pauses")
    held = state(page)["readings"][-1]["discriminatorUpdates"]
    page.click("#step-both")
    until(lambda: state(page)["readings"][-1]["discriminatorUpdates"] > held, "one more")
    page.click("#restart")
    until(lambda: counts(page) == (0, 0), "from the start")


def a_drawn_world_trains_and_is_shared(page, game, keep):
    open_page(page, game.address)
    page.js("document.querySelector('#draw').closest('details').open = true")
    page.click("#draw")
    box = page.js("""document.querySelector('#world').scrollIntoView({block: 'center'});
      const b = document.querySelector('#world').getBoundingClientRect(); return [b.left, b.top, b.width, b.height]""")
    for shape in ("mouse", "touch"):
        y = box[1] + box[3] * (0.3 if shape == "mouse" else 0.7)
        moves = [{"type": "pointerMove", "x": round(box[0] + box[2] * (0.2 + 0.05 * i)), "y": round(y), "duration": 20}
                 for i in range(12)]
        page._call("POST", "/actions", {"actions": [{
            "type": "pointer", "id": shape, "parameters": {"pointerType": shape},
            "actions": [moves[0], {"type": "pointerDown", "button": 0}, *moves[1:], {"type": "pointerUp", "button": 0}]}]})
    page.js("document.querySelector('#world').focus()")
    page.press("#world", "\ue012\ue012 \ue015 ")
    keep("drawing")
    page.js("document.querySelector('#draw').click()")
    until(lambda: state(page)["settings"]["world"] == "points", "the drawn world")
    drawn = state(page)["settings"]["points"]
    assert 4 * 15 < len(drawn) < 4 * 200, drawn
    change(page, "seed", 7)
    until(lambda: state(page)["settings"]["seed"] == 7, "another seed")
    change(page, "objective", "hinge")
    until(lambda: state(page)["settings"]["objective"] == "hinge", "another objective")
    change(page, "penalty", "lecam")
    until(lambda: state(page)["settings"].get("penalty") == "lecam", "a penalty")
    page.js("const s = document.querySelector('#speed'); s.value = '20'; s.dispatchEvent(new Event('change'))")
    page.click("#play")
    until(lambda: counts(page)[0] > 600, "it trains")
    keep("drawn")
    link = page.address()
    assert "token" not in link
    for part in ("world=points", f"points={drawn}", "seed=7", "objective=hinge", "penalty=lecam"):
        assert part in link, link
    at = counts(page)[0]
    page.reload()
    page.there("#world")
    until(lambda: counts(page)[0] >= at, "a reload goes on where it was")
    page.click("#play")
    until(lambda: not state(page)["isPlaying"], "it pauses")

    # Elsewhere the link has the same settings, and the same game from the first step.
    other = Game(game.program)
    try:
        open_page(page, other.link(link.split("#")[1]))
        until(lambda: state(page)["settings"]["points"] == drawn, "the link's world")
        assert state(page)["settings"]["seed"] == 7 and state(page)["settings"]["objective"] == "hinge"
        page.click("#step-both")
        until(lambda: counts(page) == (1, 1), "a step")
        first = state(page)["readings"][-1]
        page.click("#restart")
        until(lambda: counts(page) == (0, 0), "from the start")
        page.click("#step-both")
        until(lambda: counts(page) == (1, 1), "the same step")
        assert state(page)["readings"][-1]["value"] == first["value"]
        # A page that listens would complain of the end of its server.
        page.open("about:blank")
    finally:
        other.end()


def what_is_refused_stays_in_the_form(page, game, keep):
    open_page(page, game.address)
    change(page, "packing", 4)
    until(lambda: "packing" in page.text(".error[role=alert]:not(:empty)"), "the reason")
    assert page.js("return document.querySelector('[data-path=packing]').value") == "4"
    assert state(page)["settings"]["packing"] == 1
    change(page, "packing", 5)
    until(lambda: state(page)["settings"]["packing"] == 5, "another packing")
    change(page, "world", "/etc/passwd.json")
    until(lambda: "JSON" in page.text(".error[role=alert]:not(:empty)"), "no file is read")
    # So is what a link asks for; the game that there is stays.
    page.open("about:blank")
    page.open(game.link("packing=4&seed=3"))
    page.there("#world")
    until(lambda: "packing" in page.text(".error[role=alert]:not(:empty)"), "the reason")
    page.click("#step-both")
    until(lambda: counts(page)[0] > 0, "the game goes on")
    assert "packing" in page.text(".error[role=alert]:not(:empty)"), "the reason stays"
    page.complaints()  # The browser logs the answers of 400.


def a_story_happens_and_leads_back(page, game, keep):
    open_page(page, game.link("generator.width=24&seed=3"))
    until(lambda: state(page)["settings"]["generator"]["width"] == 24, "the address's settings")
    page.click(".preset")
    until(lambda: counts(page)[0] > 100, "it plays")
    until(lambda: page.text(".story") != "", "a sentence says what to look at")
    keep("story")
    page.click("#back")
    until(lambda: state(page)["settings"]["generator"]["width"] == 24, "what was set is back")
    page.click("#play")


def two_tabs_see_one_game(page, game, keep):
    open_page(page, game.address)
    first = page.tab()
    second = page.new_tab()
    open_page(page, game.address.split("/?")[0] + "/")
    page.click("#step-both")
    until(lambda: counts(page) == (1, 1), "a step here")
    page.choose(first)
    until(lambda: counts(page) == (1, 1), "is seen there")
    page.js("const s = document.querySelector('#speed'); s.value = '5'; s.dispatchEvent(new Event('change'))")
    page.click("#play")
    until(lambda: counts(page)[0] > 5, "it plays")
    page.choose(second)
    at = counts(page)[0]
    until(lambda: counts(page)[0] > at + 50, "it goes on while the other tab is hidden")
    page.click("#play")
    page.close_tab()
    page.choose(first)


def nan_is_shown(page, game, keep):
    open_page(page, game.link(
        "objective=least-squares&generator.depth=6&discriminator.depth=6&generator.learningRate=10&discriminator.learningRate=10"))
    page.js("const s = document.querySelector('#speed'); s.value = '20'; s.dispatchEvent(new Event('change'))")
    page.click("#play")
    until(lambda: "NaN" in page.text("tbody"), "NaN in the numbers")
    page.click("#play")
    keep("diverged")


def it_fits_a_phone_in_the_dark(page, game, keep):
    try:
        page.devtools("Emulation.setDeviceMetricsOverride", width=390, height=844, deviceScaleFactor=2, mobile=True)
        page.devtools("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
        open_page(page, game.address)
        page.js("const s = document.querySelector('#speed'); s.value = '20'; s.dispatchEvent(new Event('change'))")
        page.click("#play")
        until(lambda: counts(page)[0] > 300, "it plays")
        wide = page.js("return document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{wide} pixels too wide"
        assert page.js("return getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 28)"
        keep("phone")
        page.click("#play")
    finally:
        page.devtools("Emulation.clearDeviceMetricsOverride")
        page.devtools("Emulation.setEmulatedMedia", features=[])


def everything_has_a_name_and_a_key(page, game, keep):
    open_page(page, game.address)
    page.js("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    nodes = page.devtools("Accessibility.getFullAXTree")["nodes"]
    roles = {"button", "slider", "checkbox", "combobox", "textbox", "spinbutton", "link", "image"}
    nameless = [node["role"]["value"] for node in nodes
                if not node.get("ignored") and node.get("role", {}).get("value") in roles
                and not node.get("name", {}).get("value")]
    assert not nameless, f"without a name: {nameless}"
    reached = page.js("""return [...document.querySelectorAll('button, input, select, textarea, summary')]
      .filter((one) => one.offsetParent && !one.disabled && one.tabIndex < 0).length""")
    assert reached == 0, reached
    page.press("#step-both", "\ue007")
    until(lambda: counts(page) == (1, 1), "Enter makes a step")
    page.js("""window.shift = 0;
      new PerformanceObserver((list) => list.getEntries().forEach((one) => { window.shift += one.value; }))
        .observe({ type: 'layout-shift' });""")
    page.press("#play", "\ue007")
    until(lambda: counts(page)[0] > 60, "it plays")
    assert page.js("return window.shift") < 0.02, page.js("return window.shift")
    page.press("#play", "\ue007")
    page.click("#language")
    until(lambda: page.text("h1") == "가지고 노는 GAN", "Korean")
    assert "lang=ko" in page.address()
    keep("korean")


def it_goes_on_with_another_server(page, game, keep):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = str(listener.getsockname()[1])
    first = Game(game.program, "--port", port)
    try:
        open_page(page, first.link("seed=7"))
        assert state(page)["settings"]["seed"] == 7
    finally:
        first.end()
    until(lambda: "does not answer" in page.text("#connection"), "the page says so")
    shown = colours(page)
    assert shown > 5, shown
    # The token of a port that is named is kept.
    second = Game(game.program, "--port", port)
    try:
        assert second.address == first.address
        until(lambda: page.text("#connection") == "", "it goes on by itself")
        until(lambda: state(page)["settings"]["seed"] == 7, "the new server plays the same game")
        page.click("#step-both")
        until(lambda: counts(page) == (1, 1), "it is played")
        page.complaints()  # Those of the time without a server.
        page.open("about:blank")
    finally:
        second.end()


CLAIMS = [it_plays_pauses_and_steps, a_drawn_world_trains_and_is_shared, what_is_refused_stays_in_the_form,
          a_story_happens_and_leads_back, two_tabs_see_one_game, it_goes_on_with_another_server, nan_is_shown, it_fits_a_phone_in_the_dark,
          everything_has_a_name_and_a_key]


def main():
    parser = argparse.ArgumentParser()
    for name in ("--gan", "--scratch"):
        parser.add_argument(name, required=True)
    parser.add_argument("--pictures")
    parser.add_argument("claims", nargs="*")
    options = parser.parse_args()
    reason = browser.missing()
    if reason:
        print(reason)
        sys.exit(77)
    os.makedirs(options.scratch, exist_ok=True)
    os.environ["XDG_CACHE_HOME"] = os.path.join(options.scratch, "cache")
    page = browser.Browser(options.scratch)
    failures = 0
    try:
        for claim in CLAIMS:
            name = claim.__name__
            if options.claims and name not in options.claims:
                continue
            game = Game(options.gan)
            game.program = options.gan

            def keep(picture):
                if options.pictures:
                    os.makedirs(options.pictures, exist_ok=True)
                    page.screenshot(os.path.join(options.pictures, f"play-{picture}.png"))

            try:
                claim(page, game, keep)
                page.js("return 0")
                complaints = page.complaints()
                assert not complaints, f"the console says: {complaints}"
                print(f"ok {name}", flush=True)
            except Exception as error:
                failures += 1
                keep(f"failed-{name}")
                print(f"failed {name}: {error}", flush=True)
                traceback.print_exc()
            finally:
                # A page that listens would complain of the end of its server.
                page.open("about:blank")
                game.end()
                page.complaints()
    finally:
        page.close()
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()

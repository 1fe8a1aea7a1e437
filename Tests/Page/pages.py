"""Every claim about the pages of runs, in a real browser.

    pages.py --gan GAN --data FOLDER --scratch FOLDER [--pictures FOLDER] [CLAIM ...]

Prints `ok CLAIM` or `failed CLAIM: why` for each; exits 77 with a reason where there is no browser.
"""

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import traceback

import browser
from browser import until

LEFT, RIGHT, END = "\ue012", "\ue014", "\ue010"
SMALL = ["--threads", "1", "--latent-size", "2", "--set", "generator.hidden=[3]",
         "--set", "discriminator.hidden=[]", "--set", "keptCheckpoints=1"]


class Gan:
    """The program, its data and its runs."""

    def __init__(self, options):
        self.program, self.data, self.scratch = options.gan, options.data, options.scratch
        self.runs = os.path.join(self.scratch, "runs")
        self.environment = dict(os.environ, XDG_CACHE_HOME=f"{self.scratch}/cache", GAN_SET_DATA_MIRROR="none")
        self.started = []

    def train(self, *flags):
        result = subprocess.run(
            [self.program, "train", "--data-dir", self.data, "--runs-dir", self.runs, "--quiet", *SMALL, *flags],
            env=self.environment, capture_output=True, text=True, check=True)
        return os.path.basename(result.stdout.strip())

    def start(self, *arguments):
        """Starts a command that serves, and returns it with the address that it prints first."""
        process = subprocess.Popen(
            [self.program, *arguments], env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.started.append(process)
        address = process.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?token=[0-9a-f]{32}", address), address
        return process, address

    def watch(self, *flags):
        return self.start("watch", self.runs, *flags)

    def train_with_page(self, *flags):
        return self.start(
            "train", "--data-dir", self.data, "--runs-dir", self.runs, "--quiet", "--page", *SMALL, *flags)

    def end(self):
        for process in self.started:
            process.kill()
            process.wait()
        self.started = []


def shown_epoch(page):
    return page.js("return document.querySelector('.frame img')?.getAttribute('src')?.split('/').pop()")


def wait_for_run(page):
    page.there(".plot svg")
    until(lambda: page.js("const i = document.querySelector('.frame img'); return i && i.complete && i.naturalWidth > 0"),
          "a picture of samples")


# Claims: each is handed the browser, the program and a function that keeps a picture.


def a_run_that_ended_is_shown(page, gan, keep):
    name = gan.train("--epochs", "4")
    _, address = gan.watch()
    page.open(address)
    page.there("tbody tr")
    assert "token" not in page.address(), page.address()
    page.click(f"a[href='/runs/{name}']")
    wait_for_run(page)
    assert page.text("#status") == "finished"
    assert "step 12 of 12" in page.text("#progress"), page.text("#progress")
    assert page.js("return document.querySelectorAll('.plot svg title').length") == 2
    assert page.text("section:last-of-type summary") == "Environment"
    assert shown_epoch(page) == "4"
    keep("run")
    page.js("document.querySelector('.holder').focus()")
    page.press(".holder", END)
    assert "discriminator" in page.text(".readout"), page.text(".readout")
    page.press(".holder", LEFT)


def the_address_holds_what_is_chosen(page, gan, keep):
    name = gan.train("--epochs", "4", "--seed", "1")
    _, address = gan.watch()
    page.open(address.replace("/?", f"/runs/{name}?"))
    wait_for_run(page)
    page.press("#epoch", LEFT + LEFT)
    until(lambda: shown_epoch(page) == "2", "the second epoch")
    page.click("#logy")
    page.js("const s = document.querySelector('#beside'); s.value = 'real'; s.dispatchEvent(new Event('change'))")
    page.js("const s = document.querySelector('#x'); s.value = 'step'; s.dispatchEvent(new Event('change'))")
    until(lambda: "step" in page.text(".plot svg desc"), "an axis of steps")
    link = page.address()
    for part in ("epoch=2", "logy=1", "b=real", "x=step"):
        assert part in link, link
    assert "token" not in link
    keep("swipe")

    def is_the_same():
        wait_for_run(page)
        assert shown_epoch(page) == "2"
        assert page.js("return document.querySelector('#logy').checked && document.querySelector('#x').value") == "step"
        assert page.js("return document.querySelectorAll('.frame img')[1].getAttribute('src')").endswith("/real")

    page.reload()
    is_the_same()
    first = page.tab()
    page.new_tab()
    page.open(link)
    is_the_same()
    page.close_tab()
    page.choose(first)


def a_run_is_controlled_by_clicks(page, gan, keep):
    process, address = gan.train_with_page("--epochs", "1000000", "--seed", "2", "--set", "keptMegabytes=1")
    page.open(address)
    wait_for_run(page)
    name = page.address().split("/runs/")[1].split("?")[0]

    def step():
        return int(re.search(r"step ([\d,]+) of", page.text("#progress")).group(1).replace(",", ""))

    before = step()
    until(lambda: step() > before, "the run goes on")
    page.click("#pause")
    until(lambda: page.text("#status") == "paused", "it waits")
    until(lambda: step() == step_of(page, name), "the page has its step")
    held = step_of(page, name)
    page.click("#step")
    until(lambda: step_of(page, name) == held + 1, "one step")
    until(lambda: step() == held + 1, "the page shows it")
    page.click("#save")
    until(lambda: page.text(".bar [role=status]").startswith("Saved at step"), "it has saved")
    assert step_of(page, name) == held + 1
    keep("paused")
    page.click("#resume")
    until(lambda: page.text("#status") == "training" and step() > held + 1, "it goes on")

    # A slider that was moved stays; following goes on with the run.
    until(lambda: page.js("return Number(document.querySelector('#epoch').max)") > 2, "three epochs")
    page.click("#first")
    at = shown_epoch(page)
    newest = page.js("return Number(document.querySelector('#epoch').max)")
    until(lambda: page.js("return Number(document.querySelector('#epoch').max)") != newest
          or shown_epoch(page) != at, "another epoch")
    page.click("#follow")
    until(lambda: shown_epoch(page) != at, "the newest")

    # Nothing moves while the run goes on.
    page.js("""window.shift = 0;
      new PerformanceObserver((list) => list.getEntries().forEach((one) => { window.shift += one.value; }))
        .observe({ type: 'layout-shift' });""")
    at = step()
    until(lambda: step() > at + 100, "more steps")
    assert page.js("return window.shift") < 0.01, page.js("return window.shift")

    page.click("#stop")
    page.accept()
    assert process.wait(timeout=browser.PATIENCE) == 0, process.stderr.read()
    until(lambda: "ended" in page.text("#connection"), "the page says that the run has ended")
    page.js("document.querySelector('#logy').click()")  # It asks nobody for anything now.
    assert process.stdout.read().strip().endswith(name)


def step_of(page, name):
    return page.js(f"""const r = new XMLHttpRequest(); r.open('GET', '/api/runs/{name}/state', false); r.send();
      return JSON.parse(r.responseText).step""")


def two_tabs_live_side_by_side(page, gan, keep):
    name = gan.train("--epochs", "3", "--seed", "3")
    _, address = gan.watch()
    page.open(address)
    first = page.tab()
    page.there("tbody tr")
    second = page.new_tab()
    page.open(address.replace("/?", f"/runs/{name}?"))
    wait_for_run(page)
    page.press("#epoch", LEFT)
    page.choose(first)
    count = page.js("return document.querySelectorAll('tbody tr').length")
    gan.train("--epochs", "1", "--seed", "4")
    until(lambda: page.js("return document.querySelectorAll('tbody tr').length") == count + 1, "the new run")
    page.choose(second)
    assert shown_epoch(page) == "2"
    page.close_tab()
    page.choose(first)


def a_server_that_comes_back_is_found(page, gan, keep):
    gan.train("--epochs", "1", "--seed", "5")
    process, address = gan.watch()
    port = address.split(":")[2].split("/")[0]
    page.open(address)
    page.there("tbody tr")
    os.kill(process.pid, signal.SIGSTOP)
    os.kill(process.pid, signal.SIGCONT)
    process.kill()
    process.wait()
    until(lambda: "does not answer" in page.text("#connection"), "the page says so")
    _, address = gan.watch("--port", port)
    until(lambda: "another server" in page.text("#connection"), "the page says which address to open")
    page.open(address)
    page.there("tbody tr")
    until(lambda: page.text("#connection") == "", "it is silent again")
    page.complaints()  # Those of the time without a server.


def ten_thousand_epochs_are_shown(page, gan, keep):
    name = gan.train("--epochs", "2", "--seed", "6")
    folder = os.path.join(gan.runs, name)
    long = os.path.join(gan.runs, "90000-long")
    shutil.copytree(folder, long)
    with open(f"{folder}/stats.jsonl") as file:
        line = [json.loads(text) for text in file if json.loads(text)["kind"] == "epoch"][0]
    with open(f"{long}/options.json") as file:
        options = json.load(file)
    options["epochs"] = 10_000
    with open(f"{long}/options.json", "w") as file:
        json.dump(options, file)
    with open(f"{long}/stats.jsonl", "w") as file:
        for epoch in range(1, 10_001):
            line.update(epoch=epoch, step=3 * epoch, images=300 * epoch, elapsedSeconds=epoch)
            line["readings"]["generator.loss"]["mean"] = 1 + 1 / epoch
            file.write(json.dumps(line) + "\n")
    for epoch in range(3, 10_001):
        os.link(f"{long}/samples/fake_images-1.png", f"{long}/samples/fake_images-{epoch}.png")
    _, address = gan.watch()
    page.open(address.replace("/?", "/runs/90000-long?"))
    wait_for_run(page)
    assert page.js("return document.querySelector('#epoch').max") == "9999"
    assert shown_epoch(page) == "10000"
    page.press("#epoch", LEFT)
    until(lambda: shown_epoch(page) == "9999", "every epoch is there")
    heap = page.js("return performance.memory.usedJSHeapSize")
    assert heap < 60e6, heap


def runs_are_compared(page, gan, keep):
    names = [gan.train("--epochs", "3", "--seed", str(seed)) for seed in (7, 8)]
    _, address = gan.watch()
    page.open(address.replace("/?", f"/compare?runs={','.join(names)}&"))
    wait_for_run(page)
    assert "seed" in page.text("tbody"), page.text("tbody")
    assert page.js("return document.querySelectorAll('.frame').length") == 2
    until(lambda: page.js("return document.querySelectorAll('.plot svg').length") >= 4, "a plot for each reading")
    page.press("#epoch", LEFT)
    until(lambda: page.js("return [...document.querySelectorAll('.frame img:first-child')].every((i) => i.src.endsWith('/2'))"),
          "one slider moves both")
    keep("compare")


def it_fits_a_phone_in_the_dark(page, gan, keep):
    name = gan.train("--epochs", "3", "--seed", "9")
    _, address = gan.watch()
    try:
        page.devtools("Emulation.setDeviceMetricsOverride", width=390, height=844, deviceScaleFactor=2, mobile=True)
        page.devtools("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
        page.open(address)
        page.there("tbody tr")
        for place in ("/?list", f"/runs/{name}", f"/compare?runs={name}"):
            page.open(address.split("/?")[0] + place)
            if place == "/?list":
                page.there("tbody tr")
            else:
                wait_for_run(page)
            wide = page.js("return document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, f"{place} is {wide} pixels too wide"
            keep("phone" + re.sub("[^a-z]", "", place)[:7])
        page.open(address.split("/?")[0] + f"/runs/{name}")
        wait_for_run(page)
        assert page.js("return getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 28)"
        assert page.js("return getComputedStyle(document.querySelector('.plot svg rect')).fill") == "rgb(20, 23, 28)"
    finally:
        page.devtools("Emulation.clearDeviceMetricsOverride")
        page.devtools("Emulation.setEmulatedMedia", features=[])


def everything_has_a_name_and_a_key(page, gan, keep):
    name = gan.train("--epochs", "2", "--seed", "10")
    _, address = gan.watch()
    page.open(address)
    page.there("tbody tr")
    for place in ("/?list", f"/runs/{name}"):
        page.open(address.split("/?")[0] + place)
        page.there("main *")
        if place != "/?list":
            wait_for_run(page)
        nodes = page.devtools("Accessibility.getFullAXTree")["nodes"]
        roles = {"button", "slider", "checkbox", "combobox", "textbox", "spinbutton", "link", "image", "progressbar"}
        nameless = [node["role"]["value"] for node in nodes
                    if not node.get("ignored") and node.get("role", {}).get("value") in roles
                    and not node.get("name", {}).get("value")]
        assert not nameless, f"{place}: without a name: {nameless}"
    # Tab reaches every control.
    reached = page.js("""return [...document.querySelectorAll('button, input, select, a, summary, [tabindex]')]
      .filter((one) => one.offsetParent && !one.disabled && one.tabIndex < 0 && one.id !== 'page').length""")
    assert reached == 0, reached
    page.open(address.split("/?")[0] + f"/runs/{name}?lang=ko")
    wait_for_run(page)
    assert page.text("#status") == "완료"


CLAIMS = [a_run_that_ended_is_shown, the_address_holds_what_is_chosen, a_run_is_controlled_by_clicks,
          two_tabs_live_side_by_side, a_server_that_comes_back_is_found, ten_thousand_epochs_are_shown,
          runs_are_compared, it_fits_a_phone_in_the_dark, everything_has_a_name_and_a_key]


def main():
    parser = argparse.ArgumentParser()
    for name in ("--gan", "--data", "--scratch"):
        parser.add_argument(name, required=True)
    parser.add_argument("--pictures")
    parser.add_argument("claims", nargs="*")
    options = parser.parse_args()
    reason = browser.missing()
    if reason:
        print(reason)
        return 77
    gan, page, failures = Gan(options), browser.Browser(options.scratch), 0

    def keep(name):
        if options.pictures:
            os.makedirs(options.pictures, exist_ok=True)
            page.screenshot(f"{options.pictures}/page-{name}.png")

    try:
        for claim in CLAIMS:
            if options.claims and claim.__name__ not in options.claims:
                continue
            try:
                claim(page, gan, keep)
                complaints = page.complaints()
                assert not complaints, f"the console says: {complaints}"
                print("ok", claim.__name__)
            except Exception as error:
                failures += 1
                keep("failed-" + claim.__name__)
                place = traceback.extract_tb(error.__traceback__)[-1]
                print("failed", f"{claim.__name__}: {type(error).__name__} {error} ({place.name}:{place.lineno})",
                      page.complaints())
            finally:
                gan.end()
                page.open("about:blank")
                page.complaints()
            sys.stdout.flush()
    finally:
        page.close()
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

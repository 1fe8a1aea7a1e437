"""Every claim about the pages of runs, in a real browser.

    pages.py --gan GAN --data FOLDER --scratch FOLDER [--pictures FOLDER] [CLAIM ...]

Prints `ok CLAIM` or `failed CLAIM: why` for each; exits 77 with a reason where there is no browser.
"""

import argparse
import base64
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import traceback
import urllib.error
import urllib.request

import browser
from browser import until

LEFT, RIGHT, HOME, END, UP = "\ue012", "\ue014", "\ue011", "\ue010", "\ue013"
ENTER, SHIFT, NONE = "\ue007", "\ue008", "\ue000"
RATE = "optimizer.generator.learningRate"
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

    def resume(self, folder, *flags):
        return subprocess.run(
            [self.program, "train", "--resume", folder, *flags], env=self.environment,
            capture_output=True, text=True)

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


def asked(page, method, path, body=None):
    """The status and the text of an answer to the page's own request."""
    return page.js("""const r = new XMLHttpRequest(); r.open(arguments[0], arguments[1], false); r.send(arguments[2]);
      return [r.status, r.responseText]""", method, path, body)


def changes_of(folder):
    path = f"{folder}/changes.jsonl"
    if not os.path.exists(path):
        return []
    with open(path) as file:
        return [json.loads(line) for line in file]


def a_rate_is_changed_by_clicks(page, gan, keep):
    other = gan.train("--epochs", "1", "--seed", "20")
    process, address = gan.train_with_page(
        "--epochs", "1000000", "--seed", "21", "--set", "keptMegabytes=1", "--penalty", "r1")
    page.open(address)
    wait_for_run(page)
    name = page.address().split("/runs/")[1].split("?")[0]
    folder = os.path.join(gan.runs, name)
    with open(f"{folder}/options.json", "rb") as file:
        options = file.read()
    page.click("#pause")
    until(lambda: page.text("#status") == "paused", "it waits")
    step = step_of(page, name)
    form = f"form[data-name='{RATE}']"
    names = page.js("return [...document.querySelectorAll('form[data-name]')].map((one) => one.dataset.name)")
    assert RATE in names and "penalty.r1.weight" in names and "optimizer.generator.beta1" not in names, names

    # What cannot be is refused in words, and nothing is written.
    page.press(f"{form} input", "fast" + ENTER)
    until(lambda: "must be a number from" in page.text("#changed"), "it says what is wrong")
    assert not os.path.exists(f"{folder}/changes.jsonl")
    post = f"/api/runs/{name}/hyperparameters"
    for body, status, words in [
            ({"name": RATE, "value": -1}, 400, "must be a number from"),
            ({"name": RATE, "value": "nan"}, 400, "must be a number from"),
            ({"name": RATE, "value": "0.1 to 0.2 over 100"}, 400, "must be a number from"),
            ({"name": "optimizer.generator.beta2", "value": 1}, 400, "to below 1"),
            ({"name": "optimizer.generator.beta1", "value": 0.5}, 400, "cannot change while this run goes on"),
            ({"name": "batchSize", "value": 50}, 400, "these can: "),
            ({"name": RATE}, 200, ""), ({"value": 1}, 400, "JSON"), ({"name": "x" * 2000, "value": 1}, 413, "")]:
        if "value" not in body and status == 200:
            body["value"] = None  # As it is: nothing to change.
        found = asked(page, "POST", post, json.dumps(body))
        assert found[0] == status and words in found[1], (body, found)
    found = asked(page, "POST", f"/api/runs/{other}/hyperparameters", json.dumps({"name": RATE, "value": 1}))
    assert found[0] == 409, found
    assert changes_of(folder) == []

    page.js(f"document.querySelector(arguments[0]).value = ''", f"{form} input")
    page.press(f"{form} input", "0.003")
    page.click(f"{form} button[type=submit]")
    until(lambda: page.js("return document.querySelectorAll('#changes tr').length") == 1, "the change is listed")
    assert changes_of(folder) == [{"step": step + 1, "name": RATE, "from": 0.0002, "to": 0.003}], changes_of(folder)
    until(lambda: page.js("return document.querySelector(arguments[0]).parentNode.querySelector('.value').textContent", form)
          == "0.003", "the value is the new one")
    keep("changed")
    page.click("#resume")
    until(lambda: step_of(page, name) > step + 100, "it goes on")
    until(lambda: "changed" in page.text(".plot svg desc"), "a mark on the curve")
    page.click(f"{form} button[type=button]")
    until(lambda: len(changes_of(folder)) == 2 and changes_of(folder)[1]["to"] is None, "back to the options")
    with open(f"{folder}/options.json", "rb") as file:
        assert file.read() == options
    page.click("#stop")
    page.accept()
    assert process.wait(timeout=browser.PATIENCE) == 0, process.stderr.read()
    page.complaints()  # The refusals.
    # Whoever looks later sees the changes, and changes nothing.
    _, address = gan.watch()
    page.open(address.replace("/?", f"/runs/{name}?"))
    wait_for_run(page)
    assert page.js("return document.querySelectorAll('#changes tr').length") == 2
    assert page.js("return [...document.querySelectorAll('form[data-name]')].every((one) => !one.offsetParent)")


def told(address, path, value=None):
    """The server's answer to a program that has its token."""
    base, token = address.split("/?token=")
    request = urllib.request.Request(
        base + path, data=None if value is None else json.dumps(value).encode(),
        headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=browser.PATIENCE) as answer:
        return json.load(answer)


def contents(folder):
    """What follows from options, seed and changes alone."""
    found = {}
    for parent, _, names in os.walk(folder):
        for name in names:
            if name not in ("environment.json", "log.txt", "stats.jsonl"):
                with open(os.path.join(parent, name), "rb") as file:
                    found[os.path.relpath(os.path.join(parent, name), folder)] = file.read()
    return found


def a_killed_run_repeats_its_changes(page, gan, keep):
    process, address = gan.train_with_page(
        "--steps", "9000", "--seed", "22", "--set", "roundSteps=1000", "--set", "reportInterval=100")
    name = told(address, "/api/runs")["runs"][0]["name"]
    folder = os.path.join(gan.runs, name)
    control = lambda command: told(address, f"/api/runs/{name}/control", {"command": command})
    change = lambda option, value: told(address, f"/api/runs/{name}/hyperparameters", {"name": option, "value": value})
    control("pause")
    until(lambda: told(address, f"/api/runs/{name}/state")["status"] == "paused", "it waits")
    change(RATE, 0.02)
    until(lambda: len(changes_of(folder)) == 1, "the first change")
    # The step in progress was still to end when the run was told to wait.
    at = changes_of(folder)[0]["step"] - 1
    assert at < 8000, at
    control("resume")
    until(lambda: told(address, f"/api/runs/{name}/state")["step"] > at + 50, "it goes on")
    change("optimizer.discriminator.learningRate", "1e-3")
    until(lambda: len(changes_of(folder)) == 2, "the second change")
    process.kill()
    process.wait()
    with open(f"{folder}/changes.jsonl", "a") as file:
        file.write('{"from":1,"na')  # As a kill in the middle of a line leaves it.
    again = os.path.join(gan.scratch, "again", name)
    os.makedirs(again)
    for file in ("options.json", "environment.json", "changes.jsonl"):
        shutil.copy(f"{folder}/{file}", again)
    for place in (folder, again):
        result = gan.resume(place)
        assert result.returncode == 0, result.stderr
        assert f"changes: {RATE} 0.0002 -> 0.02 from step {at + 1}, optimizer.discriminator" in result.stderr, result.stderr
    one, two = contents(folder), contents(again)
    assert one.keys() == two.keys(), one.keys() ^ two.keys()
    assert not [path for path in one if one[path] != two[path]]
    summary = subprocess.run([gan.program, "info", folder], capture_output=True, text=True).stdout
    assert f"{RATE} 0.0002 -> 0.02 from step {at + 1}" in summary, summary
    with open(f"{folder}/changes.jsonl", "a") as file:
        file.write("nonsense\n")
    result = gan.resume(folder, "--steps", "9100")
    assert result.returncode == 65, result.returncode
    assert "changes.jsonl: line 3 is not a change" in result.stderr and result.stderr.count("error:") == 1, result.stderr


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


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return str(listener.getsockname()[1])


def a_server_that_comes_back_is_found(page, gan, keep):
    name = gan.train("--epochs", "3", "--seed", "5")
    port = free_port()
    process, address = gan.watch("--port", port)
    page.open(address.replace("/?", f"/runs/{name}?"))
    wait_for_run(page)
    process.kill()
    process.wait()
    until(lambda: "does not answer" in page.text("#connection"), "the page says so")
    # What is shown stays.
    assert shown_epoch(page) == "3"
    assert page.js("const i = document.querySelector('.frame img'); return i.complete && i.naturalWidth > 0")
    assert page.js("return document.querySelectorAll('.plot svg title').length") == 2
    keep("lost")
    page.press("#epoch", LEFT)
    until(lambda: page.js("return document.querySelector('.frame img').dataset.lost ?? ''").endswith("/2"), "it is asked for")
    # Its cookie is good for the next server there, which has something new to show.
    result = gan.resume(os.path.join(gan.runs, name), "--epochs", "5", "--quiet")
    assert result.returncode == 0, result.stderr
    again, same = gan.watch("--port", port)
    assert same == address
    until(lambda: page.text("#connection") == "", "it goes on by itself")
    until(lambda: shown_epoch(page) == "2" and page.js(
        "const i = document.querySelector('.frame img'); return i.complete && i.naturalWidth > 0"), "what was asked for in between")
    until(lambda: page.js("return document.querySelector('#epoch').max") == "4", "the new epochs are there")
    again.kill()
    again.wait()

    # A server that controls a run has another token each time: the page says which address to open.
    first = page.tab()
    until(lambda: "does not answer" in page.text("#connection"), "the page says so again")
    _, other = gan.start("train", "--resume", os.path.join(gan.runs, name), "--epochs", "1000000", "--quiet",
                         "--page", "--port", port)
    assert other.split("/?")[0] == address.split("/?")[0] and other != address
    until(lambda: "another server" in page.text("#connection"), "the page says which address to open")
    page.new_tab()
    page.open(other)
    page.there("#pause")
    page.close_tab()
    page.choose(first)
    until(lambda: page.text("#connection") == "" and page.text("#status") == "training", "the first tab goes on, too")
    page.complaints()  # Those of the time without a server.


def a_token_is_kept_for_oneself(page, gan, keep):
    gan.train("--epochs", "1", "--seed", "23")
    port = free_port()
    process, address = gan.watch("--port", port)
    path = f"{gan.scratch}/cache/swift-gan/pages/{port}.token"
    assert os.stat(path).st_mode & 0o777 == 0o600 and os.stat(os.path.dirname(path)).st_mode & 0o777 == 0o700
    process.kill()
    process.wait()
    for spoil in (lambda: os.chmod(path, 0o644), lambda: open(path, "w").write("short"),
                  lambda: (os.unlink(path), os.symlink(f"{gan.scratch}/elsewhere", path))):
        spoil()
        process, other = gan.watch("--port", port)
        assert other != address, "a token that others could have read is not taken again"
        assert os.stat(path, follow_symlinks=False).st_mode & 0o777 == 0o600
        address = other
        process.kill()
        process.wait()
    assert not os.path.exists(f"{gan.scratch}/elsewhere")


def a_taken_port_leaves_no_run(page, gan, keep):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = str(listener.getsockname()[1])
        runs = os.path.join(gan.scratch, "none")
        result = subprocess.run(
            [gan.program, "train", "--data-dir", gan.data, "--runs-dir", runs, *SMALL, "--page", "--port", port],
            env=gan.environment, capture_output=True, text=True)
        assert result.returncode == 69 and f"port {port} is taken" in result.stderr, result.stderr
        assert not os.path.exists(runs)
        # A run that would go on is as it was.
        folder = os.path.join(gan.runs, gan.train("--epochs", "1", "--seed", "24"))
        before = contents(folder)
        result = gan.resume(folder, "--epochs", "2", "--page", "--port", port)
        assert result.returncode == 69, result.stderr
        assert contents(folder) == before


def options_keep_their_origins(page, gan, keep):
    with open(f"{gan.scratch}/mine.yaml", "w") as file:
        file.write("# Mine.\nbatchSize: 50\n")
    gan.environment["GAN_SET_REPORT_INTERVAL"] = "7"
    try:
        name = gan.train("--epochs", "1", "--seed", "25", "--config", f"{gan.scratch}/mine.yaml")
    finally:
        del gan.environment["GAN_SET_REPORT_INTERVAL"]
    result = gan.resume(os.path.join(gan.runs, name), "--set", "epochs=2", "--quiet")
    assert result.returncode == 0, result.stderr
    _, address = gan.watch()
    page.open(address.replace("/?", f"/runs/{name}?all=1&"))
    wait_for_run(page)
    rows = dict(page.js("""return [...document.querySelectorAll('tr')].filter((row) => row.cells.length === 3)
      .map((row) => [row.cells[0].textContent, row.cells[2].textContent])"""))
    for option, origin in [
            ("batchSize", "mine.yaml:2"), ("reportInterval", "environment GAN_SET_REPORT_INTERVAL"),
            ("seed", "--seed"), ("epochs", "--set epochs=2"), ("latentSize", "--latent-size"),
            ("generator.hidden", "--set generator.hidden=[3]"), ("objective", "recipe tutorial")]:
        assert rows[option].endswith(origin), (option, rows[option])


def latents_are_explored(page, gan, keep):
    name = gan.train("--epochs", "2", "--seed", "26")
    _, address = gan.watch()
    page.open(address.replace("/?", f"/runs/{name}?"))
    wait_for_run(page)
    page.click("#latents summary")

    def shown(canvas, *parts):
        page.there(canvas)

        def is_shown():
            url = page.js("return document.querySelector(arguments[0]).dataset.shown ?? ''", canvas)
            return all(part in url for part in parts) and url
        return until(is_shown, f"{canvas} shows {parts}")

    # The samples are those of `gan sample`, to the byte.
    url = shown("#lsamples", "seed=0", "count=64")
    shown("#lplane", "at=0&")
    picture = os.path.join(gan.scratch, "sample.png")
    subprocess.run([gan.program, "sample", os.path.join(gan.runs, name), "--seed", "0", "--count", "64", "-o", picture],
                   env=gan.environment, check=True, capture_output=True)
    got = page.js("""const r = new XMLHttpRequest(); r.open('GET', arguments[0], false);
      r.overrideMimeType('text/plain; charset=x-user-defined'); r.send();
      return btoa([...r.responseText].map((c) => String.fromCharCode(c.charCodeAt(0) & 255)).join(''))""", url)
    with open(picture, "rb") as file:
        assert base64.b64decode(got) == file.read()
    # A click picks the middle of the plane, with Shift the other end of the way; so do keys.
    pick = """const canvas = document.querySelector('#lsamples'), box = canvas.getBoundingClientRect();
      canvas.dispatchEvent(new MouseEvent('click', { bubbles: true, shiftKey: arguments[2],
        clientX: box.left + (arguments[0] + 0.5) / 8 * box.width, clientY: box.top + (arguments[1] + 0.5) / 8 * box.height }))"""
    page.js(pick, 3, 1, False)
    shown("#lplane", "at=11&")
    page.js(pick, 5, 2, True)
    shown("#lway", "from=11", "to=21")
    page.press("#lsamples", RIGHT)
    shown("#lplane", "at=12&")
    page.press("#lsamples", SHIFT + RIGHT + NONE)
    shown("#lway", "from=12", "to=22")
    # The plane is dragged, and moved by keys.
    page.press("#lplane", UP + UP)
    shown("#lplane", "x=0&y=1.4&")
    before = page.js("return document.querySelector('#lplane').toDataURL()")
    page.js("""const canvas = document.querySelector('#lplane'), box = canvas.getBoundingClientRect();
      const at = (type, part) => canvas.dispatchEvent(new PointerEvent(type, { pointerId: 1, bubbles: true,
        clientX: box.left + part * box.width, clientY: box.top + 0.5 * box.height }));
      canvas.setPointerCapture = () => {};
      at('pointerdown', 0.5); at('pointermove', 0.5 - 2 / 7); at('pointerup', 0.5 - 2 / 7);""")
    shown("#lplane", "x=1.4&y=1.4&")
    assert page.js("return document.querySelector('#lplane').toDataURL()") != before
    keep("latents")
    # The nearest training images are those of `gan neighbours`.
    page.press("#lplane", HOME)
    shown("#lplane", "x=0&y=0&")
    page.click("#lnear summary")
    near = shown("#lnear img", "at=12&")
    said = page.text("#lnearest")
    assert "of 250 training images" in said and "nearest other one" in said, said
    page.js("document.querySelector('#lnear').scrollIntoView()")
    keep("nearest")
    page.js("scrollTo(0, 0)")
    found = json.loads(asked(page, "GET", near)[1])
    result = subprocess.run(
        [gan.program, "neighbours", os.path.join(gan.runs, name), "--count", "13", "--nearest", "8", "--json",
         "-o", os.path.join(gan.scratch, "near.png")], env=gan.environment, check=True, capture_output=True, text=True)
    expected = json.loads(result.stdout)["samples"][12]
    assert found["indices"] == expected["indices"] and found["distances"] == expected["distances"], (found, expected)
    page.press("#lplane", UP + UP + RIGHT + RIGHT)
    link = page.address()
    assert "lnear=1" in link, link
    page.reload()
    shown("#lplane", "at=12&", "x=1.4&y=1.4&")
    shown("#lway", "from=12", "to=22")
    shown("#lnear img", "x=1.4&y=1.4")
    assert page.address() == link
    # Data that are elsewhere now are said to be.
    images = f"{gan.data}/train-images-idx3-ubyte"
    os.rename(images, images + "-moved")
    try:
        found = asked(page, "GET", near)
        assert found[0] == 404 and "training images are not to be had" in found[1], found
    finally:
        os.rename(images + "-moved", images)
    # What is too much, or is not there, is refused.
    base = f"/api/runs/{name}/latents"
    for path, status in [("/samples?count=65", 400), ("/samples?seed=-1", 400), ("/plane?at=64", 400), ("/plane?side=10", 400),
                         ("/plane?x=nan", 400), ("/plane?u=2", 400), ("/way?count=25", 400), ("/samples?class=0", 400)]:
        found = asked(page, "GET", base + path)
        assert found[0] == status and "must be" in found[1] or "no classes" in found[1], (path, found)
    page.complaints()


def classes_have_their_latents(page, gan, keep):
    labels = f"{gan.data}/train-labels-idx1-ubyte"
    with open(f"{gan.data}/train-images-idx3-ubyte", "rb") as file:
        count = file.read(8)[4:]
    with open(labels, "wb") as file:
        file.write(bytes([0, 0, 8, 1]) + count + bytes(place % 10 for place in range(int.from_bytes(count, "big"))))
    try:
        name = gan.train("--epochs", "1", "--seed", "27", "--set", "conditioning=concatenation")
        _, address = gan.watch()
        page.open(address.replace("/?", f"/runs/{name}?latents=1&"))
        wait_for_run(page)
        until(lambda: page.js("return document.querySelectorAll('#lclass option').length") == 11, "the classes")
        page.js("const s = document.querySelector('#lclass'); s.value = '7'; s.dispatchEvent(new Event('change'))")
        until(lambda: "class=7" in page.js("return document.querySelector('#lsamples').dataset.shown ?? ''"), "one class")
        picture = os.path.join(gan.scratch, "seven.png")
        subprocess.run([gan.program, "sample", os.path.join(gan.runs, name), "--label", "7", "--count", "64", "-o", picture],
                       env=gan.environment, check=True, capture_output=True)
        got = page.js("""const r = new XMLHttpRequest(); r.open('GET', arguments[0], false);
          r.overrideMimeType('text/plain; charset=x-user-defined'); r.send();
          return btoa([...r.responseText].map((c) => String.fromCharCode(c.charCodeAt(0) & 255)).join(''))""",
                      f"/api/runs/{name}/latents/samples?seed=0&class=7&count=64")
        with open(picture, "rb") as file:
            assert base64.b64decode(got) == file.read()
    finally:
        os.unlink(labels)


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
    with open(f"{gan.runs}/{names[1]}/changes.jsonl", "w") as file:
        file.write(json.dumps({"from": 0.0002, "name": RATE, "step": 4, "to": 0.001}) + "\n")
    _, address = gan.watch()
    page.open(address.replace("/?", f"/compare?runs={','.join(names)}&"))
    wait_for_run(page)
    assert "seed" in page.text("tbody"), page.text("tbody")
    assert f"{RATE}, changed" in page.text("tbody") and "0.001 from step 4" in page.text("tbody"), page.text("tbody")
    assert page.js("return document.querySelectorAll('.frame').length") == 2
    until(lambda: page.js("return document.querySelectorAll('.plot svg').length") >= 4, "a plot for each reading")
    page.press("#epoch", LEFT)
    until(lambda: page.js("return [...document.querySelectorAll('.frame img:first-child')].every((i) => i.src.endsWith('/2'))"),
          "one slider moves both")
    until(lambda: "hyperparameters changed" in page.text(".plot svg desc"), "dots on the curve of the changed run")
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
          a_rate_is_changed_by_clicks, a_killed_run_repeats_its_changes, two_tabs_live_side_by_side,
          a_server_that_comes_back_is_found, a_token_is_kept_for_oneself, a_taken_port_leaves_no_run,
          options_keep_their_origins, latents_are_explored, classes_have_their_latents, ten_thousand_epochs_are_shown,
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

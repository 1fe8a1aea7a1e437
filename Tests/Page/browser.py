"""Chromium, spoken to by the W3C's WebDriver protocol through Debian's chromedriver; no package is needed."""

import base64
import json
import os
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request

# A wait of this long tells a hang, nothing else.
PATIENCE = 120
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


def missing():
    """Why there is no browser to test with; None where there is one."""
    if not shutil.which("chromedriver"):
        return "no chromedriver (Scripts/install-dependencies --browser)"
    if not (shutil.which("chromium") or shutil.which("google-chrome")):
        return "no chromium (Scripts/install-dependencies --browser)"
    return None


def until(condition, what):
    """Waits for what must happen, and returns it."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"in vain: {what}")


class Browser:
    """A headless browser with a profile of its own."""

    def __init__(self, scratch):
        self.log = open(os.path.join(scratch, "chromedriver.log"), "w+")
        self.driver = subprocess.Popen(
            ["chromedriver", "--port=0"], stdout=self.log, stderr=subprocess.STDOUT)
        self.base = until(self._address, "chromedriver starts")
        flags = ["--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--lang=en",
                 f"--user-data-dir={scratch}/profile", "--window-size=1280,900"]
        if os.geteuid() == 0:
            flags.append("--no-sandbox")
        made = self._call("POST", "/session", {"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": {
                "args": flags, "binary": shutil.which("chromium") or shutil.which("google-chrome")},
            "goog:loggingPrefs": {"browser": "ALL"},
            "unhandledPromptBehavior": "ignore",
        }}})
        self.base += f"/session/{made['sessionId']}"

    def _address(self):
        self.log.flush()
        with open(self.log.name) as log:
            found = re.search(r"started successfully on port (\d+)", log.read())
        return found and f"http://127.0.0.1:{found.group(1)}"

    def _call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.base + path, data=data, method=method,
            headers={"Content-Type": "application/json; charset=utf-8"})
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{path}: {json.load(error)['value']['message']}") from None

    def close(self):
        try:
            self._call("DELETE", "")
        finally:
            # It may have been started with other signals blocked.
            self.driver.kill()
            self.driver.wait()

    # Pages

    def open(self, address):
        self._call("POST", "/url", {"url": address})

    def address(self):
        return self._call("GET", "/url")

    def reload(self):
        self._call("POST", "/refresh", {})

    def new_tab(self):
        tab = self._call("POST", "/window/new", {"type": "tab"})["handle"]
        self.choose(tab)
        return tab

    def tab(self):
        return self._call("GET", "/window")

    def choose(self, tab):
        self._call("POST", "/window", {"handle": tab})

    def close_tab(self):
        self._call("DELETE", "/window")

    def js(self, script, *arguments):
        return self._call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def devtools(self, command, **parameters):
        return self._call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def complaints(self):
        """What the console said of errors and warnings since it was asked last."""
        return [entry["message"] for entry in self._call("POST", "/se/log", {"type": "browser"})
                if entry["level"] in ("SEVERE", "WARNING")]

    def screenshot(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self._call("GET", "/screenshot")))

    # Elements, by selectors of CSS

    def find(self, selector):
        return self._call("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]

    def there(self, selector):
        return until(lambda: self.js("return !!document.querySelector(arguments[0])", selector), selector)

    def click(self, selector):
        self.there(selector)
        self._call("POST", f"/element/{self.find(selector)}/click", {})

    def press(self, selector, keys):
        self._call("POST", f"/element/{self.find(selector)}/value", {"text": keys})

    def text(self, selector):
        return self.js("return document.querySelector(arguments[0])?.textContent ?? ''", selector)

    def accept(self):
        self._call("POST", "/alert/accept", {})

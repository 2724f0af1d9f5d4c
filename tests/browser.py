# SPDX-License-Identifier: GPL-3.0-or-later
"""A browser without a window, told what to do through chromedriver; standard library only."""
import base64
import json
import pathlib
import re
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--disable-dev-shm-usage", "--hide-scrollbars"]
START_SECONDS = 60
REQUEST_SECONDS = 120
SETTLE_SECONDS = 5


class BrowserError(Exception):
    pass


class Browser:
    """Use as a context manager: what was started is ended, the profile is removed."""

    def __init__(self, chromium, chromedriver, flags=()):
        self.folder = tempfile.TemporaryDirectory(prefix="gridsim-browser-", ignore_cleanup_errors=True)
        self.log = pathlib.Path(self.folder.name, "chromedriver.log")
        with open(self.log, "wb") as log:
            self.driver = subprocess.Popen([chromedriver, "--port=0"], stdout=log, stderr=log,
                                           stdin=subprocess.DEVNULL)
        self.session = None
        try:
            self.base = f"http://127.0.0.1:{self._port()}"
            options = {"binary": chromium, "args": [*FLAGS, *flags, f"--user-data-dir={self.folder.name}/profile"]}
            made = self._ask("POST", "/session", {"capabilities": {"alwaysMatch": {
                "browserName": "chrome", "goog:chromeOptions": options,
                "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}}})
            self.session = f"/session/{made['sessionId']}"
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _port(self):
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.driver.poll() is None:
            found = re.search(rb"started successfully on port (\d+)", self.log.read_bytes())
            if found:
                return int(found[1])
            time.sleep(0.05)
        raise BrowserError("chromedriver did not start:\n" + self.log.read_text(errors="replace"))

    def _ask(self, method, path, body=None):
        data = None if method in ("GET", "DELETE") else json.dumps(body or {}).encode()
        request = urllib.request.Request(self.base + path, data, {"Content-Type": "application/json"}, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=REQUEST_SECONDS) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise BrowserError(f"{path}: {json.load(error)['value']['message'].splitlines()[0]}") from error

    def close(self):
        if self.session:
            try:
                self._ask("DELETE", self.session)
            except (BrowserError, OSError):
                pass
        self.driver.terminate()
        try:
            self.driver.wait(10)
        except subprocess.TimeoutExpired:
            self.driver.kill()
            self.driver.wait()
        self.folder.cleanup()

    def devtools(self, command, **parameters):
        return self._ask("POST", self.session + "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def open(self, path):
        """Opens a file; what was logged before is forgotten."""
        self.open_url(pathlib.Path(path).resolve().as_uri())

    def open_url(self, url):
        self.logs("browser")
        self.logs("performance")
        self._ask("POST", self.session + "/url", {"url": url})

    def run(self, script, *arguments):
        """What the body of a function returns in the page; of a promise, what comes of it."""
        return self._ask("POST", self.session + "/execute/sync", {"script": script, "args": list(arguments)})

    def settled(self, script):
        """The same once it stays as it is: charts follow a new size a little later."""
        end = time.monotonic() + SETTLE_SECONDS
        before, now = None, self.run(script)
        while now != before and time.monotonic() < end:
            time.sleep(0.1)
            before, now = now, self.run(script)
        return now

    def logs(self, kind):
        return self._ask("POST", self.session + "/se/log", {"type": kind})

    def size(self, width, height=900):
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height,
                      deviceScaleFactor=1, mobile=False)

    def scheme(self, scheme, media=""):
        """light or dark, as a screen or as paper (media="print")."""
        self.devtools("Emulation.setEmulatedMedia", media=media, features=[{"name": "prefers-color-scheme", "value": scheme}])

    def pdf(self):
        return base64.b64decode(self.devtools("Page.printToPDF", printBackground=True,
                                              preferCSSPageSize=True)["data"])

    def screenshot(self, path):
        shot = self.devtools("Page.captureScreenshot", captureBeyondViewport=False)
        pathlib.Path(path).write_bytes(base64.b64decode(shot["data"]))

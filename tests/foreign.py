#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages of others in a real browser: what can they do to a served node? And its own pages?

foreign.py CHROMIUM CHROMEDRIVER GRIDSIM
has pages of several origins try each way in which a page can send a request, and looks from both
sides: what the page gets to see, and what the node says of itself. First of all each way is tried
on a stand-in for a node that lets everybody, so that it is known to work and to be noticed. The
last line is "N passed, N failed".
"""
import contextlib
import http.server
import json
import pathlib
import random
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

from browser import Browser

NAME, PRODUCTION = "meter4711", 271828
SECRETS = (NAME, str(PRODUCTION), "gridnet")
WANTED = 31337
TELL = json.dumps({"envType": "Tell", "msgType": "UpdateEnergy", "msg": {"production": WANTED}})
EVIL, FRIEND = "evil.example", "grid.example"
WAIT_SECONDS = 10
# Where a page can do nothing, the answer comes at once.
PATIENCE_MS = 5000

# What the page sees of it: words of its own, or what it could read. `node` is where to send it,
# `tell` a message that changes the node.
TOOLS = """
const [node, tell, tag] = arguments;
const at = (path) => node + path + '?' + tag;
const late = new Promise((done) => setTimeout(() => done('nothing for long'), %d));
const within = (promise) => Promise.race([promise.catch((error) => 'refused: ' + error.message), late]);
const asked = (path, how) => within(fetch(at(path), how).then(async (answer) =>
  answer.type === 'opaque' ? 'opaque' : answer.status + ' ' + await answer.text()));
const added = (element, how = 'src', path = '/state') => within(new Promise((done) => {
  element.onload = () => done(element);
  element.onerror = () => done('no ' + element.tagName);
  element[how] = at(path);
  document.documentElement.append(element);
}));
const inside = (frame) => {
  try { return frame.contentDocument ? frame.contentDocument.documentElement.textContent : 'closed'; }
  catch (error) { return 'closed: ' + error.message; }
};
const sent = (method, fields) => within(new Promise((done) => {
  const frame = document.createElement('iframe');
  const form = document.createElement('form');
  frame.name = 'frame' + tag;
  document.documentElement.append(frame, form);
  Object.assign(form, {method, enctype: 'text/plain', action: at('/messaging'), target: frame.name});
  for (const [name, value] of fields) {
    const input = document.createElement('input');
    Object.assign(input, {name, value, type: 'hidden'});
    form.append(input);
  }
  frame.onload = () => done(inside(frame));
  form.submit();
}));
""" % PATIENCE_MS

# A way: its script; then what it does where nothing forbids it: "changes" the node, is answered,
# and can be "read" by a page of the node's own, or "runs" as a stream.
WAYS = {
    "fetch reads the state": ("return asked('/state')", "read"),
    "fetch posts text": ("return asked('/messaging', {method: 'POST', body: tell})", "changes"),
    "fetch posts JSON": ("""return asked('/messaging', {method: 'POST', body: tell,
      headers: {'Content-Type': 'application/json'}})""", "changes"),
    "fetch posts blindly": ("return asked('/messaging', {method: 'POST', mode: 'no-cors', body: tell})", "changes"),
    "fetch gets blindly": ("return asked('/state', {mode: 'no-cors'})", "asks"),
    "fetch gets with a message in the address": (
        "return within(fetch(at('/messaging') + '&' + encodeURIComponent(tell), {mode: 'no-cors'})"
        ".then((answer) => answer.type))", "asks"),
    "fetch streams blindly": ("""return within(fetch(at('/events'), {mode: 'no-cors'})
      .then((answer) => answer.type + (window.kept = answer, '')))""", "asks"),
    "XMLHttpRequest posts": ("""return within(new Promise((done) => {
      const request = new XMLHttpRequest();
      request.onload = () => done(request.status + ' ' + request.responseText);
      request.onerror = () => done('refused');
      request.open('POST', at('/messaging'));
      request.setRequestHeader('Content-Type', 'text/plain');
      request.send(tell);
    }))""", "changes"),
    # Sent as NAME=VALUE: the sign between them is in a member that nobody knows.
    "a form posts": ("""return sent('post', [[tell.slice(0, -1) + ', "x": "', '"}']])""", "changes"),
    "a form gets": ("return sent('get', [['message', tell]])", "asks"),
    "sendBeacon posts": ("return navigator.sendBeacon(at('/messaging'), tell) ? 'queued' : 'not queued'", "changes"),
    "an image": ("return added(new Image()).then((image) => image.naturalWidth ? 'an image' : String(image))", "asks"),
    "an image with a message": ("""return added(new Image(), 'src', '/messaging')
      .then((image) => image.naturalWidth ? 'an image' : String(image))""", "asks"),
    "a script": ("return added(document.createElement('script')).then(String)", "asks"),
    "a style sheet": ("""const link = document.createElement('link');
      link.rel = 'stylesheet';
      return added(link, 'href').then((link) => link.sheet ? [...link.sheet.cssRules].join() : String(link))""", "asks"),
    "a video that is a stream": ("return added(document.createElement('video'), 'src', '/events').then(String)",
                                 "asks"),
    "a frame": ("return added(document.createElement('iframe')).then(inside)", "read"),
    "EventSource": ("""return within(new Promise((done) => {
      const source = new EventSource(at('/events'));
      source.addEventListener('state', (event) => { source.close(); done(event.data); });
      source.onopen = () => setTimeout(() => done('opened'), 1000);
      source.onerror = () => { source.close(); done('refused'); };
    }))""", "read"),
    "WebSocket": ("""return within(new Promise((done) => {
      const socket = new WebSocket(at('/events').replace('http:', 'ws:'));
      socket.onopen = () => done('opened');
      socket.onmessage = (event) => done(event.data);
      socket.onerror = () => done('refused');
    }))""", "asks"),
}


class Checks:
    def __init__(self):
        self.passed = self.failed = 0

    def check(self, name, wrong):
        """`wrong`: what is, in words."""
        self.passed += not wrong
        self.failed += bool(wrong)
        print(f"FAILED: {name}: {'; '.join(wrong)}" if wrong else f"ok: {name}", flush=True)


def get(url):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, timeout=WAIT_SECONDS) as answer:
        return answer.read().decode()


def free_port():
    """One that nobody has, below those that the system gives to any connection's own end."""
    while True:
        with contextlib.suppress(OSError):
            with socket.create_server(("127.0.0.1", random.randrange(12000, 32000))) as found:
                return found.getsockname()[1]


def until(condition):
    end = time.monotonic() + WAIT_SECONDS
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


# --- nodes and pages ---------------------------------------------------------------


class Looks:
    """What a node at `port` says of itself. Its own looks are not counted."""

    def __init__(self, port):
        self.port, self.looks = port, 0

    def look(self):
        base = f"http://127.0.0.1:{self.port}"
        state, metrics = json.loads(get(base + "/state")), get(base + "/metrics")
        self.looks += 2
        del state["time_s"]
        count = re.compile(r'^gridsim_http_requests_total\{.*status="(\d+)"\} (\d+)$', re.M)
        answers = {int(status): int(number) for status, number in count.findall(metrics)}
        # The metrics do not count themselves yet.
        answers[200] -= self.looks - 1
        streams = int(re.search(r"^gridsim_event_streams\{.*\} (\d+)$", metrics, re.M)[1])
        return {"state": state, "answers": {s: n for s, n in answers.items() if n}, "streams": streams}

    def refused(self, now=None):
        return sum(n for status, n in (now or self.look())["answers"].items() if status in (403, 421))


@contextlib.contextmanager
def node(gridsim, port, *options):
    with tempfile.TemporaryDirectory(prefix="gridsim-foreign-") as folder:
        scenario = pathlib.Path(folder, "scenario.json")
        scenario.write_text(json.dumps({"nodes": [{"name": NAME, "production": PRODUCTION}, {"name": "B"}],
                                        "links": [[NAME, "B"]]}))
        said = pathlib.Path(folder, "said")
        with open(said, "wb") as out:
            process = subprocess.Popen([gridsim, "serve", "--expose", f"{NAME}=127.0.0.1:{port}", "--until", "600s",
                                        *options, scenario], stdout=out, stderr=out, stdin=subprocess.DEVNULL)
        try:
            def answers():
                with contextlib.suppress(OSError):
                    return get(f"http://127.0.0.1:{port}/health")
                if process.poll() is not None:
                    raise RuntimeError(f"the node does not start: {said.read_text()}")
                return False
            if not until(answers):
                raise RuntimeError("the node does not answer")
            yield Looks(port)
        finally:
            process.terminate()
            process.wait(WAIT_SECONDS)


class Page(http.server.BaseHTTPRequestHandler):
    """A page of somebody else's; at /sandbox with an origin that is nobody's."""

    def do_GET(self):
        text = b"<!doctype html><title>foreign</title>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(text)))
        self.send_header("Connection", "close")
        if self.path == "/sandbox":
            self.send_header("Content-Security-Policy", "sandbox allow-scripts allow-forms allow-popups")
        self.end_headers()
        self.wfile.write(text)
        self.close_connection = True

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, *args):
        super().__init__(*args)
        self.connections = set()
        self.counting = threading.Lock()

    def get_request(self):
        request, address = super().get_request()
        self.connections.add(request)
        return request, address

    def server_close(self):
        """Ends the connections too: a browser keeps spare ones, and what is asked on them
        later would be answered here and not by who listens at this port by then."""
        super().server_close()
        for request in self.connections:
            with contextlib.suppress(OSError):
                request.shutdown(socket.SHUT_RDWR)

    def handle_error(self, *_):
        """A browser ends connections as it likes."""


class Careless(http.server.BaseHTTPRequestHandler):
    """Stands in for a node that answers everybody, and lets all pages read it."""
    protocol_version = "HTTP/1.1"

    def answer(self, text, kind="application/json"):
        # Before it is told, so that who was answered is counted; one thread at a time, so that none
        # is lost.
        with self.server.counting:
            self.server.answered += 1
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text)))
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Access-Control-Allow-Headers", "*")
        self.end_headers()
        self.wfile.write(text.encode())

    def do_GET(self):
        server = self.server
        if self.path == "/metrics":
            self.answer(f'gridsim_http_requests_total{{status="200"}} {server.answered}\n'
                        f'gridsim_event_streams{{}} {server.streams}\n', "text/plain")
        elif self.path.startswith("/events"):
            self.answer(f'event: state\ndata: {{"production": {server.production}}}\n\n', "text/event-stream")
        else:
            self.answer(json.dumps({"name": NAME, "production": server.production, "time_s": 0}))

    def do_OPTIONS(self):
        self.answer("")

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.production = body["msg"]["production"]
        self.answer("")

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def served(handler, port=0):
    server = Server(("127.0.0.1", port), handler)
    server.answered, server.streams, server.production = 0, 0, PRODUCTION
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


# --- ways --------------------------------------------------------------------------

tags = iter(range(1 << 30))


def try_way(browser, way, base):
    return str(browser.run(TOOLS + WAYS[way][0], base, TELL, f"t{next(tags)}"))


def page_side(seen):
    """What is wrong with what a page of others got to see."""
    told = [word for word in SECRETS if word in seen]
    return [f"it reads {seen[:200]}"] if told or re.match(r"200|opened|an image", seen) else []


def node_side(before, after):
    """What is wrong with what became of the node."""
    bad = [f"{what} was {before[what]}, is {after[what]}" for what in ("state", "streams")
           if before[what] != after[what]]
    for status, number in after["answers"].items():
        more = number - before["answers"].get(status, 0)
        if more and status not in (403, 421):
            bad.append(f"{more} answers {status}")
    return bad


def attack(checks, browser, who, looks, base):
    for way in WAYS:
        before = looks.look()
        seen = try_way(browser, way, base)
        # What never comes there is no proof of anything.
        came = until(lambda: looks.refused() > looks.refused(before))
        after = looks.look()
        checks.check(f"{who}: {way}: the page sees nothing", page_side(seen))
        checks.check(f"{who}: {way}: the node is as it was",
                     node_side(before, after) + ([] if came else ["no request came there"]))


def attack_careless(checks, browser, page):
    """Each way gets through to a node that lets everybody, and that is noticed."""
    with served(Careless) as server:
        looks = Looks(server.server_address[1])
        browser.open_url(page)
        for way, (_, does) in WAYS.items():
            server.production = PRODUCTION
            before = looks.look()
            seen = try_way(browser, way, f"http://127.0.0.1:{looks.port}")
            until(lambda: node_side(before, looks.look()))
            found = " ".join(node_side(before, looks.look()))
            missed = [] if "answers 200" in found else ["not noticed at the node"]
            if does == "changes" and server.production != WANTED:
                missed.append("it does not change the production")
            if does == "read" and way != "a frame" and not page_side(seen):
                missed.append(f"not noticed in the page: {seen[:200]}")
            checks.check(f"a node that lets everybody: {way} is noticed", missed)


def use(checks, browser, who, looks, base):
    """The node's own page does what it must."""
    browser.open_url(base + "/state")
    shown = browser.run("return document.documentElement.textContent")
    checks.check(f"{who}: is shown", [] if NAME in shown else [f"shows {shown[:200]}"])
    number = 0
    for way, (_, does) in WAYS.items():
        if does == "asks":
            continue
        number += 1
        production = PRODUCTION + number
        script = TOOLS + WAYS[way][0]
        seen = str(browser.run(script, base, TELL.replace(str(WANTED), str(production)), f"t{next(tags)}"))
        if does == "read":
            wrong = [] if NAME in seen else [f"it reads {seen[:200]}"]
        else:
            wrong = [] if until(lambda: looks.look()["state"]["production"] == production) \
                else [f"production is {looks.look()['state']['production']}; the page sees {seen[:200]}"]
        checks.check(f"{who}: {way}", wrong)


def main():
    chromium, chromedriver, gridsim = sys.argv[1:]
    checks = Checks()
    flags = [f"--host-resolver-rules=MAP {EVIL} 127.0.0.1,MAP {FRIEND} 127.0.0.1", "--no-proxy-server"]
    with Browser(chromium, chromedriver, flags) as browser, served(Page) as pages, \
            tempfile.TemporaryDirectory() as folder:
        foreign = pages.server_address[1]
        attack_careless(checks, browser, f"http://{EVIL}:{foreign}/")
        port = free_port()
        with node(gridsim, port, "--allow-host", FRIEND) as looks:
            here, local = f"http://127.0.0.1:{port}", f"http://localhost:{port}"
            file = pathlib.Path(folder, "page.html")
            file.write_text("<!doctype html><title>foreign</title>")
            for who, url, base in (
                    ("another port", f"http://127.0.0.1:{foreign}/", here),
                    ("another port of localhost", f"http://localhost:{foreign}/", local),
                    ("localhost to its address", f"http://localhost:{foreign}/", here),
                    ("another site", f"http://{EVIL}:{foreign}/", here),
                    ("another site to localhost", f"http://{EVIL}:{foreign}/", local),
                    ("a site by its own name", f"http://{EVIL}:{foreign}/", f"http://{EVIL}:{port}"),
                    ("a page in a sandbox", f"http://{EVIL}:{foreign}/sandbox", here),
                    ("a file", file.as_uri(), here)):
                browser.open_url(url)
                attack(checks, browser, who, looks, base)
            for who, base in (("its own page", here), ("its own page at localhost", local),
                              ("its own page by a name that is allowed", f"http://{FRIEND}:{port}")):
                use(checks, browser, who, looks, base)
        # The page comes from the foreign server; then the name leads to the node.
        port = free_port()
        with served(Page, port):
            browser.open_url(f"http://{EVIL}:{port}/")
        with node(gridsim, port) as looks:
            attack(checks, browser, "a page whose name was made to lead here", looks, f"http://{EVIL}:{port}")
    print(f"{checks.passed} passed, {checks.failed} failed")
    return checks.failed > 0


if __name__ == "__main__":
    sys.exit(main())

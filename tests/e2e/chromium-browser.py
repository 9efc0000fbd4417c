# SPDX-License-Identifier: MIT
#
# Chromium without a window, told what to do through a pipe: its DevTools protocol, as JSON with a
# zero byte behind each message. One page, whose errors and answers are kept.
import fcntl, json, os, signal, subprocess

SWITCHES = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-proxy-server",
    "--password-store=basic",
    "--remote-debugging-pipe",
    "--window-size=1000,900",
]


class Gone(Exception):
    """Of the browser: it did not start, or did not last. That says nothing of who it talked to."""


class Browser:
    def __init__(self, folder, hosts):
        """Keeps its files in folder; resolves no names but those of hosts, as it takes them."""
        self.errors, self.requests, self.statuses = [], {}, {}
        self.number, self.loaded, self.unread = 0, set(), b""
        self.process = self.begin(folder, hosts)

    def start(self):
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        found = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self.session = found["sessionId"]
        for domain in "Inspector", "Page", "Runtime", "Log", "Network", "DOM":
            self.call(domain + ".enable")
        self.call("Page.setLifecycleEventsEnabled", enabled=True)

    def begin(self, folder, hosts):
        self.session, self.log = None, folder / "chromium.log"
        # GLib's settings are those of the tests: others' warnings are not ours to die of.
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("G_", "LD_"))}
        environment["HOME"] = environment["XDG_CONFIG_HOME"] = str(folder)
        environment["XDG_CACHE_HOME"] = str(folder)
        command = ["chromium", *SWITCHES, f"--user-data-dir={folder}/profile"]
        command.append(f"--host-resolver-rules={hosts}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")
        read_orders, self.orders = os.pipe()
        self.answers, write_answers = os.pipe()

        def place():
            # It reads at 3 and writes at 4, where either may lie now: first out of the way.
            ours = [fcntl.fcntl(fd, fcntl.F_DUPFD, 5) for fd in (read_orders, write_answers)]
            os.dup2(ours[0], 3)
            os.dup2(ours[1], 4)

        with open(self.log, "wb") as log:
            process = subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                close_fds=False,
                start_new_session=True,
                preexec_fn=place,
            )
        os.close(read_orders)
        os.close(write_answers)
        return process

    def read_message(self):
        while b"\0" not in self.unread:
            piece = os.read(self.answers, 1 << 20)
            if not piece:
                raise Gone(self.log.read_text(errors="replace"))
            self.unread += piece
        message, self.unread = self.unread.split(b"\0", 1)
        return json.loads(message)

    def hear(self, message):
        method, what = message.get("method"), message.get("params")
        if method == "Runtime.exceptionThrown":
            details = what["exceptionDetails"]
            self.errors.append(details.get("exception", {}).get("description", details["text"]))
        elif method == "Log.entryAdded" and what["entry"]["level"] == "error":
            self.errors.append(what["entry"]["text"] + " " + what["entry"].get("url", ""))
        elif method == "Runtime.consoleAPICalled" and what["type"] in ("error", "assert"):
            self.errors.append(str(what["args"]))
        elif method == "Network.requestWillBeSent":
            self.requests[what["request"]["url"]] = what["requestId"]
        elif method == "Network.responseReceivedExtraInfo":
            # What came over the wire: a script sees the 200 of its copy where this says 304.
            self.statuses[what["requestId"]] = what["statusCode"]
        elif method == "Page.lifecycleEvent" and what["name"] == "load":
            self.loaded.add(what["loaderId"])
        elif method == "Inspector.targetCrashed":
            raise Gone("the page has crashed")

    def call(self, method, **params):
        self.number += 1
        order = {"id": self.number, "method": method, "params": params}
        if self.session is not None:
            order["sessionId"] = self.session
        data = json.dumps(order).encode() + b"\0"
        while data:
            data = data[os.write(self.orders, data) :]
        while True:
            message = self.read_message()
            if message.get("id") == order["id"]:
                assert "error" not in message, (method, message["error"])
                return message["result"]
            self.hear(message)

    def wait_until(self, holds):
        while not holds():
            self.hear(self.read_message())

    def open(self, url):
        result = self.call("Page.navigate", url=url)
        assert not result.get("errorText"), (url, result)
        self.wait_until(lambda: result["loaderId"] in self.loaded)

    def leave(self, how):
        """Until another page is there, or the same once more, for how() leads to it."""
        before = set(self.loaded)
        how()
        self.wait_until(lambda: self.loaded != before)

    def reload(self):
        self.leave(lambda: self.call("Page.reload"))

    def evaluate(self, script):
        """What script is in the page; where it is a promise, what becomes of it."""
        result = self.call(
            "Runtime.evaluate",
            expression=script,
            awaitPromise=True,
            returnByValue=True,
            userGesture=True,
        )
        assert "exceptionDetails" not in result, json.dumps(result, indent=1)
        return result["result"].get("value")

    def wait_for_status(self, url):
        """The status of the last answer to a request for url, as it came over the wire."""
        key = self.requests[url]
        self.wait_until(lambda: key in self.statuses)
        return self.statuses[key]

    def wait_for_error(self, text):
        """And takes it."""
        self.wait_until(lambda: any(text in error for error in self.errors))
        self.errors = [error for error in self.errors if text not in error]

    def choose_files(self, selector, names):
        root = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.call("DOM.setFileInputFiles", nodeId=node, files=names)

    def take_errors(self):
        errors, self.errors = self.errors, []
        return errors

    def close(self):
        """As its user would, so that it leaves no process that still writes to its folder."""
        self.session = None
        self.call("Browser.close")
        self.process.wait()

    def end(self):
        """However it is; by the group, which is its own: what it has started ends with it."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()

# SPDX-License-Identifier: MIT
#
# examples.py FOLDER: starts each program of the folder that has a function here, asks it, and ends it
# with SIGTERM, after which it must have ended well. Each wait has an end, after which all has failed.

import base64, http.client, json, os, re, signal, socket, subprocess, sys, tempfile, threading

TIMEOUT = 300
folder = sys.argv[1]


class Program:
    """One of them, on a port of its own."""

    def __init__(self, name, *arguments):
        self.name = name
        self.process = subprocess.Popen(
            [os.path.join(folder, name), "--listen", "127.0.0.1:0", "--workers", "2", *arguments],
            stdout=subprocess.PIPE, env=dict(os.environ, G_SLICE="always-malloc"))
        self.guard = threading.Timer(TIMEOUT, self.process.kill)
        self.guard.start()
        line = self.process.stdout.readline().decode()
        found = re.match(r"Listening on http://127\.0\.0\.1:(\d+)\n", line)
        assert found, (name, line)
        self.port = int(found[1])

    def __enter__(self):
        return self

    def __exit__(self, kind, *rest):
        self.process.send_signal(signal.SIGTERM if kind is None else signal.SIGKILL)
        status = self.process.wait()
        self.guard.cancel()
        self.process.stdout.close()
        if kind is None:
            assert status == 0, (self.name, status)
            print("ok:", self.name)

    def ask(self, method, path, body=None, **fields):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        connection.request(method, path, body, {name.replace("_", "-"): value
                                                for name, value in fields.items()})
        answer = connection.getresponse()
        answer.text = answer.read().decode("utf-8", "replace")
        connection.close()
        return answer

    def expect(self, status, text, method, path, body=None, **fields):
        answer = self.ask(method, path, body, **fields)
        assert (answer.status, text in answer.text) == (status, True), \
            (self.name, method, path, answer.status, answer.text)
        return answer


def routes():
    with Program("routes") as program:
        program.expect(200, "Hello, World!", "GET", "/hello")
        program.expect(200, "Hello, Ada!", "GET", "/hello?name=Ada")
        program.expect(200, '{"note":"7"}', "GET", "/notes/7")
        program.expect(404, "", "GET", "/notes/x")
        program.expect(200, "a/b c", "GET", "/files/a/b%20c")
        assert program.expect(308, "", "GET", "/home").getheader("Location") == "/"
        program.expect(200, "/hello", "GET", "/")


def json_api():
    with Program("json-api") as program:
        kind = {"Content_Type": "application/json"}
        program.expect(200, "[]", "GET", "/books")
        added = program.expect(201, "Emma", "POST", "/books", '{"title":"Emma","year":1815}', **kind)
        assert added.getheader("Location") == "/books/0"
        program.expect(200, '"year":1815', "GET", "/books/0")
        program.expect(422, "/year", "POST", "/books", '{"title":"Emma","year":1}', **kind)
        program.expect(422, "title", "POST", "/books", "{}", **kind)
        program.expect(400, "", "POST", "/books", "{", **kind)
        program.expect(404, "no such book", "GET", "/books/1")
        assert len(json.loads(program.ask("GET", "/books").text)) == 1


def static_site():
    with tempfile.TemporaryDirectory() as site:
        with open(os.path.join(site, "index.html"), "w") as file:
            file.write("<p>hello</p>" * 1000)
        with Program("static-site", site) as program:
            answer = program.expect(200, "<p>hello</p>", "GET", "/")
            assert answer.getheader("Cache-Control") == "public, max-age=60"
            assert answer.getheader("X-Content-Type-Options") == "nosniff"
            coded = program.ask("GET", "/", Accept_Encoding="gzip")
            assert coded.getheader("Content-Encoding") == "gzip"
            program.expect(200, "T", "GET", "/api/time")
            program.expect(404, "", "GET", "/../etc/passwd")


def upload():
    with tempfile.TemporaryDirectory() as place:
        with Program("upload", place) as program:
            def send(name, data):
                body = (f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
                        "\r\n").encode() + data + b"\r\n--b--\r\n"
                return program.ask("POST", "/", body, Content_Type="multipart/form-data; boundary=b")

            program.expect(200, "multipart/form-data", "GET", "/")
            data = os.urandom(3 << 20)
            answer = send("../a.bin", data)
            assert (answer.status, answer.text) == (201, "3145728 bytes\n"), answer.text
            with open(os.path.join(place, "a.bin"), "rb") as file:
                assert file.read() == data
            assert send("a.bin", b"other").status == 409
            program.expect(422, "A file", "POST", "/", "a=b",
                           Content_Type="application/x-www-form-urlencoded")


def login():
    with Program("login") as program:
        def token(page):
            return re.search(r'name=csrf_token value="([^"]+)"', page.text)[1]

        def send(path, cookie, **fields):
            body = "&".join(f"{name}={value}" for name, value in fields.items())
            return program.ask("POST", path, body, Cookie=cookie,
                               Content_Type="application/x-www-form-urlencoded")

        page = program.expect(200, "Log in", "GET", "/")
        cookie = page.getheader("Set-Cookie").split(";")[0]
        assert send("/login", cookie, user="ada", password="sesame").status == 403
        wrong = send("/login", cookie, user="ada", password="x", csrf_token=token(page))
        assert wrong.status == 403 and "wrong" in wrong.text, wrong.text
        right = send("/login", cookie, user="ada", password="sesame", csrf_token=token(page))
        assert (right.status, right.getheader("Location")) == (303, "/"), right.text
        new = right.getheader("Set-Cookie").split(";")[0]
        assert new != cookie
        program.expect(200, "Log in", "GET", "/", Cookie=cookie)
        page = program.expect(200, "Hello, ada!", "GET", "/", Cookie=new)
        assert send("/logout", new, csrf_token=token(page)).status == 303
        program.expect(200, "Log in", "GET", "/", Cookie=new)


def events():
    with Program("events") as program:
        def listen(**fields):
            connection = http.client.HTTPConnection("127.0.0.1", program.port, timeout=TIMEOUT)
            connection.request("GET", "/news", headers=fields)
            answer = connection.getresponse()
            assert answer.getheader("Content-Type").startswith("text/event-stream")
            return connection, answer

        def hear(answer):
            event = {}
            while line := answer.readline().decode().rstrip("\n"):
                name, _, value = line.partition(": ")
                event[name] = value
            return event

        program.expect(400, "headline", "POST", "/news")
        program.expect(204, "", "POST", "/news?headline=one")
        connection, answer = listen(**{"Last-Event-ID": "of-another-run"})
        first = hear(answer)
        while "data" not in first:
            first = hear(answer)
        assert (first["event"], first["data"]) == ("headline", "one"), first
        program.expect(204, "", "POST", "/news?headline=two")
        assert hear(answer)["data"] == "two"
        connection.close()
        program.expect(204, "", "POST", "/news?headline=three")
        connection, answer = listen(**{"Last-Event-ID": first["id"]})
        heard = []
        while len(heard) < 2:
            heard += [event["data"] for event in [hear(answer)] if "data" in event]
        assert heard == ["two", "three"], heard
        connection.close()


def chat():
    with Program("chat") as program:
        def enter(room):
            peer = socket.create_connection(("127.0.0.1", program.port), timeout=TIMEOUT)
            peer.sendall(f"GET /chat/{room} HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n"
                         "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
                         f"{base64.b64encode(os.urandom(16)).decode()}\r\n\r\n".encode())
            stream = peer.makefile("rb")
            assert b" 101 " in stream.readline()
            while stream.readline() != b"\r\n":
                pass
            return peer, stream

        def say(peer, text):
            mask = os.urandom(4)
            peer.sendall(bytes([0x81, 0x80 | len(text)]) + mask
                         + bytes(byte ^ mask[i % 4] for i, byte in enumerate(text)))

        def hear(stream):
            kind, length = stream.read(2)
            assert kind == 0x81 and length < 126, (kind, length)
            return stream.read(length)

        program.expect(404, "no such room", "GET", "/chat/cellar")
        program.expect(426, "", "GET", "/chat/garden")
        one, two, three = enter("garden"), enter("garden"), enter("kitchen")
        say(one[0], b"hello")
        assert hear(one[1]) == hear(two[1]) == b"hello"
        say(three[0], b"soup")
        assert hear(three[1]) == b"soup"
        for peer, stream in (one, two, three):
            stream.close()
            peer.close()


def workflow():
    with Program("workflow") as program:
        started = program.expect(202, "id", "POST", "/workflows/greeting/runs", '{"name":"Ada"}',
                                 Content_Type="application/json")
        name = json.loads(started.text)["id"]
        told = program.expect(200, "HELLO, ADA!", "GET", f"/workflows/runs/{name}/events")
        assert "succeeded" in told.text, told.text
        run = json.loads(program.ask("GET", f"/workflows/runs/{name}").text)
        assert run["state"] == "succeeded", run
        assert "HELLO, ADA!" in run["steps"][1]["stdout"], run


def client():
    with Program("routes") as program:
        def ask(*arguments):
            return subprocess.run([os.path.join(folder, "client"), *arguments], timeout=TIMEOUT,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                  env=dict(os.environ, G_SLICE="always-malloc"))

        address = f"http://127.0.0.1:{program.port}"
        good = ask(f"{address}/notes/7")
        assert (good.returncode, good.stdout) == (0, "200\nnote: 7\n"), good
        bad = ask(f"{address}/hello")
        assert (bad.returncode, bad.stdout) == (1, "") and "client: " in bad.stderr, bad
        assert ask().returncode == 2


for run in (routes, json_api, static_site, upload, login, events, chat, workflow, client):
    run()

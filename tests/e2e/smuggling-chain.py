# SPDX-License-Identifier: MIT
#
# smuggling-chain.py H3D: sends what smuggling-table.py has through h3d as a proxy, alone, behind nginx
# and HAProxy and in front of them. At the end of each chain stands a server that takes only what can be
# read in one way, and keeps it: as many requests must arrive there as answers came from there, in order,
# none that was not sent as one; and who asks next is given the answer to that.

import importlib.util, os, re, shutil, socket, subprocess, sys, tempfile, threading, urllib.parse

TIMEOUT = 60
TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
VALUE = re.compile(rb"[\t -~\x80-\xff]*\Z")
POISONED = b"poisoned"


def load_table():
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "smuggling-table.py")
    spec = importlib.util.spec_from_file_location("smuggling_table", path)
    table = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(table)
    return table


class Over(Exception):
    """The peer has ended."""


class Wrong(Exception):
    """What came could be read in more ways than one."""


class Reader:
    def __init__(self, connection):
        self.connection, self.kept = connection, b""

    def more(self):
        try:
            piece = self.connection.recv(65536)
        except ConnectionError:
            piece = b""
        if not piece:
            raise Over
        self.kept += piece

    def line(self):
        while b"\n" not in self.kept:
            self.more()
        line, self.kept = self.kept.split(b"\n", 1)
        if not line.endswith(b"\r"):
            raise Wrong(f"a line without CR: {line}")
        return line[:-1]

    def exactly(self, n):
        while len(self.kept) < n:
            self.more()
        data, self.kept = self.kept[:n], self.kept[n:]
        return data

    def fields(self):
        fields = []
        while line := self.line():
            name, colon, value = line.partition(b":")
            if not colon or not TOKEN.match(name) or not VALUE.match(value):
                raise Wrong(f"no field: {line}")
            fields.append((name.lower().decode(), value.strip(b" \t").decode("latin-1")))
        return fields

    def chunks(self):
        body = b""
        while True:
            line = self.line()
            if not re.match(rb"[0-9A-Fa-f]{1,16}\Z", line):
                raise Wrong(f"no chunk size: {line}")
            size = int(line, 16)
            if size == 0:
                return body, self.fields()
            body += self.exactly(size)
            if self.exactly(2) != b"\r\n":
                raise Wrong("no line end behind a chunk")


def find_one(fields, name):
    values = [value for known, value in fields if known == name]
    if len(values) > 1:
        raise Wrong(f"{name} more than once: {values}")
    return values[0] if values else None


class Seen:
    """A request, as it can be read in one way only."""

    def __init__(self, reader):
        line = reader.line()
        parts = re.match(rb"([!-~]+) ([!-~\x80-\xff]+) HTTP/1\.1\Z", line)
        if not parts:
            raise Wrong(f"no request line: {line}")
        self.method, self.target = (part.decode("latin-1") for part in parts.groups())
        fields = reader.fields()
        self.fields = {name: "|".join(value for known, value in fields if known == name)
                       for name, _ in fields}
        self.head = repr(fields).encode()
        if find_one(fields, "host") is None:
            raise Wrong(f"no Host: {fields}")
        length, coding = find_one(fields, "content-length"), find_one(fields, "transfer-encoding")
        self.body, self.trailers = b"", []
        if coding is not None:
            if coding != "chunked" or length is not None:
                raise Wrong(f"framing: {fields}")
            self.body, self.trailers = reader.chunks()
        elif length is not None:
            if not re.match(r"(0|[1-9][0-9]*)\Z", length):
                raise Wrong(f"length: {length}")
            self.body = reader.exactly(int(length))


class Recorder:
    """The server at the end."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.address = "%s:%d" % self.listener.getsockname()
        self.lock, self.seen, self.wrong, self.raws = threading.Lock(), {}, [], {}
        self.was_asked, self.is_late, self.was_late = (threading.Event() for i in range(3))
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            connection, _ = self.listener.accept()
            # What is sent has arrived then.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        reader = Reader(connection)
        try:
            while self.answer(connection, Seen(reader)):
                pass
        except (Over, ConnectionError):
            pass
        except Wrong as error:
            with self.lock:
                self.wrong.append(str(error))
        connection.close()

    def answer(self, connection, seen):
        place = re.search(r"/c(\d{3})(?:/|\Z)", seen.target)
        if place is None:
            raise Wrong(f"asked for {seen.target}")
        with self.lock:
            self.seen.setdefault(int(place[1]), []).append(seen)
        if seen.target.endswith("/raw"):
            raw, _, end = self.raws[int(place[1])].partition(b"\0CLOSE")
            connection.sendall(raw)
            return self.raws[int(place[1])] == raw
        text = f"{seen.method} {seen.target}".encode("latin-1")
        body = b"" if seen.method == "HEAD" else text
        connection.sendall(b"HTTP/1.1 200 OK\r\nX-Recorder: %s\r\nContent-Length: %d\r\n\r\n%s"
                           % (text, len(text), body))
        if seen.target.endswith("/late"):
            self.is_late.wait(TIMEOUT)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n" + POISONED)
            self.was_late.set()
        return seen.fields.get("connection", "").lower() != "close"

    def take(self, number):
        with self.lock:
            wrong, self.wrong = self.wrong, []
            return [seen for seen in self.seen.pop(number, [])], wrong


class Answer:
    def __init__(self, reader, method):
        line = reader.line()
        parts = re.match(rb"HTTP/1\.1 ([0-9]{3}) [\t -~\x80-\xff]*\Z", line)
        if not parts:
            raise Wrong(f"no status line: {line}")
        self.status, fields = int(parts[1]), reader.fields()
        self.source, self.fields = find_one(fields, "x-recorder"), fields
        self.body, self.is_whole = b"", True
        length, coding = find_one(fields, "content-length"), find_one(fields, "transfer-encoding")
        if self.status < 200 or self.status in (204, 304) or method == "HEAD":
            return
        try:
            if coding is not None:
                self.body, _ = reader.chunks()
            elif length is not None:
                self.body = reader.exactly(int(length))
            else:
                while True:
                    reader.more()
        except Over:
            self.is_whole = length is None and coding is None
            self.body += reader.kept
            reader.kept = b""


def converse(address, data, method="GET", half_closes=False):
    """What comes back until the end. Others wait for more of what h3d refuses: they are told that
    none comes."""
    host, port = address.rsplit(":", 1)
    answers = []
    with socket.create_connection((host, int(port)), timeout=TIMEOUT) as connection:
        try:
            connection.sendall(data)
            if half_closes:
                connection.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        reader = Reader(connection)
        try:
            while True:
                answer = Answer(reader, method)
                if answer.status >= 200 or answer.status == 101:
                    answers.append(answer)
        except Over:
            if reader.kept:
                raise Wrong(f"half an answer: {reader.kept}")
    return answers


class Chain:
    """Programs in a row before a recorder; their first is at self.address."""

    def __init__(self, names, h3d, recorder, folder):
        self.names, self.processes, self.folder = names, [], folder
        self.address = recorder.address
        for name in reversed(names):
            self.address = getattr(self, "start_" + name)(self.address, h3d)

    def start(self, command, **more):
        self.processes.append(subprocess.Popen(command, **more))
        return self.processes[-1]

    def start_h3d(self, behind, h3d):
        process = self.start([h3d, "demo", "--listen", "127.0.0.1:0", "--workers", "1", "--proxy",
                              "http://" + behind], stdout=subprocess.PIPE, text=True)
        return process.stdout.readline().split("http://")[1].strip()

    def start_nginx(self, behind, h3d):
        listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        address = "%s:%d" % listener.getsockname()
        path = os.path.join(self.folder, f"nginx-{listener.fileno()}")
        os.mkdir(path)
        with open(path + "/conf", "w") as file:
            file.write(("user root;\n" if os.geteuid() == 0 else "")
                       + "daemon off; worker_processes 1; pid pid; error_log errors crit;\n"
                       "events { worker_connections 256; }\n"
                       "http { access_log off; lingering_time 60s; lingering_timeout 60s;\n"
                       + "".join(f"{kind}_temp_path {kind};\n" for kind in
                                 ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"])
                       + f"upstream behind {{ server {behind}; keepalive 8; }}\n"
                       f"server {{ listen {address}; location / {{ proxy_pass http://behind;\n"
                       "proxy_http_version 1.1; proxy_set_header Connection \"\";\n"
                       "proxy_set_header Host $http_host; proxy_request_buffering off;\n"
                       "proxy_ignore_client_abort on; } } }\n")
        os.set_inheritable(listener.fileno(), True)
        self.start(["nginx", "-p", path, "-e", "errors", "-c", "conf"], pass_fds=[listener.fileno()],
                   env={**os.environ, "NGINX": f"{listener.fileno()};"})
        return address

    def start_haproxy(self, behind, h3d):
        listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        path = os.path.join(self.folder, f"haproxy-{listener.fileno()}")
        with open(path, "w") as file:
            file.write("defaults\n    mode http\n    timeout connect 60s\n    timeout client 60s\n"
                       "    timeout server 60s\n    http-reuse always\n"
                       f"listen one\n    bind fd@{listener.fileno()} proto h1\n    server behind {behind}\n")
        self.start(["haproxy", "-q", "-db", "-f", path], pass_fds=[listener.fileno()])
        return "%s:%d" % listener.getsockname()

    def stop(self):
        ended = []
        for process in reversed(self.processes):
            process.terminate()
            ended.append(process.wait(TIMEOUT))
        return ended


def is_inside(target):
    """Whether everybody who decodes the path finds it below the one that leads there."""
    path = target.partition("?")[0]
    if not re.match(r"/(proxy/)?c\d{3}(/|\Z)", path):
        return False
    for again in range(4):
        steps = re.split(r"[/\\]", path)
        if any(step.partition(";")[0].rstrip("\0\t ") == ".." for step in steps):
            return False
        if re.search(r"[\0-\x1f]", path):
            return False
        path = urllib.parse.unquote(path, "latin-1")
    return True


def name_of(seen):
    return seen.target.partition("?")[0].rsplit("/", 1)[-1]


def judge_request(expected, is_alone, answers, seen):
    """What is wrong, as texts."""
    from_there = [answer.source for answer in answers if answer.source is not None]
    arrived = [f"{one.method} {one.target}" for one in seen]
    if from_there != arrived:
        yield f"arrived: {arrived}, answered: {from_there}"
    for one in seen:
        if (expected is not None and name_of(one) == "smuggled") or not is_inside(one.target):
            yield f"{one.method} {one.target} arrived"
    if expected is None or not is_alone:
        return
    got = [answer.status if answer.source is None else answer.source.partition("?")[0].rsplit("/", 1)[-1]
           for answer in answers]
    wanted = [one[0] if isinstance(one, tuple) else one for one in expected]
    if got != wanted:
        yield f"answers: {got}, not {wanted}"
        return
    for one, what in zip(seen, [one for one in expected if not isinstance(one, int)]):
        if isinstance(what, tuple) and not what[1](one):
            yield f"arrived otherwise: {one.method} {one.target} {one.fields} {one.body}"


def judge_answer(expected, cut, answers):
    if expected == cut and not answers:
        return
    if len(answers) != 1:
        yield f"{len(answers)} answers"
        return
    answer = answers[0]
    if b"smuggled" in repr(answer.fields).encode() or any(name == "set-cookie" for name, _ in answer.fields):
        yield f"fields: {answer.fields}"
    if expected == cut:
        if answer.status != 502 and answer.is_whole:
            yield f"{answer.status} is whole: {answer.body}"
    elif isinstance(expected, int):
        if answer.status != expected:
            yield f"{answer.status}, not {expected}"
    elif answer.status == 502 or not answer.is_whole or answer.body != expected.encode():
        yield f"{answer.status} {answer.body}, not {expected!r}"


class Trial:
    """One chain, all rows."""

    def __init__(self, table, chain, recorder):
        self.table, self.chain, self.recorder = table, chain, recorder
        self.number, self.failures, self.rows = 99, [], 0

    def fail(self, name, what):
        self.failures.append(f"{' -> '.join(self.chain.names)}: {name}: {what}")

    def path(self):
        return f"/proxy/c{self.number:03d}"

    def bytes_of(self, text):
        return text.replace(self.table.P, self.path()).encode("latin-1")

    def ask(self, name, text, method="GET"):
        try:
            return converse(self.chain.address, self.bytes_of(text), method,
                            self.chain.names[0] != "h3d")
        except (Wrong, OSError) as error:
            self.fail(name, f"{type(error).__name__}: {error}")
            return []

    def ask_next(self, name):
        """Who asks now is given what was asked for."""
        for again in range(2):
            text = self.table.request("GET", f"{self.table.P}/next-{again}", "Connection: close")
            answers = self.ask(name, text)
            sources = [answer.source for answer in answers]
            wanted = f"/c{self.number:03d}/next-{again}"
            if len(answers) != 1 or answers[0].source is None or not answers[0].source.endswith(wanted):
                self.fail(name, f"the next is answered {[(a.status, a.body) for a in answers]}, {sources}")

    def begin(self):
        self.number += 1
        self.rows += 1

    def end(self, name):
        self.ask_next(name)
        seen, wrong = self.recorder.take(self.number)
        for what in wrong:
            self.fail(name, f"not to be read in one way: {what}")

    def try_request(self, name, text, expected):
        self.begin()
        answers = self.ask(name, text)
        seen, wrong = self.recorder.take(self.number)
        if self.chain.names[0] != "h3d":
            expected = None
        for what in list(judge_request(expected, self.chain.names == ["h3d"], answers, seen)) + wrong:
            self.fail(name, what)
        self.end(name)

    def try_answer(self, name, method, text, expected):
        self.begin()
        self.recorder.raws[self.number] = text.encode("latin-1")
        answers = self.ask(name, self.table.request(method, self.table.P + "/raw", "Connection: close"), method)
        if self.chain.names == ["h3d"]:
            for what in judge_answer(expected, self.table.CUT, answers):
                self.fail(name, what)
        self.end(name)

    def try_late(self):
        """Bytes that come when the answer has been given belong to nobody."""
        for again in range(10):
            self.begin()
            self.recorder.is_late.clear()
            self.recorder.was_late.clear()
            self.ask("late", self.table.request("GET", self.table.P + "/late", "Connection: close"))
            self.recorder.is_late.set()
            self.recorder.was_late.wait(TIMEOUT)
            self.end("late")

    def run(self):
        left_out = self.table.NOT_BEHIND_NGINX if self.chain.names[0] == "nginx" else set()
        for name, text, expected in self.table.REQUESTS:
            if name not in left_out:
                self.try_request(name, text, expected)
        if self.chain.names[-1] == "h3d":
            for name, *row in self.table.ANSWERS:
                if name not in left_out:
                    self.try_answer(name, *row)
            self.try_late()
        return self.failures


def main(h3d):
    table, recorder, failures = load_table(), Recorder(), []
    chains = [["h3d"]]
    for name in ["nginx", "haproxy"]:
        if shutil.which(name):
            chains += [[name, "h3d"], ["h3d", name]]
        else:
            print(f"without {name}, which is not there")
    if sys.argv[2:]:
        chains = [argument.split(",") for argument in sys.argv[2:]]
    with tempfile.TemporaryDirectory() as folder:
        for names in chains:
            chain = Chain(names, h3d, recorder, folder)
            try:
                trial = Trial(table, chain, recorder)
                failures += trial.run()
                print(f"{' -> '.join(names)}: {trial.rows} rows")
            finally:
                ended = chain.stop()
    print("\n".join(failures))
    return 1 if failures else 0


sys.exit(main(sys.argv[1]))

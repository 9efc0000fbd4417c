# SPDX-License-Identifier: MIT
#
# deployment.py PAGE H3D FOLDER: runs what stands in the blocks of PAGE with addresses and folders of its
# own, asks over TLS from another address of this machine, and looks into h3d's access log.

import base64, http.client, json, os, re, signal, socket, ssl, subprocess, sys, threading

TIMEOUT = 300
CLIENT = "127.0.0.2"
page, h3d, folder = sys.argv[1], os.path.abspath(sys.argv[2]), sys.argv[3]
blocks = {}
with open(page, encoding="utf-8") as file:
    for name, text in re.findall(r"^```(?:ini )?(\w[\w-]*)\n(.*?)^```$", file.read(), re.M | re.S):
        blocks[name] = text
context = ssl.create_default_context()
context.check_hostname, context.verify_mode = False, ssl.CERT_NONE


def localize(text, **addresses):
    for there, here in [("/etc/ssl/www", "ssl"), ("/srv/www", "www"), ("/var/log/h3d", "log")]:
        text = text.replace(there, os.path.join(folder, here))
    for there, here in addresses.items():
        there = {"http": "0.0.0.0:80", "https": "0.0.0.0:443", "h3": "127.0.0.1:8080"}[there]
        assert there in text, (there, text)
        text = re.sub(re.escape(there) + r"\b", here, text)
    return text


class Process:
    def __init__(self, arguments, **options):
        self.process = subprocess.Popen(arguments, **options)
        self.guard = threading.Timer(TIMEOUT, self.process.kill)
        self.guard.start()

    def __enter__(self):
        return self

    def __exit__(self, kind, *rest):
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait()
        self.guard.cancel()
        if self.process.stdout:
            self.process.stdout.close()
        assert kind is not None or self.is_good(status), (self.process.args, status)

    def is_good(self, status):
        return status == 0


class H3d(Process):
    def __init__(self, *arguments):
        super().__init__([h3d, *arguments], stdout=subprocess.PIPE,
                         env=dict(os.environ, G_SLICE="always-malloc"))

    def read_address(self):
        line = self.process.stdout.readline().decode()
        found = re.match(r"Listening on https?://(127\.0\.0\.1:\d+)\n", line)
        assert found, line
        return found[1]


class Nginx(Process):
    def __init__(self, behind):
        with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
            self.address = "%s:%d" % listener.getsockname()
            place = os.path.join(folder, "nginx-" + behind)
            os.mkdir(place)
            with open(place + "/conf", "w") as file:
                file.write(("user root;\n" if os.geteuid() == 0 else "")
                           + "daemon off; worker_processes 1; pid pid; error_log errors;\n"
                           "events { worker_connections 256; }\nhttp { access_log off;\n"
                           + "".join(f"{kind}_temp_path {kind};\n" for kind in
                                     ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"])
                           + localize(blocks["nginx"], https=self.address, h3=behind) + "}\n")
            os.set_inheritable(listener.fileno(), True)
            super().__init__(["nginx", "-p", place, "-e", "errors", "-c", "conf"],
                             pass_fds=[listener.fileno()],
                             env={**os.environ, "NGINX": f"{listener.fileno()};"})


class Haproxy(Process):
    def __init__(self, behind):
        with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
            self.address = "%s:%d" % listener.getsockname()
            path = os.path.join(folder, "haproxy-" + behind)
            with open(path, "w") as file:
                # A machine with much else to do is no server that is down.
                file.write(localize(blocks["haproxy"], https=f"fd@{listener.fileno()}", h3=behind)
                           .replace("connect 5s", "connect 60s\n    timeout check 60s"))
            super().__init__(["haproxy", "-q", "-db", "-f", path], pass_fds=[listener.fileno()])

    def is_good(self, status):
        return status in (0, 128 + signal.SIGTERM, -signal.SIGTERM)


def ask(address, path, is_tls=True, **fields):
    host, port = address.split(":")
    options = {"timeout": TIMEOUT, "source_address": (CLIENT, 0)}
    connection = (http.client.HTTPSConnection(host, int(port), context=context, **options) if is_tls
                  else http.client.HTTPConnection(host, int(port), **options))
    connection.request("GET", path, headers=fields)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer, text


def configured(name, text):
    path = os.path.join(folder, name + ".conf")
    with open(path, "w") as file:
        file.write(text)
    subprocess.run([h3d, "check", path], check=True)
    return path


def expect_log(n):
    path = os.path.join(folder, "log/access.log")
    with open(path) as file:
        clients = [line.split()[0] for line in file if '"GET / HTTP/1.1" 200' in line]
    assert clients == [CLIENT] * n, clients
    os.remove(path)


def alone():
    path = configured("alone", localize(blocks["alone"], http="127.0.0.1:0", https="127.0.0.1:0"))
    with H3d("run", path) as server:
        secure, plain = server.read_address(), server.read_address()
        answer, text = ask(secure, "/")
        assert (answer.status, text) == (200, "the page\n"), (answer.status, text)
        assert "max-age" in answer.getheader("Strict-Transport-Security")
        assert ask(plain, "/", is_tls=False)[1] == "the page\n"
        assert ask(plain, "/metrics", is_tls=False)[0].status == 403
    expect_log(2)
    print("ok: alone")


def behind(name, front, option):
    path = configured(name, localize(blocks[name], h3="127.0.0.1:0"))
    lies = {"X-Forwarded-For": "192.0.2.1", "Forwarded": "for=192.0.2.2", "X-Forwarded-Proto": "ftp"}
    if name == "behind-haproxy":
        lies = {}
    with H3d("run", path) as server, front(server.read_address()) as before:
        for again in range(3):
            answer, text = ask(before.address, "/", **lies)
            assert (answer.status, text) == (200, "the page\n"), (answer.status, text)
    expect_log(3)
    with H3d("demo", "--listen", "127.0.0.1:0", option, "127.0.0.1") as demo:
        with front(demo.read_address()) as before:
            told = json.loads(ask(before.address, "/get", **lies)[1])
            assert told["origin"] == CLIENT, told
            assert told["url"] == f"https://{before.address}/get", told
            handshake = {"Upgrade": "websocket", "Connection": "Upgrade",
                         "Sec-WebSocket-Version": "13",
                         "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode()}
            host, port = before.address.split(":")
            with context.wrap_socket(socket.create_connection((host, int(port)), TIMEOUT)) as peer:
                peer.sendall(("GET /websocket/echo HTTP/1.1\r\nHost: a\r\n" + "".join(
                    f"{field}: {value}\r\n" for field, value in handshake.items()) + "\r\n").encode())
                stream = peer.makefile("rb")
                assert b" 101 " in stream.readline()
                while stream.readline() != b"\r\n":
                    pass
                peer.sendall(b"\x81\x85\0\0\0\0hello")
                assert stream.read(7) == b"\x81\x05hello"
                stream.close()
    print("ok:", name)


alone()
behind("behind-nginx", Nginx, "--trust-proxy")
behind("behind-haproxy", Haproxy, "--proxy-protocol")

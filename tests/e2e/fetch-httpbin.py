# SPDX-License-Identifier: MIT
#
# fetch-httpbin.py H3D: what `h3d fetch` makes of httpbin, started here. A row of CASES is the
# arguments (the last is the path), and what is right of the status and the output.

import json, logging, os, subprocess, sys, tempfile, threading

import httpbin
from werkzeug.serving import WSGIRequestHandler, make_server

TIMEOUT = 120


class Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *arguments):
        pass


def serve():
    logging.disable(logging.CRITICAL)
    server = make_server("127.0.0.1", 0, httpbin.app, threaded=True, request_handler=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return "http://127.0.0.1:%d" % server.server_port


def says(**wanted):
    """The output is a document with this in it."""
    def check(output):
        document = json.loads(output)
        return all(document.get(name) == value for name, value in wanted.items())
    return check


def sent(name, value):
    """The server saw the field so."""
    return lambda output: json.loads(output)["headers"].get(name) == value


def has(*parts):
    return lambda output: all(part in output for part in parts)


def form(**wanted):
    return says(form=wanted)


LINES = b"".join(b"%d,%d\n" % (i, i * i) for i in range(20000))

CASES = [
    (["/get?a=b&c=d%20e"], 0, says(args={"a": "b", "c": "d e"})),
    (["-H", "X-One: 1", "/headers"], 0, sent("X-One", "1")),
    (["/user-agent"], 0, has(b"h3")),
    (["/html"], 0, has(b"Herman Melville")),
    # Codings, decoded.
    (["/gzip"], 0, says(gzipped=True)),
    (["/deflate"], 0, says(deflated=True)),
    (["/brotli"], 0, says(brotli=True)),
    (["--no-compression", "/get"], 0, lambda output: "gzip" not in
     json.loads(output)["headers"].get("Accept-Encoding", "")),
    # Redirects.
    (["/redirect/5"], 0, lambda output: json.loads(output)["url"].endswith("/get")),
    (["/relative-redirect/3"], 0, lambda output: json.loads(output)["url"].endswith("/get")),
    (["/absolute-redirect/3"], 0, lambda output: json.loads(output)["url"].endswith("/get")),
    (["/redirect-to?url=/get%3Fx%3Dy"], 0, says(args={"x": "y"})),
    (["-d", "a=b", "/redirect-to?url=/post&status_code=307"], 0, form(a="b")),
    (["-d", "a=b", "/redirect-to?url=/get&status_code=303"], 0, has(b"/get")),
    (["--max-redirects", "2", "/redirect/3"], 47, has()),
    (["-i", "--max-redirects", "0", "/redirect/1"], 0, has(b" 302 ", b"ocation: ")),
    # Cookies.
    (["--cookies", "/cookies/set?a=b&c=d"], 0, says(cookies={"a": "b", "c": "d"})),
    (["/cookies/set?a=b"], 0, says(cookies={})),
    # Bodies.
    (["-d", "a=b", "-d", "c=d e", "/post"], 0, form(a="b", c="d e")),
    (["-F", "a=ü&=", "/post"], 0, form(a="ü&=")),
    (["--json", '{"a": [1, 2]}', "/post"], 0, says(json={"a": [1, 2]})),
    (["-X", "PUT", "-H", "Content-Type: text/plain", "-d", "@LINES", "/put"], 0,
     says(data=LINES.decode())),
    (["-X", "DELETE", "/delete"], 0, has(b"/delete")),
    (["-X", "PATCH", "--json", "[]", "/patch"], 0, says(data="[]")),
    # Credentials.
    (["USER", "/basic-auth/user/pass%20word"], 0, says(authenticated=True, user="user")),
    (["-H", "Authorization: Bearer xyz", "/bearer"], 0, says(token="xyz")),
    (["-f", "/basic-auth/user/other"], 22, has()),
    # Answers of other kinds.
    (["/stream/20"], 0, lambda output: [json.loads(line)["id"] for line in output.splitlines()]
     == list(range(20))),
    (["/stream-bytes/50000?seed=1"], 0, lambda output: len(output) == 50000),
    (["/bytes/100000?seed=1"], 0, lambda output: len(output) == 100000),
    (["-H", "Range: bytes=5-9", "/range/26"], 0, lambda output: output == b"fghij"),
    (["-I", "/get"], 0, has(b" 200 ", b"ontent-")),
    (["/status/204"], 0, lambda output: output == b""),
    (["/status/404"], 0, has()),
    (["-f", "/status/404"], 22, has()),
    (["-f", "/status/503"], 22, has()),
    (["-H", "If-None-Match: x", "-i", "/etag/x"], 0, has(b" 304 ")),
    (["--max-size", "10", "/bytes/11"], 63, has()),
    (["--max-size", "11", "/bytes/11"], 0, lambda output: len(output) == 11),
    (["/drip?numbytes=5&duration=0&delay=0"], 0, lambda output: output == b"*****"),
    (["/image/png"], 0, lambda output: output.startswith(b"\x89PNG")),
]


def main(h3d):
    url, wrong = serve(), []
    environment = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    with tempfile.NamedTemporaryFile() as lines:
        lines.write(LINES)
        lines.flush()
        for arguments, status, check in CASES:
            there = url.replace("//", "//user:pass%20word@") if arguments[0] == "USER" else url
            given = [argument.replace("@LINES", "@" + lines.name) for argument in arguments[:-1]
                     if argument != "USER"]
            ended = subprocess.run([h3d, "fetch", *given, there + arguments[-1]], timeout=TIMEOUT,
                                   env=environment, capture_output=True)
            try:
                is_right = ended.returncode == status and check(ended.stdout)
            except (ValueError, KeyError):
                is_right = False
            if not is_right:
                wrong.append(f"{arguments}: {ended.returncode}, {ended.stdout[:300]}, "
                             f"{ended.stderr.decode()}")
    print(f"{len(CASES)} cases")
    print(*wrong, sep="\n")
    return 1 if wrong else 0


sys.exit(main(sys.argv[1]))

# SPDX-License-Identifier: MIT
#
# What could be read differently by two servers in a row: requests through h3d as a proxy, and answers
# that come back to it. smuggling-chain.py sends them and judges.
#
# A request is a row of its name, its bytes, and what h3d makes of it where it stands before the last
# server alone: for each answer the last part of the path that was asked for there, or the status that
# h3d itself answers with, after which it ends the connection; what is called "smuggled" is then never
# to be seen there as a request. Behind the path may stand a check of what was sent there. None: what is
# answered does not matter here. `P` is the path that leads there.

P = "\0PATH"
GET, POST = "GET", "POST"


def request(method, target, *fields, body="", host="Host: h", version="HTTP/1.1"):
    head = [f"{method} {target} {version}", *([host] if host else []), *fields]
    return "\r\n".join(head) + "\r\n\r\n" + body


# What nginx (1.22) cannot stand between: it answers HTTP/0.9, and waits on behind an interim answer.
NOT_BEHIND_NGINX = {"no version", "hints first", "hints without end"}

END = request(GET, P + "/end", "Connection: close")
SMUGGLED = request(GET, P + "/smuggled", "Connection: close")
CHUNKED = "Transfer-Encoding: chunked"


def post(*fields, body="", name="a", **more):
    return request(POST, f"{P}/{name}", *fields, body=body, **more)


def chunks(body, *fields):
    return post(CHUNKED, *fields, body=body) + END


def has(name, value):
    """The server behind was sent the field with this value; None: was not sent it."""
    return lambda seen: seen.fields.get(name) == value


def sent(body):
    return lambda seen: seen.body == body.encode("latin-1")


def both(*checks):
    return lambda seen: all(check(seen) for check in checks)


REQUESTS = [
    ("plain", post("Content-Length: 2", body="hi") + END, [("a", sent("hi")), "end"]),
    ("chunked", chunks("2\r\nhi\r\n3\r\n yo\r\n0\r\n\r\n"), [("a", sent("hi yo")), "end"]),
    ("twenty at once", "".join(post(f"Content-Length: {i}", body="x" * i) for i in range(20)) + END,
     [("a", sent("x" * i)) for i in range(20)] + ["end"]),
    ("nothing behind close", post("Connection: close") + SMUGGLED, ["a"]),
    ("a GET with a body", request(GET, P + "/a", "Content-Length: 5", body="GET /") + END,
     [("a", sent("GET /")), "end"]),
    ("a body that looks like a request",
     post(f"Content-Length: {len(SMUGGLED) - len(P) + 11}", body=SMUGGLED) + END, ["a", "end"]),
    ("a chunk that looks like a request",
     chunks(f"{len(SMUGGLED) - len(P) + 11:x}\r\n{SMUGGLED}\r\n0\r\n\r\n"), ["a", "end"]),
]

# Two lengths.
REQUESTS += [
    ("CL.TE", post("Content-Length: 6", CHUNKED, body="0\r\n\r\nG") + SMUGGLED, [400]),
    ("TE.CL", post("Content-Length: 4", CHUNKED, body="5c\r\n" + SMUGGLED + "0\r\n\r\n") + END, [400]),
    ("TE.0", request("OPTIONS", P + "/a", CHUNKED, "Content-Length: 0", body="0\r\n\r\n") + SMUGGLED,
     [400]),
]
for value in ["5\r\nContent-Length: 6", "5\r\nContent-Length: 5", "5\r\ncontent-length: 0", "5, 5", "5,6",
              "+5", "-5", "0x5", "05", "5 5", "5;", "5.0", "", "\v5", "5\v", "\0005", "1e1",
              "18446744073709551621", "9223372036854775808", "4294967296\r\nContent-Length: 5"]:
    REQUESTS.append((f"Content-Length: {value!r}", post(f"Content-Length: {value}", body="hello") + END,
                     [400]))
REQUESTS += [
    ("blanks around a length", post("Content-Length: \t5 \t", body="hello") + END,
     [("a", sent("hello")), "end"]),
    ("a blank before a length's colon", post("Content-Length : 5", body="hello") + END, [400]),
    ("Content_Length", post("Content_Length: 90") + END, ["a", "end"]),
]

# Codings that one sees and the other does not.
for field in ["Transfer-Encoding : chunked", "Transfer-Encoding\t: chunked", "Transfer-Encoding:\vchunked",
              "Transfer-Encoding: \fchunked", "Transfer-Encoding: chunked\v", " Transfer-Encoding: chunked",
              "X: x\n" + CHUNKED, "X: x\r" + CHUNKED, "X:\r\n " + CHUNKED, "Transfer-Encoding:\r\n chunked",
              "Transfer-Encoding\r\n : chunked", CHUNKED + "\r\nTransfer-Encoding: x",
              "Transfer-Encoding: x\r\n" + CHUNKED, CHUNKED + "\r\n" + CHUNKED, "Transfer-Encoding:",
              "Transfer-Encoding: chunked, identity", "Transfer-Encoding: identity, chunked",
              "Transfer-Encoding: chunked, chunked", "Transfer-Encoding: \"chunked\"",
              "Transfer-Encoding: 'chunked'", "Transfer-Encoding: chunked;", "Transfer-Encoding: ,chunked",
              "Transfer-Encoding: chunked\0", "\0" + CHUNKED, "\xa0" + CHUNKED, "Transfer-Encoding: \xa0chunked",
              "Transfer-Encoding: chunked\x80", "Transfer-Encoding: ch\u00fbnked", "\n" + CHUNKED]:
    REQUESTS.append((f"{field!r} and a length",
                     post("Content-Length: 6", field, body="0\r\n\r\nG") + SMUGGLED, [400]))
for field in ["Transfer-Encoding: identity", "Transfer-Encoding: xchunked", "Transfer-Encoding: gzip"]:
    REQUESTS.append((f"{field!r} without a length", post(field, body="0\r\n\r\n") + SMUGGLED, [501]))
REQUESTS += [
    ("ChUnKeD behind a TAB", post("Transfer-Encoding:\tChUnKeD", body="0\r\n\r\n") + END,
     [("a", sent("")), "end"]),
    ("Transfer_Encoding", post("Transfer_Encoding: chunked", "Content-Length: 6", body="0\r\n\r\nG") + END,
     [("a", both(sent("0\r\n\r\nG"), has("transfer_encoding", None))), "end"]),
    ("chunked by HTTP/1.0", post(CHUNKED, "Connection: keep-alive", body="0\r\n\r\n", version="HTTP/1.0")
     + SMUGGLED, [400]),
    ("both by HTTP/1.0", post(CHUNKED, "Content-Length: 5", "Connection: keep-alive", body="0\r\n\r\n",
                              version="HTTP/1.0") + SMUGGLED, [400]),
    ("kept by HTTP/1.0", post("Connection: keep-alive", "Content-Length: 2", body="hi",
                              version="HTTP/1.0") + END, [("a", sent("hi")), "end"]),
    ("not kept by HTTP/1.0", post("Content-Length: 2", body="hi", version="HTTP/1.0") + SMUGGLED, ["a"]),
]

# Heads: where lines end, and what a line is.
for name, text in [("a bare LF", f"GET {P}/a HTTP/1.1\nHost: h\n\n"),
                   ("a bare LF at the end", f"GET {P}/a HTTP/1.1\r\nHost: h\r\n\n"),
                   ("a bare CR", f"GET {P}/a HTTP/1.1\rHost: h\r\r"),
                   ("a fold", request(GET, P + "/a", "X: 1\r\n 2")),
                   ("a blank first", f"GET {P}/a HTTP/1.1\r\n Host: h\r\nHost: h\r\n\r\n"),
                   ("two empty lines first", "\r\n\r\n" + request(GET, P + "/a")),
                   ("a bare LF first", "\n" + request(GET, P + "/a")),
                   ("no colon", request(GET, P + "/a", "X")), ("no name", request(GET, P + "/a", ": x")),
                   ("a NUL in a value", request(GET, P + "/a", "X: a\0b")),
                   ("a CR in a value", request(GET, P + "/a", "X: a\rX-Y: b")),
                   ("an LF in a name", request(GET, P + "/a", "X\nY: b")),
                   ("two versions", f"GET {P}/a HTTP/1.1 HTTP/1.1\r\nHost: h\r\n\r\n"),
                   ("no version", f"GET {P}/a\r\n"), ("two blanks", f"GET  {P}/a HTTP/1.1\r\nHost: h\r\n\r\n"),
                   ("a TAB", f"GET\t{P}/a HTTP/1.1\r\nHost: h\r\n\r\n"),
                   ("a VT", f"GET {P}/a\vHTTP/1.1\r\nHost: h\r\n\r\n"),
                   ("a blank at the end", f"GET {P}/a HTTP/1.1 \r\nHost: h\r\n\r\n"),
                   ("lower case", f"GET {P}/a http/1.1\r\nHost: h\r\n\r\n")]:
    REQUESTS.append((name, text + SMUGGLED, [400]))
REQUESTS.append(("an empty line first", "\r\n" + request(GET, P + "/a") + "\r\n" + END, ["a", "end"]))

# Chunks.
for body in ["5 \r\nhello\r\n", "0x5\r\nhello\r\n", "+5\r\nhello\r\n", "-5\r\nhello\r\n", "5_0\r\nhello\r\n",
             " 5\r\nhello\r\n", "5\nhello\r\n", "5\rhello\r\n", "5\r\r\nhello\r\n", "5;\r\nhello\r\n",
             "5;a\nb\r\nhello\r\n", "5;a=\"\n\"\r\nhello\r\n", "5;a=\"\r\nhello\r\n", "5;a\rb\r\nhello\r\n",
             "5 ;a=b\r\nhello\r\n", "5;a=b c\r\nhello\r\n", "\r\n5\r\nhello\r\n", "5\r\nhelloXX", "5\r\nhello\n",
             "5\r\nhello\r0", "5\r\nhello", "5\r\nhello!\r\n", "00000000000000005\r\nhello\r\n",
             "fffffffffffffffff\r\nhello\r\n", "ffffffffffffffff\r\nhello\r\n", "100000000000000005\r\nhello\r\n",
             "g\r\n", "5,5\r\nhello\r\n", "5;\0=1\r\nhello\r\n", "0\n\r\n", "0\r\n\n", "0\r\n\rX", "0;a\n\r\n",
             "0\r\nX: y\nZ: q\r\n\r\n", "0\r\nX : y\r\n\r\n", "0\r\n X: y\r\n\r\n", "0\r\nX: y\r\n z\r\n\r\n",
             "0\r\nGET / HTTP/1.1\r\n\r\n", "0\r\n: x\r\n\r\n"]:
    REQUESTS.append((f"chunks {body!r}", post(CHUNKED, body=body + "0\r\n\r\n") + SMUGGLED, [400]))
REQUESTS += [
    ("extensions", chunks("2;a=b;c=\"d;\\\"e\"\r\nhi\r\n0;x\r\n\r\n"), [("a", sent("hi")), "end"]),
    ("zeros before a size", chunks("0002\r\nhi\r\n000\r\n\r\n"), [("a", sent("hi")), "end"]),
    ("trailers", chunks("2\r\nhi\r\n0\r\nX-T: 1\r\nContent-Length: 90\r\nHost: evil\r\n"
                        "Transfer-Encoding: chunked\r\nAuthorization: x\r\nX-Forwarded-For: 1.2.3.4\r\n"
                        "Connection: x-t\r\n\r\n", "Trailer: X-T, Content-Length"),
     [("a", both(sent("hi"), lambda seen: b"evil" not in seen.head, has("authorization", None), has("content-length", None),
                 lambda seen: seen.fields.get("x-forwarded-for") != "1.2.3.4")), "end"]),
]

# Who is meant.
for fields in ["Host: h\r\nHost: h", "Host: h\r\nHost: evil", "Host: h\r\nhost: evil", "Host: h, evil", "Host: ",
               "Host: u@h", "Host: h/x", "Host: h:x", "Host: h:99999", "Host: h evil", "Host: h\tevil", "Host : h",
               "Host: h#", "Host: h?x", "Host: h\\evil", "X: x", "Host: h\0", "Host: [::1"]:
    REQUESTS.append((f"{fields!r}", request(GET, P + "/a", host=fields) + SMUGGLED, [400]))
for target in ["http://evil" + P + "/a", "http://h@evil" + P + "/a", "http://u@h" + P + "/a",
               "http://h:99999" + P + "/a", "http://" + P + "/a", "ftp://h" + P + "/a", "http:/h" + P + "/a",
               "//h" + P + "/a", "h" + P + "/a", "*", "http://h#" + P + "/a", "http://h\\@evil" + P + "/a"]:
    REQUESTS.append((f"target {target!r}", request(GET, target) + SMUGGLED, None))
REQUESTS += [
    ("the whole URL", request(GET, "http://h" + P + "/a") + END, ["a", "end"]),
    ("a Host in other letters", request(GET, P + "/a", host="Host: H") + END, ["a", "end"]),
]

# Targets: what leaves the path never arrives behind, whoever decodes it. None: whatever is answered,
# the server behind sees nothing but paths below the one that leads there.
for end in ["/../../admin", "/../..", "/../smuggled/../../admin", "/%2e%2e/%2e%2e/admin", "/.%2e/.%2e/admin",
            "/%252e%252e/%252e%252e/admin", "/..%2f..%2fadmin", "/..%5c..%5cadmin", "/..\\..\\admin",
            "/..;/..;/admin", "/..;x=y/..;/admin", "/%2e%2e;/admin", "//../../../admin", "/a//..//..//..//..//../admin",
            "/.../admin", "/a%00/../../admin", "/%c0%ae%c0%ae/admin", "/%u002e%u002e/admin", "/a%0d%0aX:%20y",
            "/a%20HTTP/1.1%0d%0aX: y", "/a#/../../admin", "/a?x#/../admin", "/a?/../../admin", "/a%3f/../../../admin",
            "/a%23/../../../admin", "/\xc0\xae\xc0\xae/admin", "/a%", "/a%2", "/a%zz", "/..%00/admin", "/..%09/admin"]:
    REQUESTS.append((f"path {end!r}", request(GET, P + end) + END, None))
REQUESTS += [
    ("a query stays one", request(GET, P + "/a?x=%0d%0a%20&y=/../;z") + END,
     [("a", lambda seen: seen.target.endswith("/a?x=%0d%0a%20&y=/../;z")), "end"]),
]

# Fields of this connection only, and those that Connection would have dropped.
REQUESTS += [
    ("hop-by-hop", post("Connection: x-one", "Connection: X-Two , x-three", "X-One: 1", "X-Two: 2", "X-Three: 3",
                        "X-Four: 4", "Keep-Alive: timeout=5", "Proxy-Connection: keep-alive", "TE: trailers",
                        "Proxy-Authorization: Basic eA==") + END,
     [("a", both(*[has(name, None) for name in
                   ["x-one", "x-two", "x-three", "keep-alive", "proxy-connection", "proxy-authorization"]],
               has("x-four", "4"))), "end"]),
    ("a length nominated", post("Connection: Content-Length", "Content-Length: 90", body="x" * 90) + END,
     [("a", sent("x" * 90)), "end"]),
    ("a coding nominated", chunks("2\r\nhi\r\n0\r\n\r\n", "Connection: Transfer-Encoding"),
     [("a", sent("hi")), "end"]),
    ("Host nominated", request(GET, P + "/a", "Connection: Host") + END, ["a", "end"]),
    ("what we say nominated", request(GET, P + "/a", "Connection: X-Forwarded-For, Forwarded, Via") + END,
     [("a", lambda seen: "127.0.0.1" in seen.fields.get("x-forwarded-for", "")), "end"]),
    ("what proxies say, from a client", request(GET, P + "/a", "X-Forwarded-For: 9.9.9.9", "X_Forwarded_For: 9.9.9.8",
                                                "X-Real-IP: 9.9.9.7", "Forwarded: for=9.9.9.6") + END,
     [("a", lambda seen: b"9.9.9." not in seen.head), "end"]),
]

# Other protocols, and waiting.
REQUESTS += [
    ("h2c", request(GET, P + "/a", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk")
     + END, [("a", both(has("upgrade", None), has("http2-settings", None))), "end"]),
    ("h2c without Connection", request(GET, P + "/a", "Upgrade: h2c") + END, [("a", has("upgrade", None)), "end"]),
    ("a websocket that is refused", request(GET, P + "/a", "Connection: Upgrade", "Upgrade: websocket",
                                            "Sec-WebSocket-Version: 13",
                                            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==") + END, None),
    ("a websocket of no version", request(GET, P + "/a", "Connection: Upgrade", "Upgrade: websocket",
                                          "Sec-WebSocket-Version: 777",
                                          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==") + SMUGGLED, None),
    ("a websocket with a body", request(POST, P + "/a", "Connection: Upgrade", "Upgrade: websocket",
                                        "Sec-WebSocket-Version: 13", f"Content-Length: {len(SMUGGLED) - len(P) + 11}",
                                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", body=SMUGGLED) + END, None),
    ("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + SMUGGLED, None),
    ("CONNECT", "CONNECT h:80 HTTP/1.1\r\nHost: h:80\r\n\r\n" + SMUGGLED, None),
    ("Expect", post("Expect: 100-continue", "Content-Length: 2", body="hi") + END, [("a", sent("hi")), "end"]),
    ("Expect what nobody knows", post("Expect: 100-continue, x", "Content-Length: 2", body="hi") + SMUGGLED, [417]),
    ("Expect without a body", request(GET, P + "/a", "Expect: 100-continue") + END, ["a", "end"]),
    ("other methods", request("get", P + "/a") + SMUGGLED, None),
]

# Answers of the server behind: a row of a name, the method, the bytes, and what the client gets: a
# body, the status that h3d answers itself, or that the answer is visibly cut (or was not begun: 502).
CUT = "cut"
OK = "HTTP/1.1 200 OK\r\n"
TWO = "Content-Length: 2\r\n"
POISON = OK + "Content-Length: 8\r\n\r\npoisoned"

ANSWERS = [
    ("plain", GET, OK + TWO + "\r\nhi", "hi"),
    ("chunked", GET, OK + CHUNKED + "\r\n\r\n2;a=b\r\nhi\r\n0\r\n\r\n", "hi"),
    ("until the end", GET, OK + "Connection: close\r\n\r\nhi\0CLOSE", "hi"),
    ("by HTTP/1.0", GET, "HTTP/1.0 200 OK\r\n\r\nhi\0CLOSE", "hi"),
    ("no reason", GET, "HTTP/1.1 200 \r\n" + TWO + "\r\nhi", "hi"),
    ("hints first", GET, "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK + TWO + "\r\nhi", "hi"),
    ("100 first", GET, "HTTP/1.1 100 Continue\r\n\r\n" + OK + TWO + "\r\nhi", "hi"),
    ("of a HEAD", "HEAD", OK + TWO + "\r\n", ""),
    ("304", GET, "HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n", ""),
    ("a field of the connection", GET, OK + TWO + "Connection: X-Hidden\r\nX-Hidden: smuggled\r\n\r\nhi", "hi"),
    # Bytes behind the end are nobody's answer.
    ("another behind", GET, OK + TWO + "\r\nhi" + POISON, "hi"),
    ("another behind chunks", GET, OK + CHUNKED + "\r\n\r\n2\r\nhi\r\n0\r\n\r\n" + POISON, "hi"),
    ("a body to a HEAD", "HEAD", OK + "Content-Length: 8\r\n\r\npoisoned", ""),
    ("an answer as the body to a HEAD", "HEAD", OK + f"Content-Length: {len(POISON)}\r\n\r\n" + POISON, ""),
    ("a chunked body to a HEAD", "HEAD", OK + CHUNKED + "\r\n\r\n8\r\npoisoned\r\n0\r\n\r\n", ""),
    ("a body to 304", GET, "HTTP/1.1 304 Not Modified\r\nContent-Length: 8\r\n\r\npoisoned", ""),
    ("an answer as the body to 304", GET, "HTTP/1.1 304 Not Modified\r\n\r\n" + POISON, ""),
    ("a body to 204", GET, "HTTP/1.1 204 No Content\r\n\r\n" + POISON, ""),
    ("line ends behind", GET, OK + TWO + "\r\nhi\r\n\r\n", "hi"),
    # What two readers do not read alike.
    ("a length and chunks", GET, OK + TWO + CHUNKED + "\r\n\r\n2\r\nhi\r\n0\r\n\r\n", 502),
    ("chunks and a length", GET, OK + CHUNKED + "\r\nContent-Length: 99\r\n\r\n2\r\nhi\r\n0\r\n\r\n", 502),
    ("two lengths", GET, OK + TWO + "Content-Length: 8\r\n\r\nhi" + POISON, 502),
    ("no line at all", GET, "\0\0\0\0\r\n\r\n", 502),
    ("nothing", GET, "\0CLOSE", 502),
    ("half a head", GET, OK + TWO + "\0CLOSE", 502),
    ("101 that nobody asked for", GET, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n"
     "Upgrade: websocket\r\n\r\n" + POISON, 502),
    ("too large a head", GET, OK + "".join(f"X-{i}: {'x' * 4000}\r\n" for i in range(40)) + TWO + "\r\nhi", 502),
    ("too many fields", GET, OK + "X: y\r\n" * 2000 + TWO + "\r\nhi", 502),
    ("hints without end", GET, "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 5000, 502),
    # Bodies that are not whole.
    ("cut by its length", GET, OK + "Content-Length: 9\r\n\r\nhi\0CLOSE", CUT),
    ("cut in a chunk", GET, OK + CHUNKED + "\r\n\r\n9\r\nhi\0CLOSE", CUT),
    ("cut behind a chunk", GET, OK + CHUNKED + "\r\n\r\n2\r\nhi\r\n\0CLOSE", CUT),
    ("cut before the last line", GET, OK + CHUNKED + "\r\n\r\n2\r\nhi\r\n0\r\n\0CLOSE", CUT),
]
for line in ["HTTP/1.1 200 OK\n", "HTTP/1.1 200 OK\r", "HTTP/2.0 200 OK\r\n", "HTTP/1.1 99 X\r\n", "HTTP/1.1 1000 X\r\n",
             "HTTP/1.1 20 OK\r\n", "HTTP/1.1 2O0 OK\r\n", "HTTP/1.1  200 OK\r\n", "HTTP/1.1 200\vOK\r\n", " " + OK,
             "\r\n\r\n" + OK, "ICY 200 OK\r\n", "HTTP/1.1 600 X\r\n", "HTTP/1.1 200 O\0K\r\n", "HTTP/1.1 200 O\rK\r\n",
             "http/1.1 200 OK\r\n", "HTTP/1.1:200 OK\r\n", "HTTP/1.1 -200 OK\r\n"]:
    ANSWERS.append((f"line {line!r}", GET, line + TWO + "\r\nhi", 502))
for field in ["Content-Length : 2", "Content-Length: 2, 2", "Content-Length: +2", "Content-Length: 0x2",
              "Content-Length: 02", "Content-Length: -1", "Content-Length: 9223372036854775808", "Content-Length:",
              "Content-Length: 2\r\nContent-Length: 2", "Transfer-Encoding: chunked, chunked",
              "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: identity", "Transfer-Encoding: xchunked",
              "Transfer-Encoding : chunked", "Transfer-Encoding:\r\n chunked", "Transfer-Encoding: \vchunked",
              "X: a\nSet-Cookie: b", "X: a\rSet-Cookie: b", "X: a\r\n b", "X: a\0b", "X", ": x", "X Y: z",
              "\0: x", " X: y", "X: a\x7fb"]:
    ANSWERS.append((f"field {field!r}", GET, OK + field + "\r\n" + TWO + "\r\nhi"
                    if "Length" not in field and "Encoding" not in field
                    else OK + field + "\r\n\r\n2\r\nhi\r\n0\r\n\r\n", 502))
for body in ["2 \r\nhi\r\n", "0x2\r\nhi\r\n", "2\nhi\r\n", "2\r\nhiXX", "2\r\nhi\n", "2;\r\nhi\r\n", "2;a\nb\r\nhi\r\n",
             "00000000000000002\r\nhi\r\n", "fffffffffffffffff\r\nhi\r\n", "-2\r\nhi\r\n", "0\n\r\n", "0\r\nX: y\nZ: q\r\n\r\n",
             "0\r\nGET / HTTP/1.1\r\n\r\n", "g\r\n"]:
    ANSWERS.append((f"chunks {body!r}", GET, OK + CHUNKED + "\r\n\r\n" + body + "0\r\n\r\n", CUT))

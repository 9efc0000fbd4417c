# SPDX-License-Identifier: MIT
#
# python3's ssl against h3d demo: resumption, an end that is said, requests by its own client.
# Arguments: the port, the file of the authority.
import http.client
import socket
import ssl
import sys

port, authority = int(sys.argv[1]), sys.argv[2]


def connect(context, session=None):
    plain = socket.create_connection(("127.0.0.1", port), timeout=60)
    return context.wrap_socket(plain, server_hostname="localhost", session=session)


def ask(wrapped):
    wrapped.sendall(b"GET /plaintext HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    answer = b""
    while True:
        piece = wrapped.recv(65536)
        if not piece:
            return answer
        answer += piece


for version in ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3:
    context = ssl.create_default_context(cafile=authority)
    context.minimum_version = context.maximum_version = version
    # An end that is not said is an error here.
    context.options &= ~getattr(ssl, "OP_IGNORE_UNEXPECTED_EOF", 0)
    with connect(context) as first:
        assert ask(first).endswith(b"Hello, World!"), version
        assert not first.session_reused
        session = first.session
    with connect(context, session) as second:
        assert ask(second).endswith(b"Hello, World!"), version
        assert second.session_reused, version

client = http.client.HTTPSConnection("localhost", port, context=context, timeout=60)
for length in 1, 16384, 100000:
    client.request("POST", "/post", body=b"x" * length, headers={"Content-Type": "text/plain"})
    answer = client.getresponse()
    assert answer.status == 200
    assert b"x" * length in answer.read()
client.close()

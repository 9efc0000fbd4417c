# SPDX-License-Identifier: MIT
#
# migrating.py PROGRAM [ARGUMENT...]: the service of notes that examples/migrating has, whoever serves it.

import http.client, re, signal, subprocess, sys, threading

TIMEOUT = 300
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE)
guard = threading.Timer(TIMEOUT, process.kill)
guard.start()
port = int(re.match(r"Listening on http://127\.0\.0\.1:(\d+)\n",
                    process.stdout.readline().decode())[1])


def ask(method, path, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    connection.request(method, path, body)
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    return answer.status, text, answer.getheader("Content-Type")


try:
    assert ask("GET", "/notes/7")[0] == 404
    assert ask("PUT", "/notes/7", b"milk")[:2] == (204, b"")
    status, text, kind = ask("GET", "/notes/7")
    assert (status, text) == (200, b"milk") and kind.startswith("text/plain"), (status, text, kind)
    assert ask("PUT", "/notes/7", b"")[0] == 204
    assert ask("GET", "/notes/7")[:2] == (200, b"")
    assert ask("PUT", "/notes/8", b"x" * 500000)[0] == 204
    assert ask("GET", "/notes/8")[1] == b"x" * 500000
    assert ask("GET", "/notes/x")[0] == 404
    assert ask("GET", "/other")[0] == 404
    assert ask("DELETE", "/notes/7")[0] in (405, 501)
finally:
    process.send_signal(signal.SIGTERM)
    status = process.wait()
    guard.cancel()
assert status == 0, status
print("ok:", sys.argv[1])

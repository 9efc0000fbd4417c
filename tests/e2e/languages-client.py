# SPDX-License-Identifier: MIT
#
# languages-client.py URL LANGUAGE: asks a program like examples/hello.py all that it answers, on
# one connection and then on many at once. LANGUAGE page: one of docs/languages.md.
import http.client
import json
import sys
import threading

url, language = sys.argv[1:]
host, port = url.removeprefix("http://").rsplit(":", 1)


def connect():
    return http.client.HTTPConnection(host, int(port), timeout=60)


def ask(connection, method, path, status, body=None, headers={}):
    connection.request(method, path, body=body, headers=headers)
    answer = connection.getresponse()
    text = answer.read()
    assert answer.status == status, (method, path, answer.status, text)
    return answer, text


def ask_all(connection):
    answer, text = ask(connection, "GET", "/hello", 200)
    assert text == b"Hello, world!\n", text
    assert answer.getheader("X-Server") == language, answer.getheaders()
    answer, text = ask(connection, "GET", "/hello?name=J%C3%BCrgen", 200)
    assert text.decode() == "Hello, Jürgen!\n", text
    answer, text = ask(connection, "GET", "/users/a%20b", 200, headers={"User-Agent": "test/1"})
    assert answer.getheader("Content-Type").startswith("application/json")
    assert json.loads(text) == {"id": "a b", "agent": "test/1"}, text
    answer, text = ask(connection, "POST", "/echo", 200, body="twelve bytes")
    assert json.loads(text) == {"length": 12, "text": "twelve bytes"}, text
    answer, text = ask(connection, "GET", "/teapot", 418)
    assert answer.getheader("Content-Type") == "application/problem+json", answer.getheaders()
    problem = json.loads(text)
    assert problem["status"] == 418 and problem["detail"] == "I make no coffee.", problem
    answer, text = ask(connection, "GET", "/later", 200)
    assert text == b"later\n", text
    answer, text = ask(connection, "GET", "/nowhere", 404)
    assert json.loads(text)["status"] == 404, text


def ask_page(connection):
    answer, text = ask(connection, "GET", "/hello/J%C3%BCrgen", 200)
    assert text.decode() == "Hello, Jürgen!\n", text
    ask(connection, "GET", "/nowhere", 404)


faults = []
if language == "page":
    ask_all = ask_page


def ask_often():
    try:
        connection = connect()
        for _ in range(5):
            ask_all(connection)
        connection.close()
    except BaseException as fault:
        faults.append(fault)
        raise


connection = connect()
ask_all(connection)
connection.close()
threads = [threading.Thread(target=ask_often) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
sys.exit(1 if faults else 0)

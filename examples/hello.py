#!/usr/bin/python3
# SPDX-License-Identifier: MIT
#
# Routes, middleware, errors and an answer that comes later, in Python:
#     python3 hello.py --listen 127.0.0.1:8080
import json
import sys

import gi

gi.require_version("H3", "1.0")
from gi.repository import GLib, H3


def on_hello(event, *_):
    event.send_text("Hello, %s!\n" % (event.get_query("name") or "world"))


def on_user(event, *_):
    agent = event.get_request().get_header("User-Agent")
    event.send_json_text(json.dumps({"id": event.get_param("id"), "agent": agent}))


def on_echo(event, *_):
    body = event.get_request().get_body()
    event.send_json_text(json.dumps({"length": body.get_size(), "text": body.get_data().decode()}))


def on_teapot(event, *_):
    event.fail(GLib.Error.new_literal(H3.http_error_quark(), "I make no coffee.", 418))


def on_later(event, *_):
    event.after(20, lambda event, *_: event.send_text("later\n"))


def name_server(event, *_):
    event.set_header("X-Server", "python")
    event.next()


def main():
    app = H3.App.new()
    app.get_server().set_single_threaded(True)
    app.use("/", H3.Middleware.new(name_server))
    app.get("/hello", on_hello)
    app.get("/users/:id", on_user)
    app.post("/echo", on_echo)
    app.get("/teapot", on_teapot)
    app.get("/later", on_later)
    return app.run(sys.argv)


if __name__ == "__main__":
    sys.exit(main())

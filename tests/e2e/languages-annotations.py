# SPDX-License-Identifier: MIT
#
# languages-annotations.py: what the library says of itself to other languages is so: who owns what,
# what may be nothing, how long arrays are, when functions are let go of. Apps are asked without
# sockets.
import gc
import resource
import sys
import weakref

import gi

gi.require_version("H3", "1.0")
from gi.repository import GLib, H3

cases = []


def case(function):
    cases.append(function)
    return function


class Function:
    """Can be asked whether it still lives, as a bare function of a module could not."""

    def __init__(self, function):
        self.function = function

    def __call__(self, *arguments):
        return self.function(*arguments)


def fails(domain, code, function, *arguments):
    try:
        function(*arguments)
    except GLib.Error as error:
        assert error.matches(domain, code), (error.domain, error.code, error.message)
        assert error.message
        return True
    return False


def ask(handler, headers=None, body=None, method="GET", target="/"):
    app = H3.App.new()
    route = app.route(method, "/", handler)
    if body is not None:
        route.set_body(H3.BodyMode.STREAMED, 1000)
    return app.inject(method, target, headers, body)


@case
def errors_have_domain_and_code():
    app = H3.App.new()
    assert fails(H3.error_quark(), H3.Error.INVALID, app.listen, "no address")
    assert fails(H3.Client.error_quark(), H3.ClientError.INVALID_URL, H3.ClientRequest.new, "GET", ":")
    assert fails(H3.error_quark(), H3.Error.INVALID, H3.Store.new_from_url, "nothing:")


@case
def codes_of_http_errors_are_statuses():
    def refuse(event, *_):
        event.fail(GLib.Error.new_literal(H3.http_error_quark(), "taken", H3.HttpError.CONFLICT))

    answer = ask(refuse)
    assert answer.get_status() == 409 == H3.HttpError.CONFLICT
    assert "taken" in answer.get_text()
    codes = [value for name, value in vars(H3.HttpError).items() if name.isupper()]
    assert len(codes) > 30
    for code in codes:
        assert 400 <= code < 600 and H3.status_get_reason(code), code


@case
def headers_are_copied_and_may_be_absent():
    headers = H3.Headers.new()
    assert headers.add("X-Name", "a") and headers.add("X-Name", "b")
    assert headers.get("X-NAME") == "a" and headers.dup_joined("x-name") == "a, b"
    assert headers.get("none") is None and headers.dup_joined("none") is None
    seen = []
    function = Function(lambda name, value, *_: seen.append((name, value)) or True)
    there = weakref.ref(function)
    headers.foreach(function)
    assert seen == [("X-Name", "a"), ("X-Name", "b")], seen
    del function
    gc.collect()
    assert there() is None
    assert ask(lambda event, *_: event.send_text(event.get_request().get_header("X-Name")),
               headers).get_text() == "a"


@case
def arrays_have_their_lengths():
    content = bytes(range(256)) * 3
    answer = ask(lambda event, *_: event.send_data("text/plain", content))
    assert answer.get_body().get_data() == content
    answer = ask(lambda event, *_: event.send_bytes(None, GLib.Bytes.new(content)))
    assert answer.get_body().get_data() == content
    pieces = []

    def read(event, *_):
        event.read_body(lambda event, data, error, *_: pieces.append(bytes(data or b""))
                        or data or event.send_text("read"))

    assert ask(read, body=GLib.Bytes.new(content[:600]), method="POST").get_text() == "read"
    assert b"".join(pieces) == content[:600]
    limits = H3.Limits.list()
    assert len(limits) > 30 and all(limit.option and limit.what for limit in limits)


def count_resident():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * resource.getpagesize()


@case
def what_is_given_away_is_freed_by_who_gets_it():
    """Each round gives 300 kB; what is kept of a thousand cannot be overlooked."""
    large = "x" * 100000
    content = GLib.Bytes.new(large.encode())
    headers = H3.Headers.new()
    headers.add("Large", large)
    app = H3.App.new()
    app.route("GET", "/", lambda event, *_: event.send_bytes(None, content))

    def get_and_drop():
        assert len(headers.dup_joined("large")) == len(large)
        assert app.inject("GET", "/", None, None).get_status() == 200
        assert H3.percent_escape(large, H3.PercentSet.SEGMENT) == large

    for _ in range(20):
        get_and_drop()
    before = count_resident()
    for _ in range(1000):
        get_and_drop()
    assert count_resident() - before < 20 << 20, count_resident() - before


@case
def lists_of_texts_go_both_ways():
    headers = H3.Headers.new()
    headers.add("Accept", "application/json;q=0.5, text/html")
    answer = ask(lambda event, *_: event.send_text(
        str([event.negotiate_type(["application/json", "text/html"]), event.negotiate_type(["image/png"]),
             event.get_query_values("a"), event.get_query_values("b"), event.get_query("b")])),
                 headers, target="/?a=1&a=2")
    assert answer.get_text() == str(["text/html", None, ["1", "2"], [], None]), answer.get_text()
    app = H3.App.new()
    assert app.listen("127.0.0.1:0") and app.start()
    assert len(app.get_server().dup_addresses()) == 1
    app.stop()
    app.get_server().wait()


@case
def results_come_back():
    headers = H3.Headers.new()
    headers.add("Authorization", "Basic dXNlcjpwYXNz")
    told = []
    ask(lambda event, *_: told.extend(event.read_basic()) or event.send_text(""), headers)
    assert told == [H3.CredentialsResult.READ, "user", "pass"], told
    told = []
    ask(lambda event, *_: told.append(event.get_request().get_header_at(0)) or event.send_text(""), headers)
    assert told[0] == (True, "Authorization", "Basic dXNlcjpwYXNz") or told[0][0], told
    limits = H3.Limits.init()
    assert limits.set("queue-delay", 50)
    assert fails(H3.error_quark(), H3.Error.INVALID, limits.set, "queue-delay", -1)


@case
def what_is_borrowed_outlives_its_owner():
    app = H3.App.new()
    route = app.get("/users/:id", lambda event, *_: None)
    route.set_name("user")
    server, found = app.get_server(), app.find_route("user")
    assert app.find_route("none") is None
    del app
    gc.collect()
    assert route.get_pattern() == found.get_pattern() == "/users/:id"
    assert route.get_param_name(0) == "id" and route.get_param_name(1) is None
    assert route.build_path({"id": "a b"}) == "/users/a%20b"
    assert not server.is_running()


@case
def what_is_given_away_is_not_freed_twice():
    app = H3.App.new()
    function = Function(lambda event, *_: event.next())
    there = weakref.ref(function)
    middleware = H3.Middleware.new(function)
    app.use("/", middleware)
    app.get("/", lambda event, *_: event.send_text("behind"))
    middleware.set_early(False)
    del middleware, function
    gc.collect()
    assert app.inject("GET", "/", None, None).get_text() == "behind" and there() is not None
    del app
    gc.collect()
    assert there() is None


@case
def a_handler_lives_as_long_as_its_app():
    app = H3.App.new()
    function = Function(lambda event, *_: event.send_text("here"))
    there = weakref.ref(function)
    held = sys.getrefcount(function)
    app.get("/", function)
    assert sys.getrefcount(function) > held
    assert app.inject("GET", "/", None, None).get_text() == "here"
    assert sys.getrefcount(function) > held
    del app
    gc.collect()
    # Let go of once: neither kept, nor freed below what this holds.
    assert sys.getrefcount(function) == held
    del function
    gc.collect()
    assert there() is None


@case
def stores_answer_each_function_once():
    store = H3.MemoryStore.new(100, 100000)
    answers = []
    function = Function(lambda store, answer, *_: answers.append(
        (answer.outcome, answer.value and answer.value.get_data(), answer.number)))
    held = sys.getrefcount(function)
    store.put("key", GLib.Bytes.new(b"a\0b"), 60000, function)
    store.get("key", function)
    store.get("none", function)
    store.add("count", 2, 10, 60000, function)
    while len(answers) < 4:
        GLib.MainContext.default().iteration(True)
    assert [answer[0] for answer in answers] == [
        H3.StoreOutcome.DONE, H3.StoreOutcome.DONE, H3.StoreOutcome.ABSENT, H3.StoreOutcome.DONE], answers
    assert answers[1][1] == b"a\0b" and answers[2][1] is None and answers[3][2] == 2
    gc.collect()
    store.remove("key", None)
    assert sys.getrefcount(function) <= held + 1


for function in cases:
    function()
gc.collect()
print(f"{len(cases)} cases")

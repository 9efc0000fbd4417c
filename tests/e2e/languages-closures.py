# SPDX-License-Identifier: MIT
#
# languages-closures.py single|threads: what is handed to an app, to an event and to what an event
# begins is let go of with it; an exception is answered 500; with one thread all is called on it.
import gc
import json
import sys
import threading
import traceback
import weakref

import gi

gi.require_version("H3", "1.0")
from gi.repository import GLib, H3

is_single = sys.argv[1] == "single"
seen = set()  # threads that ran what is not a function of the pool
lived = {"app": [], "event": []}  # weak references to what was handed over


class Closure:
    """A function that notes who calls it."""

    def __init__(self, function, is_pooled=False):
        self.function, self.is_pooled = function, is_pooled

    def __call__(self, *arguments):
        if not self.is_pooled:
            seen.add(threading.get_ident())
        return self.function(*arguments)


def closure(lives_with, function, **options):
    made = Closure(function, **options)
    lived[lives_with].append(weakref.ref(made))
    return made


def count(lives_with):
    gc.collect()
    return sum(reference() is not None for reference in lived[lives_with])


def send(text):
    return lambda event, *_: event.send_text(text)


def on_hooks(event, *_):
    event.set_variant("key", GLib.Variant("s", "kept"))
    event.on_send(closure("event", lambda event, *_: event.set_header(
        "X-Variant", event.get_variant("key").get_string())))
    event.on_dispose(closure("event", lambda event, outcome, *_: None))
    cookies = []
    event.foreach_cookie(closure("event", lambda name, value, *_: cookies.append(name) or True))
    event.send_text(" ".join(cookies))


def on_after(event, *_):
    event.after(1, closure("event", send("after")))


def on_timer(event, *_):
    held = event.defer()
    H3.Timer.start(1, False, closure("event", lambda timer, *_: held.send_text("timer")))


def on_offload(event, *_):
    made = []
    event.offload(closure("event", lambda *_: made.append(threading.get_ident()), is_pooled=True),
                  done=closure("event", lambda event, *_: event.send_text(
                      "offload" if made and made[0] not in seen else "not on the pool")))


def on_kept(event, *_):
    kept = [event]
    GLib.idle_add(closure("event", lambda *_: kept[0].send_text("kept") and False))


def on_dropped(event, *_):
    event.defer()


def on_exception(event, *_):
    raise LookupError("meant by the test")


def new_app():
    app = H3.App.new_with_preset(H3.Preset.TESTING)
    app.get_server().props.single_threaded = is_single
    assert app.get_server().get_single_threaded() == is_single
    middleware = H3.Middleware.new(closure("app", lambda event, *_: event.next()))
    middleware.set_predicate(closure("app", lambda event, *_: True))
    app.use("/", middleware)
    app.on_request(closure("app", lambda event, *_: None))
    app.on_send(closure("app", lambda event, *_: None))
    app.on_response(closure("app", lambda event, outcome, *_: None))
    app.on_error(closure("app", lambda event, error, *_: None))
    for path, handler in HANDLERS.items():
        app.get(path, closure("app", handler))
    return app


HANDLERS = {"/": send("called"), "/hooks": on_hooks, "/after": on_after, "/timer": on_timer,
            "/offload": on_offload, "/kept": on_kept, "/dropped": on_dropped,
            "/exception": on_exception}
ANSWERS = {"/": (200, "called"), "/hooks": (200, "a b"), "/after": (200, "after"),
           "/timer": (200, "timer"), "/offload": (200, "offload"), "/kept": (200, "kept"),
           "/dropped": (500, None), "/exception": (500, None), "/nowhere": (404, None)}


def ask_all(port, loop):
    """All paths several times, by the library's own client, on the context that is run."""
    client, waiting = H3.Client.new(), list(ANSWERS) * 5

    def ask():
        if not waiting:
            loop.quit()
            return
        request = H3.ClientRequest.new("GET", "http://127.0.0.1:%u%s" % (port, waiting[-1]))
        request.set_header("Cookie", "a=1; b=2")
        client.fetch_async(request, None, on_answer)

    def on_answer(client, result, *_):
        try:
            answer, path = client.fetch_finish(result), waiting.pop()
            status, text = ANSWERS[path]
            assert answer.get_status() == status, (path, answer.get_status())
            assert text is None or answer.get_text() == text, (path, answer.get_text())
            assert path != "/hooks" or answer.get_header("X-Variant") == "kept"
        except BaseException as fault:
            faults.append((waiting[-1:], fault))
            waiting.clear()
        ask()

    ask()
    loop.run()


def on_exception_left(kind, value, trace):
    """As docs/languages.md has it: what Python keeps of an exception would hold the event."""
    sys.last_value = sys.last_traceback = None
    raised.append(kind)
    if kind is not LookupError:
        traceback.print_exception(kind, value, trace)


faults, raised = [], []
sys.excepthook = on_exception_left
app, loop = new_app(), GLib.MainLoop()
app.get_server().connect("stopped", lambda *_: loop.quit())
app.start()
ask_all(app.get_server().get_port(), loop)
assert not faults, faults
assert raised == [LookupError] * 5, raised
assert (seen == {threading.get_ident()}) == is_single, seen
app.stop()
loop.run()

assert len(lived["event"]) == 40 and count("event") == 0, lived["event"]
assert len(lived["app"]) == count("app") == 6 + len(HANDLERS), lived["app"]
del app
assert count("app") == 0, [gc.get_referrers(left()) for left in lived["app"] if left()]
report = json.loads(H3.memory_report_to_json_text())
left = {kind: facts["now"] for kind, facts in report["kinds"].items() if facts["now"] != 0}
assert not left, left

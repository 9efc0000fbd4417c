# SPDX-License-Identifier: MIT
#
# What check-chromium-client has Chromium do with h3d demo at the address given, which serves the
# files of the first folder; the second is for the browser's.
import importlib, json, os, pathlib, shutil, signal, subprocess, sys

browser = importlib.import_module("chromium-browser")

ADDRESS, SITE, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
HOME = f"http://{ADDRESS}"
PAGE = HOME + "/static/page.html"
PORT = ADDRESS.rsplit(":", 1)[1]
# The same server by another name, which is another origin.
OTHER = f"http://other.example:{PORT}"
# A test that hangs fails: generous, for machines under load.
PATIENCE = 300

# Browsers write a quote as %22 and a percent sign as it is: a name with %22 in it cannot be told.
ODD_NAME = 'a "b" ü 😀 100%;c=\\d.bin'
TEXT = '<!DOCTYPE html><link rel="icon" href="data:,"><title>{}</title><script src="client.js"></script>'
CLOSED = {"code": 1000, "reason": "", "wasClean": True}
# Each is shown, and nothing that belongs to it is missing.
PAGES = {
    "/": "h3d demo",
    "/early-hints": "Early hints",
    "/encoding/utf8": "Letters",
    "/forms/post": "A form",
    "/hello/%C3%BC%3Cb%3E?from=/": "Hello",
    "/html": "The night ferry",
    "/links/5/1": "Links",
    "/security-headers": "Security headers",
    "/sse/page": "Events",
    "/static/": "/static/",
    "/upload": "Upload",
    "/websocket": "WebSockets",
}


def check(page, name, *arguments):
    return page.evaluate(f"checks.{name}({json.dumps(arguments)[1:-1]})")


def expect(found, wanted):
    assert found == wanted, f"\n  found  {found!r}\n  wanted {wanted!r}"


def fetches(page):
    found = check(page, "get")
    expect(found, {"args": {"a": "1", "b": "ü"}, "host": ADDRESS})
    expect(check(page, "bytes"), {"length": 70000, "same": True})
    expect(check(page, "echo"), True)
    expect(check(page, "images"), [True] * 4)
    expect(check(page, "cookies"), [{"theme": "dark", "size": "2"}, {"theme": "dark"}])


def codings(page):
    found = check(page, "coded", "/html")
    assert found["coding"] in ("br", "gzip", "zstd"), found["coding"]
    assert "</html>" in found["text"], found["text"]
    for path, coding in ("gzip", "gzip"), ("deflate", "deflate"), ("brotli", "br"):
        found = check(page, "coded", "/" + path)
        expect(found["coding"], coding)
        expect(json.loads(found["text"])["method"], "GET")


def events(page):
    expect(check(page, "count"), [[str(n), n] for n in range(1, 6)])
    said = "two\nlines, ü"
    expect(check(page, "channel", said), {"data": said, "lastEventId": "n1", "published": 1})


def sockets(page):
    found = check(page, "socket")
    wanted = {"extensions": "permessage-deflate", "protocol": "echo.h3", "empty": ""}
    expect(found, {**wanted, "text": True, "large": True, "even": True, "closed": CLOSED})
    expect(check(page, "chat"), {"said": ["hello, all"] * 2, "closed": [CLOSED] * 2})


def uploads(page):
    found = check(page, "upload", ODD_NAME)
    remark = {"name": "remark", "value": 'first\r\nsecond "third"'}
    expect(found["fields"], [remark])
    file = found["files"][0]
    expect((file["name"], file["filename"]), ('a "name"', ODD_NAME))
    expect((file["size"], file["type"], file["on_disk"]), (3 << 20, "application/x-own", True))


def copies(page):
    page.open(PAGE)
    page.reload()
    expect(page.wait_for_status(PAGE), 304)
    expect(page.evaluate("document.title"), "first")
    (SITE / "page.html").write_text(TEXT.format("a second one"))
    page.reload()
    expect(page.wait_for_status(PAGE), 200)
    expect(page.evaluate("document.title"), "a second one")


def origins(page):
    expect(check(page, "origin", OTHER), {"type": "cors", "own": "1"})
    expect(page.take_errors(), [])
    page.open(OTHER + "/static/page.html")
    expect(check(page, "foreign", ADDRESS), "refused")
    page.wait_for_error("/websocket/echo")
    page.open(PAGE)


def expect_refused(page, url, options):
    """And its error in the console taken."""
    expect(check(page, "cross", url, options), "refused")
    page.wait_until(lambda: any("CORS policy" in e and url in e for e in page.errors))
    page.errors = [e for e in page.errors if url not in e]


# Another port is another origin, but has the same cookies.
def other_ports(page, other):
    url = f"http://{other}/cors/local?"
    included = {"credentials": "include"}
    page.evaluate("document.cookie = 'cross=1; path=/'")
    got = {"method": "GET", "cookie": False, "own": None, "told": "yes", "kept": None}
    expect(check(page, "cross", url + "1", {"credentials": "omit"}), got)
    expect(check(page, "cross", url + "2", included), {**got, "cookie": True})
    put = {**included, "method": "PUT", "headers": {"X-Own": "a"}}
    wanted = {**got, "method": "PUT", "cookie": True, "own": "a"}
    expect(check(page, "cross", url + "3", put), wanted)
    expect_refused(page, url + "4", {"method": "DELETE"})
    expect_refused(page, url + "5", {"headers": {"X-Other": "a"}})
    page.evaluate("document.cookie = 'cross=; path=/; max-age=0'")
    page.open(OTHER + "/static/page.html")
    expect_refused(page, url + "6", {})
    expect_refused(page, url + "7", put)
    expect_refused(page, f"{HOME}/cors/local?8", included)
    page.open(PAGE)


def across_ports(page):
    program = os.environ.get("top_builddir", ".") + "/bin/h3d"
    command = [program, "demo", "--listen", "127.0.0.1:0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            other_ports(page, server.stdout.readline().strip().rpartition("/")[2])
        finally:
            server.terminate()
    expect(server.returncode, 0)


# Nothing inline runs but what has the nonce, and no other page may hold this one in a frame.
def policies(page):
    page.open(HOME + "/security-headers")
    wait_for(page, "#state", "has run")
    style = "getComputedStyle(document.querySelector('#state')).fontWeight"
    expect(page.evaluate(style), "700")
    page.evaluate("""(() => {
        const script = document.createElement('script');
        script.textContent = 'window.intruder = true';
        document.body.append(script);
    })()""")
    expect(page.evaluate("'intruder' in window"), False)
    page.wait_for_error("Content Security Policy")
    expect(page.take_errors(), [])


def pages(page):
    for path, title in PAGES.items():
        page.open(HOME + path)
        expect((path, page.evaluate("document.title")[: len(title)]), (path, title))
        expect((path, page.take_errors()), (path, []))


# Kept once the element that selector names shows text.
SHOWN = """new Promise(kept => {{
    const look = () => document.querySelector({}).textContent.includes({}) && kept(true);
    new MutationObserver(look).observe(document, {{childList: true, subtree: true,
                                                   characterData: true}});
    look();
}})"""

CLICK = "document.querySelector('form button').click()"


def wait_for(page, selector, text):
    page.evaluate(SHOWN.format(json.dumps(selector), json.dumps(text)))


def say(page, text):
    page.evaluate(f"document.querySelector('form input').value = {json.dumps(text)}")
    page.evaluate(CLICK)


def pages_are_used(page):
    page.open(HOME + "/sse/page")
    wait_for(page, "#state", "connected")
    say(page, "ü <b>")
    wait_for(page, "#heard", "ü <b>")
    page.open(HOME + "/websocket")
    wait_for(page, "pre", "open: ")
    say(page, "ü <b>")
    wait_for(page, "pre", "← ü <b>")
    file = FOLDER / 'o"dd ü.bin'
    file.write_bytes(bytes(3 << 20))
    page.open(HOME + "/upload")
    page.choose_files("input[type=file]", [str(file)])
    page.leave(lambda: page.evaluate(CLICK))
    found = json.loads(page.evaluate("document.body.innerText"))
    expect((found["files"][0]["filename"], found["files"][0]["size"]), (file.name, 3 << 20))


# Kept once script is true of what is shown.
HOLDS = """new Promise(kept => {{
    const look = () => ({}) && kept(true);
    new MutationObserver(look).observe(document, {{childList: true, subtree: true,
                                                   characterData: true, attributes: true}});
    look();
}})"""

# Whether the dashboard has had at least so many requests for a route.
COUNTED = """[...document.querySelectorAll('#routes tr')].some(row =>
    row.firstChild.textContent.endsWith({}) && Number(row.lastChild.textContent) >= {})"""

WIDTHS = "[document.documentElement.scrollWidth <= innerWidth, innerWidth]"

# What a program says in a panel may be anybody's words.
PANEL = """import('/_h3/panels.js').then(({ Panels }) => {
    const where = document.createElement('div'), bad = '<img src=x onerror="window.intruder = 1">';
    const panels = new Panels(where);
    panels.make([{ name: 'own', title: bad }]);
    panels.show({ own: { text: bad, problem: bad, values: [{ name: bad, value: bad, state: bad }],
        table: { columns: [bad], rows: [[bad], [{ text: bad, state: 'failed' }], [null]] },
        graphs: [{ title: bad, state: 'running', edges: [['a', bad], ['a', 'c'], [bad, 'c'], ['c', 'a']],
                   nodes: [{ id: 'a', state: 'succeeded' }, { id: bad, title: bad }, { id: 'c' }] }] } });
    document.body.append(where);
    const found = name => where.querySelectorAll(name).length;
    return [found('img'), found('g.node'), found('path.edge'), found('td'), 'intruder' in window];
})"""


def wait_until(page, script):
    page.evaluate(HOLDS.format(script))


def ask_often(page, path, times):
    ask = f"fetch({json.dumps(path)}).then(answer => answer.text())"
    page.evaluate(f"Promise.all(Array.from({{length: {times}}}, () => {ask}))")


def dashboard(page):
    page.open(HOME + "/_h3/")
    wait_for(page, "#program", "h3d demo")
    wait_for(page, "#state", "Live")
    ask_often(page, "/uuid", 5)
    wait_until(page, COUNTED.format("'/uuid'", 5))
    ask_often(page, "/uuid", 7)
    wait_until(page, COUNTED.format("'/uuid'", 12))
    wait_until(page, "document.querySelector('#requests path').getAttribute('d') !== ''")
    wait_until(page, "document.querySelectorAll('#workers li').length > 0")
    page.evaluate("document.querySelector('#pause').click()")
    wait_for(page, "#state", "Paused")
    expect(page.evaluate(PANEL), [0, 3, 4, 3, False])


def dashboard_fits(page):
    page.open(HOME + "/_h3/")
    wait_for(page, "#state", "Live")
    ask_often(page, "/get?" + 100 * "long", 2)
    wait_until(page, COUNTED.format("'/get'", 2))
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    colours = set()
    for scheme in "light", "dark":
        media = [{"name": "prefers-color-scheme", "value": scheme}]
        page.call("Emulation.setEmulatedMedia", features=media)
        colours.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    for width in 360, 768, 1400:
        size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
        page.call("Emulation.setDeviceMetricsOverride", **size)
        expect(page.evaluate(WIDTHS), [True, width])
    page.call("Emulation.clearDeviceMetricsOverride")
    page.call("Emulation.setEmulatedMedia", features=[])
    expect(len(colours), 2)


CHECKS = [copies, fetches, codings, events, sockets, uploads, origins, across_ports, policies,
          pages, pages_are_used, dashboard, dashboard_fits]


def run(page, failed):
    for function in CHECKS:
        try:
            if page.evaluate("location.href") != PAGE:
                page.open(PAGE)
            function(page)
            expect(page.take_errors(), [])
            print(f"ok {function.__name__}")
        except AssertionError as error:
            failed.append(function)
            print(f"FAILED {function.__name__}: {error}")


def stop(number, frame):
    raise TimeoutError(f"not done in {PATIENCE} seconds")


def main():
    (SITE / "page.html").write_text(TEXT.format("first"))
    shutil.copy(pathlib.Path(__file__).with_name("chromium-client.js"), SITE / "client.js")
    signal.signal(signal.SIGALRM, stop)
    signal.alarm(PATIENCE)
    failed = []
    page = browser.Browser(FOLDER, "MAP other.example 127.0.0.1")
    try:
        page.start()
        run(page, failed)
        page.close()
        return len(failed) > 0
    except browser.Gone as reason:
        print(f"SKIP: chromium does not last here: {reason}")
        return 1 if failed else 77
    finally:
        page.end()


sys.exit(main())

# SPDX-License-Identifier: MIT
#
# httpbin-compare.py ADDRESS: asks httpbin, started here, and the server at ADDRESS the same things,
# and compares the answers field by field. httpbin-table.py says what is asked and what may differ.

import email.utils, gzip, http.client, importlib.util, json, logging, os, re, sys, threading, time
import zlib

import brotli
import httpbin
from werkzeug.exceptions import HTTPException
from werkzeug.serving import WSGIRequestHandler, make_server

# What the wire decides, and what says only who answers and when.
NOT_COMPARED = {"connection", "content-length", "date", "keep-alive", "server", "transfer-encoding"}
HOST = "httpbin.example"
# Fits whatever there is, or is not.
ANY = ...
DECODERS = {"gzip": gzip.decompress, "deflate": zlib.decompress, "br": brotli.decompress}


class Quiet(WSGIRequestHandler):
    def log(self, *arguments):
        pass


def serve_httpbin():
    logging.disable(logging.CRITICAL)
    server = make_server("127.0.0.1", 0, httpbin.app, threaded=True, request_handler=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return "127.0.0.1:%d" % server.server_port


def load_table():
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "httpbin-table.py")
    spec = importlib.util.spec_from_file_location("httpbin_table", path)
    table = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(table)
    return table


def ask(address, request):
    """Status, fields and body of the answer; status 0 where that was no HTTP."""
    connection = http.client.HTTPConnection(address, timeout=60)
    connection.putrequest(request.method, request.target, skip_host=True, skip_accept_encoding=True)
    for name, value in [("Host", HOST)] + request.fields:
        connection.putheader(name, value)
    if request.body is not None:
        connection.putheader("Content-Length", str(len(request.body)))
    connection.endheaders(request.body)
    try:
        answer = connection.getresponse()
        body = answer.read()
        if body:
            body = DECODERS.get(answer.getheader("Content-Encoding"), bytes)(body)
        return answer.status, answer.getheaders(), body
    except http.client.BadStatusLine:
        return 0, [], b""
    finally:
        connection.close()


def canonical(name, value):
    """A field's value, where order, letter case or blanks of it mean nothing."""
    if name in ("allow", "vary"):
        return ", ".join(sorted(part.strip() for part in value.split(",")))
    if name == "set-cookie":
        pair, *attributes = [part.strip() for part in value.split(";")]
        return "; ".join([pair] + sorted(attributes))
    if name == "content-type":
        return "; ".join(part.strip() for part in value.lower().split(";"))
    # The two are not asked in the same second.
    if name == "last-modified":
        age = time.time() - email.utils.parsedate_to_datetime(value).timestamp()
        return "now" if abs(age) < 600 else value
    return value


def flatten(name, value, into):
    if isinstance(value, dict) and value:
        for key in value:
            flatten(name + "." + key, value[key], into)
    else:
        into[name] = json.dumps(value, sort_keys=True, ensure_ascii=False)


def describe_body(request, status, media_type, body):
    """A JSON document by its members; another body as one text, or what the request looks at where
    that is no error."""
    if request.view is not None and status < 400:
        return {"body": str(request.view(body))}
    if media_type == "application/json":
        parts = {}
        flatten("body", json.loads(body), parts)
        return parts
    return {"body": body.decode("utf-8", "backslashreplace")}


def describe(request, answer):
    status, headers, body = answer
    parts = {"status": str(status)}
    for name, value in headers:
        name = name.lower()
        if name not in NOT_COMPARED:
            value = canonical(name, value)
            parts[name] = parts[name] + " | " + value if name in parts else value
    if request.method != "HEAD":
        parts.update(describe_body(request, status, parts.get("content-type"), body))
    return parts


def name_exchange(request, theirs, ours):
    """What a difference is looked up by, httpbin's answer before ours:
    "GET /path Field: value -> 200, 3 bytes of text/plain; 404, 0 bytes of nothing"."""
    answers = []
    for status, headers, body in (theirs, ours):
        types = [value for name, value in headers if name.lower() == "content-type"]
        answers.append("%d, %d bytes of %s" % (status, len(body), (types or ["nothing"])[0]))
    fields = "".join(" %s: %s" % field for field in request.fields)
    return "%s %s%s -> %s" % (request.method, request.target, fields, "; ".join(answers))


def fits(pattern, value):
    """ANY fits all; None stands for what is not there."""
    if pattern is ANY:
        return True
    if pattern is None or value is None:
        return pattern is value
    return re.fullmatch(pattern, value, re.DOTALL) is not None


def compare(request, theirs, ours, differences, used):
    """What is wrong, one text each."""
    name = name_exchange(request, theirs, ours)
    theirs, ours = describe(request, theirs), describe(request, ours)
    found = {part: (theirs.get(part), ours.get(part)) for part in sorted({**theirs, **ours})
             if theirs.get(part) != ours.get(part)}
    listed = set()
    for place, (why, where, part, their, our) in enumerate(differences):
        if not fits(where, name):
            continue
        so = {found_part for found_part, (a, b) in found.items()
              if fits(part, found_part) and fits(their, a) and fits(our, b)}
        if so:
            used.add(place)
            listed |= so
        else:
            yield "%s\n    %s does not differ as listed: %r, %r (%s)" % (
                name, part, theirs.get(part), ours.get(part), why)
    for part in sorted(set(found) - listed):
        yield "%s\n    %s: httpbin %r\n    %*s: we      %r" % (
            name, part, found[part][0], len(part), "", found[part][1])


def list_rules_not_asked(requests):
    """httpbin's routes that no request goes to: none is forgotten."""
    adapter = httpbin.app.url_map.bind(HOST)
    rules = {rule.rule for rule in httpbin.app.url_map.iter_rules() if rule.endpoint != "static"}
    for request in requests:
        try:
            rule, _ = adapter.match(request.target.partition("?")[0], request.method,
                                    return_rule=True)
            rules.discard(rule.rule)
        except HTTPException:
            pass
    return sorted(rules)


def main():
    table = load_table()
    address, used, wrong = serve_httpbin(), set(), []
    for request in table.REQUESTS:
        theirs, ours = ask(address, request), ask(sys.argv[1], request)
        wrong.extend(compare(request, theirs, ours, table.DIFFERENCES, used))
    for place, row in enumerate(table.DIFFERENCES):
        if place not in used:
            wrong.append("no request shows this difference: %r" % (row,))
    for rule in list_rules_not_asked(table.REQUESTS):
        wrong.append("no request asks httpbin's %s" % rule)
    for text in wrong:
        print(text)
    print("%d requests, %d differences listed, %d wrong"
          % (len(table.REQUESTS), len(table.DIFFERENCES), len(wrong)))
    return 1 if wrong or not table.REQUESTS else 0


sys.exit(main())

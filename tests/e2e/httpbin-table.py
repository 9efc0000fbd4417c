# SPDX-License-Identifier: MIT
#
# What httpbin-compare.py asks httpbin and h3d demo, and every difference between their answers.

import base64, hashlib, html.parser, json, xml.etree.ElementTree


class Request:
    """`view` makes of a body what of it is compared."""

    def __init__(self, line, fields=None, body=None, view=None):
        self.method, self.target = line.split(" ", 1)
        self.fields = list(fields.items()) if isinstance(fields, dict) else list(fields or [])
        self.body = body
        self.view = view


class Elements(html.parser.HTMLParser):
    def __init__(self, body):
        super().__init__()
        self.found = []
        self.feed(body.decode())

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


def links(body):
    return [attributes["href"] for tag, attributes in Elements(body).found if tag == "a"]


def prose(body):
    return [tag for tag in ("h1", "div", "p") if tag in dict(Elements(body).found)]


def inputs(body):
    return [(tag, attributes.get("type", "text"), attributes.get("name"), attributes.get("action"))
            for tag, attributes in Elements(body).found if tag in ("form", "input", "textarea")]


def tree(body):
    return [(element.tag, sorted(element.attrib))
            for element in xml.etree.ElementTree.fromstring(body).iter()]


def rules(body):
    return [line for line in body.decode().splitlines() if line and not line.startswith("#")]


def is_there(body):
    return len(body) > 0


def lines(body):
    return [json.dumps(json.loads(line), sort_keys=True) for line in body.decode().splitlines()]


def names(body):
    return sorted(json.loads(body))


def part(disposition, content, type=None):
    return (b'--b\r\nContent-Disposition: form-data; ' + disposition.encode() + b"\r\n"
            + (b"Content-Type: " + type.encode() + b"\r\n" if type else b"") + b"\r\n" + content
            + b"\r\n")


def basic(both):
    return "Basic " + base64.b64encode(both.encode()).decode()


def digest(uri, user="u", password="p", qop="auth", algorithm="MD5"):
    """Credentials that fit any nonce: nothing is remembered of those that were told."""
    def hash(*texts):
        return hashlib.new(algorithm.lower().replace("-", ""), ":".join(texts).encode()).hexdigest()

    a1 = hash(user, "Fake Realm", password)
    a2 = hash("GET", uri, hash("")) if qop == "auth-int" else hash("GET", uri)
    middle = ["abc", "00000001", "def", qop] if qop else ["abc"]
    fields = ['username="%s"' % user, 'realm="Fake Realm"', 'nonce="abc"', 'uri="%s"' % uri,
              'response="%s"' % hash(a1, *middle, a2), "algorithm=" + algorithm]
    return "Digest " + ", ".join(fields + (['cnonce="def"', "nc=00000001", "qop=" + qop]
                                           if qop else []))


R = Request
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}
PARTS = {"Content-Type": "multipart/form-data; boundary=b"}
PREFLIGHT = {"Origin": "http://page.example", "Access-Control-Request-Method": "PUT",
             "Access-Control-Request-Headers": "x-a, x-b"}

REQUESTS = [
    # What was received.
    R("GET /", view=is_there),
    R("HEAD /get"),
    R("GET /get"),
    R("GET /get?a=1&b=2&a=3&c=&d&%C3%A4=%20+x"),
    R("GET /get?a=%C3%A4", {"X-Some-thing": "v", "ACCEPT": "*/*", "User-Agent": "compare/1.0"}),
    R("GET /get", [("X-A", "1"), ("X-B", "2"), ("X-A", "3")]),
    R("GET /get", {"Origin": "http://page.example"}),
    R("GET /get", {"Via": "1.1 proxy", "X-Forwarded-For": "10.1.1.1",
                   "X-Forwarded-Proto": "https"}),
    R("GET /headers", {"X-Latin": "\xe4", "Cookie": "a=1", "Referer": "http://x/"}),
    R("GET /ip"),
    R("GET /user-agent", {"User-Agent": "compare/1.0"}),
    R("GET /user-agent"),
    R("POST /post", body=b""),
    R("POST /post", body=b"text"),
    R("POST /post", body=b"\xff\x00\xfe"),
    R("POST /post", FORM, b"a=1&b=2&a=3&c=%C3%A4+x"),
    R("POST /post?q=1", JSON, b'{"a": [1, 2.5, null, true, {"b": "\xc3\xa4"}]}'),
    R("POST /post", JSON, b'"text"'),
    R("POST /post", JSON, b'{"a": 1, '),
    R("POST /post?twice", JSON, b'{"a": 1, "a": 2}'),
    R("POST /post?nan", JSON, b"[NaN]"),
    R("POST /post", {"Content-Type": "text/plain"}, b'{"json": "whatever it is called"}'),
    R("POST /post", PARTS, part('name="a"', b"1") + part('name="b"', b"2") + part('name="a"', b"3")
      + b"--b--\r\n"),
    *[R(line, PARTS, part('name="a"', b"\xc3\xa4") + part('name="f"; filename="t.txt"', b"text\r\n",
                                                        "text/plain") + b"--b--\r\n")
      for line in ("POST /post", "PUT /put", "PATCH /patch", "DELETE /anything?a=1")],
    R("POST /post", PARTS, part('name="f"; filename="x"', b"\xff\x00\xfe", "image/png")
      + part('name="g"; filename="y"', b"\xff") + part('name="h"; filename="z"', b"")
      + b"--b--\r\n"),
    R("POST /post?none", PARTS, b"--b--\r\n"),
    R("POST /post?two", PARTS, part('name="f"; filename="x"', b"1")
      + part('name="f"; filename="y"', b"2") + b"--b--\r\n"),
    R("POST /post?cut", PARTS, part('name="a"', b"1") + b"--b"),
    R("PUT /put", JSON, b"[1, 2]"),
    R("PATCH /patch", {"Content-Type": "application/octet-stream"}, b"\x80"),
    R("DELETE /delete"),
    R("DELETE /delete?a=1", FORM, b"b=2"),
    R("GET /anything"),
    R("PUT /anything/a/b?c=1", JSON, b"{}"),
    R("POST /anything/a%20b", FORM, b"x=1"),
    R("DELETE /anything"),
    R("PATCH /anything", body=b"x"),
    R("TRACE /anything"),
    R("HEAD /anything/x"),
    R("OPTIONS /anything"),

    # What is not there, and other methods.
    R("GET /nowhere"),
    R("HEAD /nowhere"),
    R("GET /get/"),
    R("GET /anythingelse"),
    R("POST /get", body=b""),
    R("DELETE /post"),
    R("GET /post"),
    R("HEAD /post"),
    R("PUT /cookies"),
    R("POST /response-headers", body=b""),
    R("PUT /response-headers", body=b""),
    R("POST /redirect/2", body=b""),
    R("PURGE /get"),
    R("PURGE /status/200"),
    R("OPTIONS /get"),
    R("OPTIONS /post", {"Origin": "http://page.example"}),
    R("OPTIONS /put", PREFLIGHT),
    R("OPTIONS /status/500", PREFLIGHT),
    R("OPTIONS /nowhere"),
    R("GET /nowhere", {"Origin": "http://page.example"}),

    # Statuses.
    *[R("GET /status/%d" % status) for status in
      (200, 201, 202, 203, 204, 205, 206, 207, 226, 299, 300, 301, 302, 303, 304, 305, 306, 307,
       308, 400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416,
       417, 418, 421, 422, 423, 424, 425, 426, 428, 429, 431, 451, 499, 500, 501, 502, 503, 504,
       505, 507, 511, 599)],
    *[R("%s /status/%d" % (method, status))
      for method in ("HEAD", "POST", "PUT", "DELETE", "PATCH", "TRACE")
      for status in (200, 204, 302, 418, 500)],
    R("GET /status/200:1,500:0"),
    R("GET /status/200:0,500:0.5,404:0"),
    R("GET /status/404:1e3,200:0"),
    R("GET /status/503,503"),
    R("GET /status/200:3"),
    R("GET /status/abc"),
    R("GET /status/-1"),
    R("GET /status/99"),
    R("GET /status/600"),
    R("GET /status/200,abc"),
    R("GET /status/200,"),
    R("GET /status/200:x,500"),
    R("GET /status/200:1:2,500"),
    R("GET /status/200:0,500:0"),
    R("GET /status/"),

    # Fields of the answer.
    R("GET /response-headers"),
    R("GET /response-headers?X-A=1&X-B=two+words"),
    R("POST /response-headers?X-A=1&X-A=2&X-A=3", body=b""),
    R("GET /response-headers?X-A=1&x-a=2"),
    R("GET /response-headers?Content-Type=text/plain", view=is_there),
    R("GET /response-headers?Content-Length=7", view=is_there),
    R("GET /response-headers?Set-Cookie=a%3D1&Set-Cookie=b%3D2"),
    R("GET /response-headers?X-A=%3Cb%3E"),
    R("GET /response-headers?X-A=a%0D%0AX-B:+1", view=is_there),
    R("HEAD /response-headers?X-A=1"),

    # Redirects.
    *[R("%s %s" % (method, target)) for method in ("GET", "HEAD") for target in
      ("/redirect/1", "/redirect/2", "/redirect/6?absolute=true", "/redirect/1?absolute=TRUE",
       "/redirect/2?absolute=no", "/relative-redirect/1", "/relative-redirect/3",
       "/absolute-redirect/1", "/absolute-redirect/3")],
    R("GET /redirect/0"),
    R("GET /redirect/-1"),
    R("GET /redirect/x"),
    R("GET /relative-redirect/0"),
    R("GET /absolute-redirect/x"),
    *[R(method + " /redirect-to?url=http://x.example/a?b=1%26c")
      for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "TRACE")],
    *[R("GET /redirect-to?url=/get&status_code=%s" % status)
      for status in (300, 301, 302, 303, 304, 305, 307, 308, 399, 400, 200, 0)],
    R("GET /redirect-to?URL=%2Fget&Status_Code=307"),
    R("GET /redirect-to?url=relative/path"),
    R("GET /redirect-to?url=http://x.example/%C3%A4+b"),
    R("GET /redirect-to"),
    R("GET /redirect-to?url="),
    R("GET /redirect-to?url=/get&status_code=x"),
    R("GET /redirect-to?url=/a%0D%0AX-A:+1"),

    # Cookies.
    R("GET /cookies"),
    R("GET /cookies", {"Cookie": "a=1; b=2; a=3; c="}),
    R("GET /cookies", {"Cookie": 'a="x y"; b=a=b'}),
    R("GET /cookies", {"Cookie": "__utma=1; a=1"}),
    R("GET /cookies/set?a=1&b=2&a=3"),
    R("GET /cookies/set"),
    R("GET /cookies/set?a=x%20y"),
    R("GET /cookies/set?a=%22x%22"),
    R("GET /cookies/set?a%20b=1"),
    R("GET /cookies/set/name/value"),
    R("GET /cookies/set/name/"),
    R("GET /cookies/set/name"),
    R("GET /cookies/delete?a&b=2"),
    R("GET /cookies/delete"),
    R("HEAD /cookies/set?a=1"),

    # Caches.
    R("GET /cache?a=1"),
    R("HEAD /cache"),
    R("GET /cache", {"If-None-Match": '"x"'}),
    R("GET /cache", {"If-Modified-Since": "Sun, 06 Nov 1994 08:49:37 GMT"}),
    R("GET /cache", {"If-Modified-Since": "some day"}),
    R("GET /cache", {"If-Match": '"x"'}),
    R("GET /cache/0"),
    R("GET /cache/60?a=1"),
    R("GET /cache/-1"),
    R("GET /cache/x"),
    R("GET /etag/abc"),
    R("HEAD /etag/abc"),
    *[R("GET /etag/abc", {name: value}) for name, value in
      (("If-None-Match", '"abc"'), ("If-None-Match", 'W/"abc"'), ("If-None-Match", '"x", "abc"'),
       ("If-None-Match", '"x","y" , W/"abc"'), ("If-None-Match", "*"), ("If-None-Match", '"x"'),
       ("If-None-Match", "abc"), ("If-None-Match", '"abc'), ("If-None-Match", ""),
       ("If-Match", '"abc"'), ("If-Match", '"x", "abc"'), ("If-Match", "*"), ("If-Match", '"x"'),
       ("If-Match", 'W/"abc"'), ("If-Match", "abc"), ("If-Match", ""))],
    R("GET /etag/abc", [("If-None-Match", '"x"'), ("If-None-Match", '"abc"')]),
    R("GET /etag/abc", {"If-None-Match": '"abc"', "If-Match": '"x"'}),
    R("GET /etag/abc", {"If-None-Match": '"x"', "If-Match": '"x"'}),
    R("HEAD /etag/abc", {"If-None-Match": '"abc"'}),
    R("POST /etag/abc", body=b""),
    R("GET /etag/a%22b"),
    R("GET /etag/%22abc%22", {"If-None-Match": '"abc"'}),

    # Documents and small things.
    R("GET /html", view=prose),
    R("HEAD /html"),
    R("GET /xml", view=tree),
    R("GET /json", view=names),
    R("GET /robots.txt", view=rules),
    R("GET /deny", view=is_there),
    R("GET /encoding/utf8", view=is_there),
    R("GET /forms/post", view=inputs),
    R("POST /forms/post", body=b""),
    R("GET /uuid", view=names),
    R("GET /base64/SGVsbG8h"),
    R("GET /base64/w7_DvsO-"),
    R("GET /base64/SGk="),
    R("GET /base64/SGk"),
    R("GET /base64/_w=="),
    R("GET /base64/S"),
    R("GET /links/3"),
    R("GET /links/3/0", view=links),
    R("GET /links/3/2", view=links),
    R("GET /links/3/9", view=links),
    R("GET /links/0/0", view=links),
    R("GET /links/201/0", view=links),
    R("GET /links/3/x"),
    R("GET /links/-1/0"),

    # Bytes, and answers in pieces.
    *[R("GET " + target, view=len) for target in
      ("/bytes/0", "/bytes/10", "/bytes/10?seed=1", "/bytes/10?SEED=-7", "/bytes/102400",
       "/bytes/200000", "/bytes/10?seed=x", "/bytes/x", "/bytes/-1", "/stream-bytes/0",
       "/stream-bytes/10", "/stream-bytes/5000?chunk_size=7&seed=3",
       "/stream-bytes/10?chunk_size=0",
       "/stream-bytes/10?chunk_size=x", "/stream-bytes/102401")],
    R("HEAD /bytes/10"),
    R("POST /bytes/10", body=b""),
    *[R("GET /stream/%s?a=1" % n, view=lines) for n in (0, 1, 3, 100, 101, "x")],
    R("HEAD /stream/3"),
    R("GET /range/26"),
    R("GET /range/100?chunk_size=7&duration=0.1"),
    R("HEAD /range/26"),
    R("GET /range/0"),
    R("GET /range/102401"),
    R("GET /range/x"),
    *[R("GET /range/26", {"Range": value}) for value in
      ("bytes=0-0", "bytes=2-4", "bytes=25-25", "bytes=20-", "bytes=-6", "bytes=0-25", "bytes=-26",
       "bytes=20-30", "bytes=-30", "bytes=26-", "bytes=26-30", "bytes=30-40", "bytes=5-2",
       "bytes=-0", "bytes=x", "bytes=", "items=0-1", "bytes=0-1,3-4")],
    R("GET /range/26", {"Range": "bytes=0-4", "If-Range": '"range26"'}),
    R("GET /range/26", {"Range": "bytes=0-4", "If-Range": '"other"'}),
    R("GET /range/26", {"If-None-Match": '"range26"'}),
    R("HEAD /range/26", {"Range": "bytes=0-4"}),
    R("GET /delay/0"),
    R("GET /delay/0.1?a=1"),
    R("GET /delay/x"),
    R("POST /delay/0", FORM, b"a=1"),
    *[R("GET /drip?" + query) for query in
      ("duration=0&numbytes=5", "duration=0.1&numbytes=3&delay=0.1", "duration=0&code=404",
       "duration=0&NumBytes=2", "duration=0&numbytes=0", "duration=0&numbytes=-1",
       "duration=0&numbytes=x", "duration=x", "duration=0&delay=x", "duration=0&code=x")],

    # Pictures.
    *[R("GET /image" + of, view=is_there) for of in ("/png", "/jpeg", "/webp", "/svg", "/gif", "")],
    *[R("GET /image", {"Accept": accept}, view=is_there) for accept in
      ("image/webp,image/*,*/*;q=0.8", "text/html, image/svg+xml", "image/png, IMAGE/jpeg;q=0.1",
       "image/*", "image/gif, image/png")],
    *[R("GET /image", {"Accept": accept}) for accept in ("*/*", "text/html")],
    R("HEAD /image/png"),

    # Codings.
    *[R("%s %s" % (method, target)) for method in ("GET", "HEAD")
      for target in ("/gzip", "/deflate", "/brotli")],
    R("GET /gzip", {"Accept-Encoding": "br"}),
    R("GET /gzip?a=1", {"Accept-Encoding": "gzip", "Origin": "http://page.example"}),
    R("POST /gzip", body=b""),
    R("GET /html", {"Accept-Encoding": "gzip"}, view=prose),
    R("GET /get", {"Accept-Encoding": "gzip"}),

    # Credentials.
    *[R("GET %s/u/p" % path, fields) for path in ("/basic-auth", "/hidden-basic-auth") for fields in
      ({}, {"Authorization": basic("u:p")}, {"Authorization": basic("u:P").replace("B", "b", 1)},
       {"Authorization": basic("u:p").replace("B", "b", 1)}, {"Authorization": basic("u:")},
       {"Authorization": basic("u:p:")}, {"Authorization": basic("up")},
       {"Authorization": "Basic"}, {"Authorization": "Basic !"}, {"Authorization": "Bearer dTpw"})],
    R("HEAD /basic-auth/u/p"),
    R("POST /basic-auth/u/p", body=b""),
    R("GET /basic-auth/%C3%A4/a%3Ab", {"Authorization": basic("\xe4:a:b")}),
    R("GET /basic-auth/u"),
    R("GET /bearer"),
    R("GET /bearer", {"Authorization": "Bearer token"}),
    R("GET /bearer", {"Authorization": "Bearer Bearer.e"}),
    R("GET /bearer", {"Authorization": basic("u:p")}),
    *[R("GET /digest-auth/%s/u/p" % path) for path in ("auth", "auth-int", "both")],
    *[R("GET /digest-auth/auth/u/p/%s" % path) for path in
      ("MD5", "SHA-256", "SHA-512", "none", "MD5/1", "MD5/x", "SHA-256/0")],
    R("GET /digest-auth/auth/u/p", {"Authorization": "Basic dTpw"}),
    R("GET /digest-auth/auth/u/p?require-cookie=1"),
    *[R("GET " + target, {"Authorization": digest(target, **options)}) for target, options in
      (("/digest-auth/auth/u/p", {}), ("/digest-auth/auth-int/u/p", {"qop": "auth-int"}),
       ("/digest-auth/both/u/p", {}), ("/digest-auth/both/u/p", {"qop": "auth-int"}),
       ("/digest-auth/both/u/p", {"qop": None}), ("/digest-auth/auth/u/p/SHA-256",
       {"algorithm": "SHA-256"}), ("/digest-auth/auth/u/p/SHA-512", {"algorithm": "SHA-512"}),
       ("/digest-auth/auth/u/p", {"password": "P"}), ("/digest-auth/auth/u/p", {"user": "v"}),
       ("/digest-auth/auth/u/p", {"qop": "auth-int"}), ("/digest-auth/auth/u/p/MD5",
       {"algorithm": "SHA-256"}))],
    *[R("GET " + target, {"Authorization": digest(target), "Cookie": cookies})
      for target in ("/digest-auth/auth/u/p/MD5/3", ) for cookies in
      ("fake=fake_value; stale_after=3", "stale_after=1", "stale_after=0", "stale_after=never",
       "stale_after=x", "last_nonce=abc", "last_nonce=abcd")],
    *[R("GET /digest-auth/auth/u/p?require-cookie=" + value,
        {"Authorization": digest("/digest-auth/auth/u/p?require-cookie=" + value),
         "Cookie": "a=1"}) for value in ("1", "t", "TRUE")],
    R("GET /digest-auth/auth/u/p?require-cookie=1",
      {"Authorization": digest("/digest-auth/auth/u/p?require-cookie=1")}),
]

# Why; which exchanges, as httpbin-compare.py names them, all of which have to show it; which part
# of the answer; what httpbin says, and what we do. All are regular expressions that fit the whole;
# None is what is not there, ANY whatever there is.
ANY = ...
PROBLEM = r"application/problem\+json"

DIFFERENCES = [
    # In general.
    ("who may read is said to those who say where they are from",
     r"(?!.* Origin: )(?!.* -> 0,).*", "access-control-allow-origin", r"\*", None),
    ("who may read is said to those who say where they are from",
     r"(?!.* Origin: )(?!.* -> 0,).*", "access-control-allow-credentials", "true", None),
    ("what may be asked is said to those who ask before they do",
     r"OPTIONS (?!.* Access-Control-Request-Method: ).*", "access-control-allow-methods",
     ANY, None),
    ("what may be asked is said to those who ask before they do",
     r"OPTIONS (?!.* Access-Control-Request-Method: ).*", "access-control-max-age", "3600", None),
    ("an answer for one origin, or none, is not to be given to another by a cache",
     r"(?!OPTIONS .* Access-Control-Request-Method: ).*", "vary", None,
     "(Accept(-Encoding)?, )?Origin"),
    ("an answer for one origin, or none, is not to be given to another by a cache",
     r"OPTIONS .* Access-Control-Request-Method: .*", "vary", None,
     "Access-Control-Request-Headers, Access-Control-Request-Method, Origin"),
    ("our own page has browsers be careful with it", r"GET / -> .*",
     r"cache-control|content-security-policy|cross-origin-(opener|resource)-policy|"
     r"permissions-policy|referrer-policy|x-content-type-options|x-frame-options", None, ANY),
    ("what has no body has no media type",
     r".* bytes of text/html; charset=utf-8; \d+, 0 bytes of nothing", "content-type",
     "text/html; charset=utf-8", None),
    ("a redirect has no body",
     r"(?!HEAD).* -> 302, [1-9]\d* bytes of .*; 302, .*", "body", ".*Redirecting.*", ""),
    ("errors are problem+json (RFC 9457)",
     rf".* bytes of {PROBLEM}", "content-type", ANY, PROBLEM),
    ("errors are problem+json (RFC 9457)",
     rf"(?!HEAD).* bytes of {PROBLEM}", r"body(\..*)?", ANY, ANY),

    # Methods.
    ("OPTIONS has nothing to say in a body",
     r"OPTIONS (?!/anything|/nowhere).*", "status", "200", "204"),
    ("a preflight is told what it asks for",
     r"OPTIONS .* Access-Control-Request-Method: .*", "allow", ANY, None),
    ("OPTIONS is a method like others where all are taken",
     r"OPTIONS /anything .*", r"allow|content-type|body(\..*)?", ANY, ANY),
    ("a method that no path takes is not implemented (RFC 9110 section 9.1)",
     r"PURGE /get .*", "status", "405", "501"),
    ("a method that no path takes is not implemented (RFC 9110 section 9.1)",
     r"PURGE /get .*", "allow", ANY, None),
    ("all methods are taken here", r"PURGE /status/200 .*", "status", "405", "200"),
    ("all methods are taken here", r"PURGE /status/200 .*", "body|allow", ANY, ANY),

    # What was received.
    ("the URL is shown as it was sent", r"GET /get\?.*%C3%A4.*", r"body\.url", ".*ä.*",
     r".*%C3%A4.*"),
    ("all fields are shown, those of proxies too",
     r".* Via: .*", r"body\.headers\.(Via|X-Forwarded-.*)", None, ".*"),
    ("only proxies that are trusted say who the client is",
     r".* X-Forwarded-For: .*", r"body\.origin", '"10.1.1.1"', '"127.0.0.1"'),
    ("only proxies that are trusted say how the client came",
     r".* X-Forwarded-Proto: .*", r"body\.url", '"https:.*', '"http:.*'),
    ("two values of one name are no JSON that readers agree on",
     r"POST /post\?twice .*", r"body\.json(\.a)?", ANY, ANY),
    ("NaN is no JSON", r"POST /post\?nan .*", r"body\.json", r"\[NaN\]", "null"),

    # Statuses.
    ("308 is a redirect as well", r"GET /status/308 .*", "location", None, "/redirect/1"),
    ("texts are our own", r"GET /status/402 .*", "body|x-more-info", ".*", ".*"),
    ("texts are our own", r"GET /status/406 .*", r"body\.message", ".*", ".*"),
    ("texts are our own", r"(?!HEAD).* /status/418 .*", "body", ".*teapot.*", ".*coffee.*"),
    ("a text has a media type", r".* /status/(402|418) .*", "content-type", None,
     "text/plain; charset=utf-8"),
    ("a weight may stand behind one status too", r"GET /status/200:3 .*", "status", "400", "200"),
    ("a weight may stand behind one status too", r"GET /status/200:3 .*", "body|content-type",
     "Invalid status code|text/plain; charset=utf-8", ANY),
    ("what is no status is told", r"GET /status/(200:1:2,500|200:0,500:0) .*", "status", "500",
     "400"),
    ("no other statuses end an exchange", r"GET /status/(-1|99) .*", "status", "0", "400"),
    ("no other statuses end an exchange", r"GET /status/600 .*", "status", "600", "400"),

    # Fields of the answer.
    ("the text is written with line ends and blanks",
     r"(GET|POST) /response-headers(?!\?Con).*; 200, .*", r"body\.Content-Length",
     r'"\d+"', r'"\d+"'),
    ("names that differ by case name one field", r"GET /response-headers\?X-A=1&x-a=2 .*",
     r"body\.x-a", r'\["1", "2"\]', None),
    ("an answer has one media type", r"GET /response-headers\?Content-Type=.*", "content-type",
     r"application/json \| text/plain", "text/plain"),
    ("the length is what it is", r"GET /response-headers\?Content-Length=7 .*", "status", "200",
     "400"),
    ("what cannot be a field is told", r"GET /response-headers\?X-A=a%0D%0A.*", "status", "500",
     "400"),

    # Redirects.
    ("no redirects at all are told", r"GET /(relative-)?redirect/0 .*", "status", "500", "400"),
    ("what is no number is told", r"GET /redirect/(-1|x) .*|GET /absolute-redirect/x .*", "status",
     "404", "400"),
    ("a location is UTF-8, escaped",
     r"GET /redirect-to\?url=http://x.example/%C3%A4.*", "location",
     "http://x.example/%C3%83%C2%A4%20b", "http://x.example/%C3%A4%20b"),
    ("what leads nowhere is told", r"GET /redirect-to( |.*status_code=x |.*%0D).*", "status", "500",
     "400"),
    ("what leads nowhere is told", r"GET /redirect-to\?url= .*", "status", "302", "400"),
    ("what leads nowhere is told", r"GET /redirect-to\?url= .*", "location", "", None),

    # Cookies.
    ("quotes are part of the value (RFC 6265bis)", r'GET /cookies Cookie: a="x y".*',
     r"body\.cookies\.a", '"x y"', r'"\\"x y\\""'),
    ("all cookies are shown", r"GET /cookies Cookie: __utma=1.*", r"body\.cookies\.__utma", None,
     '"1"'),
    ("quotes are part of the value (RFC 6265bis)", r"GET /cookies/set\?a=%22x%22 .*", "set-cookie",
     r'a="\\"x\\""; Path=/', 'a="x"; Path=/'),
    ("what no cookie can be is told", r"GET /cookies/set\?a(=x)?%20.*", "status", "302", "400"),
    ("what no cookie can be is told",
     r"GET /cookies/set\?a(=x)?%20.*", "location|set-cookie", ".*", None),

    # Caches.
    ("an entity tag has quotes (RFC 9110 section 8.8.3)",
     r"(GET|HEAD) /cache[? ].*; 200, .*", "etag", r"[0-9a-f]{32}", r'"[0-9a-f-]{36}"'),
    ("an entity tag has quotes (RFC 9110 section 8.8.3)",
     r"(GET|HEAD) /etag/abc\b.* -> (200|304), .*; (200|304), .*", "etag", "abc", '"abc"'),
    ("what is no number is told", r"GET /cache/(-1|x) .*", "status", "404", "400"),
    ("tags without quotes are none, and ignored", r'GET /etag/abc If-None-Match: "?abc -> .*',
     "status", "304", "200"),
    ("tags without quotes are none, and ignored", r'GET /etag/abc If-None-Match: "?abc -> .*',
     r"body(\..*)?|content-type", ANY, ANY),
    ("If-Match compares strongly (RFC 9110 section 13.1.1)",
     r'GET /etag/abc If-Match: W/"abc" .*', "status", "200", "412"),
    ("nothing in If-Match is the tag", r"GET /etag/abc If-Match: (abc)? -> .*", "status", "200",
     "412"),
    ("If-Match goes before If-None-Match (RFC 9110 section 13.2.2)",
     r'GET /etag/abc If-None-Match: .* If-Match: "x" .*', "status", "200|304", "412"),
    ("a condition that fails has no tag to tell", r"GET /etag/abc .* -> (200|304), .*; 412, .*",
     "etag", "abc", None),
    ("an entity tag has no quotes in it", r"GET /etag/a%22b .*", "status", "200", "400"),
    ("an entity tag has no quotes in it", r"GET /etag/a%22b .*", "etag", 'a"b', None),
    ("what has quotes is a tag already", r"GET /etag/%22abc%22 .*", "status", "200", "304"),
    ("what has quotes is a tag already", r"GET /etag/%22abc%22 .*", r"body(\..*)?|content-type",
     ANY, ANY),

    # Documents and small things.
    ("this httpbin is older than /json", r"GET /json .*", "status", "404", "200"),
    ("this httpbin is older than /json", r"GET /json .*", "body", ".*", r"\['slideshow'\]"),
    ("this httpbin is older than /json", r"GET /json .*", "content-type", ".*", "application/json"),
    ("the form is that of httpbin.org, which has more fields", r"GET /forms/post .*", "body",
     r".*firstname.*", r"\[\('form', 'text', None, '/post'\), .*custname.*comments.*"),
    ("what a link says is not run as a page", r"GET /base64/.* -> 200, .*; 200, .*", "content-type",
     "text/html; charset=utf-8", "text/plain; charset=utf-8"),
    ("base64 in URLs may go without padding", r"GET /base64/SGk .*", "status", "500", "200"),
    ("base64 in URLs may go without padding", r"GET /base64/SGk .*", "body|content-type", ".*",
     "Hi|text/plain; charset=utf-8"),
    ("what is no base64 of a text is told", r"GET /base64/(_w==|S) .*", "status", "500", "400"),
    ("what is no number is told", r"GET /links/(3/x|-1/0) .*", "status", "404", "400"),

    # Bytes, and answers in pieces.
    ("what is no number is told", r"GET /(stream-)?bytes/10\?(seed|chunk_size)=x .*", "status",
     "500", "400"),
    ("a stream may be longer than memory", r"GET /stream-bytes/102401 .*", "body", "102400",
     "102401"),
    ("an entity tag has quotes (RFC 9110 section 8.8.3)",
     r"(GET|HEAD) /range/(26|100)\b.*; (200|206|304), .*", "etag", r"range\d+", r'"range\d+"'),
    ("what is not there has no entity tag", r"GET /range/(0|102401) .*", "etag", r"range\d+", None),
    ("a 200 is no part (RFC 9110 section 14.4)", r"(GET|HEAD) /range/.* -> 200, .*; 200, .*",
     "content-range", r"bytes 0-\d+/\d+", None),
    ("a range that is all is a part as well", r"GET /range/26 Range: bytes=(0-25|-26|-30) .*",
     "status", "200", "206"),
    ("a range may end behind the end (RFC 9110 section 14.1.2)",
     r"GET /range/26 Range: bytes=20-30 .*", "status", "416", "206"),
    ("a range may end behind the end (RFC 9110 section 14.1.2)",
     r"GET /range/26 Range: bytes=20-30 .*", "body|content-range", r"|bytes \*/26",
     "uvwxyz|bytes 20-25/26"),
    ("a range may end behind the end (RFC 9110 section 14.1.2)",
     r"GET /range/26 Range: bytes=20-30 .*|GET /range/26 Range: bytes=5-2 .*", "content-type|etag",
     ANY, 'application/octet-stream|"range26"'),
    ("a 416 tells the length alone", r"GET /range/26 Range: .* -> 416, .*; 416, .*",
     "accept-ranges|etag", ".*", None),
    ("a range from high to low is none", r"GET /range/26 Range: bytes=5-2 .*", "status", "416",
     "200"),
    ("a range from high to low is none", r"GET /range/26 Range: bytes=5-2 .*",
     "body|content-range", ANY, ANY),
    ("several ranges come in parts", r"GET /range/26 Range: bytes=0-1,3-4 .*", "status", "200",
     "206"),
    ("several ranges come in parts", r"GET /range/26 Range: bytes=0-1,3-4 .*",
     "body|content-type", ".*",
     "--.*\r\n\r\nab\r\n--.*\r\n\r\nde\r\n--.*|multipart/byteranges; .*"),
    ("several ranges come in parts", r"GET /range/26 Range: bytes=0-1,3-4 .*",
     "content-range", "bytes 0-25/26", None),
    ("If-Range with another tag asks for the whole", r'GET /range/26 .* If-Range: "other" .*',
     "status", "206", "200"),
    ("If-Range with another tag asks for the whole", r'GET /range/26 .* If-Range: "other" .*',
     "body|content-range", ANY, ANY),
    ("conditions are weighed", r"GET /range/26 If-None-Match: .*", "status", "200", "304"),
    ("conditions are weighed", r"GET /range/26 If-None-Match: .*",
     "accept-ranges|body|content-range|content-type", ANY, ANY),
    ("Range means something to GET alone (RFC 9110 section 14.2)", r"HEAD /range/26 Range: .*",
     "status", "206", "200"),
    ("Range means something to GET alone (RFC 9110 section 14.2)", r"HEAD /range/26 Range: .*",
     "content-range", "bytes 0-4/26", None),
    ("what is no number is told",
     r"GET /delay/x .*|GET /drip\?(.*&)?(duration|numbytes|delay|code)=x .*", "status", "500",
     "400"),
    ("any request can wait", r"POST /delay/0 .*", "status", "405", "200"),
    ("any request can wait", r"POST /delay/0 .*", r"allow|content-type|body(\..*)?", ANY, ANY),
    ("names in the query have any case", r"GET /drip\?duration=0&NumBytes=2 .*", "body",
     r"\*{10}", r"\*\*"),

    # Codings.
    ("what may come coded says so",
     r"(GET|HEAD) /(|html|encoding/utf8|forms/post|links/201/0|stream/3|stream/\d+\?a=1)"
     r"( Accept-Encoding: gzip)? -> .*; 200, .*",
     "vary", None, "Accept-Encoding, Origin"),
    ("what may come coded says so", r".*; 304, 0 bytes of nothing", "vary", None,
     "Accept-Encoding, Origin"),
    ("what is long is coded for who takes it", r"GET /html Accept-Encoding: gzip .*",
     "content-encoding", None, "gzip"),

    # Forms in parts, and pictures.
    ("all files of a name are shown", r"POST /post\?two .*", r"body\.files\.f", '"1"',
     r'\["1", "2"\]'),
    ("a form that is cut short is told", r"POST /post\?cut .*", "status", "200", "400"),
    ("caches are told that Accept decides", r"GET /image( .*)? -> .*", "vary", None,
     "Accept, Origin"),
    ("the sentence is our own", r"GET /image .* -> 406, .*; 406, .*", r"body\.message", ANY, ANY),

    # Credentials.
    ("the realm is our own", r"GET /digest-auth/.* -> 401, .*", "www-authenticate",
     r'Digest realm="me@.*", nonce="\w+", qop="(auth|auth-int|auth, auth-int)", opaque="\w+", '
     r'algorithm=(MD5|SHA-256|SHA-512), stale=(TRUE|FALSE)',
     r'Digest realm="Fake Realm", nonce="\w+", qop="(auth|auth-int|auth, auth-int)", '
     r'opaque="\w+", algorithm=(MD5|SHA-256|SHA-512), stale=(TRUE|FALSE)'),
    ("a token is shown whole", r"GET /bearer Authorization: Bearer Bearer\.e .*", r"body\.token",
     r'"\.e"', r'"Bearer\.e"'),
    ("a password is no token", r"GET /bearer Authorization: Basic .*", "status", "200", "401"),
    ("a password is no token", r"GET /bearer Authorization: Basic .*", "www-authenticate", None,
     "Bearer"),
    ("a password is no token", r"GET /bearer Authorization: Basic .*", r"body(\..*)?|content-type",
     ANY, ANY),
    ("the name, the qop and the algorithm are those that are asked for",
     r"GET /digest-auth/.* -> 200, .*; 401, .*", "status", "200", "401"),
    ("the name, the qop and the algorithm are those that are asked for",
     r"GET /digest-auth/.*( username=\"v\"|algorithm=SHA-256|qop=auth-int).* -> 200, .*; 401, .*",
     r"body(\..*)?|content-type|set-cookie|www-authenticate", ANY, ANY),
]

/* SPDX-License-Identifier: MIT
 *
 * What is taken, and what a handler must see of it. */

#include "wire-cases.h"

static const WireCase taken_trailers[] = {
    WIRE_TAKEN (
        "trailers of framing and routing are dropped",
        "POST / [Host: a] [Transfer-Encoding: chunked] <>",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: "
        "9\r\nTransfer-Encoding: gzip\r\nHost: evil\r\nAuthorization: x\r\n\r\n"),
};

static const WireCase taken_lines[] = {
    WIRE_TAKEN ("the smallest", "GET / [Host: a] <>", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_LAST ("HTTP/1.0 without a Host", "GET / <>", "GET / HTTP/1.0\r\n\r\n"),
    WIRE_TAKEN ("one leading empty line", "GET / [Host: a] <>",
                "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_TAKEN ("Connection of HTTP/1.0", "GET / [Connection: Keep-Alive] <>",
                "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"),
};

static const WireCase taken_values[] = {
    WIRE_TAKEN ("blanks around values", "GET / [Host: a] [X: v] <>",
                "GET / HTTP/1.1\r\nHost:  \t a \t \r\nX:v\t\r\n\r\n"),
    WIRE_TAKEN ("empty values", "GET / [Host: a] [X: ] [Y: ] [Z: ] <>",
                "GET / HTTP/1.1\r\nHost: a\r\nX:\r\nY: \r\nZ:\t\r\n\r\n"),
    WIRE_TAKEN ("TAB and UTF-8 in a value", "GET / [Host: a] [X: a\tb \303\244 \377] <>",
                "GET / HTTP/1.1\r\nHost: a\r\nX: a\tb \303\244 \377\r\n\r\n"),
    WIRE_TAKEN ("long value with a TAB",
                "GET / [Host: a] [X: abcdefgh\tijklmnopqrstuvwxyz\t0123456789] <>",
                "GET / HTTP/1.1\r\nHost: a\r\nX: abcdefgh\tijklmnopqrstuvwxyz\t0123456789\r\n\r\n"),
};

static const WireCase taken_names[] = {
    WIRE_TAKEN ("unknown fields", "GET / [Host: a] [X-Unknown: 1] [X-Unknown: 2] <>",
                "GET / HTTP/1.1\r\nHost: a\r\nX-Unknown: 1\r\nX-Unknown: 2\r\n\r\n"),
    WIRE_TAKEN ("any token character in a name", "GET / [Host: a] [!#$%&'*+-.^_`|~09azAZ: v] <>",
                "GET / HTTP/1.1\r\nHost: a\r\n!#$%&'*+-.^_`|~09azAZ: v\r\n\r\n"),
};

static const WireCase taken_hosts[] = {
    WIRE_TAKEN ("lower-case host", "GET / [host: a] <>", "GET / HTTP/1.1\r\nhost: a\r\n\r\n"),
    WIRE_TAKEN ("mixed-case host", "GET / [hOsT: a] <>", "GET / HTTP/1.1\r\nhOsT: a\r\n\r\n"),
    WIRE_TAKEN ("Host a:80", "GET / [Host: a:80] <>", "GET / HTTP/1.1\r\nHost: a:80\r\n\r\n"),
    WIRE_TAKEN ("Host a:65535", "GET / [Host: a:65535] <>",
                "GET / HTTP/1.1\r\nHost: a:65535\r\n\r\n"),
    WIRE_TAKEN ("Host a.b-c.example", "GET / [Host: a.b-c.example] <>",
                "GET / HTTP/1.1\r\nHost: a.b-c.example\r\n\r\n"),
    WIRE_TAKEN ("Host 127.0.0.1:8080", "GET / [Host: 127.0.0.1:8080] <>",
                "GET / HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n"),
    WIRE_TAKEN ("Host [::1]", "GET / [Host: [::1]] <>", "GET / HTTP/1.1\r\nHost: [::1]\r\n\r\n"),
    WIRE_TAKEN ("Host [::1]:80", "GET / [Host: [::1]:80] <>",
                "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n"),
    WIRE_TAKEN ("Host xn--a", "GET / [Host: xn--a] <>", "GET / HTTP/1.1\r\nHost: xn--a\r\n\r\n"),
    WIRE_TAKEN ("Host a_b", "GET / [Host: a_b] <>", "GET / HTTP/1.1\r\nHost: a_b\r\n\r\n"),
    WIRE_TAKEN ("Host A.EXAMPLE", "GET / [Host: A.EXAMPLE] <>",
                "GET / HTTP/1.1\r\nHost: A.EXAMPLE\r\n\r\n"),
    WIRE_TAKEN ("Host as the last field", "GET / [X: v] [Host: a] <>",
                "GET / HTTP/1.1\r\nX: v\r\nHost: a\r\n\r\n"),
};

static const WireCase taken_absolutes[] = {
    WIRE_TAKEN ("absolute-form equal to Host", "GET / [Host: a] <>",
                "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_TAKEN ("absolute-form in another case", "GET / [Host: a] <>",
                "GET HTTP://A/ HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_TAKEN ("absolute-form with a port", "GET /b?c [Host: a:80] <>",
                "GET http://a:80/b?c HTTP/1.1\r\nHost: a:80\r\n\r\n"),
    WIRE_TAKEN ("absolute-form without a path", "GET / [Host: a] <>",
                "GET http://a HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_TAKEN ("absolute-form of a query", "GET /?b [Host: a] <>",
                "GET http://a?b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_LAST ("absolute-form of HTTP/1.0 without a Host", "GET / <>",
               "GET http://a/ HTTP/1.0\r\n\r\n"),
};

static const WireCase taken_targets[] = {
    WIRE_TAKEN ("every character a target may have",
                "GET /-._~!$&'()*+,;=:@ []?/?:@-._~!$&'()*+,;=%61[] [Host: a] <>",
                "GET /-._~!$&'()*+,;=:@%20[]?/?:@-._~!$&'()*+,;=%61[] HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_TAKEN ("escaped UTF-8", "GET /\303\244 [Host: a] <>",
                "GET /%c3%a4 HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_TAKEN ("dot segments", "GET /b/c [Host: a] <>",
                "GET /a/../b/./c HTTP/1.1\r\nHost: a\r\n\r\n"),
};

/* Dot segments are gone however they are spelled, and nothing is decoded twice. */
static const WireCase taken_paths[] = {
    WIRE_TAKEN ("escaped dot segments", "GET /b [Host: a] <>",
                "GET /a/%2e%2e/%2E./b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_TAKEN ("dot segments above the root", "GET /b [Host: a] <>",
                "GET /../../b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_TAKEN ("dot segment with an escaped slash", "GET /..%2F..%2Fb [Host: a] <>",
                "GET /..%2f..%2fb HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_TAKEN ("dot segment escaped twice", "GET /%252e%252e/b [Host: a] <>",
                "GET /%252e%252e/b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_TAKEN ("dot segment with a parameter", "GET /..;/b [Host: a] <>",
                "GET /..;/b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_TAKEN ("escaped backslash", "GET /a%5C..%5Cb [Host: a] <>",
                "GET /a%5c..%5cb HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_TAKEN ("two slashes in front", "GET /b//c [Host: a] <>",
                "GET //b//c HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_TAKEN ("parameters of a route", "GET /params/x/y (a=x)(b=y) [Host: a] <>",
                "GET /params/x/y HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_TAKEN ("parameters are decoded once",
                "GET /params/x%2Fy/%252e (a=x/y)(b=%2e) [Host: a] <>",
                "GET /params/x%2fy/%252e HTTP/1.1\r\nHost: a\r\n\r\n"),
};

static const WireCase taken_bodies[] = {
    WIRE_TAKEN ("GET with a body", "GET / [Host: a] [Content-Length: 5] <hello>",
                "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"),
    WIRE_TAKEN ("DELETE with a body", "DELETE / [Host: a] [Content-Length: 5] <hello>",
                "DELETE / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"),
    WIRE_TAKEN ("HEAD with a body", "HEAD / [Host: a] [Content-Length: 5] <hello>",
                "HEAD / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"),
    WIRE_TAKEN ("PUT with a body", "PUT / [Host: a] [Content-Length: 5] <hello>",
                "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"),
    WIRE_TAKEN ("PATCH with a body", "PATCH / [Host: a] [Content-Length: 5] <hello>",
                "PATCH / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"),
    WIRE_TAKEN ("POST with a body", "POST / [Host: a] [Content-Length: 5] <hello>",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"),
    WIRE_TAKEN ("QUERY with a body", "QUERY / [Host: a] [Content-Length: 5] <hello>",
                "QUERY / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"),
    WIRE_TAKEN ("Content-Length 0", "POST / [Host: a] [Content-Length: 0] <>",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"),
    WIRE_TAKEN ("underscore is no dash",
                "POST / [Host: a] [Content_Length: 9] [Transfer_Encoding: chunked] "
                "[Content-Length: 5] <hello>",
                "POST / HTTP/1.1\r\nHost: a\r\nContent_Length: 9\r\nTransfer_Encoding: "
                "chunked\r\nContent-Length: 5\r\n\r\nhello"),
    WIRE_TAKEN (
        "body that looks like a request",
        "POST / [Host: a] [Content-Length: 38] <GET /smuggled HTTP/1.1\r\nHost: evil\r\n\r\n>",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 38\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: "
        "evil\r\n\r\n"),
    WIRE_TAKEN ("body of CR and LF only", "POST / [Host: a] [Content-Length: 4] <\r\n\r\n>",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n\r\n\r\n"),
    WIRE_TAKEN ("Content-Length named by Connection",
                "POST / [Host: a] [Connection: Content-Length] [Content-Length: 5] <hello>",
                "POST / HTTP/1.1\r\nHost: a\r\nConnection: Content-Length\r\nContent-Length: "
                "5\r\n\r\nhello"),
    WIRE_LAST ("body of HTTP/1.0 with its length", "POST / [Content-Length: 5] <hello>",
               "POST / HTTP/1.0\r\nContent-Length: 5\r\n\r\nhello"),
};

static const WireCase taken_chunks[] = {
    WIRE_TAKEN (
        "chunked", "POST / [Host: a] [Transfer-Encoding: chunked] <hello>",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
    WIRE_TAKEN ("Chunked in another case",
                "POST / [Host: a] [Transfer-Encoding: ChUnKeD] <0123456789>",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
                "ChUnKeD\r\n\r\nA\r\n0123456789\r\n0\r\n\r\n"),
    WIRE_TAKEN ("chunk extensions", "POST / [Host: a] [Transfer-Encoding: chunked] <hello>",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;a;b=c;d=\"e "
                "\\\"f\"\r\nhello\r\n0;z\r\n\r\n"),
    WIRE_TAKEN ("chunk size of 16 digits", "POST / [Host: a] [Transfer-Encoding: chunked] <hello>",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
                "chunked\r\n\r\n0000000000000005\r\nhello\r\n0000000000000000\r\n\r\n"),
    WIRE_TAKEN (
        "trailers", "POST / [Host: a] [Transfer-Encoding: chunked] <>{X: a}{Y: }",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: a\r\nY:\r\n\r\n"),
    WIRE_TAKEN ("blank chunked value", "POST / [Host: a] [Transfer-Encoding: chunked] <>",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:  chunked \t\r\n\r\n0\r\n\r\n"),
    WIRE_TAKEN (
        "chunk that looks like the end and a request",
        "POST / [Host: a] [Transfer-Encoding: chunked] <0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n>",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1f\r\n0\r\n\r\nGET "
        "/smuggled HTTP/1.1\r\n\r\n\r\n0\r\n\r\n"),
    WIRE_TAKEN ("chunks of one byte", "POST / [Host: a] [Transfer-Encoding: chunked] <hello>",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
                "chunked\r\n\r\n1\r\nh\r\n1\r\ne\r\n3\r\nllo\r\n0\r\n\r\n"),
    WIRE_TAKEN ("chunk size in upper case",
                "POST / [Host: a] [Transfer-Encoding: chunked] <0123456789>",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
                "chunked\r\n\r\n00A\r\n0123456789\r\n0\r\n\r\n"),
    WIRE_TAKEN (
        "TAB before chunked", "POST / [Host: a] [Transfer-Encoding: chunked] <hello>",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\tchunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
    WIRE_TAKEN ("last chunk of many zeros", "POST / [Host: a] [Transfer-Encoding: chunked] <hello>",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
                "chunked\r\n\r\n5\r\nhello\r\n000\r\n\r\n"),
    WIRE_TAKEN ("chunk extension of an empty quoted value",
                "POST / [Host: a] [Transfer-Encoding: chunked] <hello>",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
                "chunked\r\n\r\n5;a=\"\"\r\nhello\r\n0\r\n\r\n"),
    WIRE_TAKEN (
        "GET with chunks", "GET / [Host: a] [Transfer-Encoding: chunked] <hello>",
        "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
};

static const WireCase taken_expects[] = {
    WIRE_TAKEN ("Expect with a body at hand",
                "POST / [Host: a] [Content-Length: 1] [Expect: 100-Continue] <x>",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nExpect: 100-Continue\r\n\r\nx"),
    WIRE_TAKEN ("Expect without a body", "GET / [Host: a] [Expect: 100-continue] <>",
                "GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n"),
};

static const WireCase taken_upgrades[] = {
    WIRE_TAKEN ("Upgrade to h2c",
                "GET / [Host: a] [Connection: Upgrade, HTTP2-Settings] [Upgrade: h2c] "
                "[HTTP2-Settings: AAMAAABkAAQAAP__] <>",
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: "
                "h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n"),
    WIRE_TAKEN ("Upgrade with a body",
                "POST / [Host: a] [Connection: Upgrade] [Upgrade: x/1] [Content-Length: 5] <hello>",
                "POST / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: "
                "x/1\r\nContent-Length: 5\r\n\r\nhello"),
};

static const WireCase taken_connections[] = {
    WIRE_LAST ("Connection: close", "GET / [Host: a] [Connection: close] <>",
               "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
    WIRE_LAST ("Connection: Close in another case", "GET / [Host: a] [cONNECTION: cLOSE] <>",
               "GET / HTTP/1.1\r\nHost: a\r\ncONNECTION: cLOSE\r\n\r\n"),
    WIRE_TAKEN ("Connection: keep-alive", "GET / [Host: a] [Connection: keep-alive] <>",
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\n\r\n"),
    WIRE_TAKEN ("Connection of an unknown option", "GET / [Host: a] [Connection: x] <>",
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: x\r\n\r\n"),
};

const WireGroup wire_accepted_groups[] = {
    WIRE_GROUP ("Accepted", "Trailers", "RFC 9110 §6.5.1", taken_trailers),
    WIRE_GROUP ("Accepted", "Request line", "RFC 9112 §3", taken_lines),
    WIRE_GROUP ("Accepted", "Field values", "RFC 9110 §5.5", taken_values),
    WIRE_GROUP ("Accepted", "Field names", "RFC 9110 §5.1", taken_names),
    WIRE_GROUP ("Accepted", "Host", "RFC 9112 §3.2", taken_hosts),
    WIRE_GROUP ("Accepted", "Absolute-form", "RFC 9112 §3.2.2", taken_absolutes),
    WIRE_GROUP ("Accepted", "Targets", "RFC 9112 §3.2", taken_targets),
    WIRE_GROUP ("Accepted", "Paths", "RFC 3986 §6.2.2", taken_paths),
    WIRE_GROUP ("Accepted", "Bodies", "RFC 9112 §6.3", taken_bodies),
    WIRE_GROUP ("Accepted", "Chunked bodies", "RFC 9112 §7.1", taken_chunks),
    WIRE_GROUP ("Accepted", "Expect", "RFC 9110 §10.1.1", taken_expects),
    WIRE_GROUP ("Accepted", "Upgrades nobody offers", "RFC 9110 §7.8", taken_upgrades),
    WIRE_GROUP ("Accepted", "Connection", "RFC 9112 §9.3", taken_connections),
};

const guint n_wire_accepted_groups = G_N_ELEMENTS (wire_accepted_groups);

/* SPDX-License-Identifier: MIT
 *
 * Targets that are refused, in their four forms. */

#include "wire-cases.h"

static const WireCase targets[] = {
    WIRE_CASE ("target with NUL", 400, WIRE_HEAD,
               "GET /a\000"
               "b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("query with NUL", 400, WIRE_HEAD,
               "GET /a?q=\000"
               "b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("target with SOH", 400, WIRE_HEAD,
               "GET /a\001"
               "b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("query with SOH", 400, WIRE_HEAD,
               "GET /a?q=\001"
               "b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("target with ESC", 400, WIRE_HEAD,
               "GET /a\033"
               "b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("query with ESC", 400, WIRE_HEAD,
               "GET /a?q=\033"
               "b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("target with DEL", 400, WIRE_HEAD,
               "GET /a\177"
               "b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("query with DEL", 400, WIRE_HEAD,
               "GET /a?q=\177"
               "b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("target with byte 0x80", 400, WIRE_HEAD,
               "GET /a\200"
               "b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("query with byte 0x80", 400, WIRE_HEAD,
               "GET /a?q=\200"
               "b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("target with UTF-8", 400, WIRE_HEAD,
               "GET /a\303\244"
               "b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("query with UTF-8", 400, WIRE_HEAD,
               "GET /a?q=\303\244"
               "b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("target with byte 0xff", 400, WIRE_HEAD,
               "GET /a\377"
               "b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("query with byte 0xff", 400, WIRE_HEAD,
               "GET /a?q=\377"
               "b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("target with quote", 400, WIRE_HEAD,
               "GET /a\""
               "b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("query with quote", 400, WIRE_HEAD,
               "GET /a?q=\""
               "b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("target with less", 400, WIRE_HEAD,
               "GET /a<"
               "b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("query with less", 400, WIRE_HEAD,
               "GET /a?q=<"
               "b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("target with greater", 400, WIRE_HEAD,
               "GET /a>"
               "b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("query with greater", 400, WIRE_HEAD,
               "GET /a?q=>"
               "b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("target with backslash", 400, WIRE_HEAD,
               "GET /a\\"
               "b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("query with backslash", 400, WIRE_HEAD,
               "GET /a?q=\\"
               "b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("target with circumflex", 400, WIRE_HEAD,
               "GET /a^"
               "b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("query with circumflex", 400, WIRE_HEAD,
               "GET /a?q=^"
               "b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("target with brace", 400, WIRE_HEAD,
               "GET /a{"
               "b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("query with brace", 400, WIRE_HEAD,
               "GET /a?q={"
               "b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("target with closing brace", 400, WIRE_HEAD,
               "GET /a}"
               "b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("query with closing brace", 400, WIRE_HEAD,
               "GET /a?q=}"
               "b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("target with bar", 400, WIRE_HEAD,
               "GET /a|"
               "b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("query with bar", 400, WIRE_HEAD,
               "GET /a?q=|"
               "b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("target with backquote", 400, WIRE_HEAD,
               "GET /a`"
               "b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("query with backquote", 400, WIRE_HEAD,
               "GET /a?q=`"
               "b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("target with fragment", 400, WIRE_HEAD,
               "GET /a#"
               "b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("query with fragment", 400, WIRE_HEAD,
               "GET /a?q=#"
               "b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("target without a slash", 400, WIRE_HEAD, "GET a HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("target of a query only", 400, WIRE_HEAD, "GET ?a HTTP/1.1\r\nHost: a\r\n\r\n"),
};

static const WireCase escapes[] = {
    WIRE_CASE ("escape alone", 400, WIRE_HEAD, "GET /a% HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("escape alone in the query", 400, WIRE_HEAD,
               "GET /?a=% HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("escape of one digit", 400, WIRE_HEAD, "GET /a%4 HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("escape of one digit in the query", 400, WIRE_HEAD,
               "GET /?a=%4 HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("escape of no digits", 400, WIRE_HEAD, "GET /a%zz HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("escape of no digits in the query", 400, WIRE_HEAD,
               "GET /?a=%zz HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("escape half hex", 400, WIRE_HEAD, "GET /a%4z HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("escape half hex in the query", 400, WIRE_HEAD,
               "GET /?a=%4z HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("escape doubled", 400, WIRE_HEAD, "GET /a%%41 HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("escape doubled in the query", 400, WIRE_HEAD,
               "GET /?a=%%41 HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("escape of u", 400, WIRE_HEAD, "GET /a%u0041 HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("escape of u in the query", 400, WIRE_HEAD,
               "GET /?a=%u0041 HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("escaped NUL", 400, WIRE_HEAD, "GET /a%00b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("escaped NUL in the query", 400, WIRE_HEAD,
               "GET /?a=%00 HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("escaped NUL at the end", 400, WIRE_HEAD, "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n"),
};

static const WireCase utf8[] = {
    WIRE_CASE ("over-long slash of two bytes", 400, WIRE_HEAD,
               "GET /%c0%af HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("over-long dot of two bytes", 400, WIRE_HEAD,
               "GET /%c0%ae%c0%ae/ HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("over-long slash of three bytes", 400, WIRE_HEAD,
               "GET /%e0%80%af HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("over-long slash of four bytes", 400, WIRE_HEAD,
               "GET /%f0%80%80%af HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("over-long NUL", 400, WIRE_HEAD, "GET /%c0%80 HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("escaped surrogate", 400, WIRE_HEAD, "GET /%ed%a0%80 HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("escaped lone byte", 400, WIRE_HEAD, "GET /%ff HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("escaped code point too large", 400, WIRE_HEAD,
               "GET /%f4%90%80%80 HTTP/1.1\r\nHost: a\r\n\r\n"),
};

static const WireCase absolutes[] = {
    WIRE_CASE ("absolute-form with userinfo", 400, WIRE_HEAD,
               "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("absolute-form with a password", 400, WIRE_HEAD,
               "GET http://u:p@a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("absolute-form without a host", 400, WIRE_HEAD,
               "GET http:/// HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("absolute-form of a scheme only", 400, WIRE_HEAD,
               "GET http:// HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("absolute-form with a port only", 400, WIRE_HEAD,
               "GET http://:80/ HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("absolute-form with a bad port", 400, WIRE_HEAD,
               "GET http://a:x/ HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("absolute-form with port 65536", 400, WIRE_HEAD,
               "GET http://a:65536/ HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("foreign scheme ftp", 400, WIRE_HEAD, "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("foreign scheme file", 400, WIRE_HEAD,
               "GET file:///etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("foreign scheme ws", 400, WIRE_HEAD, "GET ws://a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("foreign scheme javascript", 400, WIRE_HEAD,
               "GET javascript:1 HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("absolute-form of another host", 400, WIRE_HEAD,
               "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("absolute-form with another port", 400, WIRE_HEAD,
               "GET http://a:81/ HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("absolute-form whose host is longer", 400, WIRE_HEAD,
               "GET http://a.b/ HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("absolute-form without slashes", 400, WIRE_HEAD,
               "GET http:a HTTP/1.1\r\nHost: a\r\n\r\n"),
};

static const WireCase asterisks[] = {
    WIRE_CASE ("asterisk with GET", 400, WIRE_HEAD, "GET * HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("asterisk with HEAD", 400, WIRE_HEAD, "HEAD * HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("asterisk with POST", 400, WIRE_HEAD, "POST * HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("asterisk with BREW", 400, WIRE_HEAD, "BREW * HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("asterisk and more", 400, WIRE_HEAD, "OPTIONS ** HTTP/1.1\r\nHost: a\r\n\r\n"),
};

static const WireCase connects[] = {
    WIRE_EITHER ("CONNECT nobody wants", 501, 405, WIRE_PROGRAM,
                 "CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n"),
    WIRE_CASE ("CONNECT without a port", 400, WIRE_HEAD, "CONNECT a HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("CONNECT of a path", 400, WIRE_HEAD, "CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("CONNECT with userinfo", 400, WIRE_HEAD,
               "CONNECT u@a:80 HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("CONNECT of another host", 400, WIRE_HEAD,
               "CONNECT b:80 HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("CONNECT of an absolute target", 400, WIRE_HEAD,
               "CONNECT http://a:80/ HTTP/1.1\r\nHost: a\r\n\r\n"),
};

const WireGroup wire_target_groups[] = {
    WIRE_GROUP ("Refused", "Targets", "RFC 9112 §3.2", targets),
    WIRE_GROUP ("Refused", "Escapes", "RFC 3986 §2.1", escapes),
    WIRE_GROUP ("Refused", "UTF-8 in escapes", "RFC 3629 §3", utf8),
    WIRE_GROUP ("Refused", "Absolute-form", "RFC 9112 §3.2.2", absolutes),
    WIRE_GROUP ("Refused", "Asterisk-form", "RFC 9112 §3.2.4", asterisks),
    WIRE_GROUP ("Refused", "CONNECT", "RFC 9112 §3.2.3", connects),
};

const guint n_wire_target_groups = G_N_ELEMENTS (wire_target_groups);

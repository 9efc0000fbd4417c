/* SPDX-License-Identifier: MIT
 *
 * The start of a message that is refused: line ends, request lines, methods, versions. */

#include "wire-cases.h"

static const WireCase line_ends[] = {
    WIRE_CASE ("bare LF ends the request line", 400, WIRE_HEAD, "GET / HTTP/1.1\nHost: a\r\n\r\n"),
    WIRE_CASE ("bare LF ends a field", 400, WIRE_HEAD, "GET / HTTP/1.1\r\nHost: a\n\r\n"),
    WIRE_CASE ("bare LF ends the head", 400, WIRE_HEAD, "GET / HTTP/1.1\r\nHost: a\r\n\n"),
    WIRE_CASE ("LF alone everywhere", 400, WIRE_HEAD, "GET / HTTP/1.1\nHost: a\n\n"),
    WIRE_CASE ("bare CR in the target", 400, WIRE_HEAD, "GET /\rb HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("bare CR ends the request line", 400, WIRE_HEAD, "GET / HTTP/1.1\rHost: a\r\n\r\n"),
    WIRE_CASE ("bare CR in a value", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n"),
    WIRE_CASE ("bare CR ends a field", 400, WIRE_HEAD, "GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n"),
    WIRE_CASE ("CR CR LF ends a field", 400, WIRE_HEAD, "GET / HTTP/1.1\r\nHost: a\r\r\n\r\n"),
    WIRE_CASE ("CR and something else ends the head", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\n\rX"),
    WIRE_CASE ("two leading empty lines", 400, WIRE_HEAD,
               "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("leading bare LF", 400, WIRE_HEAD, "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("leading bare CR", 400, WIRE_HEAD, "\rGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("leading CR CR LF", 400, WIRE_HEAD, "\r\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("empty line and CR X", 400, WIRE_HEAD, "\r\n\rXGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
};

static const WireCase folds[] = {
    WIRE_CASE ("fold with a blank", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n"),
    WIRE_CASE ("fold with a TAB", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n\tb\r\n\r\n"),
    WIRE_CASE ("fold of blanks only", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n \r\n\r\n"),
    WIRE_CASE ("blank before the first field", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\n Host: a\r\n\r\n"),
    WIRE_CASE ("TAB before the first field", 400, WIRE_HEAD, "GET / HTTP/1.1\r\n\tHost: a\r\n\r\n"),
    WIRE_CASE ("blank line of one blank", 400, WIRE_HEAD, "GET / HTTP/1.1\r\n \r\nHost: a\r\n\r\n"),
};

static const WireCase versions[] = {
    WIRE_CASE ("no version", 400, WIRE_HEAD, "GET /\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("no version and a blank", 400, WIRE_HEAD, "GET / \r\nHost: a\r\n\r\n"),
    WIRE_CASE ("HTTP/0.9", 400, WIRE_HEAD, "GET / HTTP/0.9\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("HTTP/0.0", 400, WIRE_HEAD, "GET / HTTP/0.0\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("HTTP/1", 400, WIRE_HEAD, "GET / HTTP/1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("HTTP/1.", 400, WIRE_HEAD, "GET / HTTP/1.\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("HTTP/.1", 400, WIRE_HEAD, "GET / HTTP/.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("HTTP/01.1", 400, WIRE_HEAD, "GET / HTTP/01.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("HTTP/1.01", 400, WIRE_HEAD, "GET / HTTP/1.01\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("HTTP/1.10", 400, WIRE_HEAD, "GET / HTTP/1.10\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("HTTP/1.1x", 400, WIRE_HEAD, "GET / HTTP/1.1x\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("HTTP/1,1", 400, WIRE_HEAD, "GET / HTTP/1,1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("HTTP/+1.1", 400, WIRE_HEAD, "GET / HTTP/+1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("HTTP/1.-1", 400, WIRE_HEAD, "GET / HTTP/1.-1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("HTTP/A.B", 400, WIRE_HEAD, "GET / HTTP/A.B\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("http/1.1", 400, WIRE_HEAD, "GET / http/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("Http/1.1", 400, WIRE_HEAD, "GET / Http/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("HXYZ/1.1", 400, WIRE_HEAD, "GET / HXYZ/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("HTTPS/1.1", 400, WIRE_HEAD, "GET / HTTPS/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("ICE/1.0", 400, WIRE_HEAD, "SOURCE / ICE/1.0\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("HTTP 1.1", 400, WIRE_HEAD, "GET / HTTP 1.1\r\nHost: a\r\n\r\n"),
};

static const WireCase request_lines[] = {
    WIRE_CASE ("two blanks behind the method", 400, WIRE_HEAD,
               "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("two blanks behind the target", 400, WIRE_HEAD,
               "GET /  HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("TAB behind the method", 400, WIRE_HEAD, "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("TAB behind the target", 400, WIRE_HEAD, "GET /\tHTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("vertical TAB behind the method", 400, WIRE_HEAD,
               "GET\013/ HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("form feed behind the target", 400, WIRE_HEAD,
               "GET /\014HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("blank behind the version", 400, WIRE_HEAD, "GET / HTTP/1.1 \r\nHost: a\r\n\r\n"),
    WIRE_CASE ("TAB behind the version", 400, WIRE_HEAD, "GET / HTTP/1.1\t\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("words behind the version", 400, WIRE_HEAD,
               "GET / HTTP/1.1 HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("blank before the method", 400, WIRE_HEAD, " GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("only a method", 400, WIRE_HEAD, "GET\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("no target", 400, WIRE_HEAD, "GET  HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("no method", 400, WIRE_HEAD, "/ HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("empty line where the method was to be", 400, WIRE_HEAD, "\r\n\r\n\r\n\r\n"),
    WIRE_CASE ("the first bytes of TLS", 400, WIRE_HEAD,
               "\026\003\001\002\000\001\000\001\374\003\003"),
};

static const WireCase other_versions[] = {
    WIRE_CASE ("HTTP/1.2", 505, WIRE_HEAD, "GET / HTTP/1.2\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("HTTP/1.9", 505, WIRE_HEAD, "GET / HTTP/1.9\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("HTTP/2.0", 505, WIRE_HEAD, "GET / HTTP/2.0\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("HTTP/2.1", 505, WIRE_HEAD, "GET / HTTP/2.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("HTTP/3.0", 505, WIRE_HEAD, "GET / HTTP/3.0\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("HTTP/9.9", 505, WIRE_HEAD, "GET / HTTP/9.9\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("the preface of HTTP/2", 505, WIRE_HEAD, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
};

static const WireCase methods[] = {
    WIRE_CASE ("method of 33 bytes", 400, WIRE_HEAD,
               "MMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMM / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("method of 32 bytes", 501, WIRE_PROGRAM,
               "MMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMM / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("unknown method", 501, WIRE_PROGRAM, "BREW / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("method in lower case", 501, WIRE_PROGRAM, "get / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("method of odd token characters", 501, WIRE_PROGRAM,
               "!#$%&'*+-.^_`|~1 / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("method with paren", 400, WIRE_HEAD, "GE(T / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("method with at", 400, WIRE_HEAD, "GE@T / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("method with slash", 400, WIRE_HEAD, "GE/T / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("method with colon", 400, WIRE_HEAD, "GE:T / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("method with equals", 400, WIRE_HEAD, "GE=T / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("method with bracket", 400, WIRE_HEAD, "GE[T / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("method with brace", 400, WIRE_HEAD, "GE{T / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("method with quote", 400, WIRE_HEAD, "GE\"T / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("method with comma", 400, WIRE_HEAD, "GE,T / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("method with semicolon", 400, WIRE_HEAD, "GE;T / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("method with backslash", 400, WIRE_HEAD, "GE\\T / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("method with NUL", 400, WIRE_HEAD,
               "GE\000"
               "T / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("method with DEL", 400, WIRE_HEAD,
               "GE\177"
               "T / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("method with byte 0x80", 400, WIRE_HEAD,
               "GE\200"
               "T / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("method with byte 0xff", 400, WIRE_HEAD,
               "GE\377"
               "T / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("method with less", 400, WIRE_HEAD, "GE<T / HTTP/1.1\r\nHost: a\r\n\r\n"),
};

const WireGroup wire_line_groups[] = {
    WIRE_GROUP ("Refused", "Line ends", "RFC 9112 §2.2", line_ends),
    WIRE_GROUP ("Refused", "Folds and leading blanks", "RFC 9112 §5.2", folds),
    WIRE_GROUP ("Refused", "Versions", "RFC 9112 §2.3", versions),
    WIRE_GROUP ("Refused", "Request line", "RFC 9112 §3", request_lines),
    WIRE_GROUP ("Refused", "Other versions", "RFC 9110 §15.6.6", other_versions),
    WIRE_GROUP ("Refused", "Methods", "RFC 9110 §9.1", methods),
};

const guint n_wire_line_groups = G_N_ELEMENTS (wire_line_groups);

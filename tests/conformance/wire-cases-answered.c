/* SPDX-License-Identifier: MIT
 *
 * How well-formed requests are answered: what is said of every answer stands in wire-answer.c. */

#include "wire-cases.h"

static const WireCase heads[] = {
    WIRE_ANSWER ("HEAD of a text", 200, FALSE, "Content-Length: 11\nContent-Type: text/plain",
                 "HEAD /fixed HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_ANSWER ("GET of the same", 200, FALSE, "Content-Length: 11\nContent-Type: text/plain",
                 "GET /fixed HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_ANSWER ("HEAD of a stream", 200, FALSE, "-Content-Length",
                 "HEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_ANSWER ("HEAD of HTTP/1.0", 200, TRUE, "Content-Length: 11",
                 "HEAD /fixed HTTP/1.0\r\n\r\n"),
    WIRE_ANSWER ("HEAD of an empty body", 200, FALSE, "Content-Length: 0",
                 "HEAD /empty HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_ANSWER ("HEAD of an error", 403, FALSE, "Content-Type: application/problem+json",
                 "HEAD /forbidden HTTP/1.1\r\nHost: a\r\n\r\n"),
};

static const WireCase bodiless[] = {
    WIRE_ANSWER ("204", 204, FALSE, "-Content-Length\n-Transfer-Encoding",
                 "GET /no-content HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_ANSWER ("204 whose handler sets a body", 204, FALSE, "-Content-Length\n-Transfer-Encoding",
                 "GET /no-content-with-body HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_ANSWER ("204 of HTTP/1.0", 204, TRUE, "-Content-Length\n-Transfer-Encoding",
                 "GET /no-content HTTP/1.0\r\n\r\n"),
    WIRE_ANSWER ("204 whose handler streams", 204, FALSE, "-Content-Length\n-Transfer-Encoding",
                 "GET /no-content-stream HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_ANSWER ("304", 304, FALSE, "-Content-Length\n-Transfer-Encoding\nETag: \"x\"",
                 "GET /fresh HTTP/1.1\r\nHost: a\r\nIf-None-Match: \"x\"\r\n\r\n"),
    WIRE_ANSWER ("304 of HEAD", 304, FALSE, "-Content-Length\n-Transfer-Encoding\nETag: \"x\"",
                 "HEAD /fresh HTTP/1.1\r\nHost: a\r\nIf-None-Match: \"x\"\r\n\r\n"),
    WIRE_ANSWER ("205 has no content", 205, FALSE, "Content-Length: 0",
                 "GET /reset HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_ANSWER ("200 of an empty body", 200, FALSE, "Content-Length: 0",
                 "GET /empty HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_ANSWER ("103 before 200", 200, FALSE, "Content-Length: 11",
                 "GET /hints HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_ANSWER ("no 103 to HTTP/1.0", 200, TRUE, "Content-Length: 11",
                 "GET /hints HTTP/1.0\r\n\r\n"),
};

static const WireCase allowed[] = {
    WIRE_ANSWER ("method that the path does not take", 405, FALSE,
                 "Allow: GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS, QUERY",
                 "LOCK /other HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_ANSWER ("method that a path does not take, with a body", 405, FALSE,
                 "Allow: GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS, QUERY",
                 "LOCK /other HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"),
    WIRE_ANSWER ("method that a path does not take, with chunks", 405, FALSE,
                 "Allow: GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS, QUERY",
                 "LOCK /other HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                 "5\r\nhello\r\n0\r\n\r\n"),
    WIRE_ANSWER ("TRACE", 501, FALSE, NULL, "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n"),
};

static const WireCase options[] = {
    WIRE_ANSWER ("OPTIONS of a path", 204, FALSE,
                 "Allow: GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS, QUERY",
                 "OPTIONS / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_ANSWER ("OPTIONS of the server", 204, FALSE,
                 "Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, QUERY",
                 "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_ANSWER ("OPTIONS of a path that ends in an asterisk", 204, FALSE,
                 "Allow: GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS, QUERY",
                 "OPTIONS /* HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_ANSWER ("OPTIONS with a body", 204, FALSE,
                 "Allow: GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS, QUERY",
                 "OPTIONS / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"),
};

static const WireCase framings[] = {
    WIRE_ANSWER ("stream to HTTP/1.1", 200, FALSE, "Transfer-Encoding: chunked\n=hello world",
                 "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_ANSWER ("stream to HTTP/1.0", 200, TRUE,
                 "-Transfer-Encoding\n-Content-Length\n=hello world",
                 "GET /stream HTTP/1.0\r\n\r\n"),
    WIRE_ANSWER ("stream to HTTP/1.0 that would keep alive", 200, TRUE,
                 "-Transfer-Encoding\n-Content-Length\n=hello world",
                 "GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"),
    WIRE_ANSWER ("stream of a known length", 200, FALSE,
                 "-Transfer-Encoding\nContent-Length: 11\n=hello world",
                 "GET /stream-of-11 HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_ANSWER ("stream of a known length to HTTP/1.0", 200, TRUE,
                 "-Transfer-Encoding\nContent-Length: 11\n=hello world",
                 "GET /stream-of-11 HTTP/1.0\r\n\r\n"),
    WIRE_ANSWER ("stream that is told to close", 200, TRUE, "Transfer-Encoding: chunked",
                 "GET /stream HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
};

/* What stands behind the last chunk is in braces. */
static const WireCase behind[] = {
    WIRE_ANSWER ("trailer of a stream", 200, FALSE,
                 "Trailer: X-Sum\n-X-Sum\n=hello world{X-Sum: 11}",
                 "GET /sum HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_ANSWER ("trailer to who asks for it", 200, FALSE,
                 "Trailer: X-Sum\n-X-Sum\n=hello world{X-Sum: 11}",
                 "GET /sum HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nConnection: TE\r\n\r\n"),
    WIRE_ANSWER ("no trailer to HTTP/1.0", 200, TRUE, "-Trailer\n-X-Sum\n=hello world",
                 "GET /sum HTTP/1.0\r\n\r\n"),
    WIRE_ANSWER ("no trailer behind a known length", 200, FALSE,
                 "-Trailer\n-X-Sum\nContent-Length: 11\n=hello world",
                 "GET /sum-of-11 HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_ANSWER ("no trailer to HEAD", 200, FALSE, "-Trailer\n-X-Sum",
                 "HEAD /sum HTTP/1.1\r\nHost: a\r\n\r\n"),
};

static const WireCase connections[] = {
    WIRE_ANSWER ("close is honoured and sent", 200, TRUE, "Connection: close\n=hello world",
                 "GET /fixed HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
    WIRE_ANSWER ("close in a list", 200, TRUE, "Connection: close",
                 "GET /fixed HTTP/1.1\r\nHost: a\r\nConnection: x,\tclose , y\r\n\r\n"),
    WIRE_ANSWER ("close in a second field", 200, TRUE, "Connection: close",
                 "GET /fixed HTTP/1.1\r\nHost: a\r\nConnection: x\r\nConnection: close\r\n\r\n"),
    WIRE_ANSWER ("close beats keep-alive", 200, TRUE, "Connection: close",
                 "GET /fixed HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, close\r\n\r\n"),
    WIRE_ANSWER ("close beats keep-alive of HTTP/1.0", 200, TRUE, "Connection: close",
                 "GET /fixed HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n"),
    WIRE_ANSWER ("keep-alive of HTTP/1.0", 200, FALSE, "Connection: keep-alive",
                 "GET /fixed HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"),
    WIRE_ANSWER ("HTTP/1.0 says nothing", 200, TRUE, "Connection: close",
                 "GET /fixed HTTP/1.0\r\n\r\n"),
    WIRE_ANSWER ("HTTP/1.1 says nothing", 200, FALSE, "-Connection",
                 "GET /fixed HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_ANSWER ("close with a body that is not read", 200, TRUE, "Connection: close",
                 "POST /unread HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: "
                 "5\r\n\r\nhello"),
};

static const WireCase unread[] = {
    WIRE_ANSWER ("body that the handler leaves", 200, FALSE, "-Connection",
                 "POST /unread HTTP/1.1\r\nHost: a\r\nContent-Length: 38\r\n\r\n"
                 "GET /smuggled HTTP/1.1\r\nHost: evil\r\n\r\n"),
    WIRE_ANSWER ("chunks that the handler leaves", 200, FALSE, "-Connection",
                 "POST /unread HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n26\r\n"
                 "GET /smuggled HTTP/1.1\r\nHost: evil\r\n\r\n\r\n0\r\n\r\n"),
};

const WireGroup wire_answered_groups[] = {
    WIRE_GROUP ("And answered", "HEAD", "RFC 9110 §9.3.2", heads),
    WIRE_GROUP ("And answered", "Without a body", "RFC 9110 §6.4.1", bodiless),
    WIRE_GROUP ("And answered", "Methods", "RFC 9110 §15.5.6", allowed),
    WIRE_GROUP ("And answered", "OPTIONS", "RFC 9110 §9.3.7", options),
    WIRE_GROUP ("And answered", "Lengths of answers", "RFC 9112 §6.3", framings),
    WIRE_GROUP ("And answered", "Trailers of answers", "RFC 9112 §7.1.2", behind),
    WIRE_GROUP ("And answered", "Connection", "RFC 9112 §9.6", connections),
    WIRE_GROUP ("And answered", "Bodies left unread", "RFC 9112 §9.3", unread),
};

const guint n_wire_answered_groups = G_N_ELEMENTS (wire_answered_groups);

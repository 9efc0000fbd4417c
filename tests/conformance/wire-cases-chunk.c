/* SPDX-License-Identifier: MIT
 *
 * Chunked bodies and trailers that are refused. */

#include "wire-cases.h"

static const WireCase chunk_sizes[] = {
    WIRE_CASE (
        "chunk size of no size", 400, WIRE_BODY,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\r\nhello\r\n0\r\n\r\n"),
    WIRE_CASE (
        "chunk size of no hex size", 400, WIRE_BODY,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx\r\nhello\r\n0\r\n\r\n"),
    WIRE_CASE (
        "chunk size of a blank before the size", 400, WIRE_BODY,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n 5\r\nhello\r\n0\r\n\r\n"),
    WIRE_CASE (
        "chunk size of a blank behind the size", 400, WIRE_BODY,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5 \r\nhello\r\n0\r\n\r\n"),
    WIRE_CASE ("chunk size of a TAB behind the size", 400, WIRE_BODY,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
               "chunked\r\n\r\n5\t\r\nhello\r\n0\r\n\r\n"),
    WIRE_CASE (
        "chunk size of a plus", 400, WIRE_BODY,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n+5\r\nhello\r\n0\r\n\r\n"),
    WIRE_CASE (
        "chunk size of a minus", 400, WIRE_BODY,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n"),
    WIRE_CASE ("chunk size of 0x", 400, WIRE_BODY,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
               "chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n"),
    WIRE_CASE ("chunk size of an underscore", 400, WIRE_BODY,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
               "chunked\r\n\r\n5_0\r\nhello\r\n0\r\n\r\n"),
    WIRE_CASE (
        "chunk size of letter g", 400, WIRE_BODY,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\ng\r\nhello\r\n0\r\n\r\n"),
    WIRE_CASE ("chunk size of 17 digits", 400, WIRE_BODY,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
               "chunked\r\n\r\n00000000000000005\r\nhello\r\n0\r\n\r\n"),
    WIRE_CASE ("chunk size of 2^64", 400, WIRE_BODY,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
               "chunked\r\n\r\n10000000000000000\r\nhello\r\n0\r\n\r\n"),
    WIRE_CASE ("chunk size of 17 digits of f", 400, WIRE_BODY,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
               "chunked\r\n\r\nfffffffffffffffff\r\nhello\r\n0\r\n\r\n"),
    WIRE_CASE ("chunk size of 2^63", 400, WIRE_BODY,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
               "chunked\r\n\r\n8000000000000000\r\nhello\r\n0\r\n\r\n"),
    WIRE_CASE ("chunk size of 2^64 - 1", 400, WIRE_BODY,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
               "chunked\r\n\r\nffffffffffffffff\r\nhello\r\n0\r\n\r\n"),
    WIRE_CASE (
        "chunk size of a comma", 400, WIRE_BODY,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5,\r\nhello\r\n0\r\n\r\n"),
    WIRE_CASE ("chunk size of a point", 400, WIRE_BODY,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
               "chunked\r\n\r\n5.0\r\nhello\r\n0\r\n\r\n"),
    WIRE_CASE ("chunk size of NUL", 400, WIRE_BODY,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\000"
               "5\r\nhello\r\n0\r\n\r\n"),
    WIRE_CASE ("chunk size of 7fffffff is too large", 413, WIRE_BODY,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n7fffffff\r\nhello"),
    WIRE_CASE ("chunk size of 80000000 is too large", 413, WIRE_BODY,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n80000000\r\nhello"),
    WIRE_CASE ("chunk size of ffffffff is too large", 413, WIRE_BODY,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\nhello"),
    WIRE_CASE (
        "chunk size of 100000000 is too large", 413, WIRE_BODY,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n100000000\r\nhello"),
    WIRE_CASE ("chunk size of 7fffffffffffffff is too large", 413, WIRE_BODY,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
               "chunked\r\n\r\n7fffffffffffffff\r\nhello"),
};

static const WireCase chunk_extensions[] = {
    WIRE_CASE (
        "chunk extension with a bare semicolon", 400, WIRE_BODY,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;\r\nhello\r\n0\r\n\r\n"),
    WIRE_CASE ("chunk extension with two semicolons", 400, WIRE_BODY,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
               "chunked\r\n\r\n5;;a\r\nhello\r\n0\r\n\r\n"),
    WIRE_CASE ("chunk extension with a blank", 400, WIRE_BODY,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5; "
               "a\r\nhello\r\n0\r\n\r\n"),
    WIRE_CASE ("chunk extension with a blank before =", 400, WIRE_BODY,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;a "
               "=b\r\nhello\r\n0\r\n\r\n"),
    WIRE_CASE ("chunk extension with a blank behind =", 400, WIRE_BODY,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;a= "
               "b\r\nhello\r\n0\r\n\r\n"),
    WIRE_CASE ("chunk extension with no value", 400, WIRE_BODY,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
               "chunked\r\n\r\n5;a=\r\nhello\r\n0\r\n\r\n"),
    WIRE_CASE ("chunk extension with no name", 400, WIRE_BODY,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
               "chunked\r\n\r\n5;=b\r\nhello\r\n0\r\n\r\n"),
    WIRE_CASE ("chunk extension with two =", 400, WIRE_BODY,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
               "chunked\r\n\r\n5;a=b=c\r\nhello\r\n0\r\n\r\n"),
    WIRE_CASE ("chunk extension with an open quote", 400, WIRE_BODY,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
               "chunked\r\n\r\n5;a=\"b\r\nhello\r\n0\r\n\r\n"),
    WIRE_CASE ("chunk extension with letters behind a quote", 400, WIRE_BODY,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
               "chunked\r\n\r\n5;a=\"b\"c\r\nhello\r\n0\r\n\r\n"),
    WIRE_CASE ("chunk extension with a control in quotes", 400, WIRE_BODY,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
               "chunked\r\n\r\n5;a=\"\001\"\r\nhello\r\n0\r\n\r\n"),
    WIRE_CASE ("chunk extension with NUL", 400, WIRE_BODY,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;a\000"
               "\r\nhello\r\n0\r\n\r\n"),
    WIRE_CASE ("chunk extension with a semicolon behind", 400, WIRE_BODY,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
               "chunked\r\n\r\n5;a=b;\r\nhello\r\n0\r\n\r\n"),
    WIRE_CASE ("chunk extension with a comma", 400, WIRE_BODY,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
               "chunked\r\n\r\n5;a,b\r\nhello\r\n0\r\n\r\n"),
    WIRE_CASE ("chunk extension with byte 0x80", 400, WIRE_BODY,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;\200"
               "\r\nhello\r\n0\r\n\r\n"),
};

static const WireCase chunk_data[] = {
    WIRE_CASE (
        "chunk line ended by LF", 400, WIRE_BODY,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n"),
    WIRE_CASE (
        "chunk line ended by CR", 400, WIRE_BODY,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\rhello\r\n0\r\n\r\n"),
    WIRE_CASE ("chunk line ended by CR CR LF", 400, WIRE_BODY,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
               "chunked\r\n\r\n5\r\r\nhello\r\n0\r\n\r\n"),
    WIRE_CASE (
        "chunk extension ended by LF", 400, WIRE_BODY,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;a\nhello\r\n0\r\n\r\n"),
    WIRE_CASE (
        "chunk data ended by LF", 400, WIRE_BODY,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\n0\r\n\r\n"),
    WIRE_CASE (
        "chunk data ended by CR", 400, WIRE_BODY,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r0\r\n\r\n"),
    WIRE_CASE (
        "chunk data ended by two other bytes", 400, WIRE_BODY,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloxx0\r\n\r\n"),
    WIRE_CASE (
        "chunk data longer than said", 400, WIRE_BODY,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhellox\r\n0\r\n\r\n"),
    WIRE_CASE (
        "chunk data shorter than said", 400, WIRE_BODY,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhell\r\n0\r\n\r\n"),
    WIRE_CASE (
        "chunk data ended by LF CR", 400, WIRE_BODY,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\n\r0\r\n\r\n"),
    WIRE_CASE ("empty line between chunks", 400, WIRE_BODY,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
               "chunked\r\n\r\n5\r\nhello\r\n\r\n0\r\n\r\n"),
    WIRE_CASE ("last chunk ended by LF", 400, WIRE_BODY,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\n\r\n"),
};

static const WireCase trailers[] = {
    WIRE_CASE ("trailers ended by LF", 400, WIRE_BODY,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\n"),
    WIRE_CASE ("trailers ended by CR and something", 400, WIRE_BODY,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\rX"),
    WIRE_CASE ("trailer with an empty name", 400, WIRE_BODY,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n: v\r\n\r\n"),
    WIRE_CASE (
        "trailer with a blank before the colon", 400, WIRE_BODY,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX : v\r\n\r\n"),
    WIRE_CASE ("trailer with no colon", 400, WIRE_BODY,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX\r\n\r\n"),
    WIRE_CASE (
        "trailer with a blank before it", 400, WIRE_BODY,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n X: v\r\n\r\n"),
    WIRE_CASE (
        "trailer with a fold", 400, WIRE_BODY,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: a\r\n b\r\n\r\n"),
    WIRE_CASE ("trailer with a control", 400, WIRE_BODY,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: a\001"
               "b\r\n\r\n"),
    WIRE_CASE (
        "trailer with a bare CR", 400, WIRE_BODY,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: a\rb\r\n\r\n"),
    WIRE_CASE (
        "trailer with a bare LF", 400, WIRE_BODY,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: a\nY: b\r\n\r\n"),
    WIRE_CASE (
        "trailer with a bad name", 400, WIRE_BODY,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX(: a\r\n\r\n"),
    WIRE_CASE ("trailer with NUL", 400, WIRE_BODY,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX\000"
               ": a\r\n\r\n"),
};

const WireGroup wire_chunk_groups[] = {
    WIRE_GROUP ("Refused", "Chunk sizes", "RFC 9112 §7.1", chunk_sizes),
    WIRE_GROUP ("Refused", "Chunk extensions", "RFC 9112 §7.1.1", chunk_extensions),
    WIRE_GROUP ("Refused", "Chunk lines and data", "RFC 9112 §7.1", chunk_data),
    WIRE_GROUP ("Refused", "Trailers", "RFC 9112 §7.1.2", trailers),
};

const guint n_wire_chunk_groups = G_N_ELEMENTS (wire_chunk_groups);

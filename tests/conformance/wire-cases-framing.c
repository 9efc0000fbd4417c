/* SPDX-License-Identifier: MIT
 *
 * Lengths of messages that are refused. */

#include "wire-cases.h"

static const WireCase transfer_encodings[] = {
    WIRE_CASE ("Content-Length before Transfer-Encoding", 400, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: "
               "chunked\r\n\r\n0\r\n\r\n"),
    WIRE_CASE ("Transfer-Encoding before Content-Length", 400, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: "
               "5\r\n\r\n0\r\n\r\n"),
    WIRE_CASE ("Content-Length 0 with Transfer-Encoding", 400, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nTransfer-Encoding: "
               "chunked\r\n\r\n0\r\n\r\n"),
    WIRE_CASE (
        "unknown coding with Content-Length", 400, WIRE_HEAD,
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: gzip\r\n\r\nhello"),
    WIRE_CASE ("Transfer-Encoding in HTTP/1.0", 400, WIRE_HEAD,
               "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    WIRE_CASE ("unknown coding in HTTP/1.0", 400, WIRE_HEAD,
               "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n"),
    WIRE_CASE (
        "Transfer-Encoding chunked twice", 400, WIRE_HEAD,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"),
    WIRE_CASE ("Transfer-Encoding gzip and chunked", 400, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
    WIRE_CASE ("Transfer-Encoding chunked first", 400, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n"),
    WIRE_CASE ("Transfer-Encoding a comma behind", 400, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked,\r\n\r\n0\r\n\r\n"),
    WIRE_CASE ("Transfer-Encoding a comma before", 400, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: ,chunked\r\n\r\n0\r\n\r\n"),
    WIRE_CASE ("Transfer-Encoding a parameter", 400, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n"),
    WIRE_CASE ("Transfer-Encoding empty", 400, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \r\n\r\n0\r\n\r\n"),
    WIRE_CASE ("Transfer-Encoding two words", 400, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked x\r\n\r\n0\r\n\r\n"),
    WIRE_CASE ("Transfer-Encoding quoted", 400, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n"),
    WIRE_CASE ("Transfer-Encoding a semicolon", 400, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked;\r\n\r\n0\r\n\r\n"),
    WIRE_CASE ("Transfer-Encoding byte 0x80", 400, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: ch\200"
               "unked\r\n\r\n0\r\n\r\n"),
    WIRE_CASE (
        "Transfer-Encoding identity and chunked", 400, WIRE_HEAD,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n"),
    WIRE_CASE ("Transfer-Encoding doubled", 400, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: "
               "chunked\r\n\r\n0\r\n\r\n"),
    WIRE_CASE ("Transfer-Encoding doubled with identity", 400, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\nTransfer-Encoding: "
               "chunked\r\n\r\n0\r\n\r\n"),
    WIRE_CASE ("Transfer-Encoding with a vertical TAB", 400, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\013"
               "chunked\r\n\r\n0\r\n\r\n"),
};

static const WireCase codings[] = {
    WIRE_CASE ("unknown coding gzip", 501, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n0\r\n\r\n"),
    WIRE_CASE ("unknown coding identity", 501, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n"),
    WIRE_CASE ("unknown coding deflate", 501, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: deflate\r\n\r\n0\r\n\r\n"),
    WIRE_CASE ("unknown coding xchunked", 501, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
    WIRE_CASE ("unknown coding chunkedx", 501, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunkedx\r\n\r\n0\r\n\r\n"),
    WIRE_CASE ("unknown coding chunke", 501, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunke\r\n\r\n0\r\n\r\n"),
};

static const WireCase content_lengths[] = {
    WIRE_CASE ("Content-Length a list", 400, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\nhello"),
    WIRE_CASE ("Content-Length a list without a blank", 400, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5,5\r\n\r\nhello"),
    WIRE_CASE ("Content-Length a comma", 400, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5,\r\n\r\nhello"),
    WIRE_CASE ("Content-Length a plus", 400, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello"),
    WIRE_CASE ("Content-Length a minus", 400, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\nhello"),
    WIRE_CASE ("Content-Length empty", 400, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \r\n\r\nhello"),
    WIRE_CASE ("Content-Length blank", 400, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:   \r\n\r\nhello"),
    WIRE_CASE ("Content-Length hex", 400, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\nhello"),
    WIRE_CASE ("Content-Length a letter", 400, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: a\r\n\r\nhello"),
    WIRE_CASE ("Content-Length a letter behind", 400, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5a\r\n\r\nhello"),
    WIRE_CASE ("Content-Length two numbers", 400, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5 5\r\n\r\nhello"),
    WIRE_CASE ("Content-Length a leading zero", 400, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 05\r\n\r\nhello"),
    WIRE_CASE ("Content-Length two zeros", 400, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 00\r\n\r\nhello"),
    WIRE_CASE ("Content-Length many zeros", 400, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 000000005\r\n\r\nhello"),
    WIRE_CASE ("Content-Length a point", 400, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5.0\r\n\r\nhello"),
    WIRE_CASE ("Content-Length an exponent", 400, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1e3\r\n\r\nhello"),
    WIRE_CASE ("Content-Length quoted", 400, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \"5\"\r\n\r\nhello"),
    WIRE_CASE ("Content-Length digits of another script", 400, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \331\245\r\n\r\nhello"),
    WIRE_CASE ("Content-Length 2^63", 400, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9223372036854775808\r\n\r\nhello"),
    WIRE_CASE ("Content-Length 2^64 - 1", 400, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551615\r\n\r\nhello"),
    WIRE_CASE ("Content-Length 2^64", 400, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551616\r\n\r\nhello"),
    WIRE_CASE ("Content-Length 2^64 + 5", 400, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551621\r\n\r\nhello"),
    WIRE_CASE (
        "Content-Length 26 digits", 400, WIRE_HEAD,
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999999\r\n\r\nhello"),
    WIRE_CASE ("Content-Length doubled", 400, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello"),
    WIRE_CASE ("Content-Length doubled though equal", 400, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello"),
    WIRE_CASE ("Content-Length doubled in another case", 400, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\ncontent-length: 5\r\n\r\nhello"),
    WIRE_CASE ("Content-Length doubled in HTTP/1.0", 400, WIRE_HEAD,
               "POST / HTTP/1.0\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello"),
};

const WireGroup wire_framing_groups[] = {
    WIRE_GROUP ("Refused", "Transfer-Encoding", "RFC 9112 §6.1", transfer_encodings),
    WIRE_GROUP ("Refused", "Unknown codings", "RFC 9112 §6.1", codings),
    WIRE_GROUP ("Refused", "Content-Length", "RFC 9112 §6.3", content_lengths),
};

const guint n_wire_framing_groups = G_N_ELEMENTS (wire_framing_groups);

/* SPDX-License-Identifier: MIT
 *
 * What research and advisories found two servers to read differently: all refused. */

#include "wire-cases.h"

static const WireCase two_lengths[] = {
    WIRE_CASE_OF ("CL.TE", "Desync 2019", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\nTransfer-Encoding: "
                  "chunked\r\n\r\n0\r\n\r\nG"),
    WIRE_CASE_OF ("TE.CL", "Desync 2019", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: "
                  "chunked\r\n\r\n11\r\nGPOST / HTTP/1.1\r\n\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("CL.TE in HTTP/1.0", "CVE-2020-10109", 400, WIRE_HEAD,
                  "POST / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\nContent-Length: "
                  "6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG"),
    WIRE_CASE_OF ("TE in HTTP/1.0 kept alive", "RFC 9112 §6.1", 400, WIRE_HEAD,
                  "POST / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\nTransfer-Encoding: "
                  "chunked\r\n\r\n0\r\n\r\n"),
    WIRE_CASE_OF (
        "two different lengths", "CVE-2020-10108", 400, WIRE_HEAD,
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\nContent-Length: 5\r\n\r\nhello"),
    WIRE_CASE_OF ("two lengths in one", "CVE-2019-16792", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0, 5\r\n\r\nhello"),
    WIRE_CASE_OF (
        "GET with two lengths", "RFC 9112 §6.3", 400, WIRE_HEAD,
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\nhello"),
    WIRE_CASE_OF ("two lengths apart", "RFC 9112 §6.3", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nX: v\r\nY: "
                  "v\r\nCONTENT-LENGTH: 5\r\n\r\nhello"),
};

static const WireCase hidden_codings[] = {
    WIRE_CASE_OF ("blank before the colon of Transfer-Encoding", "CVE-2019-16276", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\n"
                  "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("TAB before the colon of Transfer-Encoding", "CVE-2021-22959", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\n"
                  "Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("vertical TAB before the colon of Transfer-Encoding", "Desync 2019", 400,
                  WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\n"
                  "Transfer-Encoding\013: chunked\r\n\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("blank before Transfer-Encoding", "Desync 2019", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\n"
                  " Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("blank before Transfer-Encoding behind a field", "Desync 2019", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\nX: v\r\n"
                  " Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("Transfer-Encoding behind a bare LF", "CVE-2022-32214", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\n"
                  "X: X\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("Transfer-Encoding behind a bare CR", "CVE-2020-1935", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\n"
                  "X: X\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("colon of Transfer-Encoding folded", "Desync 2019", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\n"
                  "Transfer-Encoding\r\n : chunked\r\n\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("value of Transfer-Encoding folded", "CVE-2022-32215", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\n"
                  "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("value of Transfer-Encoding folded by a TAB", "CVE-2022-32215", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\n"
                  "Transfer-Encoding:\r\n\tchunked\r\n\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("Transfer-Encoding goes on in a fold", "CVE-2022-32215", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\n"
                  "Transfer-Encoding: chunked\r\n , identity\r\n\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("Transfer-Encoding chunked and cow", "Desync 2019", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\n"
                  "Transfer-Encoding: chunked\r\nTransfer-encoding: cow\r\n\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("Transfer-Encoding cow and chunked", "CVE-2020-8287", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\n"
                  "Transfer-Encoding: cow\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("Transfer-Encoding empty and chunked", "CVE-2020-8287", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\n"
                  "Transfer-Encoding:\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("NUL before chunked", "Desync 2019", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\n"
                  "Transfer-Encoding: \000chunked\r\n\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("NUL behind chunked", "Desync 2019", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\n"
                  "Transfer-Encoding: chunked\000\r\n\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("NUL behind the name Transfer-Encoding", "Desync 2019", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\n"
                  "Transfer-Encoding\000: chunked\r\n\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("form feed before chunked", "CVE-2022-24801", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\n"
                  "Transfer-Encoding: \014chunked\r\n\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("vertical TAB behind chunked", "CVE-2019-16786", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\n"
                  "Transfer-Encoding: chunked\013\r\n\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("next line before chunked", "Desync 2019", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\n"
                  "Transfer-Encoding: \205chunked\r\n\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("no-break space before chunked", "Desync 2019", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\n"
                  "Transfer-Encoding: \240chunked\r\n\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("byte 0xff within chunked", "CVE-2019-15605", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\n"
                  "Transfer-Encoding: ch\377unked\r\n\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("backspace behind chunked", "CVE-2019-15605", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\n"
                  "Transfer-Encoding: chunkedx\010\r\n\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("blank within chunked", "CVE-2022-32213", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\n"
                  "Transfer-Encoding: chun ked\r\n\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("bare CR behind chunked", "CVE-2020-1935", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\n"
                  "Transfer-Encoding: chunked\r\r\n\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("commas before chunked", "CVE-2024-1135", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\n"
                  "Transfer-Encoding: ,,chunked\r\n\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("chunked in single quotes", "CVE-2019-16786", 501, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\n"
                  "Transfer-Encoding: 'chunked'\r\n\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("letter of another script in chunked", "RFC 9112 §6.1", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\n"
                  "Transfer-Encoding: chun\304\270ed\r\n\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("blank in the name Transfer-Encoding", "Desync 2019", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\n"
                  "Transfer Encoding: chunked\r\n\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("CR in the name Transfer-Encoding", "CVE-2020-8201", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\n"
                  "Transfer\rEncoding: chunked\r\n\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("colon before the name Transfer-Encoding", "CVE-2023-25725", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\n"
                  ":Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("chunked with a parameter", "CVE-2022-32213", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\n"
                  "Transfer-Encoding: chunked; a=b\r\n\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("chunked behind identity and a TAB", "CVE-2022-32213", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\n"
                  "Transfer-Encoding: identity,\tchunked\r\n\r\n0\r\n\r\n"),
};

static const WireCase hidden_lengths[] = {
    WIRE_CASE_OF ("blank before the colon of Content-Length", "CVE-2019-16276", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\nContent-Length : 5\r\n\r\nhello"),
    WIRE_CASE_OF ("value of Content-Length folded", "RFC 9112 §5.2", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n 5\r\n\r\nhello"),
    WIRE_CASE_OF ("Content-Length goes on in a fold", "RFC 9112 §5.2", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n 5\r\n\r\nhello"),
    WIRE_CASE_OF ("NUL behind Content-Length", "CVE-2022-24801", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\000\r\n\r\nhello"),
    WIRE_CASE_OF ("vertical TAB before the length", "CVE-2022-24801", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \0135\r\n\r\nhello"),
    WIRE_CASE_OF ("no-break space before the length", "CVE-2022-24801", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \2405\r\n\r\nhello"),
    WIRE_CASE_OF ("length of plus zero", "CVE-2022-24801", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +0\r\n\r\nhello"),
    WIRE_CASE_OF ("length of minus zero", "RFC 9112 §6.3", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -0\r\n\r\nhello"),
    WIRE_CASE_OF ("length with an underscore", "CVE-2023-47627", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1_0\r\n\r\nhello"),
    WIRE_CASE_OF ("length with a semicolon", "RFC 9112 §6.3", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5;\r\n\r\nhello"),
    WIRE_CASE_OF ("length with a LF behind", "CVE-2022-32214", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\nX: v\r\n\r\nhello"),
    WIRE_CASE_OF ("length in octal", "RFC 9112 §6.3", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0o5\r\n\r\nhello"),
    WIRE_CASE_OF (
        "empty length and a good one", "CVE-2023-40225", 400, WIRE_HEAD,
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\nContent-Length: 5\r\n\r\nhello"),
    WIRE_CASE_OF ("length behind an empty name", "CVE-2023-25725", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\n:\r\nContent-Length: 5\r\n\r\nhello"),
    WIRE_CASE_OF ("CR for the dash of Content-Length", "CVE-2020-8201", 400, WIRE_HEAD,
                  "POST / HTTP/1.1\r\nHost: a\r\nContent\rLength: 5\r\n\r\nhello"),
};

static const WireCase odd_chunks[] = {
    WIRE_CASE_OF (
        "LF in an empty chunk extension", "Funky chunks 2025", 400, WIRE_BODY,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;\nhello\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("LF in a chunk extension", "Funky chunks 2025", 400, WIRE_BODY,
                  "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
                  "chunked\r\n\r\n5;a\nxx\r\nhello\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("CR in a chunk extension", "Funky chunks 2025", 400, WIRE_BODY,
                  "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
                  "chunked\r\n\r\n5;a\rb\r\nhello\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("LF in a quoted chunk extension", "CVE-2021-22960", 400, WIRE_BODY,
                  "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
                  "chunked\r\n\r\n5;a=\"\n\"\r\nhello\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("CR LF in a quoted chunk extension", "CVE-2021-22960", 400, WIRE_BODY,
                  "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
                  "chunked\r\n\r\n5;a=\"\r\n\"\r\nhello\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("blank before a chunk extension", "CVE-2021-22960", 400, WIRE_BODY,
                  "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5 "
                  ";a\r\nhello\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("chunk data goes on by two bytes", "CVE-2025-43859", 400, WIRE_BODY,
                  "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
                  "chunked\r\n\r\n5\r\nhello450\r\n0\r\n\r\n"),
    WIRE_CASE_OF (
        "chunk data ended by CR and a letter", "CVE-2025-43859", 400, WIRE_BODY,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\rx0\r\n\r\n"),
    WIRE_CASE_OF (
        "chunk data ended by a letter and LF", "CVE-2025-43859", 400, WIRE_BODY,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhellox\n0\r\n\r\n"),
    WIRE_CASE_OF ("last chunk of 0x0", "CVE-2022-24801", 400, WIRE_BODY,
                  "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
                  "chunked\r\n\r\n5\r\nhello\r\n0x0\r\n\r\n"),
    WIRE_CASE_OF (
        "last chunk with a blank", "CVE-2022-24801", 400, WIRE_BODY,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0 \r\n\r\n"),
    WIRE_CASE_OF (
        "last chunk of minus zero", "RFC 9112 §7.1", 400, WIRE_BODY,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n-0\r\n\r\n"),
    WIRE_CASE_OF ("LF before the chunk size", "Funky chunks 2025", 400, WIRE_BODY,
                  "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
                  "chunked\r\n\r\n\n5\r\nhello\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("vertical TAB behind the chunk size", "CVE-2022-24801", 400, WIRE_BODY,
                  "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
                  "chunked\r\n\r\n5\013\r\nhello\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("no-break space behind the chunk size", "CVE-2022-24801", 400, WIRE_BODY,
                  "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
                  "chunked\r\n\r\n5\240\r\nhello\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("chunk size in another script", "RFC 9112 §7.1", 400, WIRE_BODY,
                  "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
                  "chunked\r\n\r\n\331\245\r\nhello\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("chunk size of 40 digits", "CVE-2013-2028", 400, WIRE_BODY,
                  "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
                  "chunked\r\n\r\n0000000000000000000000000000000000000005\r\nhello\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("chunk size of quotes", "RFC 9112 §7.1", 400, WIRE_BODY,
                  "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
                  "chunked\r\n\r\n\"5\"\r\nhello\r\n0\r\n\r\n"),
    WIRE_CASE_OF ("request behind a CR of the trailers", "Funky chunks 2025", 400, WIRE_BODY,
                  "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\rGET "
                  "/smuggled HTTP/1.1\r\n\r\n"),
    WIRE_CASE_OF (
        "trailer section ended by LF behind a field", "Funky chunks 2025", 400, WIRE_BODY,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: v\r\n\n"),
    WIRE_CASE_OF ("request as a trailer", "RFC 9112 §7.1.2", 400, WIRE_BODY,
                  "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nGET "
                  "/smuggled HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE_OF (
        "trailer of a name that is none", "RFC 9112 §7.1.2", 400, WIRE_BODY,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\"X\": v\r\n\r\n"),
};

static const WireCase two_hosts[] = {
    WIRE_CASE_OF ("second Host with a blank before its colon", "Desync 2019", 400, WIRE_HEAD,
                  "GET / HTTP/1.1\r\nHost: a\r\nHost : b\r\n\r\n"),
    WIRE_CASE_OF ("second Host behind a blank", "Desync 2019", 400, WIRE_HEAD,
                  "GET / HTTP/1.1\r\nHost: a\r\n Host: b\r\n\r\n"),
    WIRE_CASE_OF ("Host behind a blank alone", "RFC 9112 §2.2", 400, WIRE_HEAD,
                  "GET / HTTP/1.1\r\n Host: b\r\nHost: a\r\n\r\n"),
    WIRE_CASE_OF ("Host folded", "RFC 9112 §5.2", 400, WIRE_HEAD,
                  "GET / HTTP/1.1\r\nHost: a\r\n\tb\r\n\r\n"),
    WIRE_CASE_OF ("Host behind a bare LF", "CVE-2022-32214", 400, WIRE_HEAD,
                  "GET / HTTP/1.1\r\nHost: a\nHost: b\r\n\r\n"),
    WIRE_CASE_OF ("Host with a NUL", "RFC 9110 §5.5", 400, WIRE_HEAD,
                  "GET / HTTP/1.1\r\nHost: a\000b\r\n\r\n"),
    WIRE_CASE_OF ("Host with a port and a userinfo", "RFC 9110 §4.2.4", 400, WIRE_HEAD,
                  "GET / HTTP/1.1\r\nHost: a:80@b\r\n\r\n"),
    WIRE_CASE_OF ("Host with a fragment and a userinfo", "RFC 9110 §4.2.4", 400, WIRE_HEAD,
                  "GET / HTTP/1.1\r\nHost: a#@b\r\n\r\n"),
    WIRE_CASE_OF ("Host with a semicolon behind a blank", "RFC 9112 §3.2", 400, WIRE_HEAD,
                  "GET / HTTP/1.1\r\nHost: a ;b\r\n\r\n"),
    WIRE_CASE_OF ("Host with two addresses", "RFC 9112 §3.2", 400, WIRE_HEAD,
                  "GET / HTTP/1.1\r\nHost: [::1][::1]\r\n\r\n"),
    WIRE_CASE_OF ("Host of an address with a zone", "RFC 3986 §3.2.2", 400, WIRE_HEAD,
                  "GET / HTTP/1.1\r\nHost: [fe80::1%eth0]\r\n\r\n"),
    WIRE_CASE_OF ("absolute-form beside an empty Host", "RFC 9112 §3.2.2", 400, WIRE_HEAD,
                  "GET http://a/ HTTP/1.1\r\nHost:\r\n\r\n"),
    WIRE_CASE_OF ("absolute-form beside two Hosts", "RFC 9112 §3.2.2", 400, WIRE_HEAD,
                  "GET http://a/ HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"),
    WIRE_CASE_OF ("absolute-form without a Host", "RFC 9112 §3.2", 400, WIRE_HEAD,
                  "GET http://a/ HTTP/1.1\r\nX: v\r\n\r\n"),
    WIRE_CASE_OF ("absolute-form whose userinfo is Host", "RFC 9110 §4.2.4", 400, WIRE_HEAD,
                  "GET http://a@b/ HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE_OF ("absolute-form with a backslash", "RFC 3986 §2", 400, WIRE_HEAD,
                  "GET http://a\\@b/ HTTP/1.1\r\nHost: a\r\n\r\n"),
};

static const WireCase odd_lines[] = {
    WIRE_CASE_OF ("NUL before the method", "RFC 9112 §3", 400, WIRE_HEAD,
                  "\000GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE_OF ("byte order mark before the method", "RFC 9112 §3", 400, WIRE_HEAD,
                  "\357\273\277GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE_OF ("colon in the request line", "RFC 9112 §3", 400, WIRE_HEAD,
                  "GET: / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE_OF ("two targets", "CVE-2016-8743", 400, WIRE_HEAD,
                  "GET /a /b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE_OF ("blank in the target", "CVE-2016-8743", 400, WIRE_HEAD,
                  "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE_OF ("vertical TAB behind the version", "CVE-2016-8743", 400, WIRE_HEAD,
                  "GET / HTTP/1.1\013\r\nHost: a\r\n\r\n"),
    WIRE_CASE_OF ("NUL behind the version", "RFC 9112 §3", 400, WIRE_HEAD,
                  "GET / HTTP/1.1\000\r\nHost: a\r\n\r\n"),
    WIRE_CASE_OF ("semicolon behind the version", "RFC 9112 §2.3", 400, WIRE_HEAD,
                  "GET / HTTP/1.1;\r\nHost: a\r\n\r\n"),
    WIRE_CASE_OF ("no-break space before the version", "RFC 9112 §3", 400, WIRE_HEAD,
                  "GET /\240HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE_OF ("CR within the method", "RFC 9112 §2.2", 400, WIRE_HEAD,
                  "GE\rT / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE_OF ("version of no digits", "RFC 9112 §2.3", 400, WIRE_HEAD,
                  "GET / HTTP/\r\nHost: a\r\n\r\n"),
    WIRE_CASE_OF ("answer for a request", "RFC 9112 §2.1", 400, WIRE_HEAD,
                  "HTTP/1.1 200 OK\r\nHost: a\r\n\r\n"),
    WIRE_CASE_OF ("field for a request line", "RFC 9112 §2.1", 400, WIRE_HEAD,
                  "Content-Length: 5\r\nHost: a\r\n\r\n"),
    WIRE_CASE_OF ("target of two slashes and a userinfo", "RFC 9112 §3.2.2", 400, WIRE_HEAD,
                  "GET a@b/ HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE_OF ("target of another authority", "RFC 9112 §3.2.3", 400, WIRE_HEAD,
                  "GET a:80 HTTP/1.1\r\nHost: a\r\n\r\n"),
    WIRE_CASE_OF ("the first line of PROXY", "RFC 9112 §3", 400, WIRE_HEAD,
                  "PROXY TCP4 127.0.0.1 127.0.0.1 1 2\r\nHost: a\r\n\r\n"),
};

const WireGroup wire_smuggling_groups[] = {
    WIRE_GROUP ("Refused", "Smuggling: two lengths", "RFC 9112 §6.3", two_lengths),
    WIRE_GROUP ("Refused", "Smuggling: hidden Transfer-Encoding", "RFC 9112 §6.1", hidden_codings),
    WIRE_GROUP ("Refused", "Smuggling: hidden Content-Length", "RFC 9112 §6.2", hidden_lengths),
    WIRE_GROUP ("Refused", "Smuggling: chunks", "RFC 9112 §7.1", odd_chunks),
    WIRE_GROUP ("Refused", "Smuggling: two hosts", "RFC 9112 §3.2", two_hosts),
    WIRE_GROUP ("Refused", "Smuggling: request lines", "RFC 9112 §3", odd_lines),
};

const guint n_wire_smuggling_groups = G_N_ELEMENTS (wire_smuggling_groups);

/* SPDX-License-Identifier: MIT
 *
 * Fields that are refused. */

#include "wire-cases.h"

static const WireCase names[] = {
    WIRE_CASE ("empty name", 400, WIRE_HEAD, "GET / HTTP/1.1\r\nHost: a\r\n: v\r\n\r\n"),
    WIRE_CASE ("blank before the colon", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nX : v\r\n\r\n"),
    WIRE_CASE ("TAB before the colon", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nX\t: v\r\n\r\n"),
    WIRE_CASE ("no colon", 400, WIRE_HEAD, "GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n"),
    WIRE_CASE ("no colon but a blank", 400, WIRE_HEAD, "GET / HTTP/1.1\r\nHost: a\r\nX v\r\n\r\n"),
    WIRE_CASE ("name with blank", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nA "
               "B: v\r\n\r\n"),
    WIRE_CASE ("name with paren", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nA("
               "B: v\r\n\r\n"),
    WIRE_CASE ("name with closing paren", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nA)"
               "B: v\r\n\r\n"),
    WIRE_CASE ("name with at", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nA@"
               "B: v\r\n\r\n"),
    WIRE_CASE ("name with slash", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nA/"
               "B: v\r\n\r\n"),
    WIRE_CASE ("name with equals", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nA="
               "B: v\r\n\r\n"),
    WIRE_CASE ("name with bracket", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nA["
               "B: v\r\n\r\n"),
    WIRE_CASE ("name with brace", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nA{"
               "B: v\r\n\r\n"),
    WIRE_CASE ("name with quote", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nA\""
               "B: v\r\n\r\n"),
    WIRE_CASE ("name with comma", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nA,"
               "B: v\r\n\r\n"),
    WIRE_CASE ("name with semicolon", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nA;"
               "B: v\r\n\r\n"),
    WIRE_CASE ("name with backslash", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nA\\"
               "B: v\r\n\r\n"),
    WIRE_CASE ("name with less", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nA<"
               "B: v\r\n\r\n"),
    WIRE_CASE ("name with question mark", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nA?"
               "B: v\r\n\r\n"),
    WIRE_CASE ("name with NUL", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nA\000"
               "B: v\r\n\r\n"),
    WIRE_CASE ("name with SOH", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nA\001"
               "B: v\r\n\r\n"),
    WIRE_CASE ("name with DEL", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nA\177"
               "B: v\r\n\r\n"),
    WIRE_CASE ("name with byte 0x80", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nA\200"
               "B: v\r\n\r\n"),
    WIRE_CASE ("name with UTF-8", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nA\303\244"
               "B: v\r\n\r\n"),
};

static const WireCase values[] = {
    WIRE_CASE ("value beginning with NUL", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nX: \000"
               "b\r\n\r\n"),
    WIRE_CASE ("value beginning at once with NUL", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nX:\000"
               "b\r\n\r\n"),
    WIRE_CASE ("value with NUL within", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nX: abcdefgh\000"
               "ijklmnop\r\n\r\n"),
    WIRE_CASE ("value ending with NUL", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nX: abcdefghijk\000\r\n\r\n"),
    WIRE_CASE ("value beginning with SOH", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nX: \001"
               "b\r\n\r\n"),
    WIRE_CASE ("value beginning at once with SOH", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nX:\001"
               "b\r\n\r\n"),
    WIRE_CASE ("value with SOH within", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nX: abcdefgh\001"
               "ijklmnop\r\n\r\n"),
    WIRE_CASE ("value ending with SOH", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nX: abcdefghijk\001\r\n\r\n"),
    WIRE_CASE ("value beginning with BS", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nX: \010"
               "b\r\n\r\n"),
    WIRE_CASE ("value beginning at once with BS", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nX:\010"
               "b\r\n\r\n"),
    WIRE_CASE ("value with BS within", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nX: abcdefgh\010"
               "ijklmnop\r\n\r\n"),
    WIRE_CASE ("value ending with BS", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nX: abcdefghijk\010\r\n\r\n"),
    WIRE_CASE ("value beginning with VT", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nX: \013"
               "b\r\n\r\n"),
    WIRE_CASE ("value beginning at once with VT", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nX:\013"
               "b\r\n\r\n"),
    WIRE_CASE ("value with VT within", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nX: abcdefgh\013"
               "ijklmnop\r\n\r\n"),
    WIRE_CASE ("value ending with VT", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nX: abcdefghijk\013\r\n\r\n"),
    WIRE_CASE ("value beginning with FF", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nX: \014"
               "b\r\n\r\n"),
    WIRE_CASE ("value beginning at once with FF", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nX:\014"
               "b\r\n\r\n"),
    WIRE_CASE ("value with FF within", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nX: abcdefgh\014"
               "ijklmnop\r\n\r\n"),
    WIRE_CASE ("value ending with FF", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nX: abcdefghijk\014\r\n\r\n"),
    WIRE_CASE ("value beginning with ESC", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nX: \033"
               "b\r\n\r\n"),
    WIRE_CASE ("value beginning at once with ESC", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nX:\033"
               "b\r\n\r\n"),
    WIRE_CASE ("value with ESC within", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nX: abcdefgh\033"
               "ijklmnop\r\n\r\n"),
    WIRE_CASE ("value ending with ESC", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nX: abcdefghijk\033\r\n\r\n"),
    WIRE_CASE ("value beginning with US", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nX: \037"
               "b\r\n\r\n"),
    WIRE_CASE ("value beginning at once with US", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nX:\037"
               "b\r\n\r\n"),
    WIRE_CASE ("value with US within", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nX: abcdefgh\037"
               "ijklmnop\r\n\r\n"),
    WIRE_CASE ("value ending with US", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nX: abcdefghijk\037\r\n\r\n"),
    WIRE_CASE ("value beginning with DEL", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nX: \177"
               "b\r\n\r\n"),
    WIRE_CASE ("value beginning at once with DEL", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nX:\177"
               "b\r\n\r\n"),
    WIRE_CASE ("value with DEL within", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nX: abcdefgh\177"
               "ijklmnop\r\n\r\n"),
    WIRE_CASE ("value ending with DEL", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nX: abcdefghijk\177\r\n\r\n"),
    WIRE_CASE ("control in a long value at each place", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nX: 0123456\001"
               "89abcdef0123456789abcdef\r\n\r\n"),
};

static const WireCase content_types[] = {
    WIRE_CASE (
        "doubled Content-Type", 400, WIRE_HEAD,
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Type: text/html\r\n\r\n"),
    WIRE_CASE ("doubled Content-Type though equal", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\ncontent-type: "
               "text/plain\r\n\r\n"),
};

static const WireCase hosts[] = {
    WIRE_CASE ("Host absent", 400, WIRE_HEAD, "GET / HTTP/1.1\r\n\r\n"),
    WIRE_CASE ("Host doubled", 400, WIRE_HEAD, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
    WIRE_CASE ("Host doubled though equal", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("Host doubled apart", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\nhOST: a\r\n\r\n"),
    WIRE_CASE ("Host_ is not Host", 400, WIRE_HEAD, "GET / HTTP/1.1\r\nHo_st: a\r\n\r\n"),
    WIRE_CASE ("Host empty", 400, WIRE_HEAD, "GET / HTTP/1.1\r\nHost:\r\n\r\n"),
    WIRE_CASE ("Host of blanks", 400, WIRE_HEAD, "GET / HTTP/1.1\r\nHost:  \t \r\n\r\n"),
    WIRE_CASE ("Host of a list", 400, WIRE_HEAD, "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"),
    WIRE_CASE ("Host of a list without a blank", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a,b\r\n\r\n"),
    WIRE_CASE ("Host of two words", 400, WIRE_HEAD, "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"),
    WIRE_CASE ("Host of userinfo", 400, WIRE_HEAD, "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"),
    WIRE_CASE ("Host of userinfo with a password", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: u:p@a\r\n\r\n"),
    WIRE_CASE ("Host of a slash", 400, WIRE_HEAD, "GET / HTTP/1.1\r\nHost: a/\r\n\r\n"),
    WIRE_CASE ("Host of a path", 400, WIRE_HEAD, "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
    WIRE_CASE ("Host of a query", 400, WIRE_HEAD, "GET / HTTP/1.1\r\nHost: a?b\r\n\r\n"),
    WIRE_CASE ("Host of a fragment", 400, WIRE_HEAD, "GET / HTTP/1.1\r\nHost: a#b\r\n\r\n"),
    WIRE_CASE ("Host of a URL", 400, WIRE_HEAD, "GET / HTTP/1.1\r\nHost: http://a\r\n\r\n"),
    WIRE_CASE ("Host of port x", 400, WIRE_HEAD, "GET / HTTP/1.1\r\nHost: a:x\r\n\r\n"),
    WIRE_CASE ("Host of port -1", 400, WIRE_HEAD, "GET / HTTP/1.1\r\nHost: a:-1\r\n\r\n"),
    WIRE_CASE ("Host of port 65536", 400, WIRE_HEAD, "GET / HTTP/1.1\r\nHost: a:65536\r\n\r\n"),
    WIRE_CASE ("Host of port beyond all", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a:99999999999\r\n\r\n"),
    WIRE_CASE ("Host of two ports", 400, WIRE_HEAD, "GET / HTTP/1.1\r\nHost: a:80:80\r\n\r\n"),
    WIRE_CASE ("Host of a port only", 400, WIRE_HEAD, "GET / HTTP/1.1\r\nHost: :80\r\n\r\n"),
    WIRE_CASE ("Host of a blank in the port", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a:8 0\r\n\r\n"),
    WIRE_CASE ("Host of a backslash", 400, WIRE_HEAD, "GET / HTTP/1.1\r\nHost: a\\b\r\n\r\n"),
    WIRE_CASE ("Host of byte 0x80", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: a\200"
               "b\r\n\r\n"),
    WIRE_CASE ("Host of less", 400, WIRE_HEAD, "GET / HTTP/1.1\r\nHost: a<b\r\n\r\n"),
    WIRE_CASE ("Host of a broken escape", 400, WIRE_HEAD, "GET / HTTP/1.1\r\nHost: a%\r\n\r\n"),
    WIRE_CASE ("Host of an open bracket", 400, WIRE_HEAD, "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n"),
    WIRE_CASE ("Host of a closing bracket", 400, WIRE_HEAD, "GET / HTTP/1.1\r\nHost: ::1]\r\n\r\n"),
    WIRE_CASE ("Host of no address", 400, WIRE_HEAD, "GET / HTTP/1.1\r\nHost: [::g]\r\n\r\n"),
    WIRE_CASE ("Host of no address in brackets", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: []\r\n\r\n"),
    WIRE_CASE ("Host of letters behind the bracket", 400, WIRE_HEAD,
               "GET / HTTP/1.1\r\nHost: [::1]x\r\n\r\n"),
    WIRE_CASE ("Host of a TAB", 400, WIRE_HEAD, "GET / HTTP/1.1\r\nHost: a\tb\r\n\r\n"),
    WIRE_CASE ("Host doubled in 1.0", 400, WIRE_HEAD,
               "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n"),
    WIRE_CASE ("Host bad in 1.0", 400, WIRE_HEAD, "GET / HTTP/1.0\r\nHost: a/b\r\n\r\n"),
};

static const WireCase expects[] = {
    WIRE_CASE ("Expect unknown", 417, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nExpect: 200-ok\r\n\r\nx"),
    WIRE_CASE (
        "Expect a list", 417, WIRE_HEAD,
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nExpect: 100-continue, x\r\n\r\nx"),
    WIRE_CASE ("Expect empty", 417, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nExpect: \r\n\r\nx"),
    WIRE_CASE ("Expect longer", 417, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nExpect: 100-continued\r\n\r\nx"),
    WIRE_CASE (
        "Expect with a parameter", 417, WIRE_HEAD,
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nExpect: 100-continue; a=b\r\n\r\nx"),
    WIRE_CASE ("Expect cut short", 417, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nExpect: 100\r\n\r\nx"),
    WIRE_CASE ("Expect doubled", 417, WIRE_HEAD,
               "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nExpect: 100-continue\r\nExpect: "
               "100-continue\r\n\r\nx"),
};

const WireGroup wire_field_groups[] = {
    WIRE_GROUP ("Refused", "Field names", "RFC 9112 §5.1", names),
    WIRE_GROUP ("Refused", "Field values", "RFC 9110 §5.5", values),
    WIRE_GROUP ("Refused", "Content-Type", "RFC 9110 §8.3", content_types),
    WIRE_GROUP ("Refused", "Host", "RFC 9112 §3.2", hosts),
    WIRE_GROUP ("Refused", "Expect", "RFC 9110 §10.1.1", expects),
};

const guint n_wire_field_groups = G_N_ELEMENTS (wire_field_groups);

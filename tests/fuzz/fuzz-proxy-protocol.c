/* SPDX-License-Identifier: MIT
 *
 * Headers of the PROXY protocol: what a plain reading takes is taken, with the same client and
 * length, whatever is behind it; before its last byte nothing is whole, and what was refused once
 * never is taken with more bytes. */

#include "fuzz.h"
#include "h3/wire/proxy-protocol.h"

#include <arpa/inet.h>
#include <stdlib.h>

#define FIXED 16

static guint
get (H3View bytes, gsize at)
{
    return at < bytes.length ? (guint8) bytes.data[at] : 0;
}

/* FALSE: none, and what is not whole is none. */
typedef struct {
    gboolean is_header, is_told;
    gsize length;
    H3SocketAddress client;
} Plain;

static gboolean
read_with_system (int family, const char *text, H3Address *out_address)
{
    out_address->family = family == AF_INET ? H3_ADDRESS_IPV4 : H3_ADDRESS_IPV6;
    return inet_pton (family, text, out_address->bytes) == 1;
}

static Plain
read_line (H3View bytes)
{
    static GRegex *regex;
    Plain plain = { 0 };
    g_autoptr (GMatchInfo) match = NULL;
    g_autofree char *version = NULL, *client = NULL, *server = NULL, *port = NULL, *other = NULL;
    H3Address ignored = { H3_ADDRESS_NONE };
    int family, end;

    if (regex == NULL)
        regex = g_regex_new ("^PROXY (?:UNKNOWN(?: [^\\r\\n]*)?|TCP([46]) ([0-9a-fA-F:.]+) "
                             "([0-9a-fA-F:.]+) (0|[1-9][0-9]{0,4}) (0|[1-9][0-9]{0,4}))\\r\\n",
                             G_REGEX_RAW | G_REGEX_OPTIMIZE, 0, NULL);
    if (!g_regex_match_full (regex, bytes.data, (gssize) bytes.length, 0, 0, &match, NULL)
        || !g_match_info_fetch_pos (match, 0, NULL, &end) || end > PROXY_PROTOCOL_MAX_LINE)
        return plain;
    plain.length = (gsize) end;
    version = g_match_info_fetch (match, 1);
    plain.is_told = version != NULL && version[0] != '\0';
    plain.is_header = !plain.is_told;
    if (plain.is_header)
        return plain;
    client = g_match_info_fetch (match, 2);
    server = g_match_info_fetch (match, 3);
    port = g_match_info_fetch (match, 4);
    other = g_match_info_fetch (match, 5);
    family = version[0] == '4' ? AF_INET : AF_INET6;
    plain.client.port = (guint16) atoi (port);
    plain.is_header = read_with_system (family, client, &plain.client.address)
                      && read_with_system (family, server, &ignored) && atoi (port) <= G_MAXUINT16
                      && atoi (other) <= G_MAXUINT16;
    return plain;
}

/* By long division of the bits, four bytes of which count as zero. */
static guint32
divide (H3View bytes, gsize zeros)
{
    guint32 remainder = G_MAXUINT32;

    for (gsize i = 0; i < 8 * bytes.length; i++) {
        gboolean is_zero = i / 8 >= zeros && i / 8 < zeros + 4;
        guint bit = is_zero ? 0 : get (bytes, i / 8) >> (i % 8) & 1;
        gboolean wants = bit != (remainder & 1);

        remainder = remainder >> 1 ^ (wants ? 0x82f63b78 : 0);
    }
    return ~remainder;
}

/* Whether the values from `at` to `end` fill it; of the outer ones the sums are right. */
static gboolean
are_values (H3View whole, gsize at, gsize end, gboolean is_outer)
{
    while (at < end) {
        guint type = get (whole, at);
        gsize value = at + 3;
        gsize next = value + (get (whole, at + 1) << 8 | get (whole, at + 2));
        guint32 sum = (guint32) get (whole, value) << 24 | get (whole, value + 1) << 16
                      | get (whole, value + 2) << 8 | get (whole, value + 3);

        if (value > end || next > end)
            return FALSE;
        if (is_outer && type == 3 && (next - value != 4 || divide (whole, value) != sum))
            return FALSE;
        if (is_outer && type == 0x20
            && (next - value < 5 || !are_values (whole, value + 5, next, FALSE)))
            return FALSE;
        at = next;
    }
    return TRUE;
}

static Plain
read_block (H3View bytes)
{
    static const guint8 beginning[] = { 13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10 };
    Plain plain = { 0 };
    guint command = get (bytes, 12), kind = get (bytes, 13);
    gsize addresses = kind == 0x11 ? 12 : kind == 0x21 ? 36 : 216;
    H3View whole;

    plain.length = FIXED + (get (bytes, 14) << 8 | get (bytes, 15));
    if (bytes.length < FIXED || memcmp (bytes.data, beginning, sizeof beginning) != 0
        || command >> 4 != 2 || (command & 15) > 1 || plain.length > PROXY_PROTOCOL_MAX_BLOCK
        || bytes.length < plain.length)
        return plain;
    plain.is_header = command == 0x20 || kind == 0;
    if (plain.is_header || (kind != 0x11 && kind != 0x21 && kind != 0x31)
        || plain.length < FIXED + addresses)
        return plain;
    whole = h3_view (bytes.data, plain.length);
    plain.is_told = TRUE;
    plain.is_header = are_values (whole, FIXED + addresses, plain.length, TRUE);
    plain.client.address.family = kind == 0x11   ? H3_ADDRESS_IPV4
                                  : kind == 0x21 ? H3_ADDRESS_IPV6
                                                 : H3_ADDRESS_UNIX;
    if (kind == 0x31)
        return plain;
    memcpy (plain.client.address.bytes, bytes.data + FIXED, kind == 0x11 ? 4 : 16);
    plain.client.port =
        (guint16) (get (bytes, FIXED + addresses - 4) << 8 | get (bytes, FIXED + addresses - 3));
    return plain;
}

static void
assert_same (const Plain *plain, const ProxyHeader *header, gsize length)
{
    FUZZ_ASSERT (length == plain->length && header->is_told == plain->is_told,
                 "%" G_GSIZE_FORMAT " bytes, not %" G_GSIZE_FORMAT, length, plain->length);
    FUZZ_ASSERT (!header->is_told
                     || (h3_address_equal (&header->client.address, &plain->client.address)
                         && header->client.port == plain->client.port),
                 "another client, port %u, not %u", header->client.port, plain->client.port);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    H3View bytes = h3_view ((const char *) data, size);
    Plain plain = get (bytes, 0) == '\r' ? read_block (bytes) : read_line (bytes);
    gboolean is_refused = FALSE;
    FuzzCuts cuts;
    gsize end = 0;

    fuzz_cuts_init (&cuts, bytes);
    while (fuzz_cuts_next (&cuts, &end)) {
        g_autofree char *copy = fuzz_copy (data, end);
        ProxyHeader header;
        gsize length = 0;
        ProxyResult result = proxy_protocol_read (h3_view (copy, end), &header, &length);

        FUZZ_ASSERT ((result == PROXY_WHOLE) == (plain.is_header && end >= plain.length),
                     "%" G_GSIZE_FORMAT " bytes: %d", end, result);
        FUZZ_ASSERT (!is_refused || result == PROXY_REFUSED, "refused, then %d", result);
        FUZZ_ASSERT (result != PROXY_NEEDS_MORE || end < PROXY_PROTOCOL_MAX_BLOCK, "never whole");
        is_refused = result == PROXY_REFUSED;
        if (result == PROXY_WHOLE)
            assert_same (&plain, &header, length);
    }
    return 0;
}

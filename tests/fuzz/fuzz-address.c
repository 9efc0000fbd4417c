/* SPDX-License-Identifier: MIT
 *
 * Addresses, a line each: an address, an address with a port, a block. What the system's own
 * reader takes is taken, with the same bytes, and written as the system writes it; what is written
 * reads as what it was written from; a block has what shares its bits. */

#include "fuzz.h"
#include "h3/format/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

/* The systems' reader knows no zones, and reads strings. */
static gboolean
read_by_system (H3View text, H3Address *out_address)
{
    g_autofree char *string = h3_view_dup (text);

    *out_address = (H3Address){ H3_ADDRESS_NONE };
    if (strlen (string) != text.length)
        return FALSE;
    if (inet_pton (AF_INET, string, out_address->bytes) == 1)
        out_address->family = H3_ADDRESS_IPV4;
    else if (inet_pton (AF_INET6, string, out_address->bytes) == 1)
        out_address->family = H3_ADDRESS_IPV6;
    return out_address->family != H3_ADDRESS_NONE;
}

/* It writes ::1.2.3.4 for what RFC 5952 has as ::102:304. */
static gboolean
is_v4_compatible (const H3Address *address)
{
    static const guint8 zeros[12];

    return address->family == H3_ADDRESS_IPV6 && memcmp (address->bytes, zeros, 12) == 0;
}

static void
assert_written (const H3Address *address)
{
    char text[H3_ADDRESS_TEXT_SIZE], expected[INET6_ADDRSTRLEN];
    int family = address->family == H3_ADDRESS_IPV4 ? AF_INET : AF_INET6;
    gsize length = h3_address_write (address, text);
    H3Address again;

    FUZZ_ASSERT (length == strlen (text) && h3_address_parse_string (text, &again)
                     && h3_address_equal (address, &again),
                 "%s reads as another", text);
    (void) inet_ntop (family, address->bytes, expected, sizeof expected);
    FUZZ_ASSERT (address->scope != 0 || is_v4_compatible (address) || g_str_equal (text, expected),
                 "%s, not %s", text, expected);
    (void) h3_address_classify (address);
}

static void
compare_address (H3View text)
{
    H3Address expected, found = { H3_ADDRESS_NONE };
    gboolean taken = h3_address_parse (text, &found);
    gboolean wanted = read_by_system (text, &expected);

    if (h3_view_find (text, '%') < 0)
        FUZZ_ASSERT (taken == wanted && (!taken || h3_address_equal (&found, &expected)),
                     "%.*s is taken: %d", H3_VIEW_ARGS (text), taken);
    if (taken)
        assert_written (&found);
}

static void
assert_native (const H3SocketAddress *address)
{
    struct sockaddr_storage native;
    socklen_t length = h3_socket_address_to_native (address, &native);
    H3SocketAddress again;

    FUZZ_ASSERT (length > 0, "no native form");
    h3_socket_address_from_native ((struct sockaddr *) &native, length, &again);
    FUZZ_ASSERT (h3_address_equal (&address->address, &again.address)
                     && address->port == again.port,
                 "the native form is another");
}

static void
check_socket_address (H3View text, int default_port)
{
    H3SocketAddress address, again;
    char written[H3_ADDRESS_TEXT_SIZE];

    if (!h3_socket_address_parse (text, default_port, &address))
        return;
    FUZZ_ASSERT (h3_socket_address_write (&address, written) == strlen (written), "the length");
    FUZZ_ASSERT (h3_socket_address_parse_string (written, -1, &again)
                     && h3_address_equal (&address.address, &again.address)
                     && address.port == again.port,
                 "%.*s is written %s", H3_VIEW_ARGS (text), written);
    assert_written (&address.address);
    assert_native (&address);
}

static gboolean
get_bit (const H3Address *address, guint index)
{
    return address->bytes[index / 8] >> (7 - index % 8) & 1;
}

/* An IPv4 address is in a block of v4-mapped ones, and such a one in an IPv4 block. */
static gboolean
is_in_block (const H3AddressPrefix *prefix, const H3Address *address)
{
    static const guint8 mapped[12] = { [10] = 0xff, [11] = 0xff };
    H3Address same = *address;

    if (prefix->address.family == H3_ADDRESS_IPV4 && address->family == H3_ADDRESS_IPV6) {
        if (memcmp (address->bytes, mapped, 12) != 0)
            return FALSE;
        memcpy (same.bytes, address->bytes + 12, 4);
    } else if (prefix->address.family == H3_ADDRESS_IPV6 && address->family == H3_ADDRESS_IPV4) {
        if (prefix->length < 96)
            return FALSE;
        memcpy (same.bytes, mapped, 12);
        memcpy (same.bytes + 12, address->bytes, 4);
    }
    for (guint i = 0; i < prefix->length; i++) {
        if (get_bit (&prefix->address, i) != get_bit (&same, i))
            return FALSE;
    }
    return TRUE;
}

static void
check_block (H3View text, H3View other)
{
    H3AddressPrefix prefix;
    H3Address address;

    if (!h3_address_prefix_parse (text, &prefix))
        return;
    FUZZ_ASSERT (prefix.length <= (prefix.address.family == H3_ADDRESS_IPV4 ? 32 : 128), "%u bits",
                 prefix.length);
    FUZZ_ASSERT (h3_address_prefix_matches (&prefix, &prefix.address), "a block without itself");
    for (guint i = prefix.length; i < (prefix.address.family == H3_ADDRESS_IPV4 ? 32 : 128); i++)
        FUZZ_ASSERT (!get_bit (&prefix.address, i), "bit %u is left", i);
    if (h3_address_parse (other, &address))
        FUZZ_ASSERT (h3_address_prefix_matches (&prefix, &address)
                         == is_in_block (&prefix, &address),
                     "%.*s in %.*s", H3_VIEW_ARGS (other), H3_VIEW_ARGS (text));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    g_autofree char *copy = fuzz_copy (data, size);
    H3View rest = h3_view (copy, size);
    H3View lines[3] = { H3_VIEW_EMPTY, H3_VIEW_EMPTY, H3_VIEW_EMPTY };

    for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
        (void) fuzz_take_line (&rest, &lines[i]);
    compare_address (lines[0]);
    check_socket_address (lines[1], -1);
    check_socket_address (lines[1], 80);
    check_block (lines[2], lines[0]);
    return 0;
}

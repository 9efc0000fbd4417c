/* SPDX-License-Identifier: MIT */

#include "h3/format/address.h"
#include "tests/support/suite.h"

#include <string.h>

static H3AddressClass
classify (const char *text)
{
    H3Address address;

    ck_assert_msg (h3_address_parse_string (text, &address), "%s", text);
    return h3_address_classify (&address);
}

static const struct {
    H3AddressClass kind;
    const char *text;
} kinds[] = {
    { H3_ADDRESS_IS_UNSPECIFIED, "0.0.0.0" },
    { H3_ADDRESS_IS_UNSPECIFIED, "0.255.255.255" },
    { H3_ADDRESS_IS_GLOBAL, "1.0.0.0" },
    { H3_ADDRESS_IS_UNSPECIFIED, "::" },
    { H3_ADDRESS_IS_GLOBAL, "9.255.255.255" },
    { H3_ADDRESS_IS_PRIVATE, "10.0.0.0" },
    { H3_ADDRESS_IS_PRIVATE, "10.255.255.255" },
    { H3_ADDRESS_IS_GLOBAL, "11.0.0.0" },
    { H3_ADDRESS_IS_GLOBAL, "100.63.255.255" },
    { H3_ADDRESS_IS_PRIVATE, "100.64.0.0" },
    { H3_ADDRESS_IS_PRIVATE, "100.127.255.255" },
    { H3_ADDRESS_IS_GLOBAL, "100.128.0.0" },
    { H3_ADDRESS_IS_GLOBAL, "126.255.255.255" },
    { H3_ADDRESS_IS_LOOPBACK, "127.0.0.0" },
    { H3_ADDRESS_IS_LOOPBACK, "127.255.255.255" },
    { H3_ADDRESS_IS_GLOBAL, "128.0.0.0" },
    { H3_ADDRESS_IS_GLOBAL, "169.253.255.255" },
    { H3_ADDRESS_IS_LINK_LOCAL, "169.254.0.0" },
    { H3_ADDRESS_IS_LINK_LOCAL, "169.254.255.255" },
    { H3_ADDRESS_IS_GLOBAL, "169.255.0.0" },
    { H3_ADDRESS_IS_GLOBAL, "172.15.255.255" },
    { H3_ADDRESS_IS_PRIVATE, "172.16.0.0" },
    { H3_ADDRESS_IS_PRIVATE, "172.31.255.255" },
    { H3_ADDRESS_IS_GLOBAL, "172.32.0.0" },
    { H3_ADDRESS_IS_DOCUMENTATION, "192.0.2.0" },
    { H3_ADDRESS_IS_DOCUMENTATION, "192.0.2.255" },
    { H3_ADDRESS_IS_GLOBAL, "192.0.3.0" },
    { H3_ADDRESS_IS_GLOBAL, "192.167.255.255" },
    { H3_ADDRESS_IS_PRIVATE, "192.168.0.0" },
    { H3_ADDRESS_IS_PRIVATE, "192.168.255.255" },
    { H3_ADDRESS_IS_GLOBAL, "192.169.0.0" },
    { H3_ADDRESS_IS_DOCUMENTATION, "198.51.100.7" },
    { H3_ADDRESS_IS_GLOBAL, "198.51.101.0" },
    { H3_ADDRESS_IS_DOCUMENTATION, "203.0.113.7" },
    { H3_ADDRESS_IS_GLOBAL, "203.0.114.0" },
    { H3_ADDRESS_IS_GLOBAL, "223.255.255.255" },
    { H3_ADDRESS_IS_MULTICAST, "224.0.0.0" },
    { H3_ADDRESS_IS_MULTICAST, "239.255.255.255" },
    { H3_ADDRESS_IS_GLOBAL, "255.255.255.254" },
    { H3_ADDRESS_IS_BROADCAST, "255.255.255.255" },
    { H3_ADDRESS_IS_LOOPBACK, "::1" },
    { H3_ADDRESS_IS_GLOBAL, "::2" },
    { H3_ADDRESS_IS_GLOBAL, "2001:db7::" },
    { H3_ADDRESS_IS_DOCUMENTATION, "2001:db8:ffff::1" },
    { H3_ADDRESS_IS_GLOBAL, "2001:db9::" },
    { H3_ADDRESS_IS_DOCUMENTATION, "3fff:fff::1" },
    { H3_ADDRESS_IS_GLOBAL, "3fff:1000::1" },
    { H3_ADDRESS_IS_GLOBAL, "fbff::" },
    { H3_ADDRESS_IS_UNIQUE_LOCAL, "fc00::" },
    { H3_ADDRESS_IS_UNIQUE_LOCAL, "fdff::1" },
    { H3_ADDRESS_IS_GLOBAL, "fe00::" },
    { H3_ADDRESS_IS_LINK_LOCAL, "fe80::1%3" },
    { H3_ADDRESS_IS_LINK_LOCAL, "febf::" },
    { H3_ADDRESS_IS_GLOBAL, "fec0::" },
    { H3_ADDRESS_IS_MULTICAST, "ff02::1" },
    { H3_ADDRESS_IS_GLOBAL, "2606:4700::1111" },
    { H3_ADDRESS_IS_LOOPBACK, "::ffff:127.0.0.1" },
    { H3_ADDRESS_IS_PRIVATE, "::ffff:10.1.1.1" },
    { H3_ADDRESS_IS_GLOBAL, "::ffff:8.8.8.8" },
};

START_TEST (address_classify_knows_every_kind_to_its_edges)
{
    for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
        ck_assert_msg (classify (kinds[i].text) == kinds[i].kind, "%s", kinds[i].text);
}
END_TEST

static gboolean
matches (const char *prefix_text, const char *text)
{
    H3AddressPrefix prefix;
    H3Address address;

    ck_assert_msg (h3_address_prefix_parse (h3_view_of (prefix_text), &prefix), "%s", prefix_text);
    ck_assert (h3_address_parse_string (text, &address));
    return h3_address_prefix_matches (&prefix, &address);
}

START_TEST (prefix_matches_what_shares_its_bits)
{
    ck_assert (matches ("10.0.0.0/8", "10.255.255.255"));
    ck_assert (!matches ("10.0.0.0/8", "11.0.0.0"));
    ck_assert (matches ("10.1.2.3/8", "10.9.9.9"));
    ck_assert (matches ("192.168.4.0/22", "192.168.7.255"));
    ck_assert (!matches ("192.168.4.0/22", "192.168.8.0"));
    ck_assert (matches ("1.2.3.4", "1.2.3.4"));
    ck_assert (!matches ("1.2.3.4/32", "1.2.3.5"));
    ck_assert (matches ("0.0.0.0/0", "255.1.2.3"));
    ck_assert (!matches ("0.0.0.0/0", "::1"));
    ck_assert (matches ("fd00::/8", "fdff::1"));
    ck_assert (!matches ("fd00::/8", "fc00::1"));
    ck_assert (matches ("::1", "::1"));
    ck_assert (!matches ("::/127", "::2"));
    ck_assert (matches ("::/0", "2001::"));
    ck_assert (!matches ("::/0", "1.2.3.4"));
    ck_assert (matches ("fe80::/10", "fe80::1%3"));
}
END_TEST

START_TEST (prefix_of_ipv4_matches_mapped_addresses_both_ways)
{
    ck_assert (matches ("10.0.0.0/8", "::ffff:10.1.2.3"));
    ck_assert (!matches ("10.0.0.0/8", "::ffff:11.1.2.3"));
    ck_assert (matches ("::ffff:10.0.0.0/104", "10.1.2.3"));
    ck_assert (!matches ("::ffff:10.0.0.0/104", "11.1.2.3"));
    ck_assert (matches ("::ffff:0:0/96", "::ffff:1.2.3.4"));
    ck_assert (!matches ("10.0.0.0/8", "a00::"));
}
END_TEST

START_TEST (prefix_refuses_bad_lengths)
{
    static const char *const bad[] = { "",
                                       "/8",
                                       "10.0.0.0/",
                                       "10.0.0.0/33",
                                       "10.0.0.0/-1",
                                       "10.0.0.0/08",
                                       "10.0.0.0/8/",
                                       "10.0.0.0/8 ",
                                       "::/129",
                                       "::/",
                                       "fe80::1%1/64",
                                       "10/8" };
    H3AddressPrefix prefix;

    for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
        ck_assert_msg (!h3_address_prefix_parse (h3_view_of (bad[i]), &prefix), "%s", bad[i]);
}
END_TEST

START_TEST (prefix_of_a_string_is_what_it_is_of_a_view)
{
    H3AddressPrefix prefix = { .length = 7 };
    H3Address inside;

    ck_assert (!h3_address_prefix_parse_string ("10.0.0.0/33", &prefix));
    ck_assert_uint_eq (prefix.length, 7);
    ck_assert (h3_address_prefix_parse_string ("10.1.2.3/8", &prefix));
    ck_assert_uint_eq (prefix.length, 8);
    ck_assert (h3_address_parse_string ("10.200.0.1", &inside));
    ck_assert (h3_address_prefix_matches (&prefix, &inside));
}
END_TEST

START_TEST (addresses_are_copied_as_boxed_values)
{
    H3SocketAddress address;
    H3SocketAddress *copy;
    H3AddressPrefix prefix;
    H3AddressPrefix *prefix_copy;
    H3Address *alone;

    ck_assert (h3_socket_address_parse_string ("[2001:db8::1]:443", -1, &address));
    ck_assert (h3_address_prefix_parse_string ("fd00::/9", &prefix));
    copy = g_boxed_copy (H3_TYPE_SOCKET_ADDRESS, &address);
    alone = g_boxed_copy (H3_TYPE_ADDRESS, &address.address);
    prefix_copy = g_boxed_copy (H3_TYPE_ADDRESS_PREFIX, &prefix);
    ck_assert (h3_address_equal (&copy->address, &address.address));
    ck_assert_uint_eq (copy->port, 443);
    ck_assert (h3_address_equal (alone, &address.address));
    ck_assert (h3_address_equal (&prefix_copy->address, &prefix.address));
    ck_assert_uint_eq (prefix_copy->length, 9);
    g_boxed_free (H3_TYPE_SOCKET_ADDRESS, copy);
    g_boxed_free (H3_TYPE_ADDRESS, alone);
    g_boxed_free (H3_TYPE_ADDRESS_PREFIX, prefix_copy);
}
END_TEST

START_TEST (address_mask_keeps_the_first_bits)
{
    H3Address address, masked;
    g_autofree char *text = NULL;

    for (guint length = 0; length <= 130; length++) {
        address = (H3Address){ H3_ADDRESS_IPV6 };
        memset (address.bytes, 0xff, 16);
        masked = h3_address_mask (&address, length);
        for (guint bit = 0; bit < 128; bit++)
            ck_assert_uint_eq (masked.bytes[bit / 8] >> (7 - bit % 8) & 1, bit < length);
    }
    ck_assert (h3_address_parse_string ("1.2.3.4", &address));
    masked = h3_address_mask (&address, 20);
    text = h3_address_to_string (&masked);
    ck_assert_str_eq (text, "1.2.0.0");
}
END_TEST

START_TEST (address_unmap_changes_mapped_ones_only)
{
    H3Address mapped, plain, other;

    ck_assert (h3_address_parse_string ("::ffff:1.2.3.4", &mapped));
    ck_assert (h3_address_parse_string ("1.2.3.4", &plain));
    ck_assert (h3_address_parse_string ("::1.2.3.4", &other));
    ck_assert (!h3_address_equal (&mapped, &plain));
    ck_assert (h3_address_is_v4_mapped (&mapped));
    ck_assert (!h3_address_is_v4_mapped (&plain));
    ck_assert (!h3_address_is_v4_mapped (&other));
    mapped = h3_address_unmap (&mapped);
    ck_assert (h3_address_equal (&mapped, &plain));
    plain = h3_address_unmap (&other);
    ck_assert (h3_address_equal (&other, &plain));
}
END_TEST

START_TEST (address_equal_tells_zones_and_families_apart)
{
    H3Address a, b;

    ck_assert (h3_address_parse_string ("fe80::1%1", &a));
    ck_assert (h3_address_parse_string ("fe80::1%2", &b));
    ck_assert (!h3_address_equal (&a, &b));
    a = (H3Address){ H3_ADDRESS_NONE };
    b = (H3Address){ H3_ADDRESS_UNIX };
    ck_assert (!h3_address_equal (&a, &b));
    ck_assert (h3_address_equal (&a, &a));
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "kinds", address_classify_knows_every_kind_to_its_edges,
                    address_unmap_changes_mapped_ones_only,
                    address_equal_tells_zones_and_families_apart, NULL);
    suite_add_case (suite, "prefixes", prefix_matches_what_shares_its_bits,
                    prefix_of_ipv4_matches_mapped_addresses_both_ways, prefix_refuses_bad_lengths,
                    prefix_of_a_string_is_what_it_is_of_a_view,
                    addresses_are_copied_as_boxed_values, address_mask_keeps_the_first_bits, NULL);
}

int
main (void)
{
    return suite_run ("format/address-kind", add_tests);
}

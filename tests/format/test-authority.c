/* SPDX-License-Identifier: MIT */

#include "h3/format/authority.h"
#include "tests/support/suite.h"

static void
assert_reads (const char *text, const char *expected_host, int expected_port)
{
    gsize size = strlen (text);
    g_autofree char *copy = g_memdup2 (text, size);
    H3View host;
    int port = -7;

    ck_assert_msg (h3_authority_parse (h3_view (copy, size), &host, &port), "%s", text);
    ck_assert_msg (h3_view_equal (host, h3_view_of (expected_host)), "%s", text);
    ck_assert_int_eq (port, expected_port);
}

static void
assert_refused (const char *text, gsize size)
{
    g_autofree char *copy = g_memdup2 (text, size);
    H3View host = H3_VIEW ("before");
    int port = -7;

    ck_assert_msg (!h3_authority_parse (h3_view (copy, size), &host, &port), "%s", text);
    ck_assert (h3_view_equal (host, H3_VIEW ("before")));
    ck_assert_int_eq (port, -7);
}

START_TEST (authority_parse_takes_hosts_with_and_without_a_port)
{
    assert_reads ("example.com", "example.com", -1);
    assert_reads ("Example.COM.:8080", "Example.COM.", 8080);
    assert_reads ("a_b-c~d!$&'()*+;=", "a_b-c~d!$&'()*+;=", -1);
    assert_reads ("127.0.0.1:0", "127.0.0.1", 0);
    assert_reads ("h:65535", "h", 65535);
    assert_reads ("h:00080", "h", 80);
}
END_TEST

START_TEST (authority_parse_takes_ipv6_addresses_without_their_brackets)
{
    assert_reads ("[::1]", "::1", -1);
    assert_reads ("[2001:DB8::1]:443", "2001:DB8::1", 443);
    assert_reads ("[::ffff:1.2.3.4]", "::ffff:1.2.3.4", -1);
}
END_TEST

static const char *const no_hosts[] = {
    "",
    ":",
    ":80",
    "h:",
    "h:65536",
    "h:+1",
    "h:-1",
    "h:1a",
    "h: 1",
    "h:000080",
    "h:80:80",
    "h:0x50",
    "a,b",
    "a, b",
    " h",
    "h ",
    "h\t",
    "u@h",
    "u:p@h",
    "h/",
    "h/x",
    "h?q",
    "h#f",
    "h\\x",
    "h%41",
    "%68",
    "h\xc3\xa9",
    "\"h\"",
    "<h>",
    "h|",
    "h^",
    "h`",
    "{h}",
    "::1",
    "[]",
    "[",
    "]",
    "[::1",
    "::1]",
    "[::1]x",
    "[::1]:",
    "[::1]80",
    "[::1]:x",
    "[1.2.3.4]",
    "[::1%25eth0]",
    "[fe80::1%1]",
    "[v1.a]",
    "[::1::]",
    "[12345::]",
    "[1:2:3:4:5:6:7:8:9]",
    "h\r\nX: y",
    "h\n",
    "http://h",
    "a[::1]",
};

START_TEST (authority_parse_refuses_what_is_no_host)
{
    for (gsize i = 0; i < G_N_ELEMENTS (no_hosts); i++)
        assert_refused (no_hosts[i], strlen (no_hosts[i]));
    assert_refused ("h\0x", 3);
    assert_refused ("[::1\0]", 6);
    assert_refused ("[::1]\0", 6);
}
END_TEST

START_TEST (authority_parse_bounds_the_host)
{
    for (gsize size = H3_AUTHORITY_MAX_HOST - 1; size <= H3_AUTHORITY_MAX_HOST + 1; size++) {
        g_autofree char *host = g_strnfill (size, 'a');

        if (size <= H3_AUTHORITY_MAX_HOST)
            assert_reads (host, host, -1);
        else
            assert_refused (host, size);
    }
}
END_TEST

START_TEST (authority_parse_of_a_string_gives_a_copy)
{
    g_autofree char *host = NULL;
    int port;

    ck_assert (h3_authority_parse_string ("[::1]:80", &host, &port));
    ck_assert_str_eq (host, "::1");
    ck_assert_int_eq (port, 80);
    ck_assert (!h3_authority_parse_string ("a b", &host, &port));
    ck_assert_str_eq (host, "::1");
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "read", authority_parse_takes_hosts_with_and_without_a_port,
                    authority_parse_takes_ipv6_addresses_without_their_brackets,
                    authority_parse_of_a_string_gives_a_copy, NULL);
    suite_add_case (suite, "refused", authority_parse_refuses_what_is_no_host,
                    authority_parse_bounds_the_host, NULL);
}

int
main (void)
{
    return suite_run ("format/authority", add_tests);
}

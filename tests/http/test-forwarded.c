/* SPDX-License-Identifier: MIT */

#include "h3/base/error.h"
#include "h3/http/forwarded.h"
#include "tests/support/suite.h"

static H3TrustedProxies *
make_proxies (void)
{
    H3TrustedProxies *proxies = h3_trusted_proxies_new ();

    ck_assert (h3_trusted_proxies_add (proxies, "10.0.0.0/8", NULL));
    ck_assert (h3_trusted_proxies_add (proxies, "fd00::/8", NULL));
    return proxies;
}

static H3Address
address (const char *text)
{
    H3Address result = { H3_ADDRESS_UNIX };

    if (strcmp (text, "unix") != 0)
        ck_assert (h3_address_parse_string (text, &result));
    return result;
}

typedef struct {
    const char *forwarded, *x_for, *x_proto, *x_host; /* borrowed: literals */
} Fields;

/* "client scheme host" as `peer` and the fields tell, or "ambiguous". Each value lies in memory of
 * its exact size, so that a byte read past it is found. */
static char *
dup_resolved (const H3TrustedProxies *proxies, const char *peer, Fields fields)
{
    const char *texts[] = { fields.forwarded, fields.x_for, fields.x_proto, fields.x_host };
    H3View views[4];
    H3Address from = address (peer);
    H3Forwarded out;
    g_autofree char *client = NULL;
    char *result = NULL;

    for (guint i = 0; i < 4; i++)
        views[i] = texts[i] != NULL
                       ? h3_view (g_memdup2 (texts[i], strlen (texts[i])), strlen (texts[i]))
                       : h3_view (NULL, 0);
    for (guint i = 0; i < 4; i++) {
        if (texts[i] != NULL && views[i].data == NULL)
            views[i] = H3_VIEW_EMPTY;
    }
    if (h3_forwarded_resolve (proxies, &from, H3_VIEW ("http"), H3_VIEW ("own"), views[0], views[1],
                              views[2], views[3], &out)) {
        client = h3_address_to_string (&out.client);
        result = g_strdup_printf ("%s %.*s %.*s", client, H3_VIEW_ARGS (out.scheme),
                                  H3_VIEW_ARGS (out.host));
    }
    for (guint i = 0; i < 4; i++) {
        if (texts[i] != NULL && *texts[i] != '\0')
            g_free ((char *) views[i].data);
    }
    return result != NULL ? result : g_strdup ("ambiguous");
}

static void
assert_resolved (const H3TrustedProxies *proxies, const char *peer, Fields fields,
                 const char *expected)
{
    g_autofree char *text = dup_resolved (proxies, peer, fields);

    if (strcmp (text, expected) != 0)
        ck_abort_msg ("%s | %s gave %s, not %s", fields.forwarded, fields.x_for, text, expected);
}

static void
assert_forwarded (const char *forwarded, const char *expected)
{
    g_autoptr (H3TrustedProxies) proxies = make_proxies ();

    assert_resolved (proxies, "10.0.0.1", (Fields){ .forwarded = forwarded }, expected);
}

static void
assert_x_for (const char *x_for, const char *expected)
{
    g_autoptr (H3TrustedProxies) proxies = make_proxies ();

    assert_resolved (proxies, "10.0.0.1", (Fields){ .x_for = x_for }, expected);
}

START_TEST (forwarded_by_a_stranger_counts_for_nothing)
{
    g_autoptr (H3TrustedProxies) proxies = make_proxies ();
    g_autoptr (H3TrustedProxies) nobody = h3_trusted_proxies_new ();
    Fields fields = { "for=1.1.1.1;proto=https;host=evil", "1.1.1.1", "https", "evil" };
    Fields x = { NULL, "1.1.1.1", "https", "evil" };

    assert_resolved (proxies, "192.0.2.1", fields, "192.0.2.1 http own");
    assert_resolved (proxies, "192.0.2.1", x, "192.0.2.1 http own");
    assert_resolved (proxies, "unix", x, "unix http own");
    assert_resolved (NULL, "10.0.0.1", fields, "10.0.0.1 http own");
    assert_resolved (nobody, "10.0.0.1", x, "10.0.0.1 http own");
    assert_resolved (proxies, "::ffff:192.0.2.1", x, "192.0.2.1 http own");
}
END_TEST

START_TEST (forwarded_is_read_from_the_right_to_the_first_stranger)
{
    assert_forwarded ("for=192.0.2.43", "192.0.2.43 http own");
    assert_forwarded ("for=6.6.6.6, for=192.0.2.43", "192.0.2.43 http own");
    assert_forwarded ("for=6.6.6.6, for=192.0.2.43;proto=https;host=a.example, for=10.0.0.2",
                      "192.0.2.43 https a.example");
    assert_forwarded ("for=10.0.0.9,for=10.0.0.8 ,\tfor=10.0.0.7", "10.0.0.9 http own");
    assert_forwarded ("For=\"[2001:db8:cafe::17]:4711\";PROTO=HTTPS;by=203.0.113.43",
                      "2001:db8:cafe::17 https own");
    assert_forwarded ("for=\"192.0.2.43:47011\";host=\"a.example:8080\"",
                      "192.0.2.43 http a.example:8080");
    assert_forwarded ("for=\"192.0.2.43:_port\"", "192.0.2.43 http own");
    assert_forwarded ("for=\"[2001:db8::1]:_p\"", "2001:db8::1 http own");
    assert_forwarded ("for=\"[::ffff:192.0.2.43]\";other=\"a,b;\\\"c\"", "192.0.2.43 http own");
    assert_forwarded (";for=192.0.2.43;;proto=wss;", "192.0.2.43 https own");
}
END_TEST

START_TEST (forwarded_without_an_address_ends_at_the_last_known)
{
    assert_forwarded ("for=6.6.6.6, for=unknown;proto=https", "10.0.0.1 https own");
    assert_forwarded ("for=6.6.6.6, for=_hidden;host=a", "10.0.0.1 http a");
    assert_forwarded ("for=6.6.6.6, proto=https", "10.0.0.1 https own");
    assert_forwarded ("for=6.6.6.6, for=\"unknown:80\", for=10.0.0.2", "10.0.0.2 http own");
}
END_TEST

START_TEST (forwarded_that_is_malformed_ends_at_the_last_known)
{
    static const char *const malformed[] = { "",
                                             ",",
                                             ",,, ,",
                                             "garbage",
                                             "for",
                                             "for=",
                                             "=1.1.1.1",
                                             "for=1.1.1.1:80",
                                             "for=[::1]",
                                             "for=\"::1\"",
                                             "for=\"",
                                             "for=\"1.1.1.1",
                                             "for=1.1.1.1\"",
                                             "for =1.1.1.1",
                                             "for= 1.1.1.1",
                                             "for=1.1.1.1; proto=https",
                                             "for=1.1.1.1;for=1.1.1.1",
                                             "for=1.1.1",
                                             "for=\"1.1.1\\.1\"",
                                             "for=01.1.1.1",
                                             "for=\"[::1]x\"",
                                             "for=\"_\"",
                                             "for=1.1.1.1 proto=https",
                                             "for=\"\"",
                                             "\"for\"=1.1.1.1",
                                             "for=\"\\",
                                             "for=\"1.1.1.1:99999\"",
                                             "for=localhost",
                                             "for=\"[1.1.1.1]\"" };

    for (guint i = 0; i < G_N_ELEMENTS (malformed); i++) {
        g_autofree char *after = g_strconcat (malformed[i], ", for=192.0.2.43", NULL);
        g_autofree char *between = g_strconcat (malformed[i], ",for=10.0.0.2", NULL);

        assert_forwarded (malformed[i], "10.0.0.1 http own");
        assert_forwarded (after, "192.0.2.43 http own");
        assert_forwarded (between, "10.0.0.2 http own");
    }
}
END_TEST

START_TEST (forwarded_schemes_and_hosts_that_cannot_be_count_for_nothing)
{
    static const char *const hosts[] = { "a/b", "a@b", "a b",     "",     ":80",
                                         "a:",  "a:b", "a:65536", "[::1", "[::1]x",
                                         "[a]", "a,b", "a?b",     "a#b",  "a%00" };

    for (guint i = 0; i < G_N_ELEMENTS (hosts); i++) {
        g_autofree char *text = g_strdup_printf ("for=192.0.2.1;host=\"%s\";proto=ftp", hosts[i]);

        assert_forwarded (text, "192.0.2.1 http own");
    }
    assert_forwarded ("for=192.0.2.1;host=\"[::1]:80\"", "192.0.2.1 http [::1]:80");
}
END_TEST

START_TEST (x_forwarded_for_is_read_from_the_right_to_the_first_stranger)
{
    assert_x_for ("192.0.2.43", "192.0.2.43 http own");
    assert_x_for ("6.6.6.6, 192.0.2.43,10.0.0.3 , 10.0.0.2", "192.0.2.43 http own");
    assert_x_for ("10.0.0.3, 10.0.0.2", "10.0.0.3 http own");
    assert_x_for ("2001:db8::1", "2001:db8::1 http own");
    assert_x_for ("[2001:db8::1]:443, fd00::2", "2001:db8::1 http own");
    assert_x_for ("192.0.2.43:1234", "192.0.2.43 http own");
    assert_x_for ("::ffff:192.0.2.43,", "192.0.2.43 http own");
    assert_x_for ("6.6.6.6, unknown, 10.0.0.2", "10.0.0.2 http own");
    assert_x_for ("6.6.6.6, \"1.1.1.1\"", "10.0.0.1 http own");
    assert_x_for ("", "10.0.0.1 http own");
    assert_x_for (",", "10.0.0.1 http own");
    assert_x_for ("garbage", "10.0.0.1 http own");
    assert_x_for ("\", 192.0.2.43", "192.0.2.43 http own");
}
END_TEST

START_TEST (x_forwarded_proto_and_host_give_their_last_value)
{
    g_autoptr (H3TrustedProxies) proxies = make_proxies ();

    assert_resolved (proxies, "10.0.0.1", (Fields){ NULL, "192.0.2.1", "http, https", "evil,a:1" },
                     "192.0.2.1 https a:1");
    assert_resolved (proxies, "10.0.0.1", (Fields){ NULL, NULL, "HTTPS", "a" }, "10.0.0.1 https a");
    assert_resolved (proxies, "10.0.0.1", (Fields){ NULL, NULL, "junk", "a/b" },
                     "10.0.0.1 http own");
    assert_resolved (proxies, "10.0.0.1", (Fields){ NULL, NULL, "https,", "a," },
                     "10.0.0.1 http own");
}
END_TEST

START_TEST (forwarded_wins_over_x_forwarded_that_agrees_and_else_is_ambiguous)
{
    g_autoptr (H3TrustedProxies) proxies = make_proxies ();
    Fields agree = { "for=192.0.2.1;proto=https", "192.0.2.1", "http", "evil" };
    Fields differ = { "for=6.6.6.6;host=a", "192.0.2.1", "https", "b" };

    assert_resolved (proxies, "10.0.0.1", agree, "192.0.2.1 https own");
    assert_resolved (proxies, "10.0.0.1", differ, "ambiguous");
    h3_trusted_proxies_set_fields (proxies, H3_FORWARDED_X);
    assert_resolved (proxies, "10.0.0.1", differ, "192.0.2.1 https b");
    h3_trusted_proxies_set_fields (proxies, H3_FORWARDED_STANDARD);
    assert_resolved (proxies, "10.0.0.1", differ, "6.6.6.6 http a");
    assert_resolved (proxies, "10.0.0.1", (Fields){ .x_for = "192.0.2.1" }, "10.0.0.1 http own");
}
END_TEST

START_TEST (forwarded_reads_no_more_entries_than_its_bound)
{
    for (guint kind = 0; kind < 2; kind++) {
        g_autoptr (GString) many = g_string_new ("");

        for (guint i = 10000; i > 0; i--)
            g_string_append_printf (many, "%s%s10.1.%u.%u", i < 10000 ? "," : "",
                                    kind == 0 ? "for=" : "", i / 256, i % 256);
        if (kind == 0)
            assert_forwarded (many->str, "10.1.0.32 http own");
        else
            assert_x_for (many->str, "10.1.0.32 http own");
    }
}
END_TEST

START_TEST (forwarded_noise_never_moves_what_a_proxy_appended)
{
    static const char alphabet[] = "for=\"\\,;:[]1.10unknown_ \t";
    guint32 seed = g_random_int ();
    g_autoptr (GRand) random = g_rand_new_with_seed (seed);

    g_print ("seed %u\n", seed);
    for (guint turn = 0; turn < 5000; turn++) {
        char noise[20] = { 0 };
        g_autofree char *text = NULL;

        for (guint i = 0; i + 1 < sizeof noise; i++)
            noise[i] = alphabet[g_rand_int_range (random, 0, sizeof alphabet - 1)];
        text = g_strconcat (noise, ",for=\"192.0.2.43:1\";x=\"\\\",\"", NULL);
        assert_forwarded (text, "192.0.2.43 http own");
    }
}
END_TEST

START_TEST (proxies_on_unix_sockets_are_trusted_when_named)
{
    g_autoptr (H3TrustedProxies) proxies = make_proxies ();

    ck_assert (h3_trusted_proxies_add (proxies, "unix", NULL));
    assert_resolved (proxies, "unix", (Fields){ .x_for = "192.0.2.1" }, "192.0.2.1 http own");
    assert_resolved (proxies, "::ffff:10.0.0.1", (Fields){ .x_for = "192.0.2.1" },
                     "192.0.2.1 http own");
}
END_TEST

START_TEST (proxies_that_are_no_addresses_are_an_error)
{
    static const char *const wrong[] = { "", "10.0.0.0/33", "localhost", "10.0.0", "Unix", "*" };
    g_autoptr (H3TrustedProxies) proxies = h3_trusted_proxies_new ();
    g_autoptr (H3TrustedProxies) again = g_boxed_copy (H3_TYPE_TRUSTED_PROXIES, proxies);

    ck_assert_ptr_eq (again, proxies);
    for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
        g_autoptr (GError) error = NULL;

        ck_assert (!h3_trusted_proxies_add (proxies, wrong[i], &error));
        ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
    }
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "proxies", forwarded_by_a_stranger_counts_for_nothing,
                    proxies_on_unix_sockets_are_trusted_when_named,
                    proxies_that_are_no_addresses_are_an_error, NULL);
    suite_add_case (suite, "forwarded", forwarded_is_read_from_the_right_to_the_first_stranger,
                    forwarded_without_an_address_ends_at_the_last_known,
                    forwarded_that_is_malformed_ends_at_the_last_known,
                    forwarded_schemes_and_hosts_that_cannot_be_count_for_nothing,
                    forwarded_reads_no_more_entries_than_its_bound,
                    forwarded_noise_never_moves_what_a_proxy_appended, NULL);
    suite_add_case (suite, "x-forwarded",
                    x_forwarded_for_is_read_from_the_right_to_the_first_stranger,
                    x_forwarded_proto_and_host_give_their_last_value,
                    forwarded_wins_over_x_forwarded_that_agrees_and_else_is_ambiguous, NULL);
}

int
main (void)
{
    return suite_run ("http/forwarded", add_tests);
}

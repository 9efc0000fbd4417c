/* SPDX-License-Identifier: MIT
 *
 * What of a request's fields reaches the server behind. */

#include "h3/batteries/proxy-fields.h"
#include "tests/support/fake-carrier.h"
#include "tests/support/suite.h"

static FakeCarrier *carrier;
static ProxyHop hop;

static void
set_up (void)
{
    carrier = fake_carrier_new ();
    hop = (ProxyHop){ .name = H3_VIEW ("edge"),
                      .scheme = H3_VIEW ("http"),
                      .told_scheme = H3_VIEW ("http"),
                      .told_host = H3_VIEW ("example.org") };
    ck_assert (h3_address_parse_string ("192.0.2.7", &hop.peer));
}

static void
tear_down (void)
{
    fake_carrier_free (carrier);
}

static gboolean
append_field (const char *name, const char *value, gpointer out)
{
    g_string_append_printf (out, "%s: %s\n", name, value);
    return TRUE;
}

/* What goes on of a GET with these lines, in their order. */
static char *
dup_forwarded (const char *lines)
{
    g_autofree char *head =
        g_strdup_printf ("GET /x HTTP/1.1\r\nHost: example.org\r\n%s\r\n", lines);
    H3Event *event = fake_carrier_begin (carrier, head);
    GString *out = g_string_new (NULL);
    g_autoptr (H3Headers) fields = NULL;

    fields = proxy_fields_forward (h3_event_get_request (event), &hop, h3_event_get_arena (event));
    h3_headers_foreach (fields, append_field, out);
    fake_carrier_end (carrier, H3_OUTCOME_SENT);
    fake_carrier_clear (carrier);
    return g_string_free (out, FALSE);
}

/* The values of `name`, with "|" between them; NULL: there is none. */
static char *
dup_value (const char *lines, const char *name)
{
    g_autofree char *all = dup_forwarded (lines);
    g_auto (GStrv) fields = g_strsplit (all, "\n", -1);
    GString *out = NULL;

    for (char **field = fields; **field != '\0'; field++) {
        char *colon = strchr (*field, ':');

        *colon = '\0';
        if (g_ascii_strcasecmp (*field, name) != 0)
            continue;
        if (out == NULL)
            out = g_string_new (colon + 2);
        else
            g_string_append_printf (out, "|%s", colon + 2);
    }
    return out != NULL ? g_string_free (out, FALSE) : NULL;
}

static void
assert_value (const char *lines, const char *name, const char *expected)
{
    g_autofree char *value = dup_value (lines, name);

    ck_assert_msg (g_strcmp0 (value, expected) == 0, "%s of '%s' is '%s', not '%s'", name, lines,
                   value, expected);
}

static void
trust (const char *prefix, H3ForwardedFields kinds)
{
    H3TrustedProxies *proxies = h3_trusted_proxies_new ();

    ck_assert (h3_trusted_proxies_add (proxies, prefix, NULL));
    h3_trusted_proxies_set_fields (proxies, kinds);
    hop.trust = proxies;
}

static void
trust_nobody (void)
{
    h3_trusted_proxies_unref ((H3TrustedProxies *) hop.trust);
    hop.trust = NULL;
}

START_TEST (what_is_of_the_connection_stays)
{
    static const char *const names[] = {
        "Keep-Alive: timeout=5",
        "Proxy-Connection: keep-alive",
        "Proxy-Authorization: Basic x",
        "Proxy-Authenticate: Basic",
        "TE: trailers, gzip",
        "Trailer: Expires",
        "Upgrade: h2c",
        "traceparent: 00-1-2-3",
        "X-Request-Id: 1",
        "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA",
        "Proxy: http://evil",
        "Max-Forwards: 5",
        "Connection: close",
    };

    for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
        g_autofree char *line = g_strdup_printf ("%s\r\n", names[i]);
        g_autofree char *name = g_strndup (names[i], (gsize) (strchr (names[i], ':') - names[i]));

        assert_value (line, name, NULL);
    }
    assert_value ("Connection: x-a\r\nX-A: 1\r\n", "Host", NULL);
}
END_TEST

START_TEST (what_is_of_both_ends_goes_on)
{
    g_autofree char *all = dup_forwarded ("Accept: a/b\r\nCookie: a=b\r\nX-Own: 1\r\nX-Own: 2\r\n"
                                          "Authorization: Basic x\r\n"
                                          "Content-Type: a/b\r\nEmpty:\r\nmy_own: 3\r\n");

    ck_assert_str_eq (all, "Accept: a/b\nCookie: a=b\nX-Own: 1\nX-Own: 2\n"
                           "Authorization: Basic x\n"
                           "Content-Type: a/b\nEmpty: \nmy_own: 3\n"
                           "Forwarded: for=192.0.2.7;host=example.org;proto=http\n"
                           "X-Forwarded-For: 192.0.2.7\nX-Forwarded-Proto: http\n"
                           "X-Forwarded-Host: example.org\nVia: 1.1 edge\n");
}
END_TEST

START_TEST (connection_takes_along_what_it_may_nominate)
{
    assert_value ("Connection: close, X-A ,x-b\r\nX-A: 1\r\nX-B: 2\r\n", "X-A", NULL);
    assert_value ("Connection: close, X-A ,x-b\r\nX-A: 1\r\nX-B: 2\r\n", "X-B", NULL);
    assert_value ("X-B: 2\r\nConnection: a\r\nConnection: X-B\r\n", "X-B", NULL);
}
END_TEST

START_TEST (connection_takes_nothing_that_others_rely_on)
{
    static const char *const names[] = {
        "Authorization",  "Cookie",  "Content-Type", "Cache-Control", "Origin",
        "Sec-Fetch-Site", "Referer", "X-CSRF-Token", "If-Match",
    };

    for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
        g_autofree char *lines =
            g_strdup_printf ("Connection: close, %s\r\n%s: a\r\n", names[i], names[i]);

        assert_value (lines, names[i], "a");
    }
    assert_value ("Connection: X-Forwarded-For, Forwarded, Via\r\n", "X-Forwarded-For",
                  "192.0.2.7");
    assert_value ("Connection: X-Forwarded-For, Forwarded, Via\r\n", "Via", "1.1 edge");
}
END_TEST

START_TEST (word_of_a_client_about_itself_is_replaced)
{
#define LIES                                                                                       \
    "Forwarded: for=1.1.1.1\r\nX-Forwarded-For: 1.1.1.1\r\nX-Forwarded-Proto: https\r\n"           \
    "X-Forwarded-Host: evil\r\nX-Forwarded-Port: 1\r\nX-Real-IP: 1.1.1.1\r\n"                      \
    "X-Original-URL: /admin\r\nX-Rewrite-URL: /admin\r\nX-Forwarded-Prefix: /x\r\n"
    assert_value (LIES, "Forwarded", "for=192.0.2.7;host=example.org;proto=http");
    assert_value (LIES, "X-Forwarded-For", "192.0.2.7");
    assert_value (LIES, "X-Forwarded-Proto", "http");
    assert_value (LIES, "X-Forwarded-Host", "example.org");
    assert_value (LIES, "X-Forwarded-Port", NULL);
    assert_value (LIES, "X-Forwarded-Prefix", NULL);
    assert_value (LIES, "X-Real-IP", NULL);
    assert_value (LIES, "X-Original-URL", NULL);
    assert_value (LIES, "X-Rewrite-URL", NULL);
    trust ("10.0.0.0/8", H3_FORWARDED_STANDARD | H3_FORWARDED_X);
    assert_value (LIES, "X-Forwarded-For", "192.0.2.7");
    assert_value (LIES, "X-Real-IP", NULL);
    trust_nobody ();
}
END_TEST

START_TEST (word_of_a_trusted_proxy_is_gone_on_with)
{
    trust ("192.0.2.0/24", H3_FORWARDED_STANDARD | H3_FORWARDED_X);
    assert_value ("X-Forwarded-For: 1.1.1.1\r\nX-Forwarded-For: 2.2.2.2\r\n", "X-Forwarded-For",
                  "1.1.1.1, 2.2.2.2, 192.0.2.7");
    assert_value ("Forwarded: for=1.1.1.1\r\n", "Forwarded",
                  "for=1.1.1.1, for=192.0.2.7;host=example.org;proto=http");
    assert_value ("X-Real-IP: 1.1.1.1\r\n", "X-Real-IP", "1.1.1.1");
    trust_nobody ();
}
END_TEST

START_TEST (two_lists_never_tell_of_two_clients)
{
    trust ("192.0.2.7", H3_FORWARDED_STANDARD | H3_FORWARDED_X);
    assert_value ("X-Forwarded-For: 1.1.1.1\r\n", "Forwarded", NULL);
    assert_value ("Forwarded: for=1.1.1.1\r\n", "X-Forwarded-For", NULL);
    assert_value ("", "X-Forwarded-For", "192.0.2.7");
    assert_value ("", "Forwarded", "for=192.0.2.7;host=example.org;proto=http");
    trust_nobody ();
    /* That which proxies here do not write is a client's. */
    trust ("192.0.2.7", H3_FORWARDED_STANDARD);
    assert_value ("X-Forwarded-For: 1.1.1.1\r\n", "X-Forwarded-For", "192.0.2.7");
    assert_value ("Forwarded: for=2.2.2.2\r\nX-Forwarded-For: 1.1.1.1\r\n", "X-Forwarded-For",
                  NULL);
    trust_nobody ();
}
END_TEST

START_TEST (list_that_would_swallow_our_word_is_dropped)
{
    static const char *const table[] = {
        "Forwarded: for=\"1.1.1.1\r\n",
        "Forwarded: for=\"1.1.1.1\\\"\r\n",
        "Forwarded: for\r\n",
        "Forwarded: for=1.1.1.1;;x y\r\n",
        "Forwarded: for=1.1.1.1, \"\r\n",
        "Forwarded: for=[::1]\r\n",
        "Forwarded: =\r\n",
    };

    trust ("192.0.2.7", H3_FORWARDED_STANDARD | H3_FORWARDED_X);
    for (guint i = 0; i < G_N_ELEMENTS (table); i++)
        assert_value (table[i], "Forwarded", "for=192.0.2.7;host=example.org;proto=http");
    assert_value ("Forwarded: for=\"[::1]:80\" ; by=_x;x=\"a\\\"b,\"\r\n", "Forwarded",
                  "for=\"[::1]:80\" ; by=_x;x=\"a\\\"b,\", "
                  "for=192.0.2.7;host=example.org;proto=http");
    trust_nobody ();
}
END_TEST

START_TEST (addresses_are_written_as_each_list_has_them)
{
    ck_assert (h3_address_parse_string ("2001:db8::1", &hop.peer));
    assert_value ("", "Forwarded", "for=\"[2001:db8::1]\";host=example.org;proto=http");
    assert_value ("", "X-Forwarded-For", "2001:db8::1");
    ck_assert (h3_address_parse_string ("::ffff:192.0.2.7", &hop.peer));
    assert_value ("", "Forwarded", "for=192.0.2.7;host=example.org;proto=http");
    assert_value ("", "X-Forwarded-For", "192.0.2.7");
    hop.peer = (H3Address){ .family = H3_ADDRESS_UNIX };
    assert_value ("", "Forwarded", "for=unknown;host=example.org;proto=http");
    assert_value ("", "X-Forwarded-For", NULL);
    trust ("unix", H3_FORWARDED_STANDARD | H3_FORWARDED_X);
    assert_value ("X-Forwarded-For: 1.1.1.1\r\n", "X-Forwarded-For", "1.1.1.1");
    assert_value ("Forwarded: for=1.1.1.1\r\n", "Forwarded", "for=1.1.1.1");
    trust_nobody ();
}
END_TEST

START_TEST (host_with_a_port_is_quoted)
{
    GString *out = g_string_new (NULL);
    H3Event *event =
        fake_carrier_begin (carrier, "GET / HTTP/1.1\r\nHost: example.org:8080\r\n\r\n");
    g_autoptr (H3Headers) fields =
        proxy_fields_forward (&event->request, &hop, h3_event_get_arena (event));

    h3_headers_foreach_value (fields, "Forwarded", append_field, out);
    ck_assert_str_eq (out->str, "Forwarded: for=192.0.2.7;host=\"example.org:8080\";proto=http\n");
    g_string_free (out, TRUE);
    fake_carrier_end (carrier, H3_OUTCOME_SENT);
}
END_TEST

START_TEST (names_that_cgi_would_take_for_others_are_dropped)
{
    static const char *const names[] = {
        "X_Forwarded_For",
        "x_forwarded-for",
        "X.Forwarded.For",
        "Content_Length",
        "Transfer_Encoding",
        "Host_",
        "x_real_ip",
        "proxy_",
        "user_agent",
        "Content_Type",
        "X_Forwarded_Anything-Long",
        "Sec-WebSocket_Key",
    };

    for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
        g_autofree char *line = g_strdup_printf ("%s: 1\r\n", names[i]);

        assert_value (line, names[i], strcmp (names[i], "Host_") == 0 ? "1" : NULL);
    }
}
END_TEST

START_TEST (fields_of_the_program_stand_alone)
{
    g_autoptr (H3Headers) set = h3_headers_new ();
    g_autoptr (H3Headers) removed = h3_headers_new ();

    h3_headers_set (set, "X-User", "alice");
    h3_headers_set (removed, "Cookie", "");
    hop.set = set;
    hop.removed = removed;
    hop.prefix = H3_VIEW ("/api");
#define CLAIMS "X-User: root\r\nx_user: root\r\nX!User: root\r\nCookie: a=b\r\n"
    assert_value (CLAIMS, "X-User", "alice");
    assert_value (CLAIMS, "x_user", NULL);
    assert_value (CLAIMS, "X!User", NULL);
    assert_value (CLAIMS, "Cookie", NULL);
    assert_value (CLAIMS, "X-Forwarded-Prefix", "/api");
    assert_value ("Connection: X-User\r\n", "X-User", "alice");
}
END_TEST

static gboolean
has_loop (const char *lines)
{
    g_autofree char *head = g_strdup_printf ("GET / HTTP/1.1\r\nHost: a\r\n%s\r\n", lines);
    H3Event *event = fake_carrier_begin (carrier, head);
    gboolean has = proxy_fields_have_loop (&event->request, hop.name, h3_event_get_arena (event));

    fake_carrier_end (carrier, H3_OUTCOME_SENT);
    fake_carrier_clear (carrier);
    return has;
}

START_TEST (via_names_all_that_were_on_the_way)
{
    assert_value ("Via: 1.0 a\r\nVia: 1.1 b (c)\r\n", "Via", "1.0 a, 1.1 b (c), 1.1 edge");
    assert_value ("", "Via", "1.1 edge");
}
END_TEST

START_TEST (request_that_was_here_twice_goes_in_circles)
{
    GString *many = g_string_new ("Via: ");

    ck_assert (!has_loop (""));
    ck_assert (!has_loop ("Via: 1.1 edge\r\n"));
    ck_assert (!has_loop ("Via: 1.1 edge2, 1.1 edge (edge), 1.1 ledge\r\n"));
    ck_assert (has_loop ("Via: 1.1 edge, 1.1 b, 1.1 EDGE\r\n"));
    ck_assert (has_loop ("Via: 1.1 edge\r\nVia:1.1  edge (x)\r\n"));
    for (guint i = 1; i < PROXY_MAX_HOPS; i++)
        g_string_append_printf (many, "%s1.1 a%u", i > 1 ? ", " : "", i);
    g_string_append (many, "\r\n");
    ck_assert (!has_loop (many->str));
    g_string_insert (many, 5, "1.1 b, ");
    ck_assert (has_loop (many->str));
    g_string_free (many, TRUE);
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("request");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    tcase_add_test (tcase, what_is_of_the_connection_stays);
    tcase_add_test (tcase, what_is_of_both_ends_goes_on);
    tcase_add_test (tcase, connection_takes_along_what_it_may_nominate);
    tcase_add_test (tcase, connection_takes_nothing_that_others_rely_on);
    tcase_add_test (tcase, word_of_a_client_about_itself_is_replaced);
    tcase_add_test (tcase, word_of_a_trusted_proxy_is_gone_on_with);
    tcase_add_test (tcase, two_lists_never_tell_of_two_clients);
    tcase_add_test (tcase, list_that_would_swallow_our_word_is_dropped);
    tcase_add_test (tcase, addresses_are_written_as_each_list_has_them);
    tcase_add_test (tcase, host_with_a_port_is_quoted);
    tcase_add_test (tcase, names_that_cgi_would_take_for_others_are_dropped);
    tcase_add_test (tcase, fields_of_the_program_stand_alone);
    tcase_add_test (tcase, via_names_all_that_were_on_the_way);
    tcase_add_test (tcase, request_that_was_here_twice_goes_in_circles);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("batteries/proxy-fields", add_cases);
}

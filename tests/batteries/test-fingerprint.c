/* SPDX-License-Identifier: MIT */

#include <h3/app/app.h>
#include <h3/batteries/fingerprint.h>

#include "tests/app/ask.h"

static H3App *app;
static H3FingerprintParts parts;
static GBytes *key;

static void
tell (H3Event *event, gpointer user_data)
{
    g_autoptr (GError) error = NULL;
    const char *fingerprint = h3_event_get_fingerprint (event, parts, key, &error);

    ck_assert_msg (fingerprint != NULL, "%s", error != NULL ? error->message : "no error");
    ck_assert_uint_eq (strlen (fingerprint), 32);
    h3_event_send_text (event, fingerprint);
}

static void
set_up (void)
{
    app = h3_app_new_with_preset (H3_PRESET_TESTING);
    h3_app_get (app, "/", tell, NULL);
    ck_assert (h3_app_trust_proxy (app, "127.0.0.1", NULL));
    parts = H3_FINGERPRINT_ALL;
    key = g_bytes_new_static ("0123456789abcdef", 16);
}

static void
tear_down (void)
{
    g_clear_object (&app);
    g_clear_pointer (&key, g_bytes_unref);
}

/* (transfer full): that of a client at `address` that sends these fields, with CR LF each. */
static char *
dup_fingerprint (const char *address, const char *fields)
{
    g_autofree char *request = g_strdup_printf (
        "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: %s\r\n%s\r\n", address, fields);
    g_autoptr (H3Injected) injected = ask_raw (app, request);

    ck_assert_uint_eq (h3_injected_get_status (injected), 200);
    return g_strdup (h3_injected_get_text (injected));
}

static void
assert_same (const char *address, const char *fields, const char *other_address,
             const char *other_fields, gboolean is_same)
{
    g_autofree char *one = dup_fingerprint (address, fields);
    g_autofree char *other = dup_fingerprint (other_address, other_fields);

    ck_assert_msg ((strcmp (one, other) == 0) == is_same, "%s %s, %s %s", address, fields,
                   other_address, other_fields);
}

START_TEST (fingerprint_is_that_of_the_client)
{
    const char *fields = "User-Agent: A\r\nAccept-Language: de\r\n";

    assert_same ("192.0.2.1", fields, "192.0.2.1", fields, TRUE);
    assert_same ("192.0.2.1", fields, "192.0.2.2", fields, FALSE);
    assert_same ("2001:db8:1:2::1", fields, "2001:db8:1:2:ffff::9", fields, TRUE);
    assert_same ("2001:db8:1:2::1", fields, "2001:db8:1:3::1", fields, FALSE);
    assert_same ("192.0.2.1", fields, "192.0.2.1", "User-Agent: B\r\nAccept-Language: de\r\n",
                 FALSE);
    assert_same ("192.0.2.1", fields, "192.0.2.1", "User-Agent: A\r\nAccept-Language: en\r\n",
                 FALSE);
    assert_same ("192.0.2.1", fields, "192.0.2.1", "User-Agent: A\r\n", FALSE);
    assert_same ("192.0.2.1", "", "192.0.2.1", "Accept-Encoding: br\r\n", FALSE);
    assert_same ("192.0.2.1", "", "192.0.2.1", "Sec-CH-UA-Mobile: ?1\r\n", FALSE);
    assert_same ("192.0.2.1", fields, "192.0.2.1",
                 "Accept: x/y\r\nUser-Agent: A\r\nAccept-Language: de\r\n", TRUE);
}
END_TEST

START_TEST (fingerprint_keeps_its_parts_apart)
{
    assert_same ("192.0.2.1", "User-Agent: AB\r\nAccept-Language: C\r\n", "192.0.2.1",
                 "User-Agent: A\r\nAccept-Language: BC\r\n", FALSE);
    assert_same ("192.0.2.1", "User-Agent: A\r\n", "192.0.2.1", "Accept-Language: A\r\n", FALSE);
    assert_same ("192.0.2.1", "User-Agent:\r\n", "192.0.2.1", "", FALSE);
}
END_TEST

START_TEST (fingerprint_has_the_parts_that_are_asked_for)
{
    parts = H3_FINGERPRINT_AGENT;
    assert_same ("192.0.2.1", "User-Agent: A\r\nAccept-Language: de\r\n", "192.0.2.2",
                 "User-Agent: A\r\n", TRUE);
    assert_same ("192.0.2.1", "User-Agent: A\r\n", "192.0.2.1", "User-Agent: B\r\n", FALSE);
    parts = H3_FINGERPRINT_ADDRESS;
    assert_same ("192.0.2.1", "User-Agent: A\r\n", "192.0.2.1", "User-Agent: B\r\n", TRUE);
}
END_TEST

START_TEST (fingerprint_depends_on_its_key)
{
    g_autofree char *one = dup_fingerprint ("192.0.2.1", "");
    g_autofree char *other = NULL;
    g_autofree char *own = NULL;
    g_autofree char *again = NULL;

    /* Stays what it is: a store may hold it. */
    ck_assert_str_eq (one, "9000a833f3e350ab54afb60d9c44bc6f");
    g_bytes_unref (key);
    key = g_bytes_new_static ("fedcba9876543210", 16);
    other = dup_fingerprint ("192.0.2.1", "");
    g_clear_pointer (&key, g_bytes_unref);
    own = dup_fingerprint ("192.0.2.1", "");
    again = dup_fingerprint ("192.0.2.1", "");
    ck_assert_str_ne (one, other);
    ck_assert_str_ne (one, own);
    ck_assert_str_ne (other, own);
    ck_assert_str_eq (own, again);
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *tcase = tcase_create ("fingerprint");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    tcase_add_test (tcase, fingerprint_is_that_of_the_client);
    tcase_add_test (tcase, fingerprint_keeps_its_parts_apart);
    tcase_add_test (tcase, fingerprint_has_the_parts_that_are_asked_for);
    tcase_add_test (tcase, fingerprint_depends_on_its_key);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("batteries/fingerprint", add_tests);
}

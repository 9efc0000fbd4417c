/* SPDX-License-Identifier: MIT
 *
 * The program h3d fetch and servers that speak TLS: whom it believes, what it shows. */

#include "tls-fixture.h"

#include "tests/support/subprocess.h"

/* Its own tree, server and functions come from the fixture of TLS. */
static void
expect (int status, const char *output, const char *told, const char *const options[5])
{
    guint port = h3_server_get_port (h3_app_get_server (server.app));
    g_autofree char *url = g_strdup_printf ("https://localhost:%u/tls", port);
    g_autoptr (GString) written = NULL;
    g_autofree char *errors = NULL;
    Subprocess process;
    int ended;

    subprocess_start (&process, 0, "fetch", "--proxy=none", url, options[0], options[1], options[2],
                      options[3], options[4], NULL);
    written = subprocess_read_output (&process);
    errors = subprocess_read_errors (&process);
    ended = subprocess_wait (&process);
    ck_assert_msg (ended == status, "ended with %d: %s", ended, errors);
    ck_assert_msg (strstr (written->str, output) != NULL, "wrote '%s'", written->str);
    ck_assert_msg (strstr (errors, told) != NULL, "told '%s'", errors);
}

START_TEST (servers_are_believed_by_authorities)
{
    g_autofree char *cacert = g_strconcat ("--cacert=", authority_path, NULL);

    expect (0, "localhost new -", "", (const char *[5]){ cacert });
    expect (35, "", "(--cacert FILE names who else is trusted)", (const char *[5]){ NULL });
    expect (0, "localhost new -", "", (const char *[5]){ "--insecure" });
    expect (35, "", "/none.pem", (const char *[5]){ "--cacert=/none.pem" });
}
END_TEST

START_TEST (a_certificate_is_shown)
{
    g_autofree char *cacert = g_strconcat ("--cacert=", authority_path, NULL);
    g_autofree char *certificate_path = file_tree_path (&tree, "ada.pem");
    g_autofree char *key_path = file_tree_path (&tree, "ada.key");
    g_autofree char *certificate = g_strconcat ("--cert=", certificate_path, NULL);
    g_autofree char *key = g_strconcat ("--key=", key_path, NULL);

    expect (0, "CN=ada", "", (const char *[5]){ cacert, certificate, key });
    expect (35, "", "it wants a certificate", (const char *[5]){ cacert });
}
END_TEST

static void
set_up_clients (void)
{
    set_up ();
    use_certificate ("first");
    tls_authority_sign (&authority, &tree, "ada", &(TlsWish){ .subject = "ada" });
    h3_tls_settings_set_clients (settings, H3_TLS_CLIENTS_KNOWN, authority_path);
    start ();
}

static void
add_tests (Suite *suite)
{
    TCase *plain = tcase_create ("servers");
    TCase *clients = tcase_create ("clients");

    tcase_add_checked_fixture (plain, set_up_and_start, tear_down);
    tcase_add_test (plain, servers_are_believed_by_authorities);
    suite_add_tcase (suite, plain);
    tcase_add_checked_fixture (clients, set_up_clients, tear_down);
    tcase_add_test (clients, a_certificate_is_shown);
    suite_add_tcase (suite, clients);
}

int
main (void)
{
    return suite_run ("e2e/fetch-tls", add_tests);
}

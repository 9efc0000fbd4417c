/* SPDX-License-Identifier: MIT */

#include "tests/app/ask.h"

#include <h3/batteries/principal.h>
#include <h3/format/json.h>

#include <pthread.h>

static const char *const scopes[] = { "read", "", "write", "read", NULL };

START_TEST (a_principal_tells_what_it_was_made_of)
{
    g_autoptr (H3Principal) principal = h3_principal_new ("basic", "anna", scopes);
    const char *const *told = h3_principal_get_scopes (principal);

    ck_assert_str_eq (h3_principal_get_scheme (principal), "basic");
    ck_assert_str_eq (h3_principal_get_name (principal), "anna");
    ck_assert_str_eq (told[0], "read");
    ck_assert_str_eq (told[1], "write");
    ck_assert_ptr_null (told[2]);
    ck_assert (h3_principal_has_scope (principal, "write"));
    ck_assert (!h3_principal_has_scope (principal, "writ"));
    ck_assert_ptr_null (h3_principal_get_claims (principal));
    ck_assert_ptr_null (h3_principal_dup_claims_text (principal));
}
END_TEST

START_TEST (no_scopes_are_an_empty_list)
{
    g_autoptr (H3Principal) principal = h3_principal_new ("session", "", NULL);

    ck_assert_ptr_null (h3_principal_get_scopes (principal)[0]);
    ck_assert (!h3_principal_has_scope (principal, ""));
}
END_TEST

START_TEST (claims_are_kept_as_they_were_given)
{
    json_t *claims = json_pack ("{s:s, s:i}", "sub", "anna", "exp", 5);
    g_autoptr (H3Principal) principal =
        h3_principal_new_with_claims ("bearer", "anna", NULL, claims);
    g_autofree char *text = h3_principal_dup_claims_text (principal);

    ck_assert_ptr_eq (h3_principal_get_claims (principal), claims);
    ck_assert_str_eq (text, "{\"sub\":\"anna\",\"exp\":5}");
}
END_TEST

START_TEST (claims_may_come_as_a_text)
{
    static const char *const bad[] = { "", "{", "[1]", "7", "{\"a\":1,\"a\":2}" };
    g_autoptr (GError) error = NULL;
    g_autoptr (H3Principal) principal = h3_principal_new_with_claims_text (
        "bearer", "anna", scopes, "{ \"sub\": \"anna\" }", &error);
    g_autofree char *text = h3_principal_dup_claims_text (principal);

    ck_assert_ptr_null (error);
    ck_assert_str_eq (text, "{\"sub\":\"anna\"}");
    ck_assert (h3_principal_has_scope (principal, "write"));
    for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
        g_autoptr (GError) fault = NULL;

        ck_assert_ptr_null (
            h3_principal_new_with_claims_text ("bearer", "anna", NULL, bad[i], &fault));
        ck_assert (g_error_matches (fault, H3_ERROR, H3_ERROR_SYNTAX));
    }
}
END_TEST

static void *
use_many_times (void *data)
{
    for (guint i = 0; i < 1000; i++) {
        g_autoptr (H3Principal) principal = h3_principal_ref (data);

        ck_assert_str_eq (h3_principal_get_name (principal), "anna");
    }
    h3_principal_unref (data);
    return NULL;
}

START_TEST (threads_may_share_a_principal)
{
    H3Principal *principal =
        h3_principal_new_with_claims ("bearer", "anna", scopes, json_object ());
    pthread_t threads[3];

    for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        ck_assert_int_eq (
            pthread_create (&threads[i], NULL, use_many_times, h3_principal_ref (principal)), 0);
    h3_principal_unref (principal);
    for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        ck_assert_int_eq (pthread_join (threads[i], NULL), 0);
}
END_TEST

static void
set_twice (H3Event *event, gpointer user_data)
{
    ck_assert_ptr_null (h3_event_get_principal (event));
    h3_event_set_principal (event, h3_principal_new ("basic", "first", NULL));
    h3_event_set_principal (event, user_data != NULL ? h3_principal_ref (user_data) : NULL);
    h3_event_next (event);
}

static void
tell_name (H3Event *event, gpointer user_data)
{
    H3Principal *principal = h3_event_get_principal (event);

    h3_event_send_text (event, principal != NULL ? h3_principal_get_name (principal) : "nobody");
}

START_TEST (an_event_keeps_the_principal_set_last)
{
    g_autoptr (H3App) app = h3_app_new_with_preset (H3_PRESET_TESTING);
    H3Principal *anna = h3_principal_new ("basic", "anna", NULL);

    h3_app_use (app, "/anna",
                h3_middleware_new (set_twice, anna, (GDestroyNotify) h3_principal_unref));
    h3_app_use (app, "/none", h3_middleware_new (set_twice, NULL, NULL));
    h3_app_get (app, "/anna", tell_name, NULL);
    h3_app_get (app, "/none", tell_name, NULL);
    assert_gets (app, "/anna", "anna");
    assert_gets (app, "/none", "nobody");
    assert_gets (app, "/anna", "anna");
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "principal", a_principal_tells_what_it_was_made_of,
                    no_scopes_are_an_empty_list, claims_are_kept_as_they_were_given,
                    claims_may_come_as_a_text, threads_may_share_a_principal, NULL);
    suite_add_case (suite, "event", an_event_keeps_the_principal_set_last, NULL);
}

int
main (void)
{
    return suite_run ("batteries/principal", add_tests);
}

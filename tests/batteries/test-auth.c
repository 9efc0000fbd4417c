/* SPDX-License-Identifier: MIT */

#include "tests/batteries/auth-asking.h"

#define BASIC "Basic realm=\"house\", charset=\"UTF-8\""

/* How often something was verified. */
static guint n_verified;

static void
verify_basic (H3AuthCheck *check, gpointer user_data)
{
    const char *user = h3_auth_check_get_user (check);

    n_verified++;
    ck_assert_ptr_null (h3_auth_check_get_token (check));
    ck_assert_ptr_nonnull (h3_auth_check_get_event (check));
    if (g_str_equal (user, "broken"))
        h3_auth_check_fail (check, g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, "no database"));
    else if (g_str_equal (h3_auth_check_get_password (check), "secret"))
        h3_auth_check_accept (check, h3_principal_new ("basic", user, NULL));
    else
        h3_auth_check_refuse (check, user_data);
}

static void
verify_bearer (H3AuthCheck *check, gpointer user_data)
{
    static const char *const scopes[] = { "read", NULL };

    n_verified++;
    ck_assert_ptr_null (h3_auth_check_get_user (check));
    ck_assert_ptr_null (h3_auth_check_get_password (check));
    if (g_str_equal (h3_auth_check_get_token (check), "good"))
        h3_auth_check_accept (check, h3_principal_new ("bearer", "anna", scopes));
    else
        h3_auth_check_refuse (check, user_data);
}

START_TEST (basic_lets_in_who_is_accepted)
{
    g_autoptr (H3App) app = app_behind (h3_auth_require_basic ("house", verify_basic, NULL, NULL));
    g_autofree char *right = basic_of ("J\xc3\xb8rn", "secret");
    g_autofree char *wrong = basic_of ("anna", "Secret");
    g_autofree char *broken = basic_of ("broken", "");

    assert_comes_in (app, right, "basic J\xc3\xb8rn ");
    assert_stays_out (app, "/", NULL, 401, BASIC);
    assert_stays_out (app, "/", wrong, 401, BASIC);
    assert_stays_out (app, "/", "Bearer abc", 401, BASIC);
    assert_stays_out (app, "/", "Basic", 400, BASIC);
    assert_stays_out (app, "/", "Basic a=b", 400, BASIC);
    assert_stays_out (app, "/", "Basic YQ==", 400, BASIC);
    assert_stays_out (app, "/", broken, 500, NULL);
}
END_TEST

START_TEST (a_realm_is_quoted)
{
    g_autoptr (H3App) app =
        app_behind (h3_auth_require_basic ("the \"house\"", verify_basic, NULL, NULL));

    assert_stays_out (app, "/", NULL, 401, "Basic realm=\"the \\\"house\\\"\", charset=\"UTF-8\"");
}
END_TEST

START_TEST (bearer_says_what_is_wrong)
{
    g_autoptr (H3App) app =
        app_behind (h3_auth_require_bearer ("house", verify_bearer, (gpointer) "Not that.", NULL));

    assert_comes_in (app, "Bearer good", "bearer anna read");
    assert_stays_out (app, "/", NULL, 401, "Bearer realm=\"house\"");
    assert_stays_out (app, "/", "Bearer bad", 401,
                      "Bearer realm=\"house\", error=\"invalid_token\", "
                      "error_description=\"Not that.\"");
    assert_stays_out (app, "/", "Bearer a=b", 400,
                      "Bearer realm=\"house\", error=\"invalid_request\", "
                      "error_description=\"The credentials cannot be read.\"");
}
END_TEST

START_TEST (two_fields_let_nobody_in)
{
    g_autoptr (H3App) app =
        app_behind (h3_auth_require_bearer ("house", verify_bearer, NULL, NULL));

    assert_status (ask_raw (app, "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer good\r\n"
                                 "Authorization: Bearer good\r\n\r\n"),
                   400);
}
END_TEST

START_TEST (a_token_in_the_query_is_refused)
{
    g_autoptr (H3App) bearer =
        app_behind (h3_auth_require_bearer ("house", verify_bearer, NULL, NULL));
    g_autoptr (H3App) basic =
        app_behind (h3_auth_require_basic ("house", verify_basic, NULL, NULL));
    static const char challenge[] = "Bearer realm=\"house\"";

    assert_stays_out (bearer, "/?access_token=good", NULL, 400, challenge);
    assert_stays_out (bearer, "/?a=1&access%5ftoken=good", "Bearer good", 400, challenge);
    assert_status (ask_as (bearer, "/?token=good", "Bearer good"), 200);
    assert_stays_out (basic, "/?access_token=good", NULL, 401, BASIC);
}
END_TEST

START_TEST (several_schemes_stand_beside_one_another)
{
    g_autoptr (H3Auth) auth = h3_auth_new ("house");
    g_autoptr (H3App) app = NULL;
    g_autofree char *basic = basic_of ("anna", "secret");

    h3_auth_add_bearer (auth, verify_bearer, (gpointer) "No.", NULL);
    h3_auth_add_basic (auth, verify_basic, NULL, NULL);
    app = app_behind (h3_auth_to_middleware (auth));
    assert_comes_in (app, basic, "basic anna ");
    assert_comes_in (app, "bearer good", "bearer anna read");
    assert_stays_out (app, "/", NULL, 401, "Bearer realm=\"house\", " BASIC);
    assert_stays_out (app, "/", "Digest a=b", 401, "Bearer realm=\"house\", " BASIC);
    assert_stays_out (app, "/", "Bearer bad", 401,
                      "Bearer realm=\"house\", error=\"invalid_token\", "
                      "error_description=\"No.\", " BASIC);
}
END_TEST

START_TEST (without_schemes_nobody_comes_in)
{
    g_autoptr (H3Auth) auth = h3_auth_new ("house");
    g_autoptr (H3App) app = app_behind (h3_auth_to_middleware (auth));

    assert_status (ask (app, "GET", "/"), 401);
    assert_status (ask_as (app, "/", "Bearer good"), 401);
}
END_TEST

START_TEST (optional_credentials_may_be_absent_but_not_wrong)
{
    g_autoptr (H3Auth) auth = h3_auth_new ("house");
    g_autoptr (H3App) app = NULL;
    g_autoptr (H3Injected) answer = NULL;

    h3_auth_add_bearer (auth, verify_bearer, NULL, NULL);
    h3_auth_set_optional (auth, TRUE);
    app = app_behind (h3_auth_to_middleware (auth));
    assert_comes_in (app, NULL, "nobody");
    assert_comes_in (app, "Basic YTpi", "nobody");
    assert_comes_in (app, "Bearer good", "bearer anna read");
    assert_status (ask_as (app, "/", "Bearer bad"), 401);
    assert_status (ask_as (app, "/", "Bearer a b"), 400);
    answer = ask (app, "GET", "/");
    ck_assert_str_eq (h3_injected_get_header (answer, "Vary"), "Authorization");
}
END_TEST

static void
come_by_session (H3Event *event, gpointer user_data)
{
    h3_event_set_principal (event, h3_principal_new ("session", "berta", NULL));
    h3_event_next (event);
}

START_TEST (who_is_known_already_shows_nothing_more)
{
    g_autoptr (H3App) app = h3_app_new_with_preset (H3_PRESET_TESTING);

    h3_app_use (app, "/", h3_middleware_new (come_by_session, NULL, NULL));
    h3_app_use (app, "/", h3_auth_require_bearer ("house", verify_bearer, NULL, NULL));
    h3_app_get (app, "/", tell_principal, NULL);
    assert_comes_in (app, NULL, "session berta ");
    assert_comes_in (app, "Bearer good", "bearer anna read");
    assert_status (ask_as (app, "/", "Bearer bad"), 401);
}
END_TEST

/* A verification on another thread, of which a function may be the last thing that happens. */
typedef struct {
    H3AuthCheck *check; /* borrowed: its event, which the work holds */
    gboolean is_right;
} Later;

static void
think (gpointer data, GCancellable *cancellable)
{
    Later *later = data;

    later->is_right = TRUE;
}

static void
decide (H3Event *event, gpointer data)
{
    const Later *later = data;

    if (later->is_right && g_str_equal (h3_auth_check_get_token (later->check), "good"))
        h3_auth_check_accept (later->check, h3_principal_new ("bearer", "later", NULL));
    else if (g_str_equal (h3_auth_check_get_token (later->check), "broken"))
        h3_auth_check_fail (later->check, h3_http_error_new (503, NULL));
    else
        h3_auth_check_refuse (later->check, NULL);
}

static void
verify_later (H3AuthCheck *check, gpointer user_data)
{
    Later *later = g_new0 (Later, 1);

    later->check = check;
    h3_event_offload (h3_auth_check_get_event (check), think, decide, later, g_free);
}

START_TEST (a_check_may_be_decided_later)
{
    g_autoptr (H3App) app = app_behind (h3_auth_require_bearer ("house", verify_later, NULL, NULL));

    assert_comes_in (app, "Bearer good", "bearer later ");
    assert_stays_out (app, "/", "Bearer bad", 401,
                      "Bearer realm=\"house\", error=\"invalid_token\"");
    assert_status (ask_as (app, "/", "Bearer broken"), 503);
}
END_TEST

START_TEST (a_body_is_read_behind_a_later_decision)
{
    g_autoptr (H3App) app = app_behind (h3_auth_require_bearer ("house", verify_later, NULL, NULL));
    g_autoptr (H3Headers) headers = h3_headers_new ();

    h3_headers_set (headers, "Authorization", "Bearer good");
    assert_answer (ask_with (app, "POST", "/", headers, "body"), 200, "bearer later ");
}
END_TEST

/* As bindings do: a copy of the check, and nothing else, holds the event. */
static gboolean
accept_copy (gpointer data)
{
    h3_auth_check_accept (data, h3_principal_new ("bearer", "copied", NULL));
    g_boxed_free (H3_TYPE_AUTH_CHECK, data);
    return G_SOURCE_REMOVE;
}

static void
verify_by_a_copy (H3AuthCheck *check, gpointer user_data)
{
    g_autoptr (GSource) source = g_idle_source_new ();

    g_source_set_callback (source, accept_copy, g_boxed_copy (H3_TYPE_AUTH_CHECK, check), NULL);
    g_source_attach (source, g_main_context_get_thread_default ());
}

START_TEST (a_copy_of_a_check_holds_its_event)
{
    g_autoptr (H3App) app =
        app_behind (h3_auth_require_bearer ("house", verify_by_a_copy, NULL, NULL));

    assert_comes_in (app, "Bearer good", "bearer copied ");
}
END_TEST

/* Answers while the check is under way, and does not end yet. */
static void
answer_meanwhile (H3Event *event, gpointer user_data)
{
    h3_event_next (event);
    (void) h3_event_write (event, "already", 7);
}

static void
decide_too_late (H3Event *event, gpointer data)
{
    decide (event, data);
    h3_event_finish (event);
}

static void
verify_too_late (H3AuthCheck *check, gpointer user_data)
{
    Later *later = g_new0 (Later, 1);

    later->check = check;
    h3_event_offload (h3_auth_check_get_event (check), think, decide_too_late, later, g_free);
}

static void
count_call (H3Event *event, gpointer user_data)
{
    (*(guint *) user_data)++;
}

/* A handler must not do for nobody what somebody has been told was not done. */
START_TEST (a_decision_that_comes_too_late_goes_nowhere)
{
    g_autoptr (H3App) app = h3_app_new_with_preset (H3_PRESET_TESTING);
    guint n_calls = 0;

    h3_app_use (app, "/", h3_middleware_new (answer_meanwhile, NULL, NULL));
    h3_app_use (app, "/", h3_auth_require_bearer ("house", verify_too_late, NULL, NULL));
    h3_app_get (app, "/", count_call, &n_calls);
    assert_comes_in (app, "Bearer good", "already");
    assert_comes_in (app, "Bearer bad", "already");
    assert_comes_in (app, "Bearer broken", "already");
    ck_assert_uint_eq (n_calls, 0);
}
END_TEST

static void
mark_freed (gpointer data)
{
    *(gboolean *) data = TRUE;
}

static void
refuse_all (H3AuthCheck *check, gpointer user_data)
{
    h3_auth_check_refuse (check, NULL);
}

START_TEST (what_a_function_was_given_is_freed)
{
    gboolean is_basic_freed = FALSE, is_bearer_freed = FALSE;
    H3Auth *auth = h3_auth_new ("house");

    h3_auth_add_basic (auth, refuse_all, &is_basic_freed, mark_freed);
    h3_auth_add_bearer (auth, refuse_all, &is_bearer_freed, mark_freed);
    h3_auth_unref (h3_auth_ref (auth));
    ck_assert (!is_basic_freed && !is_bearer_freed);
    h3_auth_unref (auth);
    ck_assert (is_basic_freed && is_bearer_freed);
}
END_TEST

START_TEST (what_was_accepted_is_remembered_where_it_is_asked_for)
{
    g_autoptr (H3Auth) auth = h3_auth_new ("house");
    g_autoptr (H3App) app = NULL;
    g_autofree char *right = basic_of ("anna", "secret");
    g_autofree char *wrong = basic_of ("anna", "no");

    h3_auth_add_basic (auth, verify_basic, NULL, NULL);
    h3_auth_add_bearer (auth, verify_bearer, NULL, NULL);
    h3_auth_set_memory (auth, 16, 60000);
    app = app_behind (h3_auth_to_middleware (auth));
    n_verified = 0;
    for (guint i = 0; i < 3; i++) {
        assert_comes_in (app, right, "basic anna ");
        assert_comes_in (app, "Bearer good", "bearer anna read");
        assert_status (ask_as (app, "/", wrong), 401);
    }
    ck_assert_uint_eq (n_verified, 1 + 1 + 3);
}
END_TEST

/* Passwords beside it are remembered; that is no reason to remember tokens that may be withdrawn.
 */
START_TEST (what_a_function_accepted_is_not_remembered_otherwise)
{
    g_autoptr (H3Auth) auth = h3_auth_new ("house");
    g_autoptr (H3Passwords) passwords = h3_passwords_new ();
    g_autoptr (H3App) app = NULL;

    h3_auth_add_passwords (auth, passwords);
    h3_auth_add_bearer (auth, verify_bearer, NULL, NULL);
    app = app_behind (h3_auth_to_middleware (auth));
    n_verified = 0;
    for (guint i = 0; i < 3; i++)
        assert_comes_in (app, "Bearer good", "bearer anna read");
    ck_assert_uint_eq (n_verified, 3);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "basic", basic_lets_in_who_is_accepted, a_realm_is_quoted, NULL);
    suite_add_case (suite, "bearer", bearer_says_what_is_wrong, two_fields_let_nobody_in,
                    a_token_in_the_query_is_refused, NULL);
    suite_add_case (suite, "schemes", several_schemes_stand_beside_one_another,
                    without_schemes_nobody_comes_in,
                    optional_credentials_may_be_absent_but_not_wrong,
                    who_is_known_already_shows_nothing_more, NULL);
    suite_add_case (suite, "later", a_check_may_be_decided_later, a_copy_of_a_check_holds_its_event,
                    a_body_is_read_behind_a_later_decision,
                    a_decision_that_comes_too_late_goes_nowhere, what_a_function_was_given_is_freed,
                    what_was_accepted_is_remembered_where_it_is_asked_for,
                    what_a_function_accepted_is_not_remembered_otherwise, NULL);
}

int
main (void)
{
    return suite_run ("batteries/auth", add_tests);
}

/* SPDX-License-Identifier: MIT
 *
 * Requests that are sent again: what is answered anew, what again, what is refused. On a driven
 * clock; what takes two clients at once is in tests/e2e/test-idempotency.c. */

#include "tests/app/ask.h"
#include "tests/support/failing-store.h"

#include "h3/batteries/idempotency.h"
#include "h3/batteries/principal.h"
#include "h3/batteries/session.h"
#include "h3/batteries/sessions.h"
#include "h3/loop/clock.h"
#include "h3/store/memory-store.h"

static H3App *app;
static H3Idempotency *idempotency;
static H3Store *store;
static guint n_runs;

static void
set_up (void)
{
    clock_take_control ();
    app = h3_app_new_with_preset (H3_PRESET_TESTING);
    ck_assert (h3_app_trust_proxy (app, "127.0.0.1", NULL));
    idempotency = h3_idempotency_new ();
    store = failing_store_new (h3_memory_store_new (100, 1 << 20));
    h3_idempotency_set_store (idempotency, store);
    n_runs = 0;
}

static void
tear_down (void)
{
    g_clear_object (&app);
    g_clear_pointer (&idempotency, h3_idempotency_unref);
    g_clear_object (&store);
}

/* Answers with what the query asks for. */
static void
answer (H3Event *event, gpointer user_data)
{
    const char *status = h3_event_get_query (event, "status");
    const char *size = h3_event_get_query (event, "size");
    g_autofree char *text = NULL;

    n_runs++;
    h3_event_set_status (event, status != NULL ? (guint) g_ascii_strtoull (status, NULL, 10) : 201);
    h3_event_set_header (event, "Location", "/things/7");
    h3_event_set_header (event, "Set-Cookie", "secret=1");
    h3_event_set_header (event, "X-Own", "own");
    text = size != NULL ? g_strnfill (g_ascii_strtoull (size, NULL, 10), 'x')
                        : g_strdup_printf ("run %u", n_runs);
    h3_event_send_text (event, text);
}

static void
answer_empty (H3Event *event, gpointer user_data)
{
    n_runs++;
    h3_event_send_empty (event, 204);
}

static void
answer_in_pieces (H3Event *event, gpointer user_data)
{
    n_runs++;
    (void) h3_event_write (event, "piece", 5);
    h3_event_finish (event);
}

static void
fail_event (H3Event *event, gpointer user_data)
{
    n_runs++;
    h3_event_fail_status (event, GPOINTER_TO_UINT (user_data), "No.");
}

static void
set_user (H3Event *event, gpointer user_data)
{
    const char *name = h3_request_get_header (h3_event_get_request (event), "User");
    const char *scheme = h3_request_get_header (h3_event_get_request (event), "Scheme");

    if (name != NULL)
        h3_event_set_principal (event,
                                h3_principal_new (scheme != NULL ? scheme : "basic", name, NULL));
    h3_event_next (event);
}

static void
use (void)
{
    h3_app_use (app, "/", h3_middleware_new (set_user, NULL, NULL));
    h3_app_use (app, "/", h3_idempotency_to_middleware (idempotency));
    h3_app_all (app, "/", answer, NULL);
    h3_app_all (app, "/other", answer, NULL);
    h3_app_post (app, "/empty", answer_empty, NULL);
    h3_app_post (app, "/pieces", answer_in_pieces, NULL);
    h3_app_post (app, "/409", fail_event, GUINT_TO_POINTER (409));
    h3_app_post (app, "/500", fail_event, GUINT_TO_POINTER (500));
}

/* (transfer full): with fields "Name: value", a line each. */
static H3Injected *
ask_so (const char *method, const char *target, const char *fields, const char *body)
{
    g_autoptr (H3Headers) headers = h3_headers_new ();
    g_auto (GStrv) lines = g_strsplit (fields, "\n", -1);

    for (char **line = lines; *line != NULL; line++) {
        char *value = strstr (*line, ": ");

        if (value == NULL)
            continue;
        *value = '\0';
        h3_headers_add (headers, *line, value + 2);
    }
    return ask_with (app, method, target, headers, body);
}

/* (transfer full) */
static H3Injected *
post (const char *target, const char *key)
{
    g_autofree char *fields = g_strconcat ("Idempotency-Key: ", key, NULL);

    return ask_so ("POST", target, fields, "body");
}

static void
assert_replayed (H3Injected *injected, const char *text)
{
    ck_assert_str_eq (h3_injected_get_text (injected), text);
    ck_assert_str_eq (h3_injected_get_header (injected, "Idempotency-Replayed"), "true");
    h3_injected_unref (injected);
}

static void
assert_fresh (H3Injected *injected, const char *text)
{
    ck_assert_str_eq (h3_injected_get_text (injected), text);
    ck_assert_ptr_null (h3_injected_get_header (injected, "Idempotency-Replayed"));
    h3_injected_unref (injected);
}

START_TEST (the_first_answer_is_given_again)
{
    g_autoptr (H3Injected) first = NULL;
    g_autoptr (H3Injected) again = NULL;

    use ();
    first = post ("/", "\"a\"");
    again = post ("/", "a");
    ck_assert_uint_eq (n_runs, 1);
    ck_assert_str_eq (h3_injected_get_header (first, "Set-Cookie"), "secret=1");
    ck_assert_uint_eq (h3_injected_get_status (again), 201);
    ck_assert_str_eq (h3_injected_get_text (again), "run 1");
    ck_assert_str_eq (h3_injected_get_header (again, "Location"), "/things/7");
    ck_assert_str_eq (h3_injected_get_header (again, "Content-Type"), "text/plain; charset=utf-8");
    ck_assert_ptr_null (h3_injected_get_header (again, "Set-Cookie"));
    ck_assert_ptr_null (h3_injected_get_header (again, "X-Own"));
    ck_assert_str_eq (h3_injected_get_header (again, "Idempotency-Replayed"), "true");
    assert_fresh (post ("/", "b"), "run 2");
}
END_TEST

START_TEST (of_two_the_first_keeps)
{
    h3_app_use (app, "/", h3_idempotency_to_middleware (idempotency));
    use ();
    assert_fresh (post ("/", "a"), "run 1");
    assert_replayed (post ("/", "a"), "run 1");
}
END_TEST

START_TEST (an_answer_is_kept_for_a_day)
{
    use ();
    assert_fresh (post ("/", "a"), "run 1");
    clock_drive (86400000 - 1);
    assert_replayed (post ("/", "a"), "run 1");
    clock_drive (1);
    assert_fresh (post ("/", "a"), "run 2");
}
END_TEST

START_TEST (only_post_and_patch_are_kept)
{
    use ();
    assert_fresh (ask_so ("PATCH", "/", "Idempotency-Key: p", "b"), "run 1");
    assert_replayed (ask_so ("PATCH", "/", "Idempotency-Key: p", "b"), "run 1");
    assert_fresh (ask_so ("PUT", "/", "Idempotency-Key: q", "b"), "run 2");
    assert_fresh (ask_so ("PUT", "/", "Idempotency-Key: q", "b"), "run 3");
    assert_fresh (ask_so ("POST", "/", "", "b"), "run 4");
}
END_TEST

START_TEST (other_methods_can_be_chosen)
{
    h3_idempotency_set_methods (idempotency, "PUT");
    use ();
    assert_fresh (ask_so ("PUT", "/", "Idempotency-Key: q", "b"), "run 1");
    assert_replayed (ask_so ("PUT", "/", "Idempotency-Key: q", "b"), "run 1");
    assert_fresh (post ("/", "a"), "run 2");
}
END_TEST

START_TEST (what_is_no_key_is_refused_and_none_where_it_is_demanded)
{
    g_autofree char *longer = g_strnfill (256, 'k');

    h3_idempotency_set_required (idempotency, TRUE);
    use ();
    assert_status (ask_so ("POST", "/", "", "b"), 400);
    assert_status (post ("/", "\"a"), 400);
    assert_status (post ("/", "a b"), 400);
    assert_status (post ("/", longer), 400);
    assert_status (ask_so ("POST", "/", "Idempotency-Key: a\nIdempotency-Key: a", "b"), 400);
    ck_assert_uint_eq (n_runs, 0);
}
END_TEST

static const struct {
    const char *method;
    const char *target;
    const char *fields;
    const char *body;
} others[] = {
    { "POST", "/", "Content-Type: text/a", "other" },
    { "POST", "/", "Content-Type: text/b", "body" },
    { "POST", "/", "", "body" },
    { "POST", "/?a=b", "Content-Type: text/a", "body" },
    { "POST", "/other", "Content-Type: text/a", "body" },
    { "PATCH", "/", "Content-Type: text/a", "body" },
};

START_TEST (a_key_of_another_request_is_refused)
{
    g_autofree char *fields = g_strconcat ("Idempotency-Key: a\n", others[_i].fields, NULL);

    use ();
    assert_fresh (ask_so ("POST", "/", "Idempotency-Key: a\nContent-Type: text/a", "body"),
                  "run 1");
    assert_status (ask_so (others[_i].method, others[_i].target, fields, others[_i].body), 422);
    assert_replayed (ask_so ("POST", "/", "Idempotency-Key: a\nContent-Type: text/a", "body"),
                     "run 1");
    ck_assert_uint_eq (n_runs, 1);
}
END_TEST

#define FROM(address) "Idempotency-Key: a\nX-Forwarded-For: " address
#define AS(user)      "Idempotency-Key: a\nUser: " user

START_TEST (nobody_sees_the_answer_to_another)
{
    use ();
    assert_fresh (ask_so ("POST", "/", FROM ("192.0.2.1"), "b"), "run 1");
    assert_fresh (ask_so ("POST", "/", FROM ("192.0.2.2"), "b"), "run 2");
    assert_fresh (ask_so ("POST", "/", AS ("ann"), "b"), "run 3");
    assert_fresh (ask_so ("POST", "/", AS ("bob"), "b"), "run 4");
    assert_fresh (ask_so ("POST", "/", AS ("192.0.2.1"), "b"), "run 5");
    assert_fresh (ask_so ("POST", "/", AS ("ann") "\nScheme: bearer", "b"), "run 6");
    assert_replayed (ask_so ("POST", "/", FROM ("192.0.2.1"), "b"), "run 1");
    assert_replayed (ask_so ("POST", "/", AS ("ann") "\nX-Forwarded-For: 192.0.2.9", "b"), "run 3");
}
END_TEST

static void
write_session (H3Event *event, gpointer user_data)
{
    (void) h3_session_set_string (h3_event_get_session (event), "user", "ann", NULL);
    h3_event_send_empty (event, 204);
}

/* (transfer full): with a new session. */
static char *
dup_fields_with_session (void)
{
    g_autoptr (H3Injected) answer = ask (app, "GET", "/login");
    const char *cookie = h3_injected_get_header (answer, "Set-Cookie");

    ck_assert_ptr_nonnull (cookie);
    return g_strdup_printf ("Idempotency-Key: a\nCookie: %.*s", (int) strcspn (cookie, ";"),
                            cookie);
}

START_TEST (a_session_has_its_keys_to_itself)
{
    g_autofree char *first = NULL;
    g_autofree char *second = NULL;
    g_autofree char *elsewhere = NULL;

    h3_app_use (app, "/", h3_sessions_new (store));
    use ();
    h3_app_get (app, "/login", write_session, NULL);
    first = dup_fields_with_session ();
    second = dup_fields_with_session ();
    elsewhere = g_strconcat (first, "\nX-Forwarded-For: 192.0.2.1", NULL);
    assert_fresh (ask_so ("POST", "/", first, "b"), "run 1");
    assert_fresh (ask_so ("POST", "/", second, "b"), "run 2");
    assert_fresh (ask_so ("POST", "/", "Idempotency-Key: a", "b"), "run 3");
    assert_replayed (ask_so ("POST", "/", elsewhere, "b"), "run 1");
}
END_TEST

static char *
give_tenant (H3Event *event, gpointer user_data)
{
    ck_assert_str_eq (user_data, "own");
    return g_strdup (h3_request_get_header (h3_event_get_request (event), "Tenant"));
}

START_TEST (a_function_says_who_shares_keys)
{
    h3_idempotency_set_scope (idempotency, give_tenant, g_strdup ("own"), g_free);
    use ();
    assert_fresh (ask_so ("POST", "/", FROM ("192.0.2.1") "\nTenant: x", "b"), "run 1");
    assert_replayed (ask_so ("POST", "/", FROM ("192.0.2.2") "\nTenant: x", "b"), "run 1");
    assert_fresh (ask_so ("POST", "/", FROM ("192.0.2.1") "\nTenant: y", "b"), "run 2");
    assert_fresh (ask_so ("POST", "/", FROM ("192.0.2.1"), "b"), "run 3");
}
END_TEST

static const struct {
    const char *target;
    gboolean is_kept;
} kinds[] = {
    { "/?status=200", TRUE },  { "/?status=404", TRUE },  { "/?status=422", TRUE },
    { "/409", TRUE },          { "/?status=302", TRUE },  { "/empty", TRUE },
    { "/?size=65536", TRUE },  { "/?size=65537", FALSE }, { "/?status=500", FALSE },
    { "/?status=503", FALSE }, { "/?status=401", FALSE }, { "/?status=407", FALSE },
    { "/?status=408", FALSE }, { "/?status=425", FALSE }, { "/?status=429", FALSE },
    { "/500", FALSE },         { "/pieces", FALSE },      { "/nowhere", TRUE },
};

START_TEST (what_is_no_answer_to_keep_lets_the_next_run)
{
    g_autoptr (H3Injected) first = NULL;
    g_autoptr (H3Injected) again = NULL;

    use ();
    first = post (kinds[_i].target, "a");
    again = post (kinds[_i].target, "a");
    ck_assert_uint_eq (h3_injected_get_status (first), h3_injected_get_status (again));
    if (strcmp (kinds[_i].target, "/nowhere") != 0)
        ck_assert_uint_eq (n_runs, kinds[_i].is_kept ? 1 : 2);
    ck_assert_int_eq (h3_injected_get_header (again, "Idempotency-Replayed") != NULL,
                      kinds[_i].is_kept);
    if (kinds[_i].is_kept)
        ck_assert_str_eq (h3_injected_get_text (again), h3_injected_get_text (first));
}
END_TEST

START_TEST (fields_to_keep_can_be_chosen)
{
    g_autoptr (H3Injected) again = NULL;

    ck_assert (!h3_idempotency_set_fields (idempotency, "X-Own Set-Cookie"));
    ck_assert (!h3_idempotency_set_fields (idempotency, "Content-Length"));
    ck_assert (h3_idempotency_set_fields (idempotency, " X-Own Content-Type "));
    h3_idempotency_set_max_body (idempotency, 5);
    use ();
    h3_injected_unref (post ("/", "a"));
    again = post ("/", "a");
    ck_assert_str_eq (h3_injected_get_header (again, "X-Own"), "own");
    ck_assert_ptr_null (h3_injected_get_header (again, "Location"));
    ck_assert_str_eq (h3_injected_get_text (again), "run 1");
    for (guint i = 0; i < 2; i++)
        h3_injected_unref (post ("/?size=6", "b"));
    ck_assert_uint_eq (n_runs, 3);
}
END_TEST

static GLogWriterOutput
drop_message (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
    return (level & G_LOG_LEVEL_MESSAGE) != 0
               ? G_LOG_WRITER_HANDLED
               : g_log_writer_default (level, fields, n_fields, user_data);
}

START_TEST (where_the_store_fails_nothing_runs)
{
    g_autoptr (H3Injected) refused = NULL;

    use ();
    failing_store_set_failing (store, TRUE);
    refused = post ("/", "a");
    ck_assert_uint_eq (h3_injected_get_status (refused), 503);
    ck_assert_str_eq (h3_injected_get_header (refused, "Retry-After"), "5");
    ck_assert_uint_eq (n_runs, 0);
    assert_fresh (ask_so ("POST", "/", "", "b"), "run 1");
    failing_store_set_failing (store, FALSE);
    assert_fresh (post ("/", "a"), "run 2");
}
END_TEST

static void
fail_store (H3Event *event, gpointer user_data)
{
    n_runs++;
    failing_store_set_failing (store, TRUE);
    h3_event_send_text (event, "done");
}

/* What was done is told; that it was, the store still says until the lease is over. */
START_TEST (an_answer_that_cannot_be_kept_is_sent)
{
    g_autoptr (H3Injected) refused = NULL;

    use ();
    h3_app_post (app, "/fails", fail_store, NULL);
    assert_fresh (post ("/fails", "a"), "done");
    failing_store_set_failing (store, FALSE);
    refused = post ("/fails", "a");
    ck_assert_uint_eq (h3_injected_get_status (refused), 409);
    ck_assert_str_eq (h3_injected_get_header (refused, "Retry-After"), "1");
    clock_drive (29999);
    assert_status (post ("/fails", "a"), 409);
    clock_drive (1);
    assert_fresh (post ("/fails", "a"), "done");
    ck_assert_uint_eq (n_runs, 2);
}
END_TEST

/* A part of a small store has less room than that. */
START_TEST (an_answer_without_room_is_not_kept)
{
    g_autoptr (H3Store) small = h3_memory_store_new (100, 4096);

    h3_idempotency_set_store (idempotency, small);
    use ();
    for (guint i = 0; i < 2; i++)
        assert_status (post ("/?size=10000", "a"), 201);
    ck_assert_uint_eq (n_runs, 2);
}
END_TEST

static void
put_rubbish (H3Event *event, gpointer user_data)
{
    g_autoptr (GBytes) bytes = g_bytes_new_static ("rubbish", 7);

    h3_store_put (store, h3_event_get_query (event, "key"), bytes, 1000, NULL, NULL);
    h3_event_send_empty (event, 204);
}

START_TEST (what_somebody_else_wrote_is_not_sent)
{
    /* The digest of the scope and the key "a". */
    static const char target[] =
        "/rubbish?key=idempotency:hfaPw65jCqMKM2eiEBvcKSbIgEn8si-FGvQI6kbS5g4";

    use ();
    h3_app_get (app, "/rubbish", put_rubbish, NULL);
    assert_status (ask (app, "GET", target), 204);
    assert_status (post ("/", "a"), 503);
    ck_assert_uint_eq (n_runs, 0);
    clock_drive (1000);
    assert_fresh (post ("/", "a"), "run 1");
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("requests");

    tcase_set_timeout (tcase, 60);
    tcase_add_checked_fixture (tcase, set_up, tear_down);
    tcase_add_test (tcase, the_first_answer_is_given_again);
    tcase_add_test (tcase, of_two_the_first_keeps);
    tcase_add_test (tcase, an_answer_is_kept_for_a_day);
    tcase_add_test (tcase, only_post_and_patch_are_kept);
    tcase_add_test (tcase, other_methods_can_be_chosen);
    tcase_add_test (tcase, what_is_no_key_is_refused_and_none_where_it_is_demanded);
    tcase_add_loop_test (tcase, a_key_of_another_request_is_refused, 0, G_N_ELEMENTS (others));
    tcase_add_test (tcase, nobody_sees_the_answer_to_another);
    tcase_add_test (tcase, a_session_has_its_keys_to_itself);
    tcase_add_test (tcase, a_function_says_who_shares_keys);
    tcase_add_loop_test (tcase, what_is_no_answer_to_keep_lets_the_next_run, 0,
                         G_N_ELEMENTS (kinds));
    tcase_add_test (tcase, fields_to_keep_can_be_chosen);
    tcase_add_test (tcase, where_the_store_fails_nothing_runs);
    tcase_add_test (tcase, an_answer_that_cannot_be_kept_is_sent);
    tcase_add_test (tcase, an_answer_without_room_is_not_kept);
    tcase_add_test (tcase, what_somebody_else_wrote_is_not_sent);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    g_log_set_writer_func (drop_message, NULL, NULL);
    return suite_run ("batteries/idempotency", add_cases);
}

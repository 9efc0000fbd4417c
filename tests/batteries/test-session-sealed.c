/* SPDX-License-Identifier: MIT */

#include "session-app.h"
#include "tests/support/assert-nothing-left.h"

#include <h3/loop/clock.h>

static LiveSnapshot before;
static H3Sealer *sealer;
static H3App *app;
static SessionClient client;

/* (transfer full) */
static H3Middleware *
make_middleware (const char *name)
{
    H3SessionsOptions options;

    h3_sessions_options_init (&options);
    options.sealer = sealer;
    options.name = name;
    return h3_sessions_new_full (&options, NULL);
}

static void
set_up (void)
{
    clock_take_control ();
    (void) g_main_context_default ();
    before = live_snapshot_take ();
    sealer = h3_sealer_new ();
    ck_assert (h3_sealer_generate_key (sealer, NULL));
    app = session_app (make_middleware (NULL));
    client = session_client (app);
}

static void
tear_down (void)
{
    session_client_clear (&client);
    g_object_unref (app);
    h3_sealer_unref (sealer);
    assert_nothing_left (&before);
}

START_TEST (what_is_written_is_there_in_the_next_request)
{
    session_client_expect (&client, "/get/user", 200, "new (none)");
    ck_assert_uint_eq (client.n_set, 0);
    session_client_expect (&client, "/set/user/zoe", 200, "done");
    ck_assert_str_eq (strchr (client.set, ';'), "; Path=/; HttpOnly; SameSite=Lax");
    session_client_expect (&client, "/get/user", 200, "zoe");
    ck_assert_uint_eq (client.n_set, 0);
    session_client_expect (&client, "/add", 200, "1");
    session_client_expect (&client, "/add", 200, "2");
    session_client_expect (&client, "/login", 200, "done");
    session_client_expect (&client, "/get/n", 200, "(none)"); /* no string */
    session_client_expect (&client, "/add", 200, "3");
    session_client_expect (&client, "/fail", 418, NULL);
    session_client_expect (&client, "/get/failed", 200, "once");
    session_client_expect (&client, "/logout", 200, "done");
    ck_assert_uint_eq (g_hash_table_size (client.cookies), 0);
}
END_TEST

START_TEST (nobody_can_read_or_change_the_cookie)
{
    const char *sealed;
    gsize length;

    session_client_expect (&client, "/set/user/zoe", 200, "done");
    sealed = session_client_get (&client, "session");
    length = strlen (sealed);
    ck_assert_ptr_null (strstr (sealed, "zoe"));
    for (gsize at = 0; at < length; at++) {
        g_auto (SessionClient) forger = session_client (app);
        g_autofree char *forged = g_strdup (sealed);

        forged[at] = forged[at] == 'A' ? 'B' : 'A';
        session_client_set (&forger, "session", forged);
        session_client_expect (&forger, "/get/user", 200, "new (none)");
    }
}
END_TEST

START_TEST (it_ends_when_it_is_idle_and_in_any_case)
{
    session_client_expect (&client, "/set/user/zoe", 200, "done");
    for (guint i = 0; i < 12 * 3 - 1; i++) {
        clock_drive (20 * 60 * 1000);
        session_client_expect (&client, "/get/user", 200, "zoe");
        ck_assert_uint_eq (client.n_set, 1);
        session_client_expect (&client, "/get/user", 200, "zoe");
        ck_assert_uint_eq (client.n_set, 0);
    }
    clock_drive (20 * 60 * 1000);
    session_client_expect (&client, "/get/user", 200, "new (none)");
    session_client_expect (&client, "/set/user/zoe", 200, "done");
    clock_drive (30 * 60 * 1000);
    session_client_expect (&client, "/get/user", 200, "new (none)");
}
END_TEST

START_TEST (a_large_one_goes_in_chunks_and_leaves_none_behind)
{
    g_autofree char *text = g_strnfill (4500, 'x');
    g_autofree char *target = g_strconcat ("/set/large/", text, NULL);

    session_client_expect (&client, target, 200, "done");
    ck_assert_uint_eq (g_hash_table_size (client.cookies), 2);
    ck_assert_ptr_nonnull (session_client_get (&client, "session.0"));
    ck_assert_ptr_nonnull (session_client_get (&client, "session.1"));
    session_client_expect (&client, "/get/large", 200, text);
    session_client_expect (&client, "/add", 200, "1");
    session_client_expect (&client, "/take/large", 200, text);
    ck_assert_uint_eq (g_hash_table_size (client.cookies), 1);
    session_client_expect (&client, "/add", 200, "2");
    session_client_expect (&client, target, 200, "done");
    session_client_expect (&client, "/logout", 200, "done");
    ck_assert_uint_eq (g_hash_table_size (client.cookies), 0);
}
END_TEST

START_TEST (the_largest_one_fits_into_its_cookies)
{
    g_autofree char *text = g_strnfill (5000 - 4 - 2 - 5, 'x');
    g_autofree char *target = g_strconcat ("/set/large/", text, NULL);
    g_autofree char *more = g_strconcat ("/set/large/x", text, NULL);
    g_autofree char *name = g_strnfill (100, 'n');
    g_autoptr (H3App) second = session_app (make_middleware (name));
    g_auto (SessionClient) other = session_client (second);

    session_client_expect (&other, more, 400, NULL);
    session_client_expect (&other, target, 200, "done");
    session_client_expect (&other, "/get/large", 200, text);
}
END_TEST

START_TEST (older_keys_open_and_the_newest_seals)
{
    g_autofree char *old = NULL;

    session_client_expect (&client, "/set/user/zoe", 200, "done");
    old = g_strdup (session_client_get (&client, "session"));
    ck_assert (h3_sealer_generate_key (sealer, NULL));
    session_client_expect (&client, "/get/user", 200, "zoe");
    session_client_expect (&client, "/set/user/ann", 200, "done");
    /* Version and number of the key. */
    ck_assert (strncmp (old, session_client_get (&client, "session"), 6) != 0);
    session_client_expect (&client, "/get/user", 200, "ann");
}
END_TEST

START_TEST (one_cookie_is_no_other_s_though_they_share_the_keys)
{
    g_autoptr (H3App) second = session_app (make_middleware ("admin"));
    g_auto (SessionClient) other = session_client (second);

    session_client_expect (&client, "/set/user/zoe", 200, "done");
    session_client_set (&other, "admin", session_client_get (&client, "session"));
    session_client_expect (&other, "/get/user", 200, "new (none)");
}
END_TEST

static void
write_pieces (H3Event *event, gpointer user_data)
{
    h3_session_add_int (session_of (event), "n", 1, NULL, NULL);
    (void) h3_event_write (event, "pieces", 6);
    h3_event_finish (event);
}

static void
save_first (H3Event *event, gpointer user_data)
{
    h3_session_add_int (session_of (event), "n", 1, NULL, NULL);
    h3_event_save_session (event, write_pieces, NULL, NULL);
}

START_TEST (an_answer_in_pieces_has_it_in_its_head)
{
    h3_app_get (app, "/pieces", write_pieces, NULL);
    h3_app_get (app, "/saved", save_first, NULL);
    session_client_expect (&client, "/pieces", 200, "pieces");
    session_client_expect (&client, "/saved", 200, "pieces");
    ck_assert_uint_eq (client.n_set, 1);
    session_client_expect (&client, "/add", 200, "4");
}
END_TEST

START_TEST (several_may_stand_on_one_way_and_the_innermost_is_asked)
{
    H3Middleware *inner = make_middleware ("inner");

    h3_app_use (app, "/set", h3_sessions_new (NULL));
    h3_app_use (app, "/set", h3_middleware_ref (inner));
    h3_app_use (app, "/set", h3_middleware_ref (inner));
    h3_app_use (app, "/get", inner);
    session_client_expect (&client, "/set/user/zoe", 200, "done");
    ck_assert_ptr_nonnull (session_client_get (&client, "inner"));
    ck_assert_uint_eq (g_hash_table_size (client.cookies), 1);
    session_client_expect (&client, "/get/user", 200, "zoe");
    session_client_expect (&client, "/add", 200, "1");
    session_client_expect (&client, "/take/user", 200, "(none)");
    ck_assert_uint_eq (g_hash_table_size (client.cookies), 2);
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *tcase = tcase_create ("sealed");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    suite_add_tcase (suite, tcase);
    tcase_set_timeout (tcase, 60);
    tcase_add_test (tcase, what_is_written_is_there_in_the_next_request);
    tcase_add_test (tcase, nobody_can_read_or_change_the_cookie);
    tcase_add_test (tcase, it_ends_when_it_is_idle_and_in_any_case);
    tcase_add_test (tcase, a_large_one_goes_in_chunks_and_leaves_none_behind);
    tcase_add_test (tcase, the_largest_one_fits_into_its_cookies);
    tcase_add_test (tcase, older_keys_open_and_the_newest_seals);
    tcase_add_test (tcase, one_cookie_is_no_other_s_though_they_share_the_keys);
    tcase_add_test (tcase, an_answer_in_pieces_has_it_in_its_head);
    tcase_add_test (tcase, several_may_stand_on_one_way_and_the_innermost_is_asked);
}

int
main (void)
{
    return suite_run ("batteries/session-sealed", add_tests);
}

/* SPDX-License-Identifier: MIT
 *
 * Requests of one session at the same time, and answers that do not wait. */

#include "session-app.h"
#include "tests/support/assert-nothing-left.h"
#include "tests/support/fickle-store.h"

#include <h3/base/error.h>

#include <pthread.h>

static FickleStore *store;
static LiveSnapshot before;
static H3App *app;
static SessionClient client;
static SessionClient other; /* asks while a handler of the first runs */

static void *
ask_as_other (void *target)
{
    session_client_expect (&other, target, 200, NULL);
    return NULL;
}

/* Another request of the same client comes and is answered before this handler goes on. */
static void
let_other_ask (H3Event *event, gpointer user_data)
{
    pthread_t thread;

    ck_assert_int_eq (pthread_create (&thread, NULL, ask_as_other, user_data), 0);
    ck_assert_int_eq (pthread_join (thread, NULL), 0);
}

static void
set_meanwhile (H3Event *event, gpointer user_data)
{
    let_other_ask (event, user_data);
    ck_assert (h3_session_set_string (session_of (event), "mine", "x", NULL));
    h3_event_send_text (event, "done");
}

static void
add_meanwhile (H3Event *event, gpointer user_data)
{
    let_other_ask (event, user_data);
    do_add (event, user_data);
}

static void
log_in_meanwhile (H3Event *event, gpointer user_data)
{
    let_other_ask (event, user_data);
    do_login (event, user_data);
}

static void
read_meanwhile (H3Event *event, gpointer user_data)
{
    let_other_ask (event, user_data);
    do_nothing (event, user_data);
}

static void
write_pieces (H3Event *event, gpointer user_data)
{
    (void) h3_event_write (event, "pieces", 6);
    h3_event_finish (event);
}

static void
set_and_write_pieces (H3Event *event, gpointer user_data)
{
    ck_assert (h3_session_set_string (session_of (event), "mine", "x", NULL));
    write_pieces (event, user_data);
    ck_assert (!h3_session_set_string (session_of (event), "late", "x", NULL));
}

static void
save_and_write_pieces (H3Event *event, gpointer user_data)
{
    ck_assert (h3_session_set_string (session_of (event), "mine", "x", NULL));
    h3_event_save_session (event, write_pieces, NULL, NULL);
    ck_assert (!h3_session_set_string (session_of (event), "late", "x", NULL));
}

static void
save_nothing (H3Event *event, gpointer user_data)
{
    h3_event_save_session (event, write_pieces, NULL, NULL);
}

static void
set_more (H3Event *event, gpointer user_data)
{
    ck_assert (h3_session_set_string (session_of (event), "more", "y", NULL));
    h3_event_send_text (event, "more");
}

static void
save_and_set_more (H3Event *event, gpointer user_data)
{
    ck_assert (h3_session_set_string (session_of (event), "mine", "x", NULL));
    h3_event_save_session (event, set_more, NULL, NULL);
}

/* The answer does not wait for what was asked, and waits for the store all the same. */
static void
save_and_answer (H3Event *event, gpointer user_data)
{
    save_and_write_pieces (event, user_data);
    h3_event_send_text (event, "at once");
}

static void
set_elsewhere (gpointer data, GCancellable *cancellable)
{
    H3Event *event = data;

    ck_assert (h3_session_set_string (session_of (event), "mine", "x", NULL));
    h3_event_send_text (event, "from elsewhere");
    h3_event_unref (event);
}

static void
answer_from_elsewhere (H3Event *event, gpointer user_data)
{
    h3_event_offload (event, set_elsewhere, NULL, h3_event_defer (event), NULL);
}

static void
set_up (void)
{
    (void) g_main_context_default ();
    before = live_snapshot_take ();
    store = fickle_store_new ();
    app = session_app (h3_sessions_new (H3_STORE (store)));
    h3_app_get (app, "/meanwhile/set", set_meanwhile, (gpointer) "/set/theirs/y");
    h3_app_get (app, "/meanwhile/same", set_meanwhile, (gpointer) "/set/mine/y");
    h3_app_get (app, "/meanwhile/add", add_meanwhile, (gpointer) "/add");
    h3_app_get (app, "/meanwhile/login", log_in_meanwhile, (gpointer) "/set/theirs/y");
    h3_app_get (app, "/meanwhile/logout", set_meanwhile, (gpointer) "/logout");
    h3_app_get (app, "/meanwhile/logins", log_in_meanwhile, (gpointer) "/login");
    h3_app_get (app, "/meanwhile/read", read_meanwhile, (gpointer) "/logout");
    h3_app_get (app, "/pieces", set_and_write_pieces, NULL);
    h3_app_get (app, "/pieces/saved", save_and_write_pieces, NULL);
    h3_app_get (app, "/pieces/nothing", save_nothing, NULL);
    h3_app_get (app, "/saved/more", save_and_set_more, NULL);
    h3_app_get (app, "/saved/answered", save_and_answer, NULL);
    h3_app_get (app, "/elsewhere", answer_from_elsewhere, NULL);
    client = session_client (app);
    other = session_client (app);
}

static void
tear_down (void)
{
    session_client_clear (&other);
    session_client_clear (&client);
    g_object_unref (app);
    g_object_unref (store);
    assert_nothing_left (&before);
}

static void
log_in_both (void)
{
    session_client_expect (&client, "/set/first/z", 200, "done");
    session_client_set (&other, "session", session_client_get (&client, "session"));
}

START_TEST (what_two_requests_write_is_both_kept)
{
    log_in_both ();
    session_client_expect (&client, "/meanwhile/set", 200, "done");
    session_client_expect (&client, "/get/mine", 200, "x");
    session_client_expect (&client, "/get/theirs", 200, "y");
    session_client_expect (&client, "/get/first", 200, "z");
    session_client_expect (&client, "/meanwhile/same", 200, "done");
    session_client_expect (&client, "/get/mine", 200, "x");
}
END_TEST

START_TEST (what_two_requests_add_is_added_twice)
{
    log_in_both ();
    session_client_expect (&client, "/add", 200, "1");
    session_client_expect (&client, "/meanwhile/add", 200, "2");
    session_client_expect (&client, "/add", 200, "4");
}
END_TEST

START_TEST (what_another_writes_during_a_login_comes_along)
{
    log_in_both ();
    session_client_expect (&client, "/meanwhile/login", 200, "done");
    session_client_expect (&client, "/get/theirs", 200, "y");
    session_client_expect (&client, "/get/user", 200, "zoe");
    session_client_expect (&other, "/get/user", 200, "new (none)");
    ck_assert_uint_eq (fickle_store_count (store), 1);
}
END_TEST

START_TEST (a_session_that_has_ended_meanwhile_stays_ended)
{
    log_in_both ();
    session_client_expect (&client, "/meanwhile/logout", 503, NULL);
    session_client_expect (&client, "/get/first", 200, "new (none)");
    ck_assert_uint_eq (fickle_store_count (store), 0);
    log_in_both ();
    session_client_expect (&client, "/meanwhile/logins", 503, NULL);
    session_client_expect (&client, "/get/first", 200, "new (none)");
    session_client_expect (&other, "/get/user", 200, "zoe");
    ck_assert_uint_eq (fickle_store_count (store), 1);
}
END_TEST

START_TEST (who_only_reads_does_not_mind)
{
    log_in_both ();
    session_client_expect (&client, "/meanwhile/read", 200, "nothing");
    ck_assert_uint_eq (fickle_store_count (store), 0);
}
END_TEST

START_TEST (an_answer_in_pieces_keeps_its_session_before_or_meanwhile)
{
    session_client_expect (&client, "/pieces", 200, "pieces");
    session_client_expect (&client, "/get/mine", 200, "x");
    session_client_expect (&client, "/get/late", 200, "(none)");
    session_client_expect (&other, "/pieces/saved", 200, "pieces");
    session_client_expect (&other, "/get/mine", 200, "x");
    session_client_expect (&other, "/get/late", 200, "(none)");
    session_client_expect (&other, "/pieces/nothing", 200, "pieces");
    session_client_expect (&other, "/saved/more", 200, "more");
    session_client_expect (&other, "/get/more", 200, "y");
    session_client_expect (&other, "/saved/answered", 200, "at once");
}
END_TEST

START_TEST (an_answer_in_pieces_without_its_session_is_cut_or_never_begun)
{
    static const char *const begun[] = { "/pieces", "/elsewhere" };
    g_autoptr (H3Injected) cut = NULL;

    log_in_both ();
    atomic_store (&store->n_asked, 0);
    atomic_store (&store->fails_at, 2);
    cut = session_client_send (&client, "GET", begun[0], NULL, NULL);
    ck_assert_uint_eq (h3_injected_get_status (cut), 200);
    ck_assert (h3_injected_is_cut (cut));
    atomic_store (&store->n_asked, 0);
    session_client_expect (&client, "/pieces/saved", 503, NULL);
    atomic_store (&store->n_asked, 0);
    session_client_expect (&client, "/saved/answered", 503, NULL);
    atomic_store (&store->n_asked, 0);
    session_client_expect (&client, begun[1], 503, NULL);
}
END_TEST

START_TEST (another_thread_may_write_and_answer)
{
    session_client_expect (&client, "/elsewhere", 200, "from elsewhere");
    session_client_expect (&client, "/get/mine", 200, "x");
}
END_TEST

#define N_THREADS 4
#define N_ADDS    100

static void *
add_often (void *cookie)
{
    g_auto (SessionClient) one = session_client (app);

    session_client_set (&one, "session", cookie);
    for (guint i = 0; i < N_ADDS; i++)
        session_client_expect (&one, "/add", 200, NULL);
    return NULL;
}

START_TEST (threads_that_race_on_one_session_lose_nothing)
{
    g_autofree char *sum = g_strdup_printf ("%d", N_THREADS * N_ADDS + 1);
    pthread_t threads[N_THREADS];

    log_in_both ();
    for (guint i = 0; i < N_THREADS; i++)
        ck_assert_int_eq (pthread_create (&threads[i], NULL, add_often,
                                          (void *) session_client_get (&client, "session")),
                          0);
    for (guint i = 0; i < N_THREADS; i++)
        ck_assert_int_eq (pthread_join (threads[i], NULL), 0);
    session_client_expect (&client, "/add", 200, sum);
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *tcase = tcase_create ("meanwhile");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    suite_add_tcase (suite, tcase);
    tcase_set_timeout (tcase, 120);
    tcase_add_test (tcase, what_two_requests_write_is_both_kept);
    tcase_add_test (tcase, what_two_requests_add_is_added_twice);
    tcase_add_test (tcase, what_another_writes_during_a_login_comes_along);
    tcase_add_test (tcase, a_session_that_has_ended_meanwhile_stays_ended);
    tcase_add_test (tcase, who_only_reads_does_not_mind);
    tcase_add_test (tcase, an_answer_in_pieces_keeps_its_session_before_or_meanwhile);
    tcase_add_test (tcase, an_answer_in_pieces_without_its_session_is_cut_or_never_begun);
    tcase_add_test (tcase, another_thread_may_write_and_answer);
    tcase_add_test (tcase, threads_that_race_on_one_session_lose_nothing);
}

int
main (void)
{
    return suite_run ("batteries/session-meanwhile", add_tests);
}

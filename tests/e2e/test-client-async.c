/* SPDX-License-Identifier: MIT
 *
 * Fetches that nobody waits for: told in the GMainContext they were begun in, cancelled wherever
 * they are, and clients that end while they run. */

#include "tests/e2e/fetch-fixture.h"

#include "tests/support/gio-threads.h"

static FetchFixture fixture;
static Latch asked = LATCH_INIT; /* requests of /held that have come */
static H3Event *held[8];         /* refs: the only worker's */
static guint n_held;

static void
send_hello (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, "hello");
}

static void
hold (H3Event *event, gpointer user_data)
{
    held[n_held++] = h3_event_defer (event);
    latch_raise (&asked);
}

/* Its head leaves, and a piece of it. */
static void
begin_and_hold (H3Event *event, gpointer user_data)
{
    h3_event_write (event, "begun", 5);
    hold (event, NULL);
}

static void
let_go (void)
{
    while (n_held > 0)
        h3_event_unref (held[--n_held]);
}

static void
set_up (void)
{
    fetch_fixture_init (&fixture);
    (void) h3_app_get (fixture.server.app, "/hello", send_hello, NULL);
    (void) h3_app_get (fixture.server.app, "/held", hold, NULL);
    (void) h3_app_get (fixture.server.app, "/begun", begin_and_hold, NULL);
    test_server_start (&fixture.server);
}

static void
tear_down (void)
{
    g_clear_object (&fixture.client);
    let_go ();
    test_server_end (&fixture.server);
}

typedef struct {
    GMainContext *context; /* ref; NULL: the default one */
    GThread *thread;
    H3ClientResponse *response; /* ref */
    GError *error;              /* owned */
    gboolean is_told;
} Told;

static void
clear_told (Told *told)
{
    g_clear_pointer (&told->response, h3_client_response_unref);
    g_clear_error (&told->error);
    told->is_told = FALSE;
}

static void
tell (GObject *source, GAsyncResult *result, gpointer user_data)
{
    Told *told = user_data;

    ck_assert (!told->is_told);
    ck_assert_ptr_eq (g_thread_self (), told->thread);
    told->response = h3_client_fetch_finish (H3_CLIENT (source), result, &told->error);
    ck_assert ((told->response == NULL) == (told->error != NULL));
    told->is_told = TRUE;
}

static void
begin (Told *told, const char *path, GCancellable *cancellable)
{
    g_autoptr (H3ClientRequest) request = fetch_fixture_request (&fixture, "GET", path);

    told->thread = g_thread_self ();
    h3_client_fetch_async (fixture.client, request, cancellable, tell, told);
    ck_assert (!told->is_told);
}

static void
wait_for (Told *told)
{
    while (!told->is_told)
        (void) g_main_context_iteration (told->context, TRUE);
}

static void
expect_hello (Told *told)
{
    wait_for (told);
    ck_assert_msg (told->response != NULL, "%s", told->error != NULL ? told->error->message : "");
    ck_assert_str_eq (h3_client_response_get_text (told->response), "hello");
    clear_told (told);
}

static void
expect_error (Told *told, H3ClientError code)
{
    wait_for (told);
    ck_assert_msg (g_error_matches (told->error, H3_CLIENT_ERROR, (int) code), "%s",
                   told->error != NULL ? told->error->message : "no error");
    clear_told (told);
}

START_TEST (async_is_told_in_the_default_context)
{
    Told told[20] = { 0 };

    for (guint i = 0; i < G_N_ELEMENTS (told); i++)
        begin (&told[i], "/hello", NULL);
    for (guint i = 0; i < G_N_ELEMENTS (told); i++)
        expect_hello (&told[i]);
}
END_TEST

/* A thread with a context of its own. */
static void *
fetch_on_thread (void *data)
{
    GMainContext *context = g_main_context_new ();
    Told told[5] = { 0 };

    g_main_context_push_thread_default (context);
    for (guint i = 0; i < G_N_ELEMENTS (told); i++) {
        told[i].context = context;
        begin (&told[i], "/hello", NULL);
    }
    for (guint i = 0; i < G_N_ELEMENTS (told); i++)
        expect_hello (&told[i]);
    g_main_context_pop_thread_default (context);
    g_main_context_unref (context);
    return NULL;
}

START_TEST (async_is_told_in_the_context_of_each_thread)
{
    pthread_t threads[4];

    for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        ck_assert_int_eq (pthread_create (&threads[i], NULL, fetch_on_thread, NULL), 0);
    for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        ck_assert_int_eq (pthread_join (threads[i], NULL), 0);
}
END_TEST

static void *
wait_on_thread (void *data)
{
    for (guint i = 0; i < 20; i++)
        fetch_fixture_expect (&fixture, "/hello", 200, "hello");
    return NULL;
}

START_TEST (fetches_of_many_threads_wait_at_once)
{
    pthread_t threads[6];

    for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        ck_assert_int_eq (pthread_create (&threads[i], NULL, wait_on_thread, NULL), 0);
    for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        ck_assert_int_eq (pthread_join (threads[i], NULL), 0);
}
END_TEST

START_TEST (async_is_cancelled_before_it_begins_or_while_it_waits)
{
    g_autoptr (GCancellable) before = g_cancellable_new ();
    g_autoptr (GCancellable) at_once = g_cancellable_new ();
    g_autoptr (GCancellable) waiting = g_cancellable_new ();
    g_autoptr (GCancellable) reading = g_cancellable_new ();
    Told told = { 0 };

    g_cancellable_cancel (before);
    begin (&told, "/hello", before);
    expect_error (&told, H3_CLIENT_ERROR_CANCELLED);
    begin (&told, "/hello", at_once);
    g_cancellable_cancel (at_once);
    expect_error (&told, H3_CLIENT_ERROR_CANCELLED);
    begin (&told, "/held", waiting);
    latch_wait (&asked, 1, "the request");
    g_cancellable_cancel (waiting);
    expect_error (&told, H3_CLIENT_ERROR_CANCELLED);
    begin (&told, "/begun", reading);
    latch_wait (&asked, 2, "the second request");
    g_cancellable_cancel (reading);
    expect_error (&told, H3_CLIENT_ERROR_CANCELLED);
}
END_TEST

typedef struct {
    GCancellable *cancellable; /* ref */
    Told told;
} LateCancel;

static void
cancel_and_tell (GObject *source, GAsyncResult *result, gpointer user_data)
{
    LateCancel *late = user_data;

    g_cancellable_cancel (late->cancellable);
    tell (source, result, &late->told);
}

static void
expect_late_cancel (void)
{
    g_autoptr (H3ClientRequest) request = fetch_fixture_request (&fixture, "GET", "/hello");
    g_autoptr (GCancellable) cancellable = g_cancellable_new ();
    LateCancel late = { cancellable, { .thread = g_thread_self () } };

    h3_client_fetch_async (fixture.client, request, cancellable, cancel_and_tell, &late);
    expect_error (&late.told, H3_CLIENT_ERROR_CANCELLED);
}

START_TEST (async_is_cancelled_until_its_end_is_told)
{
    expect_late_cancel (); /* an answer has come */
    h3_app_stop (fixture.server.app);
    (void) h3_server_wait (h3_app_get_server (fixture.server.app));
    expect_late_cancel (); /* nobody has answered */
    test_server_start (&fixture.server);
}
END_TEST

typedef struct {
    GCancellable *cancellable; /* ref */
    guint n;
} Cancelling;

static void *
cancel_when_asked (void *data)
{
    Cancelling *cancelling = data;

    latch_wait (&asked, cancelling->n, "the request");
    g_cancellable_cancel (cancelling->cancellable);
    return NULL;
}

START_TEST (waiting_is_cancelled_by_another_thread)
{
    g_autoptr (GCancellable) cancellable = g_cancellable_new ();
    g_autoptr (H3ClientRequest) request = fetch_fixture_request (&fixture, "GET", "/held");
    g_autoptr (GError) error = NULL;
    Cancelling cancelling = { cancellable, 1 };
    pthread_t thread;

    ck_assert_int_eq (pthread_create (&thread, NULL, cancel_when_asked, &cancelling), 0);
    ck_assert_ptr_null (h3_client_fetch (fixture.client, request, cancellable, &error));
    ck_assert (g_error_matches (error, H3_CLIENT_ERROR, H3_CLIENT_ERROR_CANCELLED));
    ck_assert_int_eq (pthread_join (thread, NULL), 0);
}
END_TEST

START_TEST (client_is_held_by_what_it_fetches)
{
    Told told = { 0 };

    begin (&told, "/hello", NULL);
    g_clear_object (&fixture.client);
    expect_hello (&told);
}
END_TEST

START_TEST (client_ends_in_any_state)
{
    g_clear_object (&fixture.client); /* unused */
    fixture.client = h3_client_new ();
    fetch_fixture_expect (&fixture, "/hello", 200, "hello");
    g_clear_object (&fixture.client); /* with a connection at rest */
    fixture.client = h3_client_new ();
    {
        g_autoptr (GCancellable) cancellable = g_cancellable_new ();
        Told told = { 0 };

        begin (&told, "/held", cancellable);
        latch_wait (&asked, 1, "the request");
        g_clear_object (&fixture.client);
        g_cancellable_cancel (cancellable);
        expect_error (&told, H3_CLIENT_ERROR_CANCELLED);
    }
}
END_TEST

static void
unref_in_callback (GObject *source, GAsyncResult *result, gpointer user_data)
{
    tell (source, result, user_data);
    g_clear_object (&fixture.client);
}

START_TEST (client_ends_in_its_own_callback)
{
    g_autoptr (H3ClientRequest) request = fetch_fixture_request (&fixture, "GET", "/hello");
    Told told = { .thread = g_thread_self () };

    h3_client_fetch_async (fixture.client, request, NULL, unref_in_callback, &told);
    expect_hello (&told);
    ck_assert_ptr_null (fixture.client);
}
END_TEST

START_TEST (settings_stay_once_something_was_fetched)
{
    guint redirects;
    g_autofree char *user_agent = NULL;

    g_object_set (fixture.client, "max-redirects", 3, "user-agent", "me", NULL);
    fetch_fixture_expect (&fixture, "/hello", 200, "hello");
    g_test_expect_message ("h3", G_LOG_LEVEL_CRITICAL, "*has fetched*");
    h3_client_set_max_redirects (fixture.client, 4);
    g_test_expect_message ("h3", G_LOG_LEVEL_CRITICAL, "*has fetched*");
    g_object_set (fixture.client, "user-agent", "you", NULL);
    g_test_assert_expected_messages ();
    g_object_get (fixture.client, "max-redirects", &redirects, "user-agent", &user_agent, NULL);
    ck_assert_uint_eq (redirects, 3);
    ck_assert_str_eq (user_agent, "me");
}
END_TEST

START_TEST (fetch_tells_who_does_not_answer)
{
    g_autofree char *address = g_strdup (fixture.server.address);
    g_autofree char *url = g_strdup_printf ("http://u:secret@%s/secret?secret", address);
    g_autoptr (H3ClientRequest) request = NULL;
    g_autofree char *message = NULL;

    h3_app_stop (fixture.server.app);
    (void) h3_server_wait (h3_app_get_server (fixture.server.app));
    request = h3_client_request_new ("GET", url, NULL);
    message = fetch_fixture_fail (&fixture, request, H3_CLIENT_ERROR_CONNECT);
    ck_assert_ptr_nonnull (strstr (message, "http://127.0.0.1:"));
    ck_assert_ptr_nonnull (strstr (message, address));
    test_server_start (&fixture.server);
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *fetches = tcase_create ("fetches");

    tcase_add_checked_fixture (fetches, set_up, tear_down);
    tcase_add_test (fetches, async_is_told_in_the_default_context);
    tcase_add_test (fetches, async_is_told_in_the_context_of_each_thread);
    tcase_add_test (fetches, fetches_of_many_threads_wait_at_once);
    tcase_add_test (fetches, async_is_cancelled_before_it_begins_or_while_it_waits);
    tcase_add_test (fetches, async_is_cancelled_until_its_end_is_told);
    tcase_add_test (fetches, waiting_is_cancelled_by_another_thread);
    tcase_add_test (fetches, client_is_held_by_what_it_fetches);
    tcase_add_test (fetches, client_ends_in_any_state);
    tcase_add_test (fetches, client_ends_in_its_own_callback);
    tcase_add_test (fetches, settings_stay_once_something_was_fetched);
    tcase_add_test (fetches, fetch_tells_who_does_not_answer);
    suite_add_tcase (suite, fetches);
}

int
main (void)
{
    return suite_run ("e2e/client-async", add_tests);
}

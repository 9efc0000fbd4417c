/* SPDX-License-Identifier: MIT
 *
 * Sessions and tokens of two services that share a Redis server, here below /0 and /1, each with a
 * connection of its own: what one has kept, the other finds. */

#include "tests/support/redis-server.h"
#include "tests/support/suite.h"
#include "tests/support/test-server.h"

#include "h3/batteries/csrf.h"
#include "h3/batteries/session.h"
#include "h3/batteries/sessions.h"
#include "h3/http/answer.h"
#include "h3/loop/clock.h"
#include "h3/store/redis-store.h"

#include <pthread.h>
#include <string.h>

static RedisServer redis;
static gboolean has_redis;
static TestServer server;

static void
count (H3Event *event, gpointer user_data)
{
    g_autofree char *text = NULL;
    gint64 n;

    ck_assert (h3_session_add_int (h3_event_get_session (event), "n", 1, &n, NULL));
    text = g_strdup_printf ("%" G_GINT64_FORMAT, n);
    h3_event_send_text (event, text);
}

static void
log_in (H3Event *event, gpointer user_data)
{
    ck_assert (h3_session_regenerate (h3_event_get_session (event), NULL));
    h3_event_send_text (event, "in");
}

static void
log_out (H3Event *event, gpointer user_data)
{
    h3_session_destroy (h3_event_get_session (event));
    h3_event_send_text (event, "out");
}

static void
give_token (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, h3_event_get_csrf_token (event, NULL));
}

static void
take_token (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, "taken");
}

/* (transfer full) */
static H3App *
make_service (void)
{
    H3App *app = h3_app_new_with_preset (H3_PRESET_TESTING);
    g_autoptr (GError) error = NULL;
    g_autoptr (H3Store) store = h3_redis_store_new (redis.url, &error);

    ck_assert_msg (store != NULL, "%s", error != NULL ? error->message : "");
    h3_app_use (app, "/", h3_sessions_new (store));
    h3_app_use (app, "/", h3_csrf_new (store));
    h3_app_get (app, "/count", count, NULL);
    h3_app_get (app, "/login", log_in, NULL);
    h3_app_get (app, "/logout", log_out, NULL);
    h3_app_get (app, "/token", give_token, NULL);
    h3_app_post (app, "/token", take_token, NULL);
    return app;
}

/* The clock stands still: on no machine does the server take too long to answer. */
static void
set_up (void)
{
    clock_take_control ();
    test_server_init (&server);
    has_redis = redis_server_start (&redis, NULL);
    for (guint i = 0; has_redis && i < 2; i++) {
        g_autoptr (H3App) service = make_service ();

        h3_app_mount (server.app, i == 0 ? "/0" : "/1", service);
    }
    test_server_start (&server);
}

static void
tear_down (void)
{
    redis_server_clear (&redis);
    test_server_end (&server);
}

/* (transfer full): the cookie that follows from the answer; `*out_text` (nullable) is its body. */
static char *
ask (guint service, const char *method, const char *target, const char *cookie, const char *fields,
     guint status, char **out_text)
{
    g_autofree char *request = g_strdup_printf (
        "%s /%u%s HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nCookie: %s\r\n%s\r\n", method,
        service, target, cookie, fields);
    RawClient *client = test_server_connect (&server);
    g_autoptr (RawAnswer) answer = NULL;
    g_autofree char *set = NULL;

    ck_assert (raw_client_send (client, request));
    answer = raw_client_read (client, FALSE);
    ck_assert_msg (answer->status == status, "%u to %s: %s", answer->status, target,
                   answer->body->str);
    if (out_text != NULL)
        *out_text = g_strdup (answer->body->str);
    set = raw_answer_dup_header (answer, "Set-Cookie");
    raw_client_free (client);
    return set != NULL ? g_strndup (set, strcspn (set, ";")) : g_strdup (cookie);
}

static void
expect (guint service, const char *target, const char *cookie, const char *text)
{
    g_autofree char *found = NULL;
    g_autofree char *same = ask (service, "GET", target, cookie, "", 200, &found);

    ck_assert_str_eq (found, text);
    ck_assert_ptr_nonnull (same);
}

START_TEST (what_one_service_keeps_the_other_finds)
{
    g_autofree char *cookie = NULL;
    g_autofree char *other = NULL;
    g_autofree char *gone = NULL;

    if (!has_redis)
        return;
    cookie = ask (0, "GET", "/count", "", "", 200, NULL);
    expect (1, "/count", cookie, "2");
    expect (0, "/count", cookie, "3");
    other = ask (1, "GET", "/login", cookie, "", 200, NULL);
    ck_assert_str_ne (cookie, other);
    expect (0, "/count", other, "4");
    expect (0, "/count", cookie, "1");
    gone = ask (0, "GET", "/logout", other, "", 200, NULL);
    expect (1, "/count", other, "1");
}
END_TEST

START_TEST (a_token_of_one_service_is_good_for_the_other)
{
    g_autofree char *cookie = NULL;
    g_autofree char *token = NULL;
    g_autofree char *field = NULL;
    g_autofree char *taken = NULL;
    g_autofree char *refused = NULL;

    if (!has_redis)
        return;
    cookie = ask (0, "GET", "/token", "", "", 200, &token);
    field = g_strdup_printf ("X-CSRF-Token: %s\r\n", token);
    taken = ask (1, "POST", "/token", cookie, field, 200, NULL);
    refused = ask (1, "POST", "/token", cookie, "X-CSRF-Token: x\r\n", 403, NULL);
}
END_TEST

#define N_COUNTS 50

typedef struct {
    guint service;
    const char *cookie; /* borrowed: the test */
} Counting;

static void *
count_often (void *data)
{
    const Counting *counting = data;

    for (guint i = 0; i < N_COUNTS; i++)
        g_free (ask (counting->service, "GET", "/count", counting->cookie, "", 200, NULL));
    return NULL;
}

START_TEST (both_at_the_same_time_lose_no_count)
{
    g_autofree char *sum = g_strdup_printf ("%d", 2 * N_COUNTS + 2);
    g_autofree char *cookie = NULL;
    pthread_t threads[2];
    Counting countings[2];

    if (!has_redis)
        return;
    cookie = ask (0, "GET", "/count", "", "", 200, NULL);
    for (guint i = 0; i < 2; i++) {
        countings[i] = (Counting){ i, cookie };
        ck_assert_int_eq (pthread_create (&threads[i], NULL, count_often, &countings[i]), 0);
    }
    for (guint i = 0; i < 2; i++)
        ck_assert_int_eq (pthread_join (threads[i], NULL), 0);
    expect (0, "/count", cookie, sum);
}
END_TEST

START_TEST (a_lost_server_lets_nothing_through)
{
    g_autofree char *cookie = NULL;
    g_autofree char *token = NULL;
    g_autofree char *field = NULL;

    if (!has_redis)
        return;
    cookie = ask (0, "GET", "/token", "", "", 200, &token);
    field = g_strdup_printf ("X-CSRF-Token: %s\r\n", token);
    redis_server_kill (&redis);
    g_free (ask (0, "GET", "/count", cookie, "", 503, NULL));
    g_free (ask (0, "GET", "/count", "", "", 503, NULL));
    g_free (ask (0, "POST", "/token", cookie, field, 503, NULL));
    g_free (ask (0, "GET", "/nothing", "", "", 404, NULL));
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("redis");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    suite_add_tcase (suite, tcase);
    tcase_set_timeout (tcase, 120);
    tcase_add_test (tcase, what_one_service_keeps_the_other_finds);
    tcase_add_test (tcase, a_token_of_one_service_is_good_for_the_other);
    tcase_add_test (tcase, both_at_the_same_time_lose_no_count);
    tcase_add_test (tcase, a_lost_server_lets_nothing_through);
}

int
main (void)
{
    return suite_run ("e2e/session-redis", add_cases);
}

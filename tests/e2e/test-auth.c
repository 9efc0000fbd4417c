/* SPDX-License-Identifier: MIT
 *
 * Authentication over real sockets: several workers share one table of passwords, many wait for its
 * hashes, clients leave meanwhile, and bodies of those who stay out are never asked for. */

#include "tests/support/suite.h"
#include "tests/support/test-server.h"

#include "h3/crypto/base64.h"
#include "h3/crypto/password.h"
#include "h3/h3.h"

#include <pthread.h>

#define N_CLIENTS  4
#define N_ASKED    25
#define N_TOO_MANY 6

static TestServer server;
static H3Passwords *passwords; /* ref: the test's */

static const H3PasswordCost cheap = { H3_PASSWORD_MIN_LOG_N, 1, 1 };

static void
set_password (const char *password)
{
    g_autofree char *hash = h3_password_hash (password, &cheap, NULL);

    ck_assert (h3_passwords_set_user (passwords, "anna", hash, NULL, NULL));
}

static void
tell_name (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, h3_principal_get_name (h3_event_get_principal (event)));
}

/* (transfer full): a request as anna. */
static char *
request_with (const char *password)
{
    g_autofree char *both = g_strconcat ("anna:", password, NULL);
    g_autoptr (GBytes) bytes = g_bytes_new (both, strlen (both));
    g_autofree char *text = h3_base64_escape (bytes, H3_BASE64_STANDARD);

    return g_strdup_printf ("GET /in HTTP/1.1\r\nHost: a\r\nAuthorization: Basic %s\r\n\r\n", text);
}

/* The pool's one thread stands still between these. */
static Latch blocked = LATCH_INIT;
static Latch released = LATCH_INIT;
static Latch refused = LATCH_INIT;

/* With its middleware and one route behind it; not started. */
static void
begin (void)
{
    blocked = released = refused = (Latch) LATCH_INIT;
    test_server_init (&server);
    passwords = h3_passwords_new ();
    set_password ("right");
    h3_app_use (server.app, "/in", h3_auth_require_password ("house", passwords));
    h3_app_get (server.app, "/in", tell_name, NULL);
    h3_app_post (server.app, "/in", tell_name, NULL);
}

static void
end (void)
{
    test_server_end (&server);
    h3_passwords_unref (passwords);
}

/* What a client's thread finds; tests fail on the main thread alone. */
typedef struct {
    pthread_t thread;
    guint n_in, n_out, n_other;
} Visitor;

static void *
visit (void *data)
{
    g_autofree char *right = request_with ("right");
    g_autofree char *wrong = request_with ("wrong");
    g_autoptr (RawClient) client = raw_client_new (server.address);
    Visitor *visitor = data;

    for (guint i = 0; i < N_ASKED; i++) {
        g_autoptr (RawAnswer) answer = NULL;

        (void) raw_client_send (client, i % 2 == 0 ? right : wrong);
        answer = raw_client_read (client, FALSE);
        if (answer != NULL && answer->status == 200)
            visitor->n_in++;
        else if (answer != NULL && answer->status == 401)
            visitor->n_out++;
        else
            visitor->n_other++;
    }
    return NULL;
}

/* The table changes all the while, though what is in it does not. */
START_TEST (workers_share_one_table)
{
    Visitor visitors[N_CLIENTS] = { 0 };

    begin ();
    h3_server_set_workers (h3_app_get_server (server.app), 3);
    test_server_start (&server);
    for (guint i = 0; i < N_CLIENTS; i++)
        ck_assert_int_eq (pthread_create (&visitors[i].thread, NULL, visit, &visitors[i]), 0);
    for (guint i = 0; i < 10; i++)
        set_password ("right");
    for (guint i = 0; i < N_CLIENTS; i++) {
        ck_assert_int_eq (pthread_join (visitors[i].thread, NULL), 0);
        ck_assert_uint_eq (visitors[i].n_in, (N_ASKED + 1) / 2);
        ck_assert_uint_eq (visitors[i].n_out, N_ASKED / 2);
        ck_assert_uint_eq (visitors[i].n_other, 0);
    }
    end ();
}
END_TEST

static void
stand_still (gpointer data, GCancellable *cancellable)
{
    latch_raise (&blocked);
    latch_wait (&released, 1, "the test lets the pool go on");
}

static void
answer_blocked (H3Event *event, gpointer data)
{
    h3_event_send_text (event, "went on");
}

static void
block (H3Event *event, gpointer user_data)
{
    h3_event_offload (event, stand_still, answer_blocked, NULL, NULL);
}

static void
count_refused (H3Event *event, H3Outcome outcome, gpointer user_data)
{
    if (outcome == H3_OUTCOME_SENT && h3_response_get_status (h3_event_get_response (event)) == 503)
        latch_raise (&refused);
}

/* (transfer full): who asked for what stands still. */
static RawClient *
begin_blocked (void)
{
    RawClient *client;

    begin ();
    h3_server_set_offload_threads (h3_app_get_server (server.app), 1);
    h3_app_get (server.app, "/block", block, NULL);
    h3_app_on_response (server.app, count_refused, NULL, NULL);
    test_server_start (&server);
    client = test_server_connect (&server);
    ck_assert (raw_client_send (client, "GET /block HTTP/1.1\r\nHost: a\r\n\r\n"));
    latch_wait (&blocked, 1, "the pool stands still");
    return client;
}

/* (transfer full): a client that has sent this. */
static RawClient *
send_from_new (const char *request)
{
    RawClient *client = test_server_connect (&server);

    ck_assert (raw_client_send (client, request));
    return client;
}

START_TEST (only_so_many_wait_for_their_hashes)
{
    RawClient *clients[H3_AUTH_MAX_WAITING + N_TOO_MANY];
    g_autoptr (RawClient) blocking = begin_blocked ();
    g_autofree char *right = request_with ("right");
    guint n_in = 0;

    for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
        clients[i] = send_from_new (right);
    latch_wait (&refused, N_TOO_MANY, "those that are too many are refused");
    latch_raise (&released);
    raw_client_expect_answer (blocking, 200, "went on");
    for (guint i = 0; i < G_N_ELEMENTS (clients); i++) {
        g_autoptr (RawAnswer) answer = raw_client_read (clients[i], FALSE);

        ck_assert_ptr_nonnull (answer);
        if (answer->status == 200)
            n_in++;
        else
            raw_answer_expect_header (answer, "Retry-After", "1");
        ck_assert (answer->status == 200 || answer->status == 503);
        raw_client_free (clients[i]);
    }
    ck_assert_uint_eq (n_in, H3_AUTH_MAX_WAITING);
    ck_assert_uint_eq (latch_get (&refused), N_TOO_MANY);
    raw_client_expect (blocking, right, 200, "anna");
    raw_client_free (g_steal_pointer (&blocking));
    end ();
}
END_TEST

/* Nothing is left of those who did not wait for their answers. */
START_TEST (clients_may_leave_while_their_password_is_verified)
{
    g_autoptr (RawClient) blocking = begin_blocked ();
    g_autofree char *right = request_with ("right");

    for (guint i = 0; i < 10; i++) {
        g_autoptr (RawClient) client = send_from_new (right);

        if (i % 2 == 0)
            raw_client_reset (client);
    }
    latch_raise (&released);
    raw_client_expect_answer (blocking, 200, "went on");
    raw_client_expect (blocking, right, 200, "anna");
    raw_client_free (g_steal_pointer (&blocking));
    end ();
}
END_TEST

START_TEST (no_body_is_asked_for_from_who_stays_out)
{
    g_autoptr (RawClient) client = NULL;
    g_autofree char *wrong = request_with ("wrong");
    g_autofree char *right = request_with ("right");
    G_GNUC_UNUSED g_autofree char *fields = NULL;
    g_autofree char *wrong_post = NULL;
    g_autofree char *right_post = NULL;

    begin ();
    test_server_start (&server);
    client = test_server_connect (&server);
    wrong_post = g_strdup_printf ("POST%.*sExpect: 100-continue\r\nContent-Length: 4\r\n\r\n",
                                  (int) strlen (wrong) - 2 - 3, wrong + 3);
    right_post = g_strdup_printf ("POST%.*sExpect: 100-continue\r\nContent-Length: 4\r\n\r\n",
                                  (int) strlen (right) - 2 - 3, right + 3);
    raw_client_expect (client, wrong_post, 401, NULL);
    raw_client_free (client);
    client = test_server_connect (&server);
    raw_client_expect (client, right_post, 100, NULL);
    raw_client_expect (client, "body", 200, "anna");
    raw_client_free (g_steal_pointer (&client));
    end ();
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "passwords", workers_share_one_table, only_so_many_wait_for_their_hashes,
                    clients_may_leave_while_their_password_is_verified,
                    no_body_is_asked_for_from_who_stays_out, NULL);
}

int
main (void)
{
    return suite_run ("e2e/auth", add_tests);
}

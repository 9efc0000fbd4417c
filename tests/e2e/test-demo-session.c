/* SPDX-License-Identifier: MIT
 *
 * h3d demo: sessions and tokens, over sockets and on all its workers. */

#include "tests/support/running-demo.h"
#include "tests/support/suite.h"

#include <pthread.h>
#include <string.h>

/* (transfer full) (nullable): "name=value" of a cookie that the answer sets. */
static char *
dup_cookie (const RawAnswer *answer, const char *name)
{
    g_autofree char *field = g_strdup_printf ("Set-Cookie: %s=", name);
    const char *at = strstr (answer->head, field);

    if (at == NULL)
        return NULL;
    at += strlen ("Set-Cookie: ");
    return g_strndup (at, strcspn (at, ";\r"));
}

/* (transfer full): what a JSON answer says of `name`, without quotation marks. */
static char *
dup_member (const RawAnswer *answer, const char *name)
{
    g_autofree char *member = g_strdup_printf ("\"%s\": ", name);
    const char *at = strstr (answer->body->str, member);

    ck_assert_msg (at != NULL, "no %s in %s", name, answer->body->str);
    at += strlen (member);
    at += *at == '"';
    return g_strndup (at, strcspn (at, "\",\n"));
}

/* (transfer full): with a cookie (nullable), and further fields (nullable). */
static RawAnswer *
ask (const char *line, const char *cookie, const char *fields)
{
    g_autofree char *all =
        g_strconcat (cookie != NULL ? "Cookie: " : "", cookie != NULL ? cookie : "",
                     cookie != NULL ? "\r\n" : "", fields != NULL ? fields : "", NULL);

    return running_demo_ask_for (line, all);
}

static void
expect_count (const char *line, const char *cookie, const char *count)
{
    g_autoptr (RawAnswer) answer = ask (line, cookie, NULL);
    g_autofree char *found = NULL;

    ck_assert_uint_eq (answer->status, 200);
    found = dup_member (answer, "count");
    ck_assert_str_eq (found, count);
}

START_TEST (a_session_counts_and_changes_its_id_at_a_login)
{
    g_autoptr (RawAnswer) first = NULL;
    g_autoptr (RawAnswer) login = NULL;
    g_autoptr (RawAnswer) logout = NULL;
    g_autofree char *cookie = NULL;
    g_autofree char *other = NULL;

    running_demo_start ();
    first = ask ("GET /session", NULL, NULL);
    cookie = dup_cookie (first, "session");
    ck_assert_ptr_nonnull (cookie);
    ck_assert_ptr_nonnull (strstr (first->head, "; Path=/; HttpOnly; SameSite=Lax\r\n"));
    expect_count ("GET /session", cookie, "2");
    expect_count ("GET /session", cookie, "3");
    login = ask ("POST /session/login", cookie, NULL);
    ck_assert_uint_eq (login->status, 200);
    other = dup_cookie (login, "session");
    ck_assert_str_ne (other, cookie);
    expect_count ("GET /session", other, "4");
    expect_count ("GET /session", cookie, "1");
    logout = ask ("POST /session/logout", other, NULL);
    ck_assert_uint_eq (logout->status, 204);
    ck_assert_ptr_nonnull (strstr (logout->head, "Max-Age=0"));
    expect_count ("GET /session", other, "1");
    running_demo_end ();
}
END_TEST

START_TEST (a_sealed_session_counts_in_its_cookie)
{
    g_autofree char *cookie = NULL;

    running_demo_start ();
    for (guint n = 1; n <= 3; n++) {
        g_autoptr (RawAnswer) answer = ask ("GET /session/sealed", cookie, NULL);
        g_autofree char *count = dup_member (answer, "count");

        ck_assert_uint_eq (g_ascii_strtoull (count, NULL, 10), n);
        g_free (cookie);
        cookie = dup_cookie (answer, "sealed");
        ck_assert_ptr_nonnull (cookie);
    }
    cookie[strlen (cookie) - 1] ^= 1;
    expect_count ("GET /session/sealed", cookie, "1");
    running_demo_end ();
}
END_TEST

static guint
post (const char *cookie, const char *fields, const char *body)
{
    g_autofree char *all =
        g_strdup_printf ("%sContent-Length: %zu\r\n\r\n%s", fields, strlen (body), body);
    g_autofree char *request =
        g_strdup_printf ("POST /csrf HTTP/1.1\r\nHost: h\r\nCookie: %s\r\n%s", cookie, all);
    g_autoptr (RawAnswer) answer = running_demo_ask (request);

    return answer->status;
}

START_TEST (a_token_lets_a_request_through)
{
    g_autoptr (RawAnswer) given = NULL;
    g_autofree char *cookie = NULL;
    g_autofree char *token = NULL;
    g_autofree char *header = NULL;
    g_autofree char *form = NULL;
    static const char type[] = "Content-Type: application/x-www-form-urlencoded\r\n";

    running_demo_start ();
    given = ask ("GET /csrf", NULL, NULL);
    cookie = dup_cookie (given, "session");
    token = dup_member (given, "token");
    header = g_strdup_printf ("X-CSRF-Token: %s\r\n", token);
    form = g_strdup_printf ("csrf_token=%s", token);
    ck_assert_uint_eq (post (cookie, header, ""), 200);
    ck_assert_uint_eq (post (cookie, type, form), 200);
    ck_assert_uint_eq (post (cookie, "", ""), 403);
    ck_assert_uint_eq (post (cookie, type, "csrf_token=x"), 403);
    ck_assert_uint_eq (post ("session=x", header, ""), 403);
    ck_assert_uint_eq (post (cookie, "Authorization: Bearer junk\r\n", ""), 403);
    running_demo_end ();
}
END_TEST

#define N_CLIENTS  4
#define N_REQUESTS 50

/* A client of its own, on whichever worker that is. */
static void *
count_often (void *cookie)
{
    g_autofree char *request =
        g_strdup_printf ("GET /session HTTP/1.1\r\nHost: h\r\nCookie: %s\r\n\r\n", (char *) cookie);
    RawClient *client = running_demo_connect ();

    for (guint i = 0; i < N_REQUESTS; i++)
        raw_client_expect (client, request, 200, NULL);
    raw_client_free (client);
    return NULL;
}

START_TEST (clients_at_the_same_time_lose_no_count)
{
    g_autofree char *sum = g_strdup_printf ("%d", N_CLIENTS * N_REQUESTS + 2);
    g_autoptr (RawAnswer) first = NULL;
    g_autofree char *cookie = NULL;
    pthread_t threads[N_CLIENTS];

    running_demo_start ();
    first = ask ("GET /session", NULL, NULL);
    cookie = dup_cookie (first, "session");
    for (guint i = 0; i < N_CLIENTS; i++)
        ck_assert_int_eq (pthread_create (&threads[i], NULL, count_often, cookie), 0);
    for (guint i = 0; i < N_CLIENTS; i++)
        ck_assert_int_eq (pthread_join (threads[i], NULL), 0);
    expect_count ("GET /session", cookie, sum);
    running_demo_end ();
}
END_TEST

START_TEST (what_is_pipelined_is_answered_in_its_order)
{
    g_autoptr (RawAnswer) first = NULL;
    g_autofree char *cookie = NULL;
    g_autoptr (GString) requests = g_string_new (NULL);
    RawClient *client;

    running_demo_start ();
    first = ask ("GET /session", NULL, NULL);
    cookie = dup_cookie (first, "session");
    for (guint i = 0; i < 16; i++)
        g_string_append_printf (requests, "GET /session HTTP/1.1\r\nHost: h\r\nCookie: %s\r\n\r\n",
                                cookie);
    client = running_demo_connect ();
    ck_assert (raw_client_send (client, requests->str));
    for (guint i = 0; i < 16; i++) {
        g_autofree char *body = g_strdup_printf ("{\n  \"count\": %u\n}\n", i + 2);

        raw_client_expect_answer (client, 200, body);
    }
    raw_client_free (client);
    running_demo_end ();
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("sessions");

    suite_add_tcase (suite, tcase);
    tcase_set_timeout (tcase, 120);
    tcase_add_test (tcase, a_session_counts_and_changes_its_id_at_a_login);
    tcase_add_test (tcase, a_sealed_session_counts_in_its_cookie);
    tcase_add_test (tcase, a_token_lets_a_request_through);
    tcase_add_test (tcase, clients_at_the_same_time_lose_no_count);
    tcase_add_test (tcase, what_is_pipelined_is_answered_in_its_order);
}

int
main (void)
{
    return suite_run ("e2e/demo-session", add_cases);
}

/* SPDX-License-Identifier: MIT
 *
 * Anything at any moment: requests, answers in pieces, ends, resets, pauses, cancels, time. Whoever
 * was not cancelled is told one end; who was answered has the answer to its own request and nobody
 * else's; nothing is left. The seed is printed; H3_SEED sets it. */

#include "client-fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define N_ASKED   16 /* at a time */
#define N_SERVED  32
#define N_ROUNDS  30
#define N_ACTIONS 3000

/* The server's end of one connection. */
typedef struct {
    int fd;        /* -1: none */
    GString *in;   /* what was asked and not answered yet */
    GString *out;  /* what is still to be said */
    gboolean ends; /* behind it */
} Served;

/* What one request is. */
typedef struct {
    Asked *asked;
    GCancellable *cancellable;
    char target[16], method[8];
    gint64 left; /* of a body that is written; -1: none, or finished */
} Asking;

static ClientFixture fixture;
static GRand *random_source;
static Served served[N_SERVED];
static Asking asking[N_ASKED];
static guint n_started;

static void
set_up (void)
{
    client_fixture_init (&fixture);
    for (guint i = 0; i < N_SERVED; i++)
        served[i].fd = -1;
}

static void
tear_down (void)
{
    client_fixture_end (&fixture);
}

static guint
pick (guint n)
{
    return (guint) g_rand_int_range (random_source, 0, (gint32) n);
}

static void
end_served (Served *one)
{
    static const struct linger reset = { 1, 0 };

    if (pick (3) == 0)
        (void) setsockopt (one->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    (void) close (one->fd);
    one->fd = -1;
    g_string_free (one->in, TRUE);
    g_string_free (one->out, TRUE);
}

static void
accept_some (void)
{
    for (guint i = 0; i < N_SERVED && client_fixture_has_news (&fixture); i++) {
        if (served[i].fd >= 0)
            continue;
        served[i].fd = client_fixture_accept (&fixture);
        served[i].in = g_string_new (NULL);
        served[i].out = g_string_new (NULL);
        served[i].ends = FALSE;
    }
}

/* The length of the body in chunks, with its end; -1: it is not whole. */
static gssize
measure_chunks (const char *body)
{
    const char *end = strstr (body, "0\r\n\r\n");

    return end != NULL ? end + 5 - body : -1;
}

/* How much of `in` is one whole request; 0: none yet. */
static gsize
measure_request (const GString *in)
{
    const char *end = strstr (in->str, "\r\n\r\n"), *field;
    gssize body = 0;

    if (end == NULL)
        return 0;
    end += 4;
    field = g_strstr_len (in->str, end - in->str, "Content-Length: ");
    if (field != NULL)
        body = (gssize) strtoul (field + 16, NULL, 10);
    else if (g_strstr_len (in->str, end - in->str, "chunked") != NULL)
        body = measure_chunks (end);
    return body >= 0 && strlen (end) >= (gsize) body ? (gsize) (end - in->str) + (gsize) body : 0;
}

/* An answer whose body is the target, in one of the forms there are. */
static void
answer (Served *one, const char *target, gboolean is_head)
{
    guint length = (guint) strlen (target);

    if (pick (4) == 0)
        g_string_append (one->out, "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n");
    switch (pick (6)) {
    case 0:
        g_string_append_printf (one->out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        if (!is_head)
            g_string_append_printf (one->out, "1\r\n%c\r\n%x\r\n%s\r\n0\r\nX: y\r\n\r\n", target[0],
                                    length - 1, target + 1);
        break;
    case 1:
        g_string_append_printf (one->out, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n%s",
                                is_head ? "" : target);
        one->ends = TRUE;
        break;
    case 2: /* more than was asked for */
        g_string_append_printf (one->out, "HTTP/1.1 200 OK\r\nContent-Length: %u\r\n\r\n%s%s",
                                length, is_head ? "" : target,
                                pick (4) == 0 ? "HTTP/1.1 200 OK\r\n\r\nbad" : "");
        break;
    default:
        g_string_append_printf (one->out, "HTTP/1.1 200 OK\r\nContent-Length: %u\r\n\r\n%s", length,
                                is_head ? "" : target);
        break;
    }
    if (pick (40) == 0)
        g_string_assign (one->out, "nonsense\r\n\r\n");
}

static void
hear (Served *one)
{
    char bytes[4096], *target;
    gssize n;
    gsize length;

    while ((n = recv (one->fd, bytes, sizeof bytes, 0)) > 0)
        g_string_append_len (one->in, bytes, n);
    length = measure_request (one->in);
    if (n == 0 && length == 0) {
        end_served (one);
        return;
    }
    if (length == 0 || one->out->len > 0)
        return;
    target = strchr (one->in->str, ' ') + 1;
    *strchr (target, ' ') = '\0';
    answer (one, target, g_str_has_prefix (one->in->str, "HEAD"));
    g_string_erase (one->in, 0, (gssize) length);
}

/* Some of it, or all. (What is too much leaves with the end, or it would be an answer to whoever
 * comes next: nobody could tell.) */
static void
speak (Served *one)
{
    gsize length = one->out->len;
    const char *extra = strstr (one->out->str, "HTTP/1.1 200 OK\r\n\r\nbad");

    if (length == 0)
        return;
    if (pick (2) == 0)
        length = 1 + pick ((guint) length);
    if (extra != NULL && length >= (gsize) (extra - one->out->str))
        length = one->out->len;
    client_fixture_say_data (&fixture, one->fd, one->out->str, length);
    g_string_erase (one->out, 0, (gssize) length);
    if (one->out->len == 0 && one->ends)
        end_served (one);
}

static void
look_at (Asking *one)
{
    Asked *asked = one->asked;

    ck_assert_uint_le (asked->n_ended, 1);
    if (asked->n_ended == 1 && asked->error == NULL) {
        const char *expected = strcmp (one->method, "HEAD") == 0 ? "" : one->target;

        /* One that ends with its connection may be cut, and nobody sees it. */
        if (strstr (asked->fields->str, "Connection=close") != NULL)
            ck_assert (g_str_has_prefix (expected, asked->body->str));
        else
            ck_assert_str_eq (asked->body->str, expected);
    }
    g_clear_pointer (&one->asked, asked_free);
    g_clear_object (&one->cancellable);
}

static void
start (Asking *one)
{
    static const char *const methods[] = { "GET", "HEAD", "PUT", "POST" };
    g_autoptr (GBytes) body = g_bytes_new_static ("abcdef", 6);
    ClientCall call = client_fixture_make_call ();
    guint kind = pick (4);

    one->asked = asked_new (&fixture);
    one->cancellable = pick (3) == 0 ? g_cancellable_new () : NULL;
    (void) g_snprintf (one->target, sizeof one->target, "/%u", ++n_started);
    (void) g_strlcpy (one->method, methods[kind], sizeof one->method);
    one->left = -1;
    call.method = h3_view_of (one->method);
    call.target = h3_view_of (one->target);
    call.cancellable = one->cancellable;
    call.is_safe_to_repeat = kind != 3;
    call.connect_milliseconds = call.first_byte_milliseconds = call.idle_milliseconds =
        pick (2) * 2000;
    call.total_milliseconds = pick (2) * 10000;
    call.expects_continue = pick (4) == 0;
    if (kind == 2)
        call.body = body;
    if (kind == 3 && pick (3) > 0) {
        one->left = 6;
        call.length = pick (2) == 0 ? 6 : -1;
    }
    one->asked->cancel_at = pick (3) == 0 ? 1 + pick (5) : 0;
    one->asked->pause_at = pick (4) == 0 ? 1 + pick (4) : 0;
    one->asked->fires = pick (2) == 0 ? one->cancellable : NULL;
    asked_start (one->asked, &call);
}

static void
act_on (Asking *one)
{
    ClientExchange *exchange = one->asked->exchange;

    if (exchange == NULL) {
        look_at (one);
        return;
    }
    switch (pick (8)) {
    case 0:
        if (pick (4) == 0)
            client_exchange_cancel (g_steal_pointer (&one->asked->exchange));
        break;
    case 1:
        if (one->cancellable != NULL && pick (4) == 0)
            g_cancellable_cancel (one->cancellable);
        break;
    case 2:
        client_exchange_pause (exchange);
        break;
    case 3:
    case 4:
        client_exchange_resume (exchange);
        break;
    default:
        if (one->left > 0) {
            client_exchange_write (exchange, "abcdefg", 1 + (one->left < 2 ? 0 : pick (2)));
            one->left--;
        } else if (one->left == 0) {
            client_exchange_finish (exchange);
            one->left = -1;
        }
        break;
    }
}

static void
act (void)
{
    Served *one = &served[pick (N_SERVED)];
    Asking *other = &asking[pick (N_ASKED)];

    switch (pick (6)) {
    case 0:
        if (other->asked == NULL)
            start (other);
        break;
    case 1:
        if (other->asked != NULL)
            act_on (other);
        break;
    case 2:
        client_fixture_turn (&fixture);
        accept_some ();
        break;
    case 3:
        if (pick (20) == 0)
            client_fixture_pass (&fixture, pick (3000));
        if (one->fd >= 0 && pick (30) == 0)
            end_served (one);
        break;
    default:
        for (guint i = 0; i < N_SERVED; i++) {
            if (served[i].fd >= 0)
                hear (&served[i]);
            if (served[i].fd >= 0 && pick (2) == 0)
                speak (&served[i]);
        }
        break;
    }
}

/* After all that a request is still answered. */
static void
ask_in_peace (void)
{
    g_autoptr (Asked) asked = NULL;
    int fd;

    for (guint i = 0; i < N_ASKED; i++)
        if (asking[i].asked != NULL && asking[i].asked->exchange != NULL)
            client_exchange_cancel (g_steal_pointer (&asking[i].asked->exchange));
    for (guint i = 0; i < N_SERVED; i++)
        if (served[i].fd >= 0)
            end_served (&served[i]);
    client_fixture_expect_counts (&fixture, 0, 0);
    while (client_fixture_has_news (&fixture))
        (void) close (client_fixture_accept (&fixture));
    asked = client_fixture_get (&fixture);
    fd = client_fixture_accept (&fixture);
    g_free (client_fixture_read (&fixture, fd, 0));
    client_fixture_say (&fixture, fd, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
    asked_wait (asked);
    asked_expect (asked, 200, "hi");
    (void) close (fd);
}

/* All that runs comes to its end, one after the other or with the loop. */
static void
finish (void)
{
    if (pick (2) == 0)
        ask_in_peace ();
    client_fixture_close_loop (&fixture);
    for (guint i = 0; i < N_ASKED; i++) {
        if (asking[i].asked == NULL)
            continue;
        ck_assert_ptr_null (asking[i].asked->exchange);
        look_at (&asking[i]);
    }
    for (guint i = 0; i < N_SERVED; i++)
        if (served[i].fd >= 0)
            end_served (&served[i]);
}

START_TEST (whatever_happens_each_request_has_its_own_end)
{
    const char *given = g_getenv ("H3_SEED");
    guint32 seed = given != NULL ? (guint32) strtoul (given, NULL, 10) : g_random_int ();

    printf ("H3_SEED=%u\n", seed + (guint32) _i);
    (void) fflush (stdout);
    random_source = g_rand_new_with_seed (seed + (guint32) _i);
    fixture.settings.max_connections = 1 + pick (8);
    client_fixture_change_peer (&fixture);
    for (guint i = 0; i < N_ACTIONS; i++)
        act ();
    finish ();
    g_rand_free (random_source);
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *all = tcase_create ("all");

    tcase_add_checked_fixture (all, set_up, tear_down);
    tcase_set_timeout (all, 240);
    tcase_add_loop_test (all, whatever_happens_each_request_has_its_own_end, 0, N_ROUNDS);
    suite_add_tcase (suite, all);
}

int
main (void)
{
    return suite_run ("client/random", add_tests);
}

/* SPDX-License-Identifier: MIT */

#include "client-fixture.h"

#include "h3/loop/clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/sockios.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define WATCHDOG (60 * G_USEC_PER_SEC)

void
client_fixture_change_peer (ClientFixture *fixture)
{
    client_peer_unref (fixture->peer);
    fixture->peer = client_peer_new (&fixture->settings);
}

static void
listen_somewhere (ClientFixture *fixture)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t length = sizeof address;

    address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    fixture->listener = socket (AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    ck_assert_int_eq (bind (fixture->listener, (struct sockaddr *) &address, sizeof address), 0);
    ck_assert_int_eq (listen (fixture->listener, 128), 0);
    ck_assert_int_eq (getsockname (fixture->listener, (struct sockaddr *) &address, &length), 0);
    fixture->port = ntohs (address.sin_port);
}

void
client_fixture_init (ClientFixture *fixture)
{
    memset (fixture, 0, sizeof *fixture);
    (void) g_main_context_default (); /* has a descriptor, which stays */
    fixture->before = live_snapshot_take ();
    clock_take_control ();
    fixture->loop = loop_new (NULL);
    ck_assert_ptr_nonnull (fixture->loop);
    loop_enter (fixture->loop);
    fixture->client = client_loop_get (fixture->loop);
    ck_assert_ptr_nonnull (fixture->client);
    listen_somewhere (fixture);
    fixture->settings.host = "127.0.0.1";
    fixture->settings.port = fixture->port;
    client_fixture_change_peer (fixture);
}

void
client_fixture_close_loop (ClientFixture *fixture)
{
    loop_close (fixture->loop);
    loop_leave (fixture->loop);
    loop_unref (fixture->loop);
    fixture->loop = NULL;
}

void
client_fixture_end (ClientFixture *fixture)
{
    if (fixture->loop != NULL)
        client_fixture_close_loop (fixture);
    client_peer_unref (fixture->peer);
    (void) close (fixture->listener);
    assert_nothing_left (&fixture->before);
}

void
client_fixture_turn (ClientFixture *fixture)
{
    for (guint i = 0; i < 4; i++)
        (void) loop_step (fixture->loop, FALSE);
}

void
client_fixture_pass (ClientFixture *fixture, gint64 milliseconds)
{
    clock_drive (milliseconds);
    client_fixture_turn (fixture);
}

/* Turns, and rests a moment where nothing came of it: what is waited for is a fact. */
static void
turn_once (ClientFixture *fixture, gint64 began, const char *what)
{
    ck_assert_msg (g_get_monotonic_time () - began < WATCHDOG, "no %s", what);
    client_fixture_turn (fixture);
    (void) poll (NULL, 0, 1);
}

void
asked_wait (Asked *asked)
{
    gint64 began = g_get_monotonic_time ();

    while (asked->n_ended == 0)
        turn_once (asked->fixture, began, "end of a request");
}

void
asked_wait_told (Asked *asked, guint n)
{
    gint64 began = g_get_monotonic_time ();

    while (asked->n_told < n)
        turn_once (asked->fixture, began, "word to a request");
}

gboolean
client_fixture_has_news (ClientFixture *fixture)
{
    struct pollfd listener = { .fd = fixture->listener, .events = POLLIN };

    return poll (&listener, 1, 0) == 1;
}

int
client_fixture_accept_now (ClientFixture *fixture)
{
    int fd = accept (fixture->listener, NULL, NULL);

    ck_assert (fd < 0 || fcntl (fd, F_SETFL, O_NONBLOCK) == 0);
    return fd;
}

int
client_fixture_accept (ClientFixture *fixture)
{
    gint64 began = g_get_monotonic_time ();
    int fd;

    client_fixture_turn (fixture);
    while ((fd = client_fixture_accept_now (fixture)) < 0)
        turn_once (fixture, began, "connection");
    return fd;
}

void
client_fixture_expect_bytes (ClientFixture *fixture, int fd, const char *text)
{
    gint64 began = g_get_monotonic_time ();
    g_autoptr (GString) got = g_string_new (NULL);

    while (got->len < strlen (text)) {
        char byte;

        if (recv (fd, &byte, 1, 0) == 1)
            g_string_append_c (got, byte);
        else
            turn_once (fixture, began, "bytes");
    }
    ck_assert_str_eq (got->str, text);
}

char *
client_fixture_read (ClientFixture *fixture, int fd, gsize body)
{
    gint64 began = g_get_monotonic_time ();
    GString *text = g_string_new (NULL);
    const char *end = NULL;

    while (end == NULL || strlen (end + 4) < body) {
        char byte;

        if (recv (fd, &byte, 1, 0) == 1)
            g_string_append_c (text, byte);
        else
            turn_once (fixture, began, "request");
        end = strstr (text->str, "\r\n\r\n");
    }
    return g_string_free (text, FALSE);
}

/* A kernel that is busy brings bytes to the other end of a connection some time later. */
static gboolean
has_arrived (int fd)
{
    struct pollfd socket = { .fd = fd };
    int left = 0;

    if (poll (&socket, 1, 0) == 1)
        return TRUE; /* broken */
    return ioctl (fd, SIOCOUTQ, &left) != 0 || left == 0;
}

void
client_fixture_push (int fd, const char *text)
{
    ck_assert_int_eq (send (fd, text, strlen (text), MSG_NOSIGNAL), (gssize) strlen (text));
    while (!has_arrived (fd))
        (void) poll (NULL, 0, 1);
}

void
client_fixture_say_data (ClientFixture *fixture, int fd, const char *data, gsize length)
{
    gint64 began = g_get_monotonic_time ();

    while (length > 0) {
        gssize n = send (fd, data, length, MSG_NOSIGNAL);

        if (n < 0 && errno != EAGAIN)
            return;
        data += MAX (n, 0);
        length -= (gsize) MAX (n, 0);
        if (n < 0)
            turn_once (fixture, began, "room");
    }
    client_fixture_turn (fixture);
}

void
client_fixture_say (ClientFixture *fixture, int fd, const char *text)
{
    client_fixture_say_data (fixture, fd, text, strlen (text));
}

void
client_fixture_expect_end (ClientFixture *fixture, int fd)
{
    gint64 began = g_get_monotonic_time ();
    char bytes[4096];

    for (;;) {
        gssize n = recv (fd, bytes, sizeof bytes, 0);

        if (n == 0 || (n < 0 && errno != EAGAIN))
            return;
        if (n < 0)
            turn_once (fixture, began, "end of a connection");
    }
}

void
client_fixture_expect_counts (ClientFixture *fixture, guint connections, guint idle)
{
    gint64 began = g_get_monotonic_time ();
    g_autofree char *what = g_strdup_printf ("%u connections, %u idle", connections, idle);
    ClientLoopCounts counts;

    for (;;) {
        client_loop_count (fixture->client, &counts);
        if (counts.connections == connections && counts.idle == idle)
            return;
        turn_once (fixture, began, what);
    }
}

/* Whether the exchange has gone meanwhile. */
static gboolean
note (Asked *asked)
{
    asked->n_told++;
    if (asked->n_told == asked->pause_at)
        client_exchange_pause (asked->exchange);
    if (asked->n_told != asked->cancel_at)
        return FALSE;
    if (asked->fires != NULL) {
        g_cancellable_cancel (asked->fires);
        return FALSE;
    }
    client_exchange_cancel (g_steal_pointer (&asked->exchange));
    return TRUE;
}

static void
note_fields (Asked *asked, const Http1Response *response)
{
    g_string_append_printf (asked->fields, "%u|", response->status);
    for (guint i = 0; i < response->head.n_fields; i++) {
        H3View name = http1_response_get_name (response, i);
        H3View value = http1_response_get_value (response, i);

        g_string_append_printf (asked->fields, "%.*s=%.*s|", H3_VIEW_ARGS (name),
                                H3_VIEW_ARGS (value));
    }
}

static void
on_interim (ClientExchange *exchange, const Http1Response *response, gpointer data)
{
    Asked *asked = data;

    asked->n_interim++;
    (void) note (asked);
    note_fields (asked, response);
}

static void
on_head (ClientExchange *exchange, const Http1Response *response, gpointer data)
{
    Asked *asked = data;

    (void) note (asked);
    asked->status = response->status;
    note_fields (asked, response);
}

static void
on_body (ClientExchange *exchange, H3View piece, gpointer data)
{
    Asked *asked = data;

    (void) note (asked);
    g_string_append_len (asked->body, piece.data, (gssize) piece.length);
}

static void
on_room (ClientExchange *exchange, gpointer data)
{
    Asked *asked = data;

    asked->n_room++;
    if (note (asked) || asked->sends == NULL)
        return;
    client_exchange_write (exchange, asked->sends, strlen (asked->sends));
    client_exchange_finish (exchange);
    asked->sends = NULL;
}

static gboolean
note_trailer (const char *name, const char *value, gpointer user_data)
{
    g_string_append_printf (user_data, "%s=%s|", name, value);
    return TRUE;
}

static void
on_end (ClientExchange *exchange, const H3Headers *trailers, const GError *error, gpointer data)
{
    Asked *asked = data;

    asked->n_ended++;
    client_exchange_get_timing (exchange, &asked->timing);
    if (trailers != NULL)
        h3_headers_foreach (trailers, note_trailer, asked->trailers);
    if (error != NULL) {
        ck_assert (error->domain == H3_CLIENT_ERROR);
        asked->error = g_strdup (error->message);
        asked->code = error->code;
    }
    (void) note (asked);
    asked->exchange = NULL;
    if (asked->on_end != NULL)
        asked->on_end (asked);
}

static const ClientListener listener = { on_interim, on_head, on_body, on_room, on_end };

ClientCall
client_fixture_make_call (void)
{
    return (ClientCall){ .method = H3_VIEW ("GET"),
                         .target = H3_VIEW ("/"),
                         .host = H3_VIEW ("example.com"),
                         .max_body = G_MAXUINT64,
                         .is_safe_to_repeat = TRUE };
}

Asked *
asked_new (ClientFixture *fixture)
{
    Asked *asked = g_new0 (Asked, 1);

    asked->fixture = fixture;
    asked->body = g_string_new (NULL);
    asked->fields = g_string_new (NULL);
    asked->trailers = g_string_new (NULL);
    return asked;
}

void
asked_start (Asked *asked, const ClientCall *call)
{
    guint before = asked->n_told;

    asked->exchange = client_exchange_start (asked->fixture->client, asked->fixture->peer, call,
                                             &listener, asked);
    ck_assert_uint_eq (asked->n_told, before);
}

Asked *
client_fixture_ask (ClientFixture *fixture, const ClientCall *call)
{
    Asked *asked = asked_new (fixture);

    asked_start (asked, call);
    return asked;
}

Asked *
client_fixture_get (ClientFixture *fixture)
{
    ClientCall call = client_fixture_make_call ();

    return client_fixture_ask (fixture, &call);
}

void
asked_free (Asked *asked)
{
    if (asked == NULL)
        return;
    if (asked->exchange != NULL)
        client_exchange_cancel (asked->exchange);
    g_string_free (asked->body, TRUE);
    g_string_free (asked->fields, TRUE);
    g_string_free (asked->trailers, TRUE);
    g_free (asked->error);
    g_free (asked);
}

void
asked_expect (const Asked *asked, guint status, const char *body)
{
    ck_assert_uint_eq (asked->n_ended, 1);
    ck_assert_msg (asked->error == NULL, "%s", asked->error);
    ck_assert_uint_eq (asked->status, status);
    ck_assert_str_eq (asked->body->str, body);
}

void
asked_expect_error (const Asked *asked, H3ClientError code, const char *words)
{
    ck_assert_uint_eq (asked->n_ended, 1);
    ck_assert_ptr_nonnull (asked->error);
    ck_assert_msg (asked->code == (int) code && strstr (asked->error, words) != NULL,
                   "error %d: %s; expected %d: …%s…", asked->code, asked->error, (int) code, words);
}

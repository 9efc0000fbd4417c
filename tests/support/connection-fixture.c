/* SPDX-License-Identifier: MIT */

#include "connection-fixture.h"

#include "h3/base/counters.h"
#include "h3/http/failure.h"
#include "h3/loop/clock.h"
#include "suite.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

Fixture fixture;

static void
run_next (H3Event *event)
{
    fixture.handler (event, NULL);
}

static const char *
get_label (const H3Event *event)
{
    return "label";
}

static const EventHost host = { run_next, event_answer_error, get_label };

static void
begin (gpointer data, H3Event *event)
{
    fixture.begun++;
    event->host = &host;
    event->wish = (guint8) fixture.wish;
    event->body_bound = fixture.body_bound;
    if (event->request.method == H3_METHOD_OTHER || event->request.method == H3_METHOD_CONNECT)
        event_refuse (event, 501, NULL);
}

static void
run (gpointer data, H3Event *event)
{
    fixture.run++;
    h3_event_next (event);
}

void
fixture_echo (H3Event *event, gpointer user_data)
{
    H3Request *request = h3_event_get_request (event);
    GBytes *body = h3_request_get_body (request);
    const char *query = h3_request_get_query_string (request);
    gsize length = body != NULL ? g_bytes_get_size (body) : 0;
    g_autofree char *text = g_strdup_printf (
        "<%s %s %s %" G_GSIZE_FORMAT " %.*s>", h3_request_get_method_name (request),
        h3_request_get_path (request), query != NULL ? query : "-", length, (int) length,
        length > 0 ? (const char *) g_bytes_get_data (body, NULL) : "");

    h3_response_set_body_text (h3_event_get_response (event), text);
    h3_event_send (event);
}

void
fixture_set_up (guint max_resting)
{
    memset (&fixture, 0, sizeof fixture);
    (void) signal (SIGPIPE, SIG_IGN);
    clock_take_control ();
    fixture.descriptors = suite_count_descriptors ();
    fixture.loop = loop_new (NULL);
    fixture.buffers = buffers_new (fixture.loop);
    fixture.all = deadlines_new (fixture.loop);
    h3_limits_init (&fixture.limits);
    fixture.wish = H3_BODY_BUFFERED;
    fixture.body_bound = 1024;
    fixture.handler = fixture_echo;
    fixture.context.events = event_pool_new (max_resting);
}

void
fixture_start (void)
{
    ConnectionContext *context = &fixture.context;
    TransportSettings settings = { .loop = fixture.loop,
                                   .buffers = fixture.buffers,
                                   .deadlines = fixture.all,
                                   .linger_milliseconds = fixture.limits.linger_time,
                                   .write_grace_milliseconds = fixture.limits.rate_grace,
                                   .write_bytes_per_second = (guint) fixture.limits.write_rate };

    fixture.fields = g_new (HeadField, (gsize) fixture.limits.fields);
    fixture.dispatch = (Dispatch){ .begin = begin, .run = run };
    context->loop = fixture.loop;
    context->shared = transport_shared_new (&settings);
    context->buffers = fixture.buffers;
    context->reader = http1_reader_new (&fixture.limits);
    context->fields = fixture.fields;
    context->limits = &fixture.limits;
    context->dispatch = &fixture.dispatch;
    connection_context_init (context, fixture.all);
}

void
fixture_settle (void)
{
    for (guint i = 0; i < 6; i++)
        (void) loop_step (fixture.loop, FALSE);
}

/* What the loop's epoll would report at once in the next turn is a descriptor nobody serves. */
void
fixture_assert_quiet (void)
{
    g_autoptr (GDir) folder = g_dir_open ("/proc/self/fd", 0, NULL);
    const char *name;

    fixture_settle ();
    while (folder != NULL && (name = g_dir_read_name (folder)) != NULL) {
        g_autofree char *path = g_build_filename ("/proc/self/fd", name, NULL);
        g_autofree char *link = g_file_read_link (path, NULL);
        struct pollfd pollfd = { .fd = atoi (name), .events = POLLIN };

        if (link != NULL && strstr (link, "eventpoll") != NULL)
            ck_assert_msg (poll (&pollfd, 1, 0) == 0, "the loop spins");
    }
}

void
fixture_pass (gint64 milliseconds)
{
    clock_drive (milliseconds);
    deadlines_sweep (fixture.all);
    fixture_settle ();
}

void
fixture_tear_down (void)
{
    ConnectionContext *context = &fixture.context;

    connection_context_cut (context);
    fixture_settle ();
    transport_shared_cut_lingering (context->shared);
    fixture_settle ();
    ck_assert_uint_eq (context->n_connections, 0);
    ck_assert_ptr_null (context->connections);
    ck_assert_uint_eq (transport_shared_count (context->shared), 0);
    ck_assert_int_eq (counters_read (COUNTER_CONNECTIONS_LIVE), 0);
    ck_assert_int_eq (counters_read (COUNTER_EVENTS_LIVE), 0);
    ck_assert_int_eq (counters_read (COUNTER_QUEUE_BYTES), 0);
    connection_context_clear (context);
    transport_shared_free (context->shared);
    event_pool_free (context->events);
    http1_reader_free (context->reader);
    g_free (fixture.fields);
    deadlines_free (fixture.all);
    buffers_free (fixture.buffers);
    ck_assert_int_eq (counters_read (COUNTER_BUFFER_BYTES), 0);
    loop_close (fixture.loop);
    loop_unref (fixture.loop);
    ck_assert_uint_eq (suite_count_descriptors (), fixture.descriptors);
}

int
fixture_connect (void)
{
    int ends[2];

    ck_assert_int_eq (socketpair (AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
    ck_assert (connection_accept (&fixture.context, ends[0]));
    return ends[1];
}

int
fixture_connect_tcp (void)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t length = sizeof address;
    int listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int peer = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int fd;

    address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    ck_assert_int_eq (bind (listener, (struct sockaddr *) &address, length), 0);
    ck_assert_int_eq (listen (listener, 1), 0);
    ck_assert_int_eq (getsockname (listener, (struct sockaddr *) &address, &length), 0);
    ck_assert_int_eq (connect (peer, (struct sockaddr *) &address, length), 0);
    fd = accept (listener, NULL, NULL);
    ck_assert_int_ge (fd, 0);
    (void) fcntl (fd, F_SETFL, O_NONBLOCK);
    (void) fcntl (peer, F_SETFL, O_NONBLOCK);
    (void) close (listener);
    ck_assert (connection_accept (&fixture.context, fd));
    return peer;
}

void
fixture_send (int peer, H3View bytes)
{
    while (bytes.length > 0) {
        gssize n = send (peer, bytes.data, bytes.length, MSG_NOSIGNAL);

        if (n < 0 && errno != EAGAIN)
            break;
        if (n > 0) {
            bytes.data += n;
            bytes.length -= (gsize) n;
        }
        fixture_settle ();
    }
    fixture_settle ();
}

char *
fixture_receive (int peer, gboolean *out_ended)
{
    GString *text = g_string_new (NULL);
    char data[4096];
    gssize n;

    fixture_settle ();
    while ((n = recv (peer, data, sizeof data, 0)) > 0) {
        g_string_append_len (text, data, n);
        fixture_settle ();
    }
    if (out_ended != NULL)
        *out_ended = n == 0 || errno != EAGAIN;
    return g_string_free (text, FALSE);
}

/* Not by strstr (): ThreadSanitizer's measures all of the text each time, for half a minute where
 * answers are many and long. */
guint
fixture_count (const char *text, const char *part)
{
    gsize length = strlen (part);
    guint n = 0;

    while ((text = strchr (text, *part)) != NULL) {
        gboolean is_here = strncmp (text, part, length) == 0;

        text += is_here ? length : 1;
        n += is_here ? 1 : 0;
    }
    return n;
}

void
fixture_assert_answers (int peer, const char *bytes, const char *const *expected)
{
    g_autofree char *text = NULL;
    const char *at;

    fixture_send (peer, h3_view_of (bytes));
    at = text = fixture_receive (peer, NULL);
    for (; *expected != NULL; expected++) {
        const char *found = strstr (at, *expected);

        ck_assert_msg (found != NULL, "no '%s' (in order) in: %s", *expected, text);
        at = found + strlen (*expected);
    }
}

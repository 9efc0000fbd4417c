/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE /* memmem */

#include "raw-client.h"

#include "suite.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define PATIENCE_MILLISECONDS 30000
#define SMALL_BUFFER          4096

static socklen_t
read_address (const char *text, struct sockaddr_storage *out_native)
{
    struct sockaddr_in *four = (struct sockaddr_in *) out_native;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *) out_native;
    struct sockaddr_un *local = (struct sockaddr_un *) out_native;
    const char *colon = strrchr (text, ':');
    g_autofree char *host = NULL;

    memset (out_native, 0, sizeof *out_native);
    if (g_str_has_prefix (text, "unix:")) {
        local->sun_family = AF_UNIX;
        g_strlcpy (local->sun_path, text + strlen ("unix:"), sizeof local->sun_path);
        return sizeof *local;
    }
    ck_assert_ptr_nonnull (colon);
    if (text[0] == '[') {
        host = g_strndup (text + 1, (gsize) (colon - text) - 2);
        six->sin6_family = AF_INET6;
        six->sin6_port = htons ((guint16) atoi (colon + 1));
        ck_assert_int_eq (inet_pton (AF_INET6, host, &six->sin6_addr), 1);
        return sizeof *six;
    }
    host = g_strndup (text, (gsize) (colon - text));
    four->sin_family = AF_INET;
    four->sin_port = htons ((guint16) atoi (colon + 1));
    ck_assert_int_eq (inet_pton (AF_INET, host, &four->sin_addr), 1);
    return sizeof *four;
}

static RawClient *
connect_to (const char *address, gboolean small)
{
    struct sockaddr_storage native;
    socklen_t length = read_address (address, &native);
    int fd = socket (native.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int on = 1, size = SMALL_BUFFER;
    RawClient *client;

    ck_assert_msg (fd >= 0, "no socket for the client: %s", g_strerror (errno));
    if (native.ss_family != AF_UNIX)
        (void) setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (small)
        (void) setsockopt (fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    client = g_new0 (RawClient, 1);
    client->fd = fd;
    client->input = g_byte_array_new ();
    if (connect (fd, (struct sockaddr *) &native, length) != 0)
        client->connect_error = errno;
    return client;
}

/* A server that accepts and resets at once may have done so before connect () is back, which then
 * tells of that: the connection was there, and this is its end. */
static gboolean
was_reset_at_once (const RawClient *client)
{
    return client->connect_error == ECONNRESET || client->connect_error == EPIPE
           || client->connect_error == ECONNABORTED;
}

static RawClient *
take_connected (const char *address, gboolean small)
{
    RawClient *client = connect_to (address, small);

    ck_assert_msg (client->connect_error == 0 || was_reset_at_once (client),
                   "cannot connect to %s: %s", address, g_strerror (client->connect_error));
    client->was_reset = client->has_ended = client->connect_error != 0;
    return client;
}

RawClient *
raw_client_try (const char *address)
{
    RawClient *client = connect_to (address, FALSE);

    if (client->connect_error != 0)
        g_clear_pointer (&client, raw_client_free);
    return client;
}

RawClient *
raw_client_new (const char *address)
{
    return take_connected (address, FALSE);
}

RawClient *
raw_client_new_small (const char *address)
{
    return take_connected (address, TRUE);
}

void
raw_client_free (RawClient *client)
{
    if (client == NULL)
        return;
    if (client->layer != NULL)
        client->layer->free (client->layer_data);
    if (client->fd >= 0)
        (void) close (client->fd);
    g_byte_array_unref (client->input);
    g_free (client);
}

static short
wait_for (RawClient *client, short events, const char *what)
{
    struct pollfd fd = { client->fd, events, 0 };
    int n;

    ck_assert_msg (client->fd >= 0, "the client was closed: cannot %s", what);
    do
        n = poll (&fd, 1, PATIENCE_MILLISECONDS);
    while (n < 0 && errno == EINTR);
    ck_assert_msg (n == 1, "nothing came of it for half a minute: %s", what);
    return fd.revents;
}

static gboolean
has_kept (const RawClient *client)
{
    return client->layer != NULL && client->layer->has_kept (client->layer_data);
}

/* 0: the end; or, where it does not wait, nothing that counts has come. */
static gsize
take_received (RawClient *client, char *data, gsize length, gboolean waits)
{
    ssize_t n;

    do {
        if (!has_kept (client))
            (void) wait_for (client, POLLIN, "receive");
        n = client->layer != NULL ? client->layer->receive (client->layer_data, data, length)
                                  : recv (client->fd, data, length, 0);
    } while (n < 0 && errno == EAGAIN && waits);
    if (n < 0 && errno == EAGAIN)
        return 0;

    if (n < 0) {
        ck_assert_msg (errno == ECONNRESET || errno == EPIPE, "receiving: %s", g_strerror (errno));
        client->was_reset = TRUE;
    }
    if (n <= 0)
        client->has_ended = TRUE;
    return n > 0 ? (gsize) n : 0;
}

gboolean
raw_client_has_news (RawClient *client)
{
    struct pollfd fd = { client->fd, POLLIN, 0 };

    return client->has_ended || client->input->len > client->taken || has_kept (client)
           || poll (&fd, 1, 0) > 0;
}

gsize
raw_client_receive (RawClient *client, char *data, gsize length)
{
    gsize kept = client->input->len - client->taken;

    if (kept > 0) {
        gsize n = MIN (kept, length);

        memcpy (data, client->input->data + client->taken, n);
        client->taken += n;
        return n;
    }
    if (client->has_ended)
        return 0;
    return take_received (client, data, length, TRUE);
}

/* One piece more behind what is there; FALSE: as above. */
static gboolean
receive_piece (RawClient *client, gboolean waits)
{
    char piece[16384];
    gsize n;

    if (client->has_ended)
        return FALSE;
    n = take_received (client, piece, sizeof piece, waits);
    if (client->taken == client->input->len) {
        g_byte_array_set_size (client->input, 0);
        client->taken = 0;
    }
    g_byte_array_append (client->input, (guint8 *) piece, (guint) n);
    return n > 0;
}

/* The same; FALSE at the end. */
static gboolean
receive_more (RawClient *client)
{
    return receive_piece (client, TRUE);
}

gboolean
raw_client_send_data (RawClient *client, const char *data, gsize length)
{
    while (length > 0) {
        short events = client->has_ended ? POLLOUT : POLLIN | POLLOUT;
        short ready = wait_for (client, events, "send");
        ssize_t n;

        if ((ready & POLLOUT) == 0 && (ready & POLLIN) != 0) {
            (void) receive_piece (client, FALSE);
            continue;
        }
        n = client->layer != NULL ? client->layer->send (client->layer_data, data, length)
                                  : send (client->fd, data, length, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && errno == EAGAIN)
            continue;
        if (n < 0) {
            ck_assert_msg (errno == EPIPE || errno == ECONNRESET, "sending: %s",
                           g_strerror (errno));
            return FALSE;
        }
        data += n;
        length -= (gsize) n;
    }
    return TRUE;
}

gboolean
raw_client_send (RawClient *client, const char *text)
{
    return raw_client_send_data (client, text, strlen (text));
}

gboolean
raw_client_send_pieces (RawClient *client, const char *data, gsize length, gsize piece)
{
    for (gsize i = 0; i < length; i += piece) {
        if (!raw_client_send_data (client, data + i, MIN (piece, length - i)))
            return FALSE;
    }
    return TRUE;
}

/* How many of the bytes at hand end with `mark`, the first time; 0: they do not. */
static gsize
find_mark (const RawClient *client, const char *mark)
{
    const char *start = (const char *) client->input->data + client->taken;
    const char *found;
    gsize length = client->input->len - client->taken;

    if (length == 0)
        return 0;
    found = memmem (start, length, mark, strlen (mark));
    return found != NULL ? (gsize) (found - start) + strlen (mark) : 0;
}

/* (transfer full) (nullable): up to and with the mark; NULL: the end came before. */
static char *
take_up_to (RawClient *client, const char *mark)
{
    gsize length;
    char *text;

    while ((length = find_mark (client, mark)) == 0) {
        if (!receive_more (client))
            return NULL;
    }
    text = g_strndup ((const char *) client->input->data + client->taken, length);
    client->taken += length;
    return text;
}

static gboolean
take_exactly (RawClient *client, GString *body, guint64 length)
{
    char piece[16384];

    while (length > 0) {
        gsize n = raw_client_receive (client, piece, (gsize) MIN (length, sizeof piece));

        if (n == 0)
            return FALSE;
        g_string_append_len (body, piece, (gssize) n);
        length -= n;
    }
    return TRUE;
}

static gboolean
take_trailers (RawClient *client, GString *trailers)
{
    for (;;) {
        g_autofree char *line = take_up_to (client, "\r\n");

        if (line == NULL || strcmp (line, "\r\n") == 0)
            return line != NULL;
        g_string_append (trailers, line);
    }
}

static gboolean
take_chunks (RawClient *client, GString *body, GString *trailers)
{
    for (;;) {
        g_autofree char *line = take_up_to (client, "\r\n");
        g_autofree char *end = NULL;
        guint64 size;

        if (line == NULL)
            return FALSE;
        ck_assert_msg (g_ascii_isxdigit (line[0]), "no chunk size: %s", line);
        size = g_ascii_strtoull (line, NULL, 16);
        if (size == 0)
            return take_trailers (client, trailers);
        if (!take_exactly (client, body, size))
            return FALSE;
        end = take_up_to (client, "\r\n");
        if (end == NULL)
            return FALSE;
        ck_assert_str_eq (end, "\r\n");
    }
}

char *
raw_answer_dup_header (const RawAnswer *answer, const char *name)
{
    g_auto (GStrv) lines = g_strsplit (answer->head, "\r\n", -1);

    for (guint i = 1; lines[i] != NULL; i++) {
        char *colon = strchr (lines[i], ':');

        if (colon == NULL)
            continue;
        *colon = '\0';
        if (g_ascii_strcasecmp (lines[i], name) == 0)
            return g_strdup (g_strstrip (colon + 1));
    }
    return NULL;
}

void
raw_answer_expect_header (const RawAnswer *answer, const char *name, const char *value)
{
    g_autofree char *found = raw_answer_dup_header (answer, name);

    if (g_strcmp0 (found, value) != 0)
        ck_abort_msg ("%s is '%s', not '%s', in:\n%s", name, found, value, answer->head);
}

RawAnswer *
raw_client_read_head (RawClient *client)
{
    g_autofree char *head = take_up_to (client, "\r\n\r\n");
    RawAnswer *answer;

    if (head == NULL) {
        ck_assert_msg (client->input->len == client->taken, "a head ends early: %.*s",
                       (int) (client->input->len - client->taken),
                       (char *) client->input->data + client->taken);
        return NULL;
    }
    ck_assert_msg (g_str_has_prefix (head, "HTTP/1.1 "), "no status line: %s", head);
    answer = g_new0 (RawAnswer, 1);
    answer->status = (guint) atoi (head + strlen ("HTTP/1.1 "));
    answer->head = g_steal_pointer (&head);
    answer->body = g_string_new (NULL);
    answer->trailers = g_string_new (NULL);
    return answer;
}

RawAnswer *
raw_client_read (RawClient *client, gboolean no_body)
{
    RawAnswer *answer = raw_client_read_head (client);
    g_autofree char *length =
        answer != NULL ? raw_answer_dup_header (answer, "Content-Length") : NULL;
    g_autofree char *coding =
        answer != NULL ? raw_answer_dup_header (answer, "Transfer-Encoding") : NULL;

    if (answer == NULL)
        return NULL;
    answer->is_whole = TRUE;
    if (no_body || answer->status < 200 || answer->status == 204 || answer->status == 304)
        return answer;
    if (coding != NULL)
        answer->is_whole = take_chunks (client, answer->body, answer->trailers);
    else if (length != NULL)
        answer->is_whole = take_exactly (client, answer->body, g_ascii_strtoull (length, NULL, 10));
    else
        (void) take_exactly (client, answer->body, G_MAXUINT64);
    return answer;
}

void
raw_client_expect_answer (RawClient *client, guint status, const char *body)
{
    g_autoptr (RawAnswer) answer = raw_client_read (client, FALSE);

    ck_assert_msg (answer != NULL, "no answer: the connection was %s",
                   client->was_reset ? "reset" : "closed");
    if (answer->status != status)
        ck_abort_msg ("answered %u, not %u: %s%s", answer->status, status, answer->head,
                      answer->body->str);
    ck_assert_msg (answer->is_whole, "the body was cut: %s", answer->head);
    if (body != NULL)
        ck_assert_str_eq (answer->body->str, body);
}

void
raw_client_expect (RawClient *client, const char *request, guint status, const char *body)
{
    ck_assert_msg (raw_client_send (client, request), "closed before all was sent: %s", request);
    raw_client_expect_answer (client, status, body);
}

void
raw_client_expect_end (RawClient *client)
{
    char piece[256];
    gsize n = raw_client_receive (client, piece, sizeof piece);

    if (n > 0)
        ck_abort_msg ("more came instead of the end: %.*s", (int) n, piece);
}

void
raw_client_half_close (RawClient *client)
{
    (void) shutdown (client->fd, SHUT_WR);
}

void
raw_client_reset (RawClient *client)
{
    struct linger now = { 1, 0 };

    (void) setsockopt (client->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    (void) close (client->fd);
    client->fd = -1;
    client->has_ended = TRUE;
}

void
raw_answer_free (RawAnswer *answer)
{
    if (answer == NULL)
        return;
    g_free (answer->head);
    g_string_free (answer->body, TRUE);
    g_string_free (answer->trailers, TRUE);
    g_free (answer);
}

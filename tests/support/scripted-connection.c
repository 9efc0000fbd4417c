/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE /* memmem, POLLRDHUP */

#include "scripted-connection.h"

#include <errno.h>
#include <openssl/err.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* No script reads a line, or a head, that is longer. */
#define MAX_TEXT (1024 * 1024)

typedef struct {
    const ScriptedPlace *place; /* borrowed */
    SSL *ssl;                   /* owned; NULL: none yet */
    GString *input;             /* owned: received and not yet read */
    guint request;              /* the last that came; G_MAXUINT: none */
} Connection;

/* FALSE: all is to end. */
static gboolean
wait_for (const Connection *connection, int fd, short events)
{
    struct pollfd fds[] = { { fd, events, 0 }, { connection->place->ending, POLLIN, 0 } };

    while (poll (fds, G_N_ELEMENTS (fds), -1) < 0 && errno == EINTR)
        continue;
    return fds[1].revents == 0;
}

/* What a call of OpenSSL wants to wait for; 0: nothing, it has failed. */
static short
get_wanted (const Connection *connection, int result)
{
    int code = SSL_get_error (connection->ssl, result);

    ERR_clear_error ();
    return code == SSL_ERROR_WANT_READ ? POLLIN : code == SSL_ERROR_WANT_WRITE ? POLLOUT : 0;
}

/* 0: the end, of one kind or another. */
static gsize
receive (Connection *connection, char *data, gsize length)
{
    short wanted = POLLIN;
    gssize n;

    do {
        if (connection->ssl != NULL) {
            ERR_clear_error ();
            n = SSL_read (connection->ssl, data, (int) length);
            wanted = n > 0 ? 0 : get_wanted (connection, (int) n);
        } else {
            n = recv (connection->place->fd, data, length, 0);
            wanted = n < 0 && (errno == EAGAIN || errno == EINTR) ? POLLIN : 0;
        }
    } while (wanted != 0 && wait_for (connection, connection->place->fd, wanted));
    return n > 0 ? (gsize) n : 0;
}

static gboolean
receive_more (Connection *connection)
{
    char piece[16384];
    gsize n = receive (connection, piece, sizeof piece);

    if (n > 0)
        scripted_record_add_bytes (connection->place->record, connection->place->number, piece, n);
    g_string_append_len (connection->input, piece, (gssize) n);
    return n > 0;
}

static gboolean
send_out (Connection *connection, const char *data, gsize length)
{
    while (length > 0) {
        short wanted = 0;
        gssize n;

        if (connection->ssl != NULL) {
            ERR_clear_error ();
            n = SSL_write (connection->ssl, data, (int) MIN (length, G_MAXINT));
            wanted = n > 0 ? 0 : get_wanted (connection, (int) n);
        } else {
            n = send (connection->place->fd, data, length, MSG_NOSIGNAL);
            wanted = n < 0 && (errno == EAGAIN || errno == EINTR) ? POLLOUT : 0;
        }
        if (n <= 0 && (wanted == 0 || !wait_for (connection, connection->place->fd, wanted)))
            return FALSE;
        if (n > 0) {
            data += n;
            length -= (gsize) n;
        }
    }
    return TRUE;
}

/* (transfer full) (nullable): up to and with the mark; NULL: it never comes. */
static char *
take_up_to (Connection *connection, const char *mark)
{
    const char *found;
    char *text;
    gsize length;

    while ((found = memmem (connection->input->str, connection->input->len, mark, strlen (mark)))
           == NULL) {
        if (connection->input->len > MAX_TEXT || !receive_more (connection))
            return NULL;
    }
    length = (gsize) (found - connection->input->str) + strlen (mark);
    text = g_strndup (connection->input->str, length);
    g_string_erase (connection->input, 0, (gssize) length);
    return text;
}

static gboolean
take_body (Connection *connection, guint64 length)
{
    while (length > 0) {
        gsize n = (gsize) MIN (length, connection->input->len);

        if (n == 0 && !receive_more (connection))
            return FALSE;
        scripted_record_add_body (connection->place->record, connection->request,
                                  connection->input->str, n);
        g_string_erase (connection->input, 0, (gssize) n);
        length -= n;
    }
    return TRUE;
}

static gboolean
take_trailers (Connection *connection)
{
    for (;;) {
        g_autofree char *line = take_up_to (connection, "\r\n");

        if (line == NULL || strcmp (line, "\r\n") == 0)
            return line != NULL;
        scripted_record_add_trailers (connection->place->record, connection->request, line);
    }
}

static gboolean
take_chunks (Connection *connection)
{
    for (;;) {
        g_autofree char *line = take_up_to (connection, "\r\n");
        g_autofree char *end = NULL;
        guint64 size = line != NULL ? g_ascii_strtoull (line, NULL, 16) : 0;

        if (line == NULL)
            return FALSE;
        if (size == 0)
            return take_trailers (connection);
        if (!take_body (connection, size))
            return FALSE;
        end = take_up_to (connection, "\r\n");
        if (end == NULL || strcmp (end, "\r\n") != 0)
            return FALSE;
    }
}

static gboolean
take_head (Connection *connection, char **out_head)
{
    char *head = take_up_to (connection, "\r\n\r\n");

    if (head == NULL)
        return FALSE;
    *out_head = g_ascii_strdown (head, -1);
    connection->request =
        scripted_record_add_request (connection->place->record, connection->place->number, head);
    return TRUE;
}

/* A body, then it is known to be whole. */
static gboolean
finish_body (Connection *connection, gboolean was_taken)
{
    if (was_taken)
        scripted_record_set_whole (connection->place->record, connection->request);
    return was_taken;
}

static gboolean
take_request (Connection *connection)
{
    g_autofree char *head = NULL;
    const char *length;

    if (!take_head (connection, &head))
        return FALSE;
    if (strstr (head, "\r\ntransfer-encoding:") != NULL)
        return finish_body (connection, take_chunks (connection));
    length = strstr (head, "\r\ncontent-length:");
    return finish_body (connection, take_body (connection, length != NULL ? g_ascii_strtoull (
                                                               strchr (length, ':') + 1, NULL, 10)
                                                                          : 0));
}

static gboolean
begin_tls (Connection *connection)
{
    short wanted;
    int result;

    if (connection->ssl != NULL)
        return TRUE;
    connection->ssl = SSL_new (connection->place->context);
    if (connection->ssl == NULL || SSL_set_fd (connection->ssl, connection->place->fd) != 1)
        return FALSE;
    do {
        ERR_clear_error ();
        result = SSL_accept (connection->ssl);
        wanted = result == 1 ? 0 : get_wanted (connection, result);
    } while (wanted != 0 && wait_for (connection, connection->place->fd, wanted));
    return result == 1;
}

/* Says that no more is sent. */
static void
half_close (Connection *connection)
{
    if (connection->ssl != NULL && SSL_is_init_finished (connection->ssl)) {
        ERR_clear_error ();
        (void) SSL_shutdown (connection->ssl);
        ERR_clear_error ();
    }
    (void) shutdown (connection->place->fd, SHUT_WR);
}

/* The socket itself, as nothing is to be made of what still comes. */
static void
drain (Connection *connection)
{
    char piece[16384];
    ssize_t n;

    do {
        n = recv (connection->place->fd, piece, sizeof piece, 0);
    } while (n > 0
             || (n < 0 && (errno == EAGAIN || errno == EINTR)
                 && wait_for (connection, connection->place->fd, POLLIN)));
}

static gboolean
await_permit (Connection *connection)
{
    guint64 one;

    scripted_record_note_waiting (connection->place->record);
    while (read (connection->place->permits, &one, sizeof one) != sizeof one) {
        if (!wait_for (connection, connection->place->permits, POLLIN))
            return FALSE;
    }
    return TRUE;
}

static gboolean
send_step (Connection *connection, const ScriptStep *step)
{
    gsize length = step->length > 0 ? step->length : strlen (step->data);

    for (guint64 i = 0; i < step->n; i++) {
        if (!send_out (connection, step->data, length))
            return FALSE;
    }
    return TRUE;
}

static gboolean
send_split (Connection *connection, const ScriptStep *step)
{
    gsize length = step->length > 0 ? step->length : strlen (step->data);

    for (gsize i = 0; i < length; i++) {
        if (!send_out (connection, step->data + i, 1))
            return FALSE;
    }
    return TRUE;
}

static gboolean
take_all (Connection *connection)
{
    while (receive_more (connection))
        continue;
    return TRUE;
}

/* FALSE: the script is over. */
static gboolean
take_step (Connection *connection, const ScriptStep *step)
{
    g_autofree char *head = NULL;

    switch (step->kind) {
    case STEP_TLS:
        return begin_tls (connection);
    case STEP_HEAD:
        return take_head (connection, &head);
    case STEP_BODY:
        return finish_body (connection, take_body (connection, step->n));
    case STEP_CHUNKS:
        return finish_body (connection, take_chunks (connection));
    case STEP_REQUEST:
        return take_request (connection);
    case STEP_ALL:
        return take_all (connection);
    case STEP_SEND:
        return send_step (connection, step);
    case STEP_SEND_SPLIT:
        return send_split (connection, step);
    case STEP_WAIT:
        return await_permit (connection);
    case STEP_HANG:
        /* What it sends is not read; that it has ended is seen past it. */
        return wait_for (connection, connection->place->fd, POLLRDHUP);
    case STEP_HALF_CLOSE:
        half_close (connection);
        return TRUE;
    default:
        return FALSE;
    }
}

static void
finish (Connection *connection, ScriptStepKind last)
{
    struct linger now = { 1, 0 };

    if (last == STEP_RESET)
        (void) setsockopt (connection->place->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    else if (last != STEP_CUT) {
        half_close (connection);
        drain (connection);
    }
    SSL_free (connection->ssl);
    (void) close (connection->place->fd);
}

void
scripted_connection_play (const ScriptedPlace *place, const ScriptStep *script)
{
    Connection connection = { .place = place, .input = g_string_new (NULL), .request = G_MAXUINT };
    const ScriptStep *step = script;

    while (step->kind == STEP_AGAIN || take_step (&connection, step))
        step = step->kind == STEP_AGAIN ? script : step + 1;
    finish (&connection, step->kind);
    g_string_free (connection.input, TRUE);
    scripted_record_note_end (place->record);
}

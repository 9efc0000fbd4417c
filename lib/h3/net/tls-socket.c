/* SPDX-License-Identifier: MIT */

#include "tls-socket.h"

#include <h3/net/socket-calls.h>

#include <errno.h>
#include <pthread.h>
#include <string.h>

static int
take_early (TlsSocket *socket, char *data, gsize size)
{
    gsize length = MIN (size, socket->early->len);

    memcpy (data, socket->early->data, length);
    g_byte_array_remove_range (socket->early, 0, (guint) length);
    if (socket->early->len == 0)
        g_clear_pointer (&socket->early, g_byte_array_unref);
    return (int) length;
}

static int
on_read (BIO *bio, char *data, int size)
{
    TlsSocket *socket = BIO_get_data (bio);
    gssize length;

    BIO_clear_retry_flags (bio);
    if (G_UNLIKELY (socket->early != NULL))
        return take_early (socket, data, (gsize) size);
    if (G_UNLIKELY (socket->allowance == 0)) {
        BIO_set_retry_read (bio);
        return -1;
    }
    do
        length = socket_receive (socket->fd, data, (gsize) size);
    while (G_UNLIKELY (length < 0) && errno == EINTR);
    if (G_LIKELY (length > 0)) {
        socket->allowance -= MIN (socket->allowance, (gsize) length);
        return (int) length;
    }
    if (length == 0) {
        socket->has_ended = TRUE;
        return 0;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK)
        BIO_set_retry_read (bio);
    else
        socket->error_number = errno;
    return -1;
}

/* How much the kernel took; -1: it failed. */
static gssize
send_some (TlsSocket *socket, const char *data, gsize length)
{
    gssize sent;

    do
        sent = socket_send (socket->fd, data, length);
    while (G_UNLIKELY (sent < 0) && errno == EINTR);
    if (G_LIKELY (sent >= 0)) {
        socket->written += (guint64) sent;
        return sent;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK)
        return 0;
    socket->error_number = errno;
    return -1;
}

static int
on_write (BIO *bio, const char *data, int size)
{
    TlsSocket *socket = BIO_get_data (bio);
    gssize sent = socket->kept == NULL ? send_some (socket, data, (gsize) size) : 0;

    BIO_clear_retry_flags (bio);
    if (G_LIKELY (sent == size))
        return size;
    if (sent < 0)
        return -1;
    if (socket->kept == NULL)
        socket->kept = g_byte_array_new ();
    g_byte_array_append (socket->kept, (const guint8 *) data + sent, (guint) (size - sent));
    return size;
}

gboolean
tls_socket_flush (TlsSocket *socket)
{
    gssize sent;

    if (G_LIKELY (socket->kept == NULL))
        return TRUE;
    sent = send_some (socket, (const char *) socket->kept->data, socket->kept->len);
    if (sent > 0)
        g_byte_array_remove_range (socket->kept, 0, (guint) sent);
    if (socket->kept->len > 0)
        return FALSE;
    g_clear_pointer (&socket->kept, g_byte_array_unref);
    return TRUE;
}

static long
on_control (BIO *bio, int command, long number, void *data)
{
    return command == BIO_CTRL_FLUSH; /* nothing is held back */
}

static BIO_METHOD *methods; /* owned: the process; NULL: there was no memory */

static void
make_methods (void)
{
    methods = BIO_meth_new (BIO_get_new_index () | BIO_TYPE_SOURCE_SINK, "transport");
    if (methods == NULL)
        return;
    (void) BIO_meth_set_read (methods, on_read);
    (void) BIO_meth_set_write (methods, on_write);
    (void) BIO_meth_set_ctrl (methods, on_control);
}

void
tls_socket_init (TlsSocket *socket, int fd, H3View early)
{
    *socket = (TlsSocket){ .fd = fd };
    if (early.length > 0)
        socket->early = g_byte_array_append (g_byte_array_new (), (const guint8 *) early.data,
                                             (guint) early.length);
}

void
tls_socket_clear (TlsSocket *socket)
{
    g_clear_pointer (&socket->early, g_byte_array_unref);
    g_clear_pointer (&socket->kept, g_byte_array_unref);
}

BIO *
tls_socket_open (TlsSocket *socket)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    BIO *bio = NULL;

    (void) pthread_once (&once, make_methods);
    if (methods != NULL)
        bio = BIO_new (methods);
    if (bio == NULL)
        return NULL;
    BIO_set_data (bio, socket);
    BIO_set_init (bio, 1);
    return bio;
}

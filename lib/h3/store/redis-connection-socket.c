/* SPDX-License-Identifier: MIT */

#include "redis-connection-socket.h"

#include <h3/crypto/digest.h>

#include <errno.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

#define KEPT_ROOM (64 * 1024) /* for what is to be sent, while there is nothing */

static void
on_readable (evutil_socket_t fd, short what, void *data)
{
    RedisSocket *self = data;

    self->on_readable (self->data);
}

static void
on_writable (evutil_socket_t fd, short what, void *data)
{
    RedisSocket *self = data;

    self->on_writable (self->data);
}

void
redis_socket_init (RedisSocket *self)
{
    self->fd = -1;
    self->out = g_string_new (NULL);
}

void
redis_socket_wipe (RedisSocket *self)
{
    h3_digest_wipe (self->out->str, self->out->allocated_len);
    g_string_truncate (self->out, 0);
    self->n_sent = 0;
}

void
redis_socket_close (RedisSocket *self)
{
    if (self->readable != NULL)
        event_free (self->readable);
    if (self->writable != NULL)
        event_free (self->writable);
    self->readable = self->writable = NULL;
    if (self->fd >= 0)
        (void) close (self->fd);
    self->fd = -1;
    redis_socket_wipe (self);
}

void
redis_socket_clear (RedisSocket *self)
{
    redis_socket_close (self);
    g_string_free (self->out, TRUE);
}

static gboolean
open_socket (RedisSocket *self, int family)
{
    static const int on = 1;
    struct event_base *base = loop_get_base (self->loop);

    self->fd = socket (family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (self->fd < 0)
        return FALSE;
    /* Commands of a turn go out together anyhow. */
    if (family != AF_UNIX)
        (void) setsockopt (self->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    self->readable = event_new (base, self->fd, EV_READ | EV_PERSIST, on_readable, self);
    self->writable = event_new (base, self->fd, EV_WRITE, on_writable, self);
    if (self->readable == NULL || self->writable == NULL)
        errno = ENOMEM;
    return self->readable != NULL && self->writable != NULL;
}

/* A Unix socket whose server is too busy to accept says EAGAIN: that is no beginning. */
static gboolean
begin_connecting (RedisSocket *self, const struct sockaddr *address, socklen_t length)
{
    return (connect (self->fd, address, length) == 0 || errno == EINPROGRESS || errno == EINTR)
           && event_add (self->writable, NULL) == 0;
}

gboolean
redis_socket_connect (RedisSocket *self, const struct sockaddr *address, socklen_t length)
{
    int result;

    if (open_socket (self, address->sa_family) && begin_connecting (self, address, length))
        return TRUE;
    result = errno;
    redis_socket_close (self);
    errno = result;
    return FALSE;
}

gboolean
redis_socket_finish_connecting (RedisSocket *self)
{
    int result = 0;
    socklen_t length = sizeof result;

    if (getsockopt (self->fd, SOL_SOCKET, SO_ERROR, &result, &length) != 0)
        return FALSE;
    errno = result;
    return result == 0 && event_add (self->readable, NULL) == 0;
}

gboolean
redis_socket_flush (RedisSocket *self)
{
    while (self->n_sent < self->out->len) {
        ssize_t n = send (self->fd, self->out->str + self->n_sent, self->out->len - self->n_sent,
                          MSG_NOSIGNAL);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN)
            return event_add (self->writable, NULL) == 0;
        if (n < 0)
            return FALSE;
        self->n_sent += (gsize) n;
    }
    self->n_sent = 0;
    g_string_truncate (self->out, 0);
    if (self->out->allocated_len > KEPT_ROOM) {
        g_string_free (self->out, TRUE);
        self->out = g_string_new (NULL);
    }
    return TRUE;
}

gssize
redis_socket_receive (RedisSocket *self, char *buffer, gsize size)
{
    ssize_t n;

    do {
        n = recv (self->fd, buffer, size, 0);
    } while (n < 0 && errno == EINTR);
    return n;
}

/* SPDX-License-Identifier: MIT
 *
 * The socket of a connection to a Redis server: opened without waiting, what is to be sent kept
 * until it can be. Embedded in the connection; the loop's thread only. */

#pragma once

#include <h3/loop/loop.h>

#include <sys/socket.h>

G_BEGIN_DECLS

struct event;

typedef struct {
    Loop *loop;    /* borrowed */
    gpointer data; /* borrowed: of the functions */
    /* That it is connected, or could not be; then that there is something to receive. The other
     * that there is room to send. Both may close it. */
    void (*on_readable) (gpointer data);
    void (*on_writable) (gpointer data);
    int fd;                            /* owned; -1: closed */
    struct event *readable, *writable; /* owned */
    GString *out;                      /* owned: from `n_sent` on still to be sent */
    gsize n_sent;
} RedisSocket;

void redis_socket_init (RedisSocket *self);
void redis_socket_clear (RedisSocket *self);

/* Begins; on_writable () says how it ended. FALSE with errno: not to this address. */
gboolean redis_socket_connect (RedisSocket *self, const struct sockaddr *address, socklen_t length);
/* In that on_writable (). FALSE with errno: it could not be. */
gboolean redis_socket_finish_connecting (RedisSocket *self);

/* Sends of `out` what can be sent now, and the rest when it can be. FALSE with errno: it is lost.
 */
gboolean redis_socket_flush (RedisSocket *self);

/* How many bytes came; 0: the end; -1 with errno, EAGAIN where there is nothing now. */
gssize redis_socket_receive (RedisSocket *self, char *buffer, gsize size);

/* What was to be sent is forgotten, and wiped: a password may be in it. */
void redis_socket_close (RedisSocket *self);
void redis_socket_wipe (RedisSocket *self);

G_END_DECLS

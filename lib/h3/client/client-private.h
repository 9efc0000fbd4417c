/* SPDX-License-Identifier: MIT
 *
 * What the files of the client share. */

#pragma once

#include "client-settings.h"
#include "client-thread.h"
#include "client.h"

#include <pthread.h>

G_BEGIN_DECLS

struct _H3Client {
    GObject parent_instance;
    /* Until the first fetch: the program's, one thread at a time. */
    ClientOptions options;
    _Atomic (ClientSettings *) settings; /* ref; NULL before the first fetch */
    pthread_mutex_t lock;
    ClientThread *thread; /* ref; under the lock; NULL: not needed yet */
};

/* (transfer none): the options are frozen by this. Any thread. */
ClientSettings *client_get_settings (H3Client *client);

/* (transfer none) (nullable): started when it is needed. NULL with H3_CLIENT_ERROR_CONNECT. Any
 * thread. */
ClientThread *client_get_thread (H3Client *client, GError **error);

G_END_DECLS

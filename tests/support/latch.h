/* SPDX-License-Identifier: MIT
 *
 * A number that threads raise and others wait for: how a test learns that a worker has come
 * somewhere, and holds it there. Any thread; ThreadSanitizer sees it. */

#pragma once

#include <glib.h>
#include <pthread.h>

typedef struct {
    pthread_mutex_t mutex;
    pthread_cond_t raised;
    guint value;
} Latch;

#define LATCH_INIT                                                                                 \
    {                                                                                              \
        PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0                                     \
    }

void latch_raise (Latch *latch);
guint latch_get (Latch *latch);

/* Waits until it has been raised so often; fails the test, naming `what`, after half a minute. */
void latch_wait (Latch *latch, guint value, const char *what);

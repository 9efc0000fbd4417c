/* SPDX-License-Identifier: MIT
 *
 * Clients that ask again and again, each on its thread, while a test does something to who answers:
 * half of them keep their connections, the others have each closed. Main thread. */

#pragma once

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include <glib.h>

#define N_ASKERS 4

typedef struct {
    pthread_t thread;
    const char *address; /* borrowed: the test */
    char *request;       /* owned */
    gboolean keeps;      /* its connection, as long as the answers let it */
    atomic_bool ends;
    atomic_uint n_asked, n_failed;
} Asker;

typedef struct {
    Asker all[N_ASKERS];
} Askers;

/* They ask for `target` from now on; `address` outlives them. */
void askers_start (Askers *askers, const char *address, const char *target);
/* Waits until each has asked so often since. */
void askers_await (Askers *askers, guint n);
/* Has them end; fails the test where a connection was refused, or an answer was not 200 and whole.
 */
void askers_end (Askers *askers);

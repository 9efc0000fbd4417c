/* SPDX-License-Identifier: MIT
 *
 * Which of the processes that share a file of runs still live. Each holds a lock on a byte of its
 * own in a file beside it, which the kernel lets go of when the process ends, however it does.
 * Numbers of processes would not do: they are given again, and mean another one in a container.
 * Owned by a database; one thread at a time. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
    char *path; /* owned */
    int fd;
} RunOwners;

/* Opens or makes the file. FALSE with H3_ERROR_FAILED, and nothing to be closed. */
gboolean run_owners_open (RunOwners *owners, const char *path, GError **error);
/* Whatever is held is let go of. */
void run_owners_close (RunOwners *owners);

/* Only one at a time prepares the database: waits for the others. */
gboolean run_owners_enter (RunOwners *owners, GError **error);
void run_owners_leave (RunOwners *owners);

/* Holds the byte of this number, from 1, until the file is closed. */
gboolean run_owners_hold (RunOwners *owners, gint64 number, GError **error);
/* Whether somebody else holds it. Where that cannot be told, it is taken for held: a run is rather
 * left alone than run twice. */
gboolean run_owners_is_held (RunOwners *owners, gint64 number);

G_END_DECLS

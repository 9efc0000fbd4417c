/* SPDX-License-Identifier: MIT
 *
 * Many clients of one server at once: so many that do something, so many that stay connected. One
 * thread, one epoll. */

#pragma once

#include "peer.h"

G_BEGIN_DECLS

typedef struct _Crowd Crowd;

typedef struct {
    guint64 n_peers, n_answers, n_errors;
    guint n_open;   /* connections, now */
    guint n_active; /* of them, those that do not just stay */
} CrowdNumbers;

/* `rand` is borrowed. Errors are told on standard error, each with the name of its scenario. */
Crowd *crowd_new (guint port, GRand *rand);
/* Closes all. */
void crowd_free (Crowd *crowd);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Crowd, crowd_free)

void crowd_get_numbers (const Crowd *crowd, CrowdNumbers *out_numbers);
void crowd_add_error (Crowd *crowd, const char *where, const char *what);

/* Keeps so many busy and so many connected, until then (g_get_monotonic_time ()). */
void crowd_run (Crowd *crowd, guint n_active, guint n_held, gint64 until);
/* So many at once that are all answered late. */
void crowd_flood (Crowd *crowd, guint n);
/* Lets those that are busy end. FALSE, and an error for each, where some have not until then. */
gboolean crowd_settle (Crowd *crowd, gint64 until);

G_END_DECLS

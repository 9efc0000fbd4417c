/* SPDX-License-Identifier: MIT
 *
 * What is asked of a server that is at rest: how long one request takes, what lives in it, how much
 * it occupies. Blocking; one thread. */

#pragma once

#include "verdict.h"

G_BEGIN_DECLS

/* A keep-alive connection that is made again where the server has ended it. */
typedef struct {
    guint port;
    int fd; /* owned; -1: none */
} Probe;

void probe_init (Probe *probe, guint port);
void probe_clear (Probe *probe);

/* One GET /plaintext, in ns; 0, with `out_wrong` (transfer full) set, where it was not answered so.
 */
gint64 probe_ask (Probe *probe, char **out_wrong);

/* Asks both in turn until then, and says their medians in ns. FALSE: see `out_wrong`. */
gboolean probe_compare (Probe *one, Probe *other, gint64 until, double *out_one, double *out_other,
                        char **out_wrong);

/* Fills the table with what GET /memory says lives there. FALSE: see `out_wrong`. */
gboolean probe_objects (guint port, GHashTable *objects, char **out_wrong);

/* KiB in use of its heap, as GET /memory says; 0: not known. FALSE: see `out_wrong`. */
gboolean probe_heap (guint port, guint64 *out_kib, char **out_wrong);
/* KiB; 0: not known. */
guint64 probe_resident (guint pid);

G_END_DECLS

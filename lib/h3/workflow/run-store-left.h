/* SPDX-License-Identifier: MIT
 *
 * Runs that were left unfinished by processes that are no more: found, and taken over in the same
 * transaction, so that no two take the same. The store's thread. */

#pragma once

#include "run-store-database.h"
#include "run-record.h"

G_BEGIN_DECLS

typedef struct {
    GArray *runs;     /* owned: of RunFound */
    GPtrArray *parts; /* owned: all that these point at */
} RunLeft;

/* FALSE with an error, and nothing taken or to be cleared. */
gboolean run_left_take (RunLeft *left, RunDatabase *database, GError **error);
void run_left_clear (RunLeft *left);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 *
 * What a store is told, put into its database: within a transaction, of which this knows what each
 * run's last event is. Owned by the store's thread. */

#pragma once

#include "run-store-database.h"
#include "run-store-item.h"

G_BEGIN_DECLS

/* Kinds of events, as the database has them. */
enum { RUN_EVENT_RUN, RUN_EVENT_STEP, RUN_EVENT_LINE };

typedef struct {
    RunDatabase *database; /* borrowed */
    GHashTable *places;    /* owned: of the runs that this transaction has touched */
    GString *text;         /* owned: room to write in */
    guint n_ended;         /* runs that came to their end in it */
} RunWriter;

void run_writer_init (RunWriter *writer, RunDatabase *database);
void run_writer_clear (RunWriter *writer);

/* FALSE: the transaction cannot go on. */
gboolean run_writer_begin (RunWriter *writer, GError **error);
gboolean run_writer_put (RunWriter *writer, const RunItem *item, GError **error);
gboolean run_writer_commit (RunWriter *writer, GError **error);
void run_writer_roll_back (RunWriter *writer);

/* Each run that was touched since run_writer_begin (), and its last event. */
typedef void (*RunWritten) (const char *id, guint64 last_sequence, gpointer data);
void run_writer_foreach (RunWriter *writer, RunWritten function, gpointer data);

G_END_DECLS

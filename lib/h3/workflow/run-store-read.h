/* SPDX-License-Identifier: MIT
 *
 * What a store is asked, read out of its database. The store's thread. */

#pragma once

#include "run-store-database.h"
#include "run-record.h"

G_BEGIN_DECLS

/* Of what all steps of a run have printed, so much is in its document. */
#define RUN_DOCUMENT_OUTPUT_MAX (16 * 1024 * 1024)
#define RUN_LIST_MAX            1000
#define RUN_LIST_USUAL          50

/* The step, in a row of the columns that name one. Its texts last as long as the row. */
StepRecord run_read_step (sqlite3_stmt *row);

/* Each is FALSE with an error where it failed. The document of a run; `*out_there` FALSE: there is
 * no such run. */
gboolean run_read_document (RunDatabase *database, const char *id, GString *json,
                            gboolean *out_there, gboolean *out_ended, GError **error);
gboolean run_read_list (RunDatabase *database, const RunFilter *filter, GString *json,
                        GError **error);
/* The events' data stand in `text`, one behind the other; `data` of each is not set. */
gboolean run_read_events (RunDatabase *database, const char *id, guint64 after, guint max,
                          GArray *events, GString *text, gboolean *out_there, gboolean *out_ended,
                          GError **error);

G_END_DECLS

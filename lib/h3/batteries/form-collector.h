/* SPDX-License-Identifier: MIT
 *
 * The body of a form, as it comes, becomes fields and files: knows no event, and does not block.
 * What is to go to the disk waits in memory until whoever feeds the collector takes it and has it
 * written. Owned by one; one thread at a time. */

#pragma once

#include <h3/batteries/form.h>
#include <h3/http/limits.h>

G_BEGIN_DECLS

typedef struct {
    gint64 memory; /* bytes of files that stay in memory, of all together */
    gint64 file;   /* bytes of one file */
    gint64 total;  /* bytes of the body */
    gint64 text;   /* bytes of all fields */
} FormBounds;

typedef struct _FormCollector FormCollector;
typedef struct _FormWrites FormWrites;

/* (transfer full) (nullable): NULL with an error of H3_HTTP_ERROR: 415 for another type than those
 * of forms, 400 for none, or no boundary. */
FormCollector *form_collector_new (H3View content_type, const FormBounds *bounds,
                                   const H3Limits *limits, GError **error);
/* NULL is allowed. */
void form_collector_free (FormCollector *collector);

/* FALSE with an error of H3_HTTP_ERROR: it is to be fed no more. */
gboolean form_collector_add (FormCollector *collector, const char *data, gsize length,
                             GError **error);
/* The same for the end. */
gboolean form_collector_end (FormCollector *collector, GError **error);

/* Bytes that wait for the disk. */
gsize form_collector_get_waiting (const FormCollector *collector);

/* (transfer full): what waits; those taken earlier have to be written before. */
FormWrites *form_collector_take_writes (FormCollector *collector);

/* (transfer full): the form, at the end, when all is written. */
H3Form *form_collector_steal_form (FormCollector *collector);

/* Any thread. Files are made in `directory` (nullable). Blocks. */
gboolean form_writes_run (FormWrites *writes, const char *directory, GError **error);
void form_writes_free (FormWrites *writes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FormCollector, form_collector_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FormWrites, form_writes_free)

G_END_DECLS

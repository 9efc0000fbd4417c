/* SPDX-License-Identifier: MIT
 *
 * Forms with the same verbs however they were sent, application/x-www-form-urlencoded or
 * multipart/form-data: fields, whose text is UTF-8 without NUL, and files. A form is read once, and
 * never changed; reference-counted, any thread. Since: 0.1 */

#pragma once

#include <h3/batteries/upload.h>
#include <h3/route/chain.h>

G_BEGIN_DECLS

/**
 * H3Form:
 *
 * What a form sent. Names may repeat; all is kept, in its order.
 */
typedef struct _H3Form H3Form;

#define H3_TYPE_FORM (h3_form_get_type ())
GType h3_form_get_type (void);

H3Form *h3_form_ref (H3Form *form);
/* NULL is allowed. */
void h3_form_unref (H3Form *form);

/* Returns: (transfer none) (nullable): the first value of a field. */
const char *h3_form_get (const H3Form *form, const char *name);

/* Returns: (transfer container) (array zero-terminated=1): all its values, to be freed with
 * g_free (); the strings are the form's. */
const char **h3_form_get_all (const H3Form *form, const char *name) G_GNUC_WARN_UNUSED_RESULT;

guint h3_form_get_n_fields (const H3Form *form);

/* FALSE where there are not that many. `out_name` and `out_value` are (out) (transfer none). */
gboolean h3_form_get_field_at (const H3Form *form, guint index, const char **out_name,
                               const char **out_value);

/* Returns: (transfer none) (nullable): the first file of a field. One that nobody chose, which
 * browsers send without a name and empty, is none. */
H3Upload *h3_form_get_file (const H3Form *form, const char *name);

guint h3_form_get_n_files (const H3Form *form);

/* Returns: (transfer none) (nullable): the file; NULL where there are not that many. */
H3Upload *h3_form_get_file_at (const H3Form *form, guint index);

/**
 * H3FormOptions: (skip)
 * @directory: (nullable): where files go that are too large for memory; %NULL: that of TMPDIR, else
 *   /var/tmp
 * @memory: bytes of files kept in memory, of all together; -1: the limit `max-form-memory`
 * @file: bytes of one file (413); -1: the limit `max-form-file`
 * @total: bytes of all that is sent (413); -1: the limit `max-form`
 *
 * How a form is read.
 */
typedef struct {
    const char *directory;
    gint64 memory;
    gint64 file;
    gint64 total;
} H3FormOptions;

/* All as the server's limits say. */
#define H3_FORM_OPTIONS_INIT                                                                       \
    {                                                                                              \
        NULL, -1, -1, -1                                                                           \
    }

/**
 * h3_event_read_form: (skip)
 * @options: (nullable): copied
 * @function: (scope notified) (closure user_data) (destroy destroy): called once, never inline,
 *   when the form is whole: h3_event_get_form() has it; never where it cannot be read, for then
 *   the event has been failed: 400, 413, 415, 507 where there is no room on the disk
 *
 * Reads the body, streamed (h3_route_set_body()) or whole. Files that are too large for memory go
 * to the disk as they come, on the server's pool of threads; the client waits where it is slower.
 * They are gone with the event, unless they were moved or somebody holds a reference. The event is
 * held meanwhile. Worker only; once an event, instead of h3_event_read_body().
 */
void h3_event_read_form (H3Event *event, const H3FormOptions *options, H3Handler function,
                         gpointer user_data, GDestroyNotify destroy);

/**
 * h3_event_get_form:
 * @event: an exchange whose form h3_event_read_form() or h3_form_reader_new() has read, or whose
 *   route keeps the body whole
 * @error: (nullable): of %H3_HTTP_ERROR, for h3_event_fail(): as above
 *
 * A body that is there whole is read at once, its files into memory.
 *
 * Returns: (transfer none) (nullable): the form, until the event ends
 */
H3Form *h3_event_get_form (H3Event *event, GError **error);

/**
 * h3_form_reader_new: (skip)
 * @options: (nullable): copied
 *
 * Reads the form before the handlers behind it run. Requests without a form are answered 415; a
 * request without a body goes on as it is.
 *
 * Returns: (transfer full): middleware
 */
H3Middleware *h3_form_reader_new (const H3FormOptions *options);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Form, h3_form_unref)

G_END_DECLS

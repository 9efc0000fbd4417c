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
 * What a form sent. Names may repeat; all is kept, in its order. Boxed, reference-counted.
 *
 * Since: 0.1
 */
typedef struct _H3Form H3Form;

#define H3_TYPE_FORM (h3_form_get_type ())
GType h3_form_get_type (void);

/**
 * h3_form_ref:
 * @form: a form
 *
 * Takes one more reference. Any thread.
 *
 * Returns: (transfer full): @form
 *
 * Since: 0.1
 */
H3Form *h3_form_ref (H3Form *form);

/**
 * h3_form_unref:
 * @form: (nullable) (transfer full): a form
 *
 * Gives a reference back; the last frees it. Any thread.
 *
 * Since: 0.1
 */
void h3_form_unref (H3Form *form);

/**
 * h3_form_get:
 * @form: a form
 * @name: of a field
 *
 * Gets the first value of a field.
 *
 * Returns: (transfer none) (nullable): the value; %NULL where there is none
 *
 * Since: 0.1
 */
const char *h3_form_get (const H3Form *form, const char *name);

/**
 * h3_form_get_all:
 * @form: a form
 * @name: of a field
 *
 * Gets all values of a field.
 *
 * Returns: (transfer container) (array zero-terminated=1): its values, to be freed with g_free();
 *   the strings are the form's
 *
 * Since: 0.1
 */
const char **h3_form_get_all (const H3Form *form, const char *name) G_GNUC_WARN_UNUSED_RESULT;

/**
 * h3_form_get_n_fields:
 * @form: a form
 *
 * Counts the fields.
 *
 * Returns: how many there are, each value once
 *
 * Since: 0.1
 */
guint h3_form_get_n_fields (const H3Form *form);

/**
 * h3_form_get_field_at:
 * @form: a form
 * @index: its place, from 0
 * @out_name: (out) (transfer none): its name
 * @out_value: (out) (transfer none): its value
 *
 * Gets a field by its place.
 *
 * Returns: %FALSE where there are not that many
 *
 * Since: 0.1
 */
gboolean h3_form_get_field_at (const H3Form *form, guint index, const char **out_name,
                               const char **out_value);

/**
 * h3_form_get_file:
 * @form: a form
 * @name: of a field
 *
 * Gets the first file of a field. One that nobody chose, which browsers send without a name and
 * empty, is none.
 *
 * Returns: (transfer none) (nullable): the file; %NULL where there is none
 *
 * Since: 0.1
 */
H3Upload *h3_form_get_file (const H3Form *form, const char *name);

/**
 * h3_form_get_n_files:
 * @form: a form
 *
 * Counts the files.
 *
 * Returns: how many there are
 *
 * Since: 0.1
 */
guint h3_form_get_n_files (const H3Form *form);

/**
 * h3_form_get_file_at:
 * @form: a form
 * @index: its place, from 0
 *
 * Gets a file by its place.
 *
 * Returns: (transfer none) (nullable): the file; %NULL where there are not that many
 *
 * Since: 0.1
 */
H3Upload *h3_form_get_file_at (const H3Form *form, guint index);

/**
 * H3FormOptions:
 * @directory: (nullable): where files go that are too large for memory; %NULL: that of TMPDIR, else
 *   /var/tmp
 * @memory: bytes of files kept in memory, of all together; -1: the limit `max-form-memory`
 * @file: bytes of one file (413); -1: the limit `max-form-file`
 * @total: bytes of all that is sent (413); -1: the limit `max-form`
 *
 * How a form is read. To be filled by h3_form_options_init(), or with %H3_FORM_OPTIONS_INIT, first.
 *
 * Since: 0.1
 */
typedef struct {
    const char *directory;
    gint64 memory;
    gint64 file;
    gint64 total;
} H3FormOptions;

/**
 * H3_FORM_OPTIONS_INIT: (skip)
 *
 * What an #H3FormOptions is set to where it is declared: all as the server's limits say.
 *
 * Since: 0.1
 */
#define H3_FORM_OPTIONS_INIT                                                                       \
    {                                                                                              \
        NULL, -1, -1, -1                                                                           \
    }

/**
 * h3_form_options_init:
 * @options: (out caller-allocates): what is filled
 *
 * Sets all as the server's limits say.
 *
 * Since: 0.1
 */
void h3_form_options_init (H3FormOptions *options);

/**
 * h3_event_read_form:
 * @event: an exchange whose body was not read
 * @options: (nullable): copied; %NULL: all as the server's limits say
 * @function: (scope notified) (closure user_data) (destroy destroy): called once, never inline,
 *   when the form is whole: h3_event_get_form() has it; never where it cannot be read, for then the
 *   event has been failed: 400, 413, 415, 507 where there is no room on the disk
 * @user_data: (nullable): for @function
 * @destroy: (nullable): for @user_data
 *
 * Reads the body as a form, streamed (h3_route_set_body()) or whole. Files that are too large for
 * memory go to the disk as they come, on the server's pool of threads; the client waits where it is
 * slower. They are gone with the event, unless they were moved or somebody holds a reference. The
 * event is held meanwhile. Worker only; once an event, instead of h3_event_read_body().
 *
 * Since: 0.1
 */
void h3_event_read_form (H3Event *event, const H3FormOptions *options, H3Handler function,
                         gpointer user_data, GDestroyNotify destroy);

/**
 * h3_event_get_form:
 * @event: an exchange whose form h3_event_read_form() or h3_forms_new() has read, or whose
 *   route keeps the body whole
 * @error: (nullable): of %H3_HTTP_ERROR, for h3_event_fail(): as of h3_event_read_form()
 *
 * Gets the form that a client sent. A body that is there whole is read at once, its files into
 * memory.
 *
 * Returns: (transfer none): the form, until the event ends; %NULL with @error
 *
 * Since: 0.1
 */
H3Form *h3_event_get_form (H3Event *event, GError **error);

/**
 * h3_forms_new:
 * @options: (nullable): copied; %NULL: all as the server's limits say
 *
 * Reads the form before the handlers behind it run. Requests without a form are answered 415; a
 * request without a body goes on as it is.
 *
 * Returns: (transfer full): middleware for h3_app_use() or h3_app_use_for()
 *
 * Since: 0.1
 */
H3Middleware *h3_forms_new (const H3FormOptions *options);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Form, h3_form_unref)

G_END_DECLS

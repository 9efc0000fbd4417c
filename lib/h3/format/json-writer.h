/* SPDX-License-Identifier: MIT
 *
 * Writes a JSON text (RFC 8259) straight into an arena, for answers that are not worth a document:
 * no allocation once the arena has its block. Lives in its arena and ends with it; one thread.
 *
 * What goes wrong (a name where none belongs, a text that is not UTF-8, a level left open) is
 * remembered, and whatever follows is ignored: h3_json_writer_finish() tells. */

#pragma once

#include <h3/base/arena.h>
#include <h3/base/view.h>

#include <glib.h>

G_BEGIN_DECLS

/* How many objects and arrays may be open at once. */
#define H3_JSON_WRITER_MAX_DEPTH 64

/**
 * H3JsonWriter: (skip)
 */
typedef struct _H3JsonWriter H3JsonWriter;

/**
 * h3_json_writer_new: (skip)
 * @arena: where writer and text will lie
 *
 * Returns: (transfer none): a writer, until the arena is reset
 */
H3JsonWriter *h3_json_writer_new (H3Arena *arena);

/* The same with room for `expected_size` bytes from the start, so that it need not grow. */
H3JsonWriter *h3_json_writer_new_sized (H3Arena *arena, gsize expected_size);

/* Why the text cannot be, static; NULL while nothing has gone wrong. */
const char *h3_json_writer_get_problem (const H3JsonWriter *writer);

void h3_json_writer_begin_object (H3JsonWriter *writer);
void h3_json_writer_end_object (H3JsonWriter *writer);
void h3_json_writer_begin_array (H3JsonWriter *writer);
void h3_json_writer_end_array (H3JsonWriter *writer);

/* The name of the object's next member, whose value must follow. Names are not compared. */
void h3_json_writer_add_name (H3JsonWriter *writer, const char *name);

/* A text, escaped; NULL writes null. It must be UTF-8; a view must have no NUL. */
void h3_json_writer_add_string (H3JsonWriter *writer, const char *text);
void h3_json_writer_add_view (H3JsonWriter *writer, H3View text);

void h3_json_writer_add_int (H3JsonWriter *writer, gint64 value);
void h3_json_writer_add_uint (H3JsonWriter *writer, guint64 value);
/* The shortest digits that read back as `value`, which must be finite. */
void h3_json_writer_add_double (H3JsonWriter *writer, double value);
void h3_json_writer_add_boolean (H3JsonWriter *writer, gboolean value);
void h3_json_writer_add_null (H3JsonWriter *writer);

/* A member of the object: its name and its value at once. */
void h3_json_writer_set_view (H3JsonWriter *writer, H3View name, H3View text);
void h3_json_writer_set_null (H3JsonWriter *writer, const char *name);
void h3_json_writer_set_int (H3JsonWriter *writer, const char *name, gint64 value);
void h3_json_writer_set_double (H3JsonWriter *writer, const char *name, double value);
void h3_json_writer_set_boolean (H3JsonWriter *writer, const char *name, gboolean value);

/* NULL writes null. Inline, so that the length of a literal is known without counting. */
static inline void
h3_json_writer_set_string (H3JsonWriter *writer, const char *name, const char *text)
{
    if (text != NULL)
        h3_json_writer_set_view (writer, h3_view_of (name), h3_view_of (text));
    else
        h3_json_writer_set_null (writer, name);
}

/**
 * h3_json_writer_finish: (skip)
 * @writer: a writer
 * @out_text: (out): the text, not NUL-terminated, until the arena is reset
 *
 * Returns: %FALSE, with @out_text untouched, when something went wrong, a level is open, or nothing
 *   was written: a bug of the program, and so a 500
 */
gboolean h3_json_writer_finish (const H3JsonWriter *writer, H3View *out_text);

/* What h3_json_writer_finish () gives; the empty view, which is no JSON text, where that is FALSE.
 */
H3View h3_json_writer_get_view (const H3JsonWriter *writer);

G_END_DECLS

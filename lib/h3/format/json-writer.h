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

/**
 * H3_JSON_WRITER_MAX_DEPTH:
 *
 * How many objects and arrays may be open at once.
 *
 * Since: 0.1
 */
#define H3_JSON_WRITER_MAX_DEPTH 64

/**
 * H3JsonWriter: (skip)
 *
 * Writes a JSON text (RFC 8259) straight into an arena, for answers that are not worth a document.
 *
 * It lives in its arena and ends with it; one thread. What goes wrong (a name where none belongs,
 * a text that is not UTF-8, a level left open) is remembered, and whatever follows is ignored:
 * h3_json_writer_finish() tells. Bindings give their texts as they are.
 *
 * Since: 0.1
 */
typedef struct _H3JsonWriter H3JsonWriter;

/**
 * h3_json_writer_new: (skip)
 * @arena: where writer and text will lie
 *
 * Begins to write a text.
 *
 * Returns: (transfer none) (not nullable): a writer, until the arena is reset
 *
 * Since: 0.1
 */
H3JsonWriter *h3_json_writer_new (H3Arena *arena);

/**
 * h3_json_writer_new_sized: (skip)
 * @arena: where writer and text will lie
 * @expected_size: bytes that there is room for from the start, so that it need not grow
 *
 * Begins to write a text whose length is about known.
 *
 * Returns: (transfer none) (not nullable): a writer, until the arena is reset
 *
 * Since: 0.1
 */
H3JsonWriter *h3_json_writer_new_sized (H3Arena *arena, gsize expected_size);

/**
 * h3_json_writer_get_problem: (skip)
 * @writer: a writer
 *
 * Tells why the text cannot be.
 *
 * Returns: (transfer none) (nullable): the reason, static; %NULL while nothing has gone wrong
 *
 * Since: 0.1
 */
const char *h3_json_writer_get_problem (const H3JsonWriter *writer);

/**
 * h3_json_writer_begin_object: (skip)
 * @writer: a writer
 *
 * Begins an object. Its members follow, each a name and a value.
 *
 * Since: 0.1
 */
void h3_json_writer_begin_object (H3JsonWriter *writer);

/**
 * h3_json_writer_end_object: (skip)
 * @writer: a writer
 *
 * Ends the object that was begun last.
 *
 * Since: 0.1
 */
void h3_json_writer_end_object (H3JsonWriter *writer);

/**
 * h3_json_writer_begin_array: (skip)
 * @writer: a writer
 *
 * Begins an array. Its values follow.
 *
 * Since: 0.1
 */
void h3_json_writer_begin_array (H3JsonWriter *writer);

/**
 * h3_json_writer_end_array: (skip)
 * @writer: a writer
 *
 * Ends the array that was begun last.
 *
 * Since: 0.1
 */
void h3_json_writer_end_array (H3JsonWriter *writer);

/**
 * h3_json_writer_add_name: (skip)
 * @writer: a writer
 * @name: UTF-8
 *
 * Writes the name of the object's next member, whose value must follow. Names are not compared.
 *
 * Since: 0.1
 */
void h3_json_writer_add_name (H3JsonWriter *writer, const char *name);

/**
 * h3_json_writer_add_string: (skip)
 * @writer: a writer
 * @text: (nullable): UTF-8; %NULL writes null
 *
 * Writes a text, escaped.
 *
 * Since: 0.1
 */
void h3_json_writer_add_string (H3JsonWriter *writer, const char *text);

/**
 * h3_json_writer_add_view: (skip)
 * @writer: a writer
 * @text: UTF-8, without NUL
 *
 * Writes a text, escaped.
 *
 * Since: 0.1
 */
void h3_json_writer_add_view (H3JsonWriter *writer, H3View text);

/**
 * h3_json_writer_add_int: (skip)
 * @writer: a writer
 * @value: a number
 *
 * Writes an integer.
 *
 * Since: 0.1
 */
void h3_json_writer_add_int (H3JsonWriter *writer, gint64 value);

/**
 * h3_json_writer_add_uint: (skip)
 * @writer: a writer
 * @value: a number
 *
 * Writes an integer that is not negative.
 *
 * Since: 0.1
 */
void h3_json_writer_add_uint (H3JsonWriter *writer, guint64 value);

/**
 * h3_json_writer_add_double: (skip)
 * @writer: a writer
 * @value: a number, which must be finite
 *
 * Writes the shortest digits that read back as the number.
 *
 * Since: 0.1
 */
void h3_json_writer_add_double (H3JsonWriter *writer, double value);

/**
 * h3_json_writer_add_boolean: (skip)
 * @writer: a writer
 * @value: what to write
 *
 * Writes true or false.
 *
 * Since: 0.1
 */
void h3_json_writer_add_boolean (H3JsonWriter *writer, gboolean value);

/**
 * h3_json_writer_add_null: (skip)
 * @writer: a writer
 *
 * Writes null.
 *
 * Since: 0.1
 */
void h3_json_writer_add_null (H3JsonWriter *writer);

/**
 * h3_json_writer_set_view: (skip)
 * @writer: a writer
 * @name: UTF-8, without NUL
 * @text: UTF-8, without NUL
 *
 * Writes a member of the object, its name and its value: a text.
 *
 * Since: 0.1
 */
void h3_json_writer_set_view (H3JsonWriter *writer, H3View name, H3View text);

/**
 * h3_json_writer_set_null: (skip)
 * @writer: a writer
 * @name: UTF-8
 *
 * Writes a member of the object that is null.
 *
 * Since: 0.1
 */
void h3_json_writer_set_null (H3JsonWriter *writer, const char *name);

/**
 * h3_json_writer_set_int: (skip)
 * @writer: a writer
 * @name: UTF-8
 * @value: a number
 *
 * Writes a member of the object that is an integer.
 *
 * Since: 0.1
 */
void h3_json_writer_set_int (H3JsonWriter *writer, const char *name, gint64 value);

/**
 * h3_json_writer_set_double: (skip)
 * @writer: a writer
 * @name: UTF-8
 * @value: a number, which must be finite
 *
 * Writes a member of the object that is a number, as h3_json_writer_add_double() does.
 *
 * Since: 0.1
 */
void h3_json_writer_set_double (H3JsonWriter *writer, const char *name, double value);

/**
 * h3_json_writer_set_boolean: (skip)
 * @writer: a writer
 * @name: UTF-8
 * @value: what to write
 *
 * Writes a member of the object that is true or false.
 *
 * Since: 0.1
 */
void h3_json_writer_set_boolean (H3JsonWriter *writer, const char *name, gboolean value);

/**
 * h3_json_writer_set_string: (skip)
 * @writer: a writer
 * @name: UTF-8
 * @text: (nullable): UTF-8; %NULL writes null
 *
 * Writes a member of the object that is a text. Inline, so that the length of a literal is known
 * without counting.
 *
 * Since: 0.1
 */
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
 * Gives the text when all of it is written.
 *
 * Returns: %FALSE, with @out_text untouched, when something went wrong, a level is open, or
 *   nothing was written: a bug of the program, and so a 500
 *
 * Since: 0.1
 */
gboolean h3_json_writer_finish (const H3JsonWriter *writer, H3View *out_text);

/**
 * h3_json_writer_get_view: (skip)
 * @writer: a writer
 *
 * Gives the text when all of it is written, as h3_json_writer_finish() does.
 *
 * Returns: the text; the empty view, which is no JSON text, where that is %FALSE
 *
 * Since: 0.1
 */
H3View h3_json_writer_get_view (const H3JsonWriter *writer);

G_END_DECLS

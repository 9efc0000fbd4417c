/* SPDX-License-Identifier: MIT */

#include "json-writer.h"

#include "json-quote.h"

#include <h3/base/arena-inside.h>
#include <h3/base/bytes.h>

#include <math.h>

#define FIRST_SIZE 256

struct _H3JsonWriter {
    H3Arena *arena; /* borrowed: whoever made it; this lies in it */
    char *data;     /* borrowed: the arena */
    gsize length;
    gsize size;
    const char *problem; /* static */
    guint64 objects;     /* a bit a level, the innermost lowest: an object, not an array */
    guint depth;
    gboolean needs_comma; /* a value of this level stands before */
    gboolean needs_value; /* a name has just been written */
};

static void
fail (H3JsonWriter *writer, const char *problem)
{
    if (writer->problem == NULL)
        writer->problem = problem;
}

static G_GNUC_NO_INLINE void
grow (H3JsonWriter *writer, gsize size)
{
    gsize new_size = MAX (2 * writer->size, writer->length + size);
    char *data = h3_arena_alloc (writer->arena, new_size);

    memcpy (data, writer->data, writer->length);
    writer->data = data;
    writer->size = new_size;
}

/* Room for `size` bytes more; returns where they go. */
static inline char *
reserve (H3JsonWriter *writer, gsize size)
{
    if (G_UNLIKELY (writer->size - writer->length < size))
        grow (writer, size);
    return writer->data + writer->length;
}

static void
put (H3JsonWriter *writer, const char *bytes, gsize length)
{
    memcpy (reserve (writer, length), bytes, length);
    writer->length += length;
}

static inline void
put_byte (H3JsonWriter *writer, char byte)
{
    *reserve (writer, 1) = byte;
    writer->length++;
}

static void
put_digits (H3JsonWriter *writer, gboolean is_negative, guint64 value)
{
    char digits[24];
    char *at = digits + sizeof digits;

    do {
        *--at = (char) ('0' + value % 10);
        value /= 10;
    } while (value > 0);
    if (is_negative)
        *--at = '-';
    put (writer, at, (gsize) (digits + sizeof digits - at));
}

static void
put_escaped (H3JsonWriter *writer, H3View text)
{
    gsize length = json_quote_measure (text);

    if (length == 0) {
        fail (writer, "a text is not UTF-8 or has a NUL");
        return;
    }
    json_quote_write (text, reserve (writer, length));
    writer->length += length;
}

/* Nearly every text can stand as it is, so it is copied first and looked at where it then lies: in
 * memory of our own, which may be read a little beyond its end. */
static void
put_quoted (H3JsonWriter *writer, H3View text)
{
    char *to = reserve (writer, text.length + 2 + JSON_QUOTE_BEYOND);

    bytes_copy (to + 1, text.data, text.length);
    if (G_UNLIKELY (json_quote_is_needed (to + 1, text.length))) {
        put_escaped (writer, text);
        return;
    }
    to[0] = to[1 + text.length] = '"';
    writer->length += text.length + 2;
}

/* Before every value: whether one may stand here, and the comma it needs. */
static inline gboolean
begin_value (H3JsonWriter *writer)
{
    if (G_UNLIKELY (writer->problem != NULL))
        return FALSE;
    if (writer->needs_value) {
        writer->needs_value = FALSE;
    } else if (writer->depth == 0 && writer->length > 0) {
        fail (writer, "a text is one value");
        return FALSE;
    } else if (writer->objects & 1) {
        fail (writer, "a value in an object needs a name");
        return FALSE;
    } else if (writer->needs_comma) {
        put_byte (writer, ',');
    }
    writer->needs_comma = TRUE;
    return TRUE;
}

static inline void
begin_level (H3JsonWriter *writer, gboolean is_object)
{
    if (!begin_value (writer))
        return;
    if (writer->depth == H3_JSON_WRITER_MAX_DEPTH) {
        fail (writer, "it nests too deep");
        return;
    }
    writer->depth++;
    /* The outermost level is pushed out at the 65th, which cannot be. */
    writer->objects = writer->objects << 1 | (is_object ? 1 : 0);
    writer->needs_comma = FALSE;
    put_byte (writer, is_object ? '{' : '[');
}

static inline void
end_level (H3JsonWriter *writer, gboolean is_object)
{
    if (writer->problem != NULL)
        return;
    if (writer->depth == 0 || (writer->objects & 1) != (is_object ? 1 : 0)) {
        fail (writer, "what ends was not begun");
        return;
    }
    if (writer->needs_value) {
        fail (writer, "a name needs a value");
        return;
    }
    writer->depth--;
    writer->objects >>= 1;
    writer->needs_comma = TRUE;
    put_byte (writer, is_object ? '}' : ']');
}

static inline gboolean
begin_name (H3JsonWriter *writer)
{
    if (writer->problem != NULL)
        return FALSE;
    if (!(writer->objects & 1) || writer->needs_value) {
        fail (writer, "a name stands before a value in an object");
        return FALSE;
    }
    if (writer->needs_comma)
        put_byte (writer, ',');
    return TRUE;
}

static void
put_name (H3JsonWriter *writer, H3View name)
{
    put_quoted (writer, name);
    put_byte (writer, ':');
    writer->needs_value = TRUE;
}

H3JsonWriter *
h3_json_writer_new_sized (H3Arena *arena, gsize expected_size)
{
    H3JsonWriter *writer;

    g_return_val_if_fail (arena != NULL && expected_size <= G_MAXSIZE / 2, NULL);
    writer = arena_alloc (arena, sizeof *writer + expected_size);
    *writer =
        (H3JsonWriter){ .arena = arena, .data = (char *) (writer + 1), .size = expected_size };
    return writer;
}

H3JsonWriter *
h3_json_writer_new (H3Arena *arena)
{
    return h3_json_writer_new_sized (arena, FIRST_SIZE);
}

const char *
h3_json_writer_get_problem (const H3JsonWriter *writer)
{
    g_return_val_if_fail (writer != NULL, NULL);
    return writer->problem;
}

void
h3_json_writer_begin_object (H3JsonWriter *writer)
{
    g_return_if_fail (writer != NULL);
    begin_level (writer, TRUE);
}

void
h3_json_writer_end_object (H3JsonWriter *writer)
{
    g_return_if_fail (writer != NULL);
    end_level (writer, TRUE);
}

void
h3_json_writer_begin_array (H3JsonWriter *writer)
{
    g_return_if_fail (writer != NULL);
    begin_level (writer, FALSE);
}

void
h3_json_writer_end_array (H3JsonWriter *writer)
{
    g_return_if_fail (writer != NULL);
    end_level (writer, FALSE);
}

void
h3_json_writer_add_name (H3JsonWriter *writer, const char *name)
{
    g_return_if_fail (writer != NULL && name != NULL);
    if (begin_name (writer))
        put_name (writer, h3_view_of (name));
}

void
h3_json_writer_add_string (H3JsonWriter *writer, const char *text)
{
    if (text == NULL)
        h3_json_writer_add_null (writer);
    else
        h3_json_writer_add_view (writer, h3_view_of (text));
}

void
h3_json_writer_add_view (H3JsonWriter *writer, H3View text)
{
    g_return_if_fail (writer != NULL);
    if (begin_value (writer))
        put_quoted (writer, text);
}

void
h3_json_writer_add_int (H3JsonWriter *writer, gint64 value)
{
    g_return_if_fail (writer != NULL);
    if (begin_value (writer))
        put_digits (writer, value < 0, value < 0 ? 0 - (guint64) value : (guint64) value);
}

void
h3_json_writer_add_uint (H3JsonWriter *writer, guint64 value)
{
    g_return_if_fail (writer != NULL);
    if (begin_value (writer))
        put_digits (writer, FALSE, value);
}

void
h3_json_writer_add_double (H3JsonWriter *writer, double value)
{
    static const char *const formats[] = { "%.15g", "%.16g", "%.17g" };
    char digits[G_ASCII_DTOSTR_BUF_SIZE];

    g_return_if_fail (writer != NULL);
    if (!begin_value (writer))
        return;
    if (!isfinite (value)) {
        fail (writer, "a number is not finite");
        return;
    }
    for (gsize i = 0; i < G_N_ELEMENTS (formats); i++) {
        g_ascii_formatd (digits, sizeof digits, formats[i], value);
        if (g_ascii_strtod (digits, NULL) == value)
            break;
    }
    put (writer, digits, strlen (digits));
}

void
h3_json_writer_add_boolean (H3JsonWriter *writer, gboolean value)
{
    g_return_if_fail (writer != NULL);
    if (begin_value (writer))
        put (writer, value ? "true" : "false", value ? 4 : 5);
}

void
h3_json_writer_add_null (H3JsonWriter *writer)
{
    g_return_if_fail (writer != NULL);
    if (begin_value (writer))
        put (writer, "null", 4);
}

/* In one go where neither name nor text needs escaping: both are looked at together, with blanks
 * between them until then, where the quotes would look like their own. */
void
h3_json_writer_set_view (H3JsonWriter *writer, H3View name, H3View text)
{
    gsize length = name.length + 3 + text.length;
    char *start, *behind_name;

    g_return_if_fail (writer != NULL);
    if (!begin_name (writer))
        return;
    start = reserve (writer, length + 2 + JSON_QUOTE_BEYOND);
    behind_name = start + 1 + name.length;
    bytes_copy (start + 1, name.data, name.length);
    memcpy (behind_name, "   ", 3);
    bytes_copy (behind_name + 3, text.data, text.length);
    if (G_UNLIKELY (json_quote_is_needed (start + 1, length))) {
        put_name (writer, name);
        h3_json_writer_add_view (writer, text);
        return;
    }
    start[0] = start[1 + length] = '"';
    memcpy (behind_name, "\":\"", 3);
    writer->length += length + 2;
    writer->needs_comma = TRUE;
}

void
h3_json_writer_set_null (H3JsonWriter *writer, const char *name)
{
    h3_json_writer_add_name (writer, name);
    h3_json_writer_add_null (writer);
}

void
h3_json_writer_set_int (H3JsonWriter *writer, const char *name, gint64 value)
{
    h3_json_writer_add_name (writer, name);
    h3_json_writer_add_int (writer, value);
}

void
h3_json_writer_set_double (H3JsonWriter *writer, const char *name, double value)
{
    h3_json_writer_add_name (writer, name);
    h3_json_writer_add_double (writer, value);
}

void
h3_json_writer_set_boolean (H3JsonWriter *writer, const char *name, gboolean value)
{
    h3_json_writer_add_name (writer, name);
    h3_json_writer_add_boolean (writer, value);
}

gboolean
h3_json_writer_finish (const H3JsonWriter *writer, H3View *out_text)
{
    g_return_val_if_fail (writer != NULL && out_text != NULL, FALSE);
    if (writer->problem != NULL || writer->depth > 0 || writer->length == 0)
        return FALSE;
    *out_text = h3_view (writer->data, writer->length);
    return TRUE;
}

H3View
h3_json_writer_get_view (const H3JsonWriter *writer)
{
    H3View text = H3_VIEW_EMPTY;

    (void) h3_json_writer_finish (writer, &text);
    return text;
}

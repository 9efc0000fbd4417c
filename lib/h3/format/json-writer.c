/* SPDX-License-Identifier: MIT */

#include "json-writer.h"

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

/* How many bytes more a byte takes inside quotes. */
static const guint8 extra[256] = {
    [0x00 ... 0x07] = 5, ['\b'] = 1, ['\t'] = 1,          ['\n'] = 1, [0x0b] = 5,
    ['\f'] = 1,          ['\r'] = 1, [0x0e ... 0x1f] = 5, ['"'] = 1,  ['\\'] = 1,
};

static void
fail (H3JsonWriter *writer, const char *problem)
{
    if (writer->problem == NULL)
        writer->problem = problem;
}

/* Room for `size` bytes more; returns where they go. */
static char *
reserve (H3JsonWriter *writer, gsize size)
{
    if (G_UNLIKELY (writer->size - writer->length < size)) {
        gsize new_size = MAX (2 * writer->size, writer->length + size);
        char *data = h3_arena_alloc (writer->arena, new_size);

        memcpy (data, writer->data, writer->length);
        writer->data = data;
        writer->size = new_size;
    }
    return writer->data + writer->length;
}

static void
put (H3JsonWriter *writer, const char *bytes, gsize length)
{
    memcpy (reserve (writer, length), bytes, length);
    writer->length += length;
}

static void
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

static char *
write_escaped (char *to, guchar byte)
{
    static const char digits[] = "0123456789abcdef";
    static const char letters[] = "btn\0fr";

    *to++ = '\\';
    if (byte >= 0x20) {
        *to++ = (char) byte;
    } else if (extra[byte] == 1) {
        *to++ = letters[byte - '\b'];
    } else {
        memcpy (to, "u00", 3);
        to[3] = digits[byte >> 4];
        to[4] = digits[byte & 15];
        to += 5;
    }
    return to;
}

static void
put_quoted (H3JsonWriter *writer, H3View text)
{
    gsize more = 0;
    guchar seen = 0;
    char *to;

    for (gsize i = 0; i < text.length; i++) {
        more += extra[(guchar) text.data[i]];
        seen |= (guchar) text.data[i];
    }
    /* A NUL is among what takes more. */
    if ((seen >= 0x80 || more > 0) && !g_utf8_validate_len (text.data, text.length, NULL)) {
        fail (writer, "a text is not UTF-8 or has a NUL");
        return;
    }
    to = reserve (writer, text.length + more + 2);
    writer->length += text.length + more + 2;
    *to++ = '"';
    if (more == 0) {
        if (text.length > 0)
            memcpy (to, text.data, text.length);
        to += text.length;
    } else {
        for (gsize i = 0; i < text.length; i++) {
            guchar byte = (guchar) text.data[i];

            if (extra[byte] > 0)
                to = write_escaped (to, byte);
            else
                *to++ = (char) byte;
        }
    }
    *to = '"';
}

/* Before every value: whether one may stand here, and the comma it needs. */
static gboolean
begin_value (H3JsonWriter *writer)
{
    if (writer->problem != NULL)
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

static void
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

static void
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

H3JsonWriter *
h3_json_writer_new_sized (H3Arena *arena, gsize expected_size)
{
    H3JsonWriter *writer;

    g_return_val_if_fail (arena != NULL, NULL);
    writer = h3_arena_new0 (arena, H3JsonWriter);
    writer->arena = arena;
    writer->size = MAX (expected_size, 1);
    writer->data = h3_arena_alloc (arena, writer->size);
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
    if (writer->problem != NULL)
        return;
    if (!(writer->objects & 1) || writer->needs_value) {
        fail (writer, "a name stands before a value in an object");
        return;
    }
    if (writer->needs_comma)
        put_byte (writer, ',');
    put_quoted (writer, h3_view_of (name));
    put_byte (writer, ':');
    writer->needs_value = TRUE;
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

void
h3_json_writer_set_string (H3JsonWriter *writer, const char *name, const char *text)
{
    h3_json_writer_add_name (writer, name);
    h3_json_writer_add_string (writer, text);
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

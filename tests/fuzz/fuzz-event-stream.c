/* SPDX-License-Identifier: MIT
 *
 * Event streams. The input is read in pieces as it is read whole, and as a plain reading that has
 * all lines before it reads it. Then its lines are an event's id, name and data: what is written of
 * them is read as the one event they make. */

#include "fuzz.h"
#include "h3/wire/event-stream.h"

#define MAX_EVENT 2000

static void
note_event (gpointer user_data, H3View event, H3View data, const char *id)
{
    GString *told = user_data;

    g_string_append_printf (told, "%" G_GSIZE_FORMAT " %s %" G_GSIZE_FORMAT "\n", event.length, id,
                            data.length);
    g_string_append_len (told, event.data, (gssize) event.length);
    g_string_append_len (told, data.data, (gssize) data.length);
}

static void
note_retry (gpointer user_data, gint64 milliseconds)
{
    g_string_append_printf (user_data, "retry %" G_GINT64_FORMAT "\n", milliseconds);
}

static const EventStreamFunctions functions = { note_event, note_retry };

/* Whether the reader took it all; the last id is told, too. */
static gboolean
read_in_pieces (H3View bytes, gboolean is_cut, GString *told)
{
    g_autoptr (EventStreamReader) reader = event_stream_reader_new (&functions, told, MAX_EVENT);
    gboolean is_good = TRUE;
    FuzzCuts cuts;
    gsize from = 0, end = bytes.length;

    fuzz_cuts_init (&cuts, bytes);
    while (is_cut ? fuzz_cuts_next (&cuts, &end) : from == 0 && end > 0) {
        g_autofree char *piece = fuzz_copy (bytes.data + from, end - from);

        is_good = event_stream_reader_feed (reader, piece, end - from);
        from = end;
    }
    g_string_append (told, event_stream_reader_get_last_id (reader));
    return is_good;
}

/* What the plain reading knows of the event under way. */
typedef struct {
    GString *data, *told; /* data: a LF before each line */
    GString *event;
    char *id;
} Plain;

static void
read_line_plainly (Plain *plain, const char *line, gsize length)
{
    const char *colon = memchr (line, ':', length);
    gsize name_length = colon != NULL ? (gsize) (colon - line) : length;
    g_autofree char *name = g_strndup (line, name_length);
    const char *value = colon != NULL ? colon + 1 : line + length;
    gsize value_length;

    if (length == 0) {
        if (plain->data->len > 0)
            note_event (plain->told,
                        plain->event->len > 0 ? h3_view (plain->event->str, plain->event->len)
                                              : H3_VIEW ("message"),
                        h3_view (plain->data->str + 1, plain->data->len - 1), plain->id);
        g_string_truncate (plain->data, 0);
        g_string_truncate (plain->event, 0);
        return;
    }
    if (value < line + length && *value == ' ')
        value++;
    value_length = (gsize) (line + length - value);
    if (strlen (name) != name_length)
        return;
    if (g_str_equal (name, "data")) {
        g_string_append_c (plain->data, '\n');
        g_string_append_len (plain->data, value, (gssize) value_length);
    } else if (g_str_equal (name, "event")) {
        g_string_truncate (plain->event, 0);
        g_string_append_len (plain->event, value, (gssize) value_length);
    } else if (g_str_equal (name, "id") && memchr (value, '\0', value_length) == NULL) {
        g_free (plain->id);
        plain->id = g_strndup (value, value_length);
    } else if (g_str_equal (name, "retry")) {
        g_autofree char *digits = g_strndup (value, value_length);
        guint64 number;

        if (strlen (digits) == value_length && strspn (digits, "0123456789") == value_length
            && g_ascii_string_to_unsigned (digits, 10, 0, G_MAXINT64, &number, NULL))
            note_retry (plain->told, (gint64) number);
    }
}

static void
read_plainly (H3View bytes, GString *told)
{
    Plain plain = { g_string_new (NULL), told, g_string_new (NULL), g_strdup ("") };
    gsize from = 0;

    if (bytes.length >= 3 && memcmp (bytes.data, "\xef\xbb\xbf", 3) == 0)
        from = 3;
    for (gsize i = from; i < bytes.length; i++) {
        if (bytes.data[i] != '\r' && bytes.data[i] != '\n')
            continue;
        read_line_plainly (&plain, bytes.data + from, i - from);
        if (bytes.data[i] == '\r' && i + 1 < bytes.length && bytes.data[i + 1] == '\n')
            i++;
        from = i + 1;
    }
    g_string_append (told, plain.id);
    g_string_free (plain.data, TRUE);
    g_string_free (plain.event, TRUE);
    g_free (plain.id);
}

static void
compare_readings (H3View bytes)
{
    g_autoptr (GString) whole = g_string_new (NULL);
    g_autoptr (GString) pieces = g_string_new (NULL);
    g_autoptr (GString) plain = g_string_new (NULL);
    gboolean is_good = read_in_pieces (bytes, FALSE, whole);

    FUZZ_ASSERT (read_in_pieces (bytes, TRUE, pieces) == is_good, "%d whole", is_good);
    FUZZ_ASSERT (g_string_equal (whole, pieces), "%s whole, %s in pieces", whole->str, pieces->str);
    FUZZ_ASSERT (is_good || bytes.length > MAX_EVENT, "%" G_GSIZE_FORMAT " bytes", bytes.length);
    if (!is_good)
        return;
    read_plainly (bytes, plain);
    FUZZ_ASSERT (g_string_equal (whole, plain), "%s, %s plainly", whole->str, plain->str);
}

/* Data as its reader has it: an LF for each end of a line. */
static char *
dup_lines (H3View data, gsize *out_length)
{
    GString *lines = g_string_new (NULL);

    for (gsize i = 0; i < data.length; i++) {
        if (data.data[i] == '\n' && i > 0 && data.data[i - 1] == '\r')
            continue;
        g_string_append_c (lines, data.data[i] == '\r' ? '\n' : data.data[i]);
    }
    *out_length = lines->len;
    return g_string_free (lines, FALSE);
}

static void
write_and_read (H3View rest)
{
    H3View line = H3_VIEW_EMPTY;
    g_autofree char *id = NULL;
    g_autofree char *name = NULL;
    g_autofree char *out = NULL;
    g_autofree char *lines = NULL;
    g_autoptr (GString) expected = g_string_new (NULL);
    g_autoptr (GString) told = g_string_new (NULL);
    StreamEvent event = { .data = &rest, .retry = -1 };
    gsize room, length;

    (void) fuzz_take_line (&rest, &line);
    id = h3_view_dup (line);
    line = H3_VIEW_EMPTY;
    (void) fuzz_take_line (&rest, &line);
    name = h3_view_dup (line);
    if (!event_stream_is_name (id) || !event_stream_is_name (name))
        return;
    event.id = id;
    event.event = name;
    room = event_stream_measure (&event);
    out = g_malloc (room);
    length = event_stream_write (&event, out);
    FUZZ_ASSERT (length <= room, "%" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT, length, room);
    if (length > MAX_EVENT)
        return;
    lines = dup_lines (rest, &length);
    note_event (expected, *name != '\0' ? h3_view_of (name) : H3_VIEW ("message"),
                h3_view (lines, length), id);
    g_string_append (expected, id);
    read_in_pieces (h3_view (out, event_stream_write (&event, out)), TRUE, told);
    FUZZ_ASSERT (g_string_equal (told, expected), "%s, not %s", told->str, expected->str);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    g_autofree char *copy = fuzz_copy (data, size);

    compare_readings (h3_view (copy, size));
    write_and_read (h3_view (copy, size));
    return 0;
}

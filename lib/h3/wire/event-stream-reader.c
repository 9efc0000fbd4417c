/* SPDX-License-Identifier: MIT */

#include "event-stream.h"

struct _EventStreamReader {
    EventStreamFunctions functions;
    gpointer user_data; /* borrowed: whoever reads */
    gsize max_event;
    GString *line;      /* owned: one that has begun */
    GString *data;      /* owned: of the event that has begun, an LF behind each line */
    GString *event;     /* owned: its name */
    GString *id;        /* owned: the last */
    gboolean has_begun; /* the first line is behind us, and with it the mark of byte order */
    gboolean skips_lf;  /* the last byte was a CR */
    gboolean has_failed;
};

EventStreamReader *
event_stream_reader_new (const EventStreamFunctions *functions, gpointer user_data, gsize max_event)
{
    EventStreamReader *reader = g_new0 (EventStreamReader, 1);

    reader->functions = *functions;
    reader->user_data = user_data;
    reader->max_event = max_event;
    reader->line = g_string_new (NULL);
    reader->data = g_string_new (NULL);
    reader->event = g_string_new (NULL);
    reader->id = g_string_new (NULL);
    return reader;
}

void
event_stream_reader_free (EventStreamReader *reader)
{
    if (reader == NULL)
        return;
    g_string_free (reader->line, TRUE);
    g_string_free (reader->data, TRUE);
    g_string_free (reader->event, TRUE);
    g_string_free (reader->id, TRUE);
    g_free (reader);
}

const char *
event_stream_reader_get_last_id (const EventStreamReader *reader)
{
    return reader->id->str;
}

static void
dispatch (EventStreamReader *reader)
{
    GString *data = reader->data;

    if (data->len > 0)
        reader->functions.on_event (reader->user_data,
                                    reader->event->len > 0
                                        ? h3_view (reader->event->str, reader->event->len)
                                        : H3_VIEW ("message"),
                                    h3_view (data->str, data->len - 1), reader->id->str);
    g_string_truncate (data, 0);
    g_string_truncate (reader->event, 0);
}

static void
set (GString *string, H3View value)
{
    g_string_truncate (string, 0);
    g_string_append_len (string, value.data, (gssize) value.length);
}

static void
take_field (EventStreamReader *reader, H3View name, H3View value)
{
    guint64 retry;

    if (h3_view_equal (name, H3_VIEW ("data"))) {
        g_string_append_len (reader->data, value.data, (gssize) value.length);
        g_string_append_c (reader->data, '\n');
    } else if (h3_view_equal (name, H3_VIEW ("event"))) {
        set (reader->event, value);
    } else if (h3_view_equal (name, H3_VIEW ("id"))) {
        if (h3_view_find (value, '\0') < 0)
            set (reader->id, value);
    } else if (h3_view_equal (name, H3_VIEW ("retry")) && reader->functions.on_retry != NULL
               && h3_view_parse_uint (value, G_MAXINT64, &retry)) {
        reader->functions.on_retry (reader->user_data, (gint64) retry);
    }
}

static void
take_line (EventStreamReader *reader, H3View line)
{
    H3View value = H3_VIEW_EMPTY;
    gssize colon;

    if (!reader->has_begun && h3_view_starts_with (line, H3_VIEW ("\xef\xbb\xbf")))
        line = h3_view (line.data + 3, line.length - 3);
    reader->has_begun = TRUE;
    if (line.length == 0) {
        dispatch (reader);
        return;
    }
    colon = h3_view_find (line, ':');
    if (colon == 0)
        return;
    if (colon > 0) {
        value = h3_view (line.data + colon + 1, line.length - (gsize) colon - 1);
        line.length = (gsize) colon;
        if (value.length > 0 && value.data[0] == ' ')
            value = h3_view (value.data + 1, value.length - 1);
    }
    take_field (reader, line, value);
}

static gboolean
has_room (const EventStreamReader *reader, gsize length)
{
    gsize kept = reader->line->len + reader->data->len;

    return kept <= reader->max_event && length <= reader->max_event - kept;
}

gboolean
event_stream_reader_feed (EventStreamReader *reader, const char *data, gsize length)
{
    while (length > 0 && !reader->has_failed) {
        gsize end;

        if (reader->skips_lf && *data == '\n') {
            data++;
            length--;
            reader->skips_lf = FALSE;
            continue;
        }
        reader->skips_lf = FALSE;
        end = event_stream_find_end (data, length);
        reader->has_failed = !has_room (reader, end);
        if (reader->has_failed)
            break;
        if (reader->line->len > 0 || end == length)
            g_string_append_len (reader->line, data, (gssize) end);
        if (end == length)
            break;
        take_line (reader, reader->line->len > 0 ? h3_view (reader->line->str, reader->line->len)
                                                 : h3_view (data, end));
        g_string_truncate (reader->line, 0);
        reader->skips_lf = data[end] == '\r';
        data += end + 1;
        length -= end + 1;
    }
    return !reader->has_failed;
}

/* SPDX-License-Identifier: MIT */

#include "event-stream.h"

#include <stdio.h>

/* "retry: ", as many digits as there are, and the line's end. */
#define RETRY_ROOM 32

/* Most lines end in it. */
#define FIRST_WINDOW ((gsize) 256)

gboolean
event_stream_is_name (const char *name)
{
    return name == NULL || strpbrk (name, "\r\n") == NULL;
}

/* In windows that grow: looking for one kind of line end through all the text, for each line that
 * ends in the other, would take time that is the square of its length. */
gsize
event_stream_find_end (const char *data, gsize length)
{
    gsize window = FIRST_WINDOW;

    for (gsize at = 0; at < length; window *= 2) {
        gsize part = MIN (window, length - at);
        const char *lf = memchr (data + at, '\n', part);
        const char *cr = memchr (data + at, '\r', lf != NULL ? (gsize) (lf - data) - at : part);

        if (cr != NULL || lf != NULL)
            return (gsize) ((cr != NULL ? cr : lf) - data);
        at += part;
    }
    return length;
}

/* Takes a line off the front of `*rest`. FALSE behind the last, which may be empty. */
static gboolean
take_line (H3View *rest, H3View *out_line)
{
    gsize length;

    if (rest->data == NULL)
        return FALSE;
    length = event_stream_find_end (rest->data, rest->length);
    *out_line = h3_view (rest->data, length);
    if (length == rest->length) {
        rest->data = NULL;
        return TRUE;
    }
    length +=
        rest->data[length] == '\r' && length + 1 < rest->length && rest->data[length + 1] == '\n'
            ? 2
            : 1;
    *rest = h3_view (rest->data + length, rest->length - length);
    return TRUE;
}

static gsize
measure_lines (H3View text, gsize name_length)
{
    gsize breaks = 0;

    for (gsize i = 0; i < text.length; i++)
        breaks += text.data[i] == '\n' || text.data[i] == '\r';
    return text.length + (breaks + 1) * (name_length + 1);
}

static char *
put (char *out, const char *bytes, gsize length)
{
    if (length > 0)
        memcpy (out, bytes, length);
    return out + length;
}

static char *
put_line (char *out, H3View name, H3View text)
{
    out = put (out, name.data, name.length);
    out = put (out, text.data, text.length);
    *out++ = '\n';
    return out;
}

static char *
put_lines (char *out, H3View name, H3View text)
{
    H3View line;

    if (text.data == NULL)
        text = H3_VIEW_EMPTY;
    while (take_line (&text, &line))
        out = put_line (out, name, line);
    return out;
}

gsize
event_stream_measure (const StreamEvent *event)
{
    gsize length = 1; /* the blank line */

    if (event->retry >= 0)
        length += RETRY_ROOM;
    if (event->id != NULL)
        length += sizeof "id: \n" + strlen (event->id);
    if (event->event != NULL)
        length += sizeof "event: \n" + strlen (event->event);
    if (event->data != NULL)
        length += measure_lines (*event->data, strlen ("data: "));
    return length;
}

gsize
event_stream_write (const StreamEvent *event, char *out)
{
    char *at = out;

    if (event->retry >= 0)
        at += snprintf (at, RETRY_ROOM, "retry: %" G_GINT64_FORMAT "\n", event->retry);
    if (event->id != NULL)
        at = put_line (at, H3_VIEW ("id: "), h3_view_of (event->id));
    if (event->event != NULL && *event->event != '\0')
        at = put_line (at, H3_VIEW ("event: "), h3_view_of (event->event));
    if (event->data != NULL)
        at = put_lines (at, H3_VIEW ("data: "), *event->data);
    *at++ = '\n';
    return (gsize) (at - out);
}

gsize
event_stream_measure_comment (H3View text)
{
    return measure_lines (text, strlen (": ")) + 1;
}

gsize
event_stream_write_comment (H3View text, char *out)
{
    char *at = put_lines (out, H3_VIEW (": "), text);

    *at++ = '\n';
    return (gsize) (at - out);
}

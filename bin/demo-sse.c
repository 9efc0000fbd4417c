/* SPDX-License-Identifier: MIT
 *
 * Event streams: a count, and a channel that whoever asks publishes on. */

#include "demo.h"

#include "demo-number.h"
#include "demo-route.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define MAX_MESSAGE   65536
#define KEPT_MESSAGES 1000
#define KEPT_BYTES    (1024 * 1024)
#define EVENTS_A_TURN 500

/* A count under way; owned by its stream, until that ends. */
typedef struct {
    H3Sse *sse;     /* ref */
    H3Timer *timer; /* ref; NULL: none yet */
    guint64 next, last;
    gboolean is_hasty; /* as fast as the client takes it */
    gboolean waits;    /* until it has taken enough */
} Count;

static void
free_count (gpointer data)
{
    Count *count = data;

    h3_timer_unref (count->timer);
    h3_sse_unref (count->sse);
    g_free (count);
}

static void
stop_counting (H3Sse *sse, H3SseEnd why, gpointer user_data)
{
    h3_timer_cancel (((Count *) user_data)->timer);
}

/* FALSE: not now, or never any more; the last one has ended the stream, and the count with it. */
static gboolean
send_next (Count *count)
{
    char id[32], data[64];

    (void) snprintf (id, sizeof id, "%" G_GUINT64_FORMAT, count->next);
    (void) snprintf (data, sizeof data,
                     "{\"n\":%" G_GUINT64_FORMAT ",\"of\":%" G_GUINT64_FORMAT "}", count->next,
                     count->last);
    count->waits = h3_sse_send_full (count->sse, id, "count", data, -1, -1) != H3_SSE_SENT;
    if (count->next++ < count->last)
        return !count->waits;
    h3_sse_close (count->sse);
    return FALSE;
}

static void
tick (H3Timer *timer, gpointer user_data)
{
    Count *count = user_data;

    if (!count->waits)
        (void) send_next (count);
}

static void count_on (Count *count);

static void
go_on (H3Timer *timer, gpointer user_data)
{
    count_on (user_data);
}

/* As fast as the client takes it, but not all at once: others on this worker want their turn. */
static void
count_on (Count *count)
{
    guint n = 0;

    while (send_next (count)) {
        if (++n < EVENTS_A_TURN)
            continue;
        h3_timer_unref (count->timer);
        count->timer = h3_timer_start (0, FALSE, go_on, count, NULL);
        return;
    }
}

static void
on_drain (H3Sse *sse, gpointer user_data)
{
    Count *count = user_data;

    count->waits = FALSE;
    if (count->is_hasty)
        count_on (count);
}

/* A client that comes back goes on behind what it has had; one that has had all is told to stay
 * away, by the only status that tells it so. */
static gboolean
find_first (H3Event *event, guint64 last, guint64 *out_first)
{
    const char *id = h3_event_get_last_event_id (event);
    guint64 had = 0;

    if (id != NULL && !h3_view_parse_uint (h3_view_of (id), G_MAXUINT32, &had))
        had = 0;
    *out_first = had + 1;
    if (*out_first <= last)
        return TRUE;
    h3_event_set_status (event, 204);
    h3_event_send (event);
    return FALSE;
}

static void
count_aloud (H3Event *event, gpointer user_data)
{
    static const DemoNumber counts = { "count", 10, 1, 1e6 };
    static const DemoNumber intervals = { "interval", 1000, 0, 3600e3 };
    gint64 last, interval;
    guint64 first;
    H3Sse *sse;
    Count *count;

    if (!demo_read_integer (event, &counts, &last)
        || !demo_read_integer (event, &intervals, &interval)
        || !find_first (event, (guint64) last, &first))
        return;
    sse = h3_sse_start (event);
    if (sse == NULL)
        return;
    count = g_new0 (Count, 1);
    *count = (Count){ .sse = sse, .next = first, .last = (guint64) last };
    count->is_hasty = interval == 0;
    h3_sse_on_drain (sse, on_drain, count, NULL);
    h3_sse_on_end (sse, stop_counting, count, free_count);
    if (interval > 0)
        count->timer = h3_timer_start ((guint) interval, TRUE, tick, count, NULL);
    if (interval > 0)
        (void) send_next (count);
    else
        count_on (count);
}

static void
subscribe (H3Event *event, gpointer user_data)
{
    g_autoptr (H3Sse) sse = h3_sse_start (event);

    if (sse != NULL)
        h3_sse_subscribe (sse, user_data, h3_event_get_last_event_id (event));
}

static void
publish (H3Event *event, gpointer user_data)
{
    H3Channel *channel = user_data;
    GBytes *body = h3_request_get_body (h3_event_get_request (event));
    g_autoptr (GBytes) data = body != NULL ? g_bytes_ref (body) : g_bytes_new (NULL, 0);
    H3ChannelStatistics now;
    gsize length;
    const char *text = g_bytes_get_data (data, &length);

    if (!g_utf8_validate_len (text, length, NULL)) {
        h3_event_fail_status (event, 400, "What is published is a text in UTF-8.");
    } else if (!h3_channel_publish (channel, demo_get_query (event, "id"),
                                    demo_get_query (event, "event"), data)) {
        h3_event_fail_status (event, 400, "An id, and the name of an event, is one line.");
    } else {
        h3_channel_get_statistics (channel, &now);
        demo_send_json (event,
                        json_pack ("{s:I,s:I,s:I}", "subscribers", (json_int_t) now.subscribers,
                                   "published", (json_int_t) now.published, "dropped",
                                   (json_int_t) now.dropped));
    }
}

static void
show_page (H3Event *event, gpointer user_data)
{
    h3_event_send_html (
        event,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width\"><title>Events</title>\n"
        "<style>:root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;"
        "max-width:40rem;margin:2rem auto;padding:0 1rem}</style></head>\n<body><h1>Events</h1>\n"
        "<form><input name=\"text\" aria-label=\"Message\" autofocus> <button>Publish</button>"
        "</form>\n<p id=\"state\">connecting</p>\n<ol id=\"heard\"></ol>\n<script>\n"
        "const say = (where, text) => document.getElementById(where).textContent = text;\n"
        "const source = new EventSource('/sse/channel');\n"
        "source.onopen = () => say('state', 'connected');\n"
        "source.onerror = () => say('state', 'connecting again');\n"
        "source.onmessage = event => {\n"
        "  const line = document.createElement('li');\n"
        "  line.textContent = event.data;\n"
        "  document.getElementById('heard').append(line);\n"
        "};\n"
        "document.forms[0].onsubmit = event => {\n"
        "  event.preventDefault();\n"
        "  const field = event.target.elements.text;\n"
        "  fetch('/sse/channel', {method: 'POST', body: field.value});\n"
        "  field.value = '';\n"
        "};\n</script>\n</body>\n</html>\n");
}

void
demo_add_sse (H3App *app)
{
    H3Channel *channel = h3_channel_new ();

    h3_channel_set_replay (channel, KEPT_MESSAGES, KEPT_BYTES);
    g_object_set_data_full (G_OBJECT (app), "demo-sse", channel, (GDestroyNotify) h3_channel_unref);
    demo_add (app, "GET", "/sse", count_aloud, NULL,
              "Counts to ?count= as events, one every ?interval= milliseconds");
    demo_add (app, "GET", "/sse/channel", subscribe, channel,
              "What is published, as events; Last-Event-ID is heeded");
    h3_route_set_body (demo_add (app, "POST", "/sse/channel", publish, channel,
                                 "Publishes the body, as ?event=, with ?id="),
                       H3_BODY_BUFFERED, MAX_MESSAGE);
    demo_add (app, "GET", "/sse/page", show_page, NULL, "A page that publishes, and hears it");
}

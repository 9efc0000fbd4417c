/* SPDX-License-Identifier: MIT
 *
 * Answers that take their time: lines, drops, delays. */

#include "demo.h"

#include "demo-inspect.h"
#include "demo-number.h"
#include "demo-pace.h"
#include "demo-route.h"

#include <jansson.h>
#include <string.h>

#define MAX_LINES         100
#define MAX_DROPS         (10 * 1024 * 1024)
#define MAX_DELAY_SECONDS 10

typedef struct {
    json_t *document; /* owned */
    guint64 at, end;
} Lines;

static void
free_lines (gpointer data)
{
    Lines *lines = data;

    json_decref (lines->document);
    g_free (lines);
}

static GBytes *
make_line (gpointer user_data, GError **error)
{
    Lines *lines = user_data;
    char *text;
    gsize length;

    if (lines->at == lines->end)
        return NULL;
    json_object_set_new (lines->document, "id", json_integer ((json_int_t) lines->at++));
    text = json_dumps (lines->document, 0);
    length = strlen (text);
    text[length] = '\n'; /* in the place of its NUL: bytes need none */
    return g_bytes_new_with_free_func (text, length + 1, free, text);
}

static void
stream_lines (H3Event *event, gpointer user_data)
{
    json_t *document = demo_describe_request (event, DEMO_SHOW_HEAD);
    Lines *lines;

    if (document == NULL) {
        h3_event_fail_status (event, 500, NULL);
        return;
    }
    lines = g_new0 (Lines, 1);
    lines->document = document;
    lines->end = demo_get_count (event, MAX_LINES);
    h3_response_set_content_type (h3_event_get_response (event), "application/json");
    h3_event_send_generator (event, -1, make_line, lines, free_lines);
}

typedef struct {
    DemoPace pace;
    guint64 left;
} Drops;

static GBytes *
make_drops (gpointer user_data, GError **error)
{
    Drops *drops = user_data;
    guint64 length;

    if (drops->left == 0)
        return NULL;
    length = demo_pace_take (&drops->pace, MIN (drops->left, 65536));
    drops->left -= length;
    return g_bytes_new_take (g_strnfill (length, '*'), length);
}

static void
send_drops (H3Event *event, gpointer user_data)
{
    Drops *drops = g_memdup2 (user_data, sizeof *drops);

    h3_event_send_generator (event, (gint64) drops->left, make_drops, drops, g_free);
}

/* The timer's wait counts for no handler's: httpbin sleeps as long as it is told to. */
static void
drip_later (H3Event *event, Drops *drops, double delay)
{
    guint milliseconds = (guint) (delay * 1000);

    h3_event_set_deadline (event, milliseconds + 1000);
    h3_event_after (event, milliseconds, send_drops, g_memdup2 (drops, sizeof *drops), g_free);
}

static void
drip (H3Event *event, gpointer user_data)
{
    static const DemoNumber durations = { "duration", 2, 0, 3600 };
    static const DemoNumber delays = { "delay", 0, 0, 3600 };
    static const DemoNumber counts = { "numbytes", 10, 1, 0x1p53 };
    static const DemoNumber codes = { "code", 200, 200, 599 };
    double duration, delay;
    gint64 count, code;
    Drops drops;

    if (!demo_read_seconds (event, &durations, &duration)
        || !demo_read_seconds (event, &delays, &delay)
        || !demo_read_integer (event, &counts, &count) || !demo_read_integer (event, &codes, &code))
        return;
    drops.left = (guint64) MIN (count, MAX_DROPS);
    demo_pace_init (&drops.pace, event, duration, drops.left, 1);
    h3_event_set_status (event, (guint) code);
    h3_response_set_content_type (h3_event_get_response (event), "application/octet-stream");
    if (delay > 0)
        drip_later (event, &drops, delay);
    else
        send_drops (event, &drops);
}

static void
show_request (H3Event *event, gpointer user_data)
{
    json_t *document = demo_describe_request (event, DEMO_SHOW_BODY);

    json_object_del (document, "json");
    demo_send_json (event, document);
}

static void
delay_request (H3Event *event, gpointer user_data)
{
    double seconds;

    if (!demo_parse_seconds (h3_event_get_param (event, "n"), &seconds) || seconds < 0)
        h3_event_fail_status (event, 400, "A delay is a number of seconds.");
    else
        h3_event_after (event, (guint) (MIN (seconds, MAX_DELAY_SECONDS) * 1000), show_request,
                        NULL, NULL);
}

void
demo_add_stream (H3App *app)
{
    demo_add (app, "GET", "/stream/:n([0-9]+)", stream_lines, NULL,
              "The request, up to 100 times, as lines of JSON");
    demo_add (app, "GET", "/drip", drip, NULL,
              "?numbytes= bytes in ?duration= seconds, after ?delay= seconds");
    demo_add (app, "*", "/delay/:n", delay_request, NULL,
              "The request, up to 10 seconds later, by a timer");
}

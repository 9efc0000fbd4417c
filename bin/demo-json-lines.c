/* SPDX-License-Identifier: MIT
 *
 * JSON documents, one a line: echoed, summed up, counted out, in constant memory. */

#include "demo.h"

#include "demo-route.h"

#include <jansson.h>

#define MAX_COUNT     G_GINT64_CONSTANT (1000000000000)
#define LINES_A_PIECE 4096

static void
resume_echo (H3Event *event, gpointer user_data)
{
    h3_event_resume_json_lines (event);
}

/* Each side is slowed down by the other. An error behind the first line cuts the answer. */
static gboolean
echo_line (H3Event *event, json_t *document, const GError *error, gpointer user_data)
{
    guint64 *n = user_data;

    if (error != NULL) {
        h3_event_fail (event, g_error_copy (error));
        return FALSE;
    }
    if (document == NULL) {
        h3_event_finish (event);
        return FALSE;
    }
    if (h3_event_write_json_line (
            event, json_pack ("{s:I, s:O}", "line", (json_int_t)++ * n, "document", document)))
        return TRUE;
    h3_event_on_drain (event, resume_echo, NULL, NULL);
    return FALSE;
}

typedef struct {
    json_int_t lines;
    double sum;
} Sum;

static gboolean
add_line (H3Event *event, json_t *document, const GError *error, gpointer user_data)
{
    Sum *sum = user_data;

    if (error != NULL)
        h3_event_fail (event, g_error_copy (error));
    else if (document == NULL)
        h3_event_send_json (event, json_pack ("{s:I, s:f}", "lines", sum->lines, "sum", sum->sum));
    else {
        sum->lines++;
        sum->sum += json_number_value (document);
    }
    return TRUE;
}

static gboolean
require_lines (H3Event *event)
{
    return h3_event_require_content_type (event, "application/x-ndjson", "application/ndjson",
                                          "application/jsonl", NULL);
}

static void
echo (H3Event *event, gpointer user_data)
{
    if (require_lines (event))
        h3_event_read_json_lines (event, echo_line, g_new0 (guint64, 1), g_free);
}

static void
sum_up (H3Event *event, gpointer user_data)
{
    if (require_lines (event))
        h3_event_read_json_lines (event, add_line, g_new0 (Sum, 1), g_free);
}

typedef struct {
    gint64 at, end;
} Count;

/* A generator is asked when there is room: no line waits for a client that does not read. */
static GBytes *
make_lines (gpointer user_data, GError **error)
{
    Count *count = user_data;
    gint64 end = MIN (count->end, count->at + LINES_A_PIECE);
    GString *lines;

    if (count->at == count->end)
        return NULL;
    lines = g_string_new (NULL);
    for (; count->at < end; count->at++)
        g_string_append_printf (lines, "{\"n\":%" G_GINT64_FORMAT "}\n", count->at);
    return g_string_free_to_bytes (lines);
}

static void
count_out (H3Event *event, gpointer user_data)
{
    gint64 end = demo_read_number (event, "count", MAX_COUNT);
    Count *count;

    if (end < 0)
        return;
    count = g_new0 (Count, 1);
    count->end = end;
    h3_response_set_content_type (h3_event_get_response (event), "application/x-ndjson");
    h3_event_send_generator (event, -1, make_lines, count, g_free);
}

void
demo_add_json_lines (H3App *app)
{
    demo_add (app, "GET", "/ndjson", count_out, NULL, "?count= lines of JSON");
    h3_route_set_body (
        demo_add (app, "POST", "/ndjson", echo, NULL, "Lines of JSON, streamed back with numbers"),
        H3_BODY_STREAMED, 0);
    h3_route_set_body (
        demo_add (app, "POST", "/ndjson/sum", sum_up, NULL, "The sum of numbers, one a line"),
        H3_BODY_STREAMED, 0);
}

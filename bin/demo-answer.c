/* SPDX-License-Identifier: MIT
 *
 * Fields that say something of an answer: the name it is saved under, how long its parts took. */

#include "demo.h"

#include "demo-route.h"

#define MAX_MILLISECONDS 10000

static void
send_named (H3Event *event, gpointer user_data)
{
    const char *name = h3_event_get_param (event, "name");
    gboolean is_inline = h3_event_get_query (event, "inline") != NULL;

    /* A parameter is UTF-8: it cannot be refused. */
    (void) (is_inline ? h3_event_set_inline (event, name) : h3_event_set_attachment (event, name));
    h3_event_send_text (event, "To be saved under the name in Content-Disposition.\n");
}

/* In the event's arena. */
typedef struct {
    gint64 wait;
} Start;

static void
answer_timed (H3Event *event, gpointer user_data)
{
    const Start *start = user_data;

    (void) h3_event_stop_timing (event, "wait", start->wait, "by a timer");
    h3_event_send_json_text (event, "{\"timed\":true}");
}

static void
wait_timed (H3Event *event, gpointer user_data)
{
    gint64 read = h3_timing_start ();
    gint64 milliseconds = demo_read_number (event, "ms", MAX_MILLISECONDS);
    Start *start = h3_arena_new0 (h3_event_get_arena (event), Start);

    if (milliseconds < 0)
        return;
    (void) h3_event_stop_timing (event, "query", read, NULL);
    start->wait = h3_timing_start ();
    h3_event_after (event, (guint) milliseconds, answer_timed, start, NULL);
}

void
demo_add_answer (H3App *app)
{
    demo_add (app, "GET", "/attachment/:name", send_named, NULL,
              "A text to be saved under that name, or with ?inline shown");
    h3_app_use_for (app,
                    demo_add (app, "GET", "/timing", wait_timed, NULL,
                              "Waits ?ms= milliseconds, and says so in Server-Timing"),
                    h3_timing_new (NULL));
}

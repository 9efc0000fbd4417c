/* SPDX-License-Identifier: MIT
 *
 * What benchmarks ask for. A middleware passes each of these on and hangs a hook on its end, as the
 * batteries of a real server do: without them it would be another way that is measured. */

#include "demo.h"

#include "demo-route.h"

static void
end (H3Event *event, H3Outcome outcome, gpointer user_data)
{
}

static void
pass_on (H3Event *event, gpointer user_data)
{
    h3_event_on_dispose (event, end, NULL, NULL);
    h3_event_next (event);
}

static void
show_plaintext (H3Event *event, gpointer user_data)
{
    h3_event_send_static (event, "text/plain", H3_VIEW ("Hello, World!"));
}

static void
show_json (H3Event *event, gpointer user_data)
{
    H3JsonWriter *writer = h3_json_writer_new (h3_event_get_arena (event));

    h3_json_writer_begin_object (writer);
    h3_json_writer_set_string (writer, "message", "Hello, World!");
    h3_json_writer_end_object (writer);
    h3_event_send_json_writer (event, writer);
}

static void
show_user (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, h3_event_get_param (event, "id"));
}

/* Nobody measures these but who runs the benchmark. */
static void
add (H3App *app, const char *pattern, H3Handler handler, const char *what)
{
    h3_metrics_leave_out (demo_add (app, "GET", pattern, handler, NULL, what));
}

void
demo_add_bench (H3App *app)
{
    h3_app_use (app, "/plaintext", h3_middleware_new (pass_on, NULL, NULL));
    h3_app_use (app, "/bench", h3_middleware_new (pass_on, NULL, NULL));
    add (app, "/plaintext", show_plaintext, "Hello, World! as plain text");
    add (app, "/bench/json", show_json, "Hello, World! as JSON, made each time");
    add (app, "/bench/users/:id", show_user, "A parameter as plain text");
}

/* SPDX-License-Identifier: MIT */

#include "demo.h"

#include "demo-route.h"

#include <jansson.h>

/* One member, named as the parameter it shows. */
static void
show_param (H3Event *event, gpointer user_data)
{
    const char *name = user_data;
    H3JsonWriter *writer = h3_json_writer_new (h3_event_get_arena (event));

    h3_json_writer_begin_object (writer);
    h3_json_writer_set_string (writer, name, h3_event_get_param (event, name));
    h3_json_writer_end_object (writer);
    h3_event_send_json_writer (event, writer);
}

static void
show_memory (H3Event *event, gpointer user_data)
{
    g_autofree char *report = h3_memory_report_to_json_text ();

    h3_event_set_cache_control (event, "no-store");
    h3_event_send_json_text (event, report);
}

static void
show_uuid (H3Event *event, gpointer user_data)
{
    g_autofree char *uuid = g_uuid_string_random ();

    demo_send_json (event, json_pack ("{s:s}", "uuid", uuid));
}

void
demo_add_plain (H3App *app)
{
    demo_add (app, "GET", "/users/:id", show_param, (gpointer) "id", "A parameter");
    demo_add (app, "GET", "/files/**:path", show_param, (gpointer) "path", "The rest of the path");
    demo_add (app, "GET", "/memory", show_memory, NULL, "What lives in memory, by kind");
    demo_add (app, "GET", "/uuid", show_uuid, NULL, "A random UUID");
}

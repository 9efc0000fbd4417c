/* SPDX-License-Identifier: MIT
 *
 * What a path can be: literals, parameters, one that a regular expression fits, the rest of a path,
 * a group, and the fields of a query. */

#include <h3/h3.h>
#include <jansson.h>

static void
show_home (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, "Try /hello?name=Ada\n");
}

static void
say_hello (H3Event *event, gpointer user_data)
{
    const char *name = h3_event_get_query (event, "name");
    g_autofree char *text = g_strdup_printf ("Hello, %s!\n", name != NULL ? name : "World");

    h3_event_send_text (event, text);
}

/* Only numbers come here: whatever else is asked for is answered 404. */
static void
show_note (H3Event *event, gpointer user_data)
{
    h3_event_send_json (event, json_pack ("{s:s}", "note", h3_event_get_param (event, "id")));
}

static void
show_path (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, h3_event_get_param (event, "path"));
}

static void
go_home (H3Event *event, gpointer user_data)
{
    h3_event_redirect (event, 308, "/");
}

int
main (int argc, char **argv)
{
    g_autoptr (H3App) app = h3_app_new ();
    H3App *notes = h3_app_group (app, "/notes");

    h3_app_get (app, "/", show_home, NULL);
    h3_app_get (app, "/hello", say_hello, NULL);
    h3_app_get (app, "/home", go_home, NULL);
    h3_app_get (app, "/files/**:path", show_path, NULL);
    h3_app_get (notes, "/:id([0-9]+)", show_note, NULL);
    return h3_app_run (app, argc, argv);
}

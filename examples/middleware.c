/* SPDX-License-Identifier: MIT
 *
 * What stands around handlers: a middleware that times them, one that guards a group of routes, a
 * hook, an error handler, and a route found by its name. */

#include <h3/h3.h>
#include <jansson.h>

static void
add_time (H3Event *event, gpointer user_data)
{
    const gint64 *start = user_data;
    char text[64];

    g_snprintf (text, sizeof text, "app;dur=%.3f",
                (double) (g_get_monotonic_time () - *start) / 1000);
    h3_event_set_header (event, "Server-Timing", text);
}

/* An answer may come later than the handler returns: a hook sees it whenever it leaves. */
static void
time_handlers (H3Event *event, gpointer user_data)
{
    gint64 *start = g_new (gint64, 1);

    *start = g_get_monotonic_time ();
    h3_event_on_send (event, add_time, start, g_free);
    h3_event_next (event);
}

static void
guard (H3Event *event, gpointer user_data)
{
    const char *key = h3_request_get_header (h3_event_get_request (event), "X-Key");

    if (g_strcmp0 (key, user_data) == 0)
        h3_event_next (event);
    else
        h3_event_fail (event, h3_http_error_new (403, "The field X-Key is missing or wrong."));
}

static void
forbid_sniffing (H3Event *event, gpointer user_data)
{
    h3_event_set_header (event, "X-Content-Type-Options", "nosniff");
}

/* The status of the error stands in the response already. */
static void
show_error (H3Event *event, const GError *error, gpointer user_data)
{
    guint status = h3_http_error_get_status (error);

    h3_event_send_json (event, json_pack ("{s:i, s:s}", "status", (int) status, "error",
                                          status < 500 ? error->message : "our fault"));
}

static void
show_note (H3Event *event, gpointer user_data)
{
    h3_event_send_json (event, json_pack ("{s:s}", "note", h3_event_get_param (event, "number")));
}

static void
add_note (H3Event *event, gpointer user_data)
{
    H3App *app = user_data;
    g_autoptr (GError) error = NULL;
    g_autofree char *path =
        h3_route_build_path (h3_app_find_route (app, "note"), &error, "number", "7", NULL);

    if (path == NULL) {
        h3_event_fail (event, g_steal_pointer (&error));
        return;
    }
    h3_event_set_header (event, "Location", path);
    h3_event_send_empty (event, 201);
}

int
main (int argc, char **argv)
{
    g_autoptr (H3App) app = h3_app_new ();
    H3App *notes;

    h3_app_use (app, "/", h3_middleware_new (time_handlers, NULL, NULL));
    h3_app_on_send (app, forbid_sniffing, NULL, NULL);
    h3_app_on_error (app, show_error, NULL, NULL);

    notes = h3_app_group (app, "/notes");
    h3_app_use (notes, "/", h3_middleware_new (guard, (gpointer) "sesame", NULL));
    h3_route_set_name (h3_app_get (notes, "/:number([0-9]+)", show_note, NULL), "note");
    h3_app_post (notes, "/", add_note, app);
    return h3_app_run (app, argc, argv);
}

/* SPDX-License-Identifier: MIT
 *
 * What the server says of itself to who watches it: whether it is well, whether it wants requests.
 */

#include "app-private.h"
#include "components-inside.h"

#include <h3/format/json-writer.h>
#include <h3/http/answer.h>

static void
send_state (H3Event *event, H3JsonWriter *writer, gboolean is_good)
{
    h3_event_set_header (event, "Cache-Control", "no-store");
    h3_event_set_status (event, is_good ? 200 : 503);
    h3_event_send_json_writer (event, writer);
}

static const char *
name_of (gboolean is_well)
{
    return is_well ? "ok" : "failing";
}

/* Writes one; returns whether it is well. */
static gboolean
write_component (H3JsonWriter *writer, const H3App *root, guint index)
{
    g_autoptr (GError) error = NULL;
    gboolean is_well = app_components_is_well (root, index, &error);

    h3_json_writer_add_name (writer, app_components_get_name (root, index));
    h3_json_writer_begin_object (writer);
    h3_json_writer_set_string (writer, "status", name_of (is_well));
    if (error != NULL) {
        g_autofree char *text = g_utf8_make_valid (error->message, -1);

        h3_json_writer_set_string (writer, "error", text);
    }
    h3_json_writer_end_object (writer);
    return is_well;
}

static void
show_health (H3Event *event, gpointer user_data)
{
    const H3App *root = app_of_event (event);
    guint n = app_components_count (root);
    H3JsonWriter *writer = h3_json_writer_new (h3_event_get_arena (event));
    gboolean is_well = TRUE;

    h3_json_writer_begin_object (writer);
    if (n > 0) {
        h3_json_writer_add_name (writer, "components");
        h3_json_writer_begin_object (writer);
        for (guint i = 0; i < n; i++)
            is_well = write_component (writer, root, i) && is_well;
        h3_json_writer_end_object (writer);
    }
    h3_json_writer_set_string (writer, "status", name_of (is_well));
    h3_json_writer_end_object (writer);
    send_state (event, writer, is_well);
}

static void
show_ready (H3Event *event, gpointer user_data)
{
    static const char *const names[] = { "starting", "ready", "draining", "shedding" };
    const char *reason = NULL;
    ServerReadiness readiness = server_get_readiness (app_of_event (event)->server, &reason);
    H3JsonWriter *writer = h3_json_writer_new (h3_event_get_arena (event));

    h3_json_writer_begin_object (writer);
    h3_json_writer_set_string (writer, "status", names[readiness]);
    if (reason != NULL)
        h3_json_writer_set_string (writer, "reason", reason);
    h3_json_writer_end_object (writer);
    if (readiness != SERVER_READY)
        h3_event_set_header (event, "Retry-After", "1");
    send_state (event, writer, readiness == SERVER_READY);
}

static void
add_essential (H3App *app, const char *path, H3Handler handler)
{
    H3Route *route = h3_app_get (app, path, handler, NULL);

    if (route == NULL)
        return;
    h3_route_set_essential (route, TRUE);
    h3_route_set_body (route, H3_BODY_NONE, 0);
}

void
h3_app_add_health (H3App *app, const char *health_path, const char *ready_path)
{
    g_return_if_fail (H3_IS_APP (app));
    if (health_path != NULL)
        add_essential (app, health_path, show_health);
    if (ready_path != NULL)
        add_essential (app, ready_path, show_ready);
}

/* SPDX-License-Identifier: MIT
 *
 * Bodies of any size, both ways, in little memory: each side is slowed down by the other. */

#include <h3/h3.h>
#include <jansson.h>

/* PUT /sum: the SHA-256 of what is sent. */
static void
sum_piece (H3Event *event, const char *data, gsize length, const GError *error, gpointer user_data)
{
    GChecksum *sum = user_data;

    if (error != NULL)
        return; /* the library answers, or the client has gone */
    if (data != NULL)
        g_checksum_update (sum, (const guchar *) data, (gssize) length);
    else
        h3_event_send_json (event, json_pack ("{s:s}", "sha256", g_checksum_get_string (sum)));
}

static void
sum_body (H3Event *event, gpointer user_data)
{
    h3_event_read_body (event, sum_piece, g_checksum_new (G_CHECKSUM_SHA256),
                        (GDestroyNotify) g_checksum_free);
}

/* POST /upper: the body in capitals, answered while it comes. */
static void
go_on (H3Event *event, gpointer user_data)
{
    h3_event_resume_body (event);
}

static void
raise_piece (H3Event *event, const char *data, gsize length, const GError *error,
             gpointer user_data)
{
    g_autofree char *text = NULL;

    if (error != NULL)
        return;
    if (data == NULL) {
        h3_event_finish (event);
        return;
    }
    text = g_ascii_strup (data, (gssize) length);
    if (!h3_event_write (event, text, length)) {
        h3_event_pause_body (event);
        h3_event_on_drain (event, go_on, NULL, NULL);
    }
}

static void
raise_body (H3Event *event, gpointer user_data)
{
    h3_response_set_content_type (h3_event_get_response (event), "text/plain");
    h3_event_read_body (event, raise_piece, NULL, NULL);
    h3_event_start_stream (event, -1);
}

/* GET /numbers/:last: a line a number, made when there is room for it. */
typedef struct {
    guint64 next;
    guint64 last;
} Numbers;

static GBytes *
make_numbers (gpointer user_data, GError **error)
{
    Numbers *numbers = user_data;
    GString *lines;

    if (numbers->next > numbers->last)
        return NULL;
    lines = g_string_new (NULL);
    for (int i = 0; i < 1000 && numbers->next <= numbers->last; i++)
        g_string_append_printf (lines, "%" G_GUINT64_FORMAT "\n", numbers->next++);
    return g_string_free_to_bytes (lines);
}

static void
send_numbers (H3Event *event, gpointer user_data)
{
    Numbers *numbers;
    guint64 last;

    if (!h3_view_parse_uint (h3_view_of (h3_event_get_param (event, "last")), G_MAXUINT32, &last)) {
        h3_event_fail_status (event, 404, NULL);
        return;
    }
    numbers = g_new (Numbers, 1);
    *numbers = (Numbers){ .next = 1, .last = last };
    h3_response_set_content_type (h3_event_get_response (event), "text/plain");
    h3_event_send_generator (event, -1, make_numbers, numbers, g_free);
}

int
main (int argc, char **argv)
{
    g_autoptr (H3App) app = h3_app_new ();

    h3_route_set_body (h3_app_put (app, "/sum", sum_body, NULL), H3_BODY_STREAMED, 0);
    h3_route_set_body (h3_app_post (app, "/upper", raise_body, NULL), H3_BODY_STREAMED, 0);
    h3_app_get (app, "/numbers/:last", send_numbers, NULL);
    return h3_app_run (app, argc, argv);
}

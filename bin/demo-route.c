/* SPDX-License-Identifier: MIT
 *
 * What the routes of the demo share. */

#include "demo-route.h"

#include <jansson.h>

gint64
demo_read_number (H3Event *event, const char *name, gint64 maximum)
{
    const char *text = h3_event_get_query (event, name);
    guint64 number = 0;

    if (text == NULL)
        return 0;
    if (h3_view_parse_uint (h3_view_of (text), (guint64) maximum, &number))
        return (gint64) number;
    h3_event_fail (event, h3_http_error_new (400, "%s takes a number from 0 to %" G_GINT64_FORMAT,
                                             name, maximum));
    return -1;
}

typedef struct {
    const char *name;  /* borrowed: the caller */
    const char *value; /* borrowed: the query; NULL: not found */
} Search;

static gboolean
compare_name (const char *name, const char *value, gpointer user_data)
{
    Search *search = user_data;

    if (g_ascii_strcasecmp (name, search->name) != 0)
        return TRUE;
    search->value = value;
    return FALSE;
}

const char *
demo_get_query (H3Event *event, const char *name)
{
    Search search = { name, NULL };

    h3_query_foreach (h3_event_get_query_table (event), compare_name, &search);
    return search.value;
}

gboolean
demo_read_param (H3Event *event, const char *name, guint64 minimum, guint64 maximum,
                 guint64 *out_number)
{
    const char *text = h3_event_get_param (event, name);
    guint64 number;

    if (h3_view_parse_uint (h3_view_of (text), maximum, &number) && number >= minimum) {
        *out_number = number;
        return TRUE;
    }
    h3_event_fail (event, h3_http_error_new (400,
                                             "%s is a number from %" G_GUINT64_FORMAT
                                             " to %" G_GUINT64_FORMAT,
                                             name, minimum, maximum));
    return FALSE;
}

void
demo_send_json (H3Event *event, json_t *document)
{
    g_autofree char *text = json_dumps (document, JSON_SORT_KEYS | JSON_INDENT (2));
    g_autofree char *lines = text != NULL ? g_strconcat (text, "\n", NULL) : NULL;

    json_decref (document);
    if (lines != NULL)
        h3_event_send_json_text (event, lines);
    else
        h3_event_fail_status (event, 500, NULL);
}

char *
demo_dup_url (H3Event *event, const char *path)
{
    const char *host = h3_event_get_host (event);

    return *host != '\0' ? g_strconcat (h3_event_get_scheme (event), "://", host, path, NULL)
                         : g_strdup (path);
}

char *
demo_dup_as_utf8 (const char *value)
{
    return g_utf8_validate (value, -1, NULL)
               ? g_strdup (value)
               : g_convert (value, -1, "UTF-8", "ISO-8859-1", NULL, NULL, NULL);
}

H3Route *
demo_add (H3App *app, const char *methods, const char *pattern, H3Handler handler,
          gpointer user_data, const char *what)
{
    H3Route *route = h3_app_route (app, methods, pattern, handler, user_data, NULL);

    h3_route_set_data_full (route, "what", (gpointer) what, NULL);
    return route;
}

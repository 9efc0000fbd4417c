/* SPDX-License-Identifier: MIT
 *
 * The panel of a trend: which routes have become slower, and what grows. */

#include "dashboard.h"

#include "trend-inside.h"

#include <jansson.h>
#include <stdlib.h>

/* More than this nobody reads; how many there are stands above them. */
#define MAX_ROWS 100

static void
add_time (json_t *row, const json_t *seconds)
{
    json_array_append_new (row,
                           json_pack ("{s:f, s:s}", "value", json_number_value (seconds) * 1000,
                                      "unit", "milliseconds"));
}

static void
add_slower (json_t *rows, const json_t *route)
{
    g_autofree char *name =
        g_strconcat (json_string_value (json_object_get (route, "method")), " ",
                     json_string_value (json_object_get (route, "route")), NULL);
    json_t *row = json_array ();

    json_array_append_new (row, json_pack ("{s:s, s:s}", "text", name, "state", "bad"));
    add_time (row, json_object_get (route, "before"));
    add_time (row, json_object_get (route, "now"));
    json_array_append_new (rows, row);
}

static void
add_growing (json_t *rows, const json_t *kind)
{
    json_t *row = json_array ();

    json_array_append_new (row, json_pack ("{s:s, s:s}", "text",
                                           json_string_value (json_object_get (kind, "kind")),
                                           "state", "warning"));
    json_array_append (row, json_object_get (kind, "from"));
    json_array_append (row, json_object_get (kind, "now"));
    json_array_append_new (rows, row);
}

/* Adds those of `list` of which `mark` is true. Returns how many there are. */
static gint64
add_marked (json_t *rows, json_t *list, const char *mark,
            void (*add) (json_t *rows, const json_t *one))
{
    gint64 n = 0;
    gsize i;
    json_t *one;

    json_array_foreach (list, i, one)
    {
        if (!json_is_true (json_object_get (one, mark)))
            continue;
        n++;
        if (json_array_size (rows) < MAX_ROWS)
            add (rows, one);
    }
    return n;
}

static json_t *
make_value (const char *name, gint64 n, const char *state)
{
    return json_pack ("{s:s, s:I, s:s}", "name", name, "value", (json_int_t) n, "state",
                      n > 0 ? state : "good");
}

static char *
describe_trend (gpointer user_data)
{
    json_t *trend = trend_describe (user_data);
    json_t *rows = json_array (), *panel;
    gint64 n_slower = add_marked (rows, json_object_get (trend, "routes"), "regressed", add_slower);
    gint64 n_growing = add_marked (rows, json_object_get (trend, "growth"), "growing", add_growing);
    char *text, *copy;

    panel = json_pack ("{s:[o, o]}", "values",
                       make_value ("Routes slower than before", n_slower, "bad"),
                       make_value ("Kinds that grow", n_growing, "warning"));
    if (json_array_size (rows) > 0)
        json_object_set_new (
            panel, "table",
            json_pack ("{s:[s, s, s], s:O}", "columns", "What", "Before", "Now", "rows", rows));
    text = json_dumps (panel, JSON_COMPACT | JSON_REAL_PRECISION (12));
    copy = g_strdup (text);
    free (text);
    json_decref (rows);
    json_decref (panel);
    json_decref (trend);
    return copy;
}

gboolean
h3_dashboard_add_trend (H3Dashboard *dashboard, H3Trend *trend)
{
    g_return_val_if_fail (dashboard != NULL && H3_IS_TREND (trend), FALSE);
    return h3_dashboard_add_panel (dashboard, "trend", "Trend", describe_trend,
                                   g_object_ref (trend), g_object_unref);
}

/* SPDX-License-Identifier: MIT
 *
 * What is told to who looks, as JSON: docs/dashboard.md has the names. */

#include "dashboard-private.h"
#include "memory.h"

#include <h3/base/counters.h>
#include <h3/format/json.h>

#include <stdlib.h>
#include <string.h>

#define PANEL_DEPTH 32

/* Digits that a double has for certain: 0.1 stays 0.1. */
#define DIGITS 12

/* (transfer full): takes the document. */
static char *
write_document (json_t *document)
{
    char *text = json_dumps (document, JSON_COMPACT | JSON_REAL_PRECISION (DIGITS));
    char *copy = g_strdup (text);

    g_assert (copy != NULL);
    free (text);
    json_decref (document);
    return copy;
}

static json_t *
describe_counters (void)
{
    json_t *object = json_object ();

    for (guint i = 0; i < N_COUNTERS; i++)
        json_object_set_new (object, counters_get_name (i),
                             json_string (counters_get_description (i)));
    return object;
}

static json_t *
read_counters (void)
{
    json_t *object = json_object ();

    for (guint i = 0; i < N_COUNTERS; i++)
        json_object_set_new (object, counters_get_name (i),
                             json_integer ((json_int_t) MAX (counters_read (i), 0)));
    return object;
}

/* What each kind is, who looks has had already. */
static json_t *
read_memory (void)
{
    json_t *report = h3_memory_report_to_json ();
    const char *name;
    json_t *kind;

    json_object_foreach (json_object_get (report, "kinds"), name, kind)
        json_object_del (kind, "what");
    return report;
}

/* The panels there are now: a copy, since no lock is held while one is asked. They stay as long as
 * the dashboard. */
static GPtrArray *
list_panels (H3Dashboard *dashboard)
{
    GPtrArray *panels = g_ptr_array_new ();

    pthread_mutex_lock (&dashboard->mutex);
    for (guint i = 0; i < dashboard->panels->len; i++)
        g_ptr_array_add (panels, dashboard->panels->pdata[i]);
    pthread_mutex_unlock (&dashboard->mutex);
    return panels;
}

static DashboardHost
get_host (H3Dashboard *dashboard)
{
    DashboardHost host;

    pthread_mutex_lock (&dashboard->mutex);
    host = dashboard->host;
    pthread_mutex_unlock (&dashboard->mutex);
    return host;
}

static json_t *
describe_panels (H3Dashboard *dashboard)
{
    g_autoptr (GPtrArray) panels = list_panels (dashboard);
    json_t *array = json_array ();

    for (guint i = 0; i < panels->len; i++) {
        const Panel *panel = panels->pdata[i];

        json_array_append_new (
            array, json_pack ("{s:s, s:s}", "name", panel->name, "title", panel->title));
    }
    return array;
}

char *
dashboard_describe (H3Dashboard *dashboard)
{
    DashboardHost host = get_host (dashboard);
    const char *program = g_get_prgname ();
    g_autofree char *name = g_utf8_make_valid (program != NULL ? program : "h3", -1);
    json_t *about = json_object ();
    json_t *server = host.describe != NULL ? host.describe (host.data) : NULL;

    json_object_set_new (about, "program", json_string (name));
    json_object_set_new (about, "processors", json_integer ((json_int_t) g_get_num_processors ()));
    json_object_set_new (about, "counters", describe_counters ());
    json_object_set_new (about, "panels", describe_panels (dashboard));
    json_object_set_new (about, "server", server != NULL ? server : json_object ());
    return write_document (about);
}

static json_t *
make_problem (const char *text)
{
    return json_pack ("{s:s}", "problem", text);
}

static json_t *
read_panel (const Panel *panel)
{
    g_autofree char *text = panel->function (panel->user_data);
    g_autoptr (GError) error = NULL;
    g_autofree char *problem = NULL;
    json_t *document;

    if (text == NULL)
        return json_object ();
    if (strlen (text) > H3_DASHBOARD_PANEL_MAX)
        return make_problem ("What this panel has to say is too much.");
    document = h3_json_parse (h3_view_of (text), PANEL_DEPTH, &error);
    if (json_is_object (document))
        return document;
    json_decref (document);
    problem = g_strdup_printf ("What this panel says is no JSON object: %s",
                               error != NULL ? error->message : "it is another value");
    return make_problem (problem);
}

static json_t *
read_panels (H3Dashboard *dashboard)
{
    g_autoptr (GPtrArray) panels = list_panels (dashboard);
    json_t *object = json_object ();

    for (guint i = 0; i < panels->len; i++) {
        const Panel *panel = panels->pdata[i];

        json_object_set_new (object, panel->name, read_panel (panel));
    }
    return object;
}

char *
dashboard_read_numbers (H3Dashboard *dashboard, Traffic *traffic)
{
    DashboardHost host = get_host (dashboard);
    json_t *numbers = json_object ();
    json_t *server = host.read != NULL ? host.read (host.data) : NULL;
    gint64 now = g_get_monotonic_time ();

    /* Milliseconds; `at` only counts on. */
    json_object_set_new (numbers, "at", json_integer (now / 1000));
    json_object_set_new (numbers, "uptime", json_integer ((now - dashboard->made) / 1000));
    json_object_set_new (numbers, "viewers",
                         json_integer ((json_int_t) h3_dashboard_count_viewers (dashboard)));
    json_object_set_new (numbers, "traffic", traffic_describe (traffic));
    json_object_set_new (numbers, "counters", read_counters ());
    json_object_set_new (numbers, "memory", read_memory ());
    json_object_set_new (numbers, "server", server != NULL ? server : json_object ());
    json_object_set_new (numbers, "panels", read_panels (dashboard));
    return write_document (numbers);
}

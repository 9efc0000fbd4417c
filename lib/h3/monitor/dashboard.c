/* SPDX-License-Identifier: MIT */

#include "dashboard.h"

#include "dashboard-private.h"

#include <string.h>

/* What may wait for who looks: some seconds of numbers. */
#define BOUND (512 * 1024)

G_DEFINE_BOXED_TYPE (H3Dashboard, h3_dashboard, h3_dashboard_ref, h3_dashboard_unref)

static void
free_panel (gpointer data)
{
    Panel *panel = data;

    if (panel->destroy != NULL)
        panel->destroy (panel->user_data);
    g_free (panel->name);
    g_free (panel->title);
    g_free (panel);
}

H3Dashboard *
h3_dashboard_new (H3Metrics *metrics)
{
    H3Dashboard *dashboard;

    g_return_val_if_fail (metrics != NULL, NULL);
    dashboard = g_new0 (H3Dashboard, 1);
    atomic_init (&dashboard->refs, 1);
    pthread_mutex_init (&dashboard->mutex, NULL);
    dashboard->metrics = h3_metrics_ref (metrics);
    dashboard->channel = h3_channel_new ();
    h3_channel_set_bound (dashboard->channel, BOUND);
    dashboard->made = g_get_monotonic_time ();
    dashboard->viewers = g_ptr_array_new ();
    dashboard->panels = g_ptr_array_new_with_free_func (free_panel);
    return dashboard;
}

H3Dashboard *
h3_dashboard_ref (H3Dashboard *dashboard)
{
    g_return_val_if_fail (dashboard != NULL, NULL);
    atomic_fetch_add_explicit (&dashboard->refs, 1, memory_order_relaxed);
    return dashboard;
}

void
h3_dashboard_unref (H3Dashboard *dashboard)
{
    if (dashboard == NULL
        || atomic_fetch_sub_explicit (&dashboard->refs, 1, memory_order_acq_rel) != 1)
        return;
    /* Each who looks has a reference: there are none. */
    g_ptr_array_unref (dashboard->viewers);
    g_ptr_array_unref (dashboard->panels);
    if (dashboard->host.destroy != NULL)
        dashboard->host.destroy (dashboard->host.data);
    h3_channel_unref (dashboard->channel);
    h3_metrics_unref (dashboard->metrics);
    pthread_mutex_destroy (&dashboard->mutex);
    g_free (dashboard);
}

void
dashboard_set_host (H3Dashboard *dashboard, const DashboardHost *host)
{
    gboolean is_first;

    pthread_mutex_lock (&dashboard->mutex);
    is_first = dashboard->host.read == NULL;
    if (is_first)
        dashboard->host = *host;
    pthread_mutex_unlock (&dashboard->mutex);
    if (!is_first && host->destroy != NULL)
        host->destroy (host->data);
}

static gboolean
is_name (const char *name)
{
    gsize length =
        strspn (name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

    return length > 0 && name[length] == '\0';
}

/* With the mutex held. */
static gboolean
has_panel (const H3Dashboard *dashboard, const char *name)
{
    for (guint i = 0; i < dashboard->panels->len; i++) {
        if (strcmp (((const Panel *) dashboard->panels->pdata[i])->name, name) == 0)
            return TRUE;
    }
    return FALSE;
}

gboolean
h3_dashboard_add_panel (H3Dashboard *dashboard, const char *name, const char *title,
                        H3PanelFunction function, gpointer user_data, GDestroyNotify destroy)
{
    Panel *panel;
    gboolean is_new;

    g_return_val_if_fail (dashboard != NULL && name != NULL && title != NULL, FALSE);
    g_return_val_if_fail (function != NULL, FALSE);
    panel = g_new (Panel, 1);
    *panel =
        (Panel){ g_strdup (name), g_utf8_make_valid (title, -1), function, user_data, destroy };
    pthread_mutex_lock (&dashboard->mutex);
    is_new = is_name (name) && !has_panel (dashboard, name);
    if (is_new)
        g_ptr_array_add (dashboard->panels, panel);
    pthread_mutex_unlock (&dashboard->mutex);
    if (!is_new)
        free_panel (panel);
    return is_new;
}

guint
h3_dashboard_count_viewers (H3Dashboard *dashboard)
{
    guint n;

    g_return_val_if_fail (dashboard != NULL, 0);
    pthread_mutex_lock (&dashboard->mutex);
    n = dashboard->viewers->len;
    pthread_mutex_unlock (&dashboard->mutex);
    return n;
}

void
h3_dashboard_handle_page (H3Event *event, gpointer dashboard)
{
    dashboard_send_file (event, "index.html");
}

void
h3_dashboard_handle_file (H3Event *event, gpointer dashboard)
{
    const char *name = h3_event_get_param (event, "file");

    dashboard_send_file (event, name != NULL ? name : "");
}

void
h3_dashboard_handle_events (H3Event *event, gpointer data)
{
    H3Dashboard *dashboard = data;
    g_autoptr (H3Sse) sse = h3_sse_start (event);
    g_autofree char *about = NULL;

    if (sse == NULL)
        return;
    about = dashboard_describe (dashboard);
    (void) h3_sse_send (sse, "about", about);
    dashboard_join (dashboard, sse);
}

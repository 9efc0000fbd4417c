/* SPDX-License-Identifier: MIT
 *
 * Who looks, and which of them has the numbers read. */

#include "dashboard-private.h"

#define INTERVAL 1000

/* The last numbers are kept for who comes between two seconds, whatever their size. */
#define KEPT_BYTES (16 * 1024 * 1024)

/* The leader alone is here: the traffic is its, and comes to the next leader by the mutex. */
static void
publish (H3Dashboard *dashboard)
{
    g_autofree char *numbers = dashboard_read_numbers (dashboard, dashboard->traffic);

    (void) h3_channel_publish_text (dashboard->channel, "numbers", numbers);
}

static void
on_second (H3Timer *timer, gpointer user_data)
{
    H3Dashboard *dashboard = user_data;

    traffic_step (dashboard->traffic, g_get_monotonic_time ());
    publish (dashboard);
}

/* With the mutex held. */
static void
start_timer (Viewer *viewer)
{
    viewer->timer = h3_timer_start (INTERVAL, TRUE, on_second, viewer->dashboard, NULL);
}

/* On the loop of who led the list when this was posted; by now another may. */
static void
lead (gpointer data)
{
    H3Dashboard *dashboard = data;

    pthread_mutex_lock (&dashboard->mutex);
    if (dashboard->viewers->len > 0) {
        Viewer *first = dashboard->viewers->pdata[0];

        if (first->loop == loop_get_current () && first->timer == NULL)
            start_timer (first);
    }
    pthread_mutex_unlock (&dashboard->mutex);
    h3_dashboard_unref (dashboard);
}

static void
unref_dashboard (gpointer data)
{
    h3_dashboard_unref (data);
}

static void
on_viewer_gone (H3Sse *sse, H3SseEnd why, gpointer user_data)
{
    Viewer *viewer = user_data;
    H3Dashboard *dashboard = viewer->dashboard;
    g_autoptr (Loop) next = NULL;
    g_autoptr (Traffic) traffic = NULL;

    pthread_mutex_lock (&dashboard->mutex);
    if (dashboard->viewers->len == 1) {
        traffic = g_steal_pointer (&dashboard->traffic);
        h3_channel_set_replay (dashboard->channel, 0, 0);
    } else if (dashboard->viewers->pdata[0] == viewer) {
        next = loop_ref (((const Viewer *) dashboard->viewers->pdata[1])->loop);
    }
    (void) g_ptr_array_remove (dashboard->viewers, viewer);
    pthread_mutex_unlock (&dashboard->mutex);
    h3_timer_cancel (viewer->timer);
    if (next != NULL)
        loop_post (next, lead, h3_dashboard_ref (dashboard), unref_dashboard);
}

static void
free_viewer (gpointer data)
{
    Viewer *viewer = data;

    h3_timer_unref (viewer->timer);
    loop_unref (viewer->loop);
    h3_dashboard_unref (viewer->dashboard);
    g_free (viewer);
}

void
dashboard_join (H3Dashboard *dashboard, H3Sse *sse)
{
    Viewer *viewer = g_new0 (Viewer, 1);
    gboolean is_first;

    viewer->dashboard = h3_dashboard_ref (dashboard);
    viewer->loop = loop_ref (loop_get_current ());
    pthread_mutex_lock (&dashboard->mutex);
    is_first = dashboard->viewers->len == 0;
    g_ptr_array_add (dashboard->viewers, viewer);
    if (is_first) {
        dashboard->traffic = traffic_new (dashboard->metrics, g_get_monotonic_time ());
        h3_channel_set_replay (dashboard->channel, 1, KEPT_BYTES);
        start_timer (viewer);
    }
    pthread_mutex_unlock (&dashboard->mutex);
    if (is_first)
        publish (dashboard);
    (void) h3_sse_subscribe (sse, dashboard->channel, "");
    h3_sse_on_end (sse, on_viewer_gone, viewer, free_viewer);
}

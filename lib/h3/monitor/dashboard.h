/* SPDX-License-Identifier: MIT
 *
 * A page on which a server is watched while it runs: what passes, how long it takes, what it holds,
 * and what the program adds in panels of its own. The numbers are read once a second while somebody
 * looks, by one worker for all who do; else nothing runs. Reference-counted; any thread.
 * docs/dashboard.md shows it. Since: 0.1 */

#pragma once

#include <h3/http/event.h>
#include <h3/monitor/metrics.h>
#include <h3/monitor/trend.h>

G_BEGIN_DECLS

/**
 * H3Dashboard:
 *
 * The page, its files and its numbers. h3_app_add_dashboard() adds them to an app. Boxed,
 * reference-counted.
 *
 * Since: 0.1
 */
typedef struct _H3Dashboard H3Dashboard;

#define H3_TYPE_DASHBOARD (h3_dashboard_get_type ())
GType h3_dashboard_get_type (void);

/**
 * H3_DASHBOARD_PANEL_MAX:
 *
 * The most that a panel may have to say, in bytes; beyond it the page says that it is too much.
 *
 * Since: 0.1
 */
#define H3_DASHBOARD_PANEL_MAX (64 * 1024)

/**
 * h3_dashboard_new:
 * @metrics: (transfer none): what counts and times the requests that are shown; referenced
 *
 * Makes a dashboard without panels of the program's.
 *
 * Returns: (transfer full): a new dashboard
 *
 * Since: 0.1
 */
H3Dashboard *h3_dashboard_new (H3Metrics *metrics);

/**
 * h3_dashboard_ref:
 * @dashboard: a dashboard
 *
 * Takes one more reference. Any thread.
 *
 * Returns: (transfer full): @dashboard
 *
 * Since: 0.1
 */
H3Dashboard *h3_dashboard_ref (H3Dashboard *dashboard);

/**
 * h3_dashboard_unref:
 * @dashboard: (nullable) (transfer full): a dashboard
 *
 * Gives a reference back; the last frees it. Any thread.
 *
 * Since: 0.1
 */
void h3_dashboard_unref (H3Dashboard *dashboard);

/**
 * H3PanelFunction:
 * @user_data: (nullable) (closure): what was given with it
 *
 * Says what is in a panel. Called on a worker's thread about once a second while somebody looks, by
 * one thread at a time; it must not wait for anything.
 *
 * Returns: (transfer full) (nullable): a JSON object as of docs/dashboard.md, allocated by
 *   g_malloc(): what the panel shows now; %NULL: nothing
 *
 * Since: 0.1
 */
typedef char *(*H3PanelFunction) (gpointer user_data);

/**
 * h3_dashboard_add_panel:
 * @dashboard: a dashboard
 * @name: what it is called in the events, once a dashboard: letters, digits, `-` and `_`
 * @title: what stands above it
 * @function: (scope notified) (closure user_data) (destroy destroy): says what is in it
 * @user_data: (nullable): for @function
 * @destroy: (nullable): for @user_data, with the dashboard's end
 *
 * Adds a panel. Who looks already sees it when the page is loaded anew. Any thread.
 *
 * Returns: %FALSE where there is one of this name already, or @name is none: @destroy has been
 *   called
 *
 * Since: 0.1
 */
gboolean h3_dashboard_add_panel (H3Dashboard *dashboard, const char *name, const char *title,
                                 H3PanelFunction function, gpointer user_data,
                                 GDestroyNotify destroy);

/**
 * h3_dashboard_add_trend:
 * @dashboard: a dashboard
 * @trend: (transfer none): what it shows; referenced
 *
 * Adds a panel `trend`: which routes have become slower, and what grows.
 *
 * Returns: %FALSE where there is such a panel already
 *
 * Since: 0.1
 */
gboolean h3_dashboard_add_trend (H3Dashboard *dashboard, H3Trend *trend);

/**
 * h3_dashboard_count_viewers:
 * @dashboard: a dashboard
 *
 * Counts who looks now. Any thread.
 *
 * Returns: how many look
 *
 * Since: 0.1
 */
guint h3_dashboard_count_viewers (H3Dashboard *dashboard);

/**
 * h3_dashboard_handle_page:
 * @event: an exchange
 * @dashboard: (type H3Dashboard): outlives the route
 *
 * Answers with the page: an #H3Handler. It asks for what belongs to it beneath its own path, so
 * that this ends in a slash.
 *
 * Since: 0.1
 */
void h3_dashboard_handle_page (H3Event *event, gpointer dashboard);

/**
 * h3_dashboard_handle_file:
 * @event: an exchange whose route has a parameter `file`
 * @dashboard: (type H3Dashboard): outlives the route
 *
 * Answers with a file of the page: an #H3Handler.
 *
 * Since: 0.1
 */
void h3_dashboard_handle_file (H3Event *event, gpointer dashboard);

/**
 * h3_dashboard_handle_events:
 * @event: an exchange whose route ends in `events`, beneath the page
 * @dashboard: (type H3Dashboard): outlives the route
 *
 * Answers with the numbers as an event stream: an #H3Handler.
 *
 * Since: 0.1
 */
void h3_dashboard_handle_events (H3Event *event, gpointer dashboard);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Dashboard, h3_dashboard_unref)

G_END_DECLS

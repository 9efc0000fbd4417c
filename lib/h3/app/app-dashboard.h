/* SPDX-License-Identifier: MIT
 *
 * A dashboard at a path of an app. Before the start, on the app's thread. Since: 0.1 */

#pragma once

#include <h3/app/app.h>
#include <h3/monitor/dashboard.h>
#include <h3/workflow/workflows.h>

G_BEGIN_DECLS

/**
 * h3_app_add_dashboard:
 * @app: an app that has not started
 * @prefix: where the page is, without a slash at its end: `/_h3` has it at `/_h3/`, and who asks
 *   for `/_h3` is led there
 * @dashboard: (transfer none): the dashboard, which is referenced; what it shows of a server is of
 *   the first app that it is added to
 * @guard: (transfer full) (nullable): middleware that stands before all of it, since it shows what
 *   is nobody's business: who may come; %NULL: all may
 *
 * Adds the page, its files and its events. Requests for them are not measured, and are taken also
 * while the server refuses others.
 *
 * Since: 0.1
 */
void h3_app_add_dashboard (H3App *app, const char *prefix, H3Dashboard *dashboard,
                           H3Middleware *guard);

/**
 * h3_app_dashboard_add_workflows:
 * @dashboard: a dashboard
 * @workflows: (transfer none): what it shows; referenced until @dashboard ends
 *
 * Adds a panel `workflows` to @dashboard: what runs, what ran last, and the plans as graphs.
 *
 * Returns: %FALSE where there is such a panel already
 *
 * Since: 0.1
 */
gboolean h3_app_dashboard_add_workflows (H3Dashboard *dashboard, H3Workflows *workflows);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 *
 * Workflows that more than one app of a process may have, one after another: routes without the
 * component that starts and stops them. Before the start, on the app's thread. */

#pragma once

#include "app-workflows.h"

G_BEGIN_DECLS

/* As h3_app_add_workflows (), but that whoever calls it starts `workflows`, stops them, and holds
 * them as long as the app. */
void app_add_workflow_routes (H3App *app, const char *prefix, H3Workflows *workflows,
                              H3Middleware *guard);

/* As of a component. */
gboolean app_check_workflows (H3Workflows *workflows, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 *
 * Workflows as a part of an app: they begin and end with its server, and are run, watched and ended
 * over HTTP. Registered before the start, on one thread. Since: 0.1 */

#pragma once

#include <h3/route/chain.h>
#include <h3/workflow/workflows.h>

G_BEGIN_DECLS

typedef struct _H3App H3App;

/**
 * h3_app_add_workflows:
 * @app: an app that has not started
 * @prefix: a pattern without parameters: "/workflows"
 * @workflows: (transfer none): not started; a reference is kept
 * @guard: (transfer full) (nullable): stands before all of these routes; whoever passes it runs
 *   programs on this machine. %NULL: everybody does who reaches the server
 *
 * Adds the routes of docs/workflows.md at @prefix, and a component, `workflows`, which starts
 * @workflows with the server and stops them behind its last exchange. POST heeds Idempotency-Key.
 *
 * Since: 0.1
 */
void h3_app_add_workflows (H3App *app, const char *prefix, H3Workflows *workflows,
                           H3Middleware *guard);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 *
 * What the routes of runs share. The event's worker. */

#pragma once

#include <h3/workflow/run-routes.h>

G_BEGIN_DECLS

/* Answers 503 with the time after which it is worth another try. */
void run_routes_fail_for_now (H3Event *event, const char *detail);

G_END_DECLS

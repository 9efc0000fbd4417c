/* SPDX-License-Identifier: MIT
 *
 * Tells each client how long its answer took, in all, beside what handlers add with
 * <h3/http/timing.h>. Middleware; used by all workers. Since: 0.1 */

#pragma once

#include <h3/route/chain.h>

G_BEGIN_DECLS

/**
 * h3_timing_new:
 * @name: (nullable): what the metric is called, a token; %NULL: "total"
 *
 * Adds the time from here to the moment the head leaves, as the last metric of Server-Timing. To be
 * used before other middleware, so that their time counts. With a predicate
 * (h3_middleware_set_predicate()) it is told to some clients only.
 *
 * Returns: (transfer full): middleware for h3_app_use()
 *
 * Since: 0.1
 */
H3Middleware *h3_timing_new (const char *name);

G_END_DECLS

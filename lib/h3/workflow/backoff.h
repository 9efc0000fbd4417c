/* SPDX-License-Identifier: MIT
 *
 * How long to wait before the next try: longer and longer, and never quite as long as others who
 * failed at the same moment. Pure; any thread. */

#pragma once

#include <h3/workflow/plan-inside.h>

G_BEGIN_DECLS

/* Milliseconds behind the `n`-th try that failed, from 1. `chance` is from 0 to below 1. */
guint backoff_get_delay (const PlanRetries *retries, guint n, double chance);

G_END_DECLS

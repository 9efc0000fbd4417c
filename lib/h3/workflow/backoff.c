/* SPDX-License-Identifier: MIT */

#include "backoff.h"

#include <math.h>

guint
backoff_get_delay (const PlanRetries *retries, guint n, double chance)
{
    double delay = retries->delay * pow (retries->factor, n - 1.0);

    /* Also where it has become infinite. */
    if (!(delay < retries->max_delay))
        delay = retries->max_delay;
    return (guint) (delay * (1.0 - retries->jitter * chance) + 0.5);
}

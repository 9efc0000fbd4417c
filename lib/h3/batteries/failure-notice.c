/* SPDX-License-Identifier: MIT */

#include "failure-notice.h"

#include <h3/loop/clock.h>

/* Milliseconds from one to the next. */
#define INTERVAL 10000

gboolean
failure_notice_is_due (FailureNotice *notice, guint *out_n_untold)
{
    gint64 now = MAX (clock_get_now (), 1);
    gint64 told = atomic_load (&notice->told);

    if ((told != 0 && now - told < INTERVAL)
        || !atomic_compare_exchange_strong (&notice->told, &told, now)) {
        atomic_fetch_add (&notice->n_untold, 1);
        return FALSE;
    }
    *out_n_untold = atomic_exchange (&notice->n_untold, 0);
    return TRUE;
}

/* SPDX-License-Identifier: MIT */

#include "latch.h"

#include "suite.h"

#include <time.h>

#define PATIENCE_SECONDS 30

void
latch_raise (Latch *latch)
{
    pthread_mutex_lock (&latch->mutex);
    latch->value++;
    pthread_cond_broadcast (&latch->raised);
    pthread_mutex_unlock (&latch->mutex);
}

guint
latch_get (Latch *latch)
{
    guint value;

    pthread_mutex_lock (&latch->mutex);
    value = latch->value;
    pthread_mutex_unlock (&latch->mutex);
    return value;
}

void
latch_wait (Latch *latch, guint value, const char *what)
{
    struct timespec deadline;
    guint reached;

    clock_gettime (CLOCK_REALTIME, &deadline);
    deadline.tv_sec += PATIENCE_SECONDS;
    pthread_mutex_lock (&latch->mutex);
    while (latch->value < value
           && pthread_cond_timedwait (&latch->raised, &latch->mutex, &deadline) == 0)
        continue;
    reached = latch->value;
    pthread_mutex_unlock (&latch->mutex);
    ck_assert_msg (reached >= value, "%s: %u of %u", what, reached, value);
}

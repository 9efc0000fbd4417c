/* SPDX-License-Identifier: MIT
 *
 * How many requests may be sent again: a share of those sent, and so many a second in any case, so
 * that trying again never becomes what a server drowns in. Embedded in who sends; any thread. */

#pragma once

#include <glib.h>
#include <pthread.h>
#include <stdatomic.h>

G_BEGIN_DECLS

/* What many requests have earned is kept up to so many. */
#define RETRY_BUDGET_MAX_EARNED 100

typedef struct {
    guint percent; /* set before it is used, as the next */
    guint per_second;
    _Atomic gint64 earned; /* hundredths of one */
    pthread_mutex_t lock;  /* for the rest */
    gint64 allowance;      /* thousandths of one, of those in any case */
    gint64 filled;         /* when, clock_get_now () */
} RetryBudget;

void retry_budget_init (RetryBudget *budget, guint percent, guint per_second);
void retry_budget_clear (RetryBudget *budget);

/* A request is sent, for the first time. */
void retry_budget_earn (RetryBudget *budget);
/* Whether one may be sent again, which is then taken away. */
gboolean retry_budget_take (RetryBudget *budget, gint64 now);

G_END_DECLS

/* SPDX-License-Identifier: MIT */

#include "retry-budget.h"

/* What one costs, in each of the two. */
#define EARNED_PRICE    100
#define ALLOWANCE_PRICE 1000

void
retry_budget_init (RetryBudget *budget, guint percent, guint per_second)
{
    *budget = (RetryBudget){ .percent = percent, .per_second = per_second, .filled = -1000 };
    atomic_init (&budget->earned, 0);
    pthread_mutex_init (&budget->lock, NULL);
}

void
retry_budget_clear (RetryBudget *budget)
{
    pthread_mutex_destroy (&budget->lock);
}

/* Full it is only read, which workers can do at the same time. Of several that find it not full
 * each adds its share, so that it may have a few shares more than its most. */
void
retry_budget_earn (RetryBudget *budget)
{
    if (atomic_load_explicit (&budget->earned, memory_order_relaxed)
        < RETRY_BUDGET_MAX_EARNED * EARNED_PRICE)
        atomic_fetch_add_explicit (&budget->earned, budget->percent, memory_order_relaxed);
}

/* Of what comes back with time; a second's worth at most. */
static gboolean
take_allowance (RetryBudget *budget, gint64 now)
{
    gint64 most = (gint64) budget->per_second * ALLOWANCE_PRICE;
    gboolean has_some;

    pthread_mutex_lock (&budget->lock);
    if (now - budget->filled >= 1000)
        budget->allowance = most;
    else if (now > budget->filled)
        budget->allowance =
            MIN (most, budget->allowance + (now - budget->filled) * budget->per_second);
    budget->filled = MAX (now, budget->filled);
    has_some = budget->allowance >= ALLOWANCE_PRICE;
    if (has_some)
        budget->allowance -= ALLOWANCE_PRICE;
    pthread_mutex_unlock (&budget->lock);
    return has_some;
}

static gboolean
take_earned (RetryBudget *budget)
{
    gint64 earned = atomic_load_explicit (&budget->earned, memory_order_relaxed);

    while (earned >= EARNED_PRICE) {
        if (atomic_compare_exchange_weak_explicit (&budget->earned, &earned, earned - EARNED_PRICE,
                                                   memory_order_relaxed, memory_order_relaxed))
            return TRUE;
    }
    return FALSE;
}

gboolean
retry_budget_take (RetryBudget *budget, gint64 now)
{
    return take_allowance (budget, now) || take_earned (budget);
}

/* SPDX-License-Identifier: MIT */

#include "tests/support/latch.h"
#include "tests/support/suite.h"

#include "h3/store/redis-lookup.h"

#include <h3/base/counters.h>

typedef struct {
    EndingNode node; /* first: of the loop */
    Offload *offload;
    RedisLookup *lookup;
    Latch held;
} Asker;

static void
hold_up (gpointer data)
{
    latch_wait (&((Asker *) data)->held, 1, "the end of the loop");
}

static void
do_nothing (gpointer data)
{
}

static void
never (gpointer data, struct addrinfo *addresses, int result)
{
    ck_abort_msg ("the loop that asked has come to its end");
}

/* What asked goes with its loop, when the job may have gone already. */
static void
on_ending (EndingNode *node)
{
    Asker *asker = (Asker *) node;

    latch_raise (&asker->held);
    offload_free (asker->offload);
    redis_lookup_cancel (asker->lookup);
}

START_TEST (lookup_may_be_cancelled_when_its_job_was_dropped)
{
    Loop *loop = loop_new (NULL);
    Asker asker = { .node.on_ending = on_ending, .held = LATCH_INIT };

    ck_assert_ptr_nonnull (loop);
    asker.offload = offload_new (1);
    offload_run (asker.offload, loop, hold_up, do_nothing, &asker, NULL);
    asker.lookup = redis_lookup_start (loop, asker.offload, "localhost", 6379, never, NULL);
    endings_add (loop_get_endings (loop), ENDING_CLOSE, &asker.node);
    loop_close (loop);
    loop_unref (loop);
    ck_assert_int_eq (counters_read (COUNTER_JOBS_LIVE), 0);
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "lookup", lookup_may_be_cancelled_when_its_job_was_dropped, NULL);
}

int
main (void)
{
    return suite_run ("store/redis-lookup", add_cases);
}

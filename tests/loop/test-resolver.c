/* SPDX-License-Identifier: MIT */

#include "h3/base/counters.h"
#include "h3/loop/resolver.h"
#include "tests/support/latch.h"
#include "tests/support/suite.h"

typedef struct {
    EndingNode node; /* first: of the loop */
    Offload *offload;
    Resolver *resolver;
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
never (gpointer data, struct addrinfo *addresses, const char *reason)
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
    resolver_cancel (asker->resolver);
}

START_TEST (look_up_may_be_cancelled_when_its_job_was_dropped)
{
    Loop *loop = loop_new (NULL);
    Asker asker = { .node.on_ending = on_ending, .held = LATCH_INIT };

    ck_assert_ptr_nonnull (loop);
    asker.offload = offload_new (1);
    offload_run (asker.offload, loop, hold_up, do_nothing, &asker, NULL);
    asker.resolver = resolver_start (loop, asker.offload, "localhost", 6379, never, NULL);
    endings_add (loop_get_endings (loop), ENDING_CLOSE, &asker.node);
    loop_close (loop);
    loop_unref (loop);
    ck_assert_int_eq (counters_read (COUNTER_JOBS_LIVE), 0);
}
END_TEST

static const char *told; /* why there are no addresses */

static void
hear (gpointer data, struct addrinfo *addresses, const char *reason)
{
    ck_assert_ptr_null (addresses);
    told = reason;
}

/* RFC 6761 §6.4: nobody is asked for it. */
START_TEST (why_a_name_has_no_address_is_told_on_the_loop)
{
    Loop *loop = loop_new (NULL);
    g_autoptr (Offload) offload = offload_new (1);

    ck_assert_ptr_nonnull (loop);
    (void) resolver_start (loop, offload, "nothing.invalid", 80, hear, NULL);
    ck_assert_ptr_null (told);
    while (told == NULL)
        ck_assert (loop_step (loop, TRUE));
    ck_assert_int_gt (strlen (told), 0);
    loop_close (loop);
    loop_unref (loop);
}
END_TEST

START_TEST (address_needs_nobody)
{
    struct addrinfo *addresses = resolver_numeric ("::1", 80);

    ck_assert_ptr_nonnull (addresses);
    ck_assert_int_eq (addresses->ai_family, AF_INET6);
    ck_assert_ptr_null (addresses->ai_next);
    freeaddrinfo (addresses);
    ck_assert_ptr_null (resolver_numeric ("localhost", 80));
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "resolver", look_up_may_be_cancelled_when_its_job_was_dropped,
                    why_a_name_has_no_address_is_told_on_the_loop, address_needs_nobody, NULL);
}

int
main (void)
{
    return suite_run ("loop/resolver", add_cases);
}

/* SPDX-License-Identifier: MIT */

#include "h3/batteries/upstream-breaker.h"

#include "tests/support/suite.h"

#define OPEN   1000
#define WINDOW 10000

static const BreakerSettings settings = { .failures = 3, .window = WINDOW, .open = OPEN };

/* What a step of a story does, and what state it leads to. */
typedef enum {
    FAIL,
    SUCCEED,
    ENTER,
    FAIL_TRIAL,
    FAIL_OLD_TRIAL,
    SUCCEED_TRIAL,
    GIVE_UP,
    RESET,
    PASS
} Deed;

typedef struct {
    gint64 later; /* than the step before */
    Deed deed;
    BreakerState then;
    gboolean is_admitted; /* of ENTER */
} Step;

#define STORY_LENGTH 16

/* The picture in the header, arrow by arrow. A random number of OPEN / 10 makes whiles as long as
 * they are on average. */
static const struct {
    const char *name;
    Step steps[STORY_LENGTH];
} stories[] = {
    { "failures in a row open it",
      { { 0, FAIL, BREAKER_CLOSED, FALSE },
        { 0, FAIL, BREAKER_CLOSED, FALSE },
        { 0, FAIL, BREAKER_OPEN, FALSE },
        { 0, ENTER, BREAKER_OPEN, FALSE },
        { OPEN - 1, ENTER, BREAKER_OPEN, FALSE } } },
    { "a success between them breaks the row",
      { { 0, FAIL, BREAKER_CLOSED, FALSE },
        { 0, FAIL, BREAKER_CLOSED, FALSE },
        { 0, SUCCEED, BREAKER_CLOSED, FALSE },
        { 0, FAIL, BREAKER_CLOSED, FALSE },
        { 0, FAIL, BREAKER_CLOSED, FALSE },
        { 0, ENTER, BREAKER_CLOSED, TRUE } } },
    { "half of what is answered in a window is too much",
      { { 0, FAIL, BREAKER_CLOSED, FALSE },
        { 0, SUCCEED, BREAKER_CLOSED, FALSE },
        { 0, FAIL, BREAKER_CLOSED, FALSE },
        { 0, SUCCEED, BREAKER_CLOSED, FALSE },
        { 0, SUCCEED, BREAKER_CLOSED, FALSE },
        { 0, FAIL, BREAKER_OPEN, FALSE } } },
    { "what is older than the window does not count",
      { { WINDOW, FAIL, BREAKER_CLOSED, FALSE },
        { 0, SUCCEED, BREAKER_CLOSED, FALSE },
        { 0, FAIL, BREAKER_CLOSED, FALSE },
        { 0, SUCCEED, BREAKER_CLOSED, FALSE },
        { 0, SUCCEED, BREAKER_CLOSED, FALSE },
        { WINDOW, FAIL, BREAKER_CLOSED, FALSE } } },
    { "one is let in when the while is over, and its success closes",
      { { 0, FAIL, BREAKER_CLOSED, FALSE },
        { 0, FAIL, BREAKER_CLOSED, FALSE },
        { 0, FAIL, BREAKER_OPEN, FALSE },
        { OPEN, ENTER, BREAKER_TRIED, TRUE },
        { 0, ENTER, BREAKER_TRIED, FALSE },
        { BREAKER_TRIAL - 1, ENTER, BREAKER_TRIED, FALSE },
        { 0, SUCCEED_TRIAL, BREAKER_CLOSED, FALSE },
        { 0, ENTER, BREAKER_CLOSED, TRUE },
        { 0, FAIL, BREAKER_CLOSED, FALSE },
        { 0, FAIL, BREAKER_CLOSED, FALSE },
        { 0, FAIL, BREAKER_OPEN, FALSE },
        { OPEN, ENTER, BREAKER_TRIED, TRUE } } },
    { "its failure opens for twice as long",
      { { 0, FAIL, BREAKER_CLOSED, FALSE },
        { 0, FAIL, BREAKER_CLOSED, FALSE },
        { 0, FAIL, BREAKER_OPEN, FALSE },
        { OPEN, ENTER, BREAKER_TRIED, TRUE },
        { 0, FAIL_TRIAL, BREAKER_OPEN, FALSE },
        { 2 * OPEN - 1, ENTER, BREAKER_OPEN, FALSE },
        { 2 * OPEN / 5, ENTER, BREAKER_TRIED, TRUE } } },
    { "one that says nothing leaves it to the next",
      { { 0, FAIL, BREAKER_CLOSED, FALSE },
        { 0, FAIL, BREAKER_CLOSED, FALSE },
        { 0, FAIL, BREAKER_OPEN, FALSE },
        { OPEN, ENTER, BREAKER_TRIED, TRUE },
        { 0, GIVE_UP, BREAKER_OPEN, FALSE },
        { 0, ENTER, BREAKER_TRIED, TRUE },
        { 0, SUCCEED_TRIAL, BREAKER_CLOSED, FALSE } } },
    { "one that tells nothing for long is followed by another, whose word counts",
      { { 0, FAIL, BREAKER_CLOSED, FALSE },
        { 0, FAIL, BREAKER_CLOSED, FALSE },
        { 0, FAIL, BREAKER_OPEN, FALSE },
        { OPEN, ENTER, BREAKER_TRIED, TRUE },
        { BREAKER_TRIAL - 1, ENTER, BREAKER_TRIED, FALSE },
        { 1, ENTER, BREAKER_TRIED, TRUE },
        { 0, FAIL_OLD_TRIAL, BREAKER_TRIED, FALSE },
        { BREAKER_TRIAL - 1, ENTER, BREAKER_TRIED, FALSE },
        { 0, SUCCEED_TRIAL, BREAKER_CLOSED, FALSE } } },
    { "what others tell that came before is too old",
      { { 0, FAIL, BREAKER_CLOSED, FALSE },
        { 0, FAIL, BREAKER_CLOSED, FALSE },
        { 0, FAIL, BREAKER_OPEN, FALSE },
        { 0, SUCCEED, BREAKER_OPEN, FALSE },
        { OPEN - 1, FAIL, BREAKER_OPEN, FALSE },
        { 1, ENTER, BREAKER_TRIED, TRUE },
        { 0, SUCCEED, BREAKER_TRIED, FALSE },
        { 0, FAIL, BREAKER_TRIED, FALSE },
        { 0, SUCCEED_TRIAL, BREAKER_CLOSED, FALSE } } },
    { "a reset closes it, and a trial of before is nobody's",
      { { 0, FAIL, BREAKER_CLOSED, FALSE },
        { 0, FAIL, BREAKER_CLOSED, FALSE },
        { 0, FAIL, BREAKER_OPEN, FALSE },
        { OPEN, ENTER, BREAKER_TRIED, TRUE },
        { 0, RESET, BREAKER_CLOSED, FALSE },
        { 0, GIVE_UP, BREAKER_CLOSED, FALSE },
        { 0, FAIL_TRIAL, BREAKER_CLOSED, FALSE },
        { 0, FAIL, BREAKER_CLOSED, FALSE },
        { 0, FAIL, BREAKER_OPEN, FALSE } } },
};

static gint64 now;
static guint trial;

static void
take_step (Breaker *breaker, const BreakerSettings *with, const Step *step, const char *name,
           guint i)
{
    BreakerState before = breaker_get_state (breaker);
    gboolean has_changed = FALSE, is_in;
    guint entered;

    now += step->later;
    switch (step->deed) {
    case FAIL:
        has_changed = breaker_note_failure (breaker, with, 0, now, OPEN / 10);
        break;
    case SUCCEED:
        has_changed = breaker_note_success (breaker, with, 0, now);
        break;
    case FAIL_TRIAL:
        has_changed = breaker_note_failure (breaker, with, trial, now, OPEN / 10);
        break;
    case FAIL_OLD_TRIAL:
        has_changed = breaker_note_failure (breaker, with, trial - 1, now, OPEN / 10);
        break;
    case SUCCEED_TRIAL:
        has_changed = breaker_note_success (breaker, with, trial, now);
        break;
    case GIVE_UP:
        has_changed = breaker_give_up (breaker, trial, now);
        break;
    case RESET:
        has_changed = breaker_reset (breaker);
        break;
    case ENTER:
        ck_assert_msg (breaker_admits (breaker, now) == step->is_admitted, "%s, %u", name, i);
        is_in = breaker_enter (breaker, now, &entered);
        ck_assert_msg (is_in == step->is_admitted, "%s, %u", name, i);
        ck_assert_msg ((entered != 0) == (is_in && before != BREAKER_CLOSED), "%s, %u", name, i);
        trial = entered != 0 ? entered : trial;
        has_changed = entered != 0 && before != BREAKER_TRIED;
        break;
    case PASS:
        return;
    }
    ck_assert_msg (breaker_get_state (breaker) == step->then, "%s, step %u: %d", name, i,
                   (int) breaker_get_state (breaker));
    ck_assert_msg (has_changed == (before != step->then), "%s, step %u", name, i);
}

START_TEST (states_follow_the_picture)
{
    for (guint i = 0; i < G_N_ELEMENTS (stories); i++) {
        Breaker breaker;

        breaker_init (&breaker);
        now = 5;
        for (guint j = 0; j < STORY_LENGTH; j++) {
            /* The end of a story is zero: a failure that leads nowhere. */
            if (j > 0 && memcmp (&stories[i].steps[j], &(Step){ 0 }, sizeof (Step)) == 0)
                break;
            take_step (&breaker, &settings, &stories[i].steps[j], stories[i].name, j);
        }
        breaker_clear (&breaker);
    }
}
END_TEST

/* Fails again and again; each while of `random` is measured. */
static void
assert_whiles (guint random, gint64 tenths)
{
    static const guint growth[] = { 1, 2, 4, 8, 10, 10, 10 };
    BreakerSettings once = { .failures = 1, .open = OPEN };
    Breaker breaker;
    guint entered = 0;

    breaker_init (&breaker);
    now = 5;
    for (guint i = 0; i < G_N_ELEMENTS (growth); i++) {
        gint64 length = growth[i] * OPEN * tenths / 10;

        ck_assert (breaker_note_failure (&breaker, &once, entered, now, random * growth[i]));
        ck_assert_int_eq (breaker_get_due (&breaker), now + length);
        ck_assert (!breaker_enter (&breaker, now + length - 1, &entered));
        now += length;
        ck_assert (breaker_enter (&breaker, now, &entered));
    }
    breaker_clear (&breaker);
}

START_TEST (whiles_double_up_to_ten_times_and_are_a_tenth_longer_or_shorter)
{
    assert_whiles (0, 9);
    assert_whiles (OPEN / 10, 10);
    assert_whiles (OPEN / 5, 11);
}
END_TEST

START_TEST (one_without_failures_never_opens)
{
    BreakerSettings never = { .failures = 0, .window = WINDOW, .open = OPEN };
    Breaker breaker;

    breaker_init (&breaker);
    for (guint i = 0; i < 100; i++)
        ck_assert (!breaker_note_failure (&breaker, &never, 0, 5, 0));
    ck_assert_int_eq (breaker_get_state (&breaker), BREAKER_CLOSED);
    breaker_clear (&breaker);
}
END_TEST

#define THREADS 8
#define ROUNDS  2000

typedef struct {
    Breaker breaker;
    pthread_barrier_t barrier;
    atomic_uint n_let_in;
    atomic_uint n_rounds_with_others;
} Race;

/* All find the breaker due at once; then one of them, any, has the next round begin. */
static void *
race (void *data)
{
    Race *race = data;

    for (guint i = 0; i < ROUNDS; i++) {
        guint entered;

        if (pthread_barrier_wait (&race->barrier) == PTHREAD_BARRIER_SERIAL_THREAD) {
            atomic_store (&race->n_let_in, 0);
            (void) breaker_reset (&race->breaker);
            (void) breaker_note_failure (
                &race->breaker, &(BreakerSettings){ .failures = 1, .open = OPEN }, 0, 0, 0);
        }
        (void) pthread_barrier_wait (&race->barrier);
        if (breaker_enter (&race->breaker, OPEN, &entered)) {
            atomic_fetch_add (&race->n_let_in, 1);
            if (entered == 0)
                atomic_fetch_add (&race->n_rounds_with_others, 1);
        }
        (void) pthread_barrier_wait (&race->barrier);
        if (atomic_load (&race->n_let_in) != 1)
            atomic_fetch_add (&race->n_rounds_with_others, 1);
    }
    return NULL;
}

START_TEST (of_many_threads_one_is_let_in)
{
    Race together = { 0 };
    pthread_t threads[THREADS];

    breaker_init (&together.breaker);
    pthread_barrier_init (&together.barrier, NULL, THREADS);
    for (guint i = 0; i < THREADS; i++)
        ck_assert_int_eq (pthread_create (&threads[i], NULL, race, &together), 0);
    for (guint i = 0; i < THREADS; i++)
        pthread_join (threads[i], NULL);
    ck_assert_uint_eq (atomic_load (&together.n_rounds_with_others), 0);
    pthread_barrier_destroy (&together.barrier);
    breaker_clear (&together.breaker);
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "states", states_follow_the_picture,
                    whiles_double_up_to_ten_times_and_are_a_tenth_longer_or_shorter,
                    one_without_failures_never_opens, NULL);
    suite_add_case (suite, "threads", of_many_threads_one_is_let_in, NULL);
}

int
main (void)
{
    return suite_run ("batteries/upstream-breaker", add_cases);
}

/* SPDX-License-Identifier: MIT */

#include "crowd.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#define EVENTS      256
#define TICK        5  /* milliseconds between two looks at who waits for a time */
#define MOST_TOLD   40 /* errors */
#define NEW_AT_ONCE 20

struct _Crowd {
    guint port;
    GRand *rand;      /* borrowed */
    int epoll;        /* owned */
    GPtrArray *slots; /* owned: Slot */
    guint n_held;
    guint n_begun; /* plans; the first are one of each scenario */
    gint64 next_tick;
    CrowdNumbers numbers;
};

typedef struct {
    Peer *peer;       /* owned */
    guint32 interest; /* as epoll has it; 0: it has not */
    guint index;      /* in the slots */
} Slot;

Crowd *
crowd_new (guint port, GRand *rand)
{
    Crowd *crowd = g_new0 (Crowd, 1);

    crowd->port = port;
    crowd->rand = rand;
    crowd->epoll = epoll_create1 (EPOLL_CLOEXEC);
    crowd->slots = g_ptr_array_new ();
    return crowd;
}

void
crowd_add_error (Crowd *crowd, const char *where, const char *what)
{
    crowd->numbers.n_errors++;
    if (crowd->numbers.n_errors <= MOST_TOLD)
        fprintf (stderr, "error: %s: %s\n", where, what);
    else if (crowd->numbers.n_errors == MOST_TOLD + 1)
        fprintf (stderr, "error: … and more, which are counted only\n");
}

static gint64
get_now (void)
{
    return g_get_monotonic_time () / 1000;
}

static void
update_interest (Crowd *crowd, Slot *slot)
{
    guint32 interest = peer_get_interest (slot->peer);
    struct epoll_event event = { .events = interest, .data.ptr = slot };
    int operation = slot->interest == 0 ? EPOLL_CTL_ADD
                    : interest == 0     ? EPOLL_CTL_DEL
                                        : EPOLL_CTL_MOD;

    if (interest == slot->interest)
        return;
    if (epoll_ctl (crowd->epoll, operation, peer_get_fd (slot->peer), &event) != 0)
        g_error ("epoll_ctl: %s", g_strerror (errno));
    slot->interest = interest;
}

static void
remove_slot (Crowd *crowd, Slot *slot)
{
    crowd->numbers.n_answers += peer_count_answers (slot->peer);
    crowd->numbers.n_open--;
    if (peer_get_plan (slot->peer)->is_holder)
        crowd->n_held--;
    else
        crowd->numbers.n_active--;
    peer_free (slot->peer);
    g_ptr_array_remove_index_fast (crowd->slots, slot->index);
    if (slot->index < crowd->slots->len)
        ((Slot *) crowd->slots->pdata[slot->index])->index = slot->index;
    g_free (slot);
}

void
crowd_free (Crowd *crowd)
{
    if (crowd == NULL)
        return;
    while (crowd->slots->len > 0)
        remove_slot (crowd, crowd->slots->pdata[0]);
    g_ptr_array_unref (crowd->slots);
    (void) close (crowd->epoll);
    g_free (crowd);
}

void
crowd_get_numbers (const Crowd *crowd, CrowdNumbers *out_numbers)
{
    *out_numbers = crowd->numbers;
}

static void
add_peer (Crowd *crowd, Plan *plan)
{
    g_autofree char *wrong = NULL;
    const char *name = plan->name;
    gboolean is_holder = plan->is_holder;
    Peer *peer = peer_new (plan, crowd->port, crowd->rand, get_now (), &wrong);
    Slot *slot;

    if (peer == NULL) {
        crowd_add_error (crowd, name, wrong);
        return;
    }
    slot = g_new0 (Slot, 1);
    slot->peer = peer;
    slot->index = crowd->slots->len;
    g_ptr_array_add (crowd->slots, slot);
    crowd->numbers.n_peers++;
    crowd->numbers.n_open++;
    if (is_holder)
        crowd->n_held++;
    else
        crowd->numbers.n_active++;
    update_interest (crowd, slot);
}

static void
tell_failure (Crowd *crowd, Slot *slot, const char *wrong)
{
    g_autofree char *where = peer_describe (slot->peer);
    g_autofree char *what = g_strdup_printf ("%s (%s)", wrong, where);

    crowd_add_error (crowd, peer_get_plan (slot->peer)->name, what);
}

static void
step (Crowd *crowd, Slot *slot, guint32 events, gint64 now)
{
    g_autofree char *wrong = NULL;
    PeerState state = peer_step (slot->peer, events, now, &wrong);

    if (state == PEER_GOES_ON) {
        update_interest (crowd, slot);
        return;
    }
    if (state == PEER_HAS_FAILED)
        tell_failure (crowd, slot, wrong);
    remove_slot (crowd, slot);
}

static void
tick (Crowd *crowd, gint64 now)
{
    if (now < crowd->next_tick)
        return;
    crowd->next_tick = now + TICK;
    for (guint i = crowd->slots->len; i > 0; i--) {
        Slot *slot = crowd->slots->pdata[i - 1];

        if (peer_get_wake (slot->peer) <= now)
            step (crowd, slot, 0, now);
    }
}

static void
turn (Crowd *crowd)
{
    struct epoll_event events[EVENTS];
    int n = epoll_wait (crowd->epoll, events, EVENTS, TICK);
    gint64 now = get_now ();

    for (int i = 0; i < n; i++)
        step (crowd, events[i].data.ptr, events[i].events, now);
    tick (crowd, now);
}

static void
fill_up (Crowd *crowd, guint n_active, guint n_held)
{
    for (guint i = 0; i < NEW_AT_ONCE && crowd->numbers.n_active < n_active; i++) {
        Plan *plan = scenario_nth (crowd->rand, crowd->n_begun++);

        add_peer (crowd, plan != NULL ? plan : scenario_choose (crowd->rand));
    }
    for (guint i = 0; i < NEW_AT_ONCE && crowd->n_held < n_held; i++)
        add_peer (crowd, scenario_hold (crowd->rand));
}

void
crowd_run (Crowd *crowd, guint n_active, guint n_held, gint64 until)
{
    while (g_get_monotonic_time () < until) {
        fill_up (crowd, n_active, n_held);
        turn (crowd);
    }
}

void
crowd_flood (Crowd *crowd, guint n)
{
    for (guint i = 0; i < n; i++) {
        add_peer (crowd, scenario_flood ());
        if (i % NEW_AT_ONCE == 0)
            turn (crowd);
    }
}

gboolean
crowd_settle (Crowd *crowd, gint64 until)
{
    while (crowd->numbers.n_active > 0 && g_get_monotonic_time () < until)
        turn (crowd);
    for (guint i = crowd->slots->len; i > 0; i--) {
        Slot *slot = crowd->slots->pdata[i - 1];

        if (peer_get_plan (slot->peer)->is_holder)
            continue;
        tell_failure (crowd, slot, "does not come to its end");
        remove_slot (crowd, slot);
    }
    return crowd->numbers.n_active == 0;
}

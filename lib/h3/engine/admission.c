/* SPDX-License-Identifier: MIT
 *
 * How long requests wait for a worker is measured by a ticket: an alarm that is due at once, handed
 * out at the end of a turn of the loop. The next turn begins without a pause then, and has all that
 * is ready; when it is over, what waited longest has waited as long as the ticket was out. While it
 * is out its age is what whoever is served now has waited at least. */

#include "admission.h"

#include <h3/base/counters.h>
#include <h3/base/standing-delay.h>
#include <h3/loop/alarms.h>
#include <h3/loop/clock.h>

#define CHECK_MILLISECONDS 250
#define TICKETS_A_LIMIT    4
#define LEAST_BETWEEN      4 /* milliseconds */

struct _Admission {
    AdmissionSettings settings;
    atomic_bool is_short;
    _Atomic gint64 late_until; /* microseconds: of the worker that is late the longest */
    _Atomic gint64 told;       /* the second in which the log was told */
    /* The steward's thread. */
    Loop *loop; /* borrowed; NULL: not started */
    Alarm check;
};

struct _Gate {
    Admission *admission; /* borrowed: the server's */
    Loop *loop;           /* borrowed: the worker's */
    StandingDelay late;
    Alarm ticket;
    gint64 issued;       /* microseconds; 0: there is no ticket out */
    gint64 next;         /* milliseconds: none is handed out before */
    gboolean is_due;     /* the end of this turn is waited for */
    gboolean is_back;    /* the ticket is; what it has waited counts at the end of the turn */
    gboolean has_served; /* a request was, since the ticket was handed out */
};

static const struct {
    Counter counter;
    const char *what;
} reasons[] = {
    [GATE_MEMORY] = { COUNTER_SHED_MEMORY, "memory is short" },
    [GATE_DELAY] = { COUNTER_SHED_DELAY, "they have waited too long for a worker" },
    [GATE_POOL] = { COUNTER_SHED_POOL, "they would wait too long for the pool of threads" },
};

Admission *
admission_new (const AdmissionSettings *settings)
{
    Admission *admission = g_new0 (Admission, 1);

    admission->settings = *settings;
    atomic_init (&admission->is_short, FALSE);
    atomic_init (&admission->late_until, 0);
    atomic_init (&admission->told, 0);
    if (settings->queue_delay > 0)
        offload_set_delay_limit (settings->offload, settings->queue_delay * 1000);
    return admission;
}

void
admission_free (Admission *admission)
{
    if (admission == NULL)
        return;
    g_assert (admission->loop == NULL);
    g_free (admission);
}

static void
check_memory (Admission *admission)
{
    gboolean was = atomic_load_explicit (&admission->is_short, memory_order_relaxed);
    gboolean is_short = admission->settings.is_short (admission->settings.memory_budget, was);

    if (is_short == was)
        return;
    atomic_store_explicit (&admission->is_short, is_short, memory_order_relaxed);
    g_message (is_short ? "memory is short of its budget: new requests are refused"
                        : "memory is within its budget again: requests are taken");
}

static void
on_check (Alarm *alarm)
{
    Admission *admission = (Admission *) ((char *) alarm - G_STRUCT_OFFSET (Admission, check));

    check_memory (admission);
    alarms_set (loop_get_alarms (admission->loop), alarm, clock_get_now () + CHECK_MILLISECONDS);
}

void
admission_start (Admission *admission, Loop *loop)
{
    if (admission->settings.memory_budget == 0)
        return;
    admission->loop = loop;
    admission->check.on_due = on_check;
    on_check (&admission->check);
}

void
admission_stop (Admission *admission)
{
    if (admission == NULL || admission->loop == NULL)
        return;
    alarms_clear (loop_get_alarms (admission->loop), &admission->check);
    admission->loop = NULL;
}

const char *
admission_get_reason (const Admission *admission)
{
    Admission *self = (Admission *) admission;
    gint64 now = clock_get_fine ();

    if (atomic_load_explicit (&self->is_short, memory_order_relaxed))
        return "memory";
    if (now < atomic_load_explicit (&self->late_until, memory_order_relaxed)
        || offload_is_late (admission->settings.offload, now))
        return "queue-delay";
    return NULL;
}

/* Others are shown how long this worker counts as late. */
static void
publish (Gate *gate)
{
    _Atomic gint64 *shown = &gate->admission->late_until;
    gint64 until = atomic_load_explicit (&gate->late.until, memory_order_relaxed);
    gint64 found = atomic_load_explicit (shown, memory_order_relaxed);

    while (found < until && !atomic_compare_exchange_weak (shown, &found, until))
        continue;
}

static void
hand_out (Gate *gate)
{
    gate->has_served = gate->is_back = FALSE;
    gate->issued = clock_get_fine ();
    alarms_set (loop_get_alarms (gate->loop), &gate->ticket, clock_get_now ());
}

/* One who is late is watched in each turn, others now and then. Where nothing was served meanwhile,
 * nothing was waiting. */
static void
take_back (Gate *gate)
{
    gint64 now = clock_get_fine ();
    gint64 waited = gate->has_served ? now - gate->issued : 0;

    gate->issued = 0;
    standing_delay_note (&gate->late, waited, now);
    publish (gate);
    if (gate->has_served && (waited >= gate->late.limit || standing_delay_is_on (&gate->late, now)))
        hand_out (gate);
    else
        gate->next =
            clock_get_now () + MAX (gate->late.limit / 1000 / TICKETS_A_LIMIT, LEAST_BETWEEN);
}

static void
on_turn_end (gpointer data)
{
    Gate *gate = data;

    gate->is_due = FALSE;
    if (gate->issued == 0)
        hand_out (gate);
    else if (gate->is_back)
        take_back (gate);
}

static void
ask_for_turn_end (Gate *gate)
{
    if (gate->is_due)
        return;
    gate->is_due = TRUE;
    loop_defer (gate->loop, on_turn_end, gate);
}

/* In a turn what became ready last is not always served last: the turn's end is waited for. */
static void
on_ticket (Alarm *alarm)
{
    Gate *gate = (Gate *) ((char *) alarm - G_STRUCT_OFFSET (Gate, ticket));

    gate->is_back = TRUE;
    ask_for_turn_end (gate);
}

static void
on_ticket_dropped (Alarm *alarm)
{
    ((Gate *) ((char *) alarm - G_STRUCT_OFFSET (Gate, ticket)))->issued = 0;
}

Gate *
gate_new (Admission *admission, Loop *loop)
{
    Gate *gate = g_new0 (Gate, 1);

    gate->admission = admission;
    gate->loop = loop;
    gate->ticket.on_due = on_ticket;
    gate->ticket.on_dropped = on_ticket_dropped;
    if (admission->settings.queue_delay > 0)
        standing_delay_init (&gate->late, admission->settings.queue_delay * 1000);
    return gate;
}

/* The worker's loop has been closed: no ticket is out. */
void
gate_free (Gate *gate)
{
    if (gate == NULL)
        return;
    g_assert (gate->ticket.place == 0 && !gate->is_due);
    g_free (gate);
}

/* The coarse clock is enough to tell that nothing is the matter. */
GateAnswer
gate_ask (Gate *gate)
{
    const Admission *admission = gate->admission;
    gint64 now;

    if (atomic_load_explicit (&((Admission *) admission)->is_short, memory_order_relaxed))
        return GATE_MEMORY;
    if (gate->late.limit == 0)
        return GATE_OPEN;
    gate->has_served = TRUE;
    now = clock_get_now ();
    if (gate->issued == 0 && now >= gate->next)
        ask_for_turn_end (gate);
    if (standing_delay_is_on (&gate->late, now * 1000) && gate->issued != 0
        && clock_get_fine () - gate->issued >= gate->late.limit)
        return GATE_DELAY;
    return offload_is_late (admission->settings.offload, now * 1000) ? GATE_POOL : GATE_OPEN;
}

gboolean
gate_is_pool_late (Gate *gate)
{
    return offload_would_wait (gate->admission->settings.offload, clock_get_fine ());
}

void
gate_note_refused (Gate *gate, GateAnswer why)
{
    Admission *admission = gate->admission;
    gint64 second = clock_get_now () / 1000;

    counters_add (reasons[why].counter, 1);
    if (why == GATE_DELAY) {
        standing_delay_extend (&gate->late, clock_get_fine ());
        publish (gate);
    } else if (why == GATE_POOL) {
        offload_note_refused (admission->settings.offload, clock_get_fine ());
    }
    if (atomic_exchange_explicit (&admission->told, second, memory_order_relaxed) != second)
        g_message ("new requests are refused: %s", reasons[why].what);
}

/* SPDX-License-Identifier: MIT */

#include "client-delivery.h"

#include <h3/loop/loop.h>

#include <pthread.h>
#include <stdatomic.h>

/* A context that ends is stepped so often: what else there is may never rest. */
#define LAST_STEPS 1000

struct _ClientDelivery {
    atomic_int references;
    ClientDelivered delivered;
    gpointer data;         /* borrowed: whoever waits */
    GMainContext *context; /* ref */
    Loop *loop;            /* borrowed: of the thread that waits; NULL: it has none */
    EndingNode ending;     /* of that loop */
    gboolean is_over;      /* the thread that waits: the function was called */
    GSource *source;       /* borrowed, under the lock: the context; NULL: has ended */
    gboolean is_rung;      /* under the lock */
};

/* Orders what the ringing thread did before what the called function does: GLib's own locks are not
 * to be seen. While it is held no source of ours ends, nor does its context. */
static pthread_mutex_t handover_lock = PTHREAD_MUTEX_INITIALIZER;

static void
unref_delivery (ClientDelivery *delivery)
{
    if (atomic_fetch_sub_explicit (&delivery->references, 1, memory_order_acq_rel) != 1)
        return;
    g_main_context_unref (delivery->context);
    g_free (delivery);
}

static void
deliver (ClientDelivery *delivery)
{
    gboolean is_rung;

    pthread_mutex_lock (&handover_lock);
    is_rung = delivery->is_rung;
    pthread_mutex_unlock (&handover_lock);
    delivery->is_over = TRUE;
    delivery->delivered (is_rung, delivery->data);
}

static gboolean
on_ready (gpointer data)
{
    deliver (data);
    return G_SOURCE_REMOVE;
}

static void
on_source_ended (gpointer data)
{
    ClientDelivery *delivery = data;

    pthread_mutex_lock (&handover_lock);
    delivery->source = NULL;
    pthread_mutex_unlock (&handover_lock);
    if (delivery->loop != NULL)
        endings_remove (loop_get_endings (delivery->loop), &delivery->ending);
    if (!delivery->is_over)
        deliver (delivery);
    unref_delivery (delivery);
}

static gboolean
dispatch (GSource *source, GSourceFunc callback, gpointer data)
{
    return callback (data);
}

/* Under the lock. */
static void
make_ready (ClientDelivery *delivery)
{
    if (delivery->source != NULL)
        g_source_set_ready_time (delivery->source, 0);
}

/* The thread that waits, whose loop ends and steps the context no more: what is to be told is told
 * now. Else those who wait, and the context with them, would be kept for ever. */
static void
step_last (ClientDelivery *delivery)
{
    atomic_fetch_add_explicit (&delivery->references, 1, memory_order_relaxed);
    for (guint i = 0; i < LAST_STEPS && !delivery->is_over; i++)
        (void) g_main_context_iteration (delivery->context, FALSE);
    unref_delivery (delivery);
}

static void
on_loop_ending (EndingNode *node)
{
    ClientDelivery *delivery =
        (ClientDelivery *) (void *) ((char *) node - G_STRUCT_OFFSET (ClientDelivery, ending));

    pthread_mutex_lock (&handover_lock);
    make_ready (delivery);
    pthread_mutex_unlock (&handover_lock);
    step_last (delivery);
}

static gboolean
is_ending (Loop *loop)
{
    return loop_get_endings (loop)->has_come[ENDING_CLOSE];
}

ClientDelivery *
client_delivery_new (ClientDelivered delivered, gpointer data)
{
    static GSourceFuncs functions = { NULL, NULL, dispatch, NULL, NULL, NULL };
    ClientDelivery *delivery = g_new0 (ClientDelivery, 1);

    atomic_init (&delivery->references, 2);
    delivery->delivered = delivered;
    delivery->data = data;
    delivery->context = g_main_context_ref_thread_default ();
    delivery->loop = loop_get_current ();
    if (delivery->loop != NULL && !is_ending (delivery->loop)) {
        delivery->ending.on_ending = on_loop_ending;
        endings_add (loop_get_endings (delivery->loop), ENDING_CLOSE, &delivery->ending);
    }
    pthread_mutex_lock (&handover_lock);
    delivery->source = g_source_new (&functions, sizeof (GSource));
    g_source_set_callback (delivery->source, on_ready, delivery, on_source_ended);
    g_source_attach (delivery->source, delivery->context);
    g_source_unref (delivery->source);
    pthread_mutex_unlock (&handover_lock);
    return delivery;
}

void
client_delivery_ring (ClientDelivery *delivery)
{
    Loop *loop = loop_get_current ();

    pthread_mutex_lock (&handover_lock);
    delivery->is_rung = TRUE;
    make_ready (delivery);
    pthread_mutex_unlock (&handover_lock);
    if (loop != NULL && loop == delivery->loop && is_ending (loop))
        step_last (delivery);
    unref_delivery (delivery);
}

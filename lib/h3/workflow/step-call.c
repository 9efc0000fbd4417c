/* SPDX-License-Identifier: MIT */

#include "step-call.h"

#include <h3/base/error.h>
#include <h3/format/json.h>
#include <h3/loop/alarms.h>
#include <h3/loop/clock.h>

#include <pthread.h>
#include <stdatomic.h>

struct _StepFunction {
    atomic_int references;
    H3StepFunction function;
    gpointer user_data; /* owned where destroy says so */
    GDestroyNotify destroy;
};

struct _H3Step {
    Alarm grace; /* the loop's */
    atomic_int references;
    StepFunction *function; /* ref */
    char *run_id, *id;      /* owned */
    guint attempt;
    gsize output_max;
    json_t *arguments, *input; /* refs; NULL: none */
    GCancellable *cancellable; /* ref */
    Loop *loop;                /* ref */
    /* The loop's thread. */
    const StepCallListener *listener; /* NULL: its end was told */
    gpointer data;                    /* the listener's */
    gboolean is_ending;
    /* Under the lock. */
    pthread_mutex_t lock;
    GString *printed;   /* owned: on its way to the loop */
    gsize n_printed;    /* in all */
    gboolean is_posted; /* the loop will take what was printed */
    GError *error;      /* owned; NULL: it has not failed */
};

G_DEFINE_BOXED_TYPE (H3Step, h3_step, h3_step_ref, h3_step_unref)

StepFunction *
step_function_new (H3StepFunction function, gpointer user_data, GDestroyNotify destroy)
{
    StepFunction *self = g_new0 (StepFunction, 1);

    atomic_init (&self->references, 1);
    self->function = function;
    self->user_data = user_data;
    self->destroy = destroy;
    return self;
}

StepFunction *
step_function_ref (StepFunction *self)
{
    atomic_fetch_add_explicit (&self->references, 1, memory_order_relaxed);
    return self;
}

void
step_function_unref (StepFunction *self)
{
    if (self == NULL || atomic_fetch_sub_explicit (&self->references, 1, memory_order_acq_rel) != 1)
        return;
    if (self->destroy != NULL)
        self->destroy (self->user_data);
    g_free (self);
}

H3Step *
h3_step_ref (H3Step *step)
{
    atomic_fetch_add_explicit (&step->references, 1, memory_order_relaxed);
    return step;
}

void
h3_step_unref (H3Step *step)
{
    if (step == NULL || atomic_fetch_sub_explicit (&step->references, 1, memory_order_acq_rel) != 1)
        return;
    step_function_unref (step->function);
    g_free (step->run_id);
    g_free (step->id);
    json_decref (step->arguments);
    json_decref (step->input);
    g_object_unref (step->cancellable);
    loop_unref (step->loop);
    g_string_free (step->printed, TRUE);
    g_clear_error (&step->error);
    pthread_mutex_destroy (&step->lock);
    g_free (step);
}

static void
drop_step (gpointer data)
{
    h3_step_unref (data);
}

const char *
h3_step_get_run_id (const H3Step *step)
{
    g_return_val_if_fail (step != NULL, NULL);
    return step->run_id;
}

const char *
h3_step_get_id (const H3Step *step)
{
    g_return_val_if_fail (step != NULL, NULL);
    return step->id;
}

guint
h3_step_get_attempt (const H3Step *step)
{
    g_return_val_if_fail (step != NULL, 0);
    return step->attempt;
}

json_t *
h3_step_get_arguments (const H3Step *step)
{
    g_return_val_if_fail (step != NULL, NULL);
    return step->arguments;
}

json_t *
h3_step_get_input (const H3Step *step)
{
    g_return_val_if_fail (step != NULL, NULL);
    return step->input;
}

char *
h3_step_dup_arguments_text (const H3Step *step)
{
    g_return_val_if_fail (step != NULL, NULL);
    return step->arguments != NULL ? h3_json_to_text (step->arguments, H3_JSON_COMPACT) : NULL;
}

char *
h3_step_dup_input_text (const H3Step *step)
{
    g_return_val_if_fail (step != NULL, NULL);
    return step->input != NULL ? h3_json_to_text (step->input, H3_JSON_COMPACT) : NULL;
}

GCancellable *
h3_step_get_cancellable (const H3Step *step)
{
    g_return_val_if_fail (step != NULL, NULL);
    return step->cancellable;
}

/* The loop's thread: hands on what was printed since. */
static void
take_printed (H3Step *step)
{
    g_autoptr (GString) printed = NULL;

    pthread_mutex_lock (&step->lock);
    printed = step->printed;
    step->printed = g_string_new (NULL);
    step->is_posted = FALSE;
    pthread_mutex_unlock (&step->lock);
    if (printed->len > 0 && step->listener != NULL)
        step->listener->on_output (printed->str, printed->len, step->data);
}

static void
on_printed (gpointer data)
{
    H3Step *step = data;

    take_printed (step);
    h3_step_unref (step);
}

void
h3_step_print (H3Step *step, const char *text, gssize length)
{
    gsize n, room;
    gboolean posts;

    g_return_if_fail (step != NULL && text != NULL);
    n = length >= 0 ? (gsize) length : strlen (text);
    pthread_mutex_lock (&step->lock);
    /* One more than is kept, so that it is seen to be cut. */
    room = step->output_max + 1 - step->n_printed;
    n = MIN (n, room);
    g_string_append_len (step->printed, text, (gssize) n);
    step->n_printed += n;
    posts = n > 0 && !step->is_posted;
    step->is_posted = step->is_posted || posts;
    pthread_mutex_unlock (&step->lock);
    if (posts)
        loop_post (step->loop, on_printed, h3_step_ref (step), drop_step);
}

void
h3_step_fail (H3Step *step, GError *error)
{
    g_return_if_fail (step != NULL && error != NULL);
    pthread_mutex_lock (&step->lock);
    if (step->error == NULL)
        step->error = g_steal_pointer (&error);
    pthread_mutex_unlock (&step->lock);
    g_clear_error (&error);
}

/* A thread of the pool. */
static void
work (gpointer data)
{
    H3Step *step = data;

    /* One that waited for a thread until its step was ended: what it would do now nobody wants any
     * more, and a next try may have done it already. */
    if (!g_cancellable_is_cancelled (step->cancellable))
        step->function->function (step, step->function->user_data);
}

static void
tell_end (H3Step *step, const GError *error)
{
    const StepCallListener *listener = g_steal_pointer (&step->listener);

    alarms_clear (loop_get_alarms (step->loop), &step->grace);
    if (listener != NULL)
        listener->on_end (error, step->data);
}

static void
done (gpointer data)
{
    H3Step *step = data;
    g_autoptr (GError) error = NULL;

    take_printed (step);
    pthread_mutex_lock (&step->lock);
    error = g_steal_pointer (&step->error);
    pthread_mutex_unlock (&step->lock);
    tell_end (step, error);
}

static void
on_grace_over (Alarm *alarm)
{
    H3Step *step = (H3Step *) alarm;
    g_autoptr (GError) error = g_error_new_literal (
        H3_ERROR, H3_ERROR_TIMEOUT, "the function did not end when it was cancelled");

    tell_end (step, error);
}

H3Step *
step_call_start (Loop *loop, Offload *offload, const StepCallOrder *order,
                 const StepCallListener *listener, gpointer data)
{
    H3Step *step = g_new0 (H3Step, 1);

    atomic_init (&step->references, 1);
    step->grace.on_due = on_grace_over;
    step->function = step_function_ref (order->function);
    step->run_id = g_strdup (order->run_id);
    step->id = g_strdup (order->id);
    step->attempt = order->attempt;
    step->output_max = order->output_max;
    step->arguments = order->arguments;
    step->input = order->input != NULL ? json_incref (order->input) : NULL;
    step->cancellable = g_cancellable_new ();
    step->loop = loop_ref (loop);
    step->listener = listener;
    step->data = data;
    step->printed = g_string_new (NULL);
    pthread_mutex_init (&step->lock, NULL);
    offload_run (offload, loop, work, done, step, drop_step);
    return step;
}

void
step_call_end (H3Step *step)
{
    if (step->is_ending)
        return;
    step->is_ending = TRUE;
    alarms_set (loop_get_alarms (step->loop), &step->grace, clock_get_now () + STEP_CALL_GRACE);
    g_cancellable_cancel (step->cancellable);
}

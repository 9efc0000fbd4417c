/* SPDX-License-Identifier: MIT */

#include "store-private.h"

#include <h3/loop/loop.h>

#include <pthread.h>

struct _StoreQuestion {
    H3Store *store; /* ref */
    H3StoreAnswered answered;
    gpointer user_data;
    Loop *loop; /* borrowed: whoever runs it, until it is closed; NULL: */
    /* What will tell a thread without a loop. It belongs to the thread's main context, and nothing
     * here to that: the context may end first. */
    GSource *source;      /* borrowed, under the lock: its context; NULL: that has ended */
    gboolean is_answered; /* under the lock: the source has the question */
    H3StoreAnswer answer;
    GError *error; /* owned */
    GBytes *value; /* ref */
};

/* Orders what the answering thread does before what the one does that hears of it: GLib's own locks
 * are not to be seen. While it is held no source of ours ends, nor does its context. */
static pthread_mutex_t handover_lock = PTHREAD_MUTEX_INITIALIZER;

static void
free_question (StoreQuestion *question)
{
    g_clear_error (&question->error);
    g_clear_pointer (&question->value, g_bytes_unref);
    store_let_go (question->store);
    g_free (question);
}

static void
deliver (gpointer data)
{
    StoreQuestion *question = data;

    question->answered (question->store, &question->answer, question->user_data);
    free_question (question);
}

static gboolean
deliver_from_context (gpointer data)
{
    StoreQuestion *question = data;

    pthread_mutex_lock (&handover_lock);
    pthread_mutex_unlock (&handover_lock);
    question->answered (question->store, &question->answer, question->user_data);
    return G_SOURCE_REMOVE;
}

/* The source ends: it has done its work, or its context ends. */
static void
on_source_ended (gpointer data)
{
    StoreQuestion *question = data;
    gboolean is_answered;

    pthread_mutex_lock (&handover_lock);
    question->source = NULL;
    is_answered = question->is_answered;
    pthread_mutex_unlock (&handover_lock);
    if (is_answered)
        free_question (question);
}

static gboolean
dispatch (GSource *source, GSourceFunc callback, gpointer data)
{
    return callback (data);
}

/* One that is never ready until it is told to be. */
static void
attach_source (StoreQuestion *question)
{
    static GSourceFuncs functions = { NULL, NULL, dispatch, NULL, NULL, NULL };

    pthread_mutex_lock (&handover_lock);
    question->source = g_source_new (&functions, sizeof (GSource));
    g_source_set_callback (question->source, deliver_from_context, question, on_source_ended);
    g_source_attach (question->source, g_main_context_get_thread_default ());
    g_source_unref (question->source);
    pthread_mutex_unlock (&handover_lock);
}

StoreQuestion *
store_question_new (H3Store *store, H3StoreAnswered answered, gpointer user_data)
{
    StoreQuestion *question = g_new0 (StoreQuestion, 1);
    Loop *loop = loop_get_current ();

    question->store = g_object_ref (store);
    question->answered = answered;
    question->user_data = user_data;
    if (loop != NULL && loop_get_base (loop) != NULL)
        question->loop = loop;
    else if (answered != NULL)
        attach_source (question);
    return question;
}

static void
hand_over (StoreQuestion *question)
{
    gboolean is_there;

    pthread_mutex_lock (&handover_lock);
    is_there = question->source != NULL;
    question->is_answered = TRUE;
    if (is_there)
        g_source_set_ready_time (question->source, 0);
    pthread_mutex_unlock (&handover_lock);
    if (!is_there)
        free_question (question);
}

gboolean
store_question_has_asker (const StoreQuestion *question)
{
    return question->answered != NULL;
}

Loop *
store_question_get_loop (const StoreQuestion *question)
{
    return question->loop;
}

void
store_question_answer (StoreQuestion *question, const H3StoreAnswer *answer, GError *error,
                       GBytes *value)
{
    question->answer = *answer;
    question->answer.error = question->error = error;
    question->answer.value = question->value = value;
    if (question->answered == NULL) {
        free_question (question);
    } else if (question->loop != NULL) {
        g_assert (loop_get_current () == question->loop);
        loop_defer (question->loop, deliver, question);
    } else {
        hand_over (question);
    }
}

void
store_question_fail (StoreQuestion *question, H3StoreError code, const char *message)
{
    H3StoreAnswer answer = { .outcome = H3_STORE_FAILED };

    store_question_answer (question, &answer, g_error_new_literal (H3_STORE_ERROR, code, message),
                           NULL);
}

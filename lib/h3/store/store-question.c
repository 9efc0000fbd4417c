/* SPDX-License-Identifier: MIT */

#include "store-private.h"

#include <h3/loop/loop.h>

#include <pthread.h>

struct _StoreQuestion {
    H3Store *store; /* ref */
    H3StoreAnswered answered;
    gpointer user_data;
    Loop *loop;            /* borrowed: whoever runs it, until it is closed; NULL: */
    GMainContext *context; /* ref */
    H3StoreAnswer answer;
    GError *error; /* owned */
    GBytes *value; /* ref */
};

/* Orders what the answering thread wrote before what the asking one reads, which goes by way of a
 * main context: GLib's own locks are not to be seen. Held until all of the source is there. */
static pthread_mutex_t handover_lock = PTHREAD_MUTEX_INITIALIZER;

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
        question->context = g_main_context_ref_thread_default ();
    return question;
}

static void
free_question (StoreQuestion *question)
{
    g_clear_error (&question->error);
    g_clear_pointer (&question->value, g_bytes_unref);
    g_clear_pointer (&question->context, g_main_context_unref);
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

static void
await_handover (void)
{
    pthread_mutex_lock (&handover_lock);
    pthread_mutex_unlock (&handover_lock);
}

static gboolean
deliver_from_context (gpointer data)
{
    StoreQuestion *question = data;

    await_handover ();
    question->answered (question->store, &question->answer, question->user_data);
    return G_SOURCE_REMOVE;
}

/* Also where the context ends before its turn comes. */
static void
let_go_of_question (gpointer data)
{
    await_handover ();
    free_question (data);
}

/* The context has the question from then on, and not the other way round: it may end first. */
static void
hand_over (StoreQuestion *question)
{
    g_autoptr (GMainContext) context = g_steal_pointer (&question->context);
    GSource *source;

    pthread_mutex_lock (&handover_lock);
    source = g_idle_source_new ();
    g_source_set_priority (source, G_PRIORITY_DEFAULT);
    g_source_set_callback (source, deliver_from_context, question, let_go_of_question);
    g_source_attach (source, context);
    g_source_unref (source);
    pthread_mutex_unlock (&handover_lock);
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

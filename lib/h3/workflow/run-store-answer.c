/* SPDX-License-Identifier: MIT */

#include "run-store-answer.h"

#include "run-store-left.h"
#include "run-store-read.h"

#include <h3/base/error.h>
#include <h3/loop/loop.h>

#include <pthread.h>

typedef struct {
    RunItem *question; /* owned */
    GError *error;     /* owned */
    GString *text;     /* owned: a document, or the events' data */
    GArray *events;    /* owned: of RunEvent; NULL: of another kind */
    RunLeft left;
    gboolean is_there;
    gboolean has_ended;
} Answer;

struct _RunWaiter {
    pthread_mutex_t lock;
    pthread_cond_t is_told;
    gboolean has_come;
    GError *error; /* owned */
};

static void
free_answer (Answer *answer)
{
    run_item_free (answer->question);
    g_clear_error (&answer->error);
    g_string_free (answer->text, TRUE);
    g_clear_pointer (&answer->events, g_array_unref);
    run_left_clear (&answer->left);
    g_free (answer);
}

static void
drop (gpointer data)
{
    Answer *answer = data;

    if (answer->question->dropped != NULL)
        answer->question->dropped (answer->question->data);
    free_answer (answer);
}

static void
deliver_document (const Answer *answer)
{
    RunDocument document = { answer->text->str, answer->text->len, answer->has_ended };

    ((RunAnswer) answer->question->answer) (answer->is_there ? &document : NULL, answer->error,
                                            answer->question->data);
}

static void
deliver_events (Answer *answer)
{
    const char *data = answer->text->str;

    for (guint i = 0; i < answer->events->len; i++) {
        RunEvent *event = &g_array_index (answer->events, RunEvent, i);

        event->data = data;
        data += event->length + 1;
    }
    ((RunEventsAnswer) answer->question->answer) ((const RunEvent *) (void *) answer->events->data,
                                                  answer->events->len, answer->has_ended,
                                                  answer->error, answer->question->data);
}

static void
deliver_found (const Answer *answer)
{
    const GArray *runs = answer->left.runs;

    ((RunFoundAnswer) answer->question->answer) (
        runs != NULL ? (const RunFound *) (void *) runs->data : NULL, runs != NULL ? runs->len : 0,
        answer->error, answer->question->data);
}

static void
deliver (gpointer data)
{
    Answer *answer = data;

    switch (answer->question->kind) {
    case RUN_ITEM_ASK_EVENTS:
        deliver_events (answer);
        break;
    case RUN_ITEM_ASK_KEPT:
        ((RunKeptAnswer) answer->question->answer) (answer->error, answer->question->data);
        break;
    case RUN_ITEM_TAKE_UNFINISHED:
        deliver_found (answer);
        break;
    default:
        deliver_document (answer);
    }
    free_answer (answer);
}

static void
find_events (RunDatabase *database, Answer *answer)
{
    const RunItem *question = answer->question;
    gboolean is_there = FALSE;

    answer->events = g_array_new (FALSE, FALSE, sizeof (RunEvent));
    if (!run_read_events (database, question->id, question->with.events.after,
                          question->with.events.max, answer->events, answer->text, &is_there,
                          &answer->has_ended, &answer->error)) {
        g_array_set_size (answer->events, 0);
        answer->has_ended = FALSE;
    } else if (!is_there) {
        g_set_error (&answer->error, H3_ERROR, H3_ERROR_NOT_FOUND, "there is no run '%s'",
                     question->id);
    }
}

/* A document that was read is given with the reason why it may be old; with an error of its own
 * there is none. */
static void
find_document (RunDatabase *database, Answer *answer, const GError *why)
{
    const RunItem *question = answer->question;

    if (question->kind == RUN_ITEM_ASK_RUNS)
        answer->is_there =
            run_read_list (database, &question->with.filter, answer->text, &answer->error);
    else if (!run_read_document (database, question->id, answer->text, &answer->is_there,
                                 &answer->has_ended, &answer->error))
        answer->is_there = FALSE;
    if (answer->error == NULL && why != NULL)
        answer->error = g_error_copy (why);
}

static void
find (RunDatabase *database, Answer *answer, const GError *why)
{
    switch (answer->question->kind) {
    case RUN_ITEM_ASK_EVENTS:
        find_events (database, answer);
        break;
    case RUN_ITEM_ASK_KEPT:
        answer->error = why != NULL ? g_error_copy (why) : NULL;
        break;
    case RUN_ITEM_TAKE_UNFINISHED:
        (void) run_left_take (&answer->left, database, &answer->error);
        break;
    default:
        find_document (database, answer, why);
    }
}

static void
tell_waiter (Answer *answer)
{
    RunWaiter *waiter = answer->question->data;

    pthread_mutex_lock (&waiter->lock);
    waiter->error = g_steal_pointer (&answer->error);
    waiter->has_come = TRUE;
    pthread_cond_signal (&waiter->is_told);
    pthread_mutex_unlock (&waiter->lock);
    free_answer (answer);
}

void
run_answer_give (RunDatabase *database, RunItem *question, const GError *why)
{
    Answer *answer = g_new0 (Answer, 1);

    answer->question = question;
    answer->text = g_string_new (NULL);
    find (database, answer, why);
    if (question->loop != NULL)
        loop_post (question->loop, deliver, answer, drop);
    else
        tell_waiter (answer);
}

RunWaiter *
run_waiter_new (void)
{
    RunWaiter *waiter = g_new0 (RunWaiter, 1);

    pthread_mutex_init (&waiter->lock, NULL);
    pthread_cond_init (&waiter->is_told, NULL);
    return waiter;
}

gboolean
run_waiter_finish (RunWaiter *waiter, GError **error)
{
    g_autoptr (GError) why = NULL;

    pthread_mutex_lock (&waiter->lock);
    while (!waiter->has_come)
        pthread_cond_wait (&waiter->is_told, &waiter->lock);
    why = waiter->error;
    pthread_mutex_unlock (&waiter->lock);
    pthread_cond_destroy (&waiter->is_told);
    pthread_mutex_destroy (&waiter->lock);
    g_free (waiter);
    if (why == NULL)
        return TRUE;
    g_propagate_error (error, g_steal_pointer (&why));
    return FALSE;
}

/* SPDX-License-Identifier: MIT
 *
 * Asks for runs that may be another process's. */

#include "workflows-queue.h"

typedef struct {
    H3Workflows *workflows; /* borrowed */
    char *id;               /* owned */
    RunAnswer answer;
    gpointer data; /* the answer's */
    GDestroyNotify dropped;
    GError *error; /* owned: why the queue cannot say; NULL: it does not know the run */
} Ask;

static void
free_ask (Ask *ask)
{
    g_clear_error (&ask->error);
    g_free (ask->id);
    g_free (ask);
}

static void
drop_ask (gpointer data)
{
    Ask *ask = data;

    if (ask->dropped != NULL)
        ask->dropped (ask->data);
    free_ask (ask);
}

/* That a run is not here says nothing of one that the queue may have. */
static void
on_asked_here (const RunDocument *document, const GError *error, gpointer data)
{
    Ask *ask = data;

    ask->answer (document, document == NULL && error == NULL ? ask->error : error, ask->data);
    free_ask (ask);
}

/* Of what the queue does not know, or cannot say, there may be something here. */
static void
on_asked (const RunDocument *document, const GError *error, gpointer data)
{
    Ask *ask = data;

    if (document == NULL) {
        ask->error = error != NULL ? g_error_copy (error) : NULL;
        run_store_ask_run (ask->workflows->store, ask->id, on_asked_here, ask, drop_ask);
        return;
    }
    ask->answer (document, error, ask->data);
    free_ask (ask);
}

void
workflows_queue_ask (H3Workflows *self, const char *id, RunAnswer answer, gpointer data,
                     GDestroyNotify dropped)
{
    Ask *ask = g_new (Ask, 1);

    *ask = (Ask){ self, g_strdup (id), answer, data, dropped, NULL };
    run_queue_ask (self->queue, id, on_asked, ask, drop_ask);
}

/* SPDX-License-Identifier: MIT
 *
 * Runs shared by several processes over a stream of a Redis server: who has room takes the next;
 * one whose process is no more is taken by another; what becomes of each can be asked of all.
 * Belongs to a loop, its thread only but where it says otherwise. Owned by whoever made it.
 *
 * In Redis, behind the url's prefix: the stream `h3:runs` with the group `h3`, a hash `h3:run:ID`
 * for each run, and a stream `h3:to:CONSUMER` of what is wanted of each process. */

#pragma once

#include <h3/workflow/run-record.h>

G_BEGIN_DECLS

typedef struct _Loop Loop;
typedef struct _RunQueue RunQueue;

/* Runs that wait or are under way, in all. */
#define RUN_QUEUE_MAX 10000
/* A document that is larger is not shared. */
#define RUN_QUEUE_DOCUMENT_MAX (8 * 1024 * 1024)

/* A run to be run here. */
typedef struct {
    RunRecord run;         /* without steps: its plan has them */
    gboolean was_begun;    /* by a process that is no more, or has given it back */
    gboolean is_cancelled; /* somebody wanted it so while nobody had it */
    const char *document;  /* (nullable): what was published of it last */
} RunTaken;

/* Any may be NULL but `taken`. Never called inline. */
typedef struct {
    /* The room was made smaller by one. */
    void (*taken) (const RunTaken *taken, gpointer data);
    /* Somebody wants a run cancelled that was taken. */
    void (*cancelled) (const char *id, gpointer data);
    /* We were away for so long that another has it: what is told of it here counts no more. */
    void (*lost) (const char *id, gpointer data);
    /* The server cannot be reached, or refuses, and why; NULL: all is well again. */
    void (*changed) (const char *why, gpointer data);
} RunQueueListener;

/* On the loop's thread. `consumer` is no other process's name, nor that of an earlier one. NULL
 * with H3_ERROR: the url is none of a Redis server. Connects when it is first needed. */
RunQueue *run_queue_new (Loop *loop, const char *url, const char *consumer,
                         const RunQueueListener *listener, gpointer data, GError **error);
/* What it has is not given back: run_queue_drain () first. Questions are answered with
 * H3_ERROR_CLOSED. NULL is allowed. */
void run_queue_free (RunQueue *queue);

/* How long a process may be silent until its runs are taken by others: 15 s. Before there is room.
 */
void run_queue_set_claim_time (RunQueue *queue, guint milliseconds);

/* How many more runs may be taken; 0, as it is at first: none. One more may come: it was asked for
 * before one of somebody who died was found. */
void run_queue_set_room (RunQueue *queue, guint n);

/* What is known of a run that was taken; a copy is published soon. FALSE: it is too large, and the
 * one before it stands. */
gboolean run_queue_publish (RunQueue *queue, const char *id, const char *json, gsize length);
/* The run has ended: so is told with the last document, (nullable), until the server has it. */
void run_queue_end (RunQueue *queue, const char *id, const char *json, gsize length);
/* It is not run on here: another may take it at once, with what was published last. `was_begun`
 * FALSE: nobody has begun it yet. */
void run_queue_release (RunQueue *queue, const char *id, gboolean was_begun);
/* Answered when the server has all that was told; with an error where it cannot be reached. Nothing
 * is taken any more. */
void run_queue_drain (RunQueue *queue, RunKeptAnswer answer, gpointer data);

/* --- any thread that runs a loop; answered there, never inline. `dropped (data)`, (nullable), is
 * called in place of the answer where that loop, or the queue's, has ended. --- */

/* Answered when the server has the run: H3_ERROR_LIMIT: there are too many. One that is there
 * already is not added again. */
void run_queue_add (RunQueue *queue, const RunRecord *run, const char *document,
                    RunKeptAnswer answer, gpointer data, GDestroyNotify dropped);
/* Its last document, whoever has the run. */
void run_queue_ask (RunQueue *queue, const char *id, RunAnswer answer, gpointer data,
                    GDestroyNotify dropped);
/* H3_ERROR_NOT_FOUND: there is no such run; H3_ERROR_CLOSED: it has ended. */
void run_queue_cancel (RunQueue *queue, const char *id, RunKeptAnswer answer, gpointer data,
                       GDestroyNotify dropped);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunQueue, run_queue_free)

G_END_DECLS

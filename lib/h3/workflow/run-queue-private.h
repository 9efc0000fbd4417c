/* SPDX-License-Identifier: MIT
 *
 * The queue, as its files share it. */

#pragma once

#include "run-queue-script.h"
#include "run-queue.h"

#include <h3/loop/alarms.h>
#include <h3/store/redis-connection.h>

#include <stdatomic.h>

G_BEGIN_DECLS

#define RUN_QUEUE_GROUP "h3"
#define RUN_QUEUE_KEEP                                                                             \
    "604800000"           /* milliseconds that a run's hash outlives what is told of it            \
                           */
#define RUN_QUEUE_BATCH 8 /* as many elements as a reply may have */

/*
 *   HELD ─── run_queue_end () ─────► ENDING      until the server has it
 *     │ └─── run_queue_release () ─► RELEASING   the same
 *     └───── another has it ───────► GONE        until nothing of it is under way
 */
typedef enum { RUN_HELD, RUN_ENDING, RUN_RELEASING, RUN_GONE } RunHold;

typedef struct {
    char *id, *entry; /* owned: its name, and that of its entry in the stream */
    char *document;   /* owned; NULL: nothing was published, or all that was is there */
    RunHold hold;
    gboolean was_begun;    /* RELEASING: not only taken */
    gboolean is_under_way; /* one thing at a time */
} RunHeld;

struct _RunQueue {
    atomic_uint references;         /* the owner's, and those of what is under way */
    Loop *loop;                     /* ref */
    StoreUrl *url;                  /* owned */
    StoreUrl *waiting_url;          /* owned: the same, for commands that wait at the server */
    char *consumer;                 /* owned */
    char *stream, *runs, *to, *own; /* owned: keys; `runs`, `to` are what they begin with */
    RunQueueListener listener;
    gpointer data;

    /* The loop's: */
    atomic_uint n_failing;                       /* the connections' */
    RedisConnection *telling, *taking, *hearing; /* owned; NULL: it has ended */
    GHashTable *held;                            /* owned: RunHeld by id, those that are not GONE */
    guint claim_time;                            /* milliseconds */
    gint64 claims_from;                          /* not before: others were cut off, too */
    guint room;
    guint n_reserved; /* of the room: runs that are read and not told yet */
    char *cursor;     /* owned: how far the search for runs of the dead has come */
    char *heard;      /* owned: the last entry of our own stream */
    gboolean has_begun, is_beginning, is_taking, is_hearing, is_claiming;
    gboolean has_ended;
    Alarm retry;   /* set: the server cannot be reached */
    Alarm renew;   /* set: there are runs, or there is room */
    Alarm publish; /* set: there are documents to be published */
    guint n_failures;
    char *why; /* owned: what is wrong; NULL: all is well */
    gboolean is_draining, has_left;
    RunKeptAnswer drained; /* NULL: nobody waits, or not any more */
    gpointer drained_data;
};

RunQueue *run_queue_ref (RunQueue *queue);
void run_queue_unref (RunQueue *queue);

/* (transfer full): the key of a run. */
char *run_queue_dup_key (const RunQueue *queue, const char *id);

/* What came of something: `error` is (nullable). */
void run_queue_note (RunQueue *queue, const GError *error);
/* Does what there is to do. */
void run_queue_go_on (RunQueue *queue);
/* Sends a command to which the answer is `replied`'s, with the queue, which it unrefs. */
void run_queue_tell (RunQueue *queue, GString *words, RedisReplied replied);

/* run-queue-take.c: runs come. */
void run_queue_take (RunQueue *queue);
void run_queue_claim (RunQueue *queue);
void run_queue_hear (RunQueue *queue);

/* run-queue-hold.c: runs that are here. */
void run_queue_hold (RunQueue *queue, const char *id, const char *entry);
void run_queue_renew (RunQueue *queue);
void run_queue_flush (RunQueue *queue);
void run_queue_lose (RunQueue *queue, const char *id);
/* Whether the server has all that was told. */
gboolean run_queue_is_flushed (const RunQueue *queue);
void run_held_free (gpointer held);

G_END_DECLS

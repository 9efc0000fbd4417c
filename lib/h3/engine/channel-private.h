/* SPDX-License-Identifier: MIT
 *
 * What the files of channel share. A channel has a hub for each worker on which somebody
 * subscribes: who publishes leaves the message with every hub and wakes those that are at rest;
 * each hub hands what it finds to its subscriptions.
 *
 *     program ──ref──▶ channel ──ref──▶ hubs ──ref──▶ subscriptions ──ref──▶ their hub ──hold──▶
 *     channel
 *
 * A hub leaves its channel with its last subscription, which undoes the circle. */

#pragma once

#include "replay.h"

#include <h3/engine/channel.h>
#include <h3/loop/loop.h>

#include <pthread.h>
#include <stdatomic.h>

G_BEGIN_DECLS

typedef struct _Hub Hub;

struct _H3Channel {
    atomic_int references; /* the program's */
    atomic_int holds;      /* of the hubs, and one for all references together: of the memory */
    atomic_size_t bound;
    pthread_mutex_t mutex; /* for the rest; nobody is called while it is held */
    GPtrArray *hubs;       /* ref each */
    Replay replay;
    guint64 sequence; /* of the newest message */
    guint64 n_subscribers, n_dropped;
    guint32 run; /* random: ids of one channel are never taken for those of another */
    gboolean is_closed;
};

struct _Hub {
    atomic_int references;
    H3Channel *channel; /* hold */
    Loop *loop;         /* ref */

    /* Under the channel's mutex. */
    GPtrArray *pending; /* owned; ref each: not yet taken by the loop */
    guint64 pending_bytes;
    gboolean is_posted; /* the loop is on its way, or at it */

    /* The loop's thread. */
    EndingNode closing;
    H3Subscription *first;  /* ref each, newest first */
    GPtrArray *running;     /* owned; ref each: being handed out */
    guint begin, end;       /* of those: which are handed out now */
    H3Subscription *cursor; /* borrowed: to whom next; NULL: all have them */
};

struct _H3Subscription {
    atomic_int references;
    Hub *hub;                        /* ref */
    H3Subscription *next, *previous; /* borrowed: the hub's list */
    guint64 seen;                    /* sequence of the last message it was given */
    H3ChannelFunction function;
    H3ChannelEnded ended;
    gpointer user_data; /* owned, by way of destroy */
    GDestroyNotify destroy;
    guint8 is_over;
    guint8 is_called;      /* one of its functions is on the stack */
    guint8 is_catching_up; /* is given what the replay has, and not yet what is new */
    guint8 is_due;         /* goes on with that in a turn to come */
    guint8 has_missed;
};

H3Channel *channel_hold (H3Channel *channel);
void channel_let_go (H3Channel *channel);

/* So many are handed out at a time at most, of so many bytes, so that a bound means something. */
#define CHANNEL_PART_MESSAGES 64
#define CHANNEL_PART_BYTES    (16 * 1024)

/* subscription.c, for hubs. */
void subscription_give (H3Subscription *subscription, H3Message *const *messages, guint n);
void subscription_end (H3Subscription *subscription, H3ChannelEnd why);
/* Goes on with the replay in the next turn. */
void subscription_schedule (H3Subscription *subscription);
H3Subscription *subscription_new (Hub *hub);

/* channel-hub.c. */
/* (transfer none): that of this loop, made where there is none. Under the mutex. */
Hub *hub_of_loop (H3Channel *channel, Loop *loop);
Hub *hub_ref (Hub *hub);
void hub_unref (gpointer hub);
/* TRUE: whoever left it has to wake it when the mutex is not held any more. Under the mutex. */
gboolean hub_push (Hub *hub, H3Message *message);
gboolean hub_note_work (Hub *hub);
/* (transfer full) */
void hub_wake (Hub *hub);
void hub_add (Hub *hub, H3Subscription *subscription);
/* Drops the list's reference; the last one out ends the hub. */
void hub_remove (Hub *hub, H3Subscription *subscription);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 *
 * What the files of upstreams share: the servers of a set and what is known of each. Settings are
 * frozen by upstreams_freeze (); the rest is atomic or says which lock it is under. Of locks, that
 * of the set is taken before that of a server. Times are milliseconds. */

#pragma once

#include "retry-budget.h"
#include "upstream-breaker.h"
#include "upstreams-inside.h"

#include <h3/net/client-tls.h>

G_BEGIN_DECLS

typedef struct _UpstreamChecks UpstreamChecks;

struct _Upstream {
    H3Upstreams *set; /* borrowed: its owner */
    char *url;        /* owned: as it was added */
    char *host;       /* owned: what the Host field says */
    char *name;       /* owned: a host without brackets; of a Unix socket "localhost" */
    char *unix_path;  /* owned; NULL: TCP */
    guint16 port;
    gboolean is_secure;
    guint weight;
    guint64 seed;                  /* keyed hash of what it is */
    ClientPeer *peer, *check_peer; /* ref; NULL before the set is frozen */
    gint64 turn; /* under the set's lock: how long it has waited for its turn, by weight */
    atomic_uint in_flight;
    atomic_uchar is_down;
    atomic_uchar told; /* H3UpstreamState that was told last */
    _Atomic guint64 requests, failures, failed_checks;
    Breaker breaker;
};

typedef struct {
    char *path; /* owned; NULL: servers are not checked */
    guint interval, timeout, rise, fall;
    guint first_status, last_status;
} UpstreamCheckSettings;

struct _H3Upstreams {
    atomic_int refs;
    atomic_uchar is_frozen;
    gboolean has_equal_weights;
    gboolean bad_answers_fail;
    H3Balance strategy;
    GPtrArray *servers;  /* owned: Upstream */
    guint64 hash_key[2]; /* secret */
    UpstreamCheckSettings check;
    BreakerSettings breaker;
    UpstreamTimeouts timeouts;
    H3ClientTls *tls; /* owned; NULL: the defaults */
    guint max_connections;
    gint64 idle_connections;
    guint tries;
    RetryBudget budget;
    struct {
        H3UpstreamChanged function; /* NULL: nobody is told */
        gpointer user_data;
        GDestroyNotify destroy; /* of user_data */
    } changed;
    _Atomic guint64 counter; /* whose turn it is */
    _Atomic guint64 random;  /* what the next random number follows from */
    pthread_mutex_t lock; /* guards the turns of all servers; nobody is called while it is held */
    atomic_uchar is_watched; /* a loop checks the servers */
};

/* Those that may get a request, by their places in the set. */
typedef struct {
    guint n;
    guint8 places[H3_UPSTREAMS_MAX];
} UpstreamCandidates;

static inline gboolean
upstreams_are_frozen (const H3Upstreams *upstreams)
{
    return atomic_load_explicit (&((H3Upstreams *) upstreams)->is_frozen, memory_order_acquire);
}

static inline Upstream *
upstreams_get (const H3Upstreams *upstreams, guint place)
{
    return upstreams->servers->pdata[place];
}

/* upstreams-server.c. NULL with H3_ERROR; what its place among clients is follows from the set's
 * key in upstream_settle (). */
Upstream *upstream_new (H3Upstreams *upstreams, const char *url, guint weight, GError **error);
void upstream_free (gpointer upstream);
void upstream_settle (Upstream *upstream);
/* upstreams-peer.c: with the settings of all. FALSE with H3_ERROR: a file of TLS. */
gboolean upstreams_make_peers (H3Upstreams *upstreams, GError **error);

/* upstreams-pick.c: which of the candidates, of which there is one at least. Under the set's lock
 * where upstreams_needs_lock (). */
gboolean upstreams_needs_lock (const H3Upstreams *upstreams);
Upstream *upstreams_pick (H3Upstreams *upstreams, const UpstreamCandidates *candidates,
                          const H3Address *client);
/* Any number. */
guint64 upstreams_draw (H3Upstreams *upstreams);

/* upstreams-report.c: the state that counts, of several that hold. */
H3UpstreamState upstream_get_state (const Upstream *upstream);
/* Something has changed: whoever is to hear of it does, once a change. No lock is held. */
void upstream_tell (Upstream *upstream);

G_END_DECLS

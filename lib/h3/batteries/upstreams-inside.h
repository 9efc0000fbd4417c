/* SPDX-License-Identifier: MIT
 *
 * What whoever hands requests on asks of a set of servers. Any thread that runs a loop, several at
 * once: what changes is atomic or has a lock of its own. The caller holds the set. */

#pragma once

#include <h3/batteries/upstreams-report.h>
#include <h3/format/address.h>
#include <h3/http/method.h>

G_BEGIN_DECLS

typedef struct _Upstream Upstream;
typedef struct _ClientPeer ClientPeer;

/* Milliseconds; 0: none. */
typedef struct {
    gint64 connect, first_byte, idle;
} UpstreamTimeouts;

/* One request's use of a server, embedded in whoever sends it. */
typedef struct {
    Upstream *upstream; /* borrowed: the set; NULL: none, or over */
    guint trial;        /* not 0: it finds out how a server is that failed */
    guint8 is_judged;   /* its failure has been counted */
    guint8 has_answer;
} UpstreamUse;

/* Before the first request, once or more often: a MiddlewareCheck's, or where there is none of
 * whoever comes first. FALSE with H3_ERROR: no server, or a file of TLS. */
gboolean upstreams_freeze (H3Upstreams *upstreams, GError **error);

/* Has this thread's loop check the servers' health, unless another does. upstreams_choose () sees
 * to it as well: middleware_set_start () is for who need not wait for a first request. Frozen. */
void upstreams_watch (H3Upstreams *upstreams);

/* The server for a request, which counts as under way from now on until upstream_use_end (). NULL:
 * none of those not tried is fit: the answer is 503, with the Retry-After of upstreams_get_wait ().
 * `client`: through trusted proxies. `tried`: those that failed this request, none the first time.
 */
Upstream *upstreams_choose (H3Upstreams *upstreams, const H3Address *client,
                            const Upstream *const *tried, guint n_tried, UpstreamUse *out_use);

/* The final head of an answer has come, or 101. TRUE: the status is a failure of the server, and
 * where upstreams_may_retry () allows it the request may be sent elsewhere. */
gboolean upstream_use_answered (UpstreamUse *use, guint status);

/* Once, in any case. `error`: of H3_CLIENT_ERROR; NULL: the answer came whole, or the client went
 * away, which says nothing of the server where it had not answered. */
void upstream_use_end (UpstreamUse *use, const GError *error);

/* Whether a request that failed `n_tried` times may be sent once more; takes from the budget. The
 * caller sees to it that nothing of an answer has left, and that there still is all of its body. */
gboolean upstreams_may_retry (H3Upstreams *upstreams, H3Method method, guint n_tried);

/* Whole seconds until one of those that failed is tried again, at least 1. */
guint upstreams_get_wait (H3Upstreams *upstreams);

/* (transfer none): lives as long as the set. */
const UpstreamTimeouts *upstreams_get_timeouts (const H3Upstreams *upstreams);
/* What is not NULL after upstreams_freeze (). */
ClientPeer *upstream_get_peer (const Upstream *upstream);
const char *upstream_get_url (const Upstream *upstream);
/* What the Host field says of it; of a Unix socket "localhost". */
const char *upstream_get_host (const Upstream *upstream);

G_END_DECLS

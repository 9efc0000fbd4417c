/* SPDX-License-Identifier: MIT
 *
 * What passed lately, by route: how much a second, with which statuses, and how long it took, over
 * the last seconds. Reads the metrics at each step, and keeps what came between two. Owned by who
 * looks; one thread at a time. */

#pragma once

#include <h3/monitor/metrics.h>

G_BEGIN_DECLS

typedef struct json_t json_t;

/* Percentiles are of the last so many steps. */
#define TRAFFIC_STEPS 10

/* So many routes are told of, those with the most requests; of others how many there are. */
#define TRAFFIC_MAX_ROUTES 100

typedef struct _Traffic Traffic;

/* What the metrics, which are referenced, have by now is where it begins: at `now`, in
 * microseconds. */
Traffic *traffic_new (H3Metrics *metrics, gint64 now);
void traffic_free (Traffic *traffic);

/* What has come since the last step; `now` is later than then. */
void traffic_step (Traffic *traffic, gint64 now);

/* (transfer full): the last step a second, percentiles in milliseconds, and the routes; see
 * docs/dashboard.md. */
json_t *traffic_describe (const Traffic *traffic);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Traffic, traffic_free)

G_END_DECLS

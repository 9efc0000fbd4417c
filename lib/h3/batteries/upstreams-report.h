/* SPDX-License-Identifier: MIT
 *
 * What is known of the servers of a set: how each is, what it has done, and when that changes. Any
 * thread, but for h3_upstreams_on_change (), which is part of setting up. Since: 0.1 */

#pragma once

#include <h3/batteries/upstreams.h>

G_BEGIN_DECLS

/**
 * H3UpstreamState:
 * @H3_UPSTREAM_UP: gets requests
 * @H3_UPSTREAM_DOWN: its health checks fail: it gets nothing else
 * @H3_UPSTREAM_OPEN: requests to it failed: it gets none for a while
 * @H3_UPSTREAM_TRIED: the while is over, and one request finds out how it is
 *
 * How a server of a set is.
 *
 * Since: 0.1
 */
typedef enum {
    H3_UPSTREAM_UP,
    H3_UPSTREAM_DOWN,
    H3_UPSTREAM_OPEN,
    H3_UPSTREAM_TRIED,
} H3UpstreamState;

/**
 * H3UpstreamChanged:
 * @upstreams: (transfer none): the set
 * @url: the server's
 * @state: what it is now
 * @user_data: (nullable) (closure): what was set with it
 *
 * Hears that a server is otherwise than before. Called on the worker that found out, with no lock
 * held; several may be called at once.
 *
 * Since: 0.1
 */
typedef void (*H3UpstreamChanged) (H3Upstreams *upstreams, const char *url, H3UpstreamState state,
                                   gpointer user_data);

/**
 * h3_upstreams_on_change:
 * @upstreams: a set that is not used yet
 * @function: (nullable) (scope notified) (closure user_data) (destroy destroy): told of each
 *   change; one, it replaces that before
 * @user_data: (nullable): for @function
 * @destroy: (nullable): for @user_data, when another is set, or with the end of @upstreams
 *
 * Has @function told of each change of a server's state.
 *
 * Since: 0.1
 */
void h3_upstreams_on_change (H3Upstreams *upstreams, H3UpstreamChanged function, gpointer user_data,
                             GDestroyNotify destroy);

/**
 * H3UpstreamReport:
 * @url: as it was added
 * @weight: as it was added
 * @state: at the moment
 * @in_flight: requests under way
 * @requests: in all, checks not counted
 * @failures: of those
 * @failed_checks: health checks that were not good, in all
 *
 * What is known of a server, at about one moment.
 *
 * Since: 0.1
 */
typedef struct {
    const char *url;
    guint weight;
    H3UpstreamState state;
    guint in_flight;
    guint64 requests;
    guint64 failures;
    guint64 failed_checks;
} H3UpstreamReport;

/**
 * H3UpstreamFunction:
 * @report: (transfer none): borrowed for the call
 * @user_data: (nullable) (closure): what was given with it
 *
 * Looks at what is known of a server.
 *
 * Since: 0.1
 */
typedef void (*H3UpstreamFunction) (const H3UpstreamReport *report, gpointer user_data);

/**
 * h3_upstreams_foreach:
 * @upstreams: a set of servers
 * @function: (scope call) (closure user_data): called for each
 * @user_data: (nullable): for @function
 *
 * Calls a function for each server, in the order they were added. Any thread.
 *
 * Since: 0.1
 */
void h3_upstreams_foreach (H3Upstreams *upstreams, H3UpstreamFunction function, gpointer user_data);

/**
 * h3_upstreams_count:
 * @upstreams: a set of servers
 *
 * Counts the servers. Any thread.
 *
 * Returns: how many there are
 *
 * Since: 0.1
 */
guint h3_upstreams_count (const H3Upstreams *upstreams);

/**
 * h3_upstream_state_to_string:
 * @state: how a server is
 *
 * Names a state.
 *
 * Returns: (transfer none): "up", "down", "open", "tried"
 *
 * Since: 0.1
 */
const char *h3_upstream_state_to_string (H3UpstreamState state);

G_END_DECLS

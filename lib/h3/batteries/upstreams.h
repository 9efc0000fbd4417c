/* SPDX-License-Identifier: MIT
 *
 * The servers that requests are handed on to: which of them gets the next one, which of them are
 * not well, how often what failed is tried again. Set up on one thread, then frozen by its first
 * use; reference-counted, shared by all workers. What is known of each:
 * <h3/batteries/upstreams-report.h>. docs/upstreams.md has the rules. Since: 0.1 */

#pragma once

#include <h3/net/client-tls.h>

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * H3Upstreams:
 *
 * A set of servers of which any can answer. Boxed, reference-counted.
 *
 * Since: 0.1
 */
typedef struct _H3Upstreams H3Upstreams;

#define H3_TYPE_UPSTREAMS (h3_upstreams_get_type ())
GType h3_upstreams_get_type (void);

/**
 * H3_UPSTREAMS_MAX:
 *
 * Servers that one set has at most.
 *
 * Since: 0.1
 */
#define H3_UPSTREAMS_MAX 256

/**
 * H3_UPSTREAMS_MAX_WEIGHT:
 *
 * The largest weight of a server.
 *
 * Since: 0.1
 */
#define H3_UPSTREAMS_MAX_WEIGHT 1000

/**
 * H3Balance:
 * @H3_BALANCE_ROUND_ROBIN: the default: one after the other, whatever they weigh
 * @H3_BALANCE_WEIGHTED: in turn by weight, each server's turns spread evenly
 * @H3_BALANCE_LEAST_CONNECTIONS: who has the fewest requests under way for its weight; of several,
 *   in turn by weight
 * @H3_BALANCE_RANDOM: two are drawn by weight, and that with fewer requests under way for its
 *   weight is taken
 * @H3_BALANCE_ADDRESS_HASH: by weight, and the same for each client's address (through trusted
 *   proxies; of IPv6 the first 64 bits): a server that comes or goes moves only its own share of
 *   the clients
 *
 * Which server gets the next request.
 *
 * Since: 0.1
 */
typedef enum {
    H3_BALANCE_ROUND_ROBIN,
    H3_BALANCE_WEIGHTED,
    H3_BALANCE_LEAST_CONNECTIONS,
    H3_BALANCE_RANDOM,
    H3_BALANCE_ADDRESS_HASH,
} H3Balance;

/**
 * h3_upstreams_new:
 *
 * Makes a set without a server.
 *
 * Returns: (transfer full): a new set
 *
 * Since: 0.1
 */
H3Upstreams *h3_upstreams_new (void);

/**
 * h3_upstreams_ref:
 * @upstreams: a set of servers
 *
 * Takes one more reference. Any thread.
 *
 * Returns: (transfer full): @upstreams
 *
 * Since: 0.1
 */
H3Upstreams *h3_upstreams_ref (H3Upstreams *upstreams);

/**
 * h3_upstreams_unref:
 * @upstreams: (nullable) (transfer full): a set of servers
 *
 * Gives a reference back; the last frees it. Any thread.
 *
 * Since: 0.1
 */
void h3_upstreams_unref (H3Upstreams *upstreams);

/**
 * h3_upstreams_add:
 * @upstreams: a set that is not used yet
 * @url: "http://host:port", "https://host", or a Unix socket: "http+unix:/run/app.sock"
 * @weight: 1 to %H3_UPSTREAMS_MAX_WEIGHT
 * @error: %H3_ERROR_INVALID, which names what is wrong; %H3_ERROR_EXISTS; %H3_ERROR_LIMIT
 *
 * Adds a server. Its URL has no userinfo, query or fragment, and no path but "/".
 *
 * Returns: %FALSE with @error
 *
 * Since: 0.1
 */
gboolean h3_upstreams_add (H3Upstreams *upstreams, const char *url, guint weight, GError **error);

/**
 * h3_upstreams_set_strategy:
 * @upstreams: a set that is not used yet
 * @strategy: how it is chosen
 *
 * Says which server gets the next request.
 *
 * Since: 0.1
 */
void h3_upstreams_set_strategy (H3Upstreams *upstreams, H3Balance strategy);

/**
 * h3_upstreams_set_hash_key:
 * @upstreams: a set that is not used yet
 * @key: (nullable): %NULL, the default: a random one
 *
 * Says what the hash of addresses depends on beside them: with one text several processes choose
 * alike, also after they were started again. It is a secret: who knows it can look for addresses
 * that all come to one server.
 *
 * Since: 0.1
 */
void h3_upstreams_set_hash_key (H3Upstreams *upstreams, const char *key);

/**
 * h3_upstreams_set_health_check:
 * @upstreams: a set that is not used yet
 * @path: (nullable): what is asked for with GET, "/health"; %NULL: no checks, the default
 * @interval: milliseconds from one check's end to the next, a tenth more or less; at least 10
 * @timeout: milliseconds that an answer may take, all of it; at least 1
 * @rise: so many good ones in a row, and a server that was down is up
 * @fall: so many bad ones in a row, and a server that was up is down
 *
 * Has servers asked how they are while a server of this program serves with them, by one of its
 * workers; each is taken to be up until then. Not before 200 to 399 was answered is a check good.
 *
 * Since: 0.1
 */
void h3_upstreams_set_health_check (H3Upstreams *upstreams, const char *path, guint interval,
                                    guint timeout, guint rise, guint fall);

/**
 * h3_upstreams_set_health_status:
 * @upstreams: a set that is not used yet
 * @first: the lowest status that is good
 * @last: the highest
 *
 * Says which answers to checks are good: these, and all between. 200 to 399 where it is not called.
 *
 * Since: 0.1
 */
void h3_upstreams_set_health_status (H3Upstreams *upstreams, guint first, guint last);

/**
 * h3_upstreams_set_breaker:
 * @upstreams: a set that is not used yet
 * @failures: so many in a row, and the server gets nothing more for a while; 0: never
 * @window: milliseconds in which failures are also held against successes: where at least half of
 *   what was answered failed, and there were at least twice @failures; 0: in a row only
 * @open: milliseconds until one request, in all workers together, finds out how the server is:
 *   where it fails too the next while is twice as long, at most ten times this; a tenth more or
 *   less
 *
 * Keeps requests from a server that fails: 5, 10,000 and 1,000 where it is not called. Failures are
 * connections that cannot be made or end early, deadlines, answers that are no HTTP; 502, 503 and
 * 504 as h3_upstreams_set_bad_answers() says. A client that goes away says nothing of the server,
 * nor does a server that ends a WebSocket, or a request whose client had not sent all of it. A
 * request that finds out nothing in 10 seconds is followed by another.
 *
 * Since: 0.1
 */
void h3_upstreams_set_breaker (H3Upstreams *upstreams, guint failures, guint window, guint open);

/**
 * h3_upstreams_set_bad_answers:
 * @upstreams: a set that is not used yet
 * @are_failures: %TRUE where it is not called
 *
 * Says whether 502, 503 and 504 of a server are failures. The client gets such an answer as it is,
 * unless the request is tried elsewhere.
 *
 * Since: 0.1
 */
void h3_upstreams_set_bad_answers (H3Upstreams *upstreams, gboolean are_failures);

/**
 * h3_upstreams_set_retries:
 * @upstreams: a set that is not used yet
 * @tries: how often a request is sent at most, each time to another server; 1: once
 * @percent: how many for a hundred requests may be sent again, 0 to 100
 * @per_second: how many a second may be sent again in any case
 *
 * Says how often what failed is tried again: 3, 20 and 10 where it is not called: when all fails, a
 * fifth more is sent, not three times as much. Only requests of idempotent methods (RFC 9110
 * §9.2.2) are sent again, and only before any of an answer was handed on.
 *
 * Since: 0.1
 */
void h3_upstreams_set_retries (H3Upstreams *upstreams, guint tries, guint percent,
                               guint per_second);

/**
 * h3_upstreams_set_tls:
 * @upstreams: a set that is not used yet
 * @tls: (nullable): copied; %NULL: verified against the system's authorities, the default
 *
 * Says how TLS is spoken to servers of https URLs.
 *
 * Since: 0.1
 */
void h3_upstreams_set_tls (H3Upstreams *upstreams, const H3ClientTls *tls);

/**
 * h3_upstreams_set_timeouts:
 * @upstreams: a set that is not used yet
 * @connect: milliseconds until there is a connection, with TLS where it is spoken; 5,000
 * @first_byte: milliseconds from the request's end to the answer's beginning; 60,000
 * @idle: milliseconds between pieces of either body; 60,000
 *
 * Says how long servers are waited for; 0: for ever. After each the request has failed: 504 for the
 * client.
 *
 * Since: 0.1
 */
void h3_upstreams_set_timeouts (H3Upstreams *upstreams, guint connect, guint first_byte,
                                guint idle);

/**
 * h3_upstreams_set_connections:
 * @upstreams: a set that is not used yet
 * @max: connections to each server that a worker has at most (64); more requests wait in line
 * @idle: milliseconds that one without a request is kept (30,000)
 *
 * Bounds the connections to the servers.
 *
 * Since: 0.1
 */
void h3_upstreams_set_connections (H3Upstreams *upstreams, guint max, guint idle);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Upstreams, h3_upstreams_unref)

G_END_DECLS

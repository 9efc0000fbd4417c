/* SPDX-License-Identifier: MIT
 *
 * What the files of rate-limit share: the limit itself, by what it counts, how it asks. Frozen when
 * it is first used; then any thread that runs a loop. Times are milliseconds. */

#pragma once

#include <h3/batteries/failure-notice.h>
#include <h3/batteries/rate-limit-take.h>
#include <h3/batteries/rate-window.h>
#include <h3/format/address.h>

#include <stdatomic.h>

G_BEGIN_DECLS

/* The longest name. */
#define RATE_LIMIT_NAME_MAX 64
/* Room for a key of a store with its NUL: "limit:", the name, the algorithm, an address, a digest,
 * the number of a window, with marks between. */
#define RATE_LIMIT_KEY_ROOM 192

struct _H3RateLimit {
    atomic_int refs;
    char *name; /* owned */
    gint64 limit;
    gint64 length; /* milliseconds */
    H3RateLimitAlgorithm algorithm;
    guint by;     /* H3RateLimitBy */
    char *header; /* owned; NULL: none */
    struct {
        H3RateLimitKey function; /* NULL: none */
        gpointer user_data;
        GDestroyNotify destroy; /* of user_data */
    } key;
    GArray *allowed, *denied; /* owned: of H3AddressPrefix */
    gboolean skip_success;
    gboolean fails_open;
    _Atomic (H3Store *) store; /* ref; NULL: none was set, and none has been needed yet */
    FailureNotice notice;
};

typedef enum { RATE_KEY_FOUND, RATE_KEY_NONE, RATE_KEY_FAILED } RateKey;

/* By what a request is counted; NONE: it is not. FAILED: there is no digest. */
RateKey rate_limit_write_key (H3RateLimit *limit, H3Event *event, char out[RATE_LIMIT_KEY_ROOM]);
/* The key of what a program counts by a text of its own; FALSE: there is no digest. */
gboolean rate_limit_write_text_key (H3RateLimit *limit, const char *text,
                                    char out[RATE_LIMIT_KEY_ROOM]);

/* The store that was set, or one of its own, made at the first use. Any thread. */
H3Store *rate_limit_get_store (H3RateLimit *limit);

/* Whether one of the prefixes is the address's. */
gboolean rate_limit_has_address (const GArray *prefixes, const H3Address *address);

/* What was counted, for who gives it back. */
typedef struct {
    char key[RATE_LIMIT_KEY_ROOM];
    gint64 amount;
    gint64 index; /* of a sliding window */
    gint64 end;   /* on the monotonic clock: of a fixed one, or when a bucket is empty */
} RateReceipt;

/* As H3RateLimitAnswered; the receipt, borrowed for the call, is of what was counted. */
typedef void (*RateAnswered) (H3RateLimit *limit, const H3RateLimitVerdict *verdict,
                              const RateReceipt *receipt, gpointer user_data);

/* Counts `amount`, 1 to the limit, at a key, unless that would be too much. Never answered inline.
 */
void rate_limit_ask (H3RateLimit *limit, const char *key, gint64 amount, RateAnswered answered,
                     gpointer user_data);
/* It shall not have counted. */
void rate_limit_give_back (H3RateLimit *limit, const RateReceipt *receipt);

/* The fields that say what is left. Those of several limits stand beside one another; the three
 * that have room for one are of that with the least. */
void rate_limit_set_fields (const H3RateLimit *limit, const H3RateLimitVerdict *verdict,
                            H3Response *response);

G_END_DECLS

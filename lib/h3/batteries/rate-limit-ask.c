/* SPDX-License-Identifier: MIT
 *
 * How a limit asks its store.
 *
 * A fixed window is one counter, which the store ends. A bucket is one of the store's. A sliding
 * window is a counter for each window by the clock, and two questions: the first closes the window
 * before, and has its count; the second counts in this one, up to what that leaves. Closing adds so
 * much that nothing can be counted there any more, in the same step that reads it: however late
 * another worker or server is, by its clock or on its way, no count changes that was looked at. Who
 * finds its own window closed goes on to the next. */

#include "rate-limit-private.h"

#include <h3/base/error.h>
#include <h3/loop/clock.h>

/* More than any count. */
#define CLOSED (G_GINT64_CONSTANT (1) << 40)
/* How many windows the clock of this machine may be behind that of another. */
#define MAX_BEHIND 16

typedef struct {
    H3RateLimit *limit; /* ref */
    RateAnswered answered;
    gpointer user_data;
    RateReceipt receipt;
    RateWindow window; /* sliding */
    gint64 previous;   /* what the window before has counted */
    guint n_behind;
} Asking;

static void
answer (Asking *asking, const H3RateLimitVerdict *verdict)
{
    asking->answered (asking->limit, verdict, &asking->receipt, asking->user_data);
    h3_rate_limit_unref (asking->limit);
    g_free (asking);
}

static void
tell_failure (H3RateLimit *limit, const GError *error)
{
    const char *whom = limit->fails_open ? "all" : "nobody";
    guint n_untold;

    if (!failure_notice_is_due (&limit->notice, &n_untold))
        return;
    if (n_untold == 0)
        g_message ("the rate limit '%s' lets %s pass: its store fails: %s", limit->name, whom,
                   error->message);
    else
        g_message ("the rate limit '%s' lets %s pass: its store fails: %s (%u times more since "
                   "this was told last)",
                   limit->name, whom, error->message, n_untold);
}

static void
answer_failure (Asking *asking, const GError *error)
{
    H3RateLimitVerdict verdict = { .is_allowed = asking->limit->fails_open, .error = error };

    tell_failure (asking->limit, error);
    answer (asking, &verdict);
}

/* Of a counter that was to stay within `bound`. */
static H3RateLimitVerdict
judge (const H3StoreAnswer *found, gint64 bound)
{
    return (H3RateLimitVerdict){ .is_allowed = found->outcome == H3_STORE_DONE,
                                 .remaining = MAX (bound - found->number, 0) };
}

static void
on_fixed (H3Store *store, const H3StoreAnswer *found, gpointer user_data)
{
    Asking *asking = user_data;
    H3RateLimitVerdict verdict = judge (found, asking->limit->limit);

    if (found->outcome == H3_STORE_FAILED) {
        answer_failure (asking, found->error);
        return;
    }
    asking->receipt.end = clock_get_now () + found->expires_in;
    verdict.reset_after = found->expires_in;
    verdict.retry_after = verdict.is_allowed ? 0 : MAX (found->expires_in, 1);
    answer (asking, &verdict);
}

static void
on_bucket (H3Store *store, const H3StoreAnswer *found, gpointer user_data)
{
    Asking *asking = user_data;
    gint64 level = (found->number + 999) / 1000;
    H3RateLimitVerdict verdict = { .is_allowed = found->outcome == H3_STORE_DONE,
                                   .remaining = MAX (asking->limit->limit - level, 0),
                                   .reset_after = found->expires_in };

    if (found->outcome == H3_STORE_FAILED) {
        answer_failure (asking, found->error);
        return;
    }
    asking->receipt.end = clock_get_now () + found->expires_in;
    verdict.retry_after = verdict.is_allowed ? 0 : MAX (found->expires_in, 1);
    answer (asking, &verdict);
}

static void
write_window_key (const RateReceipt *receipt, gint64 index, char out[RATE_LIMIT_KEY_ROOM])
{
    int length =
        g_snprintf (out, RATE_LIMIT_KEY_ROOM, "%s:%" G_GINT64_MODIFIER "x", receipt->key, index);

    g_assert (length < RATE_LIMIT_KEY_ROOM);
}

static void close_window_before (Asking *asking);

static void
on_counted (H3Store *store, const H3StoreAnswer *found, gpointer user_data)
{
    Asking *asking = user_data;
    gint64 limit = asking->limit->limit;
    gint64 bound = rate_window_get_bound (asking->window, limit, asking->previous);
    H3RateLimitVerdict verdict = judge (found, bound);

    if (found->outcome == H3_STORE_FAILED) {
        answer_failure (asking, found->error);
        return;
    }
    if (found->outcome == H3_STORE_REFUSED && found->number >= CLOSED / 2) {
        asking->window = rate_window_next (asking->window);
        asking->n_behind++;
        close_window_before (asking);
        return;
    }
    verdict.reset_after = asking->window.left;
    if (!verdict.is_allowed) {
        verdict.retry_after = MAX (rate_window_get_wait (asking->window, limit, asking->previous,
                                                         found->number, asking->receipt.amount),
                                   1);
        verdict.reset_after = verdict.retry_after;
    }
    answer (asking, &verdict);
}

static void
on_closed (H3Store *store, const H3StoreAnswer *found, gpointer user_data)
{
    Asking *asking = user_data;
    H3RateLimit *limit = asking->limit;
    char key[RATE_LIMIT_KEY_ROOM];

    if (found->outcome == H3_STORE_FAILED) {
        answer_failure (asking, found->error);
        return;
    }
    /* What was given back where nothing was known any more is less than nothing. */
    asking->previous = CLAMP (found->number - CLOSED, 0, H3_RATE_LIMIT_MAX);
    asking->receipt.index = asking->window.index;
    write_window_key (&asking->receipt, asking->window.index, key);
    h3_store_add (store, key, asking->receipt.amount,
                  rate_window_get_bound (asking->window, limit->limit, asking->previous),
                  2 * limit->length, on_counted, asking);
}

/* Done or refused, the store says what is there now. */
static void
close_window_before (Asking *asking)
{
    H3RateLimit *limit = asking->limit;
    g_autoptr (GError) error = NULL;
    char key[RATE_LIMIT_KEY_ROOM];

    if (asking->n_behind > MAX_BEHIND) {
        error = g_error_new_literal (H3_ERROR, H3_ERROR_FAILED,
                                     "the clock of this machine is far behind that of another");
        answer_failure (asking, error);
        return;
    }
    write_window_key (&asking->receipt, asking->window.index - 1, key);
    h3_store_add (rate_limit_get_store (limit), key, CLOSED, CLOSED + H3_RATE_LIMIT_MAX,
                  limit->length, on_closed, asking);
}

void
rate_limit_ask (H3RateLimit *limit, const char *key, gint64 amount, RateAnswered answered,
                gpointer user_data)
{
    H3Store *store = rate_limit_get_store (limit);
    Asking *asking = g_new0 (Asking, 1);

    asking->limit = h3_rate_limit_ref (limit);
    asking->answered = answered;
    asking->user_data = user_data;
    (void) g_strlcpy (asking->receipt.key, key, sizeof asking->receipt.key);
    asking->receipt.amount = amount;
    switch (limit->algorithm) {
    case H3_RATE_LIMIT_FIXED_WINDOW:
        h3_store_add (store, key, amount, limit->limit, limit->length, on_fixed, asking);
        break;
    case H3_RATE_LIMIT_TOKEN_BUCKET:
        h3_store_fill (store, key, amount, limit->limit, limit->length, on_bucket, asking);
        break;
    case H3_RATE_LIMIT_SLIDING_WINDOW:
        asking->window = rate_window_at (clock_get_real (), limit->length);
        close_window_before (asking);
        break;
    }
}

void
rate_limit_give_back (H3RateLimit *limit, const RateReceipt *receipt)
{
    H3Store *store = rate_limit_get_store (limit);
    char key[RATE_LIMIT_KEY_ROOM];

    switch (limit->algorithm) {
    case H3_RATE_LIMIT_FIXED_WINDOW:
        /* What a window has counted is not the next one's. */
        if (clock_get_now () < receipt->end)
            h3_store_add (store, receipt->key, -receipt->amount, limit->limit, limit->length, NULL,
                          NULL);
        break;
    case H3_RATE_LIMIT_TOKEN_BUCKET:
        /* What was counted last has leaked last: once all has, its room is others'. */
        if (clock_get_now () < receipt->end)
            h3_store_fill (store, receipt->key, -receipt->amount, limit->limit, limit->length, NULL,
                           NULL);
        break;
    case H3_RATE_LIMIT_SLIDING_WINDOW:
        write_window_key (receipt, receipt->index, key);
        h3_store_add (store, key, -receipt->amount, limit->limit, 2 * limit->length, NULL, NULL);
        break;
    }
}

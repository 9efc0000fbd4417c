/* SPDX-License-Identifier: MIT */

#include "rate-limit-private.h"

/* A program's question on its way. */
typedef struct {
    H3RateLimitAnswered answered;
    gpointer user_data;
} Taking;

static void
on_taken (H3RateLimit *limit, const H3RateLimitVerdict *verdict, const RateReceipt *receipt,
          gpointer user_data)
{
    g_autofree Taking *taking = user_data;

    taking->answered (limit, verdict, taking->user_data);
}

gboolean
h3_rate_limit_take (H3RateLimit *limit, const char *key, gint64 amount,
                    H3RateLimitAnswered answered, gpointer user_data)
{
    char written[RATE_LIMIT_KEY_ROOM];
    Taking *taking;

    g_return_val_if_fail (limit != NULL && key != NULL && answered != NULL, FALSE);
    g_return_val_if_fail (amount >= 1 && amount <= limit->limit, FALSE);
    if (!rate_limit_write_text_key (limit, key, written))
        return FALSE;
    taking = g_new (Taking, 1);
    taking->answered = answered;
    taking->user_data = user_data;
    rate_limit_ask (limit, written, amount, on_taken, taking);
    return TRUE;
}

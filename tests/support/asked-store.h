/* SPDX-License-Identifier: MIT
 *
 * Questions to a store, each waited for: what a test of a store consists of. The answer is that of
 * the last question of this thread, and stays until the next. */

#pragma once

#include "h3/store/store.h"

typedef struct {
    guint n; /* how many came */
    H3StoreOutcome outcome;
    GBytes *value; /* ref */
    gint64 number, expires_in;
    GError *error; /* owned */
} StoreAnswer;

/* Where a question is to be answered without being waited for; zeroed. */
void store_answer_note (H3Store *store, const H3StoreAnswer *answer, gpointer data);
void store_answer_clear (StoreAnswer *answer);

/* Turns this thread's loop, or main context, until so many answers have come; fails the test after
 * half a minute. */
void store_answer_wait (StoreAnswer *answer, guint n);

const StoreAnswer *ask_get (H3Store *store, const char *key);
const StoreAnswer *ask_put (H3Store *store, const char *key, const char *value, gint64 ttl);
const StoreAnswer *ask_remove (H3Store *store, const char *key);
const StoreAnswer *ask_touch (H3Store *store, const char *key, gint64 ttl);
const StoreAnswer *ask_compare (H3Store *store, const char *key, const char *expected,
                                const char *value, gint64 ttl);
const StoreAnswer *ask_add (H3Store *store, const char *key, gint64 amount, gint64 bound,
                            gint64 ttl);
const StoreAnswer *ask_fill (H3Store *store, const char *key, gint64 amount, gint64 capacity,
                             gint64 period);
const StoreAnswer *ask_count (H3Store *store);

/* Drops the last answer of this thread, which is about to end. */
void ask_clear (void);

/* Fail the test unless the answer is this. */
void expect_outcome (const StoreAnswer *answer, H3StoreOutcome outcome);
void expect_value (const StoreAnswer *answer, H3StoreOutcome outcome, const char *value);
void expect_number (const StoreAnswer *answer, H3StoreOutcome outcome, gint64 number);
void expect_failure (const StoreAnswer *answer, H3StoreError code);

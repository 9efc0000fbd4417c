/* SPDX-License-Identifier: MIT */

#include "asked-store.h"

#include "suite.h"

#include "h3/loop/loop.h"

/* A test's only thread, or each of several, has its own. */
static __thread StoreAnswer last;

void
store_answer_clear (StoreAnswer *answer)
{
    g_clear_error (&answer->error);
    g_clear_pointer (&answer->value, g_bytes_unref);
    *answer = (StoreAnswer){ 0 };
}

void
store_answer_note (H3Store *store, const H3StoreAnswer *told, gpointer data)
{
    StoreAnswer *answer = data;
    guint n = answer->n;

    ck_assert (H3_IS_STORE (store));
    ck_assert ((told->outcome == H3_STORE_FAILED) == (told->error != NULL));
    store_answer_clear (answer);
    answer->n = n + 1;
    answer->outcome = told->outcome;
    answer->value = told->value != NULL ? g_bytes_ref (told->value) : NULL;
    answer->number = told->number;
    answer->expires_in = told->expires_in;
    answer->error = told->error != NULL ? g_error_copy (told->error) : NULL;
}

void
store_answer_wait (StoreAnswer *answer, guint n)
{
    gint64 until = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;
    Loop *loop = loop_get_current ();
    g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

    while (answer->n < n) {
        ck_assert_msg (g_get_monotonic_time () < until, "a store does not answer");
        if (loop != NULL)
            loop_step (loop, TRUE);
        else
            g_main_context_iteration (context, TRUE);
    }
    ck_assert_uint_eq (answer->n, n);
}

static const StoreAnswer *
wait_for_last (void)
{
    /* Never inline. */
    ck_assert_uint_eq (last.n, 0);
    store_answer_wait (&last, 1);
    return &last;
}

static StoreAnswer *
begin (void)
{
    store_answer_clear (&last);
    return &last;
}

static GBytes *
new_bytes (const char *text)
{
    return text != NULL ? g_bytes_new (text, strlen (text)) : NULL;
}

const StoreAnswer *
ask_get (H3Store *store, const char *key)
{
    h3_store_get (store, key, store_answer_note, begin ());
    return wait_for_last ();
}

const StoreAnswer *
ask_put (H3Store *store, const char *key, const char *value, gint64 ttl)
{
    g_autoptr (GBytes) bytes = new_bytes (value);

    h3_store_put (store, key, bytes, ttl, store_answer_note, begin ());
    return wait_for_last ();
}

const StoreAnswer *
ask_remove (H3Store *store, const char *key)
{
    h3_store_remove (store, key, store_answer_note, begin ());
    return wait_for_last ();
}

const StoreAnswer *
ask_touch (H3Store *store, const char *key, gint64 ttl)
{
    h3_store_touch (store, key, ttl, store_answer_note, begin ());
    return wait_for_last ();
}

const StoreAnswer *
ask_compare (H3Store *store, const char *key, const char *expected, const char *value, gint64 ttl)
{
    g_autoptr (GBytes) before = new_bytes (expected);
    g_autoptr (GBytes) bytes = new_bytes (value);

    h3_store_compare_and_set (store, key, before, bytes, ttl, store_answer_note, begin ());
    return wait_for_last ();
}

const StoreAnswer *
ask_add (H3Store *store, const char *key, gint64 amount, gint64 bound, gint64 ttl)
{
    h3_store_add (store, key, amount, bound, ttl, store_answer_note, begin ());
    return wait_for_last ();
}

const StoreAnswer *
ask_fill (H3Store *store, const char *key, gint64 amount, gint64 capacity, gint64 period)
{
    h3_store_fill (store, key, amount, capacity, period, store_answer_note, begin ());
    return wait_for_last ();
}

const StoreAnswer *
ask_count (H3Store *store)
{
    h3_store_count (store, store_answer_note, begin ());
    return wait_for_last ();
}

void
ask_clear (void)
{
    store_answer_clear (&last);
}

void
expect_outcome (const StoreAnswer *answer, H3StoreOutcome outcome)
{
    ck_assert_msg (answer->outcome == outcome, "outcome %d, not %d (%s)", (int) answer->outcome,
                   (int) outcome, answer->error != NULL ? answer->error->message : "no error");
}

void
expect_value (const StoreAnswer *answer, H3StoreOutcome outcome, const char *value)
{
    gsize length;
    const char *data;

    expect_outcome (answer, outcome);
    ck_assert_ptr_nonnull (answer->value);
    data = g_bytes_get_data (answer->value, &length);
    ck_assert_uint_eq (length, strlen (value));
    ck_assert (length == 0 || memcmp (data, value, length) == 0);
}

void
expect_number (const StoreAnswer *answer, H3StoreOutcome outcome, gint64 number)
{
    expect_outcome (answer, outcome);
    ck_assert_int_eq (answer->number, number);
}

void
expect_failure (const StoreAnswer *answer, H3StoreError code)
{
    expect_outcome (answer, H3_STORE_FAILED);
    ck_assert_msg (g_error_matches (answer->error, H3_STORE_ERROR, (int) code),
                   "error %d, not %d: %s", answer->error->code, (int) code, answer->error->message);
}

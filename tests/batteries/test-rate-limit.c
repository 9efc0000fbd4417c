/* SPDX-License-Identifier: MIT
 *
 * Limits on a driven clock: how much passes, and what clients are told. */

#include "rate-limit-fixture.h"

#include "tests/support/failing-store.h"

#include "h3/base/error.h"
#include "h3/batteries/rate-limit-private.h"
#include "h3/store/memory-store.h"

START_TEST (a_fixed_window_lets_its_limit_pass_until_its_end)
{
    use ();
    assert_passes_from ("192.0.2.1", 1);
    clock_drive (1000);
    assert_room_for ("192.0.2.1", 2);
    clock_drive (MINUTE - 1001);
    assert_status (come_from ("192.0.2.1"), 429);
    clock_drive (1);
    assert_room_for ("192.0.2.1", 3);
}
END_TEST

START_TEST (every_answer_says_what_is_left)
{
    g_autoptr (H3Injected) first = NULL;
    g_autoptr (H3Injected) lost = NULL;

    use ();
    first = come_from ("192.0.2.1");
    assert_field (first, "RateLimit-Limit", "3");
    assert_field (first, "RateLimit-Remaining", "2");
    assert_field (first, "RateLimit-Reset", "60");
    assert_field (first, "RateLimit-Policy", "\"few\";q=3;w=60");
    assert_field (first, "RateLimit", "\"few\";r=2;t=60");
    assert_field (first, "Retry-After", NULL);
    clock_drive (1);
    lost = ask_field (app, "/nowhere", "X-Forwarded-For", "192.0.2.1");
    ck_assert_uint_eq (h3_injected_get_status (lost), 404);
    assert_field (lost, "RateLimit-Remaining", "1");
    assert_field (lost, "RateLimit-Reset", "60");
}
END_TEST

START_TEST (who_is_refused_is_told_when_to_come_again)
{
    g_autoptr (H3Injected) answer = NULL;

    use ();
    assert_passes_from ("192.0.2.1", 3);
    clock_drive (58001);
    answer = come_from ("192.0.2.1");
    ck_assert_uint_eq (h3_injected_get_status (answer), 429);
    assert_field (answer, "Content-Type", "application/problem+json");
    assert_field (answer, "Retry-After", "2");
    assert_field (answer, "RateLimit-Limit", "3");
    assert_field (answer, "RateLimit-Remaining", "0");
    assert_field (answer, "RateLimit-Reset", "2");
    assert_field (answer, "RateLimit", "\"few\";r=0;t=2");
    ck_assert_ptr_nonnull (strstr (h3_injected_get_text (answer), "\"status\":429"));
    clock_drive (2000);
    assert_passes_from ("192.0.2.1", 1);
}
END_TEST

/* 60 of 100 in one window, and half of them still count in the middle of the next. */
START_TEST (a_sliding_window_counts_what_lies_within_its_length)
{
    g_clear_pointer (&limit, h3_rate_limit_unref);
    limit = make ("many", 100, 60);
    h3_rate_limit_set_algorithm (limit, H3_RATE_LIMIT_SLIDING_WINDOW);
    use ();
    clock_drive (MINUTE - 1);
    assert_passes_from ("192.0.2.1", 60);
    clock_drive (1);
    assert_room_for ("192.0.2.1", 40);
    clock_drive (MINUTE / 2);
    assert_room_for ("192.0.2.1", 30);
    clock_drive (MINUTE / 2);
    assert_room_for ("192.0.2.1", 30);
    clock_drive (2 * MINUTE);
    assert_room_for ("192.0.2.1", 100);
}
END_TEST

static gint64
read_retry_after (H3Injected *answer)
{
    const char *text = h3_injected_get_header (answer, "Retry-After");

    ck_assert_ptr_nonnull (text);
    return g_ascii_strtoll (text, NULL, 10);
}

START_TEST (a_sliding_window_lets_pass_again_when_it_said)
{
    g_autoptr (H3Injected) answer = NULL;
    gint64 seconds;

    h3_rate_limit_set_algorithm (limit, H3_RATE_LIMIT_SLIDING_WINDOW);
    use ();
    assert_passes_from ("192.0.2.1", 3);
    answer = come_from ("192.0.2.1");
    seconds = read_retry_after (answer);
    /* One of three has gone when a third of the next window has. */
    ck_assert_int_eq (seconds, 80);
    clock_drive (seconds * 1000 - 1);
    assert_status (come_from ("192.0.2.1"), 429);
    clock_drive (1);
    assert_room_for ("192.0.2.1", 1);
}
END_TEST

/* That of another server is ahead: it has closed this window, and counted in the next. */
START_TEST (a_clock_that_is_behind_counts_where_the_others_do)
{
    G_GNUC_UNUSED g_autoptr (H3App) other = NULL;

    h3_rate_limit_set_algorithm (limit, H3_RATE_LIMIT_SLIDING_WINDOW);
    use ();
    assert_passes_from ("192.0.2.1", 1);
    /* What the other does: adds more than any count. */
    {
        H3Store *store = h3_memory_store_new (1000, 1 << 20);
        g_autofree char *key = g_strdup_printf ("limit:few:s:ac0000201:%" G_GINT64_MODIFIER "x",
                                                clock_get_real () / MINUTE);

        h3_store_add (store, key, (G_GINT64_CONSTANT (1) << 40) + 2, G_GINT64_CONSTANT (1) << 41,
                      2 * MINUTE, NULL, NULL);
        h3_rate_limit_set_store (limit, store);
        g_object_unref (store);
    }
    assert_room_for ("192.0.2.1", 1);
}
END_TEST

START_TEST (a_bucket_gives_room_back_evenly)
{
    g_autoptr (H3Injected) answer = NULL;

    h3_rate_limit_set_algorithm (limit, H3_RATE_LIMIT_TOKEN_BUCKET);
    use ();
    assert_passes_from ("192.0.2.1", 3);
    answer = come_from ("192.0.2.1");
    ck_assert_uint_eq (h3_injected_get_status (answer), 429);
    assert_field (answer, "Retry-After", "20");
    assert_field (answer, "RateLimit-Remaining", "0");
    clock_drive (19999);
    assert_status (come_from ("192.0.2.1"), 429);
    clock_drive (1);
    assert_room_for ("192.0.2.1", 1);
    clock_drive (40000);
    assert_room_for ("192.0.2.1", 2);
}
END_TEST

/* As after a restart with another configuration, where the store outlives it. */
START_TEST (another_algorithm_begins_anew)
{
    g_autoptr (H3Store) store = h3_memory_store_new (1000, 1 << 20);

    h3_rate_limit_set_store (limit, store);
    use ();
    for (guint i = 0; i < 3; i++) {
        h3_rate_limit_set_algorithm (limit, (H3RateLimitAlgorithm) i);
        assert_room_for ("192.0.2.1", 3);
    }
}
END_TEST

static void
answer_status (H3Event *event, gpointer user_data)
{
    h3_event_send_empty (event,
                         (guint) g_ascii_strtoull (h3_event_get_param (event, "status"), NULL, 10));
}

static void
assert_room_for_failures (H3RateLimitAlgorithm algorithm)
{
    g_autoptr (H3Injected) answer = NULL;

    h3_rate_limit_set_algorithm (limit, algorithm);
    h3_rate_limit_set_skip_success (limit, TRUE);
    use ();
    h3_app_get (app, "/status/:status", answer_status, NULL);
    for (guint i = 0; i < 10; i++)
        assert_status (ask (app, "GET", "/status/399"), 399);
    answer = ask (app, "GET", "/status/200");
    assert_field (answer, "RateLimit-Remaining", "3");
    assert_status (ask (app, "GET", "/status/401"), 401);
    assert_status (ask (app, "GET", "/status/200"), 200);
    assert_status (ask (app, "GET", "/nowhere"), 404);
    h3_injected_unref (answer);
    answer = ask (app, "GET", "/status/400");
    ck_assert_uint_eq (h3_injected_get_status (answer), 400);
    assert_field (answer, "RateLimit-Remaining", "0");
    assert_status (ask (app, "GET", "/status/200"), 429);
}

START_TEST (failures_only_are_counted_where_success_is_skipped)
{
    assert_room_for_failures ((H3RateLimitAlgorithm) _i);
}
END_TEST

static H3Event *slow; /* ref */

static void
keep (H3Event *event, gpointer user_data)
{
    slow = h3_event_defer (event);
    clock_drive (MINUTE);
    h3_event_send_text (slow, "slow");
    g_clear_pointer (&slow, h3_event_unref);
}

/* What the window before counted was not this one's. */
START_TEST (a_success_is_given_back_to_its_own_window)
{
    h3_rate_limit_set_skip_success (limit, TRUE);
    use ();
    h3_app_get (app, "/slow", keep, NULL);
    h3_app_get (app, "/status/:status", answer_status, NULL);
    assert_status (ask (app, "GET", "/status/400"), 400);
    clock_drive (MINUTE);
    assert_status (ask (app, "GET", "/slow"), 200);
    for (guint i = 0; i < 3; i++)
        assert_status (ask (app, "GET", "/status/400"), 400);
    assert_status (ask (app, "GET", "/status/400"), 429);
}
END_TEST

typedef struct {
    gboolean is_answered, is_allowed;
    RateReceipt receipt;
} Counted;

static void
note_counted (H3RateLimit *asked, const H3RateLimitVerdict *verdict, const RateReceipt *receipt,
              gpointer user_data)
{
    *(Counted *) user_data = (Counted){ TRUE, verdict->is_allowed, *receipt };
}

static Counted
count_one (void)
{
    Counted counted = { 0 };

    rate_limit_ask (limit, "limit:few:b:someone", 1, note_counted, &counted);
    while (!counted.is_answered)
        (void) g_main_context_iteration (NULL, TRUE);
    return counted;
}

/* The room that a slow success took has come back by itself, and others have taken it. Who has many
 * of them under way would gain as many failures more. */
START_TEST (what_a_bucket_has_lost_is_not_given_back)
{
    Counted slow_one;

    h3_rate_limit_set_algorithm (limit, H3_RATE_LIMIT_TOKEN_BUCKET);
    slow_one = count_one ();
    clock_drive (MINUTE / 3);
    for (guint i = 0; i < 3; i++)
        ck_assert (count_one ().is_allowed);
    rate_limit_give_back (limit, &slow_one.receipt);
    ck_assert (!count_one ().is_allowed);
}
END_TEST

START_TEST (the_limit_with_the_least_left_is_told)
{
    g_autoptr (H3RateLimit) wide = make ("wide", 100, 3600);
    g_autoptr (H3RateLimit) narrow = make ("narrow", 2, 60);
    g_autoptr (H3Injected) answer = NULL;

    h3_app_use (app, "/", h3_rate_limit_to_middleware (limit));
    h3_app_use (app, "/", h3_rate_limit_to_middleware (narrow));
    h3_app_use (app, "/", h3_rate_limit_to_middleware (wide));
    h3_app_get (app, "/", say, (gpointer) "hello");
    answer = come_from ("192.0.2.1");
    assert_field (answer, "RateLimit-Limit", "2");
    assert_field (answer, "RateLimit-Remaining", "1");
    assert_field (answer, "RateLimit-Policy",
                  "\"few\";q=3;w=60, \"narrow\";q=2;w=60, \"wide\";q=100;w=3600");
    assert_field (answer, "RateLimit",
                  "\"few\";r=2;t=60, \"narrow\";r=1;t=60, \"wide\";r=99;t=3600");
}
END_TEST

static guint n_messages;

static GLogWriterOutput
count_message (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
    if ((level & G_LOG_LEVEL_MESSAGE) == 0)
        return g_log_writer_default (level, fields, n_fields, user_data);
    n_messages++;
    return G_LOG_WRITER_HANDLED;
}

static H3Store *
use_failing_store (void)
{
    H3Store *store = failing_store_new (h3_memory_store_new (100, 1 << 16));

    n_messages = 0;
    h3_rate_limit_set_store (limit, store);
    failing_store_set_failing (store, TRUE);
    return store;
}

START_TEST (where_the_store_fails_an_open_limit_lets_pass)
{
    g_autoptr (H3Store) store = use_failing_store ();
    g_autoptr (H3Injected) answer = NULL;

    h3_rate_limit_set_algorithm (limit, (H3RateLimitAlgorithm) _i);
    use ();
    answer = come_from ("192.0.2.1");
    ck_assert_uint_eq (h3_injected_get_status (answer), 200);
    assert_field (answer, "RateLimit-Remaining", NULL);
    assert_passes_from ("192.0.2.1", 99);
    /* It is told once in a while. */
    ck_assert_uint_eq (n_messages, 1);
    clock_drive (10000);
    assert_passes_from ("192.0.2.1", 9);
    ck_assert_uint_eq (n_messages, 2);
    failing_store_set_failing (store, FALSE);
    assert_room_for ("192.0.2.1", 3);
}
END_TEST

START_TEST (where_the_store_fails_a_closed_limit_lets_nobody_pass)
{
    g_autoptr (H3Store) store = use_failing_store ();
    g_autoptr (H3Injected) answer = NULL;

    h3_rate_limit_set_fails_open (limit, FALSE);
    h3_rate_limit_set_algorithm (limit, (H3RateLimitAlgorithm) _i);
    use ();
    answer = come_from ("192.0.2.1");
    ck_assert_uint_eq (h3_injected_get_status (answer), 503);
    assert_field (answer, "Content-Type", "application/problem+json");
    assert_field (answer, "Retry-After", "5");
    failing_store_set_failing (store, FALSE);
    assert_room_for ("192.0.2.1", 3);
}
END_TEST

static const struct {
    const char *name;
    guint limit;
    gint64 seconds;
    guint when_failing;
} presets[] = {
    { "login", 5, 60, 503 }, { "register", 3, 60, 503 }, { "password_reset", 3, 3600, 503 },
    { "auth", 10, 60, 503 }, { "api", 100, 900, 200 },   { "email", 3, 3600, 200 },
};

START_TEST (presets_are_what_they_are_called)
{
    g_autoptr (H3Store) store = NULL;

    g_clear_pointer (&limit, h3_rate_limit_unref);
    limit = h3_rate_limit_new_preset (presets[_i].name, NULL);
    ck_assert_str_eq (h3_rate_limit_get_name (limit), presets[_i].name);
    store = use_failing_store ();
    use ();
    assert_status (come_from ("192.0.2.1"), presets[_i].when_failing);
    failing_store_set_failing (store, FALSE);
    assert_room_for ("192.0.2.1", presets[_i].limit);
    clock_drive (presets[_i].seconds * 1000 - 1);
    assert_status (come_from ("192.0.2.1"), 429);
    clock_drive (1);
    assert_passes_from ("192.0.2.1", 1);
}
END_TEST

static const struct {
    const char *name;
    gint64 limit, seconds;
} impossible[] = {
    { "", 1, 1 },          { "a b", 1, 1 },
    { "a\"", 1, 1 },       { "a:b", 1, 1 },
    { "n", 0, 1 },         { "n", -1, 1 },
    { "n", 100000001, 1 }, { "n", 1, 0 },
    { "n", 1, 31622401 },  { "n", 100000, 10000001 },
};

START_TEST (what_cannot_be_is_no_limit)
{
    g_autoptr (GError) error = NULL;
    H3RateLimit *made = h3_rate_limit_new (impossible[_i].name, impossible[_i].limit,
                                           impossible[_i].seconds, &error);

    ck_assert_ptr_null (made);
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
    g_clear_error (&error);
    ck_assert_ptr_null (h3_rate_limit_new_preset ("no", &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_NOT_FOUND));
}
END_TEST

START_TEST (the_largest_limits_can_be_asked)
{
    g_clear_pointer (&limit, h3_rate_limit_unref);
    limit =
        _i % 2 == 0 ? make ("most", H3_RATE_LIMIT_MAX, 10000) : make ("longest", 31000, 31622400);
    h3_rate_limit_set_algorithm (limit, (H3RateLimitAlgorithm) (_i / 2));
    use ();
    assert_passes_from ("192.0.2.1", 2);
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("limits");

    tcase_set_timeout (tcase, 60);
    tcase_add_checked_fixture (tcase, set_up, tear_down);
    tcase_add_test (tcase, a_fixed_window_lets_its_limit_pass_until_its_end);
    tcase_add_test (tcase, every_answer_says_what_is_left);
    tcase_add_test (tcase, who_is_refused_is_told_when_to_come_again);
    tcase_add_test (tcase, a_sliding_window_counts_what_lies_within_its_length);
    tcase_add_test (tcase, a_sliding_window_lets_pass_again_when_it_said);
    tcase_add_test (tcase, a_clock_that_is_behind_counts_where_the_others_do);
    tcase_add_test (tcase, a_bucket_gives_room_back_evenly);
    tcase_add_test (tcase, another_algorithm_begins_anew);
    tcase_add_loop_test (tcase, failures_only_are_counted_where_success_is_skipped, 0, 3);
    tcase_add_test (tcase, a_success_is_given_back_to_its_own_window);
    tcase_add_test (tcase, what_a_bucket_has_lost_is_not_given_back);
    tcase_add_test (tcase, the_limit_with_the_least_left_is_told);
    tcase_add_loop_test (tcase, where_the_store_fails_an_open_limit_lets_pass, 0, 3);
    tcase_add_loop_test (tcase, where_the_store_fails_a_closed_limit_lets_nobody_pass, 0, 3);
    tcase_add_loop_test (tcase, presets_are_what_they_are_called, 0, G_N_ELEMENTS (presets));
    tcase_add_loop_test (tcase, what_cannot_be_is_no_limit, 0, G_N_ELEMENTS (impossible));
    tcase_add_loop_test (tcase, the_largest_limits_can_be_asked, 0, 6);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    g_log_set_writer_func (count_message, NULL, NULL);
    return suite_run ("batteries/rate-limit", add_cases);
}

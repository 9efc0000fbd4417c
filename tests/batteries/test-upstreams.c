/* SPDX-License-Identifier: MIT */

#include "upstreams-asking.h"

START_TEST (urls_that_lead_to_no_server_are_refused)
{
    static const struct {
        const char *url;
        H3Error code;
        const char *says; /* part of the message */
    } refused[] = {
        { "ftp://a", H3_ERROR_INVALID, "ftp://a" },
        { "http://", H3_ERROR_INVALID, "http://" },
        { "http://a/path", H3_ERROR_INVALID, "behind the host" },
        { "http://a/?q", H3_ERROR_INVALID, "behind the host" },
        { "http://a/#f", H3_ERROR_INVALID, "behind the host" },
        { "http://a:0", H3_ERROR_INVALID, "port 0" },
        { "http+unix:run/app", H3_ERROR_INVALID, "absolute path" },
        { "http+unix:", H3_ERROR_INVALID, "absolute path" },
        { "http+unix:/", H3_ERROR_INVALID, "absolute path" },
        { "http+unix://host/run", H3_ERROR_INVALID, "absolute path" },
        { "http+unix:/run/a?b", H3_ERROR_INVALID, "absolute path" },
        { "http://b", H3_ERROR_EXISTS, "already" },
        { "http://B:80/", H3_ERROR_EXISTS, "already" },
        { "http+unix:///run/app", H3_ERROR_EXISTS, "already" },
        { "http://user:secret@a", H3_ERROR_INVALID, "a user" },
    };
    H3Upstreams *upstreams = h3_upstreams_new ();
    g_autofree char *long_path = g_strnfill (200, 'x');
    g_autofree char *long_url = g_strconcat ("http+unix:/", long_path, NULL);

    ck_assert (h3_upstreams_add (upstreams, "http://b", 1, NULL));
    ck_assert (h3_upstreams_add (upstreams, "https://b", 1, NULL));
    ck_assert (h3_upstreams_add (upstreams, "http+unix:/run/app", 1, NULL));
    ck_assert (h3_upstreams_add (upstreams, "http+unix:@abstract", 1, NULL));
    for (guint i = 0; i < G_N_ELEMENTS (refused); i++) {
        g_autoptr (GError) error = NULL;

        ck_assert (!h3_upstreams_add (upstreams, refused[i].url, 1, &error));
        ck_assert (g_error_matches (error, H3_ERROR, (int) refused[i].code));
        ck_assert_msg (strstr (error->message, refused[i].says) != NULL, "%s", error->message);
        ck_assert_ptr_null (strstr (error->message, "secret"));
    }
    ck_assert (!h3_upstreams_add (upstreams, long_url, 1, NULL));
    ck_assert (!h3_upstreams_add (upstreams, "http://c", 0, NULL));
    ck_assert (!h3_upstreams_add (upstreams, "http://c", H3_UPSTREAMS_MAX_WEIGHT + 1, NULL));
    ck_assert_uint_eq (h3_upstreams_count (upstreams), 4);
    h3_upstreams_unref (upstreams);
}
END_TEST

START_TEST (a_set_has_servers_and_a_bound)
{
    H3Upstreams *upstreams = h3_upstreams_new ();
    g_autoptr (GError) empty = NULL, full = NULL;

    ck_assert (!upstreams_freeze (upstreams, &empty));
    ck_assert (g_error_matches (empty, H3_ERROR, H3_ERROR_INVALID));
    for (guint i = 1; i <= H3_UPSTREAMS_MAX; i++) {
        g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u", i);

        ck_assert (h3_upstreams_add (upstreams, url, 1, NULL));
    }
    ck_assert (!h3_upstreams_add (upstreams, "http://a", 1, &full));
    ck_assert (g_error_matches (full, H3_ERROR, H3_ERROR_LIMIT));
    ck_assert (upstreams_freeze (upstreams, NULL));
    for (guint i = 0; i < H3_UPSTREAMS_MAX; i++) {
        UpstreamUse use;

        ck_assert_ptr_nonnull (choose (upstreams, &use));
        upstream_use_end (&use, NULL);
    }
    h3_upstreams_unref (upstreams);
}
END_TEST

START_TEST (what_a_server_is_called)
{
    static const struct {
        const char *url, *host;
    } servers[] = {
        { "http://A.example", "a.example" },
        { "http://a.example:8080", "a.example:8080" },
        { "https://[::1]:8443/", "[::1]:8443" },
        { "http+unix:/run/app.sock", "localhost" },
    };
    H3Upstreams *upstreams = h3_upstreams_new ();

    for (guint i = 0; i < G_N_ELEMENTS (servers); i++)
        ck_assert (h3_upstreams_add (upstreams, servers[i].url, 1, NULL));
    ck_assert (upstreams_freeze (upstreams, NULL));
    for (guint i = 0; i < G_N_ELEMENTS (servers); i++) {
        UpstreamUse use;
        Upstream *upstream = choose (upstreams, &use);

        ck_assert_str_eq (upstream_get_url (upstream), servers[i].url);
        ck_assert_str_eq (upstream_get_host (upstream), servers[i].host);
        upstream_use_end (&use, NULL);
    }
    h3_upstreams_unref (upstreams);
}
END_TEST

START_TEST (a_server_that_fails_is_left_alone_and_tried_by_one)
{
    H3Upstreams *upstreams = new_set (1);
    UpstreamUse trial, other;

    ck_assert (upstreams_freeze (upstreams, NULL));
    fail_once (upstreams);
    fail_once (upstreams);
    ck_assert_int_eq (get_report (upstreams, 0).state, H3_UPSTREAM_OPEN);
    ck_assert_ptr_null (choose (upstreams, &other));
    ck_assert_uint_ge (upstreams_get_wait (upstreams), 1);
    ck_assert_uint_le (upstreams_get_wait (upstreams), 2);
    clock_drive (2 * OPEN);
    ck_assert_ptr_nonnull (choose (upstreams, &trial));
    ck_assert_int_eq (get_report (upstreams, 0).state, H3_UPSTREAM_TRIED);
    ck_assert_ptr_null (choose (upstreams, &other));
    ck_assert (!upstream_use_answered (&trial, 200));
    /* The head is enough: the rest may take hours. */
    ck_assert_int_eq (get_report (upstreams, 0).state, H3_UPSTREAM_UP);
    ck_assert_ptr_nonnull (choose (upstreams, &other));
    upstream_use_end (&other, NULL);
    upstream_use_end (&trial, NULL);
    ck_assert_uint_eq (get_report (upstreams, 0).in_flight, 0);
    ck_assert_uint_eq (get_report (upstreams, 0).requests, 4);
    ck_assert_uint_eq (get_report (upstreams, 0).failures, 2);
    h3_upstreams_unref (upstreams);
}
END_TEST

START_TEST (a_trial_that_nobody_waits_for_is_the_next_one_s)
{
    H3Upstreams *upstreams = new_set (1);
    UpstreamUse trial;

    ck_assert (upstreams_freeze (upstreams, NULL));
    fail_once (upstreams);
    fail_once (upstreams);
    clock_drive (2 * OPEN);
    ck_assert_ptr_nonnull (choose (upstreams, &trial));
    upstream_use_end (&trial, NULL);
    ck_assert_int_eq (get_report (upstreams, 0).state, H3_UPSTREAM_OPEN);
    ck_assert_ptr_nonnull (choose (upstreams, &trial));
    end_with (&trial, H3_CLIENT_ERROR_TOO_LARGE);
    ck_assert_ptr_nonnull (choose (upstreams, &trial));
    end_with (&trial, H3_CLIENT_ERROR_TIMEOUT);
    ck_assert_ptr_null (choose (upstreams, &trial));
    h3_upstreams_unref (upstreams);
}
END_TEST

START_TEST (what_a_failure_is)
{
    static const struct {
        H3ClientError code;
        gboolean is_failure;
    } ends[] = {
        { H3_CLIENT_ERROR_INVALID_URL, FALSE }, { H3_CLIENT_ERROR_NAME, TRUE },
        { H3_CLIENT_ERROR_CONNECT, TRUE },      { H3_CLIENT_ERROR_TLS, TRUE },
        { H3_CLIENT_ERROR_TIMEOUT, TRUE },      { H3_CLIENT_ERROR_CANCELLED, FALSE },
        { H3_CLIENT_ERROR_CLOSED, TRUE },       { H3_CLIENT_ERROR_PROTOCOL, TRUE },
        { H3_CLIENT_ERROR_TOO_LARGE, FALSE },   { H3_CLIENT_ERROR_ENCODING, FALSE },
    };
    static const guint good[] = { 101, 200, 304, 404, 500, 501 }, bad[] = { 502, 503, 504 };
    H3Upstreams *upstreams = new_set (1);
    guint64 failures = 0;
    UpstreamUse use;

    h3_upstreams_set_breaker (upstreams, 0, 0, 0);
    ck_assert (upstreams_freeze (upstreams, NULL));
    for (guint i = 0; i < G_N_ELEMENTS (ends); i++) {
        ck_assert_ptr_nonnull (choose (upstreams, &use));
        end_with (&use, ends[i].code);
        failures += (guint64) ends[i].is_failure;
        ck_assert_uint_eq (get_report (upstreams, 0).failures, failures);
    }
    for (guint i = 0; i < G_N_ELEMENTS (good); i++) {
        ck_assert_ptr_nonnull (choose (upstreams, &use));
        ck_assert (!upstream_use_answered (&use, good[i]));
        upstream_use_end (&use, NULL);
    }
    ck_assert_uint_eq (get_report (upstreams, 0).failures, failures);
    for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
        ck_assert_ptr_nonnull (choose (upstreams, &use));
        ck_assert (upstream_use_answered (&use, bad[i]));
        /* One request fails once, however much goes wrong. */
        end_with (&use, H3_CLIENT_ERROR_CLOSED);
        ck_assert_uint_eq (get_report (upstreams, 0).failures, ++failures);
    }
    h3_upstreams_unref (upstreams);
}
END_TEST

START_TEST (answers_that_say_so_are_failures_only_where_wanted)
{
    H3Upstreams *upstreams = new_set (1);

    h3_upstreams_set_bad_answers (upstreams, FALSE);
    ck_assert (upstreams_freeze (upstreams, NULL));
    for (guint i = 0; i < 5; i++) {
        UpstreamUse use;

        ck_assert_ptr_nonnull (choose (upstreams, &use));
        ck_assert (!upstream_use_answered (&use, 503));
        upstream_use_end (&use, NULL);
    }
    ck_assert_int_eq (get_report (upstreams, 0).state, H3_UPSTREAM_UP);
    h3_upstreams_unref (upstreams);
}
END_TEST

START_TEST (a_server_that_never_ends_its_answers_is_not_well)
{
    H3Upstreams *upstreams = new_set (1);
    UpstreamUse use;

    ck_assert (upstreams_freeze (upstreams, NULL));
    for (guint i = 0; i < 2; i++) {
        ck_assert_ptr_nonnull (choose (upstreams, &use));
        ck_assert (!upstream_use_answered (&use, 200));
        end_with (&use, H3_CLIENT_ERROR_CLOSED);
    }
    ck_assert_ptr_null (choose (upstreams, &use));
    h3_upstreams_unref (upstreams);
}
END_TEST

START_TEST (a_request_goes_to_each_server_once)
{
    H3Upstreams *upstreams = new_set (2);
    const Upstream *tried[2];
    UpstreamUse use;

    ck_assert (upstreams_freeze (upstreams, NULL));
    for (guint i = 0; i < 3; i++) {
        tried[0] = choose (upstreams, &use);
        end_with (&use, H3_CLIENT_ERROR_CANCELLED);
        tried[1] = upstreams_choose (upstreams, NULL, tried, 1, &use);
        ck_assert_ptr_nonnull (tried[1]);
        ck_assert_ptr_ne (tried[0], tried[1]);
        end_with (&use, H3_CLIENT_ERROR_CANCELLED);
        ck_assert_ptr_null (upstreams_choose (upstreams, NULL, tried, 2, &use));
    }
    h3_upstreams_unref (upstreams);
}
END_TEST

START_TEST (only_idempotent_requests_are_sent_again_and_so_often)
{
    static const gboolean is_idempotent[H3_N_METHODS] = {
        [H3_METHOD_GET] = TRUE,    [H3_METHOD_HEAD] = TRUE,    [H3_METHOD_PUT] = TRUE,
        [H3_METHOD_DELETE] = TRUE, [H3_METHOD_OPTIONS] = TRUE, [H3_METHOD_QUERY] = TRUE,
    };
    H3Upstreams *upstreams = new_set (2);

    h3_upstreams_set_retries (upstreams, 3, 0, 100);
    ck_assert (upstreams_freeze (upstreams, NULL));
    for (guint i = 0; i < H3_N_METHODS; i++)
        ck_assert (upstreams_may_retry (upstreams, (H3Method) i, 1) == is_idempotent[i]);
    /* There are two of them. */
    ck_assert (!upstreams_may_retry (upstreams, H3_METHOD_GET, 2));
    h3_upstreams_unref (upstreams);
    upstreams = new_set (2);
    h3_upstreams_set_retries (upstreams, 1, 0, 100);
    ck_assert (upstreams_freeze (upstreams, NULL));
    ck_assert (!upstreams_may_retry (upstreams, H3_METHOD_GET, 1));
    h3_upstreams_unref (upstreams);
}
END_TEST

START_TEST (requests_earn_what_is_sent_again)
{
    H3Upstreams *upstreams = new_set (2);
    UpstreamUse use;
    const Upstream *tried;

    h3_upstreams_set_retries (upstreams, 3, 50, 0);
    ck_assert (upstreams_freeze (upstreams, NULL));
    ck_assert (!upstreams_may_retry (upstreams, H3_METHOD_GET, 1));
    for (guint i = 0; i < 2; i++) {
        tried = choose (upstreams, &use);
        upstream_use_end (&use, NULL);
    }
    ck_assert (upstreams_may_retry (upstreams, H3_METHOD_GET, 1));
    /* What is sent again earns nothing. */
    for (guint i = 0; i < 4; i++) {
        ck_assert_ptr_nonnull (upstreams_choose (upstreams, NULL, &tried, 1, &use));
        upstream_use_end (&use, NULL);
    }
    ck_assert (!upstreams_may_retry (upstreams, H3_METHOD_GET, 1));
    h3_upstreams_unref (upstreams);
}
END_TEST

static void
append_change (H3Upstreams *upstreams, const char *url, H3UpstreamState state, gpointer user_data)
{
    g_string_append_printf (user_data, "%s %s\n", url, h3_upstream_state_to_string (state));
}

static void
note_destroyed (gpointer data)
{
    *(guint *) data += 1;
}

START_TEST (each_change_is_told_once)
{
    H3Upstreams *upstreams = new_set (1);
    g_autoptr (GString) told = g_string_new (NULL);
    guint n_destroyed = 0;
    UpstreamUse use, late;

    h3_upstreams_on_change (upstreams, append_change, &n_destroyed, note_destroyed);
    h3_upstreams_on_change (upstreams, append_change, told, NULL);
    ck_assert_uint_eq (n_destroyed, 1);
    ck_assert (upstreams_freeze (upstreams, NULL));
    ck_assert_ptr_nonnull (choose (upstreams, &late));
    fail_once (upstreams);
    fail_once (upstreams);
    end_with (&late, H3_CLIENT_ERROR_CLOSED);
    clock_drive (2 * OPEN);
    ck_assert_ptr_nonnull (choose (upstreams, &use));
    (void) upstream_use_answered (&use, 200);
    upstream_use_end (&use, NULL);
    ck_assert_str_eq (told->str, FIRST " open\n" FIRST " tried\n" FIRST " up\n");
    h3_upstreams_unref (upstreams);
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "set", urls_that_lead_to_no_server_are_refused,
                    a_set_has_servers_and_a_bound, what_a_server_is_called, NULL);
    suite_add_case (suite, "failures", a_server_that_fails_is_left_alone_and_tried_by_one,
                    a_trial_that_nobody_waits_for_is_the_next_one_s, what_a_failure_is,
                    answers_that_say_so_are_failures_only_where_wanted,
                    a_server_that_never_ends_its_answers_is_not_well, each_change_is_told_once,
                    NULL);
    suite_add_case (suite, "retries", a_request_goes_to_each_server_once,
                    only_idempotent_requests_are_sent_again_and_so_often,
                    requests_earn_what_is_sent_again, NULL);
}

int
main (void)
{
    return suite_run ("batteries/upstreams", add_cases);
}

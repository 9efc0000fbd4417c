/* SPDX-License-Identifier: MIT */

#include "coded.h"

#include "h3/base/error.h"

#include <glib/gstdio.h>
#include <unistd.h>

static void
send_large (H3Event *event, gpointer user_data)
{
    g_autoptr (GString) large = g_string_new (NULL);

    for (guint i = 0; i < 100; i++)
        g_string_append (large, text);
    h3_event_send_text (event, large->str);
}

static void
send_large_static (H3Event *event, gpointer user_data)
{
    static char large[200000];

    memset (large, 'y', sizeof large);
    h3_event_send_static (event, "text/plain", h3_view (large, sizeof large));
}

static void
send_stream (H3Event *event, gpointer user_data)
{
    h3_response_set_content_type (h3_event_get_response (event), "text/plain");
    if (user_data != NULL)
        h3_event_start_stream (event, *(const gint64 *) user_data);
    for (guint i = 0; i < 100; i++)
        h3_event_write (event, text, 40);
    h3_event_finish (event);
}

static GBytes *
generate (gpointer user_data, GError **error)
{
    guint *n = user_data;

    if (*n == 100)
        return NULL;
    (*n)++;
    return g_bytes_new (text, 4000);
}

static void
send_generated (H3Event *event, gpointer user_data)
{
    h3_response_set_content_type (h3_event_get_response (event), "text/plain");
    h3_event_send_generator (event, *(const gint64 *) user_data, generate, g_new0 (guint, 1),
                             g_free);
}

static GBytes *
generate_failure (gpointer user_data, GError **error)
{
    g_set_error_literal (error, H3_ERROR, H3_ERROR_FAILED, "on purpose");
    return NULL;
}

static void
send_failing (H3Event *event, gpointer user_data)
{
    h3_response_set_content_type (h3_event_get_response (event), "text/plain");
    h3_event_send_generator (event, -1, generate_failure, NULL, NULL);
}

static void
send_file (H3Event *event, gpointer user_data)
{
    h3_event_send_file (event, user_data);
}

START_TEST (compression_of_a_large_body_is_told_to_head)
{
    assert_head_is_as_get (send_large, NULL);
}
END_TEST

START_TEST (compression_of_a_stream_is_told_to_head)
{
    static const gint64 length = 4000;

    assert_head_is_as_get (send_stream, &length);
}
END_TEST

static const gint64 unknown = -1, promised = 400000, too_many = 400001, too_few = 399999;
static const gint64 stream_promised = 4000, stream_too_many = 4001, stream_too_few = 3999;

static const struct {
    H3Handler handler;
    gconstpointer user_data;
    gsize length;
} makings[] = {
    { send_large, NULL, 400000 },         { send_large_static, NULL, 200000 },
    { send_stream, NULL, 4000 },          { send_stream, &stream_promised, 4000 },
    { send_generated, &unknown, 400000 }, { send_generated, &promised, 400000 },
};

START_TEST (compression_codes_bodies_however_they_are_made)
{
    static const char *const codings[] = { "gzip", "br", "zstd" };

    use_compression (makings[_i].handler, makings[_i].user_data);
    for (guint i = 0; i < G_N_ELEMENTS (codings); i++) {
        if (!codings_are_had (codings[i]))
            continue;
        g_autoptr (H3Injected) answer = ask_coded ("GET", codings[i]);
        g_autofree char *found = NULL;

        ck_assert (!h3_injected_is_cut (answer));
        assert_header (answer, "Content-Length", NULL);
        found = decode (answer);
        ck_assert_uint_eq (strlen (found), makings[_i].length);
        ck_assert (makings[_i].handler == send_large_static || memcmp (found, text, 40) == 0);
    }
}
END_TEST

static const struct {
    H3Handler handler;
    gconstpointer user_data;
} cuts[] = {
    { send_generated, &too_many },     { send_generated, &too_few },     { send_failing, NULL },
    { send_stream, &stream_too_many }, { send_stream, &stream_too_few },
};

START_TEST (compression_cuts_what_breaks_its_promise)
{
    g_autoptr (H3Injected) answer = NULL;

    (void) g_log_set_always_fatal (G_LOG_LEVEL_ERROR);
    use_compression (cuts[_i].handler, cuts[_i].user_data);
    answer = ask_coded ("GET", "gzip");
    ck_assert (h3_injected_is_cut (answer));
}
END_TEST

START_TEST (compression_codes_files)
{
    g_autofree char *path = NULL;
    g_autofree char *found = NULL;
    g_autofree char *large = g_strnfill (300000, 'f');
    g_autoptr (H3Injected) answer = NULL;
    int fd = g_file_open_tmp ("h3-XXXXXX.txt", &path, NULL);

    ck_assert_int_ge (fd, 0);
    ck_assert (g_file_set_contents (path, large, 300000, NULL));
    use_compression (send_file, path);
    answer = ask_coded ("GET", "gzip");
    ck_assert (!h3_injected_is_cut (answer));
    assert_header (answer, "Accept-Ranges", NULL);
    ck_assert (g_str_has_prefix (h3_injected_get_header (answer, "ETag"), "W/\""));
    found = decode (answer);
    ck_assert_str_eq (found, large);
    ck_assert_int_eq (g_unlink (path), 0);
    ck_assert_int_eq (close (fd), 0);
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("bodies");

    tcase_set_timeout (tcase, 60);
    tcase_add_checked_fixture (tcase, set_up, tear_down);
    tcase_add_test (tcase, compression_of_a_large_body_is_told_to_head);
    tcase_add_test (tcase, compression_of_a_stream_is_told_to_head);
    tcase_add_loop_test (tcase, compression_codes_bodies_however_they_are_made, 0,
                         G_N_ELEMENTS (makings));
    tcase_add_loop_test (tcase, compression_cuts_what_breaks_its_promise, 0, G_N_ELEMENTS (cuts));
    tcase_add_test (tcase, compression_codes_files);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("batteries/compression-bodies", add_cases);
}

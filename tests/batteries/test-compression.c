/* SPDX-License-Identifier: MIT */

#include "coded.h"

#include "h3/base/error.h"
#include "h3/http/ranged-answer.h"

/* How an answer is made: each knows its own way. */
static void
send_text (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, text);
}

static void
send_short (H3Event *event, gpointer user_data)
{
    text[1023] = '\0';
    h3_event_send_text (event, text);
    text[1023] = 'x';
}

static void
send_least (H3Event *event, gpointer user_data)
{
    char byte = text[1024];

    text[1024] = '\0';
    h3_event_send_text (event, text);
    text[1024] = byte;
}

static void
send_fields (H3Event *event, gpointer user_data)
{
    const char *const *field = user_data;

    for (; *field != NULL; field += 2)
        h3_event_set_header (event, field[0], field[1]);
    h3_event_send_text (event, text);
}

static void
send_typed (H3Event *event, gpointer user_data)
{
    h3_event_send_static (event, user_data, h3_view (text, 4000));
}

static void
send_ranged (H3Event *event, gpointer user_data)
{
    g_autoptr (GBytes) bytes = g_bytes_new (text, 4000);

    h3_event_set_etag (event, "\"v1\"");
    h3_event_send_ranged_bytes (event, "text/plain", bytes);
}

static const struct {
    const char *accepted;
    const char *coding;
} choices[] = {
    { "gzip", "gzip" },
    { "x-gzip", "gzip" },
    { "br", "br" },
    { "zstd", "zstd" },
    { ALL, "br" },
    { "gzip, zstd", "zstd" },
    { "gzip, br;q=0.5", "gzip" },
    { "*", "br" },
    { "*;q=0.1, br;q=0", "zstd" },
    { "gzip;q=0", NULL },
    { "identity, gzip;q=0.5", NULL },
    { "identity;q=0.5, gzip;q=0.5", "gzip" },
    { "deflate", NULL },
    { "", NULL },
    { NULL, NULL },
    { "identity;q=0", NULL }, /* never 406 */
    { "*;q=0", NULL },
    { "identity;q=0, gzip;q=0.1", "gzip" },
};

START_TEST (compression_takes_what_the_client_likes_best)
{
    use_compression (send_text, NULL);
    if (choices[_i].coding == NULL || codings_are_had (choices[_i].coding))
        assert_coding (choices[_i].accepted, choices[_i].coding);
}
END_TEST

START_TEST (compression_keeps_the_text)
{
    static const char *const codings[] = { "gzip", "br", "zstd" };

    use_compression (send_text, NULL);
    for (guint i = 0; i < G_N_ELEMENTS (codings); i++) {
        if (!codings_are_had (codings[i]))
            continue;
        g_autoptr (H3Injected) answer = ask_coded ("GET", codings[i]);
        g_autofree char *found = decode (answer);
        g_autofree char *length =
            g_strdup_printf ("%zu", g_bytes_get_size (h3_injected_get_body (answer)));

        ck_assert_str_eq (found, text);
        assert_header (answer, "Content-Length", length);
        ck_assert_uint_lt (g_bytes_get_size (h3_injected_get_body (answer)), 2000);
        assert_header (answer, "Vary", "Accept-Encoding");
    }
}
END_TEST

START_TEST (compression_says_vary_where_it_did_not_code)
{
    g_autoptr (H3Injected) answer = NULL;

    use_compression (send_text, NULL);
    answer = ask_coded ("GET", NULL);
    assert_header (answer, "Vary", "Accept-Encoding");
    assert_header (answer, "Content-Length", "4000");
}
END_TEST

/* Nobody could be sent another: no Vary. */
static void
assert_left_alone (H3Handler handler, gconstpointer user_data)
{
    g_autoptr (H3Injected) answer = NULL;

    use_compression (handler, user_data);
    answer = ask_coded ("GET", ALL);
    ck_assert_uint_eq (h3_injected_get_status (answer), 200);
    ck_assert_ptr_null (h3_injected_get_header (answer, "Vary"));
    ck_assert_ptr_nonnull (h3_injected_get_header (answer, "Content-Length"));
}

START_TEST (compression_leaves_short_bodies)
{
    assert_left_alone (send_short, NULL);
}
END_TEST

START_TEST (compression_codes_from_1024_bytes_on)
{
    use_compression (send_least, NULL);
    assert_coding ("gzip", "gzip");
}
END_TEST

START_TEST (compression_leaves_images)
{
    assert_left_alone (send_typed, "image/png");
}
END_TEST

START_TEST (compression_leaves_event_streams)
{
    assert_left_alone (send_typed, "text/event-stream");
}
END_TEST

START_TEST (compression_codes_what_a_client_takes_only_coded)
{
    use_compression (send_typed, "image/png");
    assert_coding ("identity;q=0, gzip", "gzip");
    assert_coding ("gzip", NULL);
}
END_TEST

static const char *const untouched[][3] = {
    { "Content-Encoding", "compress", NULL },
    { "Cache-Control", "max-age=3, No-Transform", NULL },
    { "Content-Digest", "sha-256=:AAAA:", NULL },
};

START_TEST (compression_leaves_what_must_not_be_changed)
{
    g_autoptr (H3Injected) answer = NULL;

    use_compression (send_fields, untouched[_i]);
    answer = ask_coded ("GET", ALL);
    ck_assert_str_eq (h3_injected_get_text (answer), text);
    assert_header (answer, untouched[_i][0], untouched[_i][1]);
    assert_header (answer, "Vary", NULL);
}
END_TEST

START_TEST (compression_codes_once)
{
    g_autoptr (H3Injected) answer = NULL;
    g_autofree char *found = NULL;

    h3_app_use (app, "/", h3_compression_new ());
    use_compression (send_text, NULL);
    answer = ask_coded ("GET", ALL);
    found = decode (answer);
    ck_assert_str_eq (found, text);
}
END_TEST

START_TEST (compression_weakens_tags)
{
    static const char *const strong[] = { "ETag", "\"v1\"", NULL };
    g_autoptr (H3Injected) coded = NULL;
    g_autoptr (H3Injected) plain = NULL;

    use_compression (send_fields, strong);
    coded = ask_coded ("GET", "gzip");
    assert_header (coded, "ETag", "W/\"v1\"");
    plain = ask_coded ("GET", NULL);
    assert_header (plain, "ETag", "\"v1\"");
}
END_TEST

START_TEST (compression_leaves_ranges)
{
    g_autoptr (H3Headers) headers = h3_headers_new ();
    g_autoptr (H3Injected) part = NULL;
    g_autoptr (H3Injected) whole = NULL;

    use_compression (send_ranged, NULL);
    whole = ask_coded ("GET", "gzip");
    assert_header (whole, "Accept-Ranges", NULL);
    assert_header (whole, "ETag", "W/\"v1\"");
    h3_headers_set (headers, "Accept-Encoding", "gzip");
    h3_headers_set (headers, "Range", "bytes=0-1999");
    part = ask_with (app, "GET", "/", headers, NULL);
    ck_assert_uint_eq (h3_injected_get_status (part), 206);
    assert_header (part, "Content-Encoding", NULL);
    assert_header (part, "Content-Length", "2000");
    assert_header (part, "Vary", "Accept-Encoding");
    h3_headers_set (headers, "Range", "bytes=0-999,2000-2999");
    assert_status (ask_with (app, "GET", "/", headers, NULL), 206);
}
END_TEST

START_TEST (compression_knows_the_tag_that_it_gave)
{
    g_autoptr (H3Headers) headers = h3_headers_new ();
    g_autoptr (H3Injected) answer = NULL;

    use_compression (send_ranged, NULL);
    h3_headers_set (headers, "Accept-Encoding", "gzip");
    h3_headers_set (headers, "If-None-Match", "W/\"v1\"");
    answer = ask_with (app, "GET", "/", headers, NULL);
    ck_assert_uint_eq (h3_injected_get_status (answer), 304);
    assert_header (answer, "ETag", "W/\"v1\"");
    assert_header (answer, "Vary", "Accept-Encoding");
    assert_header (answer, "Content-Encoding", NULL);
}
END_TEST

START_TEST (compression_leaves_answers_without_a_body)
{
    g_autoptr (H3Injected) answer = NULL;

    h3_app_use (app, "/", h3_compression_new ());
    h3_app_put (app, "/", say, (gpointer) "");
    answer = ask_coded ("OPTIONS", ALL);
    ck_assert_uint_eq (h3_injected_get_status (answer), 204);
    assert_header (answer, "Content-Encoding", NULL);
    assert_header (answer, "Vary", NULL);
}
END_TEST

START_TEST (compression_codes_errors_too)
{
    H3CompressionOptions options;
    g_autoptr (H3Injected) answer = NULL;
    g_autofree char *found = NULL;

    h3_compression_options_init (&options);
    options.least_size = 10;
    h3_app_use (app, "/", h3_compression_new_full (&options, NULL));
    answer = ask_coded ("GET", "gzip");
    ck_assert_uint_eq (h3_injected_get_status (answer), 404);
    found = decode (answer);
    ck_assert_ptr_nonnull (strstr (found, "Not Found"));
}
END_TEST

START_TEST (compression_of_a_whole_body_is_told_to_head)
{
    assert_head_is_as_get (send_ranged, NULL);
}
END_TEST

static const struct {
    const char *codings;
    int level;
} wrong[] = { { "", 1 }, { "gzip deflate", 1 }, { "gzip x-gzip", 1 }, { "gzip", 0 }, { "br", 12 } };

START_TEST (compression_refuses_options_that_cannot_be)
{
    H3CompressionOptions options;
    g_autoptr (GError) error = NULL;

    h3_compression_options_init (&options);
    options.codings = wrong[_i].codings;
    options.gzip_level = options.brotli_level = wrong[_i].level;
    ck_assert_ptr_null (h3_compression_new_full (&options, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
}
END_TEST

START_TEST (compression_has_the_codings_and_levels_of_its_options)
{
    H3CompressionOptions options;
    gsize quick, small;

    h3_compression_options_init (&options);
    options.codings = " gzip  br ";
    options.gzip_level = 1;
    options.least_size = 0;
    h3_app_use (app, "/1", h3_compression_new_full (&options, NULL));
    options.gzip_level = 9;
    h3_app_use (app, "/9", h3_compression_new_full (&options, NULL));
    h3_app_get (app, "/1", send_text, NULL);
    h3_app_get (app, "/9", send_text, NULL);
    for (guint i = 0; i < 2; i++) {
        g_autoptr (H3Injected) answer =
            ask_field (app, i == 0 ? "/1" : "/9", "Accept-Encoding", "br, gzip, zstd");

        assert_header (answer, "Content-Encoding", "gzip");
        *(i == 0 ? &quick : &small) = g_bytes_get_size (h3_injected_get_body (answer));
    }
    ck_assert_uint_lt (small, quick);
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("answers");

    tcase_set_timeout (tcase, 60);
    tcase_add_checked_fixture (tcase, set_up, tear_down);
    tcase_add_loop_test (tcase, compression_takes_what_the_client_likes_best, 0,
                         G_N_ELEMENTS (choices));
    tcase_add_test (tcase, compression_keeps_the_text);
    tcase_add_test (tcase, compression_says_vary_where_it_did_not_code);
    tcase_add_test (tcase, compression_leaves_short_bodies);
    tcase_add_test (tcase, compression_codes_from_1024_bytes_on);
    tcase_add_test (tcase, compression_leaves_images);
    tcase_add_test (tcase, compression_leaves_event_streams);
    tcase_add_test (tcase, compression_codes_what_a_client_takes_only_coded);
    tcase_add_loop_test (tcase, compression_leaves_what_must_not_be_changed, 0,
                         G_N_ELEMENTS (untouched));
    tcase_add_test (tcase, compression_codes_once);
    tcase_add_test (tcase, compression_weakens_tags);
    tcase_add_test (tcase, compression_leaves_ranges);
    tcase_add_test (tcase, compression_knows_the_tag_that_it_gave);
    tcase_add_test (tcase, compression_leaves_answers_without_a_body);
    tcase_add_test (tcase, compression_codes_errors_too);
    tcase_add_test (tcase, compression_of_a_whole_body_is_told_to_head);
    tcase_add_loop_test (tcase, compression_refuses_options_that_cannot_be, 0,
                         G_N_ELEMENTS (wrong));
    tcase_add_test (tcase, compression_has_the_codings_and_levels_of_its_options);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("batteries/compression", add_cases);
}

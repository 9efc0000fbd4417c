/* SPDX-License-Identifier: MIT */

#include "coded.h"

#include "h3/base/error.h"
#include "h3/base/version.h"
#include "h3/batteries/decoding.h"
#include "h3/loop/loop.h"

static const char *const names[] = { "gzip", "deflate", "br", "zstd" };
static guint n_calls;

/* Answers with what it was given, and what it was told of it. */
static void
show_whole (H3Event *event, gpointer user_data)
{
    H3Request *request = h3_event_get_request (event);
    GBytes *body = h3_request_get_body (request);

    n_calls++;
    ck_assert_ptr_null (h3_request_get_header (request, "Content-Encoding"));
    ck_assert_ptr_null (h3_request_get_header (request, "Content-Length"));
    ck_assert (!h3_headers_has (h3_request_get_headers (request), "Content-Encoding"));
    ck_assert_str_eq (h3_request_get_header (request, "Last"), "field");
    ck_assert_int_eq (h3_request_get_content_length (request), (gint64) g_bytes_get_size (body));
    h3_event_send_bytes (event, "text/plain", body);
}

static void
show_as_it_is (H3Event *event, gpointer user_data)
{
    n_calls++;
    h3_event_send_bytes (event, "text/plain", h3_request_get_body (h3_event_get_request (event)));
}

typedef struct {
    GByteArray *text; /* owned */
    gboolean pauses;

} Reading;

static void
free_reading (gpointer data)
{
    Reading *reading = data;

    g_byte_array_unref (reading->text);
    g_free (reading);
}

static void
resume (H3Event *event, gpointer user_data)
{
    h3_event_resume_body (event);
}

static void
take_piece (H3Event *event, const char *data, gsize length, const GError *error, gpointer user_data)
{
    Reading *reading = user_data;

    if (data != NULL) {
        g_byte_array_append (reading->text, (const guint8 *) data, (guint) length);
        if (!reading->pauses)
            return;
        h3_event_pause_body (event);
        h3_event_after (event, 0, resume, NULL, NULL);
    } else if (error == NULL) {
        g_autoptr (GBytes) bytes = g_bytes_new (reading->text->data, reading->text->len);

        h3_event_send_bytes (event, "text/plain", bytes);
    } else {
        n_calls += 100;
    }
}

static void
read_stream (H3Event *event, gpointer user_data)
{
    Reading *reading = g_new0 (Reading, 1);

    n_calls++;
    reading->text = g_byte_array_new ();
    reading->pauses = user_data != NULL;
    ck_assert_int_eq (h3_request_get_content_length (h3_event_get_request (event)), -1);
    h3_event_read_body (event, take_piece, reading, free_reading);
}

static void
set_up_decoding (void)
{
    set_up ();
    h3_app_use (app, "/", h3_decoding_new ());
    h3_app_post (app, "/whole", show_whole, NULL);
    h3_app_post (app, "/plain", show_as_it_is, NULL);
    h3_route_set_body (h3_app_post (app, "/stream", read_stream, NULL), H3_BODY_STREAMED, 0);
    h3_route_set_body (h3_app_post (app, "/bounded", read_stream, NULL), H3_BODY_STREAMED, 4000);
    h3_route_set_body (h3_app_post (app, "/paused", read_stream, app), H3_BODY_STREAMED, 0);
    h3_route_set_body (h3_app_post (app, "/none", say, (gpointer) "none"), H3_BODY_NONE, 0);
    n_calls = 0;
}

static GBytes *
encode (const char *name, H3View plain)
{
    g_autoptr (GByteArray) coded = g_byte_array_new ();
    g_autoptr (Coder) coder = NULL;
    Coding coding;

    ck_assert (coding_parse (h3_view_of (name), &coding));
    coder = coder_new_encoding (coding, CODER_LEVEL_DEFAULT, 0);
    ck_assert_int_eq (coder_append (coder, plain, CODER_FINISH, coded), CODER_READY);
    return g_byte_array_free_to_bytes (g_steal_pointer (&coded));
}

static H3Injected *
post (const char *target, const char *coding, GBytes *body)
{
    g_autoptr (H3Headers) headers = h3_headers_new ();
    g_autoptr (GError) error = NULL;
    H3Injected *answer;

    h3_headers_set (headers, "Content-Encoding", coding);
    h3_headers_set (headers, "Last", "field");
    answer = h3_app_inject (app, "POST", target, headers, body, &error);
    ck_assert_ptr_nonnull (answer);
    return answer;
}

static void
assert_reads (const char *target, const char *coding, H3View plain)
{
    g_autoptr (GBytes) body = encode (coding, plain);
    g_autoptr (H3Injected) answer = post (target, coding, body);
    GBytes *found = h3_injected_get_body (answer);

    ck_assert_uint_eq (h3_injected_get_status (answer), 200);
    ck_assert_uint_eq (g_bytes_get_size (found), plain.length);
    ck_assert (memcmp (g_bytes_get_data (found, NULL), plain.data, plain.length) == 0);
}

static void
assert_refuses (const char *target, const char *coding, GBytes *body, guint status)
{
    g_autoptr (H3Injected) answer = post (target, coding, body);

    ck_assert_uint_eq (h3_injected_get_status (answer), status);
    ck_assert (!h3_injected_is_cut (answer));
}

/* How many of the names the library has. */
static guint
count_had (void)
{
    guint n = 0;

    for (guint i = 0; i < G_N_ELEMENTS (names); i++)
        n += codings_are_had (names[i]) ? 1 : 0;
    return n;
}

START_TEST (decoding_gives_handlers_what_was_coded)
{
    for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
        if (!codings_are_had (names[i]))
            continue;
        assert_reads ("/whole", names[i], h3_view_of (text));
        assert_reads ("/stream", names[i], h3_view_of (text));
        assert_reads ("/paused", names[i], h3_view_of (text));
        assert_reads ("/bounded", names[i], h3_view_of (text));
    }
    ck_assert_uint_eq (n_calls, 4 * count_had ());
}
END_TEST

/* Some slices long, and such that it does not shrink too much. */
START_TEST (decoding_reads_long_bodies)
{
    g_autofree guint32 *numbers = g_new (guint32, 500000);
    H3View plain = h3_view ((const char *) numbers, 2000000);

    for (guint32 i = 0; i < 500000; i++)
        numbers[i] = i * 2654435761u >> 16;
    ck_assert (h3_app_set_limit (app, "max-body", 2000000, NULL));
    for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
        if (!codings_are_had (names[i]))
            continue;
        assert_reads ("/whole", names[i], plain);
        assert_reads ("/stream", names[i], plain);
        assert_reads ("/paused", names[i], h3_view (plain.data, 300000));
    }
    ck_assert_uint_eq (n_calls, 3 * count_had ());
}
END_TEST

START_TEST (decoding_leaves_what_is_not_coded)
{
    g_autoptr (GBytes) body = g_bytes_new ("text", 4);
    g_autoptr (H3Injected) none = ask_with (app, "POST", "/plain", NULL, "text");
    g_autoptr (H3Injected) identity = post ("/plain", " , identity", body);

    ck_assert_str_eq (h3_injected_get_text (none), "text");
    ck_assert_str_eq (h3_injected_get_text (identity), "text");
}
END_TEST

static const char *const unknown[] = { "compress", "gzip, gzip", "x", "gzip;q=1", "br, compress" };

START_TEST (decoding_names_what_it_takes_where_it_knows_no_coding)
{
    g_autoptr (GBytes) body = g_bytes_new ("text", 4);
    g_autoptr (H3Injected) whole = post ("/plain", unknown[_i], body);
    g_autoptr (H3Injected) stream = post ("/stream", unknown[_i], body);
    g_autofree char *wanted = g_strconcat ("gzip, deflate", h3_has_feature ("brotli") ? ", br" : "",
                                           h3_has_feature ("zstd") ? ", zstd" : "", NULL);

    ck_assert_uint_eq (h3_injected_get_status (whole), 415);
    ck_assert_uint_eq (h3_injected_get_status (stream), 415);
    assert_header (whole, "Accept-Encoding", wanted);
    ck_assert_uint_eq (n_calls, 0);
}
END_TEST

START_TEST (decoding_leaves_bodies_that_nobody_wants)
{
    g_autoptr (GBytes) body = g_bytes_new ("text", 4);

    assert_refuses ("/none", "compress", body, 200);
    assert_refuses ("/none", "gzip", body, 200);
}
END_TEST

START_TEST (decoding_takes_an_empty_body_for_empty)
{
    static const char request[] = "POST %s HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\n"
                                  "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    g_autofree char *whole = g_strdup_printf (request, "/plain");
    g_autofree char *stream = g_strdup_printf (request, "/stream");

    assert_status (ask_raw (app, whole), 200);
    assert_status (ask_raw (app, stream), 200);
}
END_TEST

/* The reader of a stream hears of it, and the client all the same. */
static void
assert_broken (const char *coding, GBytes *body)
{
    n_calls = 0;
    assert_refuses ("/whole", coding, body, 400);
    ck_assert_uint_eq (n_calls, 0);
    assert_refuses ("/stream", coding, body, 400);
    ck_assert_uint_eq (n_calls, 101);
    assert_refuses ("/paused", coding, body, 400);
    ck_assert_uint_eq (n_calls, 202);
}

START_TEST (decoding_refuses_what_is_not_in_its_coding)
{
    for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
        if (!codings_are_had (names[i]))
            continue;
        g_autoptr (GBytes) whole = encode (names[i], h3_view_of (text));
        gsize length = g_bytes_get_size (whole);
        g_autoptr (GBytes) cut = g_bytes_new_from_bytes (whole, 0, length - 1);
        g_autoptr (GByteArray) more = g_byte_array_new ();
        g_autoptr (GBytes) longer = NULL;
        g_autoptr (GBytes) other = g_bytes_new_static ("\xff\xff\xff\xff\xff\xff", 6);

        g_byte_array_append (more, g_bytes_get_data (whole, NULL), (guint) length);
        g_byte_array_append (more, (const guint8 *) "x", 1);
        longer = g_bytes_new (more->data, more->len);
        assert_broken (names[i], cut);
        assert_broken (names[i], longer);
        assert_broken (names[i], other);
    }
}
END_TEST

START_TEST (decoding_counts_decoded_bytes)
{
    ck_assert (h3_app_set_limit (app, "max-body", 3999, NULL));
    for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
        if (!codings_are_had (names[i]))
            continue;
        g_autofree char *longer = g_strnfill (4001, 'x');
        g_autoptr (GBytes) body = encode (names[i], h3_view_of (text));
        g_autoptr (GBytes) more = encode (names[i], h3_view_of (longer));

        assert_refuses ("/whole", names[i], body, 413);
        assert_refuses ("/bounded", names[i], more, 413);
        assert_reads ("/bounded", names[i], h3_view_of (text));
    }
}
END_TEST

START_TEST (decoding_refuses_bombs)
{
    g_autofree char *zeros = g_malloc0 (10 << 20);

    for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
        if (!codings_are_had (names[i]))
            continue;
        g_autoptr (GBytes) bomb = encode (names[i], h3_view (zeros, 10 << 20));

        ck_assert_uint_lt (g_bytes_get_size (bomb), 20000);
        assert_refuses ("/whole", names[i], bomb, 413);
        assert_refuses ("/stream", names[i], bomb, 413);
        assert_refuses ("/paused", names[i], bomb, 413);
    }
}
END_TEST

START_TEST (decoding_has_the_codings_and_ratio_of_its_options)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *zeros = g_malloc0 (1 << 20);
    g_autoptr (GBytes) zipped = encode ("gzip", h3_view (zeros, 1 << 20));
    g_autoptr (H3Injected) answer = NULL;
    H3DecodingOptions options;

    g_clear_object (&app);
    app = h3_app_new ();
    h3_decoding_options_init (&options);
    options.codings = "gzip compress";
    ck_assert_ptr_null (h3_decoding_new_full (&options, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
    options.codings = " x-gzip gzip";
    options.max_ratio = 0;
    h3_app_use (app, "/", h3_decoding_new_full (&options, NULL));
    h3_app_post (app, "/plain", show_as_it_is, NULL);
    assert_refuses ("/plain", "gzip", zipped, 200);
    answer = post ("/plain", "br", zipped);
    ck_assert_uint_eq (h3_injected_get_status (answer), 415);
    assert_header (answer, "Accept-Encoding", "gzip");
}
END_TEST

/* Turns that others had of the loop while a body was decoded. */
static guint n_turns;
static gboolean is_decoded;

static void
count_turn (gpointer data)
{
    n_turns++;
    if (!is_decoded)
        loop_post (data, count_turn, data, NULL);
}

static void
count_turns (H3Event *event, gpointer user_data)
{
    Loop *loop = loop_get_current ();

    loop_post (loop, count_turn, loop, NULL);
    h3_event_next (event);
}

static void
stop_counting (H3Event *event, gpointer user_data)
{
    is_decoded = TRUE;
    show_as_it_is (event, NULL);
}

/* Members of gzip that are empty, one behind the other. */
START_TEST (decoding_lets_others_go_on_where_nothing_comes_out)
{
    g_autoptr (H3App) own = h3_app_new ();
    g_autoptr (GBytes) member = encode ("gzip", H3_VIEW_EMPTY);
    g_autoptr (GByteArray) members = g_byte_array_new ();
    g_autoptr (H3Headers) headers = h3_headers_new ();
    g_autoptr (H3Injected) answer = NULL;
    g_autoptr (GBytes) body = NULL;

    while (members->len < 512 * 1024)
        g_byte_array_append (members, g_bytes_get_data (member, NULL),
                             (guint) g_bytes_get_size (member));
    body = g_bytes_new (members->data, members->len);
    h3_app_use (own, "/", h3_middleware_new (count_turns, NULL, NULL));
    h3_app_use (own, "/", h3_decoding_new ());
    h3_app_post (own, "/", stop_counting, NULL);
    h3_headers_set (headers, "Content-Encoding", "gzip");
    answer = h3_app_inject (own, "POST", "/", headers, body, NULL);
    ck_assert_ptr_nonnull (answer);
    ck_assert_uint_eq (h3_injected_get_status (answer), 200);
    ck_assert_uint_eq (g_bytes_get_size (h3_injected_get_body (answer)), 0);
    ck_assert_uint_ge (n_turns, 7);
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("bodies");

    tcase_set_timeout (tcase, 60);
    tcase_add_checked_fixture (tcase, set_up_decoding, tear_down);
    tcase_add_test (tcase, decoding_gives_handlers_what_was_coded);
    tcase_add_test (tcase, decoding_reads_long_bodies);
    tcase_add_test (tcase, decoding_leaves_what_is_not_coded);
    tcase_add_loop_test (tcase, decoding_names_what_it_takes_where_it_knows_no_coding, 0,
                         G_N_ELEMENTS (unknown));
    tcase_add_test (tcase, decoding_leaves_bodies_that_nobody_wants);
    tcase_add_test (tcase, decoding_takes_an_empty_body_for_empty);
    tcase_add_test (tcase, decoding_refuses_what_is_not_in_its_coding);
    tcase_add_test (tcase, decoding_counts_decoded_bytes);
    tcase_add_test (tcase, decoding_refuses_bombs);
    tcase_add_test (tcase, decoding_lets_others_go_on_where_nothing_comes_out);
    tcase_add_test (tcase, decoding_has_the_codings_and_ratio_of_its_options);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("batteries/decoding", add_cases);
}

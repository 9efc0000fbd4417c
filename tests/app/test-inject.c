/* SPDX-License-Identifier: MIT */

#include "ask.h"

#include <h3/base/error.h>

#include <unistd.h>

static H3App *
make_app (H3Handler handler, gpointer user_data)
{
    H3App *app = h3_app_new ();

    h3_app_all (app, "/", handler, user_data);
    return app;
}

START_TEST (inject_gives_status_fields_and_body)
{
    g_autoptr (H3App) app = make_app (say, (gpointer) "hello");
    g_autoptr (H3Injected) answer = ask (app, "GET", "/");

    ck_assert_uint_eq (h3_injected_get_status (answer), 200);
    ck_assert_str_eq (h3_injected_get_text (answer), "hello");
    ck_assert_uint_eq (g_bytes_get_size (h3_injected_get_body (answer)), 5);
    ck_assert_str_eq (h3_injected_get_header (answer, "content-length"), "5");
    ck_assert_str_eq (h3_injected_get_header (answer, "Content-Type"), "text/plain; charset=utf-8");
    ck_assert_ptr_nonnull (h3_injected_get_header (answer, "Date"));
    ck_assert_ptr_null (h3_injected_get_header (answer, "Connection"));
    ck_assert (!h3_injected_is_cut (answer));
}
END_TEST

static const struct {
    const char *method, *target;
    guint status;
} refused[] = {
    { "GET", "/%", 400 },
    { "GET", "/%00", 400 },
    { "GET", "/a b", 400 },
    { "GET", "*", 400 },
    { "GET", "/ HTTP/1.1\r\nX: y", 400 },
    { "GET / HTTP/1.1\r\nX: y\r\nY:", "/", 400 },
    { "GET", "", 400 },
    { "G(T", "/", 400 },
    { "BREW", "/", 200 },
    { "GET", "ftp://localhost/", 400 },
    { "GET", "http://localhost/", 200 },
    { "GET", "http://example.org/", 400 },
};

START_TEST (inject_refuses_what_the_wire_refuses)
{
    g_autoptr (H3App) app = make_app (say, (gpointer) "hello");
    g_autoptr (H3Injected) answer = ask (app, refused[_i].method, refused[_i].target);

    ck_assert_uint_eq (h3_injected_get_status (answer), refused[_i].status);
}
END_TEST

static const struct {
    const char *text;
    guint status;
} refused_raw[] = {
    { "GET / HTTP/1.1\r\n\r\n", 400 },
    { "GET / HTTP/1.0\r\n\r\n", 200 },
    { "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505 },
    { "GET / HTTP/1.1\nHost: a\n\n", 400 },
    { "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400 },
    { "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 501 },
    { "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
      400 },
    { "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nfour", 400 },
    { "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3 \r\nabc\r\n0\r\n\r\n",
      400 },
    { "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
      200 },
    { "CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n", 501 },
    { "POST / HTTP/1.1\r\nHost: a\r\nExpect: magic\r\n\r\n", 417 },
};

START_TEST (inject_raw_refuses_what_the_wire_refuses)
{
    g_autoptr (H3App) app = make_app (say, (gpointer) "hello");

    assert_status (ask_raw (app, refused_raw[_i].text), refused_raw[_i].status);
}
END_TEST

START_TEST (inject_raw_is_cut_within_a_head)
{
    g_autoptr (H3App) app = make_app (say, (gpointer) "hello");
    g_autoptr (H3Injected) answer = ask_raw (app, "GET / HTTP/1.1\r\nHost: a\r\n");

    ck_assert_uint_eq (h3_injected_get_status (answer), 0);
    ck_assert (h3_injected_is_cut (answer));
}
END_TEST

START_TEST (inject_holds_limits)
{
    g_autoptr (H3App) app = make_app (say, (gpointer) "hello");
    g_autofree char *target = g_strnfill (100, 't');

    target[0] = target[1] = '/';

    ck_assert (h3_app_set_limit (app, "max-target", 99, NULL));
    ck_assert (h3_app_set_limit (app, "max-field-line", 100, NULL));
    ck_assert (h3_app_set_limit (app, "max-body", 3, NULL));
    ck_assert_uint_eq (ask_status (app, "GET", target), 414);
    ck_assert_uint_eq (ask_status (app, "GET", target + 1), 404);
    memset (target, 'v', 100);
    assert_status (ask_field (app, "/", "Name", target), 431);
    assert_status (ask_with (app, "POST", "/", NULL, "four"), 413);
    assert_status (ask_with (app, "POST", "/", NULL, "thr"), 200);
    assert_status (ask_raw (app, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                                 "4\r\nfour\r\n0\r\n\r\n"),
                   413);
}
END_TEST

START_TEST (inject_tells_what_cannot_be_registered)
{
    g_autoptr (H3App) app = make_app (say, NULL);
    g_autoptr (GError) error = NULL;

    h3_app_get (app, "no-slash", say, NULL);
    ck_assert_ptr_null (h3_app_inject (app, "GET", "/", NULL, NULL, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
}
END_TEST

static void
echo_body (H3Event *event, gpointer user_data)
{
    GBytes *body = h3_request_get_body (h3_event_get_request (event));

    if (body != NULL)
        h3_event_send_bytes (event, "text/plain", body);
    else
        h3_event_send_empty (event, 204);
}

START_TEST (inject_hands_over_the_body)
{
    g_autoptr (H3App) app = make_app (echo_body, NULL);
    g_autoptr (H3Injected) none = ask (app, "POST", "/");
    g_autofree char *large = g_strnfill (100000, 'x');

    ck_assert_uint_eq (h3_injected_get_status (none), 204);
    assert_answer (ask_with (app, "POST", "/", NULL, "whole"), 200, "whole");
    assert_answer (ask_with (app, "POST", "/", NULL, large), 200, large);
    assert_answer (ask_raw (app, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                                 "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n"),
                   200, "abcde");
}
END_TEST

typedef struct {
    guint n_pieces;
    gsize length;
    GThread *thread;
} Reading;

static void
resume (gpointer data)
{
    h3_event_resume_body (data);
    h3_event_unref (data);
}

static gboolean
resume_later (gpointer data)
{
    resume (data);
    return G_SOURCE_REMOVE;
}

static void
on_piece (H3Event *event, const char *data, gsize length, const GError *error, gpointer user_data)
{
    Reading *reading = user_data;
    GSource *source;

    if (data != NULL) {
        reading->n_pieces++;
        reading->length += length;
        h3_event_pause_body (event);
        source = g_idle_source_new ();
        g_source_set_callback (source, resume_later, h3_event_defer (event), NULL);
        g_source_attach (source, g_main_context_get_thread_default ());
        g_source_unref (source);
    } else if (error != NULL) {
        h3_event_fail (event, g_error_copy (error));
    } else {
        const char *trailer = h3_request_get_trailer (h3_event_get_request (event), "X-Sum");
        g_autofree char *text = g_strdup_printf ("%u %zu %s", reading->n_pieces, reading->length,
                                                 trailer != NULL ? trailer : "none");

        h3_event_send_text (event, text);
    }
}

static void
read_streamed (H3Event *event, gpointer user_data)
{
    h3_event_read_body (event, on_piece, g_new0 (Reading, 1), g_free);
}

static H3App *
make_reading_app (void)
{
    H3App *app = h3_app_new ();

    h3_route_set_body (h3_app_post (app, "/", read_streamed, NULL), H3_BODY_STREAMED, 100000);
    return app;
}

START_TEST (inject_streams_the_body_and_pauses)
{
    g_autoptr (H3App) app = make_reading_app ();
    g_autofree char *large = g_strnfill (50000, 'x');
    g_autofree char *too_large = g_strnfill (100001, 'x');

    assert_answer (ask_with (app, "POST", "/", NULL, large), 200, "4 50000 none");
    assert_answer (ask_raw (app, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                                 "3\r\nabc\r\n0\r\nX-Sum: 7\r\n\r\n"),
                   200, "1 3 7");
    assert_status (ask_with (app, "POST", "/", NULL, too_large), 413);
    assert_status (ask_raw (app, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc"),
                   400);
}
END_TEST

START_TEST (inject_sends_100_where_the_body_is_wanted)
{
    g_autoptr (H3App) app = make_app (echo_body, NULL);
    g_autoptr (H3Headers) headers = h3_headers_new ();
    g_autoptr (H3Injected) answer = NULL;

    h3_headers_set (headers, "Expect", "100-continue");
    answer = ask_with (app, "POST", "/", headers, "wanted");
    ck_assert_str_eq (h3_injected_get_text (answer), "wanted");
    ck_assert_uint_eq (h3_injected_count_interim (answer), 1);
    ck_assert_uint_eq (h3_injected_get_interim_status (answer, 0), 100);
}
END_TEST

static void
hint (H3Event *event, gpointer user_data)
{
    g_autoptr (H3Headers) headers = h3_headers_new ();

    h3_headers_add (headers, "Link", "</a.css>; rel=preload");
    h3_event_send_early_hints (event, headers);
    h3_event_send_text (event, "page");
}

START_TEST (inject_keeps_early_hints)
{
    g_autoptr (H3App) app = make_app (hint, NULL);
    g_autoptr (H3Injected) answer = ask (app, "GET", "/");
    g_autoptr (H3Injected) old = ask_raw (app, "GET / HTTP/1.0\r\n\r\n");

    ck_assert_uint_eq (h3_injected_count_interim (answer), 1);
    ck_assert_uint_eq (h3_injected_get_interim_status (answer, 0), 103);
    ck_assert_str_eq (h3_headers_get (h3_injected_get_interim_headers (answer, 0), "Link"),
                      "</a.css>; rel=preload");
    ck_assert_uint_eq (h3_injected_get_status (answer), 200);
    ck_assert_uint_eq (h3_injected_count_interim (old), 0);
}
END_TEST

static void
write_with_trailers (H3Event *event, gpointer user_data)
{
    ck_assert (h3_event_declare_trailer (event, "X-Sum"));
    ck_assert (h3_event_declare_trailer (event, "X-Never"));
    h3_event_start_stream (event, GPOINTER_TO_INT (user_data));
    (void) h3_event_write (event, "one", 3);
    ck_assert (h3_event_set_trailer (event, "X-Sum", "6"));
    ck_assert (h3_event_set_trailer (event, "x-sum", "7"));
    h3_event_finish (event);
}

START_TEST (inject_takes_trailers)
{
    g_autoptr (H3App) app = make_app (write_with_trailers, GINT_TO_POINTER (-1));
    g_autoptr (H3App) exact = make_app (write_with_trailers, GINT_TO_POINTER (3));
    g_autoptr (H3Injected) answer = ask (app, "GET", "/");
    g_autoptr (H3Injected) known = ask (exact, "GET", "/");
    g_autoptr (H3Injected) old = ask_raw (app, "GET / HTTP/1.0\r\n\r\n");
    g_autoptr (H3Injected) head = ask (app, "HEAD", "/");
    H3Headers *trailers = h3_injected_get_trailers (answer);
    H3Injected *without[] = { known, old, head };

    ck_assert_str_eq (h3_headers_get (trailers, "X-Sum"), "7");
    ck_assert_uint_eq (h3_headers_get_size (trailers), 1);
    ck_assert_str_eq (h3_injected_get_header (answer, "Trailer"), "X-Sum");
    ck_assert_ptr_null (h3_injected_get_header (answer, "X-Sum"));
    for (guint i = 0; i < G_N_ELEMENTS (without); i++) {
        ck_assert_uint_eq (h3_injected_get_status (without[i]), 200);
        ck_assert_ptr_null (h3_injected_get_header (without[i], "Trailer"));
        ck_assert_uint_eq (h3_headers_get_size (h3_injected_get_trailers (without[i])), 0);
    }
}
END_TEST

static void
fail_with_trailers (H3Event *event, gpointer user_data)
{
    ck_assert (h3_event_declare_trailer (event, "X-Sum"));
    h3_event_fail_status (event, 500, NULL);
}

START_TEST (inject_finds_no_trailers_of_what_failed)
{
    g_autoptr (H3App) app = make_app (fail_with_trailers, NULL);
    g_autoptr (H3Injected) answer = ask (app, "GET", "/");

    ck_assert_uint_eq (h3_injected_get_status (answer), 500);
    ck_assert_ptr_null (h3_injected_get_header (answer, "Trailer"));
}
END_TEST

static void
write_pieces (H3Event *event, gpointer user_data)
{
    h3_event_start_stream (event, GPOINTER_TO_INT (user_data));
    (void) h3_event_write (event, "one ", 4);
    (void) h3_event_write (event, "two", 3);
    h3_event_finish (event);
}

START_TEST (inject_takes_streamed_answers)
{
    g_autoptr (H3App) app = make_app (write_pieces, GINT_TO_POINTER (-1));
    g_autoptr (H3App) exact = make_app (write_pieces, GINT_TO_POINTER (7));
    g_autoptr (H3App) short_of = make_app (write_pieces, GINT_TO_POINTER (8));
    g_autoptr (H3Injected) answer = ask (app, "GET", "/");
    g_autoptr (H3Injected) whole = ask (exact, "GET", "/");
    g_autoptr (H3Injected) cut = ask (short_of, "GET", "/");
    g_autoptr (H3Injected) head = ask (app, "HEAD", "/");

    ck_assert_str_eq (h3_injected_get_text (answer), "one two");
    ck_assert_str_eq (h3_injected_get_header (answer, "Transfer-Encoding"), "chunked");
    ck_assert (!h3_injected_is_cut (answer));
    ck_assert_str_eq (h3_injected_get_header (whole, "Content-Length"), "7");
    ck_assert (!h3_injected_is_cut (whole));
    ck_assert (h3_injected_is_cut (cut));
    ck_assert_str_eq (h3_injected_get_text (head), "");
    ck_assert (!h3_injected_is_cut (head));
}
END_TEST

typedef struct {
    guint left;
    gboolean fails;
} Pieces;

static GBytes *
give_piece (gpointer user_data, GError **error)
{
    Pieces *pieces = user_data;

    if (pieces->left > 0) {
        pieces->left--;
        return g_bytes_new_static ("piece ", 6);
    }
    if (pieces->fails)
        g_set_error (error, H3_ERROR, H3_ERROR_FAILED, "enough");
    return NULL;
}

static void
generate (H3Event *event, gpointer user_data)
{
    Pieces *pieces = g_new (Pieces, 1);

    *pieces = (Pieces){ 3, user_data != NULL };
    h3_event_send_generator (event, -1, give_piece, pieces, g_free);
}

START_TEST (inject_takes_generated_answers)
{
    g_autoptr (H3App) app = make_app (generate, NULL);
    g_autoptr (H3App) failing = make_app (generate, (gpointer) "fails");
    g_autoptr (H3Injected) cut = ask (failing, "GET", "/");

    assert_gets (app, "/", "piece piece piece ");
    ck_assert_str_eq (h3_injected_get_text (cut), "piece piece piece ");
    ck_assert (h3_injected_is_cut (cut));
}
END_TEST

static GBytes *
fail_within (gpointer user_data, GError **error)
{
    h3_event_fail (user_data, h3_http_error_new (500, NULL));
    return NULL;
}

static void
generate_nothing (H3Event *event, gpointer user_data)
{
    h3_event_send_generator (event, -1, fail_within, event, NULL);
}

START_TEST (inject_takes_generators_that_fail_their_event)
{
    g_autoptr (H3App) app = make_app (generate_nothing, NULL);
    g_autoptr (H3Injected) cut = ask (app, "GET", "/");

    ck_assert (h3_injected_is_cut (cut));
}
END_TEST

static void
send_file (H3Event *event, gpointer user_data)
{
    h3_event_send_file (event, user_data);
}

START_TEST (inject_takes_files)
{
    g_autofree char *path = NULL;
    g_autofree char *large = g_strnfill (40000, 'f');
    int fd = g_file_open_tmp ("h3-XXXXXX.txt", &path, NULL);
    g_autoptr (H3App) app = make_app (send_file, path);

    ck_assert_int_ge (fd, 0);
    (void) close (fd);
    ck_assert (g_file_set_contents (path, large, -1, NULL));
    assert_gets (app, "/", large);
    (void) unlink (path);
    ck_assert_uint_eq (ask_status (app, "GET", "/"), 404);
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tables = tcase_create ("wire");

    tcase_add_loop_test (tables, inject_refuses_what_the_wire_refuses, 0, G_N_ELEMENTS (refused));
    tcase_add_loop_test (tables, inject_raw_refuses_what_the_wire_refuses, 0,
                         G_N_ELEMENTS (refused_raw));
    suite_add_tcase (suite, tables);
    suite_add_case (suite, "plain", inject_gives_status_fields_and_body,
                    inject_raw_is_cut_within_a_head, inject_holds_limits,
                    inject_tells_what_cannot_be_registered, NULL);
    suite_add_case (suite, "bodies", inject_hands_over_the_body, inject_streams_the_body_and_pauses,
                    inject_sends_100_where_the_body_is_wanted, NULL);
    suite_add_case (suite, "answers", inject_keeps_early_hints, inject_takes_trailers,
                    inject_finds_no_trailers_of_what_failed, inject_takes_streamed_answers,
                    inject_takes_generated_answers, inject_takes_generators_that_fail_their_event,
                    inject_takes_files, NULL);
}

int
main (void)
{
    return suite_run ("app/inject", add_cases);
}

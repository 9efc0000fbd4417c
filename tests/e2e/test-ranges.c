/* SPDX-License-Identifier: MIT
 *
 * Ranges over real sockets: of bytes, of a file, of what is made meanwhile; to clients that are
 * slow, and to clients that go. */

#include "tests/support/suite.h"
#include "tests/support/test-server.h"

#include "h3/h3.h"

#include <string.h>
#include <unistd.h>

#define SIZE (32 << 20)

static TestServer server;
static char *pattern;   /* owned */
static char *file_path; /* owned */
static Latch freed = LATCH_INIT;

/* No two blocks are alike. */
static void
fill (void)
{
    guint32 value = 1;

    pattern = g_malloc (SIZE);
    for (gsize i = 0; i < SIZE; i += sizeof value) {
        value = value * 1664525 + 1013904223;
        memcpy (pattern + i, &value, sizeof value);
    }
}

static void
note_freed (gpointer data)
{
    latch_raise (data);
}

static void
send_bytes (H3Event *event, gpointer user_data)
{
    g_autoptr (GBytes) bytes = g_bytes_new_with_free_func (pattern, SIZE, note_freed, &freed);

    h3_event_send_ranged_bytes (event, "x/y", bytes);
}

static void
send_file (H3Event *event, gpointer user_data)
{
    h3_response_set_content_type (h3_event_get_response (event), "x/y");
    h3_event_send_file (event, file_path);
}

static GBytes *
make_bytes (guint64 offset, guint64 length, gpointer user_data, GError **error)
{
    return g_bytes_new_static (pattern + offset, MIN (length, 40000));
}

static void
send_made (H3Event *event, gpointer user_data)
{
    h3_event_send_ranged (event, "x/y", SIZE, make_bytes, &freed, note_freed);
}

static const char *const paths[] = { "/bytes", "/file", "/made" };

static void
start (void)
{
    g_autoptr (GError) error = NULL;
    int fd = g_file_open_tmp ("h3-ranges-XXXXXX", &file_path, &error);

    ck_assert_int_ge (fd, 0);
    (void) close (fd);
    fill ();
    ck_assert (
        g_file_set_contents_full (file_path, pattern, SIZE, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    test_server_init (&server);
    h3_app_get (server.app, "/bytes", send_bytes, NULL);
    h3_app_get (server.app, "/file", send_file, NULL);
    h3_app_get (server.app, "/made", send_made, NULL);
    test_server_start (&server);
}

static void
end (void)
{
    test_server_end (&server);
    (void) unlink (file_path);
    g_clear_pointer (&file_path, g_free);
    g_clear_pointer (&pattern, g_free);
}

typedef struct {
    gsize first, last;
} Span;

static char *
make_request (const char *path, const Span *spans, guint n)
{
    GString *text = g_string_new (NULL);

    g_string_printf (text, "GET %s HTTP/1.1\r\nHost: a\r\nRange: bytes=", path);
    for (guint i = 0; i < n; i++)
        g_string_append_printf (text, "%s%" G_GSIZE_FORMAT "-%" G_GSIZE_FORMAT, i > 0 ? "," : "",
                                spans[i].first, spans[i].last);
    g_string_append (text, "\r\n\r\n");
    return g_string_free (text, FALSE);
}

static GString *
make_expected (const RawAnswer *answer, const Span *spans, guint n)
{
    g_autofree char *type = raw_answer_dup_header (answer, "Content-Type");
    const char *boundary = strchr (type, '=');
    GString *text = g_string_new (NULL);

    ck_assert (g_str_has_prefix (type, "multipart/byteranges; boundary="));
    for (guint i = 0; i < n; i++) {
        g_string_append_printf (text,
                                "%s--%s\r\nContent-Type: x/y\r\nContent-Range: bytes "
                                "%" G_GSIZE_FORMAT "-%" G_GSIZE_FORMAT "/%d\r\n\r\n",
                                i > 0 ? "\r\n" : "", boundary + 1, spans[i].first, spans[i].last,
                                SIZE);
        g_string_append_len (text, pattern + spans[i].first,
                             (gssize) (spans[i].last - spans[i].first + 1));
    }
    g_string_append_printf (text, "\r\n--%s--\r\n", boundary + 1);
    return text;
}

static void
expect_parts (RawClient *client, const Span *spans, guint n)
{
    g_autoptr (RawAnswer) answer = raw_client_read (client, FALSE);
    GString *expected;

    ck_assert_ptr_nonnull (answer);
    ck_assert_uint_eq (answer->status, 206);
    ck_assert (answer->is_whole);
    expected = make_expected (answer, spans, n);
    ck_assert_uint_eq (answer->body->len, expected->len);
    ck_assert (memcmp (answer->body->str, expected->str, expected->len) == 0);
    g_string_free (expected, TRUE);
}

/* Sixteen that lie apart, from the end to the start, of lengths from one byte to more than a socket
 * holds. */
static void
make_spans (Span spans[16])
{
    for (guint i = 0; i < 16; i++) {
        gsize first = (gsize) (15 - i) * (SIZE / 16);

        spans[i] = (Span){ first, first + (i % 4 == 3 ? 1500000 : i * 997) };
    }
}

/* _i: the path. The client keeps the server waiting, and sends its next request meanwhile. */
START_TEST (parts_are_exact_for_a_slow_reader)
{
    Span spans[16];
    g_autofree char *request = NULL;
    RawClient *client;

    start ();
    make_spans (spans);
    request = make_request (paths[_i], spans, 16);
    client = raw_client_new_small (server.address);
    ck_assert (raw_client_send (client, request));
    ck_assert (raw_client_send (client, request));
    expect_parts (client, spans, 16);
    expect_parts (client, spans, 16);
    raw_client_free (client);
    end ();
}
END_TEST

START_TEST (one_range_is_exact)
{
    Span span = { 12345, SIZE - 2 };
    g_autofree char *request = NULL;
    g_autofree char *range = NULL;
    RawClient *client;
    RawAnswer *answer;

    start ();
    request = make_request (paths[_i], &span, 1);
    range = g_strdup_printf ("bytes 12345-%d/%d", SIZE - 2, SIZE);
    client = test_server_connect (&server);
    ck_assert (raw_client_send (client, request));
    answer = raw_client_read (client, FALSE);
    ck_assert_ptr_nonnull (answer);
    ck_assert_uint_eq (answer->status, 206);
    raw_answer_expect_header (answer, "Content-Range", range);
    ck_assert_uint_eq (answer->body->len, span.last - span.first + 1);
    ck_assert (memcmp (answer->body->str, pattern + span.first, answer->body->len) == 0);
    raw_answer_free (answer);
    raw_client_free (client);
    end ();
}
END_TEST

/* Descriptors, references and producers are all gone: test_server_end () counts them. */
START_TEST (client_that_goes_lets_all_go)
{
    Span spans[16];
    g_autofree char *request = NULL;
    RawClient *client;
    RawAnswer *head;

    start ();
    make_spans (spans);
    request = make_request (paths[_i], spans, 16);
    client = raw_client_new_small (server.address);
    ck_assert (raw_client_send (client, request));
    head = raw_client_read_head (client);
    ck_assert_ptr_nonnull (head);
    ck_assert_uint_eq (head->status, 206);
    raw_answer_free (head);
    ck_assert_uint_eq (latch_get (&freed), 0);
    raw_client_reset (client);
    raw_client_free (client);
    if (strcmp (paths[_i], "/file") != 0)
        latch_wait (&freed, 1, "the bytes");
    end ();
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("ranges");

    tcase_set_timeout (tcase, 120);
    tcase_add_loop_test (tcase, parts_are_exact_for_a_slow_reader, 0, G_N_ELEMENTS (paths));
    tcase_add_loop_test (tcase, one_range_is_exact, 0, G_N_ELEMENTS (paths));
    tcase_add_loop_test (tcase, client_that_goes_lets_all_go, 0, G_N_ELEMENTS (paths));
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("e2e/ranges", add_cases);
}

/* SPDX-License-Identifier: MIT
 *
 * What h3d demo answers with bytes: at once, streamed in any size, and in ranges. */

#include "tests/support/running-demo.h"
#include "tests/support/suite.h"

#include <string.h>

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"
#define FROM(path, range)                                                                          \
    "GET " path " HTTP/1.1\r\nHost: a\r\nRange: " range "\r\n"                                     \
    "\r\n"
#define LETTERS "abcdefghijklmnopqrstuvwxyz"
#define BIG     (64 << 20)

static void
expect_same (const char *one, const char *other, gboolean is_same)
{
    g_autoptr (RawAnswer) a = running_demo_ask (one);
    g_autoptr (RawAnswer) b = running_demo_ask (other);

    ck_assert_uint_eq (a->status, 200);
    ck_assert_uint_eq (b->status, 200);
    ck_assert_uint_eq (a->body->len, b->body->len);
    ck_assert_int_eq (memcmp (a->body->str, b->body->str, a->body->len) == 0, is_same);
}

START_TEST (seed_gives_the_same_bytes)
{
    expect_same (GET ("/bytes/1000?seed=7"), GET ("/bytes/1000?SEED=7"), TRUE);
    expect_same (GET ("/bytes/1000?seed=7"), GET ("/bytes/1000?seed=-7"), FALSE);
    expect_same (GET ("/bytes/1000"), GET ("/bytes/1000"), FALSE);
    expect_same (GET ("/bytes/1000?seed=7"), GET ("/stream-bytes/1000?seed=7"), TRUE);
    expect_same (GET ("/bytes/1000?seed=7"), GET ("/stream-bytes/1000?seed=7&chunk_size=3"), TRUE);
    expect_same (GET ("/bytes/1000?seed=7"), GET ("/stream-bytes/1000?seed=7&chunk_size=0"), TRUE);
}
END_TEST

/* What each request is answered with: a status, and how long its body is. */
static const struct {
    const char *request;
    guint status;
    gsize length;
} lengths[] = {
    { GET ("/bytes/0"), 200, 0 },
    { GET ("/bytes/102400"), 200, 102400 },
    { GET ("/bytes/102401"), 200, 102400 },
    { GET ("/bytes/99999999999999999999999999"), 200, 102400 },
    { GET ("/stream-bytes/0"), 200, 0 },
    { GET ("/stream-bytes/102401"), 200, 102401 },
    { GET ("/stream-bytes/50?chunk_size=99999999"), 200, 50 },
    { GET ("/range/102400"), 200, 102400 },
    { GET ("/range/26?chunk_size=7&duration=0.02"), 200, 26 },
};

static const char *const refused[] = {
    GET ("/bytes/5?seed=x"),          GET ("/bytes/5?seed="),
    GET ("/stream-bytes/5?seed=1.5"), GET ("/stream-bytes/5?chunk_size=x"),
    GET ("/range/5?duration=x"),      GET ("/range/5?duration=-1"),
    GET ("/range/5?duration=inf"),    GET ("/range/5?duration=0x1"),
    GET ("/range/5?duration=1e99"),   GET ("/range/5?chunk_size=1;"),
};

START_TEST (sizes_are_bounded_and_numbers_checked)
{
    for (guint i = 0; i < G_N_ELEMENTS (lengths); i++) {
        g_autoptr (RawAnswer) answer = running_demo_ask (lengths[i].request);

        ck_assert_msg (answer->status == lengths[i].status
                           && answer->body->len == lengths[i].length,
                       "%u and %" G_GSIZE_FORMAT " bytes to %s", answer->status, answer->body->len,
                       lengths[i].request);
        raw_answer_expect_header (answer, "Content-Type", "application/octet-stream");
    }
    for (guint i = 0; i < G_N_ELEMENTS (refused); i++) {
        g_autoptr (RawAnswer) answer = running_demo_ask (refused[i]);

        ck_assert_msg (answer->status == 400, "%u to %s", answer->status, refused[i]);
    }
}
END_TEST

START_TEST (chunks_have_the_size_that_was_asked_for)
{
    RawClient *client = running_demo_connect ();
    g_autoptr (RawAnswer) head = NULL;
    g_autoptr (GString) body = g_string_new (NULL);
    const char *frame = "2\r\nxx\r\n2\r\nxx\r\n1\r\nx\r\n0\r\n\r\n";
    char piece[64];

    ck_assert (raw_client_send (client, GET ("/stream-bytes/5?seed=1&chunk_size=2")));
    head = raw_client_read_head (client);
    raw_answer_expect_header (head, "Transfer-Encoding", "chunked");
    while (body->len < strlen (frame))
        g_string_append_len (body, piece,
                             (gssize) raw_client_receive (client, piece, sizeof piece));
    for (gsize i = 0; i < body->len; i++)
        ck_assert (frame[i] == 'x' || frame[i] == body->str[i]);
    raw_client_free (client);
}
END_TEST

static void
take (RawClient *client, gsize length)
{
    g_autofree char *piece = g_malloc (65536);

    while (length > 0) {
        gsize n = raw_client_receive (client, piece, MIN (length, 65536));

        ck_assert_uint_gt (n, 0);
        length -= n;
    }
}

START_TEST (stream_of_any_size_is_made_as_it_is_taken)
{
    RawClient *client = running_demo_connect ();
    g_autoptr (RawAnswer) head = NULL;

    ck_assert (raw_client_send (client, GET ("/stream-bytes/1099511627776")));
    head = raw_client_read_head (client);
    ck_assert_uint_eq (head->status, 200);
    take (client, BIG);
    ck_assert_int_lt (running_demo_read_memory ("queue_bytes", "peak"), 1 << 20);
    raw_client_reset (client);
    raw_client_free (client);
    running_demo_wait_for ("events", 1);
    ck_assert_int_eq (running_demo_read_memory ("queue_bytes", "now"), 0);
}
END_TEST

static void
expect_range (const char *request, guint status, const char *content_range, const char *body)
{
    g_autoptr (RawAnswer) answer = running_demo_ask (request);

    ck_assert_uint_eq (answer->status, status);
    raw_answer_expect_header (answer, "Content-Range", content_range);
    if (body != NULL)
        ck_assert_str_eq (answer->body->str, body);
    if (status < 300) {
        raw_answer_expect_header (answer, "ETag", "\"range26\"");
        raw_answer_expect_header (answer, "Accept-Ranges", "bytes");
    }
}

#define IF_RANGE(tag)                                                                              \
    "GET /range/26 HTTP/1.1\r\nHost: a\r\nRange: bytes=1-2\r\nIf-Range: " tag "\r\n"               \
    "\r\n"

START_TEST (range_is_answered_with_ranges)
{
    expect_range (GET ("/range/26"), 200, NULL, LETTERS);
    expect_range (FROM ("/range/26", "bytes=0-9"), 206, "bytes 0-9/26", "abcdefghij");
    expect_range (FROM ("/range/26", "bytes=-5"), 206, "bytes 21-25/26", "vwxyz");
    expect_range (FROM ("/range/26?duration=0.05&chunk_size=4", "bytes=3-20"), 206, "bytes 3-20/26",
                  "defghijklmnopqrstu");
    expect_range (FROM ("/range/26", "bytes=26-"), 416, "bytes */26", NULL);
    expect_range (IF_RANGE ("\"range26\""), 206, "bytes 1-2/26", "bc");
    expect_range (IF_RANGE ("\"range27\""), 200, NULL, LETTERS);
    expect_range ("HEAD /range/26 HTTP/1.1\r\nHost: a\r\nRange: bytes=0-9\r\n\r\n", 200, NULL, "");
    expect_range (GET ("/range/0"), 404, NULL, NULL);
    expect_range (GET ("/range/102401"), 404, NULL, NULL);
}
END_TEST

START_TEST (several_ranges_come_in_parts)
{
    g_autoptr (RawAnswer) answer =
        running_demo_ask (FROM ("/range/26?duration=0.05&chunk_size=1", "bytes=0-9,20-25"));

    ck_assert_uint_eq (answer->status, 206);
    ck_assert_ptr_nonnull (strstr (answer->head, "multipart/byteranges; boundary="));
    ck_assert_ptr_nonnull (
        strstr (answer->body->str, "Content-Range: bytes 0-9/26\r\n\r\nabcdefghij\r\n--"));
    ck_assert_ptr_nonnull (
        strstr (answer->body->str, "Content-Range: bytes 20-25/26\r\n\r\nuvwxyz\r\n--"));
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("bytes");

    tcase_add_checked_fixture (tcase, running_demo_start, running_demo_end);
    tcase_add_test (tcase, seed_gives_the_same_bytes);
    tcase_add_test (tcase, sizes_are_bounded_and_numbers_checked);
    tcase_add_test (tcase, chunks_have_the_size_that_was_asked_for);
    tcase_add_test (tcase, stream_of_any_size_is_made_as_it_is_taken);
    tcase_add_test (tcase, range_is_answered_with_ranges);
    tcase_add_test (tcase, several_ranges_come_in_parts);
    tcase_set_timeout (tcase, 120);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("e2e/demo-bytes", add_cases);
}

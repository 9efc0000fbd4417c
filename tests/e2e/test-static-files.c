/* SPDX-License-Identifier: MIT
 *
 * Static files over real sockets, whichever way their paths are followed: what is sent. */

#include "tests/support/file-server.h"
#include "tests/support/suite.h"

#include <string.h>

START_TEST (a_file_has_type_length_and_validators)
{
    g_autoptr (RawAnswer) answer = NULL;
    g_autoptr (RawAnswer) head = NULL;
    g_autofree char *etag = NULL;

    file_server_start (_i);
    answer = file_server_ask ("GET /a.txt", "");
    ck_assert_uint_eq (answer->status, 200);
    ck_assert_str_eq (answer->body->str, "text A");
    raw_answer_expect_header (answer, "Content-Type", "text/plain; charset=utf-8");
    raw_answer_expect_header (answer, "Content-Length", "6");
    raw_answer_expect_header (answer, "Last-Modified", "Wed, 01 Jan 2020 00:00:00 GMT");
    raw_answer_expect_header (answer, "Accept-Ranges", "bytes");
    raw_answer_expect_header (answer, "X-Content-Type-Options", "nosniff");
    raw_answer_expect_header (answer, "Cache-Control", NULL);
    raw_answer_expect_header (answer, "Content-Encoding", NULL);
    etag = raw_answer_dup_header (answer, "ETag");
    ck_assert (etag != NULL && etag[0] == '"');
    head = file_server_ask ("HEAD /a.txt", "");
    ck_assert_uint_eq (head->status, 200);
    raw_answer_expect_header (head, "Content-Length", "6");
    raw_answer_expect_header (head, "ETag", etag);
    file_server_end ();
}
END_TEST

START_TEST (conditions_and_ranges_are_answered)
{
    g_autoptr (RawAnswer) answer = NULL;
    g_autoptr (RawAnswer) several = NULL;
    g_autofree char *etag = NULL;
    g_autofree char *none_match = NULL;
    g_autofree char *match = NULL;
    g_autofree char *if_range = NULL;

    file_server_start (_i);
    answer = file_server_ask ("GET /a.txt", "");
    etag = raw_answer_dup_header (answer, "ETag");
    none_match = g_strdup_printf ("If-None-Match: %s\r\n", etag);
    match = g_strdup_printf ("If-Match: %s\r\n", etag);
    if_range = g_strdup_printf ("If-Range: %s\r\nRange: bytes=5-\r\n", etag);
    file_server_expect_with ("GET /a.txt", none_match, 304, "");
    file_server_expect_with ("HEAD /a.txt", none_match, 304, "");
    file_server_expect_with ("GET /a.txt", "If-Modified-Since: Wed, 01 Jan 2020 00:00:00 GMT\r\n",
                             304, "");
    file_server_expect_with ("GET /a.txt", "If-Modified-Since: Tue, 31 Dec 2019 23:59:59 GMT\r\n",
                             200, "text A");
    file_server_expect_with ("GET /a.txt", match, 200, "text A");
    file_server_expect_with ("GET /a.txt", "If-Match: \"x\"\r\n", 412, NULL);
    file_server_expect_with ("GET /a.txt", "Range: bytes=0-3\r\n", 206, "text");
    file_server_expect_with ("GET /a.txt", "Range: bytes=-1\r\n", 206, "A");
    file_server_expect_with ("GET /a.txt", "Range: bytes=6-\r\n", 416, NULL);
    file_server_expect_with ("GET /a.txt", if_range, 206, "A");
    file_server_expect_with ("GET /a.txt", "If-Range: \"x\"\r\nRange: bytes=5-\r\n", 200, "text A");
    several = file_server_ask ("GET /a.txt", "Range: bytes=0-0,5-5\r\n");
    ck_assert_uint_eq (several->status, 206);
    ck_assert_ptr_nonnull (strstr (several->body->str, "bytes 0-0/6\r\n\r\nt\r\n"));
    ck_assert_ptr_nonnull (strstr (several->body->str, "bytes 5-5/6\r\n\r\nA\r\n"));
    file_server_end ();
}
END_TEST

/* The tag of a file that was replaced by one of the same size and time. */
START_TEST (another_file_has_another_tag)
{
    g_autoptr (RawAnswer) before = NULL;
    g_autoptr (RawAnswer) after = NULL;
    g_autofree char *tag_before = NULL;
    g_autofree char *tag_after = NULL;

    file_server_start (_i);
    before = file_server_ask ("GET /a.txt", "");
    tag_before = raw_answer_dup_header (before, "ETag");
    file_tree_write (&file_server.tree, "a.txt", "text B");
    file_tree_set_time (&file_server.tree, "a.txt", FILE_SERVER_TIME + 1);
    after = file_server_ask ("GET /a.txt", "");
    tag_after = raw_answer_dup_header (after, "ETag");
    ck_assert_str_eq (after->body->str, "text B");
    ck_assert_str_ne (tag_before, tag_after);
    file_server_end ();
}
END_TEST

START_TEST (other_methods_are_told_which)
{
    g_autoptr (RawAnswer) post = NULL;
    g_autoptr (RawAnswer) options = NULL;

    file_server_start (_i);
    post = file_server_ask ("POST /a.txt", "Content-Length: 0\r\n");
    ck_assert_uint_eq (post->status, 405);
    raw_answer_expect_header (post, "Allow", "GET, HEAD, OPTIONS");
    options = file_server_ask ("OPTIONS /a.txt", "");
    ck_assert_uint_eq (options->status, 204);
    raw_answer_expect_header (options, "Allow", "GET, HEAD, OPTIONS");
    file_server_expect ("DELETE /a.txt", 405, NULL);
    file_server_end ();
}
END_TEST

START_TEST (a_directory_is_its_index)
{
    file_server_start (_i);
    file_tree_write (&file_server.tree, "index.html", "root");
    file_tree_write (&file_server.tree, "sub/index.html", "sub");
    file_tree_link (&file_server.tree, "linked/index.html", "../sub/page.html");
    file_server_expect ("GET /", 200, "root");
    file_server_expect ("GET /sub/", 200, "sub");
    file_server_expect ("GET /linked/", 200, "<p>page");
    file_server_expect ("GET /sub/index.html", 200, "sub");
    file_server_end ();
}
END_TEST

START_TEST (a_directory_without_slash_is_redirected_to_it)
{
    file_server_start (_i);
    file_tree_write (&file_server.tree, "sub/index.html", "sub");
    file_tree_write (&file_server.tree, "a b/\xc3\xa9?%41/index.html", "x");
    file_tree_write (&file_server.tree, "evil.example/index.html", "x");
    file_server_expect_location ("GET /sub", "/sub/");
    file_server_expect_location ("HEAD /sub", "/sub/");
    file_server_expect_location ("GET /sub?", "/sub/?");
    file_server_expect_location ("GET /sub?a=1&b=%2F/..", "/sub/?a=1&b=%2F/..");
    file_server_expect_location ("GET /a%20b/%c3%a9%3f%2541", "/a%20b/%C3%A9%3F%2541/");
    file_server_expect_location ("GET //sub", "/sub/");
    file_server_expect_location ("GET //evil.example", "/evil.example/");
    file_server_expect_location ("GET //evil.example/%2e%2e/sub", "/sub/");
    file_server_expect_location ("GET /.//evil.example", "/evil.example/");
    file_server_expect_location ("GET http://h.example//evil.example", "/evil.example/");
    file_server_expect ("GET /%5Cevil.example", 404, NULL);
    file_server_end ();
}
END_TEST

/* The last of them is a file. */
START_TEST (a_directory_without_index_tells_nothing)
{
    file_server_start (_i);
    file_tree_make_folder (&file_server.tree, "odd/index.html");
    file_server_expect ("GET /", 404, NULL);
    file_server_expect ("GET /sub", 404, NULL);
    file_server_expect ("GET /sub/", 404, NULL);
    file_server_expect ("GET /odd/", 404, NULL);
    file_server_expect ("GET /a.txt/", 404, NULL);
    file_server_end ();
}
END_TEST

START_TEST (another_index_may_be_set)
{
    file_server_prepare (_i);
    ck_assert (!h3_static_files_set_index (file_server.files, "sub/page.html"));
    ck_assert (!h3_static_files_set_index (file_server.files, ".."));
    ck_assert (!h3_static_files_set_index (file_server.files, ""));
    ck_assert (h3_static_files_set_index (file_server.files, "page.html"));
    test_server_start (&file_server.server);
    file_tree_write (&file_server.tree, "index.html", "root");
    file_server_expect ("GET /sub/", 200, "<p>page");
    file_server_expect ("GET /", 404, NULL);
    file_server_end ();
}
END_TEST

START_TEST (without_an_index_there_is_none)
{
    file_server_prepare (_i);
    ck_assert (h3_static_files_set_index (file_server.files, NULL));
    test_server_start (&file_server.server);
    file_tree_write (&file_server.tree, "index.html", "root");
    file_server_expect ("GET /", 404, NULL);
    file_server_expect ("GET /index.html", 200, "root");
    file_server_end ();
}
END_TEST

START_TEST (names_with_a_dot_are_hidden)
{
    file_server_start (_i);
    file_tree_write (&file_server.tree, ".secret", "hidden");
    file_tree_write (&file_server.tree, ".git/config", "hidden");
    file_tree_write (&file_server.tree, "sub/.secret", "hidden");
    file_tree_write (&file_server.tree, "...", "hidden");
    file_tree_write (&file_server.tree, ".well-known/acme", "known");
    file_tree_write (&file_server.tree, ".well-known/.hidden", "hidden");
    file_tree_write (&file_server.tree, ".well-knowne", "hidden");
    file_tree_write (&file_server.tree, "sub/.well-known/x", "hidden");
    file_server_expect ("GET /.secret", 404, NULL);
    file_server_expect ("GET /%2esecret", 404, NULL);
    file_server_expect ("GET /.git/config", 404, NULL);
    file_server_expect ("GET /sub/.secret", 404, NULL);
    file_server_expect ("GET /...", 404, NULL);
    file_server_expect ("GET /.well-known/acme", 200, "known");
    file_server_expect ("GET /.well-known/.hidden", 404, NULL);
    file_server_expect ("GET /.well-knowne", 404, NULL);
    file_server_expect ("GET /sub/.well-known/x", 404, NULL);
    file_server_end ();
}
END_TEST

START_TEST (names_with_a_dot_may_be_allowed)
{
    file_server_prepare (_i);
    h3_static_files_set_dot_files (file_server.files, TRUE);
    test_server_start (&file_server.server);
    file_tree_write (&file_server.tree, ".secret", "shown");
    file_tree_write (&file_server.tree, "sub/.git/config", "shown");
    file_server_expect ("GET /.secret", 200, "shown");
    file_server_expect ("GET /sub/.git/config", 200, "shown");
    file_server_expect ("GET /sub/%2e%2e/%2e%2e/secret.txt", 404, NULL);
    file_server_expect ("GET /sub/..%2f..%2fsecret.txt", 404, NULL);
    file_server_end ();
}
END_TEST

START_TEST (only_regular_files_are_sent)
{
    file_server_start (_i);
    file_tree_make_fifo (&file_server.tree, "fifo");
    file_tree_make_socket (&file_server.tree, "socket");
    file_tree_link (&file_server.tree, "null", "/dev/null");
    file_server_expect ("GET /fifo", 404, NULL);
    file_server_expect ("GET /socket", 404, NULL);
    file_server_expect ("GET /null", 404, NULL);
    file_server_end ();
}
END_TEST

START_TEST (links_are_followed_within)
{
    file_server_start (_i);
    file_tree_link (&file_server.tree, "in", "sub/page.html");
    file_tree_link (&file_server.tree, "out", "../secret.txt");
    file_tree_link (&file_server.tree, "up", "..");
    file_tree_link (&file_server.tree, "loop", "loop");
    file_server_expect ("GET /in", 200, "<p>page");
    file_server_expect ("GET /out", 404, NULL);
    file_server_expect ("GET /up/secret.txt", 404, NULL);
    file_server_expect ("GET /loop", 404, NULL);
    file_server_end ();
}
END_TEST

START_TEST (cache_control_is_sent_with_files)
{
    g_autoptr (RawAnswer) answer = NULL;
    g_autoptr (RawAnswer) missing = NULL;
    g_autoptr (RawAnswer) fresh = NULL;

    file_server_prepare (_i);
    ck_assert (!h3_static_files_set_cache_control (file_server.files, "max-age=1\r\nX: y"));
    ck_assert (h3_static_files_set_cache_control (file_server.files, "public, max-age=60"));
    test_server_start (&file_server.server);
    answer = file_server_ask ("GET /a.txt", "");
    raw_answer_expect_header (answer, "Cache-Control", "public, max-age=60");
    fresh = file_server_ask ("GET /a.txt", "If-Modified-Since: Wed, 01 Jan 2020 00:00:00 GMT\r\n");
    ck_assert_uint_eq (fresh->status, 304);
    raw_answer_expect_header (fresh, "Cache-Control", "public, max-age=60");
    missing = file_server_ask ("GET /b.txt", "");
    ck_assert_uint_eq (missing->status, 404);
    raw_answer_expect_header (missing, "Cache-Control", NULL);
    file_server_end ();
}
END_TEST

START_TEST (a_prefix_is_taken_off)
{
    H3App *group;

    file_server_prepare (_i);
    group = h3_app_group (file_server.server.app, "/site");
    h3_app_route (group, "GET", "/:name/**", h3_static_files_handle,
                  h3_static_files_ref (file_server.files), (GDestroyNotify) h3_static_files_unref);
    test_server_start (&file_server.server);
    file_tree_write (&file_server.tree, "index.html", "root");
    file_server_expect ("GET /site/x/a.txt", 200, "text A");
    file_server_expect ("GET /site/x/", 200, "root");
    file_server_expect_location ("GET /site/x", "/site/x/");
    file_server_expect ("GET /site/x/../y/a.txt", 200, "text A");
    file_server_expect ("GET /site/x//a.txt", 404, NULL);
    file_server_expect ("GET /site/x//etc/passwd", 404, NULL);
    file_server_end ();
}
END_TEST

static void
add (Suite *suite)
{
    static const TTest *const *const tests[] = { &a_file_has_type_length_and_validators,
                                                 &conditions_and_ranges_are_answered,
                                                 &another_file_has_another_tag,
                                                 &other_methods_are_told_which,
                                                 &a_directory_is_its_index,
                                                 &a_directory_without_slash_is_redirected_to_it,
                                                 &a_directory_without_index_tells_nothing,
                                                 &another_index_may_be_set,
                                                 &without_an_index_there_is_none,
                                                 &names_with_a_dot_are_hidden,
                                                 &names_with_a_dot_may_be_allowed,
                                                 &only_regular_files_are_sent,
                                                 &links_are_followed_within,
                                                 &cache_control_is_sent_with_files,
                                                 &a_prefix_is_taken_off };

    for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
        file_server_add_test (suite, *tests[i]);
}

int
main (void)
{
    return suite_run ("e2e/static-files", add);
}

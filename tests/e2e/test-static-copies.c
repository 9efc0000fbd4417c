/* SPDX-License-Identifier: MIT
 *
 * Static files over real sockets: copies that were compressed before, and pages of what is in a
 * directory. */

#include "tests/support/file-server.h"
#include "tests/support/suite.h"

#include <string.h>

#define LATER (FILE_SERVER_TIME + 1)

static void
expect_coding (const char *line, const char *accept, const char *coding, const char *body)
{
    g_autofree char *field =
        accept != NULL ? g_strdup_printf ("Accept-Encoding: %s\r\n", accept) : g_strdup ("");
    g_autoptr (RawAnswer) answer = file_server_ask (line, field);

    ck_assert_msg (answer->status == 200, "%u to %s %s", answer->status, line, field);
    raw_answer_expect_header (answer, "Content-Encoding", coding);
    raw_answer_expect_header (answer, "Vary", "Accept-Encoding");
    raw_answer_expect_header (answer, "Content-Type", "text/plain; charset=utf-8");
    if (body != NULL)
        ck_assert_str_eq (answer->body->str, body);
}

static void
add_copies (void)
{
    static const char *const names[] = { "a.txt.br", "a.txt.zst", "a.txt.gz" };

    for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
        file_tree_write (&file_server.tree, names[i], names[i]);
        file_tree_set_time (&file_server.tree, names[i], LATER);
    }
}

START_TEST (the_copy_that_is_liked_best_is_sent)
{
    file_server_start (_i);
    add_copies ();
    expect_coding ("GET /a.txt", "gzip, deflate, br, zstd", "br", "a.txt.br");
    expect_coding ("GET /a.txt", "gzip", "gzip", "a.txt.gz");
    expect_coding ("GET /a.txt", "zstd", "zstd", "a.txt.zst");
    expect_coding ("GET /a.txt", "br;q=0.5, gzip;q=0.9", "gzip", "a.txt.gz");
    expect_coding ("GET /a.txt", "br;q=0, gzip", "gzip", "a.txt.gz");
    expect_coding ("GET /a.txt", "*", "br", "a.txt.br");
    expect_coding ("GET /a.txt", "br;q=0, *", "zstd", "a.txt.zst");
    expect_coding ("GET /a.txt", "gzip;q=0.1, identity;q=0.9", NULL, "text A");
    expect_coding ("GET /a.txt", "deflate", NULL, "text A");
    expect_coding ("GET /a.txt", "", NULL, "text A");
    expect_coding ("GET /a.txt", NULL, NULL, "text A");
    expect_coding ("HEAD /a.txt", "br", "br", NULL);
    file_server_end ();
}
END_TEST

START_TEST (of_the_copies_that_are_there_the_best_is_sent)
{
    file_server_start (_i);
    file_tree_write (&file_server.tree, "a.txt.gz", "zipped");
    expect_coding ("GET /a.txt", "br, zstd, gzip;q=0.1", "gzip", "zipped");
    expect_coding ("GET /a.txt", "br, zstd", NULL, "text A");
    expect_coding ("GET /a.txt", "br, identity;q=0.5, gzip;q=0.2", NULL, "text A");
    expect_coding ("GET /a.txt", "identity;q=0, *;q=0.1", "gzip", "zipped");
    expect_coding ("GET /a.txt", "identity;q=0", NULL, "text A");
    file_server_end ();
}
END_TEST

START_TEST (a_copy_older_than_its_file_is_none)
{
    file_server_start (_i);
    add_copies ();
    file_tree_set_time (&file_server.tree, "a.txt.br", FILE_SERVER_TIME - 1);
    file_tree_set_time (&file_server.tree, "a.txt.zst", FILE_SERVER_TIME);
    expect_coding ("GET /a.txt", "br", NULL, "text A");
    expect_coding ("GET /a.txt", "br, zstd;q=0.5", "zstd", "a.txt.zst");
    file_server_end ();
}
END_TEST

START_TEST (a_copy_is_a_regular_file_of_the_directory)
{
    file_server_start (_i);
    file_tree_make_fifo (&file_server.tree, "a.txt.br");
    file_tree_link (&file_server.tree, "a.txt.zst", "../secret.txt");
    file_tree_make_folder (&file_server.tree, "a.txt.gz");
    expect_coding ("GET /a.txt", "br, zstd, gzip", NULL, "text A");
    file_server_end ();
}
END_TEST

START_TEST (each_copy_has_a_tag_of_its_own)
{
    g_autoptr (RawAnswer) plain = NULL;
    g_autoptr (RawAnswer) zipped = NULL;
    g_autofree char *plain_tag = NULL;
    g_autofree char *zipped_tag = NULL;
    g_autofree char *condition = NULL;
    g_autofree char *with_coding = NULL;

    file_server_start (_i);
    add_copies ();
    plain = file_server_ask ("GET /a.txt", "");
    zipped = file_server_ask ("GET /a.txt", "Accept-Encoding: gzip\r\n");
    plain_tag = raw_answer_dup_header (plain, "ETag");
    zipped_tag = raw_answer_dup_header (zipped, "ETag");
    ck_assert_str_ne (plain_tag, zipped_tag);
    condition = g_strdup_printf ("If-None-Match: %s\r\n", zipped_tag);
    with_coding = g_strconcat ("Accept-Encoding: gzip\r\n", condition, NULL);
    file_server_expect_with ("GET /a.txt", with_coding, 304, "");
    file_server_expect_with ("GET /a.txt", condition, 200, "text A");
    file_server_expect_with ("GET /a.txt", "Accept-Encoding: gzip\r\nRange: bytes=6-\r\n", 206,
                             "gz");
    file_server_end ();
}
END_TEST

static void
expect_vary (const char *path, const char *field, guint status, const char *vary)
{
    g_autofree char *line = g_strconcat ("GET ", path, NULL);
    g_autofree char *fields = g_strconcat ("Accept-Encoding: gzip\r\n", field, NULL);
    g_autoptr (RawAnswer) answer = file_server_ask (line, fields);

    ck_assert_uint_eq (answer->status, status);
    raw_answer_expect_header (answer, "Vary", vary);
    if (status >= 400)
        raw_answer_expect_header (answer, "Content-Encoding", NULL);
}

/* Another copy has another tag and another length, and might have been answered with 200. */
START_TEST (conditions_and_ranges_that_fail_vary_like_the_file)
{
    file_server_start (_i);
    add_copies ();
    file_tree_write (&file_server.tree, "p.png", "image");
    expect_vary ("/a.txt", "If-Match: \"other\"\r\n", 412, "Accept-Encoding");
    expect_vary ("/a.txt", "Range: bytes=1000-\r\n", 416, "Accept-Encoding");
    expect_vary ("/a.txt", "If-None-Match: *\r\n", 304, "Accept-Encoding");
    expect_vary ("/p.png", "If-Match: \"other\"\r\n", 412, NULL);
    expect_vary ("/p.png", "Range: bytes=1000-\r\n", 416, NULL);
    file_server_end ();
}
END_TEST

START_TEST (what_is_compressed_already_has_no_copies)
{
    g_autoptr (RawAnswer) answer = NULL;

    file_server_start (_i);
    file_tree_write (&file_server.tree, "p.png", "image");
    file_tree_write (&file_server.tree, "p.png.gz", "zipped");
    answer = file_server_ask ("GET /p.png", "Accept-Encoding: gzip\r\n");
    ck_assert_str_eq (answer->body->str, "image");
    raw_answer_expect_header (answer, "Vary", NULL);
    file_server_end ();
}
END_TEST

START_TEST (copies_may_be_left_alone)
{
    g_autoptr (RawAnswer) answer = NULL;

    file_server_prepare (_i);
    h3_static_files_set_precompressed (file_server.files, FALSE);
    test_server_start (&file_server.server);
    add_copies ();
    answer = file_server_ask ("GET /a.txt", "Accept-Encoding: gzip\r\n");
    ck_assert_str_eq (answer->body->str, "text A");
    raw_answer_expect_header (answer, "Vary", NULL);
    file_server_expect ("GET /a.txt.gz", 200, "a.txt.gz");
    file_server_end ();
}
END_TEST

START_TEST (an_index_has_copies)
{
    file_server_start (_i);
    file_tree_write (&file_server.tree, "index.html", "root");
    file_tree_write (&file_server.tree, "index.html.gz", "zipped");
    file_server_expect_with ("GET /", "Accept-Encoding: gzip\r\n", 200, "zipped");
    file_server_end ();
}
END_TEST

static void
start_listing (int way)
{
    file_server_prepare (way);
    h3_static_files_set_listing (file_server.files, TRUE);
    test_server_start (&file_server.server);
}

/* In `page`, in this order. */
static void
expect_in_order (const char *page, const char *const *texts, guint n)
{
    const char *at = page;

    for (guint i = 0; i < n; i++) {
        at = strstr (at, texts[i]);
        ck_assert_msg (at != NULL, "no %s there: %s", texts[i], page);
    }
}

START_TEST (a_directory_is_listed_in_order)
{
    static const char *const texts[] = {
        "<title>/</title>",
        "<a href=\"./sub/\">sub/</a></td><td></td><td>",
        "<a href=\"./a.txt\">a.txt</a></td><td>6</td><td>2020-01-01 00:00</td>",
        "<a href=\"./b.txt\">b.txt</a></td><td>3</td>",
        "<a href=\"./c.txt\">c.txt</a></td><td>3</td>",
    };
    g_autoptr (RawAnswer) answer = NULL;

    start_listing (_i);
    file_tree_write (&file_server.tree, "c.txt", "ccc");
    file_tree_write (&file_server.tree, "b.txt", "bbb");
    answer = file_server_ask ("GET /", "");
    ck_assert_uint_eq (answer->status, 200);
    raw_answer_expect_header (answer, "Content-Type", "text/html; charset=utf-8");
    raw_answer_expect_header (answer, "X-Content-Type-Options", "nosniff");
    raw_answer_expect_header (answer, "Content-Security-Policy",
                              "default-src 'none'; style-src 'unsafe-inline'");
    expect_in_order (answer->body->str, texts, G_N_ELEMENTS (texts));
    ck_assert_ptr_null (strstr (answer->body->str, "../"));
    file_server_end ();
}
END_TEST

START_TEST (an_index_goes_before_a_listing)
{
    start_listing (_i);
    file_tree_write (&file_server.tree, "sub/index.html", "sub");
    file_server_expect ("GET /sub/", 200, "sub");
    file_server_expect_location ("GET /sub", "/sub/");
    file_server_end ();
}
END_TEST

START_TEST (a_listing_leads_up_and_needs_its_slash)
{
    static const char *const texts[] = { "<title>/sub/</title>", "<a href=\"../\">../</a>",
                                         "<a href=\"./page.html\">page.html</a>" };
    g_autoptr (RawAnswer) answer = NULL;

    start_listing (_i);
    file_server_expect_location ("GET /sub?x", "/sub/?x");
    answer = file_server_ask ("GET /sub/", "");
    expect_in_order (answer->body->str, texts, G_N_ELEMENTS (texts));
    file_server_expect ("GET /nowhere/", 404, NULL);
    file_server_expect ("GET /a.txt/", 404, NULL);
    file_server_end ();
}
END_TEST

START_TEST (names_in_a_listing_are_escaped)
{
    static const char *const texts[] = {
        "<title>/&lt;d&gt;/</title>",
        "<a href=\"./%22%3E%3Cscript%3Ealert(1)%3C\">&quot;&gt;&lt;script&gt;alert(1)&lt;</a>",
        "<a href=\"./100%25.txt\">100%.txt</a>",
        "<a href=\"./a%20&amp;&apos;b.txt\">a &amp;&apos;b.txt</a>",
        "<a href=\"./javascript:x\">javascript:x</a>",
        "<a href=\"./%E2%82%AC\">\xe2\x82\xac</a>",
    };
    g_autoptr (RawAnswer) answer = NULL;

    start_listing (_i);
    file_tree_write (&file_server.tree, "<d>/100%.txt", "x");
    file_tree_write (&file_server.tree, "<d>/a &'b.txt", "x");
    file_tree_write (&file_server.tree, "<d>/javascript:x", "x");
    file_tree_write (&file_server.tree, "<d>/\xe2\x82\xac", "x");
    file_tree_write (&file_server.tree, "<d>/\"><script>alert(1)<", "x");
    answer = file_server_ask ("GET /%3Cd%3E/", "");
    expect_in_order (answer->body->str, texts, G_N_ELEMENTS (texts));
    ck_assert_ptr_null (strstr (answer->body->str, "<script"));
    file_server_end ();
}
END_TEST

START_TEST (what_nobody_could_ask_for_is_not_listed)
{
    g_autoptr (RawAnswer) answer = NULL;
    static const char *const hidden[] = {
        "hidden", "back", "out", "fifo", "gone", "latin", "line"
    };

    start_listing (_i);
    file_tree_write (&file_server.tree, ".hidden", "x");
    file_tree_write (&file_server.tree, "back\\slash", "x");
    file_tree_write (&file_server.tree, "latin\xe9", "x");
    file_tree_write (&file_server.tree, "line\nend", "x");
    file_tree_link (&file_server.tree, "out", "../secret.txt");
    file_tree_link (&file_server.tree, "gone", "nowhere");
    file_tree_link (&file_server.tree, "in", "sub/page.html");
    file_tree_make_fifo (&file_server.tree, "fifo");
    answer = file_server_ask ("GET /", "");
    for (guint i = 0; i < G_N_ELEMENTS (hidden); i++)
        ck_assert_msg (strstr (answer->body->str, hidden[i]) == NULL, "%s is listed", hidden[i]);
    ck_assert_ptr_nonnull (strstr (answer->body->str, "<a href=\"./in\">in</a></td><td>7</td>"));
    file_server_end ();
}
END_TEST

START_TEST (names_with_a_dot_are_listed_where_they_are_served)
{
    g_autoptr (RawAnswer) answer = NULL;

    file_server_prepare (_i);
    h3_static_files_set_listing (file_server.files, TRUE);
    h3_static_files_set_dot_files (file_server.files, TRUE);
    test_server_start (&file_server.server);
    file_tree_write (&file_server.tree, ".shown", "x");
    answer = file_server_ask ("GET /", "");
    ck_assert_ptr_nonnull (strstr (answer->body->str, "<a href=\"./.shown\">"));
    ck_assert_ptr_null (strstr (answer->body->str, "\"./../\""));
    file_server_end ();
}
END_TEST

static void
add (Suite *suite)
{
    static const TTest *const *const tests[] = {
        &the_copy_that_is_liked_best_is_sent,
        &of_the_copies_that_are_there_the_best_is_sent,
        &a_copy_older_than_its_file_is_none,
        &a_copy_is_a_regular_file_of_the_directory,
        &each_copy_has_a_tag_of_its_own,
        &conditions_and_ranges_that_fail_vary_like_the_file,
        &what_is_compressed_already_has_no_copies,
        &copies_may_be_left_alone,
        &an_index_has_copies,
        &a_directory_is_listed_in_order,
        &an_index_goes_before_a_listing,
        &a_listing_leads_up_and_needs_its_slash,
        &names_in_a_listing_are_escaped,
        &what_nobody_could_ask_for_is_not_listed,
        &names_with_a_dot_are_listed_where_they_are_served,
    };

    for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
        file_server_add_test (suite, *tests[i]);
}

int
main (void)
{
    return suite_run ("e2e/static-copies", add);
}

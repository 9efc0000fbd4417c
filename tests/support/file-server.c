/* SPDX-License-Identifier: MIT */

#include "file-server.h"

#include <h3/batteries/static-files-inside.h>

FileServer file_server;

static const BeneathWay ways[] = { BENEATH_BEST, BENEATH_BY_STEPS };

void
file_server_add_test (Suite *suite, const TTest *test)
{
    TCase *tcase = tcase_create (test->name);

    tcase_add_loop_test (tcase, test, 0, (int) G_N_ELEMENTS (ways));
    suite_add_tcase (suite, tcase);
}

void
file_server_prepare (int way)
{
    const FileTree *tree = &file_server.tree;

    test_server_init (&file_server.server);
    file_tree_init (&file_server.tree);
    file_server.files = static_files_new (tree->root, ways[way], NULL);
    ck_assert_ptr_nonnull (file_server.files);
    h3_app_route (file_server.server.app, "GET", "/**", h3_static_files_handle, file_server.files,
                  (GDestroyNotify) h3_static_files_unref);
    file_tree_write (tree, "a.txt", "text A");
    file_tree_write (tree, "sub/page.html", "<p>page");
    file_tree_set_time (tree, "a.txt", FILE_SERVER_TIME);
    file_tree_set_time (tree, "sub/page.html", FILE_SERVER_TIME);
}

void
file_server_start (int way)
{
    file_server_prepare (way);
    test_server_start (&file_server.server);
}

void
file_server_end (void)
{
    test_server_end (&file_server.server);
    file_tree_clear (&file_server.tree);
}

RawAnswer *
file_server_ask (const char *line, const char *fields)
{
    g_autofree char *request =
        g_strconcat (line, " HTTP/1.1\r\nHost: h.example\r\n", fields, "\r\n", NULL);
    g_autoptr (RawClient) client = test_server_connect (&file_server.server);
    RawAnswer *answer;

    ck_assert (raw_client_send (client, request));
    answer = raw_client_read (client, g_str_has_prefix (line, "HEAD "));
    ck_assert_msg (answer != NULL && answer->is_whole, "no whole answer to %s", line);
    return answer;
}

void
file_server_expect_with (const char *line, const char *fields, guint status, const char *body)
{
    g_autoptr (RawAnswer) answer = file_server_ask (line, fields);

    ck_assert_msg (answer->status == status, "%u, not %u, to %s %s: %s", answer->status, status,
                   line, fields, answer->body->str);
    if (body != NULL)
        ck_assert_str_eq (answer->body->str, body);
}

void
file_server_expect (const char *line, guint status, const char *body)
{
    file_server_expect_with (line, "", status, body);
}

void
file_server_expect_location (const char *line, const char *location)
{
    g_autoptr (RawAnswer) answer = file_server_ask (line, "");

    ck_assert_msg (answer->status == 301, "%u to %s", answer->status, line);
    raw_answer_expect_header (answer, "Location", location);
    ck_assert_str_eq (answer->body->str, "");
}

/* SPDX-License-Identifier: MIT
 *
 * The program h3d fetch: what it asks, what it writes where. */

#include "fetch-program.h"

#include "tests/support/scripted-server.h"

#include <sys/stat.h>
#include <unistd.h>

/* Tells method, fields and body of the request. */
static void
tell_request (H3Event *event, gpointer user_data)
{
    static const char *const names[] = { "Content-Type", "Content-Length", "Transfer-Encoding",
                                         "Accept", "X-A" };
    H3Request *request = h3_event_get_request (event);
    g_autoptr (GString) text = g_string_new (h3_request_get_method_name (request));
    GBytes *body = h3_request_get_body (request);

    for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
        const char *value = h3_request_get_header (request, names[i]);

        if (value != NULL && strcmp (value, "*/*") != 0)
            g_string_append_printf (text, "|%s: %s", names[i], value);
    }
    g_string_append_c (text, '|');
    if (body != NULL)
        g_string_append_len (text, g_bytes_get_data (body, NULL), (gssize) g_bytes_get_size (body));
    h3_event_send_text (event, text->str);
}

static void
say (H3Event *event, gpointer user_data)
{
    h3_event_set_header (event, "X-A", "b");
    h3_event_send_text (event, user_data);
}

static void
send_binary (H3Event *event, gpointer user_data)
{
    g_autoptr (GBytes) bytes = g_bytes_new_static ("a\0b\xff", 4);

    h3_event_send_bytes (event, "application/octet-stream", bytes);
}

static void
redirect (H3Event *event, gpointer user_data)
{
    g_autoptr (H3Cookie) cookie = h3_cookie_new ("who", "ada");

    (void) h3_event_set_cookie (event, cookie, NULL);
    h3_event_redirect (event, 302, user_data);
}

static void
tell_cookie (H3Event *event, gpointer user_data)
{
    const char *who = h3_event_get_cookie (event, "who");

    h3_event_send_text (event, who != NULL ? who : "nobody");
}

static void
answer_404 (H3Event *event, gpointer user_data)
{
    h3_event_fail_status (event, 404, "Not here.");
}

static void
tell_target (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, h3_request_get_target (h3_event_get_request (event)));
}

static void
set_up (void)
{
    H3App *app;

    file_tree_init (&tree);
    test_server_init (&server);
    app = server.app;
    h3_app_all (app, "/request", tell_request, NULL);
    h3_app_get (app, "/text", say, (gpointer) "some text");
    h3_app_get (app, "/binary", send_binary, NULL);
    h3_app_get (app, "/to-text", redirect, (gpointer) "/text");
    h3_app_get (app, "/to-cookie", redirect, (gpointer) "/cookie");
    h3_app_get (app, "/cookie", tell_cookie, NULL);
    h3_app_get (app, "/fail", answer_404, NULL);
    h3_app_get (app, "/target", tell_target, NULL);
    test_server_start (&server);
    base = g_strconcat ("http://", server.address, NULL);
}

static void
tear_down (void)
{
    g_clear_pointer (&base, g_free);
    test_server_end (&server);
    file_tree_clear (&tree);
}

START_TEST (body_is_written_to_the_standard_output)
{
    g_autoptr (Run) binary = fetch ("", "/binary");

    expect_fetch ("", "/text", 0, "some text");
    expect_fetch ("--", "/text", 0, "some text");
    expect_fetch ("-o -", "/text", 0, "some text");
    ck_assert_uint_eq (binary->output->len, 4);
    ck_assert_int_eq (memcmp (binary->output->str, "a\0b\xff", 4), 0);
}
END_TEST

START_TEST (scheme_may_be_left_out)
{
    Subprocess process;
    g_autoptr (Run) run = NULL;
    g_autofree char *url = g_strconcat (server.address, "/target?url=http://x", NULL);

    subprocess_start (&process, 0, "fetch", url, NULL);
    run = run_take (&process);
    ck_assert_int_eq (run->status, 0);
    ck_assert_str_eq (run->output->str, "/target?url=http://x");
}
END_TEST

START_TEST (options_say_what_is_asked)
{
    expect_fetch ("", "/request", 0, "GET|");
    expect_fetch ("-X DELETE", "/request", 0, "DELETE|");
    expect_fetch ("-H 'X-A: b'", "/request", 0, "GET|X-A: b|");
    expect_fetch ("-d a=1 -d b=2", "/request", 0,
                  "POST|Content-Type: application/x-www-form-urlencoded|Content-Length: 7|a=1&b=2");
    expect_fetch ("-X PUT -d text -H 'Content-Type: text/plain'", "/request", 0,
                  "PUT|Content-Type: text/plain|Content-Length: 4|text");
    expect_fetch ("--json '{\"a\":1}'", "/request", 0,
                  "POST|Content-Type: application/json|Content-Length: 7|Accept: "
                  "application/json|{\"a\":1}");
    expect_fetch ("-F 'a b=1&2' -F c==", "/request", 0,
                  "POST|Content-Type: application/x-www-form-urlencoded|Content-Length: 17|"
                  "a%20b=1%262&c=%3D");
}
END_TEST

START_TEST (bodies_come_from_files_and_the_standard_input)
{
    Subprocess process;
    g_autoptr (Run) piped = NULL;

    file_tree_write (&tree, "body", "from a file");
    expect_fetch ("-d @\"$T/body\"", "/request", 0,
                  "POST|Content-Type: application/octet-stream|Content-Length: 11|from a file");
    expect_fetch ("-d @- < \"$T/body\"", "/request", 0,
                  "POST|Content-Type: application/octet-stream|Content-Length: 11|from a file");
    expect_fetch ("--json @\"$T/body\"", "/request", 0,
                  "POST|Content-Type: application/json|Content-Length: 11|Accept: "
                  "application/json|from a file");
    fetch_start (&process, "printf piped | %s", "-X PUT -d @-", "/request");
    piped = run_take (&process);
    ck_assert_int_eq (piped->status, 0);
    ck_assert_str_eq (piped->output->str, "PUT|Content-Type: application/octet-stream|"
                                          "Transfer-Encoding: chunked|piped");
    expect_told ("-d @\"$T/none\"", "/request", 26, "/none\": No such file or directory");
    expect_told ("-d @\"$T\"", "/request", 26, "Is a directory");
}
END_TEST

/* (transfer full) (nullable): the names in the tree. */
static char *
list_tree (void)
{
    GString *names = g_string_new (NULL);
    g_autoptr (GDir) folder = g_dir_open (tree.root, 0, NULL);
    const char *name;

    while ((name = g_dir_read_name (folder)) != NULL)
        g_string_append (names, name);
    return g_string_free (names, FALSE);
}

/* Less than was promised, and the end. */
static void
expect_cut (void)
{
    static const ScriptStep script[] = {
        SCRIPT_REQUEST,
        SCRIPT_SEND ("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf."),
        SCRIPT_CLOSE,
    };
    g_autofree char *own = base;
    ScriptedServer scripted;

    scripted_server_start (&scripted, NULL, script);
    base = scripted.url;
    expect_fetch ("-o \"$T/out\"", "/", 18, "");
    base = g_steal_pointer (&own);
    scripted_server_clear (&scripted);
}

START_TEST (file_has_its_name_once_it_is_whole)
{
    g_autofree char *path = file_tree_path (&tree, "out");
    g_autofree char *text = NULL, *before = NULL, *after = NULL;
    struct stat status;
    mode_t mask = umask (0027);

    expect_cut ();
    before = list_tree ();
    ck_assert_str_eq (before, "");
    expect_fetch ("-o \"$T/out\"", "/text", 0, "");
    ck_assert (g_file_get_contents (path, &text, NULL, NULL));
    ck_assert_str_eq (text, "some text");
    ck_assert_int_eq (stat (path, &status), 0);
    ck_assert_uint_eq (status.st_mode & 0777, 0640);
    expect_cut ();
    after = list_tree ();
    ck_assert_str_eq (after, "out");
    expect_fetch ("-o /dev/null", "/text", 0, "");
    expect_told ("-o \"$T/none/out\"", "/text", 23, "No such file or directory");
    expect_told ("-o \"$T\"", "/text", 23, "Is a directory");
    expect_told ("-o /dev/full", "/text", 23, "No space left on device");
    (void) umask (mask);
}
END_TEST

START_TEST (heads_are_written_where_asked_for)
{
    g_autoptr (Run) included = fetch ("-i", "/text");
    g_autoptr (Run) head = fetch ("--head", "/text");
    g_autoptr (Run) verbose = fetch ("-v -H 'X-Asked: yes'", "/to-text");

    ck_assert (g_str_has_prefix (included->output->str, "HTTP/1.1 200 OK\r\n"));
    ck_assert_ptr_nonnull (strstr (included->output->str, "\r\nX-A: b\r\n"));
    ck_assert (g_str_has_suffix (included->output->str, "\r\n\r\nsome text"));
    ck_assert (g_str_has_prefix (head->output->str, "HTTP/1.1 200 OK\r\n"));
    ck_assert (g_str_has_suffix (head->output->str, "\r\n\r\n"));
    ck_assert_str_eq (verbose->output->str, "some text");
    ck_assert_ptr_nonnull (strstr (verbose->errors, "> GET http://"));
    ck_assert_ptr_nonnull (strstr (verbose->errors, "> X-Asked: yes\n"));
    ck_assert_ptr_nonnull (strstr (verbose->errors, "* 1 redirects, to http://"));
    ck_assert_ptr_nonnull (strstr (verbose->errors, "< 200 OK\n"));
    ck_assert_ptr_nonnull (strstr (verbose->errors, "< X-A: b\n"));
}
END_TEST

START_TEST (redirects_are_followed_as_far_as_is_said)
{
    g_autoptr (Run) none = fetch ("-i --max-redirects 0", "/to-text");

    expect_fetch ("", "/to-text", 0, "some text");
    ck_assert_int_eq (none->status, 0);
    ck_assert (g_str_has_prefix (none->output->str, "HTTP/1.1 302 Found\r\n"));
}
END_TEST

START_TEST (cookies_are_kept_where_asked_for)
{
    expect_fetch ("", "/to-cookie", 0, "nobody");
    expect_fetch ("--cookies", "/to-cookie", 0, "ada");
}
END_TEST

START_TEST (statuses_are_failures_where_asked_for)
{
    g_autoptr (Run) plain = fetch ("", "/fail");

    ck_assert_int_eq (plain->status, 0);
    ck_assert_ptr_nonnull (strstr (plain->output->str, "Not here."));
    expect_told ("--fail", "/fail", 22, "h3d fetch: the server answered 404 Not Found\n");
    expect_fetch ("--fail -o \"$T/out\"", "/fail", 22, "");
    expect_fetch ("--fail", "/text", 0, "some text");
}
END_TEST

START_TEST (timing_tells_each_part)
{
    g_autoptr (Run) run = fetch ("--timing", "/to-text");

    ck_assert_str_eq (run->output->str, "some text");
    ck_assert_msg (g_regex_match_simple ("^name \\d+\\.\\d{6} s, connection \\d+\\.\\d{6} s, TLS "
                                         "0\\.000000 s, first byte \\d+\\.\\d{6} s, total "
                                         "\\d+\\.\\d{6} s, redirects 1, connection kept\n$",
                                         run->errors, 0, 0),
                   "%s", run->errors);
}
END_TEST

START_TEST (proxy_is_asked_for_hosts_it_knows)
{
    Subprocess process;
    g_autoptr (Run) run = NULL, environment = NULL;
    g_autofree char *variable = g_strconcat ("http_proxy=", base, NULL);
    const char *const variables[] = { variable, NULL };
    const SubprocessGifts gifts = { .environment = variables };

    subprocess_start (&process, 0, "fetch", "--proxy", base, "http://far.example/target", NULL);
    run = run_take (&process);
    ck_assert_int_eq (run->status, 0);
    ck_assert_str_eq (run->output->str, "http://far.example/target");
    subprocess_start_with (&process, &gifts, "fetch", "http://far.example/target", NULL);
    environment = run_take (&process);
    ck_assert_str_eq (environment->output->str, "http://far.example/target");
    expect_fetch ("--proxy none", "/target", 0, "/target");
}
END_TEST

START_TEST (unix_socket_stands_for_any_host)
{
    static const ScriptStep script[] = {
        SCRIPT_REQUEST,
        SCRIPT_SEND ("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhere"),
        SCRIPT_CLOSE,
    };
    g_autofree char *path = file_tree_path (&tree, "socket");
    const ScriptedWish wish = { .unix_path = path };
    ScriptedServer scripted;
    Subprocess process;
    g_autoptr (Run) run = NULL;

    scripted_server_start (&scripted, &wish, script);
    subprocess_start (&process, 0, "fetch", "--unix-socket", path, "http://any.example/", NULL);
    run = run_take (&process);
    ck_assert_int_eq (run->status, 0);
    ck_assert_str_eq (run->output->str, "here");
    scripted_server_expect_header (&scripted, 0, "Host", "any.example");
    scripted_server_clear (&scripted);
}
END_TEST

static void
add_tests (Suite *suite)
{
    const TTest *const tests[] = {
        body_is_written_to_the_standard_output,
        scheme_may_be_left_out,
        options_say_what_is_asked,
        bodies_come_from_files_and_the_standard_input,
        file_has_its_name_once_it_is_whole,
        heads_are_written_where_asked_for,
        redirects_are_followed_as_far_as_is_said,
        cookies_are_kept_where_asked_for,
        statuses_are_failures_where_asked_for,
        timing_tells_each_part,
        proxy_is_asked_for_hosts_it_knows,
        unix_socket_stands_for_any_host,
    };
    TCase *tcase = tcase_create ("fetch");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
        tcase_add_test (tcase, tests[i]);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("e2e/fetch", add_tests);
}

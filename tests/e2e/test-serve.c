/* SPDX-License-Identifier: MIT
 *
 * The program h3d serve: what it says, what it serves, and what is wrong with what it was told. */

#include "tests/support/file-tree.h"
#include "tests/support/raw-client.h"
#include "tests/support/subprocess.h"
#include "tests/support/suite.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

static FileTree tree;

static void
start_tree (void)
{
    file_tree_init (&tree);
    file_tree_write (&tree, "a.txt", "text A");
    file_tree_write (&tree, ".hidden", "hidden");
    file_tree_write (&tree, "main.html", "main");
}

/* (transfer full): the address that it tells behind the directory. */
static char *
read_address (Subprocess *process)
{
    g_autofree char *line = subprocess_read_line (process);
    g_autofree char *expected = g_strconcat ("Serving ", tree.root, NULL);

    ck_assert_str_eq (line, expected);
    return subprocess_read_address (process);
}

static void
expect (const char *address, const char *target, guint status, const char *body)
{
    g_autoptr (RawClient) client = raw_client_new (address);
    g_autofree char *request =
        g_strdup_printf ("GET %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", target);

    raw_client_expect (client, request, status, body);
}

static void
finish (Subprocess *process)
{
    subprocess_signal (process, SIGTERM);
    ck_assert_int_eq (subprocess_wait (process), 0);
}

START_TEST (a_directory_is_served)
{
    Subprocess process;
    g_autofree char *address = NULL;

    start_tree ();
    subprocess_start (&process, 0, "serve", tree.root, "--listen", "127.0.0.1:0", NULL);
    address = read_address (&process);
    expect (address, "/a.txt", 200, "text A");
    expect (address, "/", 404, NULL);
    expect (address, "/.hidden", 404, NULL);
    expect (address, "/../secret.txt", 404, NULL);
    finish (&process);
    file_tree_clear (&tree);
}
END_TEST

START_TEST (options_say_how)
{
    Subprocess process;
    g_autofree char *address = NULL;
    g_autoptr (RawClient) client = NULL;
    g_autoptr (RawAnswer) answer = NULL;

    start_tree ();
    file_tree_write (&tree, "a.txt.gz", "zipped");
    subprocess_start (&process, 0, "serve", "--list", "--dot-files", "--index=main.html",
                      "--no-precompressed", "--cache-control", "max-age=5", "--workers=1",
                      "--listen", "127.0.0.1:0", tree.root, NULL);
    address = read_address (&process);
    expect (address, "/", 200, "main");
    expect (address, "/.hidden", 200, "hidden");
    client = raw_client_new (address);
    ck_assert (raw_client_send (client,
                                "GET /a.txt HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n"));
    answer = raw_client_read (client, FALSE);
    ck_assert_str_eq (answer->body->str, "text A");
    raw_answer_expect_header (answer, "Cache-Control", "max-age=5");
    finish (&process);
    file_tree_clear (&tree);
}
END_TEST

START_TEST (an_empty_index_lets_directories_be_listed)
{
    Subprocess process;
    g_autofree char *address = NULL;
    g_autoptr (RawClient) client = NULL;
    g_autoptr (RawAnswer) answer = NULL;

    start_tree ();
    file_tree_write (&tree, "index.html", "index");
    subprocess_start (&process, 0, "serve", tree.root, "--index=", "--list", "--access-log=common",
                      "--listen", "127.0.0.1:0", NULL);
    address = read_address (&process);
    client = raw_client_new (address);
    ck_assert (raw_client_send (client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    answer = raw_client_read (client, FALSE);
    ck_assert_ptr_nonnull (strstr (answer->body->str, "<a href=\"./main.html\">"));
    finish (&process);
    file_tree_clear (&tree);
}
END_TEST

/* One line, which has `text` in it, and status 1. */
static void
expect_refusal (const char *argument, const char *other, const char *text)
{
    Subprocess process;
    g_autofree char *errors = NULL;

    subprocess_start (&process, 0, "serve", "--listen=127.0.0.1:0", argument, other, NULL);
    errors = subprocess_read_errors (&process);
    ck_assert_int_eq (subprocess_wait (&process), 1);
    ck_assert_msg (strstr (errors, text) != NULL, "no %s in %s", text, errors);
    ck_assert_ptr_eq (strchr (errors, '\n'), errors + strlen (errors) - 1);
}

START_TEST (what_cannot_be_served_is_told)
{
    g_autofree char *file = NULL;

    start_tree ();
    file = file_tree_path (&tree, "a.txt");
    expect_refusal (NULL, NULL, "the directory to serve is missing: h3d serve DIRECTORY");
    expect_refusal ("/nowhere", NULL, "there is no directory '/nowhere'");
    expect_refusal (file, NULL, "a.txt' is no directory");
    expect_refusal (tree.root, "/tmp", "one directory is served");
    expect_refusal (tree.root, "--index=a/b", "--index takes the name of a file");
    expect_refusal (tree.root, "--cache-control=a\x7f", "--cache-control takes directives");
    expect_refusal (tree.root, "--lists", "--lists");
    file_tree_clear (&tree);
}
END_TEST

static gboolean
output_has (const char *command, const char *option, const char *text)
{
    g_autoptr (GString) output = g_string_new (NULL);
    Subprocess process;
    char piece[4096];
    gssize n;

    subprocess_start (&process, 0, command, option, NULL);
    while ((n = read (process.output, piece, sizeof piece)) > 0)
        g_string_append_len (output, piece, n);
    ck_assert_int_eq (subprocess_wait (&process), 0);
    return strstr (output->str, text) != NULL;
}

START_TEST (help_tells_of_it)
{
    ck_assert (output_has ("--help", NULL, "serve"));
    ck_assert (output_has ("serve", "--help", "DIRECTORY"));
    ck_assert (output_has ("serve", "--help-all", "--list"));
    ck_assert (output_has ("serve", "--help-all", "--listen"));
    ck_assert (output_has ("serve", "--help-all", "--max-target"));
}
END_TEST

START_TEST (the_demo_serves_a_directory_too)
{
    Subprocess process;
    g_autofree char *address = NULL;
    g_autofree char *option = NULL;

    start_tree ();
    option = g_strconcat ("--static=", tree.root, NULL);
    subprocess_start (&process, 0, "demo", "--listen=127.0.0.1:0", option, NULL);
    address = subprocess_read_address (&process);
    expect (address, "/static/a.txt", 200, "text A");
    expect (address, "/static/", 200, NULL);
    expect (address, "/static/../../secret.txt", 404, NULL);
    finish (&process);
    file_tree_clear (&tree);
}
END_TEST

static void
add (Suite *suite)
{
    suite_add_case (suite, "serves", a_directory_is_served, options_say_how,
                    an_empty_index_lets_directories_be_listed, the_demo_serves_a_directory_too,
                    NULL);
    suite_add_case (suite, "tells", what_cannot_be_served_is_told, help_tells_of_it, NULL);
}

int
main (void)
{
    return suite_run ("e2e/serve", add);
}

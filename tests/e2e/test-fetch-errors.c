/* SPDX-License-Identifier: MIT
 *
 * The program h3d fetch where it cannot do what it is asked for: what it tells, and how it ends. */

#define _XOPEN_SOURCE 700 /* terminals */
#define _DEFAULT_SOURCE

#include "fetch-program.h"

#include "tests/support/latch.h"
#include "tests/support/scripted-server.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define OK "HTTP/1.1 200 OK\r\n"

static Latch asked = LATCH_INIT, seen = LATCH_INIT;

/* Never answers: whoever asks goes. */
static void
hold (H3Event *event, gpointer user_data)
{
    h3_event_on_dispose (event, (H3Disposed) user_data, h3_event_defer (event), NULL);
    latch_raise (&asked);
}

static void
let_go (H3Event *event, H3Outcome outcome, gpointer user_data)
{
    h3_event_unref (user_data);
}

static void
say (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, user_data);
}

static void
send_binary (H3Event *event, gpointer user_data)
{
    g_autoptr (GBytes) bytes = g_bytes_new_static ("a\0b", 3);

    h3_event_send_bytes (event, "application/octet-stream", bytes);
}

static void
redirect (H3Event *event, gpointer user_data)
{
    h3_event_redirect (event, 302, user_data);
}

/* Goes on until the client goes, or the test has seen enough. */
static void
write_more (H3Event *event, gpointer user_data)
{
    static const char piece[1000];

    if (latch_get (&seen) > 0) {
        h3_event_finish (event);
        return;
    }
    h3_event_write (event, piece, sizeof piece);
    h3_event_after (event, 20, write_more, NULL, NULL);
}

static void
trickle (H3Event *event, gpointer user_data)
{
    h3_event_start_stream (event, -1);
    write_more (event, NULL);
}

static void
set_up (void)
{
    H3App *app;

    asked = seen = (Latch) LATCH_INIT;
    file_tree_init (&tree);
    test_server_init (&server);
    app = server.app;
    h3_app_get (app, "/text", say, (gpointer) "some text");
    h3_app_get (app, "/hold", hold, let_go);
    h3_app_get (app, "/binary", send_binary, NULL);
    h3_app_get (app, "/trickle", trickle, NULL);
    h3_app_get (app, "/again", redirect, (gpointer) "/again");
    h3_app_get (app, "/to-nothing", redirect, (gpointer) "ftp://example.org/");
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

static const struct {
    const char *options, *path;
    int status;
    const char *told;
} errors[] = {
    { "--timeout 0.2", "/hold", 28, "(--timeout SECONDS gives it another time)" },
    { "", "/again", 47, "(--max-redirects N follows more)" },
    { "--max-redirects 2", "/again", 47, "h3d fetch: " },
    { "", "/to-nothing", 3, "h3d fetch: " },
    { "--max-size 8", "/text", 63, "h3d fetch: " },
    { "--cacert \"$T/none.pem\"", "/text", 0, "" },
};

START_TEST (each_kind_of_error_has_its_status)
{
    for (guint i = 0; i < G_N_ELEMENTS (errors); i++)
        expect_told (errors[i].options, errors[i].path, errors[i].status, errors[i].told);
    expect_fetch ("--max-size 9", "/text", 0, "some text");
}
END_TEST

#define BAD(answer)                                                                                \
    {                                                                                              \
        SCRIPT_REQUEST, SCRIPT_SEND (answer), SCRIPT_CLOSE                                         \
    }

static const struct {
    ScriptStep script[3];
    int status;
    const char *told;
} bad[] = {
    { BAD ("220 ready\r\n"), 8, "h3d fetch: " },
    { BAD (OK "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"), 8, "h3d fetch: " },
    { BAD (""), 18, "h3d fetch: " },
    { BAD (OK "Content-Length: 10\r\n\r\nhalf."), 18, "h3d fetch: " },
    { BAD (OK "Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello"), 61,
      "(--no-compression asks for it as it is)" },
    { { SCRIPT_REQUEST, SCRIPT_SEND (OK "Content-Length: 10\r\n\r\nhalf."), SCRIPT_HANG },
      28,
      "(--timeout SECONDS gives it another time)" },
};

START_TEST (each_answer_that_is_none_has_its_status)
{
    for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
        ScriptedServer scripted;

        scripted_server_start (&scripted, NULL, bad[i].script);
        g_free (base);
        base = g_strdup (scripted.url);
        expect_told (i + 1 < G_N_ELEMENTS (bad) ? "" : "--timeout 0.5", "/", bad[i].status,
                     bad[i].told);
        scripted_server_clear (&scripted);
    }
}
END_TEST

/* Runs with one argument, which need not be a URL of the server. */
static void
expect_url (const char *url, int status)
{
    Subprocess process;
    g_autoptr (Run) run = NULL;

    subprocess_start (&process, 0, "fetch", "--proxy=none", url, NULL);
    run = run_take (&process);
    ck_assert_msg (run->status == status, "%s ended with %d, not %d: %s", url, run->status, status,
                   run->errors);
    ck_assert (g_str_has_prefix (run->errors, "h3d fetch: "));
}

/* (transfer full): a port of this machine that is bound, and nobody listens there. */
static char *
bind_port (int *out_fd)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t length = sizeof address;

    *out_fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    ck_assert_int_eq (bind (*out_fd, (struct sockaddr *) &address, sizeof address), 0);
    ck_assert_int_eq (getsockname (*out_fd, (struct sockaddr *) &address, &length), 0);
    return g_strdup_printf ("http://127.0.0.1:%u/", ntohs (address.sin_port));
}

START_TEST (servers_that_are_none_have_their_statuses)
{
    int fd;
    g_autofree char *refused = bind_port (&fd);
    g_autofree char *plain = g_strconcat ("https://", server.address, "/text", NULL);

    expect_url (refused, 7);
    expect_url (plain, 35);
    expect_url ("ftp://127.0.0.1/", 3);
    expect_url ("http://", 3);
    expect_url ("http://127.0.0.1:99999/", 3);
    (void) close (fd);
}
END_TEST

static const struct {
    const char *options;
    const char *told;
} refused[] = {
    { "", "h3d fetch: the URL to fetch is missing: h3d fetch URL\n" },
    { "http://a http://b", "one URL is fetched" },
    { "--nonsense http://a", "Unknown option --nonsense: --help lists them" },
    { "-X 'a b' http://a", "--method takes a method as GET or PUT, not 'a b'" },
    { "-X CONNECT http://a", "--method CONNECT is what --proxy does" },
    { "-X GET --head http://a", "--head has a method of its own" },
    { "--head -d x http://a", "--head sends no body" },
    { "-d x --json 1 http://a", "--data, --json and --form exclude one another" },
    { "-d @a -d b http://a", "--data takes one file, or texts" },
    { "-F x http://a", "--form takes NAME=VALUE, not 'x'" },
    { "-F =x http://a", "--form takes NAME=VALUE" },
    { "-F x=@y http://a", "--form sends no files: --data @y sends one" },
    { "-H x http://a", "--header takes 'NAME: VALUE', not 'x'" },
    { "-H 'a b: c' http://a", "--header takes 'NAME: VALUE'" },
    { "-H \"$(printf 'a: b\\nc: d')\" http://a", "--header takes 'NAME: VALUE'" },
    { "-H 'Host: b' http://a", "--header: Host is written by h3d itself" },
    { "--timeout -1 http://a", "--timeout takes seconds, from 0.001" },
    { "--connect-timeout 1e9 http://a", "--connect-timeout takes seconds" },
    { "--max-redirects -1 http://a", "--max-redirects takes a number from 0 on" },
    { "--max-size -1 http://a", "--max-size takes a number of bytes" },
    { "--cert a http://a", "--cert and --key belong together" },
    { "--unix-socket a --proxy http://b http://a", "--unix-socket and --proxy exclude" },
};

START_TEST (what_cannot_be_asked_is_refused_at_once)
{
    const char *top = g_getenv ("top_builddir");
    g_autofree char *program = g_build_filename (top != NULL ? top : ".", "bin", "h3d", NULL);

    for (guint i = 0; i < G_N_ELEMENTS (refused); i++) {
        g_autofree char *command = g_strconcat ("exec \"$0\" fetch ", refused[i].options, NULL);
        Subprocess process;
        g_autoptr (Run) run = NULL;

        subprocess_start_program (&process, "/bin/sh", 0, "-c", command, program, NULL);
        run = run_take (&process);
        ck_assert_msg (run->status == 2, "%s ended with %d", command, run->status);
        ck_assert_msg (strstr (run->errors, refused[i].told) != NULL, "%s told: %s", command,
                       run->errors);
        ck_assert_uint_eq (run->output->len, 0);
    }
}
END_TEST

START_TEST (an_interrupt_ends_what_waits)
{
    Subprocess process;
    g_autoptr (Run) run = NULL;

    fetch_start (&process, "exec %s", "-o \"$T/out\"", "/hold");
    latch_wait (&asked, 1, "the request");
    subprocess_signal (&process, SIGINT);
    run = run_take (&process);
    ck_assert_int_eq (run->status, 130);
    ck_assert_str_eq (run->errors, "h3d fetch: interrupted\n");
}
END_TEST

/* Nobody reads its output. */
START_TEST (an_interrupt_ends_what_is_written)
{
    Subprocess process;
    g_autoptr (Run) run = NULL;
    char first;

    fetch_start (&process, "exec %s", "", "/trickle");
    ck_assert_int_eq (read (process.output, &first, 1), 1);
    subprocess_signal (&process, SIGTERM);
    run = run_take (&process);
    ck_assert_int_eq (run->status, 130);
}
END_TEST

typedef struct {
    int fd;     /* owned: our side */
    char *name; /* owned: the other's */
} Terminal;

static void
open_terminal (Terminal *terminal)
{
    terminal->fd = posix_openpt (O_RDWR | O_NOCTTY | O_CLOEXEC);
    ck_assert_int_ge (terminal->fd, 0);
    ck_assert_int_eq (grantpt (terminal->fd), 0);
    ck_assert_int_eq (unlockpt (terminal->fd), 0);
    terminal->name = g_strdup (ptsname (terminal->fd));
}

static void
close_terminal (Terminal *terminal)
{
    (void) close (terminal->fd);
    g_free (terminal->name);
}

/* Reads what is shown until this has been. */
static void
wait_for_text (const Terminal *terminal, const char *text)
{
    g_autoptr (GString) shown = g_string_new (NULL);

    while (strstr (shown->str, text) == NULL) {
        struct pollfd ready = { terminal->fd, POLLIN, 0 };
        char piece[256];
        gssize n;

        ck_assert_msg (poll (&ready, 1, 60000) == 1, "the terminal shows '%s'", shown->str);
        n = read (terminal->fd, piece, sizeof piece);
        ck_assert_int_gt (n, 0);
        g_string_append_len (shown, piece, n);
    }
}

START_TEST (binary_bodies_are_not_shown_on_a_terminal)
{
    Terminal terminal;
    Subprocess process;
    g_autofree char *around = NULL;
    g_autoptr (Run) run = NULL;

    open_terminal (&terminal);
    around = g_strdup_printf ("%%s > %s; exit $?", terminal.name);
    fetch_start (&process, around, "", "/text");
    wait_for_text (&terminal, "some text");
    g_clear_pointer (&run, run_free);
    run = run_take (&process);
    ck_assert_int_eq (run->status, 0);
    g_clear_pointer (&run, run_free);
    fetch_start (&process, around, "", "/binary");
    run = run_take (&process);
    ck_assert_int_eq (run->status, 23);
    ck_assert_msg (strstr (run->errors, "the body is binary") != NULL, "%s", run->errors);
    close_terminal (&terminal);
}
END_TEST

START_TEST (a_terminal_is_told_how_far_it_is)
{
    Terminal terminal;
    Subprocess process;
    g_autofree char *around = NULL;
    g_autoptr (Run) run = NULL;

    open_terminal (&terminal);
    around = g_strdup_printf ("%%s 2> %s; exit $?", terminal.name);
    fetch_start (&process, around, "-o \"$T/out\"", "/trickle");
    wait_for_text (&terminal, "/s");
    latch_raise (&seen);
    wait_for_text (&terminal, "\r\033[K");
    run = run_take (&process);
    ck_assert_int_eq (run->status, 0);
    close_terminal (&terminal);
}
END_TEST

static void
add_tests (Suite *suite)
{
    const TTest *const tests[] = {
        each_kind_of_error_has_its_status,
        each_answer_that_is_none_has_its_status,
        servers_that_are_none_have_their_statuses,
        what_cannot_be_asked_is_refused_at_once,
        an_interrupt_ends_what_waits,
        an_interrupt_ends_what_is_written,
        binary_bodies_are_not_shown_on_a_terminal,
        a_terminal_is_told_how_far_it_is,
    };
    TCase *tcase = tcase_create ("errors");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
        tcase_add_test (tcase, tests[i]);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("e2e/fetch-errors", add_tests);
}

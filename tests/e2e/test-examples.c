/* SPDX-License-Identifier: MIT
 *
 * Each program of examples/ is started, asked, and stopped with SIGTERM. */

#include "tests/support/suite.h"

#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
    GPid pid;
    FILE *output; /* owned: what it prints */
    guint16 port;
} Program;

/* (transfer full): ours, with what lets ThreadSanitizer see through GLib: no slabs, whose blocks go
 * from thread to thread under a lock it does not see, and gio-threads.supp. Others ignore it. */
static char **
make_environment (void)
{
    const char *top = g_getenv ("top_srcdir");
    const char *options = g_getenv ("TSAN_OPTIONS");
    g_autofree char *all =
        g_strdup_printf ("%s suppressions='%s/tests/support/gio-threads.supp'",
                         options != NULL ? options : "", top != NULL ? top : ".");
    char **environment = g_environ_setenv (g_get_environ (), "G_SLICE", "always-malloc", TRUE);

    return g_environ_setenv (environment, "TSAN_OPTIONS", all, TRUE);
}

static void
start (Program *program, const char *name)
{
    const char *top = g_getenv ("top_builddir");
    g_autofree char *path = g_build_filename (top != NULL ? top : ".", "examples", name, NULL);
    const char *arguments[] = { path, "--listen",        "127.0.0.1:0", "--workers",
                                "2",  "--drain-timeout", "0",           NULL };
    g_auto (GStrv) environment = make_environment ();
    g_autoptr (GError) error = NULL;
    char line[256];
    unsigned port;
    int fd;

    if (!g_spawn_async_with_pipes (NULL, (char **) arguments, environment,
                                   G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &program->pid, NULL, &fd,
                                   NULL, &error))
        ck_abort_msg ("%s", error->message);
    program->output = fdopen (fd, "r");
    ck_assert_ptr_nonnull (program->output);
    ck_assert_ptr_nonnull (fgets (line, sizeof line, program->output));
    ck_assert_msg (sscanf (line, "Listening on http://127.0.0.1:%u", &port) == 1, "%s", line);
    program->port = (guint16) port;
}

/* (transfer full): what it printed since it was started; it has ended well. */
static char *
wait_for_end (Program *program)
{
    GString *text = g_string_new (NULL);
    char line[1024];
    int status;

    while (fgets (line, sizeof line, program->output) != NULL)
        g_string_append (text, line);
    ck_assert_int_eq (waitpid (program->pid, &status, 0), program->pid);
    ck_assert (WIFEXITED (status));
    ck_assert_int_eq (WEXITSTATUS (status), 0);
    fclose (program->output);
    return g_string_free (text, FALSE);
}

static char *
stop (Program *program)
{
    ck_assert_int_eq (kill (program->pid, SIGTERM), 0);
    return wait_for_end (program);
}

static void
stop_quietly (Program *program)
{
    g_autofree char *text = stop (program);

    ck_assert_str_eq (text, "");
}

/* -1 where nobody listens. */
static int
connect_to (const Program *program)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (program->port) };
    int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    ck_assert_int_ge (fd, 0);
    if (connect (fd, (struct sockaddr *) &address, sizeof address) == 0)
        return fd;
    close (fd);
    return -1;
}

static void
send_text (int fd, const char *text)
{
    ck_assert_int_eq (send (fd, text, strlen (text), MSG_NOSIGNAL), (ssize_t) strlen (text));
}

/* (transfer full): all that comes until the connection's end. */
static char *
receive_all (int fd)
{
    GString *answer = g_string_new (NULL);
    char buffer[65536];
    ssize_t n;

    while ((n = recv (fd, buffer, sizeof buffer, 0)) > 0)
        g_string_append_len (answer, buffer, n);
    ck_assert_msg (n == 0, "%s", g_strerror (errno));
    return g_string_free (answer, FALSE);
}

/* (transfer full): the answer to a request that asks for the connection's end, as received. */
static char *
ask (const Program *program, const char *request_line, const char *fields, const char *body)
{
    g_autofree char *request =
        g_strdup_printf ("%s HTTP/1.1\r\nHost: example\r\nConnection: close\r\n%s"
                         "Content-Length: %zu\r\n\r\n%s",
                         request_line, fields, strlen (body), body);
    int fd = connect_to (program);
    char *answer;

    ck_assert_int_ge (fd, 0);
    send_text (fd, request);
    answer = receive_all (fd);
    close (fd);
    return answer;
}

/* The answer has the status, and each of the texts that NULL ends. */
static void G_GNUC_NULL_TERMINATED
expect (const Program *program, const char *request_line, const char *fields, const char *body,
        guint status, ...)
{
    g_autofree char *answer = ask (program, request_line, fields, body);
    g_autofree char *line = g_strdup_printf ("HTTP/1.1 %u ", status);
    const char *text;
    va_list texts;

    ck_assert_msg (g_str_has_prefix (answer, line), "%s: %s", request_line, answer);
    va_start (texts, status);
    while ((text = va_arg (texts, const char *)) != NULL)
        ck_assert_msg (strstr (answer, text) != NULL, "%s has no '%s': %s", request_line, text,
                       answer);
    va_end (texts);
}

START_TEST (hello_shows_a_parameter_and_logs)
{
    Program program;
    g_autofree char *log = NULL;

    start (&program, "hello");
    expect (&program, "GET /users/7", "", "", 200, "application/json", "{\"id\":\"7\"}", NULL);
    expect (&program, "GET /users", "", "", 404, NULL);
    log = stop (&program);
    ck_assert_ptr_nonnull (strstr (log, "127.0.0.1 - - ["));
    ck_assert_ptr_nonnull (strstr (log, "\"GET /users/7 HTTP/1.1\" 200 10 \"-\" \"-\"\n"));
    ck_assert_ptr_nonnull (strstr (log, "\"GET /users HTTP/1.1\" 404 "));
}
END_TEST

START_TEST (middleware_times_guards_and_answers_errors)
{
    Program program;

    start (&program, "middleware");
    expect (&program, "GET /notes/7", "X-Key: sesame\r\n", "", 200,
            "Server-Timing: app;dur=", "X-Content-Type-Options: nosniff", "{\"note\":\"7\"}", NULL);
    expect (&program, "POST /notes", "X-Key: sesame\r\n", "", 201, "Location: /notes/7\r\n", NULL);
    expect (&program, "GET /notes/7", "", "", 403,
            "Server-Timing: app;dur=", "X-Content-Type-Options: nosniff",
            "{\"status\":403,\"error\":\"The field X-Key", NULL);
    expect (&program, "GET /notes/x", "X-Key: sesame\r\n", "", 404, "{\"status\":404,", NULL);
    expect (&program, "GET /", "", "", 404, "{\"status\":404,", NULL);
    stop_quietly (&program);
}
END_TEST

START_TEST (stream_takes_and_gives_bodies_in_pieces)
{
    Program program;
    g_autofree char *body = g_strnfill (3000000, 'a');
    g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, body, -1);

    start (&program, "stream");
    expect (&program, "PUT /sum", "", body, 200, sum, NULL);
    expect (&program, "POST /upper", "", "some text", 200, "Transfer-Encoding: chunked",
            "SOME TEXT", NULL);
    expect (&program, "GET /numbers/100000", "", "", 200, "\n1\n2\n3\n", "\n99999\n100000\n",
            "\r\n0\r\n\r\n", NULL);
    expect (&program, "GET /numbers/all", "", "", 404, NULL);
    stop_quietly (&program);
}
END_TEST

/* Without a deadline for the drain, which is what 0 says. */
START_TEST (stream_takes_what_has_begun_to_its_end_when_stopped)
{
    static const char interim[] = "HTTP/1.1 100 Continue\r\n\r\n";
    g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, "some text", -1);
    g_autofree char *answer = NULL;
    char buffer[sizeof interim] = { 0 };
    Program program;
    int fd, other;

    start (&program, "stream");
    fd = connect_to (&program);
    ck_assert_int_ge (fd, 0);
    send_text (fd, "PUT /sum HTTP/1.1\r\nHost: example\r\nContent-Length: 9\r\n"
                   "Expect: 100-continue\r\n\r\n");
    ck_assert_int_eq (recv (fd, buffer, sizeof interim - 1, MSG_WAITALL), sizeof interim - 1);
    ck_assert_str_eq (buffer, interim);
    ck_assert_int_eq (kill (program.pid, SIGTERM), 0);
    while ((other = connect_to (&program)) >= 0)
        close (other);
    send_text (fd, "some text");
    answer = receive_all (fd);
    close (fd);
    ck_assert_ptr_nonnull (strstr (answer, sum));
    g_free (wait_for_end (&program));
}
END_TEST

START_TEST (deferred_answers_from_everywhere)
{
    Program program;

    start (&program, "deferred");
    expect (&program, "GET /thread", "", "", 200, "from a thread\n", NULL);
    expect (&program, "GET /sum/100000", "", "", 200, "{\"sum\":5000050000}", NULL);
    expect (&program, "GET /sum/x", "", "", 400, NULL);
    expect (&program, "GET /timer", "", "", 200, "from a timer\n", NULL);
    expect (&program, "GET /space", "", "", 200, "{\"free\":", NULL);
    stop_quietly (&program);
}
END_TEST

START_TEST (fetch_in_handler_asks_another_server)
{
    Program program;

    start (&program, "fetch-in-handler");
    expect (&program, "GET /price", "", "", 200, "{\"price\":42}", NULL);
    expect (&program, "GET /both", "", "", 200, "{\"good\":1}", NULL);
    stop_quietly (&program);
}
END_TEST

/* (transfer full): all that it prints, which has no server of its own. */
static char *
run_main_loop (const char *first, const char *second, int *out_status)
{
    const char *top = g_getenv ("top_builddir");
    g_autofree char *path =
        g_build_filename (top != NULL ? top : ".", "examples", "fetch-main-loop", NULL);
    const char *arguments[] = { path, first, second, NULL };
    g_auto (GStrv) environment = make_environment ();
    g_autoptr (GError) error = NULL;
    char *output;

    if (!g_spawn_sync (NULL, (char **) arguments, environment, G_SPAWN_STDERR_TO_DEV_NULL, NULL,
                       NULL, &output, NULL, out_status, &error))
        ck_abort_msg ("%s", error->message);
    return output;
}

START_TEST (fetch_main_loop_asks_several_at_once)
{
    Program program;
    int status;
    g_autofree char *stock = NULL, *price = NULL, *output = NULL, *wrong = NULL;

    start (&program, "fetch-in-handler");
    stock = g_strdup_printf ("http://127.0.0.1:%u/stock", program.port);
    price = g_strdup_printf ("http://127.0.0.1:%u/price", program.port);
    output = run_main_loop (stock, price, &status);
    ck_assert_int_eq (status, 0);
    ck_assert_msg (strstr (output, "/stock: 200, 23 bytes\n") != NULL
                       && strstr (output, "/price: 200, 12 bytes\n") != NULL,
                   "%s", output);
    wrong = run_main_loop (stock, "no URL", &status);
    ck_assert_int_ne (status, 0);
    stop_quietly (&program);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (
        suite, "examples", hello_shows_a_parameter_and_logs,
        middleware_times_guards_and_answers_errors, stream_takes_and_gives_bodies_in_pieces,
        stream_takes_what_has_begun_to_its_end_when_stopped, deferred_answers_from_everywhere,
        fetch_in_handler_asks_another_server, fetch_main_loop_asks_several_at_once, NULL);
}

int
main (void)
{
    return suite_run ("e2e/examples", add_tests);
}

/* SPDX-License-Identifier: MIT
 *
 * The program h3d demo as a user has it: what it prints, answers, and how it ends. */

#include "tests/support/raw-client.h"
#include "tests/support/subprocess.h"
#include "tests/support/suite.h"

#include <signal.h>
#include <string.h>

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"
#define BIG       (5 << 20)

static Subprocess demo;
static char *address; /* owned */

static void
start (void)
{
    subprocess_start (&demo, 0, "demo", "--listen", "127.0.0.1:0", NULL);
    g_free (address);
    address = subprocess_read_address (&demo);
}

static void
end (void)
{
    subprocess_signal (&demo, SIGTERM);
    ck_assert_int_eq (subprocess_wait (&demo), 0);
    g_clear_pointer (&address, g_free);
}

/* What each endpoint answers: a status, and something that stands in the body. */
static const struct {
    const char *request;
    guint status;
    const char *in_body;
} answers[] = {
    { GET ("/"), 200, "<code>/users/:id" },
    { GET ("/plaintext"), 200, "Hello, World!" },
    { GET ("/bench/json"), 200, "{\"message\":\"Hello, World!\"}" },
    { GET ("/bench/users/a%20b"), 200, "a b" },
    { GET ("/users/4%202"), 200, "{\"id\":\"4 2\"}" },
    { GET ("/files/a/b/c"), 200, "{\"path\":\"a/b/c\"}" },
    { GET ("/health"), 200, "{\"components\":{\"uploads\":{\"status\":\"ok\"}" },
    { GET ("/ready"), 200, "{\"status\":\"ready\"}" },
    { GET ("/memory"), 200, "connections" },
    { GET ("/status/204"), 204, "" },
    { GET ("/status/418"), 418, "" },
    { GET ("/status/401"), 401, "" },
    { GET ("/status/700"), 400, "a status is a number" },
    { GET ("/get?a=1&a=2&b=%C3%A4"), 200, "\"a\": [\n      \"1\",\n      \"2\"" },
    { "POST /post HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
      "Content-Length: 7\r\n\r\nx=1&y=2",
      200, "\"x\": \"1\"" },
    { "PUT /put HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
      "Content-Length: 7\r\n\r\n{\"a\":1}",
      200, "\"json\": {\n    \"a\": 1" },
    { "PATCH /patch HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\ntext", 200,
      "\"data\": \"text\"" },
    { "DELETE /delete HTTP/1.1\r\nHost: a\r\n\r\n", 200, "\"data\": \"\"" },
    { "OPTIONS /anything/x HTTP/1.1\r\nHost: a\r\n\r\n", 200, "\"method\": \"OPTIONS\"" },
    { GET ("/anything"), 200, "\"method\": \"GET\"" },
    { "GET /headers HTTP/1.1\r\nHost: a\r\nx-some-thing: v\r\n\r\n", 200,
      "\"X-Some-Thing\": \"v\"" },
    { GET ("/ip"), 200, "127.0.0.1" },
    { "GET /user-agent HTTP/1.1\r\nHost: a\r\nUser-Agent: raw\r\n\r\n", 200,
      "\"user-agent\": \"raw\"" },
    { "GET /user-agent HTTP/1.1\r\nHost: a\r\nUser-Agent: \xff\r\n\r\n", 200,
      "\"user-agent\": \"\xc3\xbf\"" },
    { "GET /trace HTTP/1.1\r\nHost: a\r\ntracestate: a=1\r\n"
      "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n\r\n",
      200, "\"trace_id\": \"4bf92f3577b34da6a3ce929d0e0e4736\"" },
    { GET ("/slow?ms=20"), 200, "{\"slow\":true}" },
    { GET ("/slow?ms=x"), 400, "ms takes a number" },
    { GET ("/work?ms=20"), 200, "{\"worked\":true}" },
    { GET ("/gio/process"), 200, "Linux" },
    { GET ("/gio/timeout?ms=20"), 200, "GSource" },
    { GET ("/gio/file"), 200, "NAME" },
    { GET ("/nowhere"), 404, "404" },
    { "POST /get HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", 405, "405" },
};

static void
expect_row (RawClient *client, guint i)
{
    g_autoptr (RawAnswer) answer = raw_client_read (client, FALSE);

    ck_assert_msg (answer != NULL, "no answer to %s", answers[i].request);
    ck_assert_msg (answer->status == answers[i].status, "%u, not %u, to %s", answer->status,
                   answers[i].status, answers[i].request);
    ck_assert_msg (strstr (answer->body->str, answers[i].in_body) != NULL, "no %s in %s",
                   answers[i].in_body, answer->body->str);
}

START_TEST (every_endpoint_answers)
{
    RawClient *kept;
    g_autoptr (GString) all = g_string_new (NULL);

    start ();
    kept = raw_client_new (address);
    for (guint i = 0; i < G_N_ELEMENTS (answers); i++) {
        g_autoptr (RawClient) client = raw_client_new (address);

        ck_assert (raw_client_send (client, answers[i].request));
        expect_row (client, i);
        g_string_append (all, answers[i].request);
    }
    ck_assert (raw_client_send (kept, all->str));
    for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
        expect_row (kept, i);
    raw_client_free (kept);
    end ();
}
END_TEST

static GString *
make_body (void)
{
    GString *body = g_string_sized_new (BIG + 16);

    while (body->len < BIG)
        g_string_append_printf (body, "%" G_GSIZE_FORMAT ",", body->len);
    g_string_truncate (body, BIG);
    return body;
}

static void
append_chunks (GString *request, const GString *body)
{
    for (gsize i = 0, size; i < body->len; i += size) {
        size = MIN (body->len - i, 1 + (i * 7919) % 70000);
        g_string_append_printf (request, "%" G_GSIZE_MODIFIER "x\r\n", size);
        g_string_append_len (request, body->str + i, (gssize) size);
        g_string_append (request, "\r\n");
    }
    g_string_append (request, "0\r\n\r\n");
}

/* Each side is slowed down by the other; another request follows. */
static void
check_echo (gboolean chunked)
{
    GString *body = make_body ();
    GString *request = g_string_new ("POST /echo HTTP/1.1\r\nHost: a\r\n");
    RawClient *client;
    RawAnswer *answer;

    if (chunked) {
        g_string_append (request, "Transfer-Encoding: chunked\r\n\r\n");
        append_chunks (request, body);
    } else {
        g_string_append_printf (request, "Content-Length: %d\r\n\r\n", BIG);
        g_string_append_len (request, body->str, (gssize) body->len);
    }
    start ();
    client = raw_client_new (address);
    ck_assert (raw_client_send_data (client, request->str, request->len));
    answer = raw_client_read (client, FALSE);
    ck_assert_ptr_nonnull (answer);
    ck_assert_uint_eq (answer->status, 200);
    ck_assert (answer->is_whole && answer->body->len == body->len);
    ck_assert (memcmp (answer->body->str, body->str, body->len) == 0);
    raw_client_expect (client, GET ("/plaintext"), 200, "Hello, World!");
    raw_answer_free (answer);
    raw_client_free (client);
    g_string_free (request, TRUE);
    g_string_free (body, TRUE);
    end ();
}

START_TEST (echo_of_a_length_is_exact)
{
    check_echo (FALSE);
}
END_TEST

START_TEST (echo_of_chunks_is_exact)
{
    check_echo (TRUE);
}
END_TEST

/* (transfer full): an idle connection of each worker has told that the drain has begun. */
static RawClient *
connect_idle (void)
{
    RawClient *client = raw_client_new (address);

    raw_client_expect (client, GET ("/health"), 200, NULL);
    return client;
}

START_TEST (sigterm_finishes_what_runs)
{
    RawClient *idle, *busy;

    start ();
    idle = connect_idle ();
    busy = raw_client_new (address);
    raw_client_expect (busy, GET ("/health"), 200, NULL);
    ck_assert (raw_client_send (busy, GET ("/plaintext") GET ("/slow?ms=700")));
    raw_client_expect_answer (busy, 200, "Hello, World!");
    subprocess_signal (&demo, SIGTERM);
    raw_client_expect_end (idle);
    raw_client_expect_answer (busy, 200, "{\"slow\":true}");
    raw_client_expect_end (busy);
    ck_assert_int_eq (subprocess_wait (&demo), 0);
    raw_client_free (idle);
    raw_client_free (busy);
}
END_TEST

START_TEST (second_sigterm_cuts)
{
    RawClient *idle, *busy;

    start ();
    idle = connect_idle ();
    busy = raw_client_new (address);
    ck_assert (raw_client_send (busy, GET ("/plaintext") GET ("/slow?ms=50000")));
    raw_client_expect_answer (busy, 200, "Hello, World!");
    subprocess_signal (&demo, SIGTERM);
    raw_client_expect_end (idle);
    subprocess_signal (&demo, SIGTERM);
    raw_client_expect_end (busy);
    ck_assert_int_eq (subprocess_wait (&demo), 3);
    raw_client_free (idle);
    raw_client_free (busy);
}
END_TEST

/* One line, which names the thing and says what to do. */
static void
expect_refused (const char *option, const char *value, const char *named, const char *advice)
{
    g_autofree char *text = NULL;
    gsize length;

    subprocess_start (&demo, 0, "demo", option, value, NULL);
    text = subprocess_read_errors (&demo);
    length = strlen (text);
    ck_assert_int_ne (subprocess_wait (&demo), 0);
    ck_assert_msg (length > 0 && text[length - 1] == '\n'
                       && strchr (text, '\n') == text + length - 1,
                   "not one line: %s", text);
    ck_assert_msg (strstr (text, named) != NULL, "no %s in: %s", named, text);
    ck_assert_msg (strstr (text, advice) != NULL, "no %s in: %s", advice, text);
}

START_TEST (wrong_use_is_told_in_one_line)
{
    expect_refused ("--nonsense", NULL, "--nonsense", "--help");
    expect_refused ("nonsense", NULL, "nonsense", "--help");
    expect_refused ("--max-head", "12", "--max-head", "256 to 65535");
    expect_refused ("--max-head", "many", "--max-head", "'many'");
    expect_refused ("--workers", "0", "--workers", "1 to 1024");
    expect_refused ("--listen", "localhost", "\"localhost\"", "127.0.0.1:8080");
    expect_refused ("--listen", "8080", "\"8080\"", "127.0.0.1:8080");
    expect_refused ("--access-log", "short", "--access-log", "combined");
    expect_refused ("--trust-proxy", "somebody", "somebody", "");
}
END_TEST

START_TEST (port_in_use_is_told_in_one_line)
{
    Subprocess first;
    g_autofree char *taken = NULL;

    start ();
    first = demo;
    taken = g_strdup (address);
    expect_refused ("--listen", taken, taken, "in use");
    demo = first;
    end ();
}
END_TEST

START_TEST (command_is_asked_for)
{
    g_autofree char *none = NULL;
    g_autofree char *unknown = NULL;
    g_autofree char *version = NULL;

    subprocess_start (&demo, 0, NULL, NULL);
    none = subprocess_read_errors (&demo);
    ck_assert_int_eq (subprocess_wait (&demo), 1);
    ck_assert_ptr_nonnull (strstr (none, "h3d --help"));
    subprocess_start (&demo, 0, "dance", NULL);
    unknown = subprocess_read_errors (&demo);
    ck_assert_int_eq (subprocess_wait (&demo), 1);
    ck_assert_ptr_nonnull (strstr (unknown, "'dance'"));
    subprocess_start (&demo, 0, "--version", NULL);
    version = subprocess_read_line (&demo);
    ck_assert_int_eq (subprocess_wait (&demo), 0);
    ck_assert (g_str_has_prefix (version, "h3d "));
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "endpoints", every_endpoint_answers, echo_of_a_length_is_exact,
                    echo_of_chunks_is_exact, NULL);
    suite_add_case (suite, "end", sigterm_finishes_what_runs, second_sigterm_cuts, NULL);
    suite_add_case (suite, "use", wrong_use_is_told_in_one_line, port_in_use_is_told_in_one_line,
                    command_is_asked_for, NULL);
}

int
main (void)
{
    return suite_run ("e2e/demo", add_cases);
}

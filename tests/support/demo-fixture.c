/* SPDX-License-Identifier: MIT */

#include "demo-fixture.h"

#include "subprocess.h"
#include "suite.h"

#include <signal.h>
#include <string.h>

static Subprocess demo;
static RawClient *client; /* owned */

void
demo_fixture_start (void)
{
    g_autofree char *address = NULL;

    subprocess_start (&demo, 0, "demo", "--listen", "127.0.0.1:0", NULL);
    address = subprocess_read_address (&demo);
    client = raw_client_new (address);
}

void
demo_fixture_end (void)
{
    g_clear_pointer (&client, raw_client_free);
    subprocess_signal (&demo, SIGTERM);
    ck_assert_int_eq (subprocess_wait (&demo), 0);
}

RawAnswer *
demo_fixture_ask (const char *line, const char *fields)
{
    g_autofree char *request =
        g_strconcat (line, " HTTP/1.1\r\nHost: h.example\r\n", fields, "\r\n", NULL);
    RawAnswer *answer;

    ck_assert_msg (raw_client_send (client, request), "the demo was gone before %s", line);
    answer = raw_client_read (client, g_str_has_prefix (line, "HEAD "));
    ck_assert_msg (answer != NULL, "no answer to %s", line);
    return answer;
}

void
demo_fixture_expect (const char *line, guint status, const char *in_body)
{
    g_autoptr (RawAnswer) answer = demo_fixture_ask (line, "");

    ck_assert_msg (answer->status == status, "%u, not %u, to %s", answer->status, status, line);
    ck_assert_msg (strstr (answer->body->str, in_body) != NULL, "no %s in the answer to %s: %s",
                   in_body, line, answer->body->str);
}

void
demo_fixture_expect_location (const char *line, guint status, const char *location)
{
    g_autoptr (RawAnswer) answer = demo_fixture_ask (line, "");

    ck_assert_msg (answer->status == status, "%u, not %u, to %s", answer->status, status, line);
    raw_answer_expect_header (answer, "Location", location);
    ck_assert_str_eq (answer->body->str, "");
}

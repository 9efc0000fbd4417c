/* SPDX-License-Identifier: MIT */

#include "running-demo.h"

#include "subprocess.h"
#include "suite.h"

#include <jansson.h>
#include <signal.h>
#include <string.h>

static Subprocess demo;
static char *address; /* owned */

void
running_demo_start (void)
{
    subprocess_start (&demo, 0, "demo", "--listen", "127.0.0.1:0", NULL);
    address = subprocess_read_address (&demo);
}

void
running_demo_start_with_store (const char *url)
{
    subprocess_start (&demo, 0, "demo", "--listen", "127.0.0.1:0", "--store", url, NULL);
    address = subprocess_read_address (&demo);
}

void
running_demo_end (void)
{
    subprocess_signal (&demo, SIGTERM);
    ck_assert_int_eq (subprocess_wait (&demo), 0);
    g_clear_pointer (&address, g_free);
}

RawClient *
running_demo_connect (void)
{
    return raw_client_new (address);
}

RawAnswer *
running_demo_ask (const char *request)
{
    g_autoptr (RawClient) client = running_demo_connect ();
    RawAnswer *answer;

    ck_assert (raw_client_send (client, request));
    answer = raw_client_read (client, g_str_has_prefix (request, "HEAD "));
    ck_assert_msg (answer != NULL && answer->is_whole, "no whole answer to %s", request);
    return answer;
}

RawAnswer *
running_demo_ask_for (const char *line, const char *fields)
{
    g_autofree char *request =
        g_strconcat (line, " HTTP/1.1\r\nHost: h.example\r\n", fields, "\r\n", NULL);

    return running_demo_ask (request);
}

void
running_demo_expect (const char *line, guint status, const char *in_body)
{
    g_autoptr (RawAnswer) answer = running_demo_ask_for (line, "");

    ck_assert_msg (answer->status == status, "%u, not %u, to %s", answer->status, status, line);
    ck_assert_msg (strstr (answer->body->str, in_body) != NULL, "no %s in the answer to %s: %s",
                   in_body, line, answer->body->str);
}

void
running_demo_expect_location (const char *line, guint status, const char *location)
{
    g_autoptr (RawAnswer) answer = running_demo_ask_for (line, "");

    ck_assert_msg (answer->status == status, "%u, not %u, to %s", answer->status, status, line);
    raw_answer_expect_header (answer, "Location", location);
    ck_assert_str_eq (answer->body->str, "");
}

gint64
running_demo_read_memory (const char *kind, const char *number)
{
    g_autoptr (RawAnswer) answer = running_demo_ask ("GET /memory HTTP/1.1\r\nHost: a\r\n\r\n");
    json_t *document = json_loads (answer->body->str, 0, NULL);
    json_t *kinds = json_object_get (document, "kinds");
    json_t *found = json_object_get (json_object_get (kinds, kind), number);
    gint64 value;

    ck_assert_msg (json_is_integer (found), "no %s of %s in %s", number, kind, answer->body->str);
    value = json_integer_value (found);
    json_decref (document);
    return value;
}

void
running_demo_wait_for (const char *kind, gint64 number)
{
    while (running_demo_read_memory (kind, "now") != number)
        continue;
}

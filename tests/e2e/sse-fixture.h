/* SPDX-License-Identifier: MIT
 *
 * A server for tests of event streams, and a client that reads one. HTTP/1.0 has no chunks: what
 * comes behind the head is the stream. Main thread but for what handlers use. */

#pragma once

#include "tests/support/suite.h"
#include "tests/support/test-server.h"

#include "h3/h3.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#define GET(path) "GET " path " HTTP/1.0\r\n\r\n"

static TestServer server;
static Latch started = LATCH_INIT, drained = LATCH_INIT, ended = LATCH_INIT;
static H3Sse *last_stream; /* ref: behind `started` */
static atomic_int why;     /* H3SseEnd, of the last that ended */

static inline void
note_end (H3Sse *sse, H3SseEnd how, gpointer user_data)
{
    atomic_store (&why, (int) how);
    latch_raise (&ended);
}

static inline void
note_drained (H3Sse *sse, gpointer user_data)
{
    latch_raise (&drained);
}

/* A stream that the test sends on. */
static inline void
open_stream (H3Event *event, gpointer user_data)
{
    last_stream = h3_sse_start (event);
    ck_assert_ptr_nonnull (last_stream);
    h3_sse_set_heartbeat (last_stream, 0);
    h3_sse_on_end (last_stream, note_end, NULL, NULL);
    h3_sse_on_drain (last_stream, note_drained, NULL, NULL);
    latch_raise (&started);
}

static inline void
begin_server (guint n_workers)
{
    started = drained = ended = (Latch) LATCH_INIT;
    last_stream = NULL;
    test_server_init (&server);
    h3_server_set_workers (h3_app_get_server (server.app), n_workers);
    h3_app_get (server.app, "/", open_stream, NULL);
}

static inline void
drop_stream (void)
{
    g_clear_pointer (&last_stream, h3_sse_unref);
}

/* A client that has asked, and had the head. */
static inline RawClient *
listen_to (const char *request, guint status)
{
    RawClient *client = test_server_connect (&server);
    g_autoptr (RawAnswer) answer = NULL;

    ck_assert (raw_client_send (client, request));
    answer = raw_client_read_head (client);
    ck_assert_uint_eq (answer->status, status);
    return client;
}

/* Reads until the stream ends so; FALSE where it had ended before. */
static inline gboolean
read_until (RawClient *client, GString *text, const char *ending)
{
    char piece[4096];

    while (!g_str_has_suffix (text->str, ending)) {
        gsize n = raw_client_receive (client, piece, sizeof piece);

        if (n == 0)
            return FALSE;
        g_string_append_len (text, piece, (gssize) n);
    }
    return TRUE;
}

/* Fails unless this comes next. */
static inline void
expect_text (RawClient *client, const char *expected)
{
    g_autoptr (GString) text = g_string_new (NULL);

    while (text->len < strlen (expected)) {
        char piece[4096];
        gsize n =
            raw_client_receive (client, piece, MIN (sizeof piece, strlen (expected) - text->len));

        ck_assert_msg (n > 0, "the stream ended behind %s", text->str);
        g_string_append_len (text, piece, (gssize) n);
    }
    ck_assert_str_eq (text->str, expected);
}

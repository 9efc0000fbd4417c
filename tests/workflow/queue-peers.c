/* SPDX-License-Identifier: MIT */

#include "queue-peers.h"

#include "h3/base/error.h"
#include "h3/loop/loop.h"
#include "h3/workflow/run-id.h"
#include "tests/support/assert-nothing-left.h"
#include "tests/support/suite.h"

#include <string.h>

RedisServer peers_server;
Peer peer_a, peer_b;
static LiveSnapshot before;
static Loop *loop;

void
peers_step (gboolean wait)
{
    loop_step (loop, wait);
}

static void
on_taken (const RunTaken *taken, gpointer data)
{
    Peer *peer = data;

    ck_assert_str_eq (taken->run.workflow, "hello");
    ck_assert_str_eq (taken->run.plan, "{\"name\":\"hello\"}");
    ck_assert_pstr_eq (taken->run.input, "[1,\"two\"]");
    ck_assert_int_eq (taken->run.at, 1234);
    g_ptr_array_add (peer->taken, g_strconcat (taken->run.id, taken->was_begun ? "+" : "",
                                               taken->is_cancelled ? "-" : "", NULL));
    g_free (peer->document);
    peer->document = g_strdup (taken->document);
}

static void
on_cancelled (const char *id, gpointer data)
{
    Peer *peer = data;

    peer->n_cancelled++;
    g_free (peer->last);
    peer->last = g_strdup (id);
}

static void
on_lost (const char *id, gpointer data)
{
    Peer *peer = data;

    peer->n_lost++;
    g_free (peer->last);
    peer->last = g_strdup (id);
}

static void
on_changed (const char *why, gpointer data)
{
    Peer *peer = data;

    peer->n_failures += why != NULL;
    peer->n_recoveries += why == NULL;
}

void
peer_begin (Peer *peer, const char *name, guint claim_time)
{
    static const RunQueueListener listener = { on_taken, on_cancelled, on_lost, on_changed };
    /* One that is slow here is not one that is away. */
    g_autofree char *url = g_strconcat (peers_server.url, "?timeout=60000", NULL);
    g_autoptr (GError) error = NULL;

    peer->taken = g_ptr_array_new_with_free_func (g_free);
    peer->queue = run_queue_new (loop, url, name, &listener, peer, &error);
    ck_assert_msg (peer->queue != NULL, "%s", error != NULL ? error->message : "");
    run_queue_set_claim_time (peer->queue, claim_time);
}

void
peer_end (Peer *peer)
{
    if (peer->taken == NULL)
        return;
    g_clear_pointer (&peer->queue, run_queue_free);
    g_ptr_array_unref (peer->taken);
    g_free (peer->document);
    g_free (peer->last);
    *peer = (Peer){ 0 };
}

gboolean
peers_begin (guint claim_time)
{
    if (!redis_server_start (&peers_server, NULL))
        return FALSE;
    before = live_snapshot_take ();
    loop = loop_new (NULL);
    ck_assert_ptr_nonnull (loop);
    loop_enter (loop);
    peer_begin (&peer_a, "a", claim_time);
    peer_begin (&peer_b, "b", claim_time);
    return TRUE;
}

void
peers_end (void)
{
    peer_end (&peer_a);
    peer_end (&peer_b);
    loop_close (loop);
    loop_leave (loop);
    g_clear_pointer (&loop, loop_unref);
    assert_nothing_left (&before);
    redis_server_clear (&peers_server);
}

typedef struct {
    gboolean has_come, has_ended;
    char *document;
    int code; /* of the error; -1: none */
} Heard;

static void
on_kept (const GError *error, gpointer data)
{
    Heard *heard = data;

    ck_assert (!heard->has_come);
    heard->has_come = TRUE;
    heard->code = error != NULL ? error->code : -1;
}

static void
on_document (const RunDocument *document, const GError *error, gpointer data)
{
    Heard *heard = data;

    on_kept (error, heard);
    if (document == NULL)
        return;
    heard->document = g_strndup (document->json, document->length);
    heard->has_ended = document->has_ended;
}

int
try_add (RunQueue *queue, const char *id)
{
    RunRecord run = { .id = id,
                      .workflow = "hello",
                      .plan = "{\"name\":\"hello\"}",
                      .input = "[1,\"two\"]",
                      .at = 1234 };
    Heard heard = { 0 };

    run_queue_add (queue, &run, WAITED, on_kept, &heard, NULL);
    ck_assert (!heard.has_come);
    AWAIT (heard.has_come);
    return heard.code;
}

char *
add_run (RunQueue *queue)
{
    char *id = run_id_new (NULL);

    ck_assert_int_eq (try_add (queue, id), -1);
    return id;
}

int
cancel (RunQueue *queue, const char *id)
{
    Heard heard = { 0 };

    run_queue_cancel (queue, id, on_kept, &heard, NULL);
    AWAIT (heard.has_come);
    return heard.code;
}

char *
ask (RunQueue *queue, const char *id)
{
    Heard heard = { 0 };
    char *text;

    run_queue_ask (queue, id, on_document, &heard, NULL);
    AWAIT (heard.has_come);
    text = g_strconcat (heard.document != NULL ? heard.document : "", heard.has_ended ? "." : "",
                        NULL);
    g_free (heard.document);
    return text;
}

void
await_document (RunQueue *queue, const char *id, const char *expected)
{
    for (;;) {
        g_autofree char *text = ask (queue, id);

        if (strcmp (text, expected) == 0)
            return;
    }
}

void
expect_taken (const Peer *peer, guint i, const char *id, const char *sign)
{
    g_autofree char *expected = g_strconcat (id, sign, NULL);

    ck_assert_str_eq (g_ptr_array_index (peer->taken, i), expected);
}

int
drain (RunQueue *queue)
{
    Heard heard = { 0 };

    run_queue_drain (queue, on_kept, &heard);
    AWAIT (heard.has_come);
    return heard.code;
}

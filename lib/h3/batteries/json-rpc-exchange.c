/* SPDX-License-Identifier: MIT
 *
 * A message under way, until the last of its answers has come. */

#include "json-rpc-private.h"

JsonRpcExchange *
json_rpc_exchange_new (H3Event *event, H3JsonRpcDone done, gpointer user_data,
                       GDestroyNotify destroy)
{
    JsonRpcExchange *exchange = g_new0 (JsonRpcExchange, 1);
    Loop *loop = loop_get_current ();

    atomic_init (&exchange->refs, 1);
    exchange->loop = loop != NULL ? loop_ref (loop) : NULL;
    exchange->event = event != NULL ? h3_event_ref (event) : NULL;
    exchange->done = done;
    exchange->user_data = user_data;
    exchange->destroy = destroy;
    exchange->n_pending = 1;
    exchange->answers = g_ptr_array_new_with_free_func (g_free);
    return exchange;
}

void
json_rpc_exchange_unref (JsonRpcExchange *exchange)
{
    if (atomic_fetch_sub_explicit (&exchange->refs, 1, memory_order_acq_rel) > 1)
        return;
    if (exchange->destroy != NULL)
        exchange->destroy (exchange->user_data);
    if (exchange->on_over != NULL)
        exchange->on_over (exchange->user_data);
    g_ptr_array_unref (exchange->answers);
    h3_event_unref (exchange->event);
    h3_websocket_unref (exchange->websocket);
    if (exchange->loop != NULL)
        loop_unref (exchange->loop);
    g_free (exchange);
}

guint
json_rpc_exchange_add (JsonRpcExchange *exchange)
{
    g_ptr_array_add (exchange->answers, NULL);
    exchange->n_pending++;
    return exchange->answers->len - 1;
}

/* Notifications have no place here: of a batch that has nothing else nothing is sent. */
static GBytes *
join_answers (const JsonRpcExchange *exchange)
{
    GString *text = g_string_new (exchange->is_batch ? "[" : NULL);

    for (guint i = 0; i < exchange->answers->len; i++) {
        if (i > 0)
            g_string_append_c (text, ',');
        g_string_append (text, g_ptr_array_index (exchange->answers, i));
    }
    if (exchange->is_batch)
        g_string_append_c (text, ']');
    return g_string_free_to_bytes (text);
}

static void
drop_pending (JsonRpcExchange *exchange)
{
    g_autoptr (GBytes) reply = NULL;

    if (--exchange->n_pending > 0)
        return;
    if (exchange->answers->len > 0)
        reply = join_answers (exchange);
    exchange->done (reply, exchange->user_data);
    /* Notifications may run on: what waited for the reply does not wait for them. */
    if (exchange->destroy != NULL)
        exchange->destroy (exchange->user_data);
    exchange->destroy = NULL;
}

typedef struct {
    JsonRpcExchange *exchange; /* ref */
    guint place;
    char *text; /* owned */
} Answer;

static void
free_answer (gpointer data)
{
    Answer *answer = data;

    g_free (answer->text);
    json_rpc_exchange_unref (answer->exchange);
    g_free (answer);
}

static void
put_answer (JsonRpcExchange *exchange, guint place, char *text)
{
    g_ptr_array_index (exchange->answers, place) = text;
    drop_pending (exchange);
}

static void
put_posted (gpointer data)
{
    Answer *answer = data;

    put_answer (answer->exchange, answer->place, g_steal_pointer (&answer->text));
    free_answer (answer);
}

void
json_rpc_exchange_answer (JsonRpcExchange *exchange, guint place, char *text)
{
    Answer *answer;

    if (exchange->loop == loop_get_current ()) {
        put_answer (exchange, place, text);
        return;
    }
    g_return_if_fail (exchange->loop != NULL);
    answer = g_new (Answer, 1);
    atomic_fetch_add_explicit (&exchange->refs, 1, memory_order_relaxed);
    *answer = (Answer){ exchange, place, text };
    loop_post (exchange->loop, put_posted, answer, free_answer);
}

void
json_rpc_exchange_start (JsonRpcExchange *exchange)
{
    drop_pending (exchange);
}

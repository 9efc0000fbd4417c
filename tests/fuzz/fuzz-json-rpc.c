/* SPDX-License-Identifier: MIT
 *
 * A message of JSON-RPC, its calls answered in an order that the input chooses: each request that
 * wants an answer has one, in its place, with its id and what it asked for, as a plain reading of
 * the specification over jansson says. */

#include "fuzz.h"
#include "h3/batteries/json-rpc.h"
#include "h3/format/json.h"

#define MAX_BATCH 5
#define MAX_DEPTH 6

static GPtrArray *held;
static GBytes *reply;
static guint n_done;

static void
echo (H3JsonRpcCall *call, gpointer user_data)
{
    json_t *params = h3_json_rpc_call_get_params (call);

    h3_json_rpc_call_return (call, params != NULL ? json_incref (params) : json_null ());
}

static void
hold (H3JsonRpcCall *call, gpointer user_data)
{
    g_ptr_array_add (held, h3_json_rpc_call_ref (call));
}

static void
keep_reply (GBytes *bytes, gpointer user_data)
{
    reply = bytes != NULL ? g_bytes_ref (bytes) : NULL;
    n_done++;
}

static void
handle (const char *text, gsize size)
{
    g_autoptr (H3JsonRpc) rpc = h3_json_rpc_new ();
    FuzzChoice choice = fuzz_choice_of (h3_view (text, size));

    h3_json_rpc_add_method (rpc, "echo", echo, NULL, NULL);
    h3_json_rpc_add_method (rpc, "hold", hold, NULL, NULL);
    h3_json_rpc_set_max_batch (rpc, MAX_BATCH);
    h3_json_rpc_set_max_depth (rpc, MAX_DEPTH);
    n_done = 0;
    held = g_ptr_array_new ();
    h3_json_rpc_handle_message (rpc, text, size, NULL, keep_reply, NULL, NULL);
    while (held->len > 0) {
        guint i = fuzz_choose (&choice, held->len);
        g_autoptr (H3JsonRpcCall) call = g_ptr_array_remove_index (held, i);

        echo (call, NULL);
    }
    FUZZ_ASSERT (n_done == 1, "%u times", n_done);
    g_ptr_array_unref (held);
}

static guint
measure_depth (json_t *value)
{
    guint deepest = 0, depth;
    const char *name;
    json_t *below;
    gsize i;

    if (!json_is_object (value) && !json_is_array (value))
        return 0;
    json_object_foreach (value, name, below)
    {
        depth = measure_depth (below);
        deepest = MAX (deepest, depth);
    }
    json_array_foreach (value, i, below)
    {
        depth = measure_depth (below);
        deepest = MAX (deepest, depth);
    }
    return deepest + 1;
}

/* The code of the error a request is answered with; 0: its params; 1: nothing. */
static int
expect (json_t *request)
{
    json_t *id = json_object_get (request, "id");
    json_t *params = json_object_get (request, "params");
    const char *version = json_string_value (json_object_get (request, "jsonrpc"));
    const char *method = json_string_value (json_object_get (request, "method"));

    if (g_strcmp0 (version, "2.0") != 0 || method == NULL
        || (params != NULL && !json_is_array (params) && !json_is_object (params))
        || (id != NULL && !json_is_string (id) && !json_is_number (id) && !json_is_null (id)))
        return H3_JSON_RPC_INVALID_REQUEST;
    if (id == NULL)
        return 1;
    if (!g_str_equal (method, "echo") && !g_str_equal (method, "hold"))
        return H3_JSON_RPC_METHOD_NOT_FOUND;
    return 0;
}

static void
assert_error (json_t *answer, int code)
{
    json_int_t found =
        json_integer_value (json_object_get (json_object_get (answer, "error"), "code"));

    FUZZ_ASSERT (found == code, "%d, not %d", (int) found, code);
}

/* Whether it wants an answer, and this is it. */
static gboolean
assert_answer (json_t *request, json_t *answer)
{
    int code = expect (request);
    json_t *id = json_object_get (request, "id");
    json_t *params = json_object_get (request, "params");

    if (code == 1)
        return FALSE;
    FUZZ_ASSERT (json_object_size (answer) == 3, "%zu members", json_object_size (answer));
    if (id == NULL || json_is_array (id) || json_is_object (id) || json_is_boolean (id))
        FUZZ_ASSERT (json_is_null (json_object_get (answer, "id")), "an id from nowhere");
    else
        FUZZ_ASSERT (json_equal (json_object_get (answer, "id"), id), "another id");
    if (code != 0) {
        assert_error (answer, code);
        return TRUE;
    }
    if (params == NULL)
        FUZZ_ASSERT (json_is_null (json_object_get (answer, "result")), "a result from nowhere");
    else
        FUZZ_ASSERT (json_equal (json_object_get (answer, "result"), params), "another result");
    return TRUE;
}

static void
assert_batch (json_t *batch, json_t *answers)
{
    json_t *request;
    gsize i, n = 0;

    if (json_array_size (batch) == 0 || json_array_size (batch) > MAX_BATCH) {
        assert_error (answers, H3_JSON_RPC_INVALID_REQUEST);
        return;
    }
    json_array_foreach (batch, i, request) n +=
        assert_answer (request, json_array_get (answers, n));
    FUZZ_ASSERT (n == json_array_size (answers), "%zu answers, not %zu", json_array_size (answers),
                 n);
    FUZZ_ASSERT (n > 0 || reply == NULL, "an empty batch of answers");
}

/* What jansson refuses, or reads otherwise, is not judged: names twice, numbers too big, a NUL. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    g_autofree char *copy = fuzz_copy (data, size);
    g_autoptr (json_t) document =
        json_loadb (copy, size, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL);
    g_autoptr (json_t) answer = NULL;
    H3View text = H3_VIEW_EMPTY;

    handle (copy, size);
    if (reply != NULL) {
        text.data = g_bytes_get_data (reply, &text.length);
        FUZZ_ASSERT (h3_json_scan (text, H3_JSON_DEPTH_LIMIT, NULL), "%.*s", H3_VIEW_ARGS (text));
        answer = json_loadb (text.data, text.length, 0, NULL);
    }
    if (!h3_json_scan (h3_view (copy, size), MAX_DEPTH, NULL))
        assert_error (answer, H3_JSON_RPC_PARSE_ERROR);
    else if (document != NULL && measure_depth (document) <= MAX_DEPTH) {
        if (json_is_array (document))
            assert_batch (document, answer);
        else if (!assert_answer (document, answer))
            FUZZ_ASSERT (reply == NULL, "a notification was answered");
    }
    g_clear_pointer (&reply, g_bytes_unref);
    return 0;
}

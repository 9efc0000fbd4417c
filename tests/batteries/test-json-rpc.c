/* SPDX-License-Identifier: MIT */

#include "tests/support/suite.h"

#include <h3/batteries/json-rpc.h>
#include <h3/format/json.h>
#include <h3/http/failure.h>
#include <h3/loop/loop.h>

/* What came of a message. */
typedef struct {
    guint n_done;
    char *text; /* owned; NULL: nothing is to be sent */
    gboolean is_destroyed;
} Reply;

static H3JsonRpc *rpc;
static guint n_called;
static GPtrArray *held; /* calls that are to be answered later */

static void
subtract (H3JsonRpcCall *call, gpointer user_data)
{
    json_t *from = h3_json_rpc_call_get_param (call, "minuend", 0);
    json_t *what = h3_json_rpc_call_get_param (call, "subtrahend", 1);

    n_called++;
    if (!json_is_integer (from) || !json_is_integer (what))
        h3_json_rpc_call_fail (call, H3_JSON_RPC_INVALID_PARAMS, NULL, NULL);
    else
        h3_json_rpc_call_return (
            call, json_integer (json_integer_value (from) - json_integer_value (what)));
}

static void
echo (H3JsonRpcCall *call, gpointer user_data)
{
    json_t *params = h3_json_rpc_call_get_params (call);

    n_called++;
    h3_json_rpc_call_return (call, params != NULL ? json_incref (params) : json_null ());
}

static void
hold (H3JsonRpcCall *call, gpointer user_data)
{
    n_called++;
    g_ptr_array_add (held, h3_json_rpc_call_ref (call));
}

static void
return_nothing (H3JsonRpcCall *call, gpointer user_data)
{
    h3_json_rpc_call_return (call, NULL);
}

static void
fail_with (H3JsonRpcCall *call, gpointer user_data)
{
    h3_json_rpc_call_fail_error (call, g_error_copy (user_data));
}

static void
fail_with_data (H3JsonRpcCall *call, gpointer user_data)
{
    h3_json_rpc_call_fail (call, 7, "Seven", json_pack ("[i]", 7));
}

/* As a program does that has texts alone. */
static void
echo_text (H3JsonRpcCall *call, gpointer user_data)
{
    g_autofree char *params = h3_json_rpc_call_dup_params_text (call);

    h3_json_rpc_call_return_text (call, params != NULL ? params : "\"nothing\"");
}

static void
return_no_json (H3JsonRpcCall *call, gpointer user_data)
{
    h3_json_rpc_call_return_text (call, "{\"a\":");
}

static void
fail_text (H3JsonRpcCall *call, gpointer user_data)
{
    h3_json_rpc_call_fail_text (call, 8, "Eight", user_data);
}

static void
forget (H3JsonRpcCall *call, gpointer user_data)
{
}

static void
answer_twice (H3JsonRpcCall *call, gpointer user_data)
{
    h3_json_rpc_call_return (call, json_true ());
    h3_json_rpc_call_fail (call, 1, "too late", json_null ());
}

static void
set_up (void)
{
    GError *told = h3_http_error_new (409, "No \"such\" thing");
    GError *secret = g_error_new (G_FILE_ERROR, G_FILE_ERROR_NOENT, "/etc/secret is not there");

    rpc = h3_json_rpc_new ();
    held = g_ptr_array_new_with_free_func ((GDestroyNotify) h3_json_rpc_call_unref);
    n_called = 0;
    h3_json_rpc_add_method (rpc, "subtract", subtract, NULL, NULL);
    h3_json_rpc_add_method (rpc, "echo", forget, NULL, NULL);
    h3_json_rpc_add_method (rpc, "echo", echo, NULL, NULL);
    h3_json_rpc_add_method (rpc, "hold", hold, NULL, NULL);
    h3_json_rpc_add_method (rpc, "nothing", return_nothing, NULL, NULL);
    h3_json_rpc_add_method (rpc, "told", fail_with, told, (GDestroyNotify) g_error_free);
    h3_json_rpc_add_method (rpc, "secret", fail_with, secret, (GDestroyNotify) g_error_free);
    h3_json_rpc_add_method (rpc, "seven", fail_with_data, NULL, NULL);
    h3_json_rpc_add_method (rpc, "text", echo_text, NULL, NULL);
    h3_json_rpc_add_method (rpc, "no-json", return_no_json, NULL, NULL);
    h3_json_rpc_add_method (rpc, "eight", fail_text, (gpointer) "[8]", NULL);
    h3_json_rpc_add_method (rpc, "eight-bare", fail_text, (gpointer) "[", NULL);
    h3_json_rpc_add_method (rpc, "forget", forget, NULL, NULL);
    h3_json_rpc_add_method (rpc, "twice", answer_twice, NULL, NULL);
}

static void
tear_down (void)
{
    g_ptr_array_unref (held);
    h3_json_rpc_unref (rpc);
}

static void
keep_reply (GBytes *bytes, gpointer user_data)
{
    Reply *reply = user_data;

    reply->n_done++;
    if (bytes != NULL)
        reply->text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void
note_destroyed (gpointer user_data)
{
    Reply *reply = user_data;

    ck_assert (!reply->is_destroyed);
    reply->is_destroyed = TRUE;
}

static void
handle (const char *text, Reply *reply)
{
    /* In a block of its own size, so that a sanitizer sees who reads behind it. */
    g_autofree char *copy = g_memdup2 (text, strlen (text));

    *reply = (Reply){ 0 };
    h3_json_rpc_handle_message (rpc, copy, strlen (text), NULL, keep_reply, reply, note_destroyed);
}

static void
assert_replies (const char *text, const char *expected)
{
    Reply reply;

    handle (text, &reply);
    ck_assert_uint_eq (reply.n_done, 1);
    ck_assert (reply.is_destroyed);
    ck_assert_msg (g_strcmp0 (reply.text, expected) == 0, "%s\nto %s\nnot %s", reply.text, text,
                   expected != NULL ? expected : "nothing");
    g_free (reply.text);
}

#define CALL(method, params, id)                                                                   \
    "{\"jsonrpc\":\"2.0\",\"method\":\"" method "\",\"params\":" params ",\"id\":" id "}"
#define RESULT(result, id) "{\"jsonrpc\":\"2.0\",\"result\":" result ",\"id\":" id "}"
#define ERROR(code, message, id)                                                                   \
    "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":" code ",\"message\":\"" message "\"},\"id\":" id "}"
#define ERROR_WITH(code, message, data, id)                                                        \
    "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":" code ",\"message\":\"" message "\",\"data\":" data \
    "},\"id\":" id "}"
#define INVALID(why, id) ERROR_WITH ("-32600", "Invalid Request", "\"" why "\"", id)

static const char *const answered[][2] = {
    { CALL ("subtract", "[42,23]", "1"), RESULT ("19", "1") },
    { CALL ("subtract", "[23,42]", "2"), RESULT ("-19", "2") },
    { CALL ("subtract", "{\"subtrahend\":23,\"minuend\":42}", "3"), RESULT ("19", "3") },
    { " { \"id\" : 3 ,\n\"params\" :[ 1 , 1 ], \"method\": \"subtract\" , \"jsonrpc\":\"2.0\" } ",
      RESULT ("0", "3") },
    { "{\"jsonrpc\":\"2.0\",\"method\":\"echo\",\"id\":1}", RESULT ("null", "1") },
    { CALL ("echo", "[{\"a\":[]},\"]}\\\"\"]", "1"), RESULT ("[{\"a\":[]},\"]}\\\"\"]", "1") },
    { "{\"\\u006asonrpc\":\"2\\u002e0\",\"method\":\"\\u0065cho\",\"\\u0069d\":1,\"more\":[{}]}",
      RESULT ("null", "1") },
    { CALL ("subtract", "[1]", "1"), ERROR ("-32602", "Invalid params", "1") },
    { CALL ("foobar", "[]", "\"1\""), ERROR ("-32601", "Method not found", "\"1\"") },
    { CALL ("", "[]", "1"), ERROR ("-32601", "Method not found", "1") },
    { CALL ("nothing", "[]", "1"), ERROR ("-32603", "Internal error", "1") },
    { CALL ("text", "[{\"a\":[]}, 7]", "1"), RESULT ("[{\"a\":[]},7]", "1") },
    { "{\"jsonrpc\":\"2.0\",\"method\":\"text\",\"id\":1}", RESULT ("\"nothing\"", "1") },
    { CALL ("no-json", "[]", "1"), ERROR ("-32603", "Internal error", "1") },
    { CALL ("eight", "[]", "1"), ERROR_WITH ("8", "Eight", "[8]", "1") },
    { CALL ("eight-bare", "[]", "1"), ERROR ("8", "Eight", "1") },
    { CALL ("secret", "[]", "1"), ERROR ("-32603", "Internal error", "1") },
    { CALL ("told", "[]", "1"),
      ERROR_WITH ("-32000", "No \\\"such\\\" thing", "{\"status\":409}", "1") },
    { CALL ("seven", "[]", "1"), ERROR_WITH ("7", "Seven", "[7]", "1") },
    { CALL ("echo", "{\"a\":1,\"a\":2}", "1"),
      ERROR_WITH ("-32602", "Invalid params", "\"an object has this name twice\"", "1") },
    { CALL ("echo", "[99999999999999999999]", "1"),
      ERROR_WITH ("-32602", "Invalid params", "\"the number is too big\"", "1") },
};

START_TEST (a_call_is_answered_with_its_result_or_error)
{
    for (guint i = 0; i < G_N_ELEMENTS (answered); i++)
        assert_replies (answered[i][0], answered[i][1]);
}
END_TEST

START_TEST (an_id_comes_back_letter_by_letter)
{
    static const char *const ids[] = { "0",
                                       "-1",
                                       "9007199254740993",
                                       "123456789012345678901234567890",
                                       "1.50",
                                       "1e3",
                                       "-0",
                                       "1E+2",
                                       "null",
                                       "\"\"",
                                       "\"a\"",
                                       "\"\\u0061\\/\\\"\"",
                                       "\"ä𝄞\"",
                                       "\"1e999\"",
                                       "1e999" };

    for (guint i = 0; i < G_N_ELEMENTS (ids); i++) {
        g_autofree char *text =
            g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"method\":\"echo\",\"id\": %s }", ids[i]);
        g_autofree char *expected =
            g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"result\":null,\"id\":%s}", ids[i]);

        assert_replies (text, expected);
    }
}
END_TEST

static const char *const wrong[][2] = {
    { "", "line 1, column 1: it ends too early" },
    { "{\"jsonrpc\":\"2.0\",\n\"method\":\"foobar, \"params\"",
      "line 2, column 20: a comma or } must stand here" },
    { "[{\"jsonrpc\":\"2.0\"},", "line 1, column 20: it ends too early" },
    { "\xff", "line 1, column 1: it is not UTF-8" },
};

static const char *const invalid[][2] = {
    { "{\"jsonrpc\":\"2.0\",\"method\":1,\"params\":\"bar\"}",
      INVALID ("method must be a string", "null") },
    { "{\"jsonrpc\":\"2.0\",\"id\":5}", INVALID ("method must be a string", "5") },
    { "{\"method\":\"echo\",\"id\":5}", INVALID ("jsonrpc must be \\\"2.0\\\"", "5") },
    { "{\"jsonrpc\":2.0,\"method\":\"echo\",\"id\":5}",
      INVALID ("jsonrpc must be \\\"2.0\\\"", "5") },
    { "{\"jsonrpc\":\"1.0\",\"method\":\"echo\"}",
      INVALID ("jsonrpc must be \\\"2.0\\\"", "null") },
    { CALL ("echo", "1", "5"), INVALID ("params must be an array or an object", "5") },
    { CALL ("echo", "null", "5"), INVALID ("params must be an array or an object", "5") },
    { CALL ("echo", "[]", "true"), INVALID ("an id is a string, a number or null", "null") },
    { CALL ("echo", "[]", "[1]"), INVALID ("an id is a string, a number or null", "null") },
    { CALL ("echo", "[]", "1,\"id\":2"), INVALID ("a member stands there twice", "null") },
    { CALL ("echo", "[]", "1,\"m\\u0065thod\":\"x\""),
      INVALID ("a member stands there twice", "null") },
    { "{}", INVALID ("jsonrpc must be \\\"2.0\\\"", "null") },
    { "1", INVALID ("a request is an object", "null") },
    { "\"[]\"", INVALID ("a request is an object", "null") },
    { "null", INVALID ("a request is an object", "null") },
    { "[]", INVALID ("a batch has at least one request", "null") },
    { "[1]", "[" INVALID ("a request is an object", "null") "]" },
    { "[ 1 , [] ,{}]", "[" INVALID ("a request is an object", "null") "," INVALID (
                           "a request is an object",
                           "null") "," INVALID ("jsonrpc must be \\\"2.0\\\"", "null") "]" },
};

START_TEST (what_is_no_request_is_told_why)
{
    for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
        g_autofree char *expected =
            g_strdup_printf (ERROR_WITH ("-32700", "Parse error", "\"%s\"", "null"), wrong[i][1]);

        assert_replies (wrong[i][0], expected);
    }
    for (guint i = 0; i < G_N_ELEMENTS (invalid); i++)
        assert_replies (invalid[i][0], invalid[i][1]);
    ck_assert_uint_eq (n_called, 0);
}
END_TEST

#define TELL(method, params) "{\"jsonrpc\":\"2.0\",\"method\":\"" method "\",\"params\":" params "}"

START_TEST (a_notification_is_never_answered)
{
    assert_replies (TELL ("echo", "[1]"), NULL);
    assert_replies (TELL ("subtract", "[]"), NULL);
    ck_assert_uint_eq (n_called, 2);
    assert_replies (TELL ("none", "[1]"), NULL);
    assert_replies (TELL ("secret", "[1]"), NULL);
    assert_replies (TELL ("nothing", "[1]"), NULL);
    assert_replies (TELL ("forget", "[1]"), NULL);
    assert_replies (TELL ("echo", "{\"a\":1,\"a\":2}"), NULL);
    assert_replies ("[" TELL ("echo", "[1]") "," TELL ("none", "{}") "]", NULL);
    assert_replies ("[" TELL ("echo", "[1]") "," CALL ("echo", "[2]", "1") "]",
                    "[" RESULT ("[2]", "1") "]");
    /* Nobody waits for who keeps one. */
    assert_replies (TELL ("hold", "[1]"), NULL);
    ck_assert (h3_json_rpc_call_is_notification (g_ptr_array_index (held, 0)));
    h3_json_rpc_call_return (g_ptr_array_index (held, 0), json_true ());
}
END_TEST

START_TEST (a_batch_is_answered_in_its_order)
{
    Reply reply;

    handle ("[" CALL ("hold", "[]", "1") "," CALL ("echo", "[]", "1") "," TELL (
                "echo", "[]") ","
                              "7," CALL ("hold", "[]", "\"c\"") "]",
            &reply);
    ck_assert_uint_eq (n_called, 4);
    ck_assert_uint_eq (reply.n_done, 0);
    h3_json_rpc_call_return (g_ptr_array_index (held, 1), json_string ("last first"));
    ck_assert_uint_eq (reply.n_done, 0);
    ck_assert_str_eq (h3_json_rpc_call_get_method (g_ptr_array_index (held, 0)), "hold");
    h3_json_rpc_call_return (g_ptr_array_index (held, 0), json_string ("first last"));
    ck_assert_uint_eq (reply.n_done, 1);
    ck_assert (reply.is_destroyed);
    ck_assert_str_eq (
        reply.text,
        "[" RESULT ("\"first last\"", "1") "," RESULT ("[]", "1") "," INVALID (
            "a request is an object", "null") "," RESULT ("\"last first\"", "\"c\"") "]");
    g_free (reply.text);
}
END_TEST

static char *
dup_batch (guint n)
{
    GString *text = g_string_new ("[");

    for (guint i = 0; i < n; i++)
        g_string_append_printf (text, "%s" CALL ("echo", "[]", "%u"), i > 0 ? "," : "", i);
    g_string_append_c (text, ']');
    return g_string_free (text, FALSE);
}

START_TEST (a_batch_beyond_the_bound_runs_nothing)
{
    g_autofree char *most = dup_batch (50);
    g_autofree char *more = dup_batch (51);
    Reply reply;

    handle (most, &reply);
    ck_assert_uint_eq (n_called, 50);
    ck_assert (g_str_has_suffix (reply.text, RESULT ("[]", "49") "]"));
    g_free (reply.text);
    assert_replies (more, INVALID ("a batch has at most 50 requests", "null"));
    ck_assert_uint_eq (n_called, 50);
}
END_TEST

START_TEST (bounds_are_the_programs)
{
    h3_json_rpc_set_max_batch (rpc, 0);
    h3_json_rpc_set_max_depth (rpc, 2);
    h3_json_rpc_set_max_length (rpc, strlen (CALL ("echo", "[]", "1")));
    assert_replies ("[1]", INVALID ("a batch has at most 0 requests", "null"));
    assert_replies (CALL ("echo", "[]", "1"), RESULT ("[]", "1"));
    assert_replies (CALL ("echo", "[]", "1") " ",
                    INVALID ("a message has at most 52 bytes", "null"));
    assert_replies (
        "{\"params\":[[]]}",
        ERROR_WITH ("-32700", "Parse error", "\"line 1, column 12: it nests too deep\"", "null"));
}
END_TEST

START_TEST (a_call_that_nobody_answers_is_an_internal_error)
{
    Reply reply;

    handle (CALL ("hold", "[]", "1"), &reply);
    g_ptr_array_set_size (held, 0);
    ck_assert_str_eq (reply.text, ERROR ("-32603", "Internal error", "1"));
    g_free (reply.text);
    g_test_expect_message ("h3", G_LOG_LEVEL_WARNING, "*forget neither answered*");
    assert_replies (CALL ("forget", "[]", "1"), ERROR ("-32603", "Internal error", "1"));
    g_test_assert_expected_messages ();
}
END_TEST

START_TEST (a_second_answer_is_dropped)
{
    g_test_expect_message ("h3", G_LOG_LEVEL_WARNING, "*twice is answered already*");
    assert_replies (CALL ("twice", "[]", "1"), RESULT ("true", "1"));
    g_test_assert_expected_messages ();
}
END_TEST

static gpointer
answer_elsewhere (gpointer user_data)
{
    g_autoptr (H3JsonRpcCall) call = user_data;

    if (json_array_size (h3_json_rpc_call_get_params (call)) > 0)
        h3_json_rpc_call_return (call, json_pack ("{s:s}", "from", "a thread"));
    return NULL;
}

/* Who answers is another thread; one that drops the call answers too. */
START_TEST (calls_are_answered_from_other_threads)
{
    Loop *loop = loop_new (NULL);
    GThread *threads[2];
    Reply reply;

    loop_enter (loop);
    handle ("[" CALL ("hold", "[1]", "1") "," CALL ("hold", "[]", "2") "]", &reply);
    g_ptr_array_set_free_func (held, NULL);
    for (guint i = 0; i < 2; i++)
        threads[i] = g_thread_new (NULL, answer_elsewhere, g_ptr_array_index (held, i));
    while (reply.n_done == 0)
        loop_step (loop, TRUE);
    for (guint i = 0; i < 2; i++)
        g_thread_join (threads[i]);
    ck_assert_str_eq (reply.text, "[" RESULT ("{\"from\":\"a thread\"}",
                                              "1") "," ERROR ("-32603", "Internal error", "2") "]");
    g_free (reply.text);
    loop_close (loop);
    loop_leave (loop);
    loop_unref (loop);
}
END_TEST

START_TEST (a_message_whose_loop_ends_is_dropped)
{
    Loop *loop = loop_new (NULL);
    Reply reply;

    loop_enter (loop);
    handle (CALL ("hold", "[1]", "1"), &reply);
    loop_close (loop);
    loop_leave (loop);
    loop_unref (loop);
    g_ptr_array_set_size (held, 0);
    ck_assert_uint_eq (reply.n_done, 0);
    ck_assert (reply.is_destroyed);
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *tcase = tcase_create ("messages");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    tcase_add_test (tcase, a_call_is_answered_with_its_result_or_error);
    tcase_add_test (tcase, an_id_comes_back_letter_by_letter);
    tcase_add_test (tcase, what_is_no_request_is_told_why);
    tcase_add_test (tcase, a_notification_is_never_answered);
    tcase_add_test (tcase, a_batch_is_answered_in_its_order);
    tcase_add_test (tcase, a_batch_beyond_the_bound_runs_nothing);
    tcase_add_test (tcase, bounds_are_the_programs);
    tcase_add_test (tcase, a_call_that_nobody_answers_is_an_internal_error);
    tcase_add_test (tcase, a_second_answer_is_dropped);
    tcase_add_test (tcase, calls_are_answered_from_other_threads);
    tcase_add_test (tcase, a_message_whose_loop_ends_is_dropped);
    tcase_set_timeout (tcase, 60);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("batteries/json-rpc", add_tests);
}

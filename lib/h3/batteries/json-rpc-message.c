/* SPDX-License-Identifier: MIT */

#include "json-rpc-message.h"

#include <h3/format/json.h>

/* All that is walked here has been scanned: brackets and quotes have their partners. */

static void
skip_blanks (H3View *rest)
{
    while (rest->length > 0 && strchr (" \t\r\n", *rest->data) != NULL)
        *rest = h3_view (rest->data + 1, rest->length - 1);
}

/* How long the string is whose first quote is at `from`, quotes included. */
static gsize
measure_string (const char *from)
{
    const char *at = from + 1;

    for (; *at != '"'; at++) {
        if (*at == '\\')
            at++;
    }
    return (gsize) (at - from) + 1;
}

static gsize
measure_container (const char *from)
{
    const char *at = from;
    guint depth = 0;

    do {
        if (*at == '"') {
            at += measure_string (at);
            continue;
        }
        if (*at == '[' || *at == '{')
            depth++;
        else if (*at == ']' || *at == '}')
            depth--;
        at++;
    } while (depth > 0);
    return (gsize) (at - from);
}

/* Takes the value at the front of `*rest`. */
static H3View
take_value (H3View *rest)
{
    char first = *rest->data;
    gsize length = 0;
    H3View value;

    if (first == '"')
        length = measure_string (rest->data);
    else if (first == '[' || first == '{')
        length = measure_container (rest->data);
    else
        while (length < rest->length && strchr (" \t\r\n,]}", rest->data[length]) == NULL)
            length++;
    value = h3_view (rest->data, length);
    *rest = h3_view (rest->data + length, rest->length - length);
    return value;
}

/* To the next member or element; FALSE at the end of what is open. */
static gboolean
move_on (H3View *rest)
{
    skip_blanks (rest);
    if (*rest->data == ',') {
        *rest = h3_view (rest->data + 1, rest->length - 1);
        skip_blanks (rest);
    }
    return *rest->data != ']' && *rest->data != '}';
}

/* Whether a string of the text, quotes included, is `word`. Hardly anybody escapes these. */
static gboolean
is_word (H3View string, const char *word)
{
    g_autoptr (json_t) decoded = NULL;

    if (memchr (string.data, '\\', string.length) == NULL)
        return h3_view_equal (h3_view (string.data + 1, string.length - 2), h3_view_of (word));
    decoded = h3_json_parse (string, 1, NULL);
    return strcmp (json_string_value (decoded), word) == 0;
}

static gboolean
is_id (H3View value)
{
    return *value.data == '"' || *value.data == '-' || g_ascii_isdigit (*value.data)
           || *value.data == 'n';
}

/* What the members say; `version` is empty where there is none. */
static const char *
find_problem (const JsonRpcRequest *request, H3View version)
{
    if (h3_view_is_empty (version) || *version.data != '"' || !is_word (version, "2.0"))
        return "jsonrpc must be \"2.0\"";
    if (!h3_view_is_empty (request->id) && !is_id (request->id))
        return "an id is a string, a number or null";
    if (h3_view_is_empty (request->method) || *request->method.data != '"')
        return "method must be a string";
    if (!h3_view_is_empty (request->params) && *request->params.data != '['
        && *request->params.data != '{')
        return "params must be an array or an object";
    return NULL;
}

static void
read_request (H3View object, JsonRpcRequest *request)
{
    H3View version = H3_VIEW_EMPTY;
    const struct {
        const char *name;
        H3View *value;
    } members[] = { { "jsonrpc", &version },
                    { "id", &request->id },
                    { "method", &request->method },
                    { "params", &request->params } };
    H3View rest = h3_view (object.data + 1, object.length - 1);
    gboolean is_repeated = FALSE;

    while (move_on (&rest)) {
        H3View name = take_value (&rest);
        H3View value;

        skip_blanks (&rest);
        rest = h3_view (rest.data + 1, rest.length - 1); /* the colon */
        skip_blanks (&rest);
        value = take_value (&rest);
        for (guint i = 0; i < G_N_ELEMENTS (members); i++) {
            if (!is_word (name, members[i].name))
                continue;
            is_repeated = is_repeated || !h3_view_is_empty (*members[i].value);
            *members[i].value = value;
        }
    }
    request->problem =
        is_repeated ? "a member stands there twice" : find_problem (request, version);
    if (is_repeated || (!h3_view_is_empty (request->id) && !is_id (request->id)))
        request->id = H3_VIEW_EMPTY;
}

void
json_rpc_message_init (JsonRpcMessage *message, H3View text)
{
    message->rest = text;
    skip_blanks (&message->rest);
    message->is_batch = *message->rest.data == '[';
    if (message->is_batch)
        message->rest = h3_view (message->rest.data + 1, message->rest.length - 1);
}

guint
json_rpc_message_count (const JsonRpcMessage *message, guint maximum)
{
    H3View rest = message->rest;
    guint n = 0;

    if (!message->is_batch)
        return 1;
    while (n <= maximum && move_on (&rest)) {
        (void) take_value (&rest);
        n++;
    }
    return n;
}

gboolean
json_rpc_message_take (JsonRpcMessage *message, JsonRpcRequest *out_request)
{
    H3View value;

    if (message->is_batch ? !move_on (&message->rest) : h3_view_is_empty (message->rest))
        return FALSE;
    *out_request = (JsonRpcRequest){ H3_VIEW_EMPTY, H3_VIEW_EMPTY, H3_VIEW_EMPTY, NULL };
    value = take_value (&message->rest);
    if (!message->is_batch)
        message->rest = H3_VIEW_EMPTY;
    if (*value.data == '{')
        read_request (value, out_request);
    else
        out_request->problem = "a request is an object";
    return TRUE;
}

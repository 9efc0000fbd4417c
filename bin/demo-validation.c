/* SPDX-License-Identifier: MIT
 *
 * Requests that must be as a schema says: a user, as JSON or as a form, and a search. */

#include "demo.h"

#include "demo-route.h"

#include <jansson.h>

static const char user_schema[] =
    "{\"type\":\"object\",\"required\":[\"name\",\"email\"],\"additionalProperties\":false,"
    "\"properties\":{"
    "\"name\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":50},"
    "\"email\":{\"type\":\"string\",\"format\":\"email\",\"maxLength\":254},"
    "\"age\":{\"type\":\"integer\",\"minimum\":18,\"maximum\":150},"
    "\"tags\":{\"type\":\"array\",\"maxItems\":5,\"uniqueItems\":true,"
    "\"items\":{\"type\":\"string\",\"pattern\":\"^[a-z]{1,20}$\"}},"
    "\"news\":{\"type\":\"boolean\",\"default\":false}}}";

static const char search_schema[] =
    "{\"type\":\"object\",\"required\":[\"q\"],\"additionalProperties\":false,\"properties\":{"
    "\"q\":{\"type\":\"string\",\"minLength\":1},"
    "\"page\":{\"type\":\"integer\",\"minimum\":1,\"default\":1},"
    "\"price\":{\"type\":\"number\",\"multipleOf\":0.01},"
    "\"sort\":{\"enum\":[\"name\",\"price\"],\"default\":\"name\"},"
    "\"in\":{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}}}";

/* Answers with what was checked. */
static void
show_user (H3Event *event, gpointer user_data)
{
    demo_send_json (event, json_pack ("{s:O}", "user", h3_event_get_valid_body (event)));
}

static void
show_search (H3Event *event, gpointer user_data)
{
    demo_send_json (event, json_pack ("{s:O}", "query", h3_event_get_valid_query (event)));
}

/* (transfer full): the schema is the program's own, so that a mistake in it is a bug. */
static H3Schema *
compile (const char *text)
{
    g_autoptr (GError) error = NULL;
    H3Schema *schema = h3_schema_new_from_text (text, &error);

    if (schema == NULL)
        g_error ("%s", error->message);
    return schema;
}

void
demo_add_validation (H3App *app)
{
    g_autoptr (H3Schema) user = compile (user_schema);
    g_autoptr (H3Schema) search = compile (search_schema);
    g_autoptr (H3Operation) taking = h3_operation_new ("A user, held against a schema");
    g_autoptr (H3Operation) searching = h3_operation_new ("A search, held against a schema");

    h3_operation_set_schema (taking, H3_OPERATION_JSON, user);
    h3_operation_set_schema (taking, H3_OPERATION_FORM, user);
    h3_operation_add_answer (taking, 200, "The user as it was taken", "application/json", NULL);
    h3_app_describe (app,
                     demo_add (app, "POST", "/validate/user", show_user, NULL,
                               "A user, as JSON or a form, held against a schema"),
                     taking);
    h3_operation_set_schema (searching, H3_OPERATION_QUERY, search);
    h3_operation_add_answer (searching, 200, "The query as it was taken", "application/json", NULL);
    h3_app_describe (app,
                     demo_add (app, "GET", "/validate/search", show_search, NULL,
                               "?q= &page= &price= &sort= &in=, held against a schema"),
                     searching);
}

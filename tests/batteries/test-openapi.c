/* SPDX-License-Identifier: MIT */

#include <h3/app/app-openapi.h>
#include <h3/app/app.h>
#include <h3/format/json.h>

#include "tests/app/ask.h"

static H3App *app;
static H3OpenApi *openapi;

static void
set_up (void)
{
    app = h3_app_new_with_preset (H3_PRESET_TESTING);
    openapi = h3_openapi_new ("Ferries", "2.1");
}

static void
tear_down (void)
{
    g_clear_pointer (&openapi, h3_openapi_unref);
    g_clear_object (&app);
}

static void
show (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, "shown");
}

static H3Schema *
compile (const char *text)
{
    g_autoptr (GError) error = NULL;
    H3Schema *schema = h3_schema_new_from_text (text, &error);

    ck_assert_msg (schema != NULL, "%s", error != NULL ? error->message : "no error");
    return schema;
}

/* (transfer full): the document that is served. */
static json_t *
fetch (void)
{
    g_autoptr (H3Injected) injected = NULL;
    json_t *document;

    h3_app_add_openapi (app, "/openapi.json", "/api", openapi);
    injected = ask (app, "GET", "/openapi.json");
    ck_assert_uint_eq (h3_injected_get_status (injected), 200);
    ck_assert_str_eq (h3_injected_get_header (injected, "Content-Type"), "application/json");
    document = h3_json_parse (h3_view_of (h3_injected_get_text (injected)), 64, NULL);
    ck_assert_ptr_nonnull (document);
    return document;
}

/* What stands at a JSON path is this document. */
static void
assert_at (const json_t *document, const char *path, const char *expected)
{
    g_autoptr (json_t) wanted = h3_json_parse (h3_view_of (expected), 64, NULL);
    g_auto (GStrv) parts = g_strsplit (path, " ", -1);
    g_autofree char *text = NULL;

    for (guint i = 0; parts[i] != NULL; i++)
        document = json_is_array (document)
                       ? json_array_get (document, (gsize) g_ascii_strtoull (parts[i], NULL, 10))
                       : json_object_get (document, parts[i]);
    ck_assert_msg (document != NULL, "nothing stands at %s", path);
    text = json_dumps (document, JSON_ENCODE_ANY);
    ck_assert_msg (json_equal (document, wanted), "%s is %s", path, text);
}

static void
assert_nothing_at (const json_t *document, const char *path, const char *last)
{
    ck_assert_msg (json_object_get (json_object_get (document, path), last) == NULL, "%s has %s",
                   path, last);
}

START_TEST (paths_are_those_that_are_served)
{
    g_autoptr (json_t) document = NULL;

    h3_app_get (app, "/", show, NULL);
    h3_app_get (app, "/users/:id(\\d+)", show, NULL);
    h3_app_route (app, "PUT PROPFIND", "/users/:number", show, NULL, NULL);
    h3_app_get (app, "/users/:name", show, NULL);
    h3_app_get (app, "/list/:page?", show, NULL);
    h3_app_all (app, "/files/**:path", show, NULL);
    h3_app_get (h3_app_group (app, "/v2"), "/ports", show, NULL);
    document = fetch ();
    assert_at (document, "openapi", "\"3.1.0\"");
    assert_at (document, "info", "{\"title\":\"Ferries\",\"version\":\"2.1\"}");
    ck_assert_uint_eq (json_object_size (json_object_get (document, "paths")), 6);
    assert_at (document, "paths /users/{id} get parameters",
               "[{\"name\":\"id\",\"in\":\"path\",\"required\":true,"
               "\"schema\":{\"type\":\"string\",\"pattern\":\"^(?:\\\\d+)$\"}}]");
    assert_at (document, "paths /users/{id} put parameters 0 name", "\"id\"");
    assert_at (document, "paths /users/{id} x-h3-methods", "[\"PROPFIND\"]");
    assert_at (document, "paths /users/{id} get x-h3-patterns", "[\"/users/:name\"]");
    assert_at (document, "paths /list/{page} get parameters 0 required", "true");
    assert_nothing_at (json_object_get (json_object_get (document, "paths"), "/list"), "get",
                       "parameters");
    assert_at (document, "paths /files/{path} delete parameters 0 x-h3-takes-slashes", "true");
    assert_at (document, "paths /v2/ports get responses default",
               "{\"$ref\":\"#/components/responses/Problem\"}");
}
END_TEST

/* A user by number. */
static H3Operation *
describe_user (void)
{
    g_autoptr (H3Schema) params = compile (
        "{\"properties\":{\"id\":{\"type\":\"integer\",\"minimum\":1,\"description\":\"Who\"}}}");
    g_autoptr (H3Schema) query = compile (
        "{\"required\":[\"q\"],\"additionalProperties\":false,\"properties\":{"
        "\"q\":{\"$ref\":\"#/$defs/a~1b\"},\"deep/x\":{\"type\":\"boolean\",\"deprecated\":true}},"
        "\"$defs\":{\"a/b\":{\"enum\":[{\"$ref\":\"#\"},\"x\"]}}}");
    g_autoptr (H3Schema) body = compile ("{\"title\":\"User\",\"type\":\"object\",\"properties\":{"
                                         "\"friend\":{\"$ref\":\"#\"}},\"required\":[\"name\"]}");
    H3Operation *operation = h3_operation_new ("A user");

    h3_operation_set_description (operation, "At length.");
    h3_operation_add_tag (operation, "people");
    h3_operation_add_tag (operation, "people");
    h3_operation_set_deprecated (operation, TRUE);
    h3_operation_add_security (operation, "key");
    h3_operation_set_schema (operation, H3_OPERATION_PARAMS, params);
    h3_operation_set_schema (operation, H3_OPERATION_QUERY, query);
    h3_operation_set_schema (operation, H3_OPERATION_JSON, body);
    h3_operation_add_answer (operation, 204, "Gone", NULL, NULL);
    h3_operation_add_answer (operation, 200, "Wrong", NULL, NULL);
    h3_operation_add_answer (operation, 200, "The user", NULL, body);
    return operation;
}

static void
add_user (void)
{
    g_autoptr (H3Operation) operation = describe_user ();
    H3Route *route = h3_app_post (app, "/users/:id", show, NULL);

    h3_route_set_name (route, "user");
    h3_app_describe (app, route, operation);
}

START_TEST (operations_are_described_in_full)
{
    g_autoptr (json_t) document = NULL;

    ck_assert (h3_openapi_add_security (
        openapi, "key", "{\"type\":\"apiKey\",\"in\":\"header\",\"name\":\"K\"}", NULL));
    h3_openapi_add_server (openapi, "https://ferries.example/", NULL);
    h3_openapi_set_description (openapi, "All of them.");
    add_user ();
    document = fetch ();
    assert_at (document, "info description", "\"All of them.\"");
    assert_at (document, "servers", "[{\"url\":\"https://ferries.example/\"}]");
    assert_at (document, "components securitySchemes key name", "\"K\"");
    assert_at (document, "paths /users/{id} post operationId", "\"user\"");
    assert_at (document, "paths /users/{id} post summary", "\"A user\"");
    assert_at (document, "paths /users/{id} post description", "\"At length.\"");
    assert_at (document, "paths /users/{id} post tags", "[\"people\"]");
    assert_at (document, "paths /users/{id} post deprecated", "true");
    assert_at (document, "paths /users/{id} post security", "[{\"key\":[]}]");
    assert_at (document, "paths /users/{id} post parameters",
               "[{\"name\":\"id\",\"in\":\"path\",\"required\":true,\"description\":\"Who\","
               "\"schema\":{\"$ref\":\"#/components/schemas/userParams/properties/id\"}},"
               "{\"name\":\"q\",\"in\":\"query\",\"required\":true,"
               "\"schema\":{\"$ref\":\"#/components/schemas/userQuery/properties/q\"}},"
               "{\"name\":\"deep/x\",\"in\":\"query\",\"required\":false,\"deprecated\":true,"
               "\"schema\":{\"$ref\":\"#/components/schemas/userQuery/properties/deep~1x\"}}]");
    assert_at (document, "paths /users/{id} post requestBody",
               "{\"required\":true,\"content\":{\"application/json\":{\"schema\":"
               "{\"$ref\":\"#/components/schemas/User\"}}}}");
    assert_at (document, "paths /users/{id} post responses 200",
               "{\"description\":\"The user\",\"content\":{\"application/json\":{\"schema\":"
               "{\"$ref\":\"#/components/schemas/User\"}}}}");
    assert_at (document, "paths /users/{id} post responses 204", "{\"description\":\"Gone\"}");
    assert_at (document, "paths /users/{id} post responses 422",
               "{\"$ref\":\"#/components/responses/Problem\"}");
}
END_TEST

START_TEST (references_lead_to_where_schemas_have_moved)
{
    g_autoptr (json_t) document = NULL;

    add_user ();
    document = fetch ();
    assert_at (document, "components schemas User properties friend",
               "{\"$ref\":\"#/components/schemas/User\"}");
    assert_at (document, "components schemas userQuery properties q",
               "{\"$ref\":\"#/components/schemas/userQuery/$defs/a~1b\"}");
    /* A value, and no reference. */
    assert_at (document, "components schemas userQuery $defs a/b enum 0", "{\"$ref\":\"#\"}");
}
END_TEST

static void
assert_refused (const char *target, const char *body)
{
    g_autoptr (H3Injected) injected = ask_body (app, "POST", target, "application/json", body);

    ck_assert_uint_eq (h3_injected_get_status (injected), 422);
}

START_TEST (requests_are_held_against_what_is_described)
{
    add_user ();
    assert_answer (ask_body (app, "POST", "/users/7?q=x", "application/json", "{\"name\":1}"), 200,
                   "shown");
    assert_refused ("/users/7?q=y", "{\"name\":1}");
    assert_refused ("/users/7?q=x", "{}");
    assert_refused ("/users/0?q=x", "{\"name\":1}");
}
END_TEST

START_TEST (what_is_hidden_is_served_and_not_told)
{
    g_autoptr (H3Operation) operation = h3_operation_new ("Secret");
    g_autoptr (json_t) document = NULL;

    h3_operation_set_hidden (operation, TRUE);
    h3_operation_attach (operation, h3_app_get (app, "/secret", show, NULL));
    h3_app_get (app, "/told", show, NULL);
    document = fetch ();
    ck_assert_uint_eq (json_object_size (json_object_get (document, "paths")), 1);
    assert_answer (ask (app, "GET", "/secret"), 200, "shown");
}
END_TEST

START_TEST (ids_are_never_doubled)
{
    g_autoptr (json_t) document = NULL;

    h3_route_set_name (h3_app_route (app, "GET POST", "/a/:b?", show, NULL, NULL), "a");
    document = fetch ();
    assert_at (document, "paths /a get operationId", "\"a\"");
    assert_at (document, "paths /a post operationId", "\"a-post\"");
    assert_at (document, "paths /a/{b} get operationId", "\"a-get\"");
    assert_at (document, "paths /a/{b} post operationId", "\"a-post-2\"");
}
END_TEST

START_TEST (page_shows_it_with_nothing_from_elsewhere)
{
    g_autoptr (H3Operation) operation = h3_operation_new ("<b>A & B</b>");
    g_autoptr (H3App) outer = h3_app_new_with_preset (H3_PRESET_TESTING);
    g_autoptr (H3Injected) page = NULL, style = NULL;
    const char *text;

    h3_operation_attach (operation, h3_app_get (app, "/x", show, NULL));
    h3_app_add_openapi (app, "/openapi.json", "/docs/api", openapi);
    h3_app_mount (outer, "/v1", app);
    page = ask (outer, "GET", "/v1/docs/api");
    text = h3_injected_get_text (page);
    ck_assert_ptr_nonnull (strstr (text, "&lt;b&gt;A &amp; B&lt;/b&gt;"));
    ck_assert_ptr_null (strstr (text, "<b>A"));
    ck_assert_ptr_nonnull (strstr (text, "<code>/v1/x</code>"));
    ck_assert_ptr_nonnull (strstr (text, "href=\"../openapi.json\""));
    ck_assert_ptr_nonnull (strstr (text, "href=\"./api/style.css\""));
    ck_assert_ptr_null (strstr (text, "<script"));
    ck_assert_ptr_null (strstr (text, "http://"));
    ck_assert_ptr_null (strstr (text, "https://"));
    style = ask (outer, "GET", "/v1/docs/api/style.css");
    ck_assert_uint_eq (h3_injected_get_status (style), 200);
}
END_TEST

START_TEST (document_is_fetched_anew_only_when_it_has_changed)
{
    G_GNUC_UNUSED g_autoptr (json_t) document = fetch ();
    g_autoptr (H3Injected) first = ask (app, "GET", "/openapi.json");
    g_autoptr (H3Injected) again =
        ask_field (app, "/openapi.json", "If-None-Match", h3_injected_get_header (first, "ETag"));

    ck_assert_uint_eq (h3_injected_get_status (again), 304);
}
END_TEST

START_TEST (schemes_that_cannot_be_are_refused)
{
    g_autoptr (GError) name = NULL, syntax = NULL, type = NULL;

    ck_assert (!h3_openapi_add_security (openapi, "a b", "{\"type\":\"http\"}", &name));
    ck_assert (g_error_matches (name, H3_ERROR, H3_ERROR_INVALID));
    ck_assert (!h3_openapi_add_security (openapi, "a", "{", &syntax));
    ck_assert (!h3_openapi_add_security (openapi, "a", "{\"in\":\"header\"}", &type));
    ck_assert (g_error_matches (type, H3_ERROR, H3_ERROR_INVALID));
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *tcase = tcase_create ("openapi");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    tcase_add_test (tcase, paths_are_those_that_are_served);
    tcase_add_test (tcase, operations_are_described_in_full);
    tcase_add_test (tcase, references_lead_to_where_schemas_have_moved);
    tcase_add_test (tcase, requests_are_held_against_what_is_described);
    tcase_add_test (tcase, what_is_hidden_is_served_and_not_told);
    tcase_add_test (tcase, ids_are_never_doubled);
    tcase_add_test (tcase, page_shows_it_with_nothing_from_elsewhere);
    tcase_add_test (tcase, document_is_fetched_anew_only_when_it_has_changed);
    tcase_add_test (tcase, schemes_that_cannot_be_are_refused);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("batteries/openapi", add_tests);
}

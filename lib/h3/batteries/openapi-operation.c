/* SPDX-License-Identifier: MIT
 *
 * What a route takes and answers, as an Operation Object. */

#include "openapi-private.h"
#include "operation-private.h"

#include <h3/format/json.h>
#include <h3/http/failure.h>

#define PROBLEM "#/components/responses/Problem"

typedef struct {
    OpenApiSchemas *schemas;      /* borrowed: the document under way */
    const H3Operation *operation; /* borrowed: the route; NULL: nothing is said */
    const char *name;             /* borrowed: what its schemas are called */
    json_t *parameters;           /* borrowed: the operation under way */
} Description;

static H3Schema *
get_schema (const Description *description, H3OperationPart part)
{
    return description->operation != NULL ? description->operation->schemas[part] : NULL;
}

/* (transfer none) (nullable): what the schema of a part says of a property, where that is simple to
 * see. */
static json_t *
find_property (const Description *description, H3OperationPart part, const char *name)
{
    H3Schema *schema = get_schema (description, part);
    const json_t *document = schema != NULL ? h3_schema_get_document (schema) : NULL;

    return json_object_get (json_object_get (document, "properties"), name);
}

/* (transfer full) */
static json_t *
refer (const Description *description, H3OperationPart part, const char *property)
{
    static const char *const suffixes[N_OPERATION_PARTS] = { "Params", "Query", "Body", "Form" };
    g_autofree char *wish = g_strconcat (description->name, suffixes[part], NULL);

    return openapi_schemas_refer (description->schemas, get_schema (description, part), wish,
                                  property);
}

/* (transfer full): of a parameter that no schema tells of. */
static json_t *
describe_segment (const PatternSegment *segment)
{
    if (segment->kind != PATTERN_CONSTRAINED)
        return json_pack ("{s:s}", "type", "string");
    return json_pack ("{s:s, s:o}", "type", "string", "pattern",
                      json_sprintf ("^(?:%s)$", segment->text));
}

/* What a property says of itself is said of the parameter. */
static void
add_annotations (json_t *parameter, json_t *property)
{
    json_t *text = json_object_get (property, "description");
    json_t *is_deprecated = json_object_get (property, "deprecated");

    if (json_is_string (text))
        json_object_set (parameter, "description", text);
    if (json_is_true (is_deprecated))
        json_object_set (parameter, "deprecated", is_deprecated);
}

static void
add_path_parameter (const Description *description, const OpenApiPath *path,
                    const OpenApiPath *shown, guint i)
{
    const PatternSegment *segment = path->segments->pdata[i];
    const char *name = path->names->pdata[i];
    json_t *property = find_property (description, H3_OPERATION_PARAMS, name);
    json_t *parameter = json_pack ("{s:s, s:s, s:b, s:o}", "name", shown->names->pdata[i], "in",
                                   "path", "required", TRUE, "schema",
                                   property != NULL ? refer (description, H3_OPERATION_PARAMS, name)
                                                    : describe_segment (segment));

    if (segment->kind == PATTERN_REST)
        json_object_set_new (parameter, "x-h3-takes-slashes", json_true ());
    add_annotations (parameter, property);
    json_array_append_new (description->parameters, parameter);
}

static gboolean
is_required (const json_t *schema, const char *name)
{
    json_t *names = json_object_get (schema, "required");

    for (gsize i = 0; i < json_array_size (names); i++) {
        if (g_strcmp0 (json_string_value (json_array_get (names, i)), name) == 0)
            return TRUE;
    }
    return FALSE;
}

static void
add_query_parameter (const Description *description, const json_t *schema, const char *name,
                     json_t *property)
{
    json_t *parameter = json_pack ("{s:s, s:s, s:b, s:o}", "name", name, "in", "query", "required",
                                   is_required (schema, name), "schema",
                                   refer (description, H3_OPERATION_QUERY, name));

    add_annotations (parameter, property);
    json_array_append_new (description->parameters, parameter);
}

/* A schema that does not list its properties is that of an object whose members are the fields. */
static void
add_query (const Description *description)
{
    H3Schema *schema = get_schema (description, H3_OPERATION_QUERY);
    const json_t *document = schema != NULL ? h3_schema_get_document (schema) : NULL;
    json_t *properties = json_object_get (document, "properties");
    const char *name;
    json_t *property;

    if (schema == NULL)
        return;
    if (!json_is_object (properties)) {
        json_array_append_new (description->parameters,
                               json_pack ("{s:s, s:s, s:s, s:b, s:o}", "name", "query", "in",
                                          "query", "style", "form", "explode", TRUE, "schema",
                                          refer (description, H3_OPERATION_QUERY, NULL)));
        return;
    }
    json_object_foreach (properties, name, property)
        add_query_parameter (description, document, name, property);
}

/* (transfer full) */
static json_t *
describe_content (const char *type, json_t *schema)
{
    return json_pack ("{s:{s:o}}", type, "schema", schema);
}

/* (transfer full) (nullable) */
static json_t *
describe_body (const Description *description)
{
    g_autoptr (json_t) content = json_object ();

    if (get_schema (description, H3_OPERATION_JSON) != NULL)
        json_object_update_new (
            content,
            describe_content ("application/json", refer (description, H3_OPERATION_JSON, NULL)));
    if (get_schema (description, H3_OPERATION_FORM) != NULL) {
        json_object_update_new (content,
                                describe_content ("application/x-www-form-urlencoded",
                                                  refer (description, H3_OPERATION_FORM, NULL)));
        json_object_update_new (
            content,
            describe_content ("multipart/form-data", refer (description, H3_OPERATION_FORM, NULL)));
    }
    if (json_object_size (content) == 0)
        return NULL;
    return json_pack ("{s:b, s:O}", "required", TRUE, "content", content);
}

/* (transfer full) */
static json_t *
describe_answer (const Description *description, const OperationAnswer *answer)
{
    json_t *object = json_pack ("{s:s}", "description", answer->description);
    json_t *schema;

    if (answer->type == NULL)
        return object;
    if (answer->schema != NULL) {
        g_autofree char *wish = g_strdup_printf ("%s%u", description->name, answer->status);

        schema = openapi_schemas_refer (description->schemas, answer->schema, wish, NULL);
    } else {
        schema = json_object ();
    }
    json_object_set_new (object, "content", describe_content (answer->type, schema));
    return object;
}

static void
set_problem (json_t *answers, const char *status)
{
    if (json_object_get (answers, status) == NULL)
        json_object_set_new (answers, status, json_pack ("{s:s}", "$ref", PROBLEM));
}

/* (transfer full): the program's own, and those that the library makes of requests. */
static json_t *
describe_answers (const Description *description)
{
    const H3Operation *operation = description->operation;
    json_t *answers = json_object ();

    for (guint i = 0; operation != NULL && i < operation->answers->len; i++) {
        const OperationAnswer *answer = operation->answers->pdata[i];
        g_autofree char *status = g_strdup_printf ("%u", answer->status);

        json_object_set_new (answers, status, describe_answer (description, answer));
    }
    if (json_object_size (answers) == 0)
        json_object_set_new (answers, "2XX",
                             json_pack ("{s:s}", "description", "What the program answers."));
    if (operation != NULL && operation_validates (operation)) {
        set_problem (answers, "400");
        set_problem (answers, "422");
    }
    set_problem (answers, "default");
    return answers;
}

static void
add_words (json_t *object, const H3Operation *operation)
{
    json_object_set_new (object, "summary", json_string (operation->summary));
    if (operation->description != NULL)
        json_object_set_new (object, "description", json_string (operation->description));
    if (operation->is_deprecated)
        json_object_set_new (object, "deprecated", json_true ());
    if (operation->tags->len > 0) {
        json_t *tags = json_array ();

        for (guint i = 0; i < operation->tags->len; i++)
            json_array_append_new (tags, json_string (operation->tags->pdata[i]));
        json_object_set_new (object, "tags", tags);
    }
}

static void
add_securities (json_t *object, const H3Operation *operation)
{
    json_t *list;

    if (operation->securities->len == 0)
        return;
    list = json_array ();
    for (guint i = 0; i < operation->securities->len; i++)
        json_array_append_new (list, json_pack ("{s:[]}", operation->securities->pdata[i]));
    json_object_set_new (object, "security", list);
}

json_t *
openapi_describe_operation (OpenApiSchemas *schemas, const H3Route *route, const OpenApiPath *path,
                            const OpenApiPath *shown, const char *id)
{
    const H3Operation *operation = operation_of (route);
    const char *name = h3_route_get_name (route);
    json_t *object = json_object ();
    g_autoptr (json_t) parameters = json_array ();
    Description description = { schemas, operation, name != NULL ? name : "Request", parameters };
    json_t *body;

    if (id != NULL)
        json_object_set_new (object, "operationId", json_string (id));
    if (operation != NULL)
        add_words (object, operation);
    for (guint i = 0; i < path->names->len; i++)
        add_path_parameter (&description, path, shown, i);
    add_query (&description);
    if (json_array_size (parameters) > 0)
        json_object_set (object, "parameters", parameters);
    body = describe_body (&description);
    if (body != NULL)
        json_object_set_new (object, "requestBody", body);
    json_object_set_new (object, "responses", describe_answers (&description));
    if (operation != NULL)
        add_securities (object, operation);
    return object;
}

/* SPDX-License-Identifier: MIT */

#include "openapi-page.h"

#include <h3/format/json.h>
#include <h3/format/template.h>

#include <string.h>

const char openapi_page_style[] =
    ":root{color-scheme:light dark;--line:#8884;--soft:#8881;--key:#0a6}\n"
    "*{box-sizing:border-box}\n"
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem}\n"
    "h1{margin:.5rem 0 0}h2{margin:2rem 0 .5rem;border-bottom:1px solid var(--line)}\n"
    "p.lead{margin:.2rem 0 1rem}.text{white-space:pre-line}\n"
    "details{border:1px solid var(--line);border-radius:.5rem;margin:.5rem 0;overflow:hidden}\n"
    "summary{display:flex;flex-wrap:wrap;gap:.2rem .8rem;padding:.5rem .8rem;cursor:pointer;"
    "background:var(--soft)}\n"
    "summary b{min-width:4.5rem;font-family:ui-monospace,monospace;color:var(--key)}\n"
    "summary code{font-weight:600;overflow-wrap:anywhere}\n"
    ".inside{padding:.2rem .8rem .8rem}.old code{text-decoration:line-through}\n"
    "h3{font-size:1rem;margin:1rem 0 .3rem}.scroll{overflow-x:auto}\n"
    "table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;"
    "padding:.3rem .8rem .3rem 0;border-bottom:1px solid var(--line)}\n"
    "pre{background:var(--soft);padding:.6rem;border-radius:.4rem;overflow-x:auto;margin:.3rem "
    "0;font:.85rem/1.4 ui-monospace,monospace}\n";

static const char page_text[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<title>{{title}}</title>\n<link rel=\"stylesheet\" "
    "href=\"./{{folder}}/style.css\">\n</head>\n<body>\n"
    "<header><h1>{{title}}</h1>\n<p class=\"lead\">Version {{version}} · "
    "<a href=\"{{document}}\">OpenAPI document</a></p>\n"
    "{{#if description}}<p class=\"text\">{{description}}</p>\n{{/if}}</header>\n<main>\n"
    "{{#each groups as group}}<section>\n{{#if group.name}}<h2>{{group.name}}</h2>\n{{/if}}"
    "{{#each group.operations as operation}}{{> operation}}{{/each}}</section>\n{{/each}}"
    "{{#if schemas}}<section>\n<h2>Schemas</h2>\n"
    "{{#each schemas as schema}}<details id=\"{{schema.name}}\"><summary><code>{{schema.name}}"
    "</code></summary><div class=\"inside\"><pre tabindex=\"0\">{{schema.text}}</pre></div>"
    "</details>\n{{/each}}</section>\n{{/if}}</main>\n</body>\n</html>\n";

static const char operation_text[] =
    "<details{{#if operation.deprecated}} class=\"old\"{{/if}}><summary><b>{{operation.method}}"
    "</b> <code>{{operation.path}}</code> <span>{{operation.summary}}"
    "{{#if operation.deprecated}} (deprecated){{/if}}</span></summary>\n<div "
    "class=\"inside\">\n"
    "{{#if operation.description}}<p class=\"text\">{{operation.description}}</p>\n{{/if}}"
    "{{#if operation.security}}<p>Needs {{operation.security}}.</p>\n{{/if}}"
    "{{#if operation.parameters}}<h3>Parameters</h3>\n<div class=\"scroll\"><table>\n"
    "<tr><th>Name</th><th>In</th><th>What it is</th></tr>\n"
    "{{#each operation.parameters as parameter}}<tr><td><code>{{parameter.name}}</code>"
    "{{#if parameter.required}} *{{/if}}</td><td>{{parameter.in}}</td><td>{{> what}}"
    "</td></tr>\n{{/each}}</table></div>\n{{/if}}"
    "{{#if operation.bodies}}<h3>Body</h3>\n<ul>\n{{#each operation.bodies as body}}<li>"
    "<code>{{body.type}}</code>{{#if body.schema}}: <a href=\"#{{body.schema}}\">"
    "{{body.schema}}</a>{{/if}}</li>\n{{/each}}</ul>\n{{/if}}"
    "<h3>Answers</h3>\n<div class=\"scroll\"><table>\n"
    "{{#each operation.answers as answer}}<tr><th>{{answer.status}}</th><td>"
    "{{answer.description}}{{#if answer.type}} <code>{{answer.type}}</code>{{/if}}"
    "{{#if answer.schema}} <a href=\"#{{answer.schema}}\">{{answer.schema}}</a>{{/if}}"
    "</td></tr>\n{{/each}}</table></div>\n</div></details>\n";

static const char what_text[] = "{{#if parameter.description}}{{parameter.description}} {{/if}}"
                                "<code>{{parameter.schema}}</code>";

/* (transfer none): where a local reference leads; `value` itself where it is none. A part of the
 * pointer is percent-encoded. */
static const json_t *
follow (const json_t *document, const json_t *value)
{
    const char *text = json_string_value (json_object_get (value, "$ref"));
    g_auto (GStrv) parts = NULL;

    if (text == NULL || !g_str_has_prefix (text, "#/"))
        return value;
    parts = g_strsplit (text + 2, "/", -1);
    for (guint i = 0; parts[i] != NULL; i++) {
        g_autofree char *raw = g_uri_unescape_string (parts[i], NULL);
        g_autoptr (GString) name = g_string_new (raw != NULL ? raw : parts[i]);

        g_string_replace (name, "~1", "/", 0);
        g_string_replace (name, "~0", "~", 0);
        document = json_object_get (document, name->str);
    }
    return document;
}

/* (nullable): the name of the schema that is referred to as a whole. */
static const char *
get_schema_name (const json_t *schema)
{
    static const char place[] = "#/components/schemas/";
    const char *text = json_string_value (json_object_get (schema, "$ref"));

    if (text == NULL || !g_str_has_prefix (text, place) || strchr (text + strlen (place), '/'))
        return NULL;
    return text + strlen (place);
}

/* (transfer full): what a parameter is, in a line: its schema without what is said elsewhere. */
static char *
describe_schema (const json_t *document, const json_t *schema)
{
    g_autoptr (json_t) copy = json_deep_copy (follow (document, schema));

    if (!json_is_object (copy))
        return g_strdup ("");
    json_object_del (copy, "description");
    json_object_del (copy, "deprecated");
    if (json_object_size (copy) == 1 && json_is_string (json_object_get (copy, "type")))
        return g_strdup (json_string_value (json_object_get (copy, "type")));
    return json_dumps (copy, 0);
}

/* (transfer full) */
static json_t *
describe_parameters (const json_t *document, const json_t *operation)
{
    const json_t *parameters = json_object_get (operation, "parameters");
    json_t *list = json_array ();

    for (gsize i = 0; i < json_array_size (parameters); i++) {
        json_t *parameter = json_array_get (parameters, i);
        g_autofree char *schema = describe_schema (document, json_object_get (parameter, "schema"));

        json_array_append_new (
            list,
            json_pack ("{s:O, s:O, s:O, s:s, s:s?}", "name", json_object_get (parameter, "name"),
                       "in", json_object_get (parameter, "in"), "required",
                       json_object_get (parameter, "required") != NULL
                           ? json_object_get (parameter, "required")
                           : json_false (),
                       "schema", schema, "description",
                       json_string_value (json_object_get (parameter, "description"))));
    }
    return list;
}

/* (transfer full) */
static json_t *
describe_bodies (const json_t *operation)
{
    json_t *content = json_object_get (json_object_get (operation, "requestBody"), "content");
    json_t *list = json_array ();
    const char *type;
    json_t *media;

    json_object_foreach (content, type, media)
    {
        const char *name = get_schema_name (json_object_get (media, "schema"));

        json_array_append_new (list, json_pack ("{s:s, s:s?}", "type", type, "schema", name));
    }
    return list;
}

/* (transfer full) */
static json_t *
describe_answers (const json_t *document, const json_t *operation)
{
    json_t *answers = json_object_get (operation, "responses"), *list = json_array ();
    const char *status;
    json_t *value;

    json_object_foreach (answers, status, value)
    {
        const json_t *answer = follow (document, value);
        json_t *content = json_object_get (answer, "content");
        void *first = json_object_iter (content);
        json_t *media = first != NULL ? json_object_iter_value (first) : NULL;

        json_array_append_new (
            list, json_pack ("{s:s, s:s?, s:s?, s:s?}", "status",
                             strcmp (status, "default") == 0 ? "else" : status, "description",
                             json_string_value (json_object_get (answer, "description")), "type",
                             first != NULL ? json_object_iter_key (first) : NULL, "schema",
                             get_schema_name (json_object_get (media, "schema"))));
    }
    return list;
}

/* (transfer full) (nullable): the schemes of which one is wanted. */
static char *
describe_security (const json_t *operation)
{
    const json_t *securities = json_object_get (operation, "security");
    g_autoptr (GPtrArray) names = g_ptr_array_new ();

    for (gsize i = 0; i < json_array_size (securities); i++) {
        void *first = json_object_iter (json_array_get (securities, i));

        if (first != NULL)
            g_ptr_array_add (names, (gpointer) json_object_iter_key (first));
    }
    if (names->len == 0)
        return NULL;
    g_ptr_array_add (names, NULL);
    return g_strjoinv (" or ", (char **) names->pdata);
}

/* (transfer full) */
static json_t *
describe_operation (const json_t *document, const char *path, const char *method,
                    const json_t *operation)
{
    g_autofree char *upper = g_ascii_strup (method, -1);
    g_autofree char *security = describe_security (operation);

    return json_pack ("{s:s, s:s, s:s?, s:s?, s:b, s:s?, s:o, s:o, s:o}", "method", upper, "path",
                      path, "summary", json_string_value (json_object_get (operation, "summary")),
                      "description", json_string_value (json_object_get (operation, "description")),
                      "deprecated", json_is_true (json_object_get (operation, "deprecated")),
                      "security", security, "parameters", describe_parameters (document, operation),
                      "bodies", describe_bodies (operation), "answers",
                      describe_answers (document, operation));
}

/* (transfer none): the operations of the group called `name`, which is made where there is none. */
static json_t *
ensure_group (json_t *groups, const char *name)
{
    json_t *group;

    for (gsize i = 0; i < json_array_size (groups); i++) {
        group = json_array_get (groups, i);
        if (g_strcmp0 (json_string_value (json_object_get (group, "name")), name) == 0)
            return json_object_get (group, "operations");
    }
    group = json_pack ("{s:s, s:[]}", "name", name, "operations");
    json_array_append_new (groups, group);
    return json_object_get (group, "operations");
}

static void
add_path (json_t *groups, const json_t *document, const char *path, json_t *item)
{
    const char *method;
    json_t *operation;

    json_object_foreach (item, method, operation)
    {
        json_t *tag = json_array_get (json_object_get (operation, "tags"), 0);
        const char *name = json_string_value (tag);

        if (json_is_object (operation))
            json_array_append_new (ensure_group (groups, name != NULL ? name : ""),
                                   describe_operation (document, path, method, operation));
    }
}

/* (transfer full): by the first of their tags, in the order of the document. */
static json_t *
describe_groups (const json_t *document)
{
    json_t *groups = json_array ();
    const char *path;
    json_t *item;

    json_object_foreach (json_object_get (document, "paths"), path, item)
        add_path (groups, document, path, item);
    return groups;
}

/* (transfer full) */
static json_t *
describe_schemas (const json_t *document)
{
    json_t *schemas = json_object_get (json_object_get (document, "components"), "schemas");
    json_t *list = json_array ();
    const char *name;
    json_t *schema;

    json_object_foreach (schemas, name, schema)
    {
        g_autofree char *text = json_dumps (schema, JSON_INDENT (2) | JSON_ENCODE_ANY);

        json_array_append_new (list, json_pack ("{s:s, s:s}", "name", name, "text", text));
    }
    return list;
}

char *
openapi_page_write (const json_t *document, const char *document_url, const char *folder)
{
    g_autoptr (H3Templates) templates = h3_templates_new ();
    g_autoptr (GString) page = g_string_new (NULL);
    const json_t *info = json_object_get (document, "info");
    g_autoptr (json_t) model =
        json_pack ("{s:s?, s:s?, s:s?, s:s, s:s, s:o, s:o}", "title",
                   json_string_value (json_object_get (info, "title")), "version",
                   json_string_value (json_object_get (info, "version")), "description",
                   json_string_value (json_object_get (info, "description")), "document",
                   document_url, "folder", folder, "groups", describe_groups (document), "schemas",
                   describe_schemas (document));
    H3TemplateData data = { .document = model };

    g_autoptr (GError) error = NULL;

    if (!h3_templates_add (templates, "page", page_text, &error)
        || !h3_templates_add (templates, "operation", operation_text, &error)
        || !h3_templates_add (templates, "what", what_text, &error)
        || !h3_templates_render (templates, "page", &data, page, &error))
        g_error ("the page of an OpenAPI document cannot be made: %s", error->message);
    return g_string_free (g_steal_pointer (&page), FALSE);
}

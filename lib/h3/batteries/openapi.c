/* SPDX-License-Identifier: MIT */

#include "openapi-private.h"
#include "operation-private.h"

#include <h3/format/json.h>
#include <h3/route/route-inside.h>

#include <string.h>

#define VERSION   "3.1.0"
#define MAX_DEPTH 16

G_DEFINE_BOXED_TYPE (H3OpenApi, h3_openapi, h3_openapi_ref, h3_openapi_unref)

H3OpenApi *
h3_openapi_new (const char *title, const char *version)
{
    H3OpenApi *openapi;

    g_return_val_if_fail (title != NULL && g_utf8_validate (title, -1, NULL), NULL);
    g_return_val_if_fail (version != NULL && g_utf8_validate (version, -1, NULL), NULL);
    openapi = g_new0 (H3OpenApi, 1);
    atomic_init (&openapi->references, 1);
    openapi->title = g_strdup (title);
    openapi->version = g_strdup (version);
    openapi->servers = json_array ();
    openapi->securities = json_object ();
    return openapi;
}

H3OpenApi *
h3_openapi_ref (H3OpenApi *openapi)
{
    g_return_val_if_fail (openapi != NULL, NULL);
    atomic_fetch_add_explicit (&openapi->references, 1, memory_order_relaxed);
    return openapi;
}

void
h3_openapi_unref (H3OpenApi *openapi)
{
    if (openapi == NULL
        || atomic_fetch_sub_explicit (&openapi->references, 1, memory_order_acq_rel) != 1)
        return;
    g_free (openapi->title);
    g_free (openapi->version);
    g_free (openapi->description);
    json_decref (openapi->servers);
    json_decref (openapi->securities);
    g_free (openapi);
}

void
h3_openapi_set_description (H3OpenApi *openapi, const char *description)
{
    g_return_if_fail (openapi != NULL);
    g_return_if_fail (description == NULL || g_utf8_validate (description, -1, NULL));
    g_free (openapi->description);
    openapi->description = g_strdup (description);
}

void
h3_openapi_add_server (H3OpenApi *openapi, const char *url, const char *description)
{
    json_t *server;

    g_return_if_fail (openapi != NULL && url != NULL && g_utf8_validate (url, -1, NULL));
    g_return_if_fail (description == NULL || g_utf8_validate (description, -1, NULL));
    server = json_pack ("{s:s}", "url", url);
    if (description != NULL)
        json_object_set_new (server, "description", json_string (description));
    json_array_append_new (openapi->servers, server);
}

static gboolean
is_component_name (const char *name)
{
    for (const char *at = name; *at != '\0'; at++) {
        if (!g_ascii_isalnum (*at) && strchr (".-_", *at) == NULL)
            return FALSE;
    }
    return *name != '\0';
}

gboolean
h3_openapi_add_security (H3OpenApi *openapi, const char *name, const char *scheme, GError **error)
{
    g_autoptr (json_t) document = NULL;

    g_return_val_if_fail (openapi != NULL && name != NULL && scheme != NULL, FALSE);
    if (!is_component_name (name)) {
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                     "'%s' cannot name a security scheme: it takes letters, digits, '.', '-', '_'",
                     name);
        return FALSE;
    }
    document = h3_json_parse (h3_view_of (scheme), MAX_DEPTH, error);
    if (document == NULL)
        return FALSE;
    if (!json_is_string (json_object_get (document, "type"))) {
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                     "the security scheme '%s' has no \"type\": apiKey, http, mutualTLS, oauth2 or "
                     "openIdConnect",
                     name);
        return FALSE;
    }
    json_object_set (openapi->securities, name, document);
    return TRUE;
}

/* A document under way. */
typedef struct {
    OpenApiSchemas schemas;
    json_t *paths;      /* borrowed: the document */
    GHashTable *shapes; /* owned: shape of a path (borrowed: it) → OpenApiPath * (owned) */
    GHashTable *ids;    /* owned: char *, those given */
} Writing;

/* (transfer none): the first path of this shape: what its parameters are called in the document. */
static const OpenApiPath *
settle_path (Writing *writing, OpenApiPath *path)
{
    g_autoptr (OpenApiPath) given = path;
    OpenApiPath *first = g_hash_table_lookup (writing->shapes, given->shape->str);

    if (first != NULL)
        return first;
    first = g_steal_pointer (&given);
    g_hash_table_insert (writing->shapes, first->shape->str, first);
    json_object_set_new (writing->paths, first->text->str, json_object ());
    return first;
}

/* (transfer full) (nullable): a route's name is the id of its operation; where it has several, the
 * others have more behind it. */
static char *
choose_id (Writing *writing, const H3Route *route, const char *method)
{
    const char *name = h3_route_get_name (route);
    g_autofree char *id = g_strdup (name);

    if (name == NULL)
        return NULL;
    for (guint i = 1; g_hash_table_contains (writing->ids, id); i++) {
        g_free (id);
        id = i == 1 ? g_strdup_printf ("%s-%s", name, method)
                    : g_strdup_printf ("%s-%s-%u", name, method, i);
    }
    g_hash_table_add (writing->ids, g_strdup (id));
    return g_steal_pointer (&id);
}

static void
note (json_t *object, const char *key, const char *text)
{
    json_t *list = json_object_get (object, key);

    if (list == NULL) {
        list = json_array ();
        json_object_set_new (object, key, list);
    }
    json_array_append_new (list, json_string (text));
}

static gboolean
is_described (const char *method)
{
    static const char *const all[] = { "get",  "put",   "post",  "delete", "options",
                                       "head", "patch", "trace", NULL };

    return g_strv_contains (all, method);
}

static void
write_method (Writing *writing, const H3Route *route, const OpenApiPath *path,
              const OpenApiPath *shown, const char *method_name)
{
    json_t *item = json_object_get (writing->paths, shown->text->str);
    g_autofree char *method = g_ascii_strdown (method_name, -1);
    g_autofree char *id = NULL;
    json_t *known = json_object_get (item, method);

    if (!is_described (method)) {
        note (item, "x-h3-methods", method_name);
    } else if (known != NULL) {
        note (known, "x-h3-patterns", h3_route_get_pattern (route));
    } else {
        id = choose_id (writing, route, method);
        json_object_set_new (
            item, method, openapi_describe_operation (&writing->schemas, route, path, shown, id));
    }
}

static void
write_path (Writing *writing, const H3Route *route, gboolean has_optional)
{
    static const char every[] = "GET PUT POST DELETE PATCH";
    const Pattern *pattern = route_get_parsed (route);
    g_autoptr (OpenApiPath) path = openapi_path_new (pattern, has_optional);
    const OpenApiPath *shown = settle_path (writing, openapi_path_new (pattern, has_optional));
    const char *text = h3_route_get_methods (route);
    g_auto (GStrv) methods = g_strsplit (strcmp (text, "*") == 0 ? every : text, " ", -1);

    for (guint i = 0; methods[i] != NULL; i++) {
        if (*methods[i] != '\0')
            write_method (writing, route, path, shown, methods[i]);
    }
}

static void
write_route (Writing *writing, const H3Route *route)
{
    const H3Operation *operation = operation_of (route);

    if (operation != NULL && operation->is_hidden)
        return;
    if (openapi_path_is_optional (route_get_parsed (route)))
        write_path (writing, route, FALSE);
    write_path (writing, route, TRUE);
}

/* (transfer full): RFC 9457. */
static json_t *
describe_problem (void)
{
    return json_pack ("{s:s, s:s, s:{s:{s:s}, s:{s:s}, s:{s:s, s:i, s:i}, s:{s:s}}}", "type",
                      "object", "description", "A problem (RFC 9457)", "properties", "type", "type",
                      "string", "title", "type", "string", "status", "type", "integer", "minimum",
                      400, "maximum", 599, "detail", "type", "string");
}

/* (transfer full) */
static json_t *
describe_components (const H3OpenApi *openapi, json_t *schemas)
{
    json_t *components = json_pack (
        "{s:O, s:{s:{s:s, s:{s:{s:{s:s}}}}}}", "schemas", schemas, "responses", "Problem",
        "description", "A problem: what is wrong, for people and programs", "content",
        "application/problem+json", "schema", "$ref", "#/components/schemas/Problem");

    if (json_object_size (openapi->securities) > 0)
        json_object_set_new (components, "securitySchemes", json_deep_copy (openapi->securities));
    return components;
}

/* (transfer full) */
static json_t *
describe_info (const H3OpenApi *openapi)
{
    json_t *info = json_pack ("{s:s, s:s}", "title", openapi->title, "version", openapi->version);

    if (openapi->description != NULL)
        json_object_set_new (info, "description", json_string (openapi->description));
    return info;
}

json_t *
h3_openapi_describe (const H3OpenApi *openapi, H3Route *const *routes, guint n_routes)
{
    g_autoptr (json_t) schemas = NULL;
    json_t *document;
    Writing writing = { 0 };

    g_return_val_if_fail (openapi != NULL && (routes != NULL || n_routes == 0), NULL);
    schemas = json_pack ("{s:o}", "Problem", describe_problem ());
    document = json_pack ("{s:s, s:o}", "openapi", VERSION, "info", describe_info (openapi));
    if (json_array_size (openapi->servers) > 0)
        json_object_set_new (document, "servers", json_deep_copy (openapi->servers));
    writing.paths = json_object ();
    json_object_set_new (document, "paths", writing.paths);
    writing.shapes =
        g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) openapi_path_free);
    writing.ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    openapi_schemas_init (&writing.schemas, schemas);
    for (guint i = 0; i < n_routes; i++)
        write_route (&writing, routes[i]);
    json_object_set_new (document, "components", describe_components (openapi, schemas));
    openapi_schemas_clear (&writing.schemas);
    g_hash_table_unref (writing.shapes);
    g_hash_table_unref (writing.ids);
    return document;
}

char *
h3_openapi_describe_to_text (const H3OpenApi *openapi, H3Route *const *routes, guint n_routes)
{
    g_autoptr (json_t) document = h3_openapi_describe (openapi, routes, n_routes);
    g_autofree char *text = document != NULL ? json_dumps (document, JSON_INDENT (2)) : NULL;

    return text != NULL ? g_strconcat (text, "\n", NULL) : NULL;
}

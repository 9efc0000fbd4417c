/* SPDX-License-Identifier: MIT
 *
 * What the files of OpenAPI share: a document under way. */

#pragma once

#include "openapi.h"

#include <h3/route/pattern.h>

#include <stdatomic.h>

G_BEGIN_DECLS

struct _H3OpenApi {
    atomic_uint references;
    char *title, *version; /* owned */
    char *description;     /* owned; NULL: none */
    json_t *servers;       /* owned: an array */
    json_t *securities;    /* owned: schemes by name */
};

/* Schemas by their names in a document. Each is there once, however often it is used. */
typedef struct {
    json_t *schemas;   /* borrowed: components/schemas */
    GHashTable *names; /* owned: H3Schema * (borrowed) → char * (owned) */
} OpenApiSchemas;

void openapi_schemas_init (OpenApiSchemas *schemas, json_t *object);
void openapi_schemas_clear (OpenApiSchemas *schemas);
/* (transfer none): the name of `schema`, until the clear; `wish` is what it is called where it has
 * no title. */
const char *openapi_schemas_add (OpenApiSchemas *schemas, H3Schema *schema, const char *wish);
/* (transfer full): a reference to it, or to the property of it called `property` (nullable). */
json_t *openapi_schemas_refer (OpenApiSchemas *schemas, H3Schema *schema, const char *wish,
                               const char *property);

/* A path of OpenAPI: "/users/{id}". */
typedef struct {
    GString *text;    /* owned */
    GString *shape;   /* owned: the same without names: equal for paths that are one to OpenAPI */
    GPtrArray *names; /* owned: char *, of its parameters, from the left */
    GPtrArray *segments; /* owned: PatternSegment * (borrowed: the pattern), of its parameters */
} OpenApiPath;

OpenApiPath *openapi_path_new (const Pattern *pattern, gboolean has_optional);
void openapi_path_free (OpenApiPath *path);
/* Whether the pattern leads to a second, shorter path. */
gboolean openapi_path_is_optional (const Pattern *pattern);

/* openapi-operation.c. (transfer full): an Operation Object. `path` has the route's own names of
 * parameters, `shown` what they are called in the document. `id` is (nullable). */
json_t *openapi_describe_operation (OpenApiSchemas *schemas, const H3Route *route,
                                    const OpenApiPath *path, const OpenApiPath *shown,
                                    const char *id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpenApiPath, openapi_path_free)

G_END_DECLS

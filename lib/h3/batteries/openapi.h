/* SPDX-License-Identifier: MIT
 *
 * OpenAPI 3.1 from routes as they are served: their patterns, methods and names, and the operations
 * attached to them. Set up on one thread, read by any; reference-counted. h3_app_add_openapi ()
 * serves it. docs/openapi.md shows it. Since: 0.1 */

#pragma once

#include <h3/batteries/operation.h>

G_BEGIN_DECLS

typedef struct json_t json_t;

/**
 * H3OpenApi:
 *
 * What a document says of the whole of a service. Boxed, reference-counted.
 *
 * Since: 0.1
 */
typedef struct _H3OpenApi H3OpenApi;

#define H3_TYPE_OPEN_API (h3_openapi_get_type ())
GType h3_openapi_get_type (void);

/**
 * h3_openapi_new:
 * @title: of the service
 * @version: of the service: "1.4.0"
 *
 * Makes a document that says no more than a title and a version.
 *
 * Returns: (transfer full): a new one
 *
 * Since: 0.1
 */
H3OpenApi *h3_openapi_new (const char *title, const char *version);

/**
 * h3_openapi_ref:
 * @openapi: what a document says
 *
 * Takes one more reference. Any thread.
 *
 * Returns: (transfer full): @openapi
 *
 * Since: 0.1
 */
H3OpenApi *h3_openapi_ref (H3OpenApi *openapi);

/**
 * h3_openapi_unref:
 * @openapi: (nullable) (transfer full): what a document says
 *
 * Gives a reference back; the last frees it. Any thread.
 *
 * Since: 0.1
 */
void h3_openapi_unref (H3OpenApi *openapi);

/**
 * h3_openapi_set_description:
 * @openapi: what a document says
 * @description: may be CommonMark
 *
 * Says what the service is.
 *
 * Since: 0.1
 */
void h3_openapi_set_description (H3OpenApi *openapi, const char *description);

/**
 * h3_openapi_add_server:
 * @openapi: what a document says
 * @url: a URL, or a path such as "/"
 * @description: (nullable): what this one is
 *
 * Says where the service is. Where none is added it is where the document is.
 *
 * Since: 0.1
 */
void h3_openapi_add_server (H3OpenApi *openapi, const char *url, const char *description);

/**
 * h3_openapi_add_security:
 * @openapi: what a document says
 * @name: what operations call it, of letters, digits, ".", "-" and "_"
 * @scheme: OpenAPI's Security Scheme Object as JSON: `{"type":"http","scheme":"bearer"}`
 * @error: %H3_ERROR_INVALID or %H3_ERROR_SYNTAX
 *
 * Adds a way in which clients show who they are.
 *
 * Returns: %FALSE with @error where it cannot be
 *
 * Since: 0.1
 */
gboolean h3_openapi_add_security (H3OpenApi *openapi, const char *name, const char *scheme,
                                  GError **error);

/**
 * h3_openapi_describe: (skip)
 * @openapi: what the document says of the whole
 * @routes: (array length=n_routes): which there are
 * @n_routes: how many
 *
 * Makes the document. What OpenAPI cannot say stands in fields that begin with "x-h3-": methods of
 * no field of its own, parameters that take slashes, further routes of one path and method.
 * Bindings have h3_openapi_describe_to_text().
 *
 * Returns: (transfer full): the document
 *
 * Since: 0.1
 */
json_t *h3_openapi_describe (const H3OpenApi *openapi, H3Route *const *routes, guint n_routes);

/**
 * h3_openapi_describe_to_text:
 * @openapi: what the document says of the whole
 * @routes: (array length=n_routes): which there are
 * @n_routes: how many
 *
 * Makes the document of h3_openapi_describe() as a text.
 *
 * Returns: (transfer full): the document as JSON, indented by two
 *
 * Since: 0.1
 */
char *h3_openapi_describe_to_text (const H3OpenApi *openapi, H3Route *const *routes,
                                   guint n_routes) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3OpenApi, h3_openapi_unref)

G_END_DECLS

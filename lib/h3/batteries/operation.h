/* SPDX-License-Identifier: MIT
 *
 * What a route is for, in OpenAPI's words: a summary, what it takes, what it answers. One
 * description that documents the route and, by the same schemas, validates its requests. Set up on
 * one thread, then attached to a route by h3_app_describe () and never changed; reference-counted.
 * docs/openapi.md shows it. Since: 0.1 */

#pragma once

#include <h3/format/schema.h>
#include <h3/route/chain.h>
#include <h3/route/route.h>

G_BEGIN_DECLS

/**
 * H3Operation:
 *
 * The description of what a route does. Boxed, reference-counted.
 *
 * Since: 0.1
 */
typedef struct _H3Operation H3Operation;

#define H3_TYPE_OPERATION (h3_operation_get_type ())
GType h3_operation_get_type (void);

/**
 * H3OperationPart:
 * @H3_OPERATION_PARAMS: the parameters of the route
 * @H3_OPERATION_QUERY: the query
 * @H3_OPERATION_JSON: a body of JSON
 * @H3_OPERATION_FORM: the fields of a form
 *
 * What of a request a schema is for.
 *
 * Since: 0.1
 */
typedef enum {
    H3_OPERATION_PARAMS,
    H3_OPERATION_QUERY,
    H3_OPERATION_JSON,
    H3_OPERATION_FORM,
} H3OperationPart;

/**
 * h3_operation_new:
 * @summary: a line, as in "A user by number"
 *
 * Makes a description that says no more than a line.
 *
 * Returns: (transfer full): a new one
 *
 * Since: 0.1
 */
H3Operation *h3_operation_new (const char *summary);

/**
 * h3_operation_ref:
 * @operation: a description
 *
 * Takes one more reference. Any thread.
 *
 * Returns: (transfer full): @operation
 *
 * Since: 0.1
 */
H3Operation *h3_operation_ref (H3Operation *operation);

/**
 * h3_operation_unref:
 * @operation: (nullable) (transfer full): a description
 *
 * Gives a reference back; the last frees it. Any thread.
 *
 * Since: 0.1
 */
void h3_operation_unref (H3Operation *operation);

/**
 * h3_operation_set_description:
 * @operation: a description that is attached to no route
 * @description: (nullable): may be CommonMark
 *
 * Says more than a line.
 *
 * Since: 0.1
 */
void h3_operation_set_description (H3Operation *operation, const char *description);

/**
 * h3_operation_add_tag:
 * @operation: a description that is attached to no route
 * @tag: what the group is called
 *
 * Adds a group that it is listed in; may be called several times.
 *
 * Since: 0.1
 */
void h3_operation_add_tag (H3Operation *operation, const char *tag);

/**
 * h3_operation_set_deprecated:
 * @operation: a description that is attached to no route
 * @is_deprecated: %FALSE where nothing is said
 *
 * Says whether clients should use something else by now.
 *
 * Since: 0.1
 */
void h3_operation_set_deprecated (H3Operation *operation, gboolean is_deprecated);

/**
 * h3_operation_set_hidden:
 * @operation: a description that is attached to no route
 * @is_hidden: %FALSE where nothing is said
 *
 * Says whether the route is served, and not documented.
 *
 * Since: 0.1
 */
void h3_operation_set_hidden (H3Operation *operation, gboolean is_hidden);

/**
 * h3_operation_set_schema:
 * @operation: a description that is attached to no route
 * @part: of the request
 * @schema: (nullable) (transfer none): referenced; %NULL: nothing is said of this part
 *
 * Says what a part of the request must be like: the document has it, and requests are held against
 * it.
 *
 * Since: 0.1
 */
void h3_operation_set_schema (H3Operation *operation, H3OperationPart part, H3Schema *schema);

/**
 * h3_operation_add_answer:
 * @operation: a description that is attached to no route
 * @status: 100 to 599; one that was added already is replaced
 * @description: when this is the answer
 * @type: (nullable): its media type; %NULL: `application/json` where there is a @schema
 * @schema: (nullable) (transfer none): what its body is like; referenced. Answers are not held
 *   against it
 *
 * Documents an answer. Those of the library (400 and 422 of what cannot be taken, problem+json of
 * all others) are documented by themselves.
 *
 * Since: 0.1
 */
void h3_operation_add_answer (H3Operation *operation, guint status, const char *description,
                              const char *type, H3Schema *schema);

/**
 * h3_operation_add_security:
 * @operation: a description that is attached to no route
 * @scheme: by its name, as of h3_openapi_add_security()
 *
 * Says that who asks must have what @scheme says; of several, one. It is documented only:
 * middleware guards the route.
 *
 * Since: 0.1
 */
void h3_operation_add_security (H3Operation *operation, const char *scheme);

/**
 * h3_operation_new_middleware:
 * @operation: a description
 *
 * Makes what holds requests against the schemas of a description, as of h3_validation_new().
 *
 * Returns: (transfer full) (nullable): middleware; %NULL where there are none
 *
 * Since: 0.1
 */
H3Middleware *h3_operation_new_middleware (const H3Operation *operation);

/**
 * h3_operation_attach:
 * @operation: (transfer none): a description; referenced
 * @route: of an app that has not started
 *
 * Documents @route so; its requests are not held against the schemas (see h3_app_describe()).
 *
 * Since: 0.1
 */
void h3_operation_attach (H3Operation *operation, H3Route *route);

/**
 * h3_operation_is_attached:
 * @route: a route
 *
 * Says whether a route has a description.
 *
 * Returns: whether @route has one
 *
 * Since: 0.1
 */
gboolean h3_operation_is_attached (const H3Route *route);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Operation, h3_operation_unref)

G_END_DECLS

/* SPDX-License-Identifier: MIT
 *
 * Requests that are held against schemas before their handler runs: parameters, query, body. Made
 * before the start, frozen then, read by all workers. docs/validation.md has the answers. Since:
 * 0.1 */

#pragma once

#include <h3/format/schema.h>
#include <h3/route/chain.h>

G_BEGIN_DECLS

typedef struct json_t json_t;

/**
 * H3ValidationOptions:
 * @params: (nullable): of the parameters of the route, as an object
 * @query: (nullable): of the query
 * @json: (nullable): of the body, where it is JSON
 * @form: (nullable): of the fields of a form, urlencoded or multipart; its files are left out
 * @status: of the answer to what can be read and is not as it must be: 422, or another of 400 to
 *   499
 * @max_problems: how many problems an answer tells at most
 * @allow_controls: whether texts of JSON may have controls beside HTAB, CR and LF; those of queries
 *   and forms never may
 *
 * To be filled by h3_validation_options_init() first.
 */
typedef struct {
    H3Schema *params; /* borrowed: the caller, for the call, as the others */
    H3Schema *query;
    H3Schema *json;
    H3Schema *form;
    guint status;
    guint max_problems;
    gboolean allow_controls;
} H3ValidationOptions;

/* No schema, 422, 20, FALSE. */
void h3_validation_options_init (H3ValidationOptions *options);

/**
 * h3_validation_new:
 * @options: which schemas; each is referenced
 *
 * What comes as text is converted to what its schema says: "7" is a number where it allows one, and
 * fields of one name are an array. A property of a query or a form that is absent gets its
 * `default`. Where @json or @form is given the request must have a body of that kind; with both the
 * Content-Type decides.
 *
 * The rest of the chain runs only where all is as it must be. Else the event is failed: 400 or 415
 * for a body that cannot be read, @status with all problems for what is not as it must be.
 *
 * Returns: (transfer full): middleware, for h3_app_use_for() or h3_app_use()
 */
H3Middleware *h3_validation_new (const H3ValidationOptions *options);

/* (skip) Returns: (transfer none) (nullable): what was checked, converted, with defaults: objects,
 * but for JSON any value. NULL where it was not asked for. Until the event ends; one thread at a
 * time. */
json_t *h3_event_get_valid_params (H3Event *event);
json_t *h3_event_get_valid_query (H3Event *event);
json_t *h3_event_get_valid_body (H3Event *event);

/* Returns: (transfer none) (nullable): the problems as a JSON array, as the default answer has them
 * under "errors", for error handlers that answer otherwise; NULL where there are none. */
const char *h3_event_get_validation_errors (H3Event *event);

G_END_DECLS

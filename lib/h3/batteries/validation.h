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
 * Which schemas requests are held against. To be filled by h3_validation_options_init() first.
 *
 * Since: 0.1
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

/**
 * h3_validation_options_init:
 * @options: (out caller-allocates): what is filled
 *
 * Sets no schema, 422, 20, %FALSE.
 *
 * Since: 0.1
 */
void h3_validation_options_init (H3ValidationOptions *options);

/**
 * h3_validation_new:
 * @options: which schemas; each is referenced
 *
 * Has the rest of the chain run only where all is as schemas say. Else the event is failed: 400 or
 * 415 for a body that cannot be read, the status of @options with all problems for what is not as
 * it must be.
 *
 * What comes as text is converted to what its schema says: "7" is a number where it allows one, and
 * fields of one name are an array. A property of a query or a form that is absent gets its
 * `default`. Where the options have a schema of JSON or of a form the request must have a body of
 * that kind; with both the Content-Type decides.
 *
 * Returns: (transfer full): middleware, for h3_app_use_for() or h3_app_use()
 *
 * Since: 0.1
 */
H3Middleware *h3_validation_new (const H3ValidationOptions *options);

/**
 * h3_event_get_valid_params: (skip)
 * @event: an exchange behind h3_validation_new(), by one thread at a time
 *
 * Gets the parameters of the route as they were checked and converted. Bindings have
 * h3_event_dup_valid_params_text().
 *
 * Returns: (transfer none) (nullable): an object, until the event ends; %NULL where it was not
 *   asked for
 *
 * Since: 0.1
 */
json_t *h3_event_get_valid_params (H3Event *event);

/**
 * h3_event_get_valid_query: (skip)
 * @event: an exchange behind h3_validation_new(), by one thread at a time
 *
 * Gets the query as it was checked, converted, with defaults. Bindings have
 * h3_event_dup_valid_query_text().
 *
 * Returns: (transfer none) (nullable): an object, until the event ends; %NULL where it was not
 *   asked for
 *
 * Since: 0.1
 */
json_t *h3_event_get_valid_query (H3Event *event);

/**
 * h3_event_get_valid_body: (skip)
 * @event: an exchange behind h3_validation_new(), by one thread at a time
 *
 * Gets the body as it was checked, converted, with defaults. Bindings have
 * h3_event_dup_valid_body_text().
 *
 * Returns: (transfer none) (nullable): an object of a form, any value of JSON, until the event
 *   ends; %NULL where it was not asked for
 *
 * Since: 0.1
 */
json_t *h3_event_get_valid_body (H3Event *event);

/**
 * h3_event_dup_valid_params_text:
 * @event: an exchange behind h3_validation_new(), by one thread at a time
 *
 * Gets what h3_event_get_valid_params() does as JSON.
 *
 * Returns: (transfer full) (nullable): an object; %NULL where it was not asked for
 *
 * Since: 0.1
 */
char *h3_event_dup_valid_params_text (H3Event *event) G_GNUC_WARN_UNUSED_RESULT;

/**
 * h3_event_dup_valid_query_text:
 * @event: an exchange behind h3_validation_new(), by one thread at a time
 *
 * Gets what h3_event_get_valid_query() does as JSON.
 *
 * Returns: (transfer full) (nullable): an object; %NULL where it was not asked for
 *
 * Since: 0.1
 */
char *h3_event_dup_valid_query_text (H3Event *event) G_GNUC_WARN_UNUSED_RESULT;

/**
 * h3_event_dup_valid_body_text:
 * @event: an exchange behind h3_validation_new(), by one thread at a time
 *
 * Gets what h3_event_get_valid_body() does as JSON.
 *
 * Returns: (transfer full) (nullable): an object of a form, any value of JSON; %NULL where it was
 *   not asked for
 *
 * Since: 0.1
 */
char *h3_event_dup_valid_body_text (H3Event *event) G_GNUC_WARN_UNUSED_RESULT;

/**
 * h3_event_get_validation_errors:
 * @event: an exchange behind h3_validation_new(), by one thread at a time
 *
 * Gets the problems as a JSON array, as the default answer has them under "errors", for error
 * handlers that answer otherwise.
 *
 * Returns: (transfer none) (nullable): the array; %NULL where there are none
 *
 * Since: 0.1
 */
const char *h3_event_get_validation_errors (H3Event *event);

G_END_DECLS

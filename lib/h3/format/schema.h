/* SPDX-License-Identifier: MIT
 *
 * JSON Schema (2020-12, which OpenAPI 3.1 uses): compiled once, then asked about any number of
 * documents. A schema is reference-counted and never changed; any thread. What a document may cost
 * is bounded, whatever the schema. docs/validation.md has the keywords. Since: 0.1 */

#pragma once

#include <h3/base/error.h>

#include <glib-object.h>

G_BEGIN_DECLS

typedef struct json_t json_t;

/**
 * H3Schema:
 *
 * Compiled once from JSON Schema (2020-12, which OpenAPI 3.1 uses), then asked about any number of
 * documents. Boxed, reference-counted, never changed; any thread. What a document may cost is
 * bounded, whatever the schema.
 *
 * What a JSON document must be like.
 *
 * Since: 0.1
 */
typedef struct _H3Schema H3Schema;

#define H3_TYPE_SCHEMA (h3_schema_get_type ())
GType h3_schema_get_type (void);

/**
 * H3SchemaProblem:
 * @pointer: where in the document, a JSON Pointer (RFC 6901); the empty text is the whole
 * @rule: the keyword of the schema that says so: `#/properties/age/minimum`
 * @message: what must be: `must be 18 or more`
 *
 * One reason why a document is refused. Boxed, copied.
 *
 * @message names nothing of the document but the names of properties, shortened and without
 * controls.
 *
 * One reason why a document is refused. @message names nothing of the document but the names of
 * properties, shortened and without controls.
 *
 * Since: 0.1
 */
typedef struct {
    char *pointer; /* owned */
    char *rule;    /* owned */
    char *message; /* owned */
} H3SchemaProblem;

#define H3_TYPE_SCHEMA_PROBLEM (h3_schema_problem_get_type ())
GType h3_schema_problem_get_type (void);

/**
 * H3_SCHEMA_MAX_DEPTH:
 *
 * How deep a schema may nest, and how many schemas may be under way in one place of a document.
 *
 * Since: 0.1
 */
#define H3_SCHEMA_MAX_DEPTH 256

/**
 * h3_schema_new: (skip)
 * @document: an object, or a boolean; copied
 * @error: %H3_ERROR_INVALID: a keyword that is not known or has a value that it cannot have, a
 *   `$ref` that leads nowhere or round in a circle, a regular expression that does not compile; it
 *   names the place: `#/properties/age/minimum: …`
 *
 * Compiles a schema. For bindings there is h3_schema_new_from_text().
 *
 * Nothing is ignored but annotations (title, description, default, examples, …, and names that
 * begin with "x-"): a misspelled keyword is an error. A `$ref` leads to a place in @document.
 *
 * Returns: (transfer full) (nullable): the schema; %NULL with @error set
 *
 * Since: 0.1
 */
H3Schema *h3_schema_new (const json_t *document, GError **error);

/**
 * h3_schema_new_within: (skip)
 * @document: any document that has schemas in it, such as one of OpenAPI; copied
 * @pointer: which of them, a JSON Pointer: `/components/schemas/user`
 * @error: as for h3_schema_new(), also where @pointer leads nowhere
 *
 * Compiles one schema of those in a document, as h3_schema_new() does.
 *
 * The same, where `$ref` leads to places in the whole of @document.
 *
 * Returns: (transfer full): the schema; %NULL with @error set
 *
 * Since: 0.1
 */
H3Schema *h3_schema_new_within (const json_t *document, const char *pointer, GError **error);

/**
 * h3_schema_new_from_text:
 * @text: a schema as JSON
 * @error: as for h3_schema_new(), and %H3_ERROR_SYNTAX with line and column
 *
 * Compiles a schema from a JSON text, as h3_schema_new() does.
 *
 * Returns: (transfer full): the schema; %NULL with @error set
 *
 * Since: 0.1
 */
H3Schema *h3_schema_new_from_text (const char *text, GError **error);

/**
 * h3_schema_ref:
 * @schema: a schema
 *
 * Holds the schema once more. Any thread.
 *
 * Returns: (transfer full): the schema
 *
 * Since: 0.1
 */
H3Schema *h3_schema_ref (H3Schema *schema);

/**
 * h3_schema_unref:
 * @schema: (nullable) (transfer full): a schema; %NULL is allowed
 *
 * Lets go of the schema, which ends with its last reference. Any thread.
 *
 * Since: 0.1
 */
void h3_schema_unref (H3Schema *schema);

/**
 * h3_schema_get_document: (skip)
 * @schema: a schema
 *
 * Gives the schema as a document. For bindings there is h3_schema_to_text().
 *
 * Returns: (transfer none): the document: read it only, and count no references of it, for other
 *   threads read it too
 *
 * Since: 0.1
 */
const json_t *h3_schema_get_document (const H3Schema *schema);

/**
 * h3_schema_to_text:
 * @schema: a schema
 *
 * Writes the schema as JSON. Any thread.
 *
 * Returns: (transfer full): the text
 *
 * Since: 0.1
 */
char *h3_schema_to_text (const H3Schema *schema) G_GNUC_WARN_UNUSED_RESULT;

/**
 * h3_schema_validate: (skip)
 * @schema: what it must be like
 * @document: what is to be judged
 * @max_problems: how many reasons are wanted at most; with 1 it stops at the first
 * @out_problems: (out) (optional) (nullable) (transfer full) (element-type H3SchemaProblem): why
 *   it is refused, in the order of the schema; %NULL where it is not
 *
 * Judges a document. Any thread. For bindings there is h3_schema_validate_text().
 *
 * Whole numbers are those without a fraction, 1.0 as well as 1; numbers are compared by value, and
 * multiples of decimals such as 0.01 are those people mean. A document that would take more work
 * than it should is refused, with a reason that says so.
 *
 * Returns: %TRUE when @document is as it must be
 *
 * Since: 0.1
 */
gboolean h3_schema_validate (const H3Schema *schema, const json_t *document, guint max_problems,
                             GPtrArray **out_problems);

/**
 * h3_schema_validate_text:
 * @schema: what it must be like
 * @text: a JSON text
 * @error: %H3_ERROR_SYNTAX where it is none; %H3_ERROR_INVALID with the first reason
 *
 * Judges a JSON text, as h3_schema_validate() judges a document. Any thread.
 *
 * Returns: %TRUE when @text is JSON that is as it must be; %FALSE with @error set
 *
 * Since: 0.1
 */
gboolean h3_schema_validate_text (const H3Schema *schema, const char *text, GError **error);

/**
 * h3_schema_problem_copy:
 * @problem: a reason
 *
 * Copies a reason.
 *
 * Returns: (transfer full): the copy
 *
 * Since: 0.1
 */
H3SchemaProblem *h3_schema_problem_copy (const H3SchemaProblem *problem);

/**
 * h3_schema_problem_free:
 * @problem: (nullable) (transfer full): a reason; %NULL is allowed
 *
 * Frees a reason.
 *
 * Since: 0.1
 */
void h3_schema_problem_free (H3SchemaProblem *problem);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Schema, h3_schema_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3SchemaProblem, h3_schema_problem_free)

G_END_DECLS

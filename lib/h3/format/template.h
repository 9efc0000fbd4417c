/* SPDX-License-Identifier: MIT
 *
 * HTML templates that escape by default, each value as the place it stands in demands. A set of
 * them is filled on one thread; then any thread may render from it. docs/templates.md has the
 * language. Since: 0.1 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef struct json_t json_t;

/* How many blocks may stand in one another, and how many templates include one another. */
#define H3_TEMPLATE_MAX_DEPTH 32
/* Bytes written, and steps taken, where nobody says otherwise. */
#define H3_TEMPLATE_MAX_OUTPUT (16 << 20)

/**
 * H3Templates:
 *
 * Templates by name, which may include one another. Boxed, reference-counted (any thread).
 */
typedef struct _H3Templates H3Templates;

#define H3_TYPE_TEMPLATES (h3_templates_get_type ())
GType h3_templates_get_type (void);

/* Returns: (transfer full): an empty set. */
H3Templates *h3_templates_new (void);
H3Templates *h3_templates_ref (H3Templates *templates);
/* NULL is allowed. */
void h3_templates_unref (H3Templates *templates);

/**
 * h3_templates_add:
 * @name: what it is rendered and included as; copied; %H3_ERROR_EXISTS where there is one
 * @text: HTML with constructs; copied
 * @error: %H3_ERROR_SYNTAX: "NAME: line 3, column 7: …"
 *
 * Parses a template. What cannot be made safe is refused here: a value in a script, a style, a
 * comment, the name of a tag or of an attribute, an attribute without quotes, one that is itself a
 * script, a style or a document, and where it would choose the scheme of a URL behind other text.
 *
 * Returns: %FALSE with nothing added
 */
gboolean h3_templates_add (H3Templates *templates, const char *name, const char *text,
                           GError **error);

/* The same from a file, also %H3_ERROR_FAILED where that cannot be read. */
gboolean h3_templates_add_file (H3Templates *templates, const char *name, const char *path,
                                GError **error);

/* Whether all templates that are included are there: to be asked when all have been added. FALSE
 * with H3_ERROR_NOT_FOUND, which names both. */
gboolean h3_templates_check (const H3Templates *templates, GError **error);

/**
 * H3TemplateLookup: (skip)
 * @name: the first part of a path, which the document has not
 *
 * Returns: (transfer full) (nullable): the value
 */
typedef json_t *(*H3TemplateLookup) (const char *name, gpointer user_data);

/**
 * H3TemplateFlags:
 * @H3_TEMPLATE_LENIENT: what is missing, or no text, is written as nothing
 * @H3_TEMPLATE_STRICT: … is an error, but for `#if`
 */
typedef enum {
    H3_TEMPLATE_LENIENT = 0,
    H3_TEMPLATE_STRICT = 1 << 0,
} H3TemplateFlags;

/**
 * H3TemplateData: (skip)
 * @document: (nullable): an object
 * @lookup: (nullable) (scope call): asked for what @document has not
 * @user_data: for @lookup
 * @flags: how to take what is missing
 * @max_output: bytes and steps; 0: %H3_TEMPLATE_MAX_OUTPUT
 */
typedef struct {
    json_t *document; /* borrowed: the caller */
    H3TemplateLookup lookup;
    gpointer user_data;
    H3TemplateFlags flags;
    gsize max_output;
} H3TemplateData;

/**
 * h3_templates_render: (skip)
 * @out: what is written is appended
 * @error: %H3_ERROR_NOT_FOUND: no such template, or with %H3_TEMPLATE_STRICT no such value;
 *   %H3_ERROR_INVALID: a value that is no text; %H3_ERROR_LIMIT: too much, or too deep
 *
 * Returns: %FALSE; @out is then as it was
 */
gboolean h3_templates_render (const H3Templates *templates, const char *name,
                              const H3TemplateData *data, GString *out, GError **error);

/**
 * H3TemplateWrite: (skip)
 *
 * Returns: %FALSE to stop
 */
typedef gboolean (*H3TemplateWrite) (const char *bytes, gsize length, gpointer user_data);

/* (skip) The same in pieces, as they are made: those before an error have been written. Stopped by
 * `write` it is %H3_ERROR_CANCELLED. */
gboolean h3_templates_render_pieces (const H3Templates *templates, const char *name,
                                     const H3TemplateData *data, H3TemplateWrite write,
                                     gpointer user_data, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Templates, h3_templates_unref)

G_END_DECLS

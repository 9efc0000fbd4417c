/* SPDX-License-Identifier: MIT
 *
 * HTML templates that escape by default, each value as the place it stands in demands. A set of
 * them is filled on one thread; then any thread may render from it. docs/templates.md has the
 * language. Since: 0.1 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef struct json_t json_t;

/**
 * H3_TEMPLATE_MAX_DEPTH:
 *
 * How many blocks may stand in one another, and how many templates include one another.
 *
 * Since: 0.1
 */
#define H3_TEMPLATE_MAX_DEPTH 32

/**
 * H3_TEMPLATE_MAX_OUTPUT:
 *
 * How many bytes are written, and steps taken, at most, where nobody says otherwise.
 *
 * Since: 0.1
 */
#define H3_TEMPLATE_MAX_OUTPUT (16 << 20)

/**
 * H3Templates:
 *
 * HTML templates by name, which may include one another, and escape each value as the place it
 * stands in demands.
 *
 * Boxed, reference-counted (any thread). A set is filled on one thread; then any thread may render
 * from it.
 *
 * Since: 0.1
 */
typedef struct _H3Templates H3Templates;

#define H3_TYPE_TEMPLATES (h3_templates_get_type ())
GType h3_templates_get_type (void);

/**
 * h3_templates_new:
 *
 * Makes an empty set.
 *
 * Returns: (transfer full): the set
 *
 * Since: 0.1
 */
H3Templates *h3_templates_new (void);

/**
 * h3_templates_ref:
 * @templates: a set
 *
 * Holds the set once more. Any thread.
 *
 * Returns: (transfer full): the set
 *
 * Since: 0.1
 */
H3Templates *h3_templates_ref (H3Templates *templates);

/**
 * h3_templates_unref:
 * @templates: (nullable) (transfer full): a set; %NULL is allowed
 *
 * Lets go of the set, which ends with its last reference. Any thread.
 *
 * Since: 0.1
 */
void h3_templates_unref (H3Templates *templates);

/**
 * h3_templates_add:
 * @templates: a set that nobody renders from yet
 * @name: what it is rendered and included as; copied
 * @text: HTML with constructs; copied
 * @error: %H3_ERROR_SYNTAX, `NAME: line 3, column 7: …`; %H3_ERROR_EXISTS where there is one of
 *   that name
 *
 * Adds a template to the set.
 *
 * Parses a template. What cannot be made safe is refused here: a value in a script, a style, a
 * comment, the name of a tag or of an attribute, an attribute without quotes, one that is itself a
 * script, a style or a document, and where it would choose the scheme of a URL behind other text.
 *
 * Returns: %FALSE with @error set and nothing added
 *
 * Since: 0.1
 */
gboolean h3_templates_add (H3Templates *templates, const char *name, const char *text,
                           GError **error);

/**
 * h3_templates_add_file:
 * @templates: a set that nobody renders from yet
 * @name: what it is rendered and included as; copied
 * @path: (type filename): the file; it is read now
 * @error: as for h3_templates_add(), and %H3_ERROR_FAILED where the file cannot be read
 *
 * Adds a template from a file to the set. It waits for the file.
 *
 * Returns: %FALSE with @error set and nothing added
 *
 * Since: 0.1
 */
gboolean h3_templates_add_file (H3Templates *templates, const char *name, const char *path,
                                GError **error);

/**
 * h3_templates_check:
 * @templates: a set
 * @error: %H3_ERROR_NOT_FOUND, which names the one that includes and the one that is missing
 *
 * Tells whether all templates that are included are there: to be asked when all have been added.
 *
 * Returns: %FALSE with @error set where one is not
 *
 * Since: 0.1
 */
gboolean h3_templates_check (const H3Templates *templates, GError **error);

/**
 * H3TemplateLookup: (skip)
 * @name: the first part of a path, which the document has not
 * @user_data: as it was given
 *
 * Asked for a value that the document of an #H3TemplateData has not.
 *
 * Returns: (transfer full) (nullable): the value; %NULL where there is none
 *
 * Since: 0.1
 */
typedef json_t *(*H3TemplateLookup) (const char *name, gpointer user_data);

/**
 * H3TemplateFlags:
 * @H3_TEMPLATE_LENIENT: what is missing, or no text, is written as nothing
 * @H3_TEMPLATE_STRICT: what is missing, or no text, is an error, but for `#if`
 *
 * How to take what is missing.
 *
 * Since: 0.1
 */
typedef enum {
    H3_TEMPLATE_LENIENT = 0,
    H3_TEMPLATE_STRICT = 1 << 0,
} H3TemplateFlags;

/**
 * H3TemplateData: (skip)
 * @document: (nullable) (transfer none): an object
 * @lookup: (nullable) (scope call): asked for what @document has not
 * @user_data: for @lookup
 * @flags: how to take what is missing
 * @max_output: bytes and steps; 0: %H3_TEMPLATE_MAX_OUTPUT
 *
 * What a template is rendered with. Zeroed it is nothing, as %NULL is.
 *
 * Since: 0.1
 */
typedef struct {
    json_t *document;
    H3TemplateLookup lookup;
    gpointer user_data;
    H3TemplateFlags flags;
    gsize max_output;
} H3TemplateData;

/**
 * h3_templates_render: (skip)
 * @templates: a set
 * @name: which of it
 * @data: (nullable): what to fill in; %NULL is nothing
 * @out: what is written is appended
 * @error: %H3_ERROR_NOT_FOUND: no such template, or with %H3_TEMPLATE_STRICT no such value;
 *   %H3_ERROR_INVALID: a value that is no text; %H3_ERROR_LIMIT: too much, or too deep
 *
 * Renders a template. Any thread. For bindings there is h3_templates_render_text().
 *
 * Returns: %FALSE with @error set; @out is then as it was
 *
 * Since: 0.1
 */
gboolean h3_templates_render (const H3Templates *templates, const char *name,
                              const H3TemplateData *data, GString *out, GError **error);

/**
 * h3_templates_render_text:
 * @templates: a set
 * @name: which of it
 * @document: (nullable): what to fill in, a JSON text of an object; %NULL is nothing
 * @flags: how to take what is missing
 * @error: as for h3_templates_render(), and %H3_ERROR_SYNTAX where @document is no JSON
 *
 * Renders a template as h3_templates_render() does, from texts and to one. Any thread.
 *
 * Returns: (transfer full): the page; %NULL with @error set
 *
 * Since: 0.1
 */
char *h3_templates_render_text (const H3Templates *templates, const char *name,
                                const char *document, H3TemplateFlags flags,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * H3TemplateWrite: (skip)
 * @bytes: (array length=length) (transfer none): what was rendered, while the function runs
 * @length: how many
 * @user_data: as it was given
 *
 * Given a piece of what is rendered.
 *
 * Returns: %FALSE to stop
 *
 * Since: 0.1
 */
typedef gboolean (*H3TemplateWrite) (const char *bytes, gsize length, gpointer user_data);

/**
 * h3_templates_render_pieces: (skip)
 * @templates: a set
 * @name: which of it
 * @data: (nullable): what to fill in; %NULL is nothing
 * @write: (scope call) (closure user_data): given each piece as it is made
 * @user_data: for @write
 * @error: as for h3_templates_render(), and %H3_ERROR_CANCELLED where @write stopped it
 *
 * Renders a template in pieces, as they are made: those before an error have been written. Any
 * thread. For bindings there is h3_templates_render_text().
 *
 * Returns: %FALSE with @error set
 *
 * Since: 0.1
 */
gboolean h3_templates_render_pieces (const H3Templates *templates, const char *name,
                                     const H3TemplateData *data, H3TemplateWrite write,
                                     gpointer user_data, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Templates, h3_templates_unref)

G_END_DECLS

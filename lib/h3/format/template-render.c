/* SPDX-License-Identifier: MIT
 *
 * Steps become a page. */

#include "template-private.h"

#include <h3/base/error.h>
#include <h3/format/json.h>

/* Pieces are written when there is so much of them. */
#define PIECE 8192

/* One turn of an `each`. */
typedef struct _Scope Scope;
struct _Scope {
    const Scope *up;
    const char *name; /* borrowed: the template */
    json_t *value;    /* borrowed: the data */
    const char *key;  /* borrowed: the data; NULL: an element of an array */
    gsize index;
    gsize size;
};

typedef struct {
    const H3Templates *templates; /* borrowed */
    const H3TemplateData *data;   /* borrowed */
    GHashTable *found;            /* owned: names, borrowed, to values, owned; NULL: none asked */
    GString *out;                 /* borrowed */
    H3TemplateWrite write;        /* NULL: all stays in `out` */
    gpointer user_data;
    gsize left;               /* bytes and steps */
    guint depth;              /* templates in one another */
    const Template *template; /* borrowed: the one under way */
    GError **error;
} Render;

static gboolean render_ops (Render *render, guint from, guint to, const Scope *scope);

static gboolean
fail (const Render *render, const TemplateOp *op, H3Error code, const char *what)
{
    g_set_error (render->error, H3_ERROR, code, "%s: line %u: %.*s%s%s", render->template->name,
                 op->line, H3_VIEW_ARGS (op->path.text), op->path.text.length > 0 ? " " : "", what);
    return FALSE;
}

/* Each step costs, too: blocks in one another that write nothing would run for ever else. */
static gboolean
spend (Render *render, const TemplateOp *op, gsize cost)
{
    if (cost > render->left)
        return fail (render, op, H3_ERROR_LIMIT, "makes the page too long");
    render->left -= cost;
    return TRUE;
}

static gboolean
flush (Render *render)
{
    if (render->write == NULL || render->out->len == 0)
        return TRUE;
    if (!render->write (render->out->str, render->out->len, render->user_data)) {
        g_set_error (render->error, H3_ERROR, H3_ERROR_CANCELLED, "%s: nobody reads it any more",
                     render->template->name);
        return FALSE;
    }
    g_string_truncate (render->out, 0);
    return TRUE;
}

/* What was appended behind `before` is paid for. */
static gboolean
settle (Render *render, const TemplateOp *op, gsize before)
{
    return spend (render, op, render->out->len - before)
           && (render->out->len < PIECE || flush (render));
}

static void
drop_value (gpointer value)
{
    json_decref (value);
}

/* Each name is asked for once. */
static json_t *
look_up (Render *render, const char *name)
{
    gpointer value;

    if (render->data->lookup == NULL)
        return NULL;
    if (render->found == NULL)
        render->found = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, drop_value);
    if (!g_hash_table_lookup_extended (render->found, name, NULL, &value)) {
        value = render->data->lookup (name, render->data->user_data);
        g_hash_table_insert (render->found, (gpointer) name, value);
    }
    return value;
}

static json_t *
find_root (Render *render, const char *name, const Scope *scope)
{
    json_t *value;

    for (; scope != NULL; scope = scope->up) {
        if (strcmp (scope->name, name) == 0)
            return scope->value;
    }
    value = json_object_get (render->data->document, name);
    return value != NULL ? value : look_up (render, name);
}

/* (transfer full): "@index" and the like of the innermost turn; NULL outside of any. */
static json_t *
make_special (const char *name, const Scope *scope)
{
    if (scope == NULL)
        return NULL;
    if (strcmp (name, "@first") == 0)
        return json_boolean (scope->index == 0);
    if (strcmp (name, "@last") == 0)
        return json_boolean (scope->index + 1 == scope->size);
    if (strcmp (name, "@key") == 0 && scope->key != NULL)
        return json_string (scope->key);
    return json_integer ((json_int_t) scope->index);
}

/* (transfer full) (nullable) */
static json_t *
ref_value (Render *render, const TemplatePath *path, const Scope *scope)
{
    json_t *value;

    if (*path->root == '@')
        return make_special (path->root, scope);
    value = find_root (render, path->root, scope);
    for (guint i = 0; i < path->n_steps; i++) {
        const TemplateStep *step = &path->steps[i];

        value = step->name.length > 0 ? json_object_getn (value, step->name.data, step->name.length)
                                      : json_array_get (value, step->index);
    }
    return json_incref (value);
}

static gboolean
is_true (const json_t *value)
{
    switch (value != NULL ? json_typeof (value) : JSON_NULL) {
    case JSON_NULL:
    case JSON_FALSE:
        return FALSE;
    case JSON_STRING:
        return json_string_length (value) > 0;
    case JSON_INTEGER:
    case JSON_REAL:
        return json_number_value (value) != 0;
    case JSON_ARRAY:
        return json_array_size (value) > 0;
    case JSON_OBJECT:
        return json_object_size (value) > 0;
    default:
        return TRUE;
    }
}

/* FALSE where the document contains itself. */
static gboolean
write_document (Render *render, const TemplateOp *op, const json_t *value)
{
    g_autofree char *text = h3_json_to_text (value, H3_JSON_COMPACT);

    if (text == NULL)
        return fail (render, op, H3_ERROR_INVALID, "contains itself");
    template_escape (render->out, HTML_ESCAPE_JSON, h3_view_of (text));
    return TRUE;
}

static gboolean
write_text (Render *render, const TemplateOp *op, const json_t *value)
{
    g_autofree char *text = NULL;

    if (json_is_null (value))
        return TRUE;
    if (json_is_string (value)) {
        template_escape (render->out, op->escape,
                         h3_view (json_string_value (value), json_string_length (value)));
        return TRUE;
    }
    if (json_is_array (value) || json_is_object (value))
        return (render->data->flags & H3_TEMPLATE_STRICT) == 0
               || fail (render, op, H3_ERROR_INVALID, "is no text");
    text = h3_json_to_text (value, H3_JSON_COMPACT);
    template_escape (render->out, op->escape, h3_view_of (text));
    return TRUE;
}

static gboolean
write_value (Render *render, const TemplateOp *op, const Scope *scope)
{
    g_autoptr (json_t) value = ref_value (render, &op->path, scope);
    gsize before = render->out->len;

    if (value == NULL && (render->data->flags & H3_TEMPLATE_STRICT) != 0)
        return fail (render, op, H3_ERROR_NOT_FOUND, "is not there");
    if (op->escape == HTML_ESCAPE_JSON) {
        if (value == NULL)
            g_string_append (render->out, "null");
        else if (!write_document (render, op, value))
            return FALSE;
    } else if (value != NULL && !write_text (render, op, value)) {
        return FALSE;
    }
    return settle (render, op, before);
}

static gboolean
turn (Render *render, guint at, Scope *scope, json_t *value)
{
    const TemplateOp *op = &g_array_index (render->template->ops, TemplateOp, at);

    scope->value = value;
    return render_ops (render, at + 1, op->otherwise, scope);
}

static gboolean
render_each (Render *render, guint at, const Scope *up)
{
    const TemplateOp *op = &g_array_index (render->template->ops, TemplateOp, at);
    g_autoptr (json_t) all = ref_value (render, &op->path, up);
    Scope scope = { .up = up, .name = op->name };

    if (all == NULL && (render->data->flags & H3_TEMPLATE_STRICT) != 0)
        return fail (render, op, H3_ERROR_NOT_FOUND, "is not there");
    scope.size = json_is_array (all) ? json_array_size (all) : json_object_size (all);
    if (scope.size == 0)
        return render_ops (render, op->otherwise, op->end, up);
    if (json_is_array (all)) {
        for (; scope.index < scope.size; scope.index++) {
            if (!spend (render, op, 1)
                || !turn (render, at, &scope, json_array_get (all, scope.index)))
                return FALSE;
        }
        return TRUE;
    }
    for (void *i = json_object_iter (all); i != NULL; i = json_object_iter_next (all, i)) {
        scope.key = json_object_iter_key (i);
        if (!spend (render, op, 1) || !turn (render, at, &scope, json_object_iter_value (i)))
            return FALSE;
        scope.index++;
    }
    return TRUE;
}

static gboolean
render_if (Render *render, guint at, const Scope *scope)
{
    const TemplateOp *op = &g_array_index (render->template->ops, TemplateOp, at);
    g_autoptr (json_t) value = ref_value (render, &op->path, scope);

    return is_true (value) ? render_ops (render, at + 1, op->otherwise, scope)
                           : render_ops (render, op->otherwise, op->end, scope);
}

static gboolean
include (Render *render, const TemplateOp *op, const Scope *scope)
{
    const Template *before = render->template;
    const Template *included = templates_find (render->templates, op->name);
    gboolean is_done;

    if (included == NULL) {
        g_set_error (render->error, H3_ERROR, H3_ERROR_NOT_FOUND,
                     "%s: line %u: there is no template '%s'", before->name, op->line, op->name);
        return FALSE;
    }
    if (render->depth == H3_TEMPLATE_MAX_DEPTH)
        return fail (render, op, H3_ERROR_LIMIT, "too many templates include one another");
    render->depth++;
    render->template = included;
    is_done = render_ops (render, 0, included->ops->len, scope);
    render->template = before;
    render->depth--;
    return is_done;
}

static gboolean
render_op (Render *render, guint at, const Scope *scope)
{
    const TemplateOp *op = &g_array_index (render->template->ops, TemplateOp, at);
    gsize before = render->out->len;

    switch (op->kind) {
    case TEMPLATE_TEXT:
        g_string_append_len (render->out, op->text.data, (gssize) op->text.length);
        return settle (render, op, before);
    case TEMPLATE_VALUE:
        return write_value (render, op, scope);
    case TEMPLATE_IF:
        return render_if (render, at, scope);
    case TEMPLATE_EACH:
        return render_each (render, at, scope);
    default:
        return include (render, op, scope);
    }
}

/* Up to `to`; blocks are stepped over as a whole. */
static gboolean
render_ops (Render *render, guint from, guint to, const Scope *scope)
{
    while (from < to) {
        const TemplateOp *op = &g_array_index (render->template->ops, TemplateOp, from);

        if (!spend (render, op, 1) || !render_op (render, from, scope))
            return FALSE;
        from = op->kind == TEMPLATE_IF || op->kind == TEMPLATE_EACH ? op->end : from + 1;
    }
    return TRUE;
}

static gboolean
run (Render *render, const char *name)
{
    const H3TemplateData *data = render->data;
    gboolean is_done;

    render->template = templates_find (render->templates, name);
    render->left = data->max_output > 0 ? data->max_output : H3_TEMPLATE_MAX_OUTPUT;
    if (render->template == NULL) {
        g_set_error (render->error, H3_ERROR, H3_ERROR_NOT_FOUND, "there is no template '%s'",
                     name);
        return FALSE;
    }
    is_done = render_ops (render, 0, render->template->ops->len, NULL) && flush (render);
    g_clear_pointer (&render->found, g_hash_table_unref);
    return is_done;
}

gboolean
h3_templates_render (const H3Templates *templates, const char *name, const H3TemplateData *data,
                     GString *out, GError **error)
{
    static const H3TemplateData none;
    Render render = { .templates = templates, .data = data, .out = out, .error = error };
    gsize before;

    g_return_val_if_fail (templates != NULL && name != NULL && out != NULL, FALSE);
    before = out->len;
    if (data == NULL)
        render.data = &none;
    if (run (&render, name))
        return TRUE;
    g_string_truncate (out, before);
    return FALSE;
}

gboolean
h3_templates_render_pieces (const H3Templates *templates, const char *name,
                            const H3TemplateData *data, H3TemplateWrite write, gpointer user_data,
                            GError **error)
{
    static const H3TemplateData none;
    g_autoptr (GString) piece = NULL;
    Render render = { .templates = templates,
                      .data = data != NULL ? data : &none,
                      .write = write,
                      .user_data = user_data,
                      .error = error };

    g_return_val_if_fail (templates != NULL && name != NULL && write != NULL, FALSE);
    render.out = piece = g_string_new (NULL);
    return run (&render, name);
}

char *
h3_templates_render_text (const H3Templates *templates, const char *name, const char *document,
                          H3TemplateFlags flags, GError **error)
{
    g_autoptr (GString) out = g_string_new (NULL);
    g_autoptr (json_t) parsed = NULL;
    H3TemplateData data = { .flags = flags };

    g_return_val_if_fail (templates != NULL && name != NULL, NULL);
    if (document != NULL) {
        data.document = parsed = h3_json_parse (h3_view_of (document), H3_JSON_MAX_DEPTH, error);
        if (parsed == NULL)
            return NULL;
    }
    if (!h3_templates_render (templates, name, &data, out, error))
        return NULL;
    return g_string_free (g_steal_pointer (&out), FALSE);
}

/* SPDX-License-Identifier: MIT */

#include "template-private.h"

#include <h3/base/error.h>

#include <stdatomic.h>

struct _H3Templates {
    atomic_int refs;
    GHashTable *templates; /* owned: names, borrowed: the template, to Template, owned */
};

G_DEFINE_BOXED_TYPE (H3Templates, h3_templates, h3_templates_ref, h3_templates_unref)

static void
free_template (gpointer data)
{
    template_free (data);
}

H3Templates *
h3_templates_new (void)
{
    H3Templates *templates = g_new0 (H3Templates, 1);

    atomic_init (&templates->refs, 1);
    templates->templates = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, free_template);
    return templates;
}

H3Templates *
h3_templates_ref (H3Templates *templates)
{
    g_return_val_if_fail (templates != NULL, NULL);
    atomic_fetch_add_explicit (&templates->refs, 1, memory_order_relaxed);
    return templates;
}

void
h3_templates_unref (H3Templates *templates)
{
    if (templates == NULL
        || atomic_fetch_sub_explicit (&templates->refs, 1, memory_order_acq_rel) > 1)
        return;
    g_hash_table_unref (templates->templates);
    g_free (templates);
}

const Template *
templates_find (const H3Templates *templates, const char *name)
{
    return g_hash_table_lookup (templates->templates, name);
}

gboolean
h3_templates_add (H3Templates *templates, const char *name, const char *text, GError **error)
{
    H3Arena *arena;
    Template *template;

    g_return_val_if_fail (templates != NULL && name != NULL && text != NULL, FALSE);
    if (templates_find (templates, name) != NULL) {
        g_set_error (error, H3_ERROR, H3_ERROR_EXISTS, "there is a template '%s' already", name);
        return FALSE;
    }
    arena = h3_arena_new ();
    template = template_parse (arena, h3_arena_strdup (arena, name),
                               h3_view_of (h3_arena_strdup (arena, text)), error);
    if (template == NULL)
        return FALSE;
    g_hash_table_insert (templates->templates, (gpointer) template->name, template);
    return TRUE;
}

gboolean
h3_templates_add_file (H3Templates *templates, const char *name, const char *path, GError **error)
{
    g_autofree char *text = NULL;
    g_autoptr (GError) problem = NULL;
    gsize length;

    g_return_val_if_fail (templates != NULL && name != NULL && path != NULL, FALSE);
    if (!g_file_get_contents (path, &text, &length, &problem)) {
        g_set_error (error, H3_ERROR, H3_ERROR_FAILED, "the template '%s' cannot be read: %s", name,
                     problem->message);
        return FALSE;
    }
    if (strlen (text) != length) {
        g_set_error (error, H3_ERROR, H3_ERROR_SYNTAX, "%s: it has a NUL", path);
        return FALSE;
    }
    return h3_templates_add (templates, name, text, error);
}

gboolean
h3_templates_check (const H3Templates *templates, GError **error)
{
    GHashTableIter iter;
    gpointer value;

    g_return_val_if_fail (templates != NULL, FALSE);
    g_hash_table_iter_init (&iter, templates->templates);
    while (g_hash_table_iter_next (&iter, NULL, &value)) {
        const Template *template = value;

        for (guint i = 0; i < template->ops->len; i++) {
            const TemplateOp *op = &g_array_index (template->ops, TemplateOp, i);

            if (op->kind != TEMPLATE_INCLUDE || templates_find (templates, op->name) != NULL)
                continue;
            g_set_error (error, H3_ERROR, H3_ERROR_NOT_FOUND,
                         "%s: line %u: there is no template '%s'", template->name, op->line,
                         op->name);
            return FALSE;
        }
    }
    return TRUE;
}

/* SPDX-License-Identifier: MIT */

#include "form-inside.h"

#include <stdatomic.h>

typedef struct {
    char *name;  /* owned */
    char *value; /* owned */
} Field;

/* A form has a thousand fields at most, and a handler asks for a few. */
struct _H3Form {
    atomic_int refs;
    GArray *fields;   /* owned; of Field */
    GPtrArray *files; /* owned; of H3Upload, refs */
};

G_DEFINE_BOXED_TYPE (H3Form, h3_form, h3_form_ref, h3_form_unref)

void
h3_form_options_init (H3FormOptions *options)
{
    const H3FormOptions defaults = H3_FORM_OPTIONS_INIT;

    g_return_if_fail (options != NULL);
    *options = defaults;
}

static void
clear_field (gpointer data)
{
    Field *field = data;

    g_free (field->name);
    g_free (field->value);
}

H3Form *
form_new (void)
{
    H3Form *form = g_new0 (H3Form, 1);

    atomic_init (&form->refs, 1);
    form->fields = g_array_new (FALSE, FALSE, sizeof (Field));
    g_array_set_clear_func (form->fields, clear_field);
    form->files = g_ptr_array_new_with_free_func ((GDestroyNotify) h3_upload_unref);
    return form;
}

void
form_add_field (H3Form *form, char *name, char *value)
{
    Field field = { name, value };

    g_array_append_val (form->fields, field);
}

void
form_add_file (H3Form *form, H3Upload *upload)
{
    g_ptr_array_add (form->files, upload);
}

H3Form *
h3_form_ref (H3Form *form)
{
    g_return_val_if_fail (form != NULL, NULL);
    atomic_fetch_add_explicit (&form->refs, 1, memory_order_relaxed);
    return form;
}

void
h3_form_unref (H3Form *form)
{
    if (form == NULL || atomic_fetch_sub_explicit (&form->refs, 1, memory_order_acq_rel) != 1)
        return;
    g_array_unref (form->fields);
    g_ptr_array_unref (form->files);
    g_free (form);
}

/* The next field of that name from `*index` on. */
static const Field *
find_field (const H3Form *form, const char *name, guint *index)
{
    while (*index < form->fields->len) {
        const Field *field = &g_array_index (form->fields, Field, *index);

        ++*index;
        if (strcmp (field->name, name) == 0)
            return field;
    }
    return NULL;
}

const char *
h3_form_get (const H3Form *form, const char *name)
{
    const Field *field;
    guint index = 0;

    g_return_val_if_fail (form != NULL && name != NULL, NULL);
    field = find_field (form, name, &index);
    return field != NULL ? field->value : NULL;
}

const char **
h3_form_get_all (const H3Form *form, const char *name)
{
    g_autoptr (GPtrArray) values = NULL;
    const Field *field;
    guint index = 0;

    g_return_val_if_fail (form != NULL && name != NULL, NULL);
    values = g_ptr_array_new ();
    while ((field = find_field (form, name, &index)) != NULL)
        g_ptr_array_add (values, field->value);
    g_ptr_array_add (values, NULL);
    return (const char **) g_ptr_array_steal (values, NULL);
}

guint
h3_form_get_n_fields (const H3Form *form)
{
    g_return_val_if_fail (form != NULL, 0);
    return form->fields->len;
}

gboolean
h3_form_get_field_at (const H3Form *form, guint index, const char **out_name,
                      const char **out_value)
{
    const Field *field;

    g_return_val_if_fail (form != NULL && out_name != NULL && out_value != NULL, FALSE);
    if (index >= form->fields->len)
        return FALSE;
    field = &g_array_index (form->fields, Field, index);
    *out_name = field->name;
    *out_value = field->value;
    return TRUE;
}

guint
h3_form_get_n_files (const H3Form *form)
{
    g_return_val_if_fail (form != NULL, 0);
    return form->files->len;
}

H3Upload *
h3_form_get_file_at (const H3Form *form, guint index)
{
    g_return_val_if_fail (form != NULL, NULL);
    return index < form->files->len ? g_ptr_array_index (form->files, index) : NULL;
}

H3Upload *
h3_form_get_file (const H3Form *form, const char *name)
{
    g_return_val_if_fail (form != NULL && name != NULL, NULL);
    for (guint i = 0; i < form->files->len; i++) {
        H3Upload *upload = g_ptr_array_index (form->files, i);

        if (strcmp (h3_upload_get_name (upload), name) == 0)
            return upload;
    }
    return NULL;
}

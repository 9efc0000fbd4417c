/* SPDX-License-Identifier: MIT */

#include "methods.h"

#include <h3/base/error.h>

void
methods_clear (Methods *methods)
{
    for (guint i = 0; i < methods->n_custom; i++)
        g_free (methods->custom[i]);
    methods->n_custom = 0;
}

const char *
methods_get_name (const Methods *methods, guint method)
{
    return method < H3_N_METHODS ? h3_method_to_string ((H3Method) method)
                                 : methods->custom[method - H3_N_METHODS];
}

guint
methods_find (const Methods *methods, H3View name)
{
    guint method = h3_method_from_view (name);

    if (method != H3_METHOD_OTHER)
        return method;
    for (guint i = 0; i < methods->n_custom; i++) {
        if (h3_view_equal (name, h3_view_of (methods->custom[i])))
            return H3_N_METHODS + i;
    }
    return H3_METHOD_OTHER;
}

/* RFC 9110 §5.6.2. */
static gboolean
is_token (H3View name)
{
    for (gsize i = 0; i < name.length; i++) {
        char c = name.data[i];

        if (!g_ascii_isalnum (c) && (c == '\0' || strchr ("!#$%&'*+-.^_`|~", c) == NULL))
            return FALSE;
    }
    return name.length > 0 && name.length <= METHODS_MAX_LENGTH;
}

/* Adds the bit of `name` to the set, and `name` to the methods when it is new. */
static gboolean
read_name (Methods *methods, H3View name, guint64 *set, GError **error)
{
    guint method = methods_find (methods, name);

    if (method == H3_METHOD_OTHER) {
        for (guint i = H3_METHOD_OTHER + 1; i < H3_N_METHODS; i++) {
            const char *known = h3_method_to_string ((H3Method) i);

            if (h3_view_equal_ignore_case (name, h3_view_of (known))) {
                g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                             "method \"%.*s\": case counts in methods, write \"%s\"",
                             H3_VIEW_ARGS (name), known);
                return FALSE;
            }
        }
        if (!is_token (name) || h3_view_equal (name, H3_VIEW ("*"))) {
            g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                         "method \"%.*s\": write names of at most %d letters with blanks between, "
                         "or \"*\" alone for any method",
                         H3_VIEW_ARGS (name), METHODS_MAX_LENGTH);
            return FALSE;
        }
        if (methods->n_custom == G_N_ELEMENTS (methods->custom)) {
            g_set_error (error, H3_ERROR, H3_ERROR_LIMIT,
                         "method \"%.*s\": a router has at most %d methods: use \"*\"",
                         H3_VIEW_ARGS (name), METHODS_MAX_OF_ROUTER - 1);
            return FALSE;
        }
        method = H3_N_METHODS + methods->n_custom;
        methods->custom[methods->n_custom++] = h3_view_dup (name);
    }
    *set |= METHOD_BIT (method);
    return TRUE;
}

gboolean
methods_read (Methods *methods, const char *list, guint64 *out_set, gboolean *out_any,
              GError **error)
{
    H3View rest = h3_view_trim (h3_view_of (list));
    gboolean any = h3_view_equal (rest, H3_VIEW ("*"));
    guint n_before = methods->n_custom;
    guint64 set = 0;
    H3View name;

    while (!any && h3_view_split (&rest, ' ', &name)) {
        if (h3_view_is_empty (name) && rest.data != NULL)
            continue;
        if (!read_name (methods, name, &set, error)) {
            while (methods->n_custom > n_before)
                g_free (methods->custom[--methods->n_custom]);
            return FALSE;
        }
    }
    *out_set = set;
    *out_any = any;
    return TRUE;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
    return strcmp (*(const char *const *) a, *(const char *const *) b);
}

const char *
methods_format (const Methods *methods, guint64 set, H3Arena *arena)
{
    const char *names[METHODS_MAX_OF_ROUTER]; /* borrowed: the methods */
    guint n_names = 0, n_known;
    gsize size = 1;
    char *text, *at;

    for (guint i = H3_METHOD_OTHER + 1; i < H3_N_METHODS; i++) {
        if (set & METHOD_BIT (i))
            names[n_names++] = h3_method_to_string ((H3Method) i);
    }
    n_known = n_names;
    for (guint i = 0; i < methods->n_custom; i++) {
        if (set & METHOD_BIT (H3_N_METHODS + i))
            names[n_names++] = methods->custom[i];
    }
    qsort (names + n_known, n_names - n_known, sizeof *names, compare_names);
    for (guint i = 0; i < n_names; i++)
        size += strlen (names[i]) + 2;
    at = text = h3_arena_alloc (arena, size);
    *at = '\0';
    for (guint i = 0; i < n_names; i++) {
        if (i > 0)
            at = g_stpcpy (at, ", ");
        at = g_stpcpy (at, names[i]);
    }
    return text;
}

/* SPDX-License-Identifier: MIT
 *
 * Where what outlives a request is kept: --store. */

#include "demo.h"

/* Main thread, before the start and after the end; what they point at, any. */
static H3Store *store;   /* owned */
static char *opened_for; /* owned: the URL */

H3Store *
demo_get_store (void)
{
    return store;
}

gboolean
demo_take_store (const char *name, const char *value, gpointer data, GError **error)
{
    if (store != NULL) {
        if (strcmp (value, opened_for) == 0)
            return TRUE;
        g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s is given once", name);
        return FALSE;
    }
    store = h3_store_new_from_url (value, error);
    if (store != NULL)
        opened_for = g_strdup (value);
    return store != NULL;
}

/* All other options are left to the app, and so is what is wrong with this one. */
void
demo_open_store (char **argv)
{
    static const GOptionEntry entries[] = { { "store", 0, 0, G_OPTION_ARG_CALLBACK, demo_take_store,
                                              NULL, NULL },
                                            { NULL, 0, 0, 0, NULL, NULL, NULL } };
    g_autoptr (GOptionContext) context = g_option_context_new (NULL);
    g_auto (GStrv) arguments = g_strdupv (argv);

    g_option_context_set_help_enabled (context, FALSE);
    g_option_context_set_ignore_unknown_options (context, TRUE);
    g_option_context_add_main_entries (context, entries, NULL);
    (void) g_option_context_parse_strv (context, &arguments, NULL);
}

void
demo_close_store (void)
{
    g_clear_object (&store);
    g_clear_pointer (&opened_for, g_free);
}

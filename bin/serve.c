/* SPDX-License-Identifier: MIT */

#include "serve.h"

#include "access-log-option.h"

/* What the options say. */
static gboolean listing, dot_files, no_precompressed;
static char *index_name;    /* owned; NULL: the library's default */
static char *cache_control; /* owned; NULL: none */

static gboolean
refuse (GError **error, const char *option, const char *value, const char *what)
{
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s takes %s, not '%s'", option,
                 what, value);
    return FALSE;
}

static gboolean
set_up (H3StaticFiles *files, GError **error)
{
    h3_static_files_set_listing (files, listing);
    h3_static_files_set_dot_files (files, dot_files);
    h3_static_files_set_precompressed (files, !no_precompressed);
    if (index_name != NULL
        && !h3_static_files_set_index (files, *index_name != '\0' ? index_name : NULL))
        return refuse (error, "--index", index_name, "the name of a file, without a slash");
    if (!h3_static_files_set_cache_control (files, cache_control))
        return refuse (error, "--cache-control", cache_control, "directives as \"max-age=60\"");
    return TRUE;
}

static gboolean
take_directory (H3App *app, const char *const *arguments, gpointer user_data, GError **error)
{
    g_autoptr (H3StaticFiles) files = NULL;

    if (arguments[0] == NULL || arguments[1] != NULL) {
        g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                     arguments[0] == NULL ? "the directory to serve is missing: h3d serve DIRECTORY"
                                          : "one directory is served, and more are named");
        return FALSE;
    }
    files = h3_static_files_new (arguments[0], error);
    if (files == NULL || !set_up (files, error))
        return FALSE;
    g_print ("Serving %s\n", h3_static_files_get_directory (files));
    h3_app_route (app, "GET", "/**", h3_static_files_handle, g_steal_pointer (&files),
                  (GDestroyNotify) h3_static_files_unref);
    return TRUE;
}

int
serve_run (int argc, char **argv)
{
    static const GOptionEntry entries[] = {
        ACCESS_LOG_OPTION,
        { "list", 0, 0, G_OPTION_ARG_NONE, &listing,
          "Answer a directory without index with a page of what is in it", NULL },
        { "index", 0, 0, G_OPTION_ARG_STRING, &index_name,
          "The file that stands for its directory; default: index.html; empty: none", "NAME" },
        { "dot-files", 0, 0, G_OPTION_ARG_NONE, &dot_files,
          "Serve names that begin with a dot, too", NULL },
        { "no-precompressed", 0, 0, G_OPTION_ARG_NONE, &no_precompressed,
          "Do not look for .br, .zst and .gz beside a file", NULL },
        { "cache-control", 0, 0, G_OPTION_ARG_STRING, &cache_control,
          "Send this with each file: \"public, max-age=60\"", "DIRECTIVES" },
        { NULL, 0, 0, 0, NULL, NULL, NULL }
    };
    g_autoptr (H3App) app = h3_app_new ();
    int status;

    g_set_prgname ("h3d serve");
    h3_app_set_arguments (app, "DIRECTORY", take_directory, NULL, NULL);
    h3_app_add_options (app, entries, app);
    status = h3_app_run (app, argc, argv);
    g_free (index_name);
    g_free (cache_control);
    return status;
}

/* SPDX-License-Identifier: MIT
 *
 * static-site DIRECTORY: the files of a directory, compressed where the client takes that, with the
 * fields that have browsers be careful, beside a route of the program's own. */

#include <h3/h3.h>

static void
show_time (H3Event *event, gpointer user_data)
{
    g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
    g_autofree char *text = g_date_time_format_iso8601 (now);

    h3_event_send_text (event, text);
}

static gboolean
take_directory (H3App *app, const char *const *arguments, gpointer user_data, GError **error)
{
    H3StaticFiles *files;

    if (arguments[0] == NULL || arguments[1] != NULL) {
        g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "name one directory");
        return FALSE;
    }
    files = h3_static_files_new (arguments[0], error);
    if (files == NULL)
        return FALSE;
    (void) h3_static_files_set_cache_control (files, "public, max-age=60");
    h3_app_route (app, "GET", "/**", h3_static_files_handle, files,
                  (GDestroyNotify) h3_static_files_unref);
    return TRUE;
}

int
main (int argc, char **argv)
{
    g_autoptr (H3App) app = h3_app_new ();

    h3_app_use (app, "/", h3_security_headers_new ());
    h3_app_use (app, "/", h3_compression_new ());
    h3_app_get (app, "/api/time", show_time, NULL);
    h3_app_set_arguments (app, "DIRECTORY", take_directory, NULL, NULL);
    return h3_app_run (app, argc, argv);
}

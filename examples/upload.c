/* SPDX-License-Identifier: MIT
 *
 * upload DIRECTORY: a page that sends a file of any size, which is stored in the directory under a
 * name that is safe there. A file that is there already is not replaced. */

#include <h3/h3.h>

static char *directory; /* owned */

static void
show_page (H3Event *event, gpointer user_data)
{
    h3_event_send_html (event, "<!doctype html><title>Upload</title>"
                               "<form method=post enctype=multipart/form-data>"
                               "<input type=file name=file><button>Send</button></form>");
}

static void
tell_stored (H3Event *event, H3Upload *upload, const GError *error, gpointer user_data)
{
    g_autofree char *text = NULL;

    if (g_error_matches (error, H3_ERROR, H3_ERROR_EXISTS)) {
        h3_event_fail_status (event, 409, "There is a file of this name.");
        return;
    }
    if (error != NULL) {
        h3_event_fail (event, g_error_copy (error));
        return;
    }
    text = g_strdup_printf ("%" G_GUINT64_FORMAT " bytes\n", (guint64) h3_upload_get_size (upload));
    h3_event_set_status (event, 201);
    h3_event_send_text (event, text);
}

static void
take_file (H3Event *event, gpointer user_data)
{
    H3Upload *file = h3_form_get_file (h3_event_get_form (event, NULL), "file");
    g_autofree char *name = file != NULL ? h3_upload_dup_safe_name (file) : NULL;
    g_autofree char *path = NULL;

    if (name == NULL) {
        h3_event_fail_status (event, 422, "A file with a name is wanted.");
        return;
    }
    path = g_build_filename (directory, name, NULL);
    h3_event_store_upload (event, file, path, H3_UPLOAD_NEW, tell_stored, NULL, NULL);
}

static gboolean
take_directory (H3App *app, const char *const *arguments, gpointer user_data, GError **error)
{
    H3FormOptions options = H3_FORM_OPTIONS_INIT;

    if (arguments[0] == NULL || arguments[1] != NULL) {
        g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "name one directory");
        return FALSE;
    }
    directory = g_strdup (arguments[0]);
    options.directory = directory; /* on the same disk: what is stored is linked, not copied */
    h3_app_use (app, "/", h3_forms_new (&options));
    h3_app_get (app, "/", show_page, NULL);
    h3_route_set_body (h3_app_post (app, "/", take_file, NULL), H3_BODY_STREAMED, 0);
    return TRUE;
}

int
main (int argc, char **argv)
{
    g_autoptr (H3App) app = h3_app_new ();
    int status;

    h3_app_set_arguments (app, "DIRECTORY", take_directory, NULL, NULL);
    status = h3_app_run (app, argc, argv);
    g_free (directory);
    return status;
}

/* SPDX-License-Identifier: MIT
 *
 * Files that are sent in a form: they go to disk as they come, and are told of. */

#include "demo.h"

#include "demo-route.h"

#include <jansson.h>

static const char page[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">"
    "<meta name=\"viewport\" content=\"width=device-width\"><title>Upload</title>\n"
    "<style>:root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;"
    "max-width:40rem;margin:2rem auto;padding:0 1rem}</style></head>\n"
    "<body><h1>Upload</h1>\n<form method=\"post\" action=\"/upload\" "
    "enctype=\"multipart/form-data\">\n"
    "<p><label>Files: <input type=\"file\" name=\"file\" multiple></label></p>\n"
    "<p><label>Remark: <input name=\"remark\"></label></p>\n"
    "<p><button>Send</button></p>\n</form>\n</body>\n</html>\n";

static void
show_page (H3Event *event, gpointer user_data)
{
    h3_event_send_html (event, page);
}

static json_t *
describe_file (H3Upload *upload)
{
    g_autofree char *safe_name = h3_upload_dup_safe_name (upload);

    return json_pack ("{s:s, s:s, s:s, s:s, s:I, s:b}", "name", h3_upload_get_name (upload),
                      "filename", h3_upload_get_filename (upload), "safe_name", safe_name, "type",
                      h3_upload_get_media_type (upload), "size",
                      (json_int_t) h3_upload_get_size (upload), "on_disk",
                      h3_upload_is_on_disk (upload));
}

static void
describe_form (H3Event *event, gpointer user_data)
{
    g_autoptr (GError) error = NULL;
    H3Form *form = h3_event_get_form (event, &error);
    json_t *fields, *files;
    const char *name, *value;
    H3Upload *upload;

    if (form == NULL) {
        h3_event_fail (event, g_steal_pointer (&error));
        return;
    }
    fields = json_array ();
    files = json_array ();
    for (guint i = 0; h3_form_get_field_at (form, i, &name, &value); i++)
        json_array_append_new (fields, json_pack ("{s:s, s:s}", "name", name, "value", value));
    for (guint i = 0; (upload = h3_form_get_file_at (form, i)) != NULL; i++)
        json_array_append_new (files, describe_file (upload));
    demo_send_json (event, json_pack ("{s:o, s:o}", "fields", fields, "files", files));
}

void
demo_add_upload (H3App *app)
{
    H3Middleware *reader = h3_forms_new (NULL);

    h3_middleware_set_methods (reader, "POST");
    h3_app_use (app, "/upload", reader);
    demo_add (app, "GET", "/upload", show_page, NULL, "A page to send files with");
    h3_route_set_body (
        demo_add (app, "POST", "/upload", describe_form, NULL, "The files of a form, of any size"),
        H3_BODY_STREAMED, 0);
}

/* SPDX-License-Identifier: MIT
 *
 * A small service: GET /notes/NUMBER gives a note, PUT keeps one, and nothing else is there. */

#include <h3/h3.h>

static GMutex mutex; /* guards the notes: several workers serve */
static GHashTable *notes;

static void
show_note (H3Event *event, gpointer user_data)
{
    g_autoptr (GBytes) note = NULL;

    g_mutex_lock (&mutex);
    note = g_hash_table_lookup (notes, h3_event_get_param (event, "number"));
    if (note != NULL)
        g_bytes_ref (note);
    g_mutex_unlock (&mutex);
    if (note != NULL)
        h3_event_send_bytes (event, "text/plain", note);
    else
        h3_event_fail_status (event, 404, NULL);
}

static void
keep_note (H3Event *event, gpointer user_data)
{
    GBytes *body = h3_request_get_body (h3_event_get_request (event));

    g_mutex_lock (&mutex);
    g_hash_table_replace (notes, g_strdup (h3_event_get_param (event, "number")),
                          body != NULL
                              ? g_bytes_new (g_bytes_get_data (body, NULL), g_bytes_get_size (body))
                              : g_bytes_new (NULL, 0));
    g_mutex_unlock (&mutex);
    h3_event_send_empty (event, 204);
}

int
main (int argc, char **argv)
{
    g_autoptr (H3App) app = h3_app_new ();
    int status;

    notes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
    h3_app_get (app, "/notes/:number([0-9]+)", show_note, NULL);
    h3_app_put (app, "/notes/:number([0-9]+)", keep_note, NULL);
    status = h3_app_run (app, argc, argv);
    g_hash_table_unref (notes);
    return status;
}

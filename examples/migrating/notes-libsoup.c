/* SPDX-License-Identifier: MIT
 *
 * A small service: GET /notes/NUMBER gives a note, PUT keeps one, and nothing else is there. */

#include <glib-unix.h>
#include <libsoup/soup.h>
#include <stdlib.h>
#include <string.h>

static GHashTable *notes;

static void
show_note (SoupServerMessage *message, const char *number)
{
    GBytes *note = g_hash_table_lookup (notes, number);
    SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

    if (note == NULL) {
        soup_server_message_set_status (message, 404, NULL);
        return;
    }
    soup_message_headers_set_content_type (headers, "text/plain", NULL);
    if (g_bytes_get_size (note) > 0)
        soup_message_body_append_bytes (soup_server_message_get_response_body (message), note);
    soup_server_message_set_status (message, 200, NULL);
}

static void
keep_note (SoupServerMessage *message, const char *number)
{
    SoupMessageBody *body = soup_server_message_get_request_body (message);

    g_hash_table_replace (notes, g_strdup (number), soup_message_body_flatten (body));
    soup_server_message_set_status (message, 204, NULL);
}

static void
serve (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
       gpointer user_data)
{
    const char *method = soup_server_message_get_method (message);
    const char *number = g_str_has_prefix (path, "/notes/") ? path + 7 : "";

    if (*number == '\0' || number[strspn (number, "0123456789")] != '\0')
        soup_server_message_set_status (message, 404, NULL);
    else if (strcmp (method, "GET") == 0 || strcmp (method, "HEAD") == 0)
        show_note (message, number);
    else if (strcmp (method, "PUT") == 0)
        keep_note (message, number);
    else
        soup_server_message_set_status (message, 405, NULL);
}

static gboolean
end (gpointer loop)
{
    g_main_loop_quit (loop);
    return G_SOURCE_CONTINUE;
}

int
main (int argc, char **argv)
{
    g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
    g_autoptr (SoupServer) server = soup_server_new (NULL, NULL);
    g_autoptr (GError) error = NULL;
    GSList *uris;

    notes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
    soup_server_add_handler (server, "/notes", serve, NULL, NULL);
    if (!soup_server_listen_local (server, argc > 1 ? atoi (argv[1]) : 8080,
                                   SOUP_SERVER_LISTEN_IPV4_ONLY, &error)) {
        g_printerr ("%s\n", error->message);
        return 1;
    }
    uris = soup_server_get_uris (server);
    g_print ("Listening on http://127.0.0.1:%d\n", g_uri_get_port (uris->data));
    g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
    g_unix_signal_add (SIGTERM, end, loop);
    g_main_loop_run (loop);
    g_hash_table_unref (notes);
    return 0;
}

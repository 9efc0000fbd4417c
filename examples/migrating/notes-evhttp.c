/* SPDX-License-Identifier: MIT
 *
 * A small service: GET /notes/NUMBER gives a note, PUT keeps one, and nothing else is there. */

#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <glib.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static GHashTable *notes;

static void
show_note (struct evhttp_request *request, const char *number)
{
    GBytes *note = g_hash_table_lookup (notes, number);
    struct evbuffer *buffer;

    if (note == NULL) {
        evhttp_send_error (request, 404, NULL);
        return;
    }
    buffer = evbuffer_new ();
    evbuffer_add (buffer, g_bytes_get_data (note, NULL), g_bytes_get_size (note));
    evhttp_add_header (evhttp_request_get_output_headers (request), "Content-Type", "text/plain");
    evhttp_send_reply (request, 200, NULL, buffer);
    evbuffer_free (buffer);
}

static void
keep_note (struct evhttp_request *request, const char *number)
{
    struct evbuffer *buffer = evhttp_request_get_input_buffer (request);
    size_t length = evbuffer_get_length (buffer);

    g_hash_table_replace (notes, g_strdup (number),
                          g_bytes_new (evbuffer_pullup (buffer, -1), length));
    evhttp_send_reply (request, 204, NULL, NULL);
}

static void
serve (struct evhttp_request *request, void *user_data)
{
    const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri (request);
    const char *path = evhttp_uri_get_path (uri);
    const char *number = path != NULL && g_str_has_prefix (path, "/notes/") ? path + 7 : "";

    if (*number == '\0' || number[strspn (number, "0123456789")] != '\0')
        evhttp_send_error (request, 404, NULL);
    else if (evhttp_request_get_command (request) == EVHTTP_REQ_PUT)
        keep_note (request, number);
    else
        show_note (request, number);
}

static void
end (evutil_socket_t signal, short events, void *base)
{
    event_base_loopexit (base, NULL);
}

int
main (int argc, char **argv)
{
    struct event_base *base = event_base_new ();
    struct evhttp *server = evhttp_new (base);
    struct event *signal = evsignal_new (base, SIGTERM, end, base);
    struct evhttp_bound_socket *bound =
        evhttp_bind_socket_with_handle (server, "127.0.0.1", argc > 1 ? atoi (argv[1]) : 8080);
    struct sockaddr_in address;
    socklen_t length = sizeof address;

    if (bound == NULL)
        return 1;
    notes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
    evhttp_set_allowed_methods (server, EVHTTP_REQ_GET | EVHTTP_REQ_HEAD | EVHTTP_REQ_PUT);
    evhttp_set_max_body_size (server, 1 << 20);
    evhttp_set_gencb (server, serve, NULL);
    event_add (signal, NULL);
    getsockname (evhttp_bound_socket_get_fd (bound), (struct sockaddr *) &address, &length);
    printf ("Listening on http://127.0.0.1:%d\n", ntohs (address.sin_port));
    fflush (stdout);
    event_base_dispatch (base);
    event_free (signal);
    evhttp_free (server);
    event_base_free (base);
    g_hash_table_unref (notes);
    return 0;
}

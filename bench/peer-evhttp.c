/* SPDX-License-Identifier: MIT
 *
 * evhttp as its manual says: one thread, the Date is its own. Usage: peer-evhttp PORT */

#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
answer (struct evhttp_request *request, const char *type, const char *body, size_t length)
{
    struct evbuffer *buffer = evbuffer_new ();

    evhttp_add_header (evhttp_request_get_output_headers (request), "Content-Type", type);
    evbuffer_add (buffer, body, length);
    evhttp_send_reply (request, HTTP_OK, "OK", buffer);
    evbuffer_free (buffer);
}

static void
show_plaintext (struct evhttp_request *request, void *data)
{
    answer (request, "text/plain", "Hello, World!", 13);
}

static void
show_json (struct evhttp_request *request, void *data)
{
    char text[64];
    int length = snprintf (text, sizeof text, "{\"message\":\"%s\"}", "Hello, World!");

    answer (request, "application/json", text, (size_t) length);
}

static void
show_user (struct evhttp_request *request, void *data)
{
    static const char prefix[] = "/bench/users/";
    const char *path = evhttp_request_get_uri (request);

    if (strncmp (path, prefix, sizeof prefix - 1) == 0)
        answer (request, "text/plain", path + sizeof prefix - 1, strlen (path) - sizeof prefix + 1);
    else
        evhttp_send_error (request, HTTP_NOTFOUND, NULL);
}

int
main (int argc, char **argv)
{
    struct event_base *base = event_base_new ();
    struct evhttp *server = evhttp_new (base);

    signal (SIGPIPE, SIG_IGN);
    evhttp_set_cb (server, "/plaintext", show_plaintext, NULL);
    evhttp_set_cb (server, "/bench/json", show_json, NULL);
    evhttp_set_gencb (server, show_user, NULL);
    if (argc != 2
        || evhttp_bind_socket (server, "127.0.0.1", (unsigned short) atoi (argv[1])) < 0) {
        fprintf (stderr, "usage: peer-evhttp PORT\n");
        return EXIT_FAILURE;
    }
    return event_base_dispatch (base) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

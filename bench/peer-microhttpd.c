/* SPDX-License-Identifier: MIT
 *
 * libmicrohttpd as its manual says is quickest: epoll, one internal thread, turbo, constant answers
 * made once. Usage: peer-microhttpd PORT */

#include <arpa/inet.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct MHD_Response *plaintext;

static enum MHD_Result
answer (struct MHD_Connection *connection, const char *type, const char *body, size_t length)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer (length, (void *) body, MHD_RESPMEM_MUST_COPY);
    enum MHD_Result result;

    MHD_add_response_header (response, "Content-Type", type);
    result = MHD_queue_response (connection, MHD_HTTP_OK, response);
    MHD_destroy_response (response);
    return result;
}

static enum MHD_Result
handle (void *data, struct MHD_Connection *connection, const char *path, const char *method,
        const char *version, const char *upload, size_t *upload_size, void **state)
{
    static const char prefix[] = "/bench/users/";
    static int seen;
    char text[64];

    /* Answered at the first call, before the request counts as read, the connection would close. */
    if (*state == NULL) {
        *state = &seen;
        return MHD_YES;
    }
    if (strcmp (path, "/plaintext") == 0)
        return MHD_queue_response (connection, MHD_HTTP_OK, plaintext);
    if (strcmp (path, "/bench/json") == 0) {
        int length = snprintf (text, sizeof text, "{\"message\":\"%s\"}", "Hello, World!");

        return answer (connection, "application/json", text, (size_t) length);
    }
    if (strncmp (path, prefix, sizeof prefix - 1) == 0)
        return answer (connection, "text/plain", path + sizeof prefix - 1,
                       strlen (path) - sizeof prefix + 1);
    return MHD_NO;
}

int
main (int argc, char **argv)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    struct MHD_Daemon *daemon;

    plaintext = MHD_create_response_from_buffer (13, "Hello, World!", MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header (plaintext, "Content-Type", "text/plain");
    address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    address.sin_port = htons ((unsigned short) (argc > 1 ? atoi (argv[1]) : 8080));
    daemon = MHD_start_daemon (MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TURBO, 0, NULL, NULL, handle,
                               NULL, MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_CONNECTION_LIMIT,
                               20000u, MHD_OPTION_CONNECTION_TIMEOUT, 60u, MHD_OPTION_END);
    if (daemon == NULL) {
        fprintf (stderr, "usage: peer-microhttpd PORT\n");
        return EXIT_FAILURE;
    }
    for (;;)
        pause ();
}

/* SPDX-License-Identifier: MIT
 *
 * libh2o with its own loop, one thread, HTTP/1 only. Usage: peer-h2o PORT */

#include <arpa/inet.h>
#define H2O_USE_LIBUV 0
#include <h2o.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static h2o_globalconf_t config;
static h2o_context_t context;
static h2o_accept_ctx_t acceptor;

static int
answer (h2o_req_t *request, const char *type, const char *body, size_t length)
{
    request->res.status = 200;
    request->res.reason = "OK";
    request->res.content_length = length;
    h2o_add_header (&request->pool, &request->res.headers, H2O_TOKEN_CONTENT_TYPE, NULL, type,
                    strlen (type));
    h2o_send_inline (request, body, length);
    return 0;
}

static int
show_plaintext (h2o_handler_t *self, h2o_req_t *request)
{
    return answer (request, "text/plain", "Hello, World!", 13);
}

static int
show_json (h2o_handler_t *self, h2o_req_t *request)
{
    char text[64];
    int length = snprintf (text, sizeof text, "{\"message\":\"%s\"}", "Hello, World!");

    return answer (request, "application/json", text, (size_t) length);
}

static int
show_user (h2o_handler_t *self, h2o_req_t *request)
{
    const size_t prefix = sizeof "/bench/users/" - 1;

    return answer (request, "text/plain", request->path_normalized.base + prefix,
                   request->path_normalized.len - prefix);
}

static void
on_accept (h2o_socket_t *listener, const char *error)
{
    h2o_socket_t *client;

    while (error == NULL && (client = h2o_evloop_socket_accept (listener)) != NULL)
        h2o_accept (&acceptor, client);
}

static int
listen_on (int port)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    int fd = socket (AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    int one = 1;

    address.sin_port = htons ((unsigned short) port);
    address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind (fd, (struct sockaddr *) &address, sizeof address) < 0 || listen (fd, 4096) < 0) {
        perror ("listen");
        exit (EXIT_FAILURE);
    }
    return fd;
}

int
main (int argc, char **argv)
{
    static int (*const handlers[]) (h2o_handler_t *, h2o_req_t *) = { show_plaintext, show_json,
                                                                      show_user };
    static const char *const paths[] = { "/plaintext", "/bench/json", "/bench/users/" };
    h2o_hostconf_t *host;
    h2o_socket_t *listener;

    signal (SIGPIPE, SIG_IGN);
    h2o_config_init (&config);
    host = h2o_config_register_host (&config, h2o_iovec_init (H2O_STRLIT ("default")), 65535);
    for (int i = 0; i < 3; i++) {
        h2o_pathconf_t *path = h2o_config_register_path (host, paths[i], 0);

        h2o_create_handler (path, sizeof (h2o_handler_t))->on_req = handlers[i];
    }
    h2o_context_init (&context, h2o_evloop_create (), &config);
    acceptor.ctx = &context;
    acceptor.hosts = config.hosts;
    listener = h2o_evloop_socket_create (context.loop, listen_on (argc > 1 ? atoi (argv[1]) : 8080),
                                         H2O_SOCKET_FLAG_DONT_READ);
    h2o_socket_read_start (listener, on_accept);
    while (h2o_evloop_run (context.loop, INT32_MAX) == 0)
        ;
    return EXIT_SUCCESS;
}

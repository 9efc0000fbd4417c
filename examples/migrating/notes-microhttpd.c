/* SPDX-License-Identifier: MIT
 *
 * A small service: GET /notes/NUMBER gives a note, PUT keeps one, and nothing else is there. */

#include <glib.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static GMutex mutex; /* guards the notes: several threads serve */
static GHashTable *notes;

static enum MHD_Result
answer (struct MHD_Connection *connection, unsigned status, GBytes *body)
{
    struct MHD_Response *response = MHD_create_response_from_buffer (
        body != NULL ? g_bytes_get_size (body) : 0,
        (void *) (body != NULL ? g_bytes_get_data (body, NULL) : ""), MHD_RESPMEM_MUST_COPY);
    enum MHD_Result result;

    if (body != NULL)
        MHD_add_response_header (response, "Content-Type", "text/plain");
    result = MHD_queue_response (connection, status, response);
    MHD_destroy_response (response);
    return result;
}

static enum MHD_Result
show_note (struct MHD_Connection *connection, const char *number)
{
    GBytes *note;
    enum MHD_Result result;

    g_mutex_lock (&mutex);
    note = g_hash_table_lookup (notes, number);
    if (note != NULL)
        g_bytes_ref (note);
    g_mutex_unlock (&mutex);
    result = answer (connection, note != NULL ? 200 : 404, note);
    g_clear_pointer (&note, g_bytes_unref);
    return result;
}

/* Called for the head, for each piece of a body, and at its end: what came waits in `state`. */
static enum MHD_Result
serve (void *user_data, struct MHD_Connection *connection, const char *path, const char *method,
       const char *version, const char *data, size_t *length, void **state)
{
    const char *number = g_str_has_prefix (path, "/notes/") ? path + 7 : "";
    GByteArray *body = *state;

    if (body == NULL) {
        *state = g_byte_array_new ();
        return MHD_YES;
    }
    if (*length > 0) {
        if (body->len + *length > 1 << 20)
            return MHD_NO;
        g_byte_array_append (body, (const guint8 *) data, *length);
        *length = 0;
        return MHD_YES;
    }
    if (*number == '\0' || number[strspn (number, "0123456789")] != '\0')
        return answer (connection, 404, NULL);
    if (strcmp (method, "GET") == 0 || strcmp (method, "HEAD") == 0)
        return show_note (connection, number);
    if (strcmp (method, "PUT") != 0)
        return answer (connection, 405, NULL);
    g_mutex_lock (&mutex);
    g_hash_table_replace (notes, g_strdup (number), g_bytes_new (body->data, body->len));
    g_mutex_unlock (&mutex);
    return answer (connection, 204, NULL);
}

static void
forget (void *user_data, struct MHD_Connection *connection, void **state,
        enum MHD_RequestTerminationCode why)
{
    if (*state != NULL)
        g_byte_array_unref (*state);
}

int
main (int argc, char **argv)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    struct MHD_Daemon *server;
    sigset_t signals;
    int signal;

    sigemptyset (&signals);
    sigaddset (&signals, SIGTERM);
    sigprocmask (SIG_BLOCK, &signals, NULL);
    address.sin_port = htons (argc > 1 ? atoi (argv[1]) : 8080);
    address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    notes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
    server = MHD_start_daemon (MHD_USE_AUTO_INTERNAL_THREAD, 0, NULL, NULL, serve, NULL,
                               MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_THREAD_POOL_SIZE, 2u,
                               MHD_OPTION_NOTIFY_COMPLETED, forget, NULL, MHD_OPTION_END);
    if (server == NULL)
        return 1;
    printf ("Listening on http://127.0.0.1:%d\n",
            MHD_get_daemon_info (server, MHD_DAEMON_INFO_BIND_PORT)->port);
    fflush (stdout);
    sigwait (&signals, &signal);
    MHD_stop_daemon (server);
    g_hash_table_unref (notes);
    return 0;
}

/* SPDX-License-Identifier: MIT
 *
 * A program with a GMainLoop of its own that asks several servers at once: it names each URL, its
 * status, and how long its body is. */

#include <h3/h3.h>
#include <stdlib.h>

typedef struct {
    GMainLoop *loop;
    int waiting;
    int failed;
} Asking;

static void
on_fetched (GObject *source, GAsyncResult *result, gpointer user_data)
{
    Asking *asking = user_data;
    g_autoptr (GError) error = NULL;
    g_autoptr (H3ClientResponse) response =
        h3_client_fetch_finish (H3_CLIENT (source), result, &error);

    if (response != NULL) {
        g_print ("%s: %u, %zu bytes\n", h3_client_response_get_url (response),
                 h3_client_response_get_status (response),
                 g_bytes_get_size (h3_client_response_get_body (response)));
    } else {
        g_printerr ("%s\n", error->message);
        asking->failed++;
    }
    if (--asking->waiting == 0)
        g_main_loop_quit (asking->loop);
}

static void
ask (H3Client *client, const char *url, Asking *asking)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (H3ClientRequest) request = h3_client_request_new ("GET", url, &error);

    if (request == NULL) {
        g_printerr ("%s\n", error->message);
        asking->failed++;
        return;
    }
    asking->waiting++;
    h3_client_fetch_async (client, request, NULL, on_fetched, asking);
}

int
main (int argc, char **argv)
{
    g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
    g_autoptr (H3Client) client = h3_client_new ();
    Asking asking = { loop, 0, 0 };

    for (int i = 1; i < argc; i++)
        ask (client, argv[i], &asking);
    if (asking.waiting > 0)
        g_main_loop_run (loop);
    return asking.failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

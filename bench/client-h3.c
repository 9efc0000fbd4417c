/* SPDX-License-Identifier: MIT
 *
 * The library's client, measured: "client-h3 URL N IN-FLIGHT" fetches from a handler, on its
 * worker's loop; with "context" behind it from the main context, by the client's own thread. */

#include "client-measure.h"

#include <h3/h3.h>
#include <string.h>

typedef struct {
    Measure measure;
    H3Client *client;         /* owned */
    H3ClientRequest *request; /* owned */
    GMainLoop *loop;          /* borrowed: main () */
} Bench;

static void
check (gboolean is_well, const GError *error)
{
    if (is_well)
        return;
    g_printerr ("client-h3: %s\n", error->message);
    exit (1);
}

static gboolean
end_one (Bench *bench, H3ClientResponse *response)
{
    return measure_end (&bench->measure, h3_client_response_get_status (response),
                        g_bytes_get_size (h3_client_response_get_body (response)));
}

static void on_event_fetched (H3Event *event, H3ClientResponse *response, const GError *error,
                              gpointer user_data);

static void
begin_on_event (Bench *bench, H3Event *event)
{
    if (measure_begin (&bench->measure))
        h3_event_fetch (event, bench->client, bench->request, on_event_fetched, bench, NULL);
}

static void
on_event_fetched (H3Event *event, H3ClientResponse *response, const GError *error,
                  gpointer user_data)
{
    Bench *bench = user_data;

    check (response != NULL, error);
    if (end_one (bench, response)) {
        measure_tell (&bench->measure);
        h3_event_send_text (event, "done");
    } else {
        begin_on_event (bench, event);
    }
}

static void
on_run (H3Event *event, gpointer user_data)
{
    Bench *bench = user_data;

    for (long i = 0; i < bench->measure.in_flight; i++)
        begin_on_event (bench, event);
}

/* A server with one worker, asked once, by another client. */
static void
run_in_handler (Bench *bench)
{
    g_autoptr (H3App) app = h3_app_new ();
    g_autoptr (H3Client) starter = h3_client_new ();
    g_autoptr (H3ClientRequest) request = NULL;
    g_autoptr (H3ClientResponse) response = NULL;
    g_autoptr (GError) error = NULL;
    g_autofree char *url = NULL;

    h3_app_get (app, "/run", on_run, bench);
    h3_server_set_workers (h3_app_get_server (app), 1);
    check (h3_app_set_limit (app, "handler-timeout", 0, &error), error);
    check (h3_app_listen (app, "127.0.0.1:0", &error) && h3_app_start (app, &error), error);
    url = g_strdup_printf ("http://127.0.0.1:%u/run", h3_server_get_port (h3_app_get_server (app)));
    h3_client_set_first_byte_timeout (starter, 0);
    request = h3_client_request_new ("GET", url, &error);
    response = h3_client_fetch (starter, request, NULL, &error);
    check (response != NULL, error);
    h3_app_stop (app);
}

static void on_fetched (GObject *source, GAsyncResult *result, gpointer user_data);

static void
begin_on_context (Bench *bench)
{
    if (measure_begin (&bench->measure))
        h3_client_fetch_async (bench->client, bench->request, NULL, on_fetched, bench);
}

static void
on_fetched (GObject *source, GAsyncResult *result, gpointer user_data)
{
    Bench *bench = user_data;
    g_autoptr (GError) error = NULL;
    g_autoptr (H3ClientResponse) response =
        h3_client_fetch_finish (H3_CLIENT (source), result, &error);

    check (response != NULL, error);
    if (end_one (bench, response))
        g_main_loop_quit (bench->loop);
    else
        begin_on_context (bench);
}

static void
run_on_context (Bench *bench)
{
    g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

    bench->loop = loop;
    for (long i = 0; i < bench->measure.in_flight; i++)
        begin_on_context (bench);
    g_main_loop_run (loop);
    measure_tell (&bench->measure);
}

int
main (int argc, char **argv)
{
    Bench bench = { .client = h3_client_new () };
    g_autoptr (GError) error = NULL;

    measure_init (&bench.measure, argc, argv);
    h3_client_set_max_connections (bench.client, (guint) bench.measure.in_flight);
    bench.request = h3_client_request_new ("GET", bench.measure.url, &error);
    check (bench.request != NULL, error);
    if (argc > 4 && strcmp (argv[4], "context") == 0)
        run_on_context (&bench);
    else
        run_in_handler (&bench);
    h3_client_request_unref (bench.request);
    g_object_unref (bench.client);
    return 0;
}

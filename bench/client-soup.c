/* SPDX-License-Identifier: MIT
 *
 * libsoup 3, measured: "client-soup URL N IN-FLIGHT" fetches whole bodies on the main context. */

#include "client-measure.h"

#include <libsoup/soup.h>

typedef struct {
    Measure measure;
    SoupSession *session; /* owned */
    GUri *url;            /* owned */
    GMainLoop *loop;      /* owned */
} Bench;

static void on_fetched (GObject *source, GAsyncResult *result, gpointer user_data);

static void
begin (Bench *bench)
{
    g_autoptr (SoupMessage) message = NULL;

    if (!measure_begin (&bench->measure))
        return;
    message = soup_message_new_from_uri ("GET", bench->url);
    soup_session_send_and_read_async (bench->session, message, G_PRIORITY_DEFAULT, NULL, on_fetched,
                                      bench);
}

static void
on_fetched (GObject *source, GAsyncResult *result, gpointer user_data)
{
    Bench *bench = user_data;
    g_autoptr (GError) error = NULL;
    SoupMessage *message = soup_session_get_async_result_message (SOUP_SESSION (source), result);
    g_autoptr (GBytes) body =
        soup_session_send_and_read_finish (SOUP_SESSION (source), result, &error);

    if (body == NULL) {
        g_printerr ("client-soup: %s\n", error->message);
        exit (1);
    }
    if (measure_end (&bench->measure, soup_message_get_status (message), g_bytes_get_size (body)))
        g_main_loop_quit (bench->loop);
    else
        begin (bench);
}

int
main (int argc, char **argv)
{
    Bench bench = { .loop = g_main_loop_new (NULL, FALSE) };

    measure_init (&bench.measure, argc, argv);
    bench.url = g_uri_parse (bench.measure.url, SOUP_HTTP_URI_FLAGS, NULL);
    bench.session =
        soup_session_new_with_options ("max-conns", (int) bench.measure.in_flight,
                                       "max-conns-per-host", (int) bench.measure.in_flight, NULL);
    for (long i = 0; i < bench.measure.in_flight; i++)
        begin (&bench);
    g_main_loop_run (bench.loop);
    measure_tell (&bench.measure);
    g_object_unref (bench.session);
    g_uri_unref (bench.url);
    g_main_loop_unref (bench.loop);
    return 0;
}

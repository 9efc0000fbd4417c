/* SPDX-License-Identifier: MIT
 *
 * GIO's asynchronous calls inside handlers: their callbacks come on the handler's own worker. */

#include "demo.h"

#include "demo-route.h"

static void
fail (H3Event *event, const GError *error)
{
    if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    g_warning ("GIO: %s", error->message);
    h3_event_fail_status (event, 500, NULL);
}

static void
on_file_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr (H3Event) event = user_data;
    g_autoptr (GError) error = NULL;
    char *contents;
    gsize length;
    g_autoptr (GBytes) bytes = NULL;

    if (!g_file_load_contents_finish (G_FILE (source), result, &contents, &length, NULL, &error)) {
        fail (event, error);
        return;
    }
    bytes = g_bytes_new_take (contents, length);
    h3_event_send_bytes (event, "text/plain; charset=utf-8", bytes);
}

static void
read_file (H3Event *event, gpointer user_data)
{
    g_autoptr (GFile) file = g_file_new_for_path ("/etc/os-release");

    g_file_load_contents_async (file, h3_event_get_cancellable (event), on_file_read,
                                h3_event_defer (event));
}

static void
on_process_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr (H3Event) event = user_data;
    g_autoptr (GError) error = NULL;
    g_autofree char *output = NULL;

    if (g_subprocess_communicate_utf8_finish (G_SUBPROCESS (source), result, &output, NULL, &error))
        h3_event_send_text (event, output);
    else
        fail (event, error);
}

static void
run_process (H3Event *event, gpointer user_data)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GSubprocess) process =
        g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, "uname", "-sr", NULL);

    if (process == NULL)
        fail (event, error);
    else
        g_subprocess_communicate_utf8_async (process, NULL, h3_event_get_cancellable (event),
                                             on_process_done, h3_event_defer (event));
}

static gboolean
on_timeout (gpointer user_data)
{
    h3_event_send_text (user_data, "A GSource of this worker's own context has fired.\n");
    return G_SOURCE_REMOVE;
}

static void
wait_for_source (H3Event *event, gpointer user_data)
{
    gint64 milliseconds = demo_read_number (event, "ms", 50000);
    g_autoptr (GSource) source = NULL;

    if (milliseconds < 0)
        return;
    source = g_timeout_source_new ((guint) milliseconds);
    g_source_set_callback (source, on_timeout, h3_event_defer (event),
                           (GDestroyNotify) h3_event_unref);
    g_source_attach (source, g_main_context_get_thread_default ());
}

void
demo_add_gio (H3App *app)
{
    demo_add (app, "GET", "/gio/file", read_file, NULL, "/etc/os-release, read with GIO");
    demo_add (app, "GET", "/gio/process", run_process, NULL, "What uname prints, by a GSubprocess");
    demo_add (app, "GET", "/gio/timeout", wait_for_source, NULL,
              "Answers ?ms= milliseconds later, by a GSource");
}

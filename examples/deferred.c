/* SPDX-License-Identifier: MIT
 *
 * Answers that come later than their handlers return: from a thread of the program, from the
 * server's pool of threads, from a timer, from GIO. */

#include <h3/h3.h>
#include <jansson.h>

/* GET /thread: whoever holds the event may answer it, from any thread. */
static gpointer
answer_from_thread (gpointer user_data)
{
    g_autoptr (H3Event) event = user_data;

    h3_event_send_text (event, "from a thread\n");
    return NULL;
}

static void
start_thread (H3Event *event, gpointer user_data)
{
    g_thread_unref (g_thread_new ("answer", answer_from_thread, h3_event_defer (event)));
}

/* GET /sum/:last: the pool works on its own data; the answer is made on the event's worker. */
typedef struct {
    guint64 last;
    guint64 sum;
    gboolean is_cut;
} Sum;

static void
add_up (gpointer data, GCancellable *cancellable)
{
    Sum *sum = data;

    for (guint64 i = 1; i <= sum->last; i++) {
        if (i % 65536 == 0 && g_cancellable_is_cancelled (cancellable)) {
            sum->is_cut = TRUE; /* nobody waits for it any more */
            return;
        }
        sum->sum += i;
    }
}

static void
show_sum (H3Event *event, gpointer data)
{
    const Sum *sum = data;

    if (sum->is_cut)
        h3_event_fail_status (event, 503, NULL);
    else
        h3_event_send_json (event, json_pack ("{s:I}", "sum", (json_int_t) sum->sum));
}

static void
start_sum (H3Event *event, gpointer user_data)
{
    Sum *sum;
    guint64 last;

    if (!h3_view_parse_uint (h3_view_of (h3_event_get_param (event, "last")), G_MAXUINT32, &last)) {
        h3_event_fail (event, h3_http_error_new (400, "That is no number, or too large a one."));
        return;
    }
    sum = g_new0 (Sum, 1);
    sum->last = last;
    h3_event_offload (event, add_up, show_sum, sum, g_free);
}

/* GET /timer: a tenth of a second later. The timer's end drops its reference to the event. */
static void
answer_in_time (H3Timer *timer, gpointer user_data)
{
    h3_event_send_text (user_data, "from a timer\n");
}

static void
start_timer (H3Event *event, gpointer user_data)
{
    h3_timer_unref (h3_timer_start (100, FALSE, answer_in_time, h3_event_defer (event),
                                    (GDestroyNotify) h3_event_unref));
}

/* GET /space: GIO's asynchronous calls come back on the worker that made them. */
static void
show_space (GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr (H3Event) event = user_data;
    g_autoptr (GError) error = NULL;
    g_autoptr (GFileInfo) info =
        g_file_query_filesystem_info_finish (G_FILE (source), result, &error);

    if (info == NULL) {
        h3_event_fail (event, g_steal_pointer (&error));
        return;
    }
    h3_event_send_json (event, json_pack ("{s:I}", "free",
                                          (json_int_t) g_file_info_get_attribute_uint64 (
                                              info, G_FILE_ATTRIBUTE_FILESYSTEM_FREE)));
}

static void
ask_space (H3Event *event, gpointer user_data)
{
    g_autoptr (GFile) root = g_file_new_for_path ("/");

    g_file_query_filesystem_info_async (root, G_FILE_ATTRIBUTE_FILESYSTEM_FREE, G_PRIORITY_DEFAULT,
                                        h3_event_get_cancellable (event), show_space,
                                        h3_event_defer (event));
}

int
main (int argc, char **argv)
{
    g_autoptr (H3App) app = h3_app_new ();

    h3_app_get (app, "/thread", start_thread, NULL);
    h3_app_get (app, "/sum/:last", start_sum, NULL);
    h3_app_get (app, "/timer", start_timer, NULL);
    h3_app_get (app, "/space", ask_space, NULL);
    return h3_app_run (app, argc, argv);
}

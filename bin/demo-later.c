/* SPDX-License-Identifier: MIT
 *
 * Answers that are not made at once: streamed, deferred, made off the loop. */

#include "demo.h"

#include "demo-route.h"

#define MAX_MILLISECONDS 50000

static void
resume_echo (H3Event *event, gpointer user_data)
{
    h3_event_resume_body (event);
}

/* Each side is slowed down by the other: what the client does not take is not read. */
static void
echo_piece (H3Event *event, const char *data, gsize length, const GError *error, gpointer user_data)
{
    if (error != NULL)
        return;
    if (data == NULL) {
        h3_event_finish (event);
        return;
    }
    if (!h3_event_write (event, data, length)) {
        h3_event_pause_body (event);
        h3_event_on_drain (event, resume_echo, NULL, NULL);
    }
}

static void
echo (H3Event *event, gpointer user_data)
{
    H3Request *request = h3_event_get_request (event);
    const char *type = h3_request_get_header (request, "Content-Type");

    h3_response_set_content_type (h3_event_get_response (event),
                                  type != NULL ? type : "application/octet-stream");
    h3_event_read_body (event, echo_piece, NULL, NULL);
    h3_event_start_stream (event, h3_request_get_content_length (request));
}

static void
answer_slowly (H3Event *event, gpointer user_data)
{
    h3_event_send_json_text (event, "{\"slow\":true}");
}

static void
wait_slowly (H3Event *event, gpointer user_data)
{
    gint64 milliseconds = demo_read_number (event, "ms", MAX_MILLISECONDS);

    if (milliseconds >= 0)
        h3_event_after (event, (guint) milliseconds, answer_slowly, NULL, NULL);
}

static GMutex rest_lock;
static GCond rest_ended;

static void
end_rest (GCancellable *cancellable, gpointer data)
{
    g_mutex_lock (&rest_lock);
    g_cond_broadcast (&rest_ended);
    g_mutex_unlock (&rest_lock);
}

/* Sleeps until its time is up or nobody waits for it any more. Not by the cancellable's descriptor:
 * where there is none left GLib would end the process. */
static void
work (gpointer data, GCancellable *cancellable)
{
    gint64 end = g_get_monotonic_time () + (gint64) GPOINTER_TO_UINT (data) * 1000;
    gulong watch = g_cancellable_connect (cancellable, G_CALLBACK (end_rest), NULL, NULL);

    g_mutex_lock (&rest_lock);
    while (!g_cancellable_is_cancelled (cancellable)
           && g_cond_wait_until (&rest_ended, &rest_lock, end))
        ;
    g_mutex_unlock (&rest_lock);
    g_cancellable_disconnect (cancellable, watch);
}

static void
answer_work (H3Event *event, gpointer data)
{
    h3_event_send_json_text (event, "{\"worked\":true}");
}

static void
work_hard (H3Event *event, gpointer user_data)
{
    gint64 milliseconds = demo_read_number (event, "ms", MAX_MILLISECONDS);

    if (milliseconds >= 0)
        h3_event_offload (event, work, answer_work, GUINT_TO_POINTER (milliseconds), NULL);
}

void
demo_add_later (H3App *app)
{
    h3_route_set_body (
        demo_add (app, "POST", "/echo", echo, NULL, "The body, streamed back, any size"),
        H3_BODY_STREAMED, 0);
    demo_add (app, "GET", "/slow", wait_slowly, NULL,
              "Answers ?ms= milliseconds later, by a timer");
    demo_add (app, "GET", "/work", work_hard, NULL,
              "Answers ?ms= milliseconds later, from a thread");
}

/* SPDX-License-Identifier: MIT
 *
 * Server-sent events: GET /news listens, POST /news tells all who listen. Who comes back is given
 * what was told meanwhile. */

#include <h3/h3.h>

static void
listen_to_news (H3Event *event, gpointer channel)
{
    g_autoptr (H3Sse) sse = h3_sse_start (event);

    if (sse != NULL)
        h3_sse_subscribe (sse, channel, h3_event_get_last_event_id (event));
}

static void
tell_news (H3Event *event, gpointer channel)
{
    const char *headline = h3_event_get_query (event, "headline");

    if (headline == NULL) {
        h3_event_fail_status (event, 400, "The query has no headline.");
        return;
    }
    h3_channel_publish_text (channel, "headline", headline);
    h3_event_send_empty (event, 204);
}

int
main (int argc, char **argv)
{
    g_autoptr (H3App) app = h3_app_new ();
    g_autoptr (H3Channel) news = h3_channel_new ();

    h3_channel_set_replay (news, 100, 64 * 1024);
    h3_app_get (app, "/news", listen_to_news, news);
    h3_app_post (app, "/news", tell_news, news);
    return h3_app_run (app, argc, argv);
}

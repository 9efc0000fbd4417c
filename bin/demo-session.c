/* SPDX-License-Identifier: MIT
 *
 * What is remembered of a client: in the store of --store, or sealed in its cookie; and tokens
 * against requests that another site forges. */

#include "demo.h"

#include "demo-route.h"

#include <jansson.h>

static void
count (H3Event *event, gpointer user_data)
{
    GError *error = NULL;
    gint64 n;

    if (h3_session_add_int (h3_event_get_session (event), "count", 1, &n, &error))
        demo_send_json (event, json_pack ("{s:I}", "count", (json_int_t) n));
    else
        h3_event_fail (event, error);
}

/* Who shows who they are get another id, so that one which others knew is of no use. */
static void
log_in (H3Event *event, gpointer user_data)
{
    GError *error = NULL;

    if (h3_session_regenerate (h3_event_get_session (event), &error))
        demo_send_json (event, json_pack ("{s:b}", "regenerated", TRUE));
    else
        h3_event_fail (event, error);
}

static void
log_out (H3Event *event, gpointer user_data)
{
    h3_session_destroy (h3_event_get_session (event));
    h3_event_send_empty (event, 204);
}

static void
give_token (H3Event *event, gpointer user_data)
{
    GError *error = NULL;
    const char *token = h3_event_get_csrf_token (event, &error);

    if (token != NULL)
        demo_send_json (event, json_pack ("{s:s}", "token", token));
    else
        h3_event_fail (event, error);
}

static void
take_token (H3Event *event, gpointer user_data)
{
    demo_send_json (event, json_pack ("{s:b}", "accepted", TRUE));
}

/* (transfer full): its key is made anew at each start, and ends with it. Where there are no random
 * bytes for one, what would be sealed is answered 500. */
static H3Middleware *
make_sealed (void)
{
    g_autoptr (H3Sealer) sealer = h3_sealer_new ();
    H3SessionsOptions options;

    (void) h3_sealer_generate_key (sealer, NULL);
    h3_sessions_options_init (&options);
    options.sealer = sealer;
    options.name = "sealed";
    return h3_sessions_new_full (&options, NULL);
}

void
demo_add_session (H3App *app)
{
    H3Middleware *sessions = h3_sessions_new (demo_get_store ());
    H3Middleware *tokens = h3_csrf_new (demo_get_store ());
    H3Route *const in_store[] = {
        demo_add (app, "GET", "/session", count, NULL,
                  "Counts the requests of a session, one more each time"),
        demo_add (app, "POST", "/session/login", log_in, NULL,
                  "The same session under another id, as at a login"),
        demo_add (app, "POST", "/session/logout", log_out, NULL, "Ends the session"),
        demo_add (app, "GET", "/csrf", give_token, NULL, "A token against forged requests"),
        demo_add (app, "POST", "/csrf", take_token, NULL,
                  "200 with a token from GET /csrf, in X-CSRF-Token or csrf_token of a form"),
    };
    H3Route *sealed = demo_add (app, "GET", "/session/sealed", count, NULL,
                                "The same as /session, sealed in the cookie itself");

    for (gsize i = 0; i < G_N_ELEMENTS (in_store); i++)
        h3_app_use_for (app, in_store[i], h3_middleware_ref (sessions));
    for (gsize i = 3; i < G_N_ELEMENTS (in_store); i++)
        h3_app_use_for (app, in_store[i], h3_middleware_ref (tokens));
    h3_app_use_for (app, sealed, make_sealed ());
    h3_middleware_unref (sessions);
    h3_middleware_unref (tokens);
}

/* SPDX-License-Identifier: MIT */

#include "demo.h"

#include "access-log-option.h"

/* Adds /static/ with the files of a directory. */
static gboolean
take_static (const char *name, const char *value, gpointer data, GError **error)
{
    H3App *app = data;
    H3StaticFiles *files = h3_static_files_new (value, error);

    if (files == NULL)
        return FALSE;
    h3_static_files_set_listing (files, TRUE);
    demo_add_files (app, files);
    return TRUE;
}

/* What options say; read when the server has started. */
static gboolean is_compressing = TRUE, may_fetch;

/* In the order of the page of `/`. */
static void
add_routes (H3App *app)
{
    demo_open_metrics (app); /* first: what it measures is all that stands behind it */
    demo_add_page (app);
    demo_add_cors (app);
    demo_add_plain (app);
    demo_add_health (app);
    demo_add_metrics (app);
    demo_add_inspect (app);
    demo_add_field (app);
    demo_add_status (app);
    demo_add_redirect (app);
    demo_add_cookie (app);
    demo_add_session (app);
    demo_add_auth (app);
    demo_add_token (app);
    demo_add_cache (app);
    demo_add_document (app);
    demo_add_image (app);
    demo_add_answer (app);
    demo_add_link (app);
    demo_add_base64 (app);
    demo_add_later (app);
    demo_add_upload (app);
    demo_add_validation (app);
    demo_add_json_rpc (app);
    demo_add_json_lines (app);
    demo_add_bytes (app);
    demo_add_stream (app);
    demo_add_message (app);
    demo_add_websocket (app);
    demo_add_gio (app);
    demo_add_sse (app);
    demo_add_store (app);
    demo_add_proxy (app);
    demo_add_tls (app);
    demo_add_trace (app);
    demo_add_fetch (app, &may_fetch);
    demo_add_limited (app);
    demo_add_idempotent (app);
    demo_add_seal (app);
    demo_add_workflow (app);
    demo_add_rules (app);
    demo_add_security (app);
    demo_add_compression (app, &is_compressing);
    demo_add_dashboard (app);
    demo_add_openapi (app);
    demo_add_bench (app); /* last: nothing that costs time stands before these */
}

int
demo_run (int argc, char **argv)
{
    static const GOptionEntry entries[] = {
        ACCESS_LOG_OPTION,
        { "static", 0, 0, G_OPTION_ARG_CALLBACK, take_static,
          "Serve the files of this directory at /static/", "DIRECTORY" },
        { "store", 0, 0, G_OPTION_ARG_CALLBACK, demo_take_store,
          "Keep what outlives a request there: memory:, redis://…; default: each route by itself",
          "URL" },
        { "proxy", 0, 0, G_OPTION_ARG_CALLBACK, demo_take_proxy,
          "Hand requests for /proxy/ on to this server; may be given several times", "URL" },
        { "token-key", 0, 0, G_OPTION_ARG_CALLBACK, demo_take_token_key,
          "Sign tokens with the private key in this file (PEM); default: one of its own", "FILE" },
        { "workflow", 0, 0, G_OPTION_ARG_CALLBACK, demo_take_workflow,
          "Run the plan in this file too, by /workflows; may be given several times", "FILE" },
        { "data", 0, 0, G_OPTION_ARG_CALLBACK, demo_take_data,
          "Keep the runs of workflows in this directory; default: in memory", "DIRECTORY" },
        { "queue", 0, 0, G_OPTION_ARG_CALLBACK, demo_take_queue,
          "Share the runs of workflows with others, by this Redis: redis://…", "URL" },
        { "no-compression", 0, G_OPTION_FLAG_REVERSE, G_OPTION_ARG_NONE, &is_compressing,
          "Send answers as they are, whatever clients accept", NULL },
        { "allow-fetch", 0, 0, G_OPTION_ARG_NONE, &may_fetch,
          "Have /fetch ask any server: whoever reaches this one reaches those that it reaches",
          NULL },
        { NULL, 0, 0, 0, NULL, NULL, NULL }
    };
    g_autoptr (H3App) app = h3_app_new ();
    int status;

    g_set_prgname ("h3d demo");
    demo_open_store (argv);
    add_routes (app);
    h3_app_add_options (app, entries, app);
    status = h3_app_run (app, argc, argv);
    demo_close_metrics ();
    demo_close_workflows ();
    demo_close_store ();
    return status;
}

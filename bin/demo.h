/* SPDX-License-Identifier: MIT
 *
 * `h3d demo`: what the library can do, on one server that HTTP clients can be tested against. */

#pragma once

#include <h3/h3.h>

/* The whole command; returns its exit status. */
int demo_run (int argc, char **argv);

/* Looks for --store before routes are added; the option's own function finds it open, or says what
 * is wrong with it. */
void demo_open_store (char **argv);
gboolean demo_take_store (const char *name, const char *value, gpointer data, GError **error);
void demo_close_store (void);

/* Each adds the routes of its own file, demo-….c, which says what they are for. */
void demo_add_answer (H3App *app);
void demo_add_auth (H3App *app);
void demo_add_base64 (H3App *app);
void demo_add_bytes (H3App *app);
void demo_add_bench (H3App *app);
void demo_add_cache (H3App *app);
void demo_add_cookie (H3App *app);
void demo_add_cors (H3App *app);
void demo_add_dashboard (H3App *app);
void demo_add_document (H3App *app);
void demo_add_fetch (H3App *app, const gboolean *is_open); /* read at each request */
void demo_add_field (H3App *app);
void demo_add_gio (H3App *app);
void demo_add_health (H3App *app);
void demo_add_idempotent (H3App *app);
void demo_add_inspect (H3App *app);
void demo_add_json_lines (H3App *app);
void demo_add_json_rpc (H3App *app);
void demo_add_later (H3App *app);
void demo_add_limited (H3App *app);
void demo_add_link (H3App *app);
/* demo-metrics.c: measures all routes that are not left out; before any of them is added. */
void demo_open_metrics (H3App *app);
/* (transfer none): there from then on until they are closed, behind the server's end. */
H3Metrics *demo_get_metrics (void);
H3Trend *demo_get_trend (void);
void demo_add_metrics (H3App *app);
void demo_close_metrics (void);
/* demo-openapi.c: behind all routes that it tells of. */
void demo_add_openapi (H3App *app);
void demo_add_page (H3App *app);
void demo_add_plain (H3App *app);
/* demo-proxy.c; the second is the callback of the option with the URL of a server. */
void demo_add_proxy (H3App *app);
gboolean demo_take_proxy (const char *name, const char *value, gpointer data, GError **error);
void demo_add_redirect (H3App *app);
void demo_add_session (H3App *app);
void demo_add_rules (H3App *app);
void demo_add_security (H3App *app);
void demo_add_status (H3App *app);
/* demo-store.c: what --store URL names, (transfer none) (nullable). It is there before any routes
 * are added, so they give it to the batteries they make; without the option it is NULL, and each
 * battery keeps what it must in a store of its own. */
H3Store *demo_get_store (void);
void demo_add_store (H3App *app);
void demo_add_stream (H3App *app);
/* demo-token.c; the second is the callback of the option with the file of its key. */
void demo_add_token (H3App *app);
gboolean demo_take_token_key (const char *name, const char *value, gpointer data, GError **error);
/* demo-compression.c: answers in codings; those of all routes that were added before, while
 * `*is_on`, which is set before the start. */
void demo_add_compression (H3App *app, const gboolean *is_on);
void demo_add_websocket (H3App *app);
void demo_add_image (H3App *app);
void demo_add_files (H3App *app, H3StaticFiles *files);
void demo_add_message (H3App *app);
void demo_add_sse (H3App *app);
void demo_add_trace (H3App *app);
void demo_add_upload (H3App *app);
void demo_add_tls (H3App *app);
void demo_add_validation (H3App *app);
void demo_add_seal (H3App *app);
/* demo-workflow.c; the others are callbacks of options, the last is for the end. */
void demo_add_workflow (H3App *app);
gboolean demo_take_workflow (const char *name, const char *value, gpointer data, GError **error);
gboolean demo_take_data (const char *name, const char *value, gpointer data, GError **error);
gboolean demo_take_queue (const char *name, const char *value, gpointer data, GError **error);
/* (transfer none): until that. */
H3Workflows *demo_get_workflows (void);
void demo_close_workflows (void);

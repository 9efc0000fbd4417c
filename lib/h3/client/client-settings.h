/* SPDX-License-Identifier: MIT
 *
 * What a client goes by: options while the program makes them, settings from the first fetch on.
 * Options are their owner's, one thread at a time. Settings never change; they are
 * reference-counted, and any thread's. */

#pragma once

#include <h3/client/client-peer.h>
#include <h3/client/client-request-inside.h>
#include <h3/client/client-cookies.h>
#include <h3/net/client-tls-context.h>

G_BEGIN_DECLS

/* Zeroed but for what client_options_init () sets. */
typedef struct {
    H3ClientTls *tls; /* owned; NULL: the default */
    char *proxy;      /* owned; NULL: none; "environment" */
    char *unix_path;  /* owned; NULL: TCP */
    char *user_agent; /* owned; NULL: none */
    gboolean cookies;
    gboolean decode;
    guint max_redirects;
    guint64 max_body;
    guint max_connections;
    guint waits[N_CLIENT_WAITS]; /* milliseconds; 0: for ever */
} ClientOptions;

void client_options_init (ClientOptions *options);
void client_options_clear (ClientOptions *options);

typedef struct _ClientSettings ClientSettings;

/* (transfer full): takes the options, which are zeroed then. */
ClientSettings *client_settings_new (ClientOptions *options);
ClientSettings *client_settings_ref (ClientSettings *settings);
/* NULL is allowed. */
void client_settings_unref (ClientSettings *settings);

/* Borrowed. */
const ClientOptions *client_settings_get_options (const ClientSettings *settings);
/* (transfer none) (nullable): NULL: none are kept. */
ClientCookies *client_settings_get_cookies (const ClientSettings *settings);

/* (transfer full) (nullable): where requests for `url` go. NULL with H3_CLIENT_ERROR: the settings
 * cannot be: the proxy, the files of TLS (which are read when they are needed first). */
ClientPeer *client_settings_make_peer (ClientSettings *settings, GUri *url, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ClientSettings, client_settings_unref)

G_END_DECLS

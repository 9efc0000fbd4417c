/* SPDX-License-Identifier: MIT
 *
 * Which proxy a request goes through, as a program or its environment says. Never changed once
 * made; any thread. */

#pragma once

#include <h3/base/error.h>

G_BEGIN_DECLS

typedef struct {
    char *host; /* owned, as the other */
    guint16 port;
    char *authorization; /* (nullable): "Basic …": for the proxy alone */
} ClientProxy;

typedef struct _ClientProxies ClientProxies;

/* As getenv (). */
typedef const char *(*ClientProxiesLookup) (const char *name);

/* (transfer full) (nullable): one for all. NULL with H3_CLIENT_ERROR_INVALID_URL, which names
 * `from` but not the URL. */
ClientProxies *client_proxies_new (const char *url, const char *from, GError **error);

/* (transfer full) (nullable): what http_proxy, https_proxy or HTTPS_PROXY, all_proxy or ALL_PROXY,
 * and no_proxy or NO_PROXY say; an empty one says nothing. NULL with
 * H3_CLIENT_ERROR_INVALID_URL. */
ClientProxies *client_proxies_new_from_environment (ClientProxiesLookup lookup, GError **error);

/* NULL is allowed. */
void client_proxies_free (ClientProxies *proxies);

/* (nullable): borrowed; NULL: straight. */
const ClientProxy *client_proxies_find (const ClientProxies *proxies, GUri *url);

/* Whether `list` has the host of `url`: names, which stand for those below them too, with a dot in
 * front or not; addresses and blocks of them; each with a port or without; "*" for all. */
gboolean client_proxies_are_avoided (const char *list, GUri *url);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ClientProxies, client_proxies_free)

G_END_DECLS

/* SPDX-License-Identifier: MIT
 *
 * The server's TLS: which addresses have it, and its files, read at the start and at each reload.
 */

#include "server-private.h"

#include <h3/base/error.h>

void
h3_server_set_tls (H3Server *server, const H3TlsSettings *settings)
{
    g_return_if_fail (H3_IS_SERVER (server));
    g_return_if_fail (!h3_server_is_running (server));
    g_clear_pointer (&server->tls_settings, h3_tls_settings_free);
    if (settings != NULL)
        server->tls_settings = h3_tls_settings_copy (settings);
}

gboolean
server_open_tls (H3Server *server, GError **error)
{
    if (server->tls_settings == NULL)
        return TRUE;
    server->tls = tls_new (server->tls_settings, error);
    return server->tls != NULL;
}

/* No reload is reading the files then, or begins to. */
void
server_close_tls (H3Server *server)
{
    pthread_mutex_lock (&server->reloading);
    g_clear_pointer (&server->tls, tls_free);
    pthread_mutex_unlock (&server->reloading);
}

gboolean
server_choose_tls (const H3Server *server, const ListenAddress *address, const char *text,
                   gboolean *out_is_secure, GError **error)
{
    *out_is_secure = address->scheme == LISTEN_HTTPS
                     || (address->scheme == LISTEN_AS_SERVER && server->tls != NULL);
    if (!*out_is_secure || server->tls != NULL)
        return TRUE;
    g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                 "cannot listen on %s: TLS needs a certificate: give --tls-certificate and "
                 "--tls-key (or --tls-self-signed for a test), or write http://",
                 text);
    return FALSE;
}

void
server_reload_tls (H3Server *server)
{
    g_autoptr (GError) error = NULL;

    pthread_mutex_lock (&server->reloading);
    if (server->tls != NULL)
        (void) tls_reload (server->tls, &error);
    pthread_mutex_unlock (&server->reloading);
    if (error != NULL)
        g_message ("the certificates stay as they were: %s", error->message);
}

/* SPDX-License-Identifier: MIT */

#include "client-secure.h"

#include <string.h>

static ClientTlsContext *
make_context (const ClientSecure *secure)
{
    g_autoptr (H3ClientTls) tls = h3_client_tls_new ();
    g_autofree char *authorities = file_tree_path (&secure->tree, "authority.pem");
    g_autoptr (GError) error = NULL;
    ClientTlsContext *context;

    h3_client_tls_set_authorities (tls, authorities);
    context = client_tls_context_new (tls, &error);
    ck_assert_msg (context != NULL, "%s", error != NULL ? error->message : "");
    return context;
}

void
client_secure_init (ClientSecure *secure, ClientFixture *fixture)
{
    static const TlsWish wish = { .names = "DNS:localhost,IP:127.0.0.1" };

    memset (secure, 0, sizeof *secure);
    file_tree_init (&secure->tree);
    tls_authority_init (&secure->authority, "the authority");
    tls_authority_write (&secure->authority, &secure->tree, "authority.pem");
    tls_authority_sign (&secure->authority, &secure->tree, "one", &wish);
    secure->wish.certificate = secure->certificate = file_tree_path (&secure->tree, "one.pem");
    secure->wish.key = secure->key = file_tree_path (&secure->tree, "one.key");
    secure->context = make_context (secure);
    fixture->settings.is_secure = TRUE;
    fixture->settings.tls = secure->context;
}

void
client_secure_clear (ClientSecure *secure, ClientFixture *fixture)
{
    client_peer_unref (g_steal_pointer (&fixture->peer));
    client_tls_context_unref (secure->context);
    tls_authority_clear (&secure->authority);
    file_tree_clear (&secure->tree);
    g_free (secure->certificate);
    g_free (secure->key);
}

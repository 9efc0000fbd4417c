/* SPDX-License-Identifier: MIT */

#include "tls-context.h"

#include "tls-files.h"
#include "tls-policy.h"
#include "tls-settings-private.h"

#include <h3/base/error.h>
#include <h3/base/view.h>
#include <h3/crypto/certificate-inside.h>
#include <h3/crypto/key-inside.h>
#include <h3/loop/clock.h>

#include <openssl/err.h>
#include <stdatomic.h>
#include <string.h>

/* Chacha first for clients that put it first, since they have no AES in hardware. */
#define OPTIONS                                                                                    \
    (SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA                                    \
     | SSL_OP_NO_SESSION_RESUMPTION_ON_RENEGOTIATION)

/* One certificate, and what it is offered with. */
typedef struct {
    TlsContext *all; /* borrowed: its owner */
    SSL_CTX *native; /* owned */
    GBytes *ocsp;    /* owned; NULL: none */
    gint64 ocsp_until;
} Site;

struct _TlsContext {
    atomic_int refs;
    TlsTickets *tickets; /* ref */
    GPtrArray *sites;    /* owned: Site; the first is for who asks for none of them */
    GHashTable *names;   /* owned: names in lower case, "*.example.org" too, to sites (borrowed) */
};

static void
free_site (gpointer data)
{
    Site *site = data;

    SSL_CTX_free (site->native);
    if (site->ocsp != NULL)
        g_bytes_unref (site->ocsp);
    g_free (site);
}

TlsContext *
tls_context_ref (TlsContext *context)
{
    atomic_fetch_add_explicit (&context->refs, 1, memory_order_relaxed);
    return context;
}

void
tls_context_unref (TlsContext *context)
{
    if (context == NULL || atomic_fetch_sub_explicit (&context->refs, 1, memory_order_acq_rel) != 1)
        return;
    g_hash_table_unref (context->names);
    g_ptr_array_unref (context->sites);
    tls_tickets_unref (context->tickets);
    g_free (context);
}

static gboolean
fail (GError **error, const char *what)
{
    const char *reason = ERR_reason_error_string (ERR_peek_last_error ());

    g_set_error (error, H3_ERROR, H3_ERROR_FAILED, "%s: %s", what,
                 reason != NULL ? reason : "OpenSSL does not say why");
    ERR_clear_error ();
    return FALSE;
}

/* NULL: there is none for that name. */
static Site *
find_site (const TlsContext *context, const char *name)
{
    char lower[TLSEXT_MAXLEN_host_name + 1];
    gsize length = strlen (name);
    const char *dot;
    Site *site;

    if (length >= sizeof lower)
        return NULL;
    for (gsize i = 0; i <= length; i++)
        lower[i] = g_ascii_tolower (name[i]);
    site = g_hash_table_lookup (context->names, lower);
    dot = strchr (lower, '.');
    if (site != NULL || dot == NULL || dot == lower)
        return site;
    /* A wildcard stands for one label. */
    lower[dot - lower - 1] = '*';
    return g_hash_table_lookup (context->names, dot - 1);
}

static int
on_server_name (SSL *ssl, int *alert, void *data)
{
    const TlsContext *context = data;
    const char *name = SSL_get_servername (ssl, TLSEXT_NAMETYPE_host_name);
    const Site *site = name != NULL ? find_site (context, name) : NULL;

    if (site == NULL)
        return SSL_TLSEXT_ERR_NOACK;
    if (site->native != SSL_get_SSL_CTX (ssl))
        (void) SSL_set_SSL_CTX (ssl, site->native);
    return SSL_TLSEXT_ERR_OK;
}

/* Who offers nothing that is spoken here is told so, instead of being answered in another tongue.
 */
static int
on_protocols (SSL *ssl, const unsigned char **out, unsigned char *out_length,
              const unsigned char *offered, unsigned int length, void *data)
{
    static const unsigned char spoken[] = "\x08http/1.1";

    if (SSL_select_next_proto ((unsigned char **) out, out_length, spoken, sizeof spoken - 1,
                               offered, length)
        != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    return SSL_TLSEXT_ERR_OK;
}

static int
on_ticket (SSL *ssl, unsigned char *name, unsigned char *iv, EVP_CIPHER_CTX *cipher,
           EVP_MAC_CTX *mac, int is_new)
{
    const Site *site = SSL_CTX_get_app_data (SSL_get_SSL_CTX (ssl));

    int result = tls_tickets_use (site->all->tickets, name, iv, cipher, mac, is_new);

    /* Clients of TLS 1.3 use a ticket once, so that nobody can tell that they are the same. */
    return result == 1 && !is_new && SSL_version (ssl) >= TLS1_3_VERSION ? 2 : result;
}

/* An answer that is out of date would have the client give up. */
static int
on_status_wanted (SSL *ssl, void *data)
{
    const Site *site = data;
    gsize length;
    gconstpointer bytes;
    unsigned char *copy;

    if (site->ocsp == NULL || clock_get_real_seconds () >= site->ocsp_until)
        return SSL_TLSEXT_ERR_NOACK;
    bytes = g_bytes_get_data (site->ocsp, &length);
    copy = OPENSSL_memdup (bytes, length);
    if (copy == NULL)
        return SSL_TLSEXT_ERR_NOACK;
    (void) SSL_set_tlsext_status_ocsp_resp (ssl, copy, (long) length);
    return SSL_TLSEXT_ERR_OK;
}

static void
set_callbacks (Site *site)
{
    SSL_CTX_set_app_data (site->native, site);
    SSL_CTX_set_tlsext_servername_callback (site->native, on_server_name);
    SSL_CTX_set_tlsext_servername_arg (site->native, site->all);
    SSL_CTX_set_alpn_select_cb (site->native, on_protocols, NULL);
    SSL_CTX_set_tlsext_ticket_key_evp_cb (site->native, on_ticket);
    SSL_CTX_set_tlsext_status_cb (site->native, on_status_wanted);
    SSL_CTX_set_tlsext_status_arg (site->native, site);
}

/* Sessions are in their tickets only, so that all workers know them. Those of clients that were let
 * in by other authorities are not resumed. */
static gboolean
set_clients (Site *site, const H3TlsSettings *settings, GError **error)
{
    guint8 id[EVP_MAX_MD_SIZE] = { 0 };
    int mode = SSL_VERIFY_NONE;

    if (settings->clients != H3_TLS_CLIENTS_ANY) {
        if (!tls_authorities_read (site->native, settings->authorities, id, error))
            return FALSE;
        mode = SSL_VERIFY_PEER;
    }
    if (settings->clients == H3_TLS_CLIENTS_KNOWN)
        mode |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
    SSL_CTX_set_verify (site->native, mode, NULL);
    id[0] ^= (guint8) settings->clients;
    SSL_CTX_set_session_cache_mode (site->native, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_timeout (site->native, TLS_TICKETS_LIFE_SECONDS);
    return SSL_CTX_set_session_id_context (site->native, id, SSL_MAX_SID_CTX_LENGTH) == 1
           || fail (error, "TLS cannot be set up");
}

static gboolean
set_up (Site *site, const H3TlsSettings *settings, GError **error)
{
    site->native = SSL_CTX_new (TLS_server_method ());
    if (site->native == NULL || !tls_policy_apply (site->native, settings->minimum))
        return fail (error, "TLS cannot be set up");
    SSL_CTX_set_options (site->native, OPTIONS);
    set_callbacks (site);
    return set_clients (site, settings, error);
}

/* The first that has a name keeps it. */
static void
add_names (TlsContext *context, Site *site, X509 *certificate)
{
    g_auto (GStrv) names = tls_certificate_dup_names (certificate);

    for (guint i = 0; names[i] != NULL; i++) {
        if (!g_hash_table_contains (context->names, names[i]))
            g_hash_table_insert (context->names, g_strdup (names[i]), site);
    }
}

static gboolean
use_made (Site *site, const TlsFiles *files)
{
    X509 *certificate = certificate_get_x509 (files->made);
    EVP_PKEY *key = key_get_pkey (files->made_key);

    return SSL_CTX_use_cert_and_key (site->native, certificate, key, NULL, 1) == 1;
}

static gboolean
add_site (TlsContext *context, const H3TlsSettings *settings, const TlsFiles *files, GError **error)
{
    g_auto (TlsPair) pair = { 0 };
    Site *site = g_new0 (Site, 1);

    site->all = context;
    g_ptr_array_add (context->sites, site);
    if (!set_up (site, settings, error))
        return FALSE;
    if (files->made != NULL)
        return use_made (site, files) || fail (error, "the certificate that was made");
    if (!tls_pair_read (&pair, files->certificate, files->key, error))
        return FALSE;
    if (SSL_CTX_use_cert_and_key (site->native, pair.certificate, pair.key, pair.chain, 1) != 1)
        return fail (error, files->certificate);
    if (files->ocsp != NULL) {
        site->ocsp = tls_ocsp_read (files->ocsp, pair.certificate, &site->ocsp_until, error);
        if (site->ocsp == NULL)
            return FALSE;
    }
    add_names (context, site, pair.certificate);
    return TRUE;
}

TlsContext *
tls_context_new (const H3TlsSettings *settings, TlsTickets *tickets, GError **error)
{
    g_autoptr (TlsContext) context = g_new0 (TlsContext, 1);

    atomic_init (&context->refs, 1);
    context->tickets = tls_tickets_ref (tickets);
    context->sites = g_ptr_array_new_with_free_func (free_site);
    context->names = g_hash_table_new_full (h3_string_hash, g_str_equal, g_free, NULL);
    if (settings->files->len == 0) {
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID, "TLS needs a certificate and its key");
        return NULL;
    }
    for (guint i = 0; i < settings->files->len; i++) {
        if (!add_site (context, settings, settings->files->pdata[i], error))
            return NULL;
    }
    return g_steal_pointer (&context);
}

SSL *
tls_context_open (TlsContext *context)
{
    const Site *first = context->sites->pdata[0];
    SSL *ssl = SSL_new (first->native);

    if (ssl != NULL)
        SSL_set_accept_state (ssl);
    else
        ERR_clear_error ();
    return ssl;
}

/* SPDX-License-Identifier: MIT */

#include "client-tls-context.h"

#include "client-tls-fault.h"
#include "client-tls-private.h"
#include "client-tls-sessions.h"
#include "tls-files.h"
#include "tls-policy.h"

#include <h3/base/error.h>
#include <h3/format/address.h>
#include <h3/loop/clock.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

/* OpenSSL's level for 112 bits: RSA of 2048, no SHA-1. */
#define SECURITY_LEVEL 2

/* Of the subject nothing is compared, and a "*" is a whole label (RFC 9525 §6.3). */
#define HOST_FLAGS (X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS)

struct _ClientTlsContext {
    atomic_int refs;
    SSL_CTX *native;             /* owned */
    ClientTlsSessions *sessions; /* owned */
    gboolean is_unverified, has_own, is_1_3;
};

/* What belongs to one session, and goes with it. */
typedef struct {
    char *host;    /* owned */
    char *place;   /* owned: "host:port" */
    char *refusal; /* owned; NULL: not refused */
    gboolean was_asked;
    gint64 since; /* of the session that it would go on with: its certificate was looked at then */
} Meant;

static int meant_index = -1; /* of a session's Meant; -1: there was no memory */

static void
free_meant (void *parent, void *data, CRYPTO_EX_DATA *all, int index, long number, void *pointer)
{
    Meant *meant = data;

    if (meant == NULL)
        return;
    g_free (meant->host);
    g_free (meant->place);
    g_free (meant->refusal);
    g_free (meant);
}

static void
make_index (void)
{
    meant_index = SSL_get_ex_new_index (0, NULL, NULL, NULL, free_meant);
}

ClientTlsContext *
client_tls_context_ref (ClientTlsContext *context)
{
    atomic_fetch_add_explicit (&context->refs, 1, memory_order_relaxed);
    return context;
}

void
client_tls_context_unref (ClientTlsContext *context)
{
    if (context == NULL || atomic_fetch_sub_explicit (&context->refs, 1, memory_order_acq_rel) != 1)
        return;
    SSL_CTX_free (context->native);
    client_tls_sessions_free (context->sessions);
    g_free (context);
}

/* The first fault is the one that is told; nothing is forgiven. */
static int
on_verified (int is_good, X509_STORE_CTX *verification)
{
    int index = SSL_get_ex_data_X509_STORE_CTX_idx ();
    const SSL *ssl = X509_STORE_CTX_get_ex_data (verification, index);
    Meant *meant = SSL_get_ex_data (ssl, meant_index);

    if (!is_good && meant->refusal == NULL)
        meant->refusal = client_tls_fault_dup_certificate (verification, meant->host);
    return is_good;
}

/* Only where none was set. */
static int
on_certificate_wanted (SSL *ssl, X509 **certificate, EVP_PKEY **key)
{
    Meant *meant = SSL_get_ex_data (ssl, meant_index);

    meant->was_asked = TRUE;
    return 0; /* there is still none */
}

static int
on_session (SSL *ssl, SSL_SESSION *session)
{
    ClientTlsContext *context = SSL_CTX_get_app_data (SSL_get_SSL_CTX (ssl));
    const Meant *meant = SSL_get_ex_data (ssl, meant_index);
    gint64 since = SSL_session_reused (ssl) == 1 ? meant->since : clock_get_now ();

    client_tls_sessions_put (context->sessions, meant->place, session, since);
    return 0; /* it was not kept itself */
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

/* A file for each, named after a digest of its subject (openssl rehash). */
static gboolean
has_hashed (const char *path)
{
    g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
    const char *name;

    while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
        if (strspn (name, "0123456789abcdef") == 8 && name[8] == '.' && g_ascii_isdigit (name[9]))
            return TRUE;
    return FALSE;
}

/* All of them take a tenth of a second to read, and none is needed but the one that vouches for a
 * server: where each has a file of its own, that one is read when it is needed. */
static gboolean
trust_system (SSL_CTX *native)
{
    const char *folders = g_getenv (X509_get_default_cert_dir_env ());
    g_auto (GStrv) list = NULL;

    if (g_getenv (X509_get_default_cert_file_env ()) != NULL)
        return SSL_CTX_set_default_verify_paths (native) == 1;
    list = g_strsplit (folders != NULL ? folders : X509_get_default_cert_dir (), ":", -1);
    for (guint i = 0; list[i] != NULL; i++)
        if (has_hashed (list[i]))
            return SSL_CTX_set_default_verify_dir (native) == 1;
    return SSL_CTX_set_default_verify_paths (native) == 1;
}

static gboolean
set_authorities (SSL_CTX *native, const H3ClientTls *settings, GError **error)
{
    guint8 digest[EVP_MAX_MD_SIZE];

    if (settings->is_unverified)
        return TRUE;
    SSL_CTX_set_verify (native, SSL_VERIFY_PEER, on_verified);
    if (settings->authorities != NULL)
        return tls_authorities_read (native, settings->authorities, digest, error);
    return trust_system (native) || fail (error, "the system's authorities cannot be read");
}

static gboolean
set_own (SSL_CTX *native, const H3ClientTls *settings, GError **error)
{
    g_auto (TlsPair) pair = { 0 };

    if (settings->certificate == NULL)
        return TRUE;
    if (!tls_pair_read (&pair, settings->certificate, settings->key, error))
        return FALSE;
    return SSL_CTX_use_cert_and_key (native, pair.certificate, pair.key, pair.chain, 1) == 1
           || fail (error, settings->certificate);
}

static gboolean
set_up (ClientTlsContext *context, const H3ClientTls *settings, GError **error)
{
    static const guint8 spoken[] = "\x08http/1.1";
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    (void) pthread_once (&once, make_index);
    context->native = SSL_CTX_new (TLS_client_method ());
    if (meant_index < 0 || context->native == NULL
        || !tls_policy_apply (context->native, settings->minimum)
        || SSL_CTX_set_alpn_protos (context->native, spoken, sizeof spoken - 1) != 0)
        return fail (error, "TLS cannot be set up");
    SSL_CTX_set_security_level (context->native, SECURITY_LEVEL);
    SSL_CTX_set_app_data (context->native, context);
    SSL_CTX_set_session_cache_mode (context->native,
                                    SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb (context->native, on_session);
    SSL_CTX_set_client_cert_cb (context->native, on_certificate_wanted);
    return set_authorities (context->native, settings, error)
           && set_own (context->native, settings, error);
}

ClientTlsContext *
client_tls_context_new (const H3ClientTls *settings, GError **error)
{
    g_autoptr (ClientTlsContext) context = g_new0 (ClientTlsContext, 1);

    atomic_init (&context->refs, 1);
    context->sessions = client_tls_sessions_new ();
    context->is_unverified = settings->is_unverified;
    context->has_own = settings->certificate != NULL;
    context->is_1_3 = settings->minimum == H3_TLS_1_3;
    ERR_clear_error ();
    if (!set_up (context, settings, error))
        return NULL;
    return g_steal_pointer (&context);
}

/* A name is asked for without the dot that may end it (RFC 6066 §3). */
static gboolean
set_name (const ClientTlsContext *context, SSL *ssl, const char *host)
{
    X509_VERIFY_PARAM *parameters = SSL_get0_param (ssl);
    g_autofree char *name = g_strdup (host);
    gsize length = strlen (name);

    if (length > 1 && name[length - 1] == '.')
        name[--length] = '\0';
    if (length == 0 || SSL_set_tlsext_host_name (ssl, name) != 1)
        return FALSE;
    if (context->is_unverified)
        return TRUE;
    X509_VERIFY_PARAM_set_hostflags (parameters, HOST_FLAGS);
    return X509_VERIFY_PARAM_set1_host (parameters, name, length) == 1;
}

static gboolean
set_host (const ClientTlsContext *context, SSL *ssl, const char *host)
{
    H3Address address;

    if (!h3_address_parse_string (host, &address))
        return set_name (context, ssl, host);
    return context->is_unverified
           || X509_VERIFY_PARAM_set1_ip (SSL_get0_param (ssl), address.bytes,
                                         address.family == H3_ADDRESS_IPV4 ? 4 : 16)
                  == 1;
}

static gboolean
set_meant (SSL *ssl, const char *host, guint16 port)
{
    Meant *meant = g_new0 (Meant, 1);

    meant->host = g_strdup (host);
    meant->place = g_strdup_printf ("%s:%u", host, port);
    if (SSL_set_ex_data (ssl, meant_index, meant) == 1)
        return TRUE;
    free_meant (NULL, meant, NULL, 0, 0, NULL);
    return FALSE;
}

SSL *
client_tls_context_open (ClientTlsContext *context, const char *host, guint16 port)
{
    SSL *ssl = SSL_new (context->native);
    SSL_SESSION *session = NULL;
    Meant *meant;

    if (ssl == NULL || !set_meant (ssl, host, port) || !set_host (context, ssl, host)) {
        SSL_free (ssl);
        ERR_clear_error ();
        return NULL;
    }
    meant = SSL_get_ex_data (ssl, meant_index);
    session = client_tls_sessions_take (context->sessions, meant->place, &meant->since);
    if (session != NULL) {
        (void) SSL_set_session (ssl, session);
        SSL_SESSION_free (session);
    }
    SSL_set_connect_state (ssl);
    return ssl;
}

const char *
client_tls_context_get_refusal (const SSL *ssl)
{
    const Meant *meant = SSL_get_ex_data (ssl, meant_index);

    return meant->refusal;
}

gboolean
client_tls_context_was_asked (const SSL *ssl)
{
    const Meant *meant = SSL_get_ex_data (ssl, meant_index);

    return meant->was_asked;
}

void
client_tls_context_forget (ClientTlsContext *context, const SSL *ssl)
{
    const Meant *meant = SSL_get_ex_data (ssl, meant_index);

    client_tls_sessions_forget (context->sessions, meant->place);
}

gboolean
client_tls_context_has_own (const ClientTlsContext *context)
{
    return context->has_own;
}

gboolean
client_tls_context_is_1_3 (const ClientTlsContext *context)
{
    return context->is_1_3;
}

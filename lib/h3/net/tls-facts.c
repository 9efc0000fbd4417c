/* SPDX-License-Identifier: MIT */

#include "tls-facts.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

static char *
dup_hexadecimal (const guint8 *data, guint length)
{
    GString *text = g_string_sized_new (2 * length);

    for (guint i = 0; i < length; i++)
        g_string_append_printf (text, "%02x", data[i]);
    return g_string_free (text, FALSE);
}

/* As RFC 4514 has it, in UTF-8. */
static char *
dup_subject (X509 *certificate)
{
    unsigned long flags = XN_FLAG_RFC2253 & ~(unsigned long) ASN1_STRFLGS_ESC_MSB;
    BIO *text = BIO_new (BIO_s_mem ());
    char *subject = NULL, *data;

    if (text != NULL
        && X509_NAME_print_ex (text, X509_get_subject_name (certificate), 0, flags) >= 0) {
        long length = BIO_get_mem_data (text, &data);

        subject = g_strndup (data, (gsize) length);
    }
    BIO_free (text);
    return subject;
}

static void
read_client (TlsFacts *facts, const SSL *ssl)
{
    X509 *certificate = SSL_get0_peer_certificate (ssl);
    guint8 digest[EVP_MAX_MD_SIZE];
    unsigned int length = 0;

    if (certificate == NULL || SSL_get_verify_result (ssl) != X509_V_OK
        || X509_digest (certificate, EVP_sha256 (), digest, &length) != 1)
        return;
    facts->client = dup_subject (certificate);
    facts->client_fingerprint = dup_hexadecimal (digest, length);
}

void
tls_facts_read (TlsFacts *out_facts, const SSL *ssl)
{
    const unsigned char *protocol;
    unsigned int length;

    SSL_get0_alpn_selected (ssl, &protocol, &length);
    *out_facts = (TlsFacts){
        .version = SSL_get_version (ssl),
        .cipher = SSL_get_cipher_name (ssl),
        .protocol = length > 0 ? "http/1.1" : NULL,
        .server_name = SSL_get_servername (ssl, TLSEXT_NAMETYPE_host_name),
        .is_resumed = SSL_session_reused (ssl) == 1,
    };
    read_client (out_facts, ssl);
    if (ERR_peek_error () != 0)
        ERR_clear_error ();
}

void
tls_facts_clear (TlsFacts *facts)
{
    g_clear_pointer (&facts->client, g_free);
    g_clear_pointer (&facts->client_fingerprint, g_free);
}

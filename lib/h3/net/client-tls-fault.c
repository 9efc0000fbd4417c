/* SPDX-License-Identifier: MIT */

#include "client-tls-fault.h"

#include <h3/crypto/certificate-inside.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>

/* So many of the names that a certificate is for are told, and so much of each. */
#define TOLD_NAMES  3
#define TOLD_LENGTH 100

static void
append_name (GString *text, const char *name)
{
    g_autofree char *valid = g_utf8_make_valid (name, -1);

    for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at)) {
        gunichar character = g_utf8_get_char (at);

        if (at - valid >= TOLD_LENGTH) {
            g_string_append (text, "…");
            return;
        }
        g_string_append_unichar (text, g_unichar_isprint (character) ? character : '?');
    }
}

static void
append_time (GString *text, gint64 seconds)
{
    g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (seconds);
    g_autofree char *written = date != NULL ? g_date_time_format (date, "%F %T UTC") : NULL;

    g_string_append (text, written != NULL ? written : "some time");
}

/* "a.example, b.example, 192.0.2.1 and 4 others". */
static void
append_names (GString *text, H3Certificate *certificate)
{
    const char *const *lists[] = { h3_certificate_get_host_names (certificate),
                                   h3_certificate_get_addresses (certificate) };
    guint n = 0;

    for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
        for (const char *const *name = lists[i]; *name != NULL; name++)
            if (n++ < TOLD_NAMES) {
                g_string_append (text, n > 1 ? ", " : "");
                append_name (text, *name);
            }
    if (n == 0)
        g_string_append (text, "no host by name");
    if (n > TOLD_NAMES)
        g_string_append_printf (text, " and %u %s", n - TOLD_NAMES,
                                n == TOLD_NAMES + 1 ? "other" : "others");
}

/* "its certificate", or that of one who vouches for it. */
static void
append_whose (GString *text, H3Certificate *certificate, int depth)
{
    if (depth == 0) {
        g_string_append (text, "its certificate");
        return;
    }
    g_string_append (text, "the certificate of ");
    append_name (text, h3_certificate_get_subject (certificate));
    g_string_append (text, ", which vouches for it,");
}

static void
append_untrusted (GString *text, H3Certificate *certificate)
{
    g_string_append (text, " is signed by ");
    append_name (text, h3_certificate_get_issuer (certificate));
    g_string_append (text, ", an authority that is not trusted here");
}

static void
append_fault (GString *text, H3Certificate *certificate, int code, const char *host)
{
    switch (code) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
        g_string_append (text, " expired at ");
        append_time (text, h3_certificate_get_not_after (certificate));
        break;
    case X509_V_ERR_CERT_NOT_YET_VALID:
        g_string_append (text, " is valid from ");
        append_time (text, h3_certificate_get_not_before (certificate));
        g_string_append (text, " on: is this machine's clock right?");
        break;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        g_string_append (text, " is for ");
        append_names (text, certificate);
        g_string_append_printf (text, ", not for %s", host);
        break;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        g_string_append (text, " is self-signed: nobody trusted here vouches for it");
        break;
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
        append_untrusted (text, certificate);
        g_string_append (text, ", and the server sends no certificate that leads to one who is");
        break;
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        append_untrusted (text, certificate);
        break;
    default:
        g_string_append_printf (text, " is not good: %s", X509_verify_cert_error_string (code));
        break;
    }
}

char *
client_tls_fault_dup_certificate (X509_STORE_CTX *verification, const char *host)
{
    int code = X509_STORE_CTX_get_error (verification);
    X509 *native = X509_STORE_CTX_get_current_cert (verification);
    g_autoptr (H3Certificate) certificate = NULL;
    GString *text = g_string_new (NULL);

    if (native != NULL)
        certificate = certificate_new (native, NULL);
    if (certificate == NULL)
        g_string_append_printf (text, "its certificate is not good: %s",
                                X509_verify_cert_error_string (code));
    else {
        append_whose (text, certificate, X509_STORE_CTX_get_error_depth (verification));
        append_fault (text, certificate, code, host);
    }
    return g_string_free (text, FALSE);
}

/* RFC 8446 §6: what the server said before it ended. */
static char *
dup_alert (const ClientTlsFault *fault, int alert)
{
    /* Servers of TLS 1.2 have no word for it. */
    if (fault->was_asked && (alert == SSL_AD_HANDSHAKE_FAILURE || alert == SSL_AD_BAD_CERTIFICATE))
        alert = TLS13_AD_CERTIFICATE_REQUIRED;
    switch (alert) {
    case SSL_AD_PROTOCOL_VERSION:
        return g_strdup_printf ("it speaks no TLS as new as is spoken here (%s)",
                                fault->is_1_3 ? "1.3" : "1.2 or 1.3");
    case TLS13_AD_CERTIFICATE_REQUIRED:
        return g_strdup ("it wants a certificate of the client's, and none was set");
    case SSL_AD_NO_APPLICATION_PROTOCOL:
        return g_strdup ("it does not speak HTTP/1.1");
    case SSL_AD_UNRECOGNIZED_NAME:
        return g_strdup ("it says that it is not there for this name");
    default:
        return g_strdup_printf ("it refuses: %s (alert %d)%s", SSL_alert_desc_string_long (alert),
                                alert,
                                fault->has_own ? ", perhaps for the client's certificate" : "");
    }
}

static char *
dup_reason (const ClientTlsFault *fault)
{
    int reason = ERR_GET_REASON (fault->code);
    const char *text;

    if (ERR_GET_LIB (fault->code) == ERR_LIB_SSL) {
        if (reason > SSL_AD_REASON_OFFSET && reason <= SSL_AD_REASON_OFFSET + 255)
            return dup_alert (fault, reason - SSL_AD_REASON_OFFSET);
        if (reason == SSL_R_WRONG_VERSION_NUMBER && !fault->is_open)
            return g_strdup ("what it sends is not TLS: is it the right port, and https?");
        if (reason == SSL_R_UNSUPPORTED_PROTOCOL || reason == SSL_R_VERSION_TOO_LOW)
            return dup_alert (fault, SSL_AD_PROTOCOL_VERSION);
        if (reason == SSL_R_UNEXPECTED_EOF_WHILE_READING)
            return g_strdup ("it ended the connection in the middle of the handshake");
    }
    text = ERR_reason_error_string (fault->code);
    return g_strdup (text != NULL ? text : "OpenSSL does not say why");
}

char *
client_tls_fault_dup (const ClientTlsFault *fault)
{
    if (fault->code != 0)
        return dup_reason (fault);
    if (fault->error_number != 0)
        return g_strdup (g_strerror (fault->error_number));
    if (fault->has_ended)
        return g_strdup (fault->is_open ? "it ended the connection"
                                        : "it ended the connection in the middle of the handshake");
    return g_strdup ("there is no memory");
}

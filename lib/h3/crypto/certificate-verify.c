/* SPDX-License-Identifier: MIT */

#include "certificate-private.h"
#include "library-error.h"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <time.h>

/* OpenSSL's level for 112 bits: RSA of 2048, no SHA-1. */
#define SECURITY_LEVEL 2

/* Certificates between the first and a root. */
#define MAX_BETWEEN 16

/* What the system's own time has room for, which may be 32 bits. */
#define LATEST   (sizeof (time_t) < sizeof (gint64) ? (gint64) G_MAXINT32 : G_MAXINT64)
#define EARLIEST (-LATEST - 1)

static X509_STORE *
new_store (GPtrArray *roots)
{
    X509_STORE *store = X509_STORE_new ();
    gboolean filled = store != NULL;

    if (filled && roots == NULL)
        filled = X509_STORE_set_default_paths (store) == 1;
    for (guint i = 0; filled && roots != NULL && i < roots->len; i++)
        filled = X509_STORE_add_cert (store, certificate_get_x509 (roots->pdata[i])) == 1;
    if (filled)
        return store;
    X509_STORE_free (store);
    return NULL;
}

/* The stack holds no references: the array does. */
static STACK_OF (X509) * new_stack (GPtrArray *between)
{
    STACK_OF (X509) *stack = sk_X509_new_null ();

    for (guint i = 0; stack != NULL && between != NULL && i < between->len; i++)
        if (sk_X509_push (stack, certificate_get_x509 (between->pdata[i])) <= 0) {
            sk_X509_free (stack);
            return NULL;
        }
    return stack;
}

static void
set_parameters (X509_STORE_CTX *context, H3CertificateUse use, gint64 when)
{
    X509_VERIFY_PARAM *parameters = X509_STORE_CTX_get0_param (context);

    (void) X509_VERIFY_PARAM_set_purpose (parameters, use == H3_CERTIFICATE_FOR_SERVER
                                                          ? X509_PURPOSE_SSL_SERVER
                                                          : X509_PURPOSE_SSL_CLIENT);
    X509_VERIFY_PARAM_set_time (parameters, (time_t) CLAMP (when, EARLIEST, LATEST));
    X509_VERIFY_PARAM_set_depth (parameters, MAX_BETWEEN);
    X509_VERIFY_PARAM_set_auth_level (parameters, SECURITY_LEVEL);
}

static void
set_reason (X509_STORE_CTX *context, GError **error)
{
    int code = X509_STORE_CTX_get_error (context);
    X509 *culprit = X509_STORE_CTX_get_current_cert (context); /* borrowed: the context */
    g_autoptr (H3Certificate) named = culprit != NULL ? certificate_new (culprit, NULL) : NULL;

    g_set_error (error, H3_ERROR, H3_ERROR_INVALID, "the certificate of %s: %s",
                 named != NULL ? named->subject : "someone", X509_verify_cert_error_string (code));
}

gboolean
h3_certificate_verify (H3Certificate *certificate, GPtrArray *between, GPtrArray *roots,
                       H3CertificateUse use, gint64 when, GError **error)
{
    X509_STORE *store;
    STACK_OF (X509) * stack;
    X509_STORE_CTX *context;
    gboolean is_verified = FALSE;

    g_return_val_if_fail (certificate != NULL, FALSE);
    g_return_val_if_fail ((guint) use <= H3_CERTIFICATE_FOR_CLIENT, FALSE);
    store = new_store (roots);
    stack = new_stack (between);
    context = X509_STORE_CTX_new ();
    if (store != NULL && stack != NULL && context != NULL
        && X509_STORE_CTX_init (context, store, certificate->x509, stack) == 1) {
        set_parameters (context, use, when);
        is_verified = X509_verify_cert (context) == 1;
        if (!is_verified)
            set_reason (context, error);
    } else {
        library_error_set (error, H3_ERROR_FAILED, "the certificate cannot be verified");
    }
    X509_STORE_CTX_free (context);
    sk_X509_free (stack);
    X509_STORE_free (store);
    ERR_clear_error ();
    return is_verified;
}

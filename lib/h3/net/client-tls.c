/* SPDX-License-Identifier: MIT */

#include "client-tls-private.h"

G_DEFINE_BOXED_TYPE (H3ClientTls, h3_client_tls, h3_client_tls_copy, h3_client_tls_free)

H3ClientTls *
h3_client_tls_new (void)
{
    return g_new0 (H3ClientTls, 1);
}

H3ClientTls *
h3_client_tls_copy (const H3ClientTls *tls)
{
    H3ClientTls *copy;

    g_return_val_if_fail (tls != NULL, NULL);
    copy = h3_client_tls_new ();
    *copy = *tls;
    copy->authorities = g_strdup (tls->authorities);
    copy->certificate = g_strdup (tls->certificate);
    copy->key = g_strdup (tls->key);
    return copy;
}

void
h3_client_tls_free (H3ClientTls *tls)
{
    if (tls == NULL)
        return;
    g_free (tls->authorities);
    g_free (tls->certificate);
    g_free (tls->key);
    g_free (tls);
}

static void
replace (char **place, const char *value)
{
    char *copy = g_strdup (value);

    g_free (*place);
    *place = copy;
}

void
h3_client_tls_set_authorities (H3ClientTls *tls, const char *file)
{
    g_return_if_fail (tls != NULL);
    replace (&tls->authorities, file);
}

void
h3_client_tls_set_certificate (H3ClientTls *tls, const char *certificate_file, const char *key_file)
{
    g_return_if_fail (tls != NULL);
    g_return_if_fail (certificate_file != NULL || key_file == NULL);
    replace (&tls->certificate, certificate_file);
    replace (&tls->key, key_file);
}

void
h3_client_tls_set_minimum (H3ClientTls *tls, H3TlsVersion version)
{
    g_return_if_fail (tls != NULL);
    g_return_if_fail (version == H3_TLS_1_2 || version == H3_TLS_1_3);
    tls->minimum = version;
}

void
h3_client_tls_set_unverified (H3ClientTls *tls, gboolean is_unverified)
{
    g_return_if_fail (tls != NULL);
    tls->is_unverified = is_unverified != FALSE;
}

/* SPDX-License-Identifier: MIT */

#include "tls-settings-private.h"

G_DEFINE_BOXED_TYPE (H3TlsSettings, h3_tls_settings, h3_tls_settings_copy, h3_tls_settings_free)

static void
free_files (gpointer data)
{
    TlsFiles *files = data;

    g_free (files->certificate);
    g_free (files->key);
    g_free (files->ocsp);
    g_free (files);
}

H3TlsSettings *
h3_tls_settings_new (void)
{
    H3TlsSettings *settings = g_new0 (H3TlsSettings, 1);

    settings->files = g_ptr_array_new_with_free_func (free_files);
    return settings;
}

H3TlsSettings *
h3_tls_settings_copy (const H3TlsSettings *settings)
{
    H3TlsSettings *copy;

    g_return_val_if_fail (settings != NULL, NULL);
    copy = h3_tls_settings_new ();
    for (guint i = 0; i < settings->files->len; i++) {
        const TlsFiles *files = settings->files->pdata[i];

        h3_tls_settings_add_certificate (copy, files->certificate, files->key);
        h3_tls_settings_set_ocsp (copy, files->ocsp);
    }
    copy->clients = settings->clients;
    copy->authorities = g_strdup (settings->authorities);
    copy->minimum = settings->minimum;
    return copy;
}

void
h3_tls_settings_free (H3TlsSettings *settings)
{
    if (settings == NULL)
        return;
    g_ptr_array_unref (settings->files);
    g_free (settings->authorities);
    g_free (settings);
}

void
h3_tls_settings_add_certificate (H3TlsSettings *settings, const char *certificate_file,
                                 const char *key_file)
{
    TlsFiles *files;

    g_return_if_fail (settings != NULL && certificate_file != NULL);
    files = g_new0 (TlsFiles, 1);
    files->certificate = g_strdup (certificate_file);
    files->key = g_strdup (key_file);
    g_ptr_array_add (settings->files, files);
}

void
h3_tls_settings_set_ocsp (H3TlsSettings *settings, const char *file)
{
    TlsFiles *last;

    g_return_if_fail (settings != NULL && settings->files->len > 0);
    last = settings->files->pdata[settings->files->len - 1];
    g_free (last->ocsp);
    last->ocsp = g_strdup (file);
}

void
h3_tls_settings_set_clients (H3TlsSettings *settings, H3TlsClients clients, const char *authorities)
{
    g_return_if_fail (settings != NULL);
    g_return_if_fail (clients == H3_TLS_CLIENTS_ANY || authorities != NULL);
    settings->clients = clients;
    g_free (settings->authorities);
    settings->authorities = clients != H3_TLS_CLIENTS_ANY ? g_strdup (authorities) : NULL;
}

void
h3_tls_settings_set_minimum (H3TlsSettings *settings, H3TlsVersion version)
{
    g_return_if_fail (settings != NULL);
    settings->minimum = version;
}

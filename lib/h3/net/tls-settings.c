/* SPDX-License-Identifier: MIT */

#include "tls-settings-private.h"

/* A browser takes none that is good for longer. */
#define SELF_SIGNED_DAYS 397

G_DEFINE_BOXED_TYPE (H3TlsSettings, h3_tls_settings, h3_tls_settings_copy, h3_tls_settings_free)

static void
free_files (gpointer data)
{
    TlsFiles *files = data;

    h3_certificate_unref (files->made);
    h3_key_unref (files->made_key);
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

static void
add_made (H3TlsSettings *settings, H3Certificate *certificate, H3Key *key)
{
    TlsFiles *files = g_new0 (TlsFiles, 1);

    files->made = h3_certificate_ref (certificate);
    files->made_key = h3_key_ref (key);
    g_ptr_array_add (settings->files, files);
}

H3TlsSettings *
h3_tls_settings_copy (const H3TlsSettings *settings)
{
    H3TlsSettings *copy;

    g_return_val_if_fail (settings != NULL, NULL);
    copy = h3_tls_settings_new ();
    for (guint i = 0; i < settings->files->len; i++) {
        const TlsFiles *files = settings->files->pdata[i];

        if (files->made != NULL)
            add_made (copy, files->made, files->made_key);
        else
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

gboolean
h3_tls_settings_add_self_signed (H3TlsSettings *settings, const char *const *names, GError **error)
{
    g_autoptr (H3Key) key = NULL;
    g_autoptr (H3Certificate) certificate = NULL;

    g_return_val_if_fail (settings != NULL && names != NULL && names[0] != NULL, FALSE);
    key = h3_key_generate (H3_KEY_P256, 0, error);
    if (key != NULL)
        certificate = h3_certificate_new_self_signed (key, names, SELF_SIGNED_DAYS, error);
    if (certificate == NULL)
        return FALSE;
    add_made (settings, certificate, key);
    return TRUE;
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

/* SPDX-License-Identifier: MIT */

#include "app-run-private.h"

void
run_tls_init (RunTls *tls)
{
    *tls = (RunTls){ .minimum = H3_TLS_1_2 };
    tls->certificates = g_ptr_array_new_with_free_func (g_free);
    tls->keys = g_ptr_array_new_with_free_func (g_free);
    tls->answers = g_ptr_array_new_with_free_func (g_free);
}

void
run_tls_clear (RunTls *tls)
{
    g_clear_pointer (&tls->certificates, g_ptr_array_unref);
    g_clear_pointer (&tls->keys, g_ptr_array_unref);
    g_clear_pointer (&tls->answers, g_ptr_array_unref);
    g_clear_pointer (&tls->authorities, g_free);
}

static gboolean
refuse (GError **error, const char *text)
{
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, text);
    return FALSE;
}

static gboolean
take_certificate (const char *name, const char *value, gpointer data, GError **error)
{
    RunTls *tls = data;

    tls->has_any = TRUE;
    g_ptr_array_add (tls->certificates, g_strdup (value));
    g_ptr_array_add (tls->answers, NULL);
    return TRUE;
}

static gboolean
take_key (const char *name, const char *value, gpointer data, GError **error)
{
    RunTls *tls = data;

    tls->has_any = TRUE;
    g_ptr_array_add (tls->keys, g_strdup (value));
    return TRUE;
}

static gboolean
take_self_signed (const char *name, const char *value, gpointer data, GError **error)
{
    RunTls *tls = data;

    tls->has_any = tls->is_self_signed = TRUE;
    return TRUE;
}

/* For the certificate before it. */
static gboolean
take_ocsp (const char *name, const char *value, gpointer data, GError **error)
{
    RunTls *tls = data;
    gpointer *last;

    if (tls->answers->len == 0)
        return refuse (error, "--tls-ocsp stands behind the --tls-certificate it belongs to");
    last = &tls->answers->pdata[tls->answers->len - 1];
    g_free (*last);
    *last = g_strdup (value);
    return TRUE;
}

static gboolean
take_authorities (const char *name, const char *value, gpointer data, GError **error)
{
    RunTls *tls = data;

    tls->has_any = TRUE;
    g_free (tls->authorities);
    tls->authorities = g_strdup (value);
    return TRUE;
}

static gboolean
take_clients (const char *name, const char *value, gpointer data, GError **error)
{
    static const char *const all[] = { "none", "request", "require", NULL };
    RunTls *tls = data;

    for (guint i = 0; all[i] != NULL; i++) {
        if (strcmp (value, all[i]) != 0)
            continue;
        tls->has_any = tls->has_clients = TRUE;
        tls->clients = (H3TlsClients) i;
        return TRUE;
    }
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 "%s takes none, request or require, not '%s'", name, value);
    return FALSE;
}

static gboolean
take_minimum (const char *name, const char *value, gpointer data, GError **error)
{
    RunTls *tls = data;

    if (strcmp (value, "1.2") != 0 && strcmp (value, "1.3") != 0) {
        g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                     "%s takes 1.2 or 1.3, not '%s'", name, value);
        return FALSE;
    }
    tls->has_any = TRUE;
    tls->minimum = value[2] == '3' ? H3_TLS_1_3 : H3_TLS_1_2;
    return TRUE;
}

#define OPTION(name, function, text, argument)                                                     \
    {                                                                                              \
        name, 0, 0, G_OPTION_ARG_CALLBACK, (gpointer) (function), text, argument                   \
    }

void
run_tls_add_options (RunTls *tls, GOptionContext *context)
{
    static const GOptionEntry entries[] = {
        OPTION ("tls-certificate", take_certificate,
                "Speak TLS with this certificate (PEM, those above it behind it); may be given "
                "several times, for several names",
                "FILE"),
        OPTION ("tls-key", take_key,
                "Its key (PEM); of several certificates each has its own, in the same order. "
                "Without one it is in the certificate's file",
                "FILE"),
        { "tls-self-signed", 0, G_OPTION_FLAG_NO_ARG, G_OPTION_ARG_CALLBACK,
          (gpointer) take_self_signed,
          "Speak TLS with a certificate that is made now, which no client believes: for tests",
          NULL },
        OPTION ("tls-ocsp", take_ocsp,
                "The OCSP answer (DER) for the --tls-certificate before it, for clients that ask",
                "FILE"),
        OPTION ("tls-client-ca", take_authorities,
                "Let those clients in whose certificate one of these (PEM) has signed", "FILE"),
        OPTION ("tls-client-certificate", take_clients,
                "Whether a client is asked for a certificate, and must have one: none, request or "
                "require; default: require with --tls-client-ca, else none",
                "WHICH"),
        OPTION ("tls-minimum", take_minimum, "The oldest version: 1.2 (the default) or 1.3",
                "VERSION"),
        { NULL, 0, 0, 0, NULL, NULL, NULL }
    };
    GOptionGroup *group = g_option_group_new ("tls", "TLS:", "Show the options of TLS", tls, NULL);

    g_option_group_add_entries (group, entries);
    g_option_context_add_group (context, group);
}

static gboolean
fits (const RunTls *tls, H3TlsClients clients, GError **error)
{
    if (tls->certificates->len == 0 && !tls->is_self_signed)
        return refuse (error, "TLS needs a certificate: give --tls-certificate FILE as well, or "
                              "--tls-self-signed for a test");
    if (tls->certificates->len > 0 && tls->is_self_signed)
        return refuse (error, "--tls-self-signed is in the place of --tls-certificate");
    if (tls->keys->len > 0 && tls->keys->len != tls->certificates->len)
        return refuse (error, "each --tls-certificate has one --tls-key, in the same order");
    if (clients != H3_TLS_CLIENTS_ANY && tls->authorities == NULL)
        return refuse (error, "--tls-client-certificate needs --tls-client-ca FILE, which says "
                              "whose certificates are good");
    return TRUE;
}

/* For this machine, by all that it calls itself. */
static gboolean
add_self_signed (H3TlsSettings *settings, GError **error)
{
    const char *names[] = { "localhost", "127.0.0.1", "::1", NULL };

    return h3_tls_settings_add_self_signed (settings, names, error);
}

gboolean
run_tls_apply (const RunTls *tls, H3Server *server, GError **error)
{
    g_autoptr (H3TlsSettings) settings = h3_tls_settings_new ();
    H3TlsClients clients = tls->clients;

    if (!tls->has_any)
        return TRUE;
    if (!tls->has_clients && tls->authorities != NULL)
        clients = H3_TLS_CLIENTS_KNOWN;
    if (!fits (tls, clients, error))
        return FALSE;
    if (tls->is_self_signed && !add_self_signed (settings, error))
        return FALSE;
    for (guint i = 0; i < tls->certificates->len; i++) {
        h3_tls_settings_add_certificate (settings, tls->certificates->pdata[i],
                                         tls->keys->len > 0 ? tls->keys->pdata[i] : NULL);
        h3_tls_settings_set_ocsp (settings, tls->answers->pdata[i]);
    }
    h3_tls_settings_set_clients (settings, clients, tls->authorities);
    h3_tls_settings_set_minimum (settings, tls->minimum);
    h3_server_set_tls (server, settings);
    return TRUE;
}

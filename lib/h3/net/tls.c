/* SPDX-License-Identifier: MIT */

#include "tls.h"

#include "tls-context.h"

#include <pthread.h>

struct _Tls {
    H3TlsSettings *settings; /* owned: never changed */
    TlsTickets *tickets;     /* ref */
    pthread_mutex_t mutex;   /* guards which context is in use */
    TlsContext *context;     /* ref */
};

Tls *
tls_new (const H3TlsSettings *settings, GError **error)
{
    TlsTickets *tickets = tls_tickets_new ();
    TlsContext *context = tls_context_new (settings, tickets, error);
    Tls *tls;

    if (context == NULL) {
        tls_tickets_unref (tickets);
        return NULL;
    }
    tls = g_new0 (Tls, 1);
    tls->settings = h3_tls_settings_copy (settings);
    tls->tickets = tickets;
    tls->context = context;
    pthread_mutex_init (&tls->mutex, NULL);
    return tls;
}

void
tls_free (Tls *tls)
{
    if (tls == NULL)
        return;
    tls_context_unref (tls->context);
    tls_tickets_unref (tls->tickets);
    h3_tls_settings_free (tls->settings);
    pthread_mutex_destroy (&tls->mutex);
    g_free (tls);
}

gboolean
tls_reload (Tls *tls, GError **error)
{
    TlsContext *context = tls_context_new (tls->settings, tls->tickets, error);
    TlsContext *before;

    if (context == NULL)
        return FALSE;
    pthread_mutex_lock (&tls->mutex);
    before = tls->context;
    tls->context = context;
    pthread_mutex_unlock (&tls->mutex);
    tls_context_unref (before);
    return TRUE;
}

TlsContext *
tls_ref_context (Tls *tls)
{
    TlsContext *context;

    pthread_mutex_lock (&tls->mutex);
    context = tls_context_ref (tls->context);
    pthread_mutex_unlock (&tls->mutex);
    return context;
}

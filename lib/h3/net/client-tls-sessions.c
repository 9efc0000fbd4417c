/* SPDX-License-Identifier: MIT */

#include "client-tls-sessions.h"

#include <h3/base/bounded-map.h>
#include <h3/loop/clock.h>

#include <openssl/err.h>
#include <pthread.h>

/* Wiped when it goes: it has the keys of the session. */
typedef struct {
    guint8 *data; /* owned; NULL: none */
    gsize length;
    gint64 since, end; /* clock_get_now () milliseconds */
    gboolean is_for_once;
} Ticket;

/* Of one server, the youngest last. */
typedef struct {
    Ticket tickets[CLIENT_TLS_SESSIONS_TICKETS];
    guint n;
} Offers;

struct _ClientTlsSessions {
    pthread_mutex_t mutex;
    BoundedMap *servers; /* owned: places to Offers */
};

static void
clear_ticket (Ticket *ticket)
{
    if (ticket->data != NULL)
        OPENSSL_cleanse (ticket->data, ticket->length);
    g_free (ticket->data);
    *ticket = (Ticket){ 0 };
}

static void
free_offers (gpointer data)
{
    Offers *offers = data;

    for (guint i = 0; i < offers->n; i++)
        clear_ticket (&offers->tickets[i]);
    g_free (offers);
}

ClientTlsSessions *
client_tls_sessions_new (void)
{
    ClientTlsSessions *sessions = g_new0 (ClientTlsSessions, 1);

    pthread_mutex_init (&sessions->mutex, NULL);
    sessions->servers = bounded_map_new (CLIENT_TLS_SESSIONS_SERVERS, 0, free_offers);
    return sessions;
}

void
client_tls_sessions_free (ClientTlsSessions *sessions)
{
    if (sessions == NULL)
        return;
    bounded_map_free (sessions->servers);
    pthread_mutex_destroy (&sessions->mutex);
    g_free (sessions);
}

/* FALSE: it is too large, or is not to be used again. */
static gboolean
write_ticket (Ticket *ticket, SSL_SESSION *session, gint64 since)
{
    int length = i2d_SSL_SESSION (session, NULL);
    gint64 seconds = (gint64) SSL_SESSION_get_ticket_lifetime_hint (session);
    guint8 *end;

    if (length <= 0 || length > CLIENT_TLS_SESSIONS_BYTES
        || SSL_SESSION_is_resumable (session) != 1)
        return FALSE;
    if (seconds == 0)
        seconds = SSL_SESSION_get_timeout (session);
    *ticket = (Ticket){
        .data = g_malloc ((gsize) length),
        .length = (gsize) length,
        .since = since,
        .end = MIN (clock_get_now () + seconds * 1000, since + CLIENT_TLS_SESSIONS_SECONDS * 1000),
        .is_for_once = SSL_SESSION_get_protocol_version (session) >= TLS1_3_VERSION,
    };
    end = ticket->data;
    (void) i2d_SSL_SESSION (session, &end);
    return TRUE;
}

static void
add_ticket (Offers *offers, const Ticket *ticket)
{
    if (offers->n == CLIENT_TLS_SESSIONS_TICKETS) {
        clear_ticket (&offers->tickets[0]);
        for (guint i = 1; i < offers->n; i++)
            offers->tickets[i - 1] = offers->tickets[i];
        offers->n--;
    }
    offers->tickets[offers->n++] = *ticket;
}

void
client_tls_sessions_put (ClientTlsSessions *sessions, const char *place, SSL_SESSION *session,
                         gint64 since)
{
    H3View key = h3_view_of (place);
    gint64 now = clock_get_now ();
    Offers *offers;
    Ticket ticket;

    if (!write_ticket (&ticket, session, since))
        return;
    pthread_mutex_lock (&sessions->mutex);
    offers = bounded_map_get (sessions->servers, key, now);
    if (offers == NULL) {
        offers = g_new0 (Offers, 1);
        bounded_map_put (sessions->servers, key, offers, now);
    }
    add_ticket (offers, &ticket);
    pthread_mutex_unlock (&sessions->mutex);
}

/* The youngest that can still be used, those behind it thrown away; NULL: none. */
static Ticket *
find_ticket (Offers *offers, gint64 now)
{
    while (offers != NULL && offers->n > 0) {
        Ticket *ticket = &offers->tickets[offers->n - 1];

        if (now < ticket->end)
            return ticket;
        clear_ticket (ticket);
        offers->n--;
    }
    return NULL;
}

SSL_SESSION *
client_tls_sessions_take (ClientTlsSessions *sessions, const char *place, gint64 *out_since)
{
    gint64 now = clock_get_now ();
    SSL_SESSION *session = NULL;
    Offers *offers;
    Ticket *ticket;

    pthread_mutex_lock (&sessions->mutex);
    offers = bounded_map_get (sessions->servers, h3_view_of (place), now);
    ticket = find_ticket (offers, now);
    if (ticket != NULL) {
        const unsigned char *data = ticket->data;

        *out_since = ticket->since;
        session = d2i_SSL_SESSION (NULL, &data, (long) ticket->length);
        if (ticket->is_for_once) {
            clear_ticket (ticket);
            offers->n--;
        }
    }
    pthread_mutex_unlock (&sessions->mutex);
    if (session == NULL)
        ERR_clear_error ();
    return session;
}

void
client_tls_sessions_forget (ClientTlsSessions *sessions, const char *place)
{
    pthread_mutex_lock (&sessions->mutex);
    (void) bounded_map_remove (sessions->servers, h3_view_of (place));
    pthread_mutex_unlock (&sessions->mutex);
}

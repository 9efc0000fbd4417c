/* SPDX-License-Identifier: MIT */

#include "tls-tickets.h"

#include <h3/base/random.h>
#include <h3/loop/clock.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

/* The one that makes tickets, and those before it of which some may be left. */
#define N_KEYS (1 + (TLS_TICKETS_LIFE_SECONDS + TLS_TICKETS_KEY_SECONDS) / TLS_TICKETS_KEY_SECONDS)

#define NAME_LENGTH 16 /* as OpenSSL has it */

typedef struct {
    guint8 name[NAME_LENGTH];
    guint8 cipher[32];
    guint8 mac[32];
    gint64 made; /* milliseconds of the clock; 0: there is no key */
} TicketKey;

struct _TlsTickets {
    atomic_int refs;
    pthread_mutex_t mutex;
    TicketKey keys[N_KEYS]; /* newest first */
};

TlsTickets *
tls_tickets_new (void)
{
    TlsTickets *tickets = g_new0 (TlsTickets, 1);

    atomic_init (&tickets->refs, 1);
    pthread_mutex_init (&tickets->mutex, NULL);
    return tickets;
}

TlsTickets *
tls_tickets_ref (TlsTickets *tickets)
{
    atomic_fetch_add_explicit (&tickets->refs, 1, memory_order_relaxed);
    return tickets;
}

void
tls_tickets_unref (TlsTickets *tickets)
{
    if (tickets == NULL || atomic_fetch_sub_explicit (&tickets->refs, 1, memory_order_acq_rel) != 1)
        return;
    OPENSSL_cleanse (tickets->keys, sizeof tickets->keys);
    pthread_mutex_destroy (&tickets->mutex);
    g_free (tickets);
}

/* How old a key is, in milliseconds; beyond all bounds where there is none. */
static gint64
get_age (const TicketKey *key)
{
    return key->made == 0 ? G_MAXINT64 : clock_get_now () - key->made;
}

/* A new key before the others, of which the oldest is forgotten. FALSE: there is no randomness. */
static gboolean
add_key (TlsTickets *tickets)
{
    TicketKey key;

    if (!random_fill (&key, sizeof key))
        return FALSE;
    key.made = MAX (clock_get_now (), 1);
    memmove (tickets->keys + 1, tickets->keys, sizeof tickets->keys - sizeof tickets->keys[0]);
    tickets->keys[0] = key;
    OPENSSL_cleanse (&key, sizeof key);
    return TRUE;
}

/* The key that makes tickets now. */
static gboolean
get_newest (TlsTickets *tickets, TicketKey *out_key)
{
    gboolean found;

    pthread_mutex_lock (&tickets->mutex);
    found = get_age (&tickets->keys[0]) < TLS_TICKETS_KEY_SECONDS * 1000 || add_key (tickets);
    if (found)
        *out_key = tickets->keys[0];
    pthread_mutex_unlock (&tickets->mutex);
    return found;
}

static gboolean
find (TlsTickets *tickets, const unsigned char *name, TicketKey *out_key)
{
    gint64 oldest = (gint64) (TLS_TICKETS_KEY_SECONDS + TLS_TICKETS_LIFE_SECONDS) * 1000;
    gboolean found = FALSE;

    pthread_mutex_lock (&tickets->mutex);
    for (guint i = 0; i < N_KEYS && !found; i++) {
        found = get_age (&tickets->keys[i]) < oldest
                && memcmp (tickets->keys[i].name, name, NAME_LENGTH) == 0;
        if (found)
            *out_key = tickets->keys[i];
    }
    pthread_mutex_unlock (&tickets->mutex);
    return found;
}

static gboolean
key_mac (EVP_MAC_CTX *mac, TicketKey *key)
{
    char digest[] = "SHA256";
    OSSL_PARAM parameters[3];

    parameters[0] =
        OSSL_PARAM_construct_octet_string (OSSL_MAC_PARAM_KEY, key->mac, sizeof key->mac);
    parameters[1] = OSSL_PARAM_construct_utf8_string (OSSL_MAC_PARAM_DIGEST, digest, 0);
    parameters[2] = OSSL_PARAM_construct_end ();
    return EVP_MAC_CTX_set_params (mac, parameters) == 1;
}

int
tls_tickets_use (TlsTickets *tickets, unsigned char *name, unsigned char *iv,
                 EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac, gboolean is_new)
{
    TicketKey key;
    gboolean done;
    int result;

    /* Without a key, or its ticket, the handshake is a whole one. */
    if (is_new ? !get_newest (tickets, &key) || !random_fill (iv, EVP_MAX_IV_LENGTH)
               : !find (tickets, name, &key))
        return 0;
    if (is_new)
        memcpy (name, key.name, NAME_LENGTH);
    done = key_mac (mac, &key)
           && EVP_CipherInit_ex (cipher, EVP_aes_256_cbc (), NULL, key.cipher, iv, is_new) == 1;
    /* 2: the client gets a ticket of the newest key. */
    result = is_new || get_age (&key) < TLS_TICKETS_KEY_SECONDS * 1000 ? 1 : 2;
    OPENSSL_cleanse (&key, sizeof key);
    return done ? result : -1;
}

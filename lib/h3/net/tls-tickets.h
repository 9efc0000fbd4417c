/* SPDX-License-Identifier: MIT
 *
 * The keys of the tickets with which clients resume their sessions: shared by all workers, kept
 * when certificates are read anew, and replaced as time goes by. Reference-counted; it has a mutex
 * of its own. Any thread. */

#pragma once

#include <glib.h>
#include <openssl/ssl.h>

G_BEGIN_DECLS

typedef struct _TlsTickets TlsTickets;

/* A key makes tickets for so long … */
#define TLS_TICKETS_KEY_SECONDS 3600
/* … and a ticket is good for so long after it was made. */
#define TLS_TICKETS_LIFE_SECONDS 7200

TlsTickets *tls_tickets_new (void);
TlsTickets *tls_tickets_ref (TlsTickets *tickets);
void tls_tickets_unref (TlsTickets *tickets);

/* What SSL_CTX_set_tlsext_ticket_key_evp_cb () asks of its callback. */
int tls_tickets_use (TlsTickets *tickets, unsigned char *name, unsigned char *iv,
                     EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac, gboolean is_new);

G_END_DECLS

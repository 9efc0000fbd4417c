/* SPDX-License-Identifier: MIT
 *
 * A client that speaks TLS, by OpenSSL: a RawClient whose bytes go in records. One thread at a
 * time. */

#pragma once

#include "raw-client.h"

#include <openssl/ssl.h>

/* What it asks for and trusts; 0 is what most do. */
typedef struct {
    const char *name;        /* asked for; NULL: none */
    const char *protocols;   /* "\x08http/1.1"; NULL: none offered */
    int version;             /* the one it speaks; 0: those that OpenSSL does */
    const char *ciphers;     /* of TLS 1.2; NULL: OpenSSL's */
    const char *authority;   /* a path: who has to have signed; NULL: whoever */
    const char *certificate; /* a path, its key in the second; NULL: none */
    const char *key;
    SSL_SESSION *session; /* borrowed: to resume; NULL: a new one */
    gboolean asks_for_ocsp;
    gboolean is_small; /* as raw_client_new_small () */
} TlsWishes;

/* (transfer full): connected, and nothing of the handshake sent. `wishes` NULL: none. */
RawClient *tls_client_connect (const char *address, const TlsWishes *wishes);
/* The same to a connection that there is: it becomes the records' */
void tls_client_begin (RawClient *client, const TlsWishes *wishes);
/* Fails the test unless it comes to its end. */
void tls_client_shake (RawClient *client);
/* Whether it does; where it does not, why the server would not: an alert (SSL_AD_…), or 0 where it
 * said none. */
gboolean tls_client_try (RawClient *client, int *out_alert);
/* (transfer full): all of these. */
RawClient *tls_client_new (const char *address, const TlsWishes *wishes);

/* The server's alert that ends all; 0: it said none. */
int tls_client_get_alert (const RawClient *client);
/* (transfer none) */
SSL *tls_client_get (const RawClient *client);
/* (transfer full): to resume, when something has been read. */
SSL_SESSION *tls_client_dup_session (const RawClient *client);
/* (transfer full): the common name of the server's certificate. */
char *tls_client_dup_server (const RawClient *client);
/* Says that no more comes; what does is still received. */
void tls_client_say_end (RawClient *client);
/* Whether the server has said that no more comes. */
gboolean tls_client_was_told_end (const RawClient *client);

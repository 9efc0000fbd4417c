/* SPDX-License-Identifier: MIT
 *
 * What a certificate is, for the sources that read, compare and make one. */

#pragma once

#include "certificate-inside.h"

#include <stdatomic.h>

G_BEGIN_DECLS

struct _H3Certificate {
    atomic_int references;
    X509 *x509;        /* owned */
    char *subject;     /* owned */
    char *issuer;      /* owned */
    char *serial;      /* owned */
    char *fingerprint; /* owned */
    gint64 not_before;
    gint64 not_after;
    char **host_names; /* owned */
    char **addresses;  /* owned */
    char **emails;     /* owned */
};

/* Fills the three lists from the certificate's alternative names. */
void certificate_read_names (H3Certificate *certificate);

/* Whether `name` is one of a host, a first "*" for any label allowed or not. */
gboolean certificate_is_host_name (const char *name, gboolean may_be_wild);
/* The 4 or 16 bytes of an address; 0: `text` is none. */
guint certificate_read_address (const char *text, guint8 *out);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 *
 * What the command line says about TLS, gathered until it has been read as a whole. */

#pragma once

#include <h3/engine/server.h>

G_BEGIN_DECLS

typedef struct {
    GPtrArray *certificates; /* owned: paths */
    GPtrArray *keys;         /* owned: paths, of the certificates in their order */
    GPtrArray *answers;      /* owned: OCSP's, one for each certificate; NULL: none */
    char *authorities;       /* owned: a path */
    gboolean has_clients;    /* it was said which may come */
    H3TlsClients clients;
    H3TlsVersion minimum;
    gboolean is_self_signed; /* one is made */
    gboolean has_any;        /* one of the options was given */
} RunTls;

void run_tls_init (RunTls *tls);
void run_tls_clear (RunTls *tls);
/* `tls` outlives the context. */
void run_tls_add_options (RunTls *tls, GOptionContext *context);
/* FALSE with an error where the options do not go together. */
gboolean run_tls_apply (const RunTls *tls, H3Server *server, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RunTls, run_tls_clear)

G_END_DECLS

/* SPDX-License-Identifier: MIT */

#include "tls-policy.h"

/* Only ephemeral keys, only authenticated encryption: what is recorded today cannot be read with a
 * key that is stolen tomorrow. */
#define CIPHERS                                                                                    \
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"                                   \
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"                                   \
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"
#define SUITES "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
#define GROUPS "X25519:P-256:P-384"

#define OPTIONS (SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION)

/* A refused piece is tried again from another place in memory; idle sessions have no buffers. */
#define MODES                                                                                      \
    (SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER                           \
     | SSL_MODE_RELEASE_BUFFERS | SSL_MODE_AUTO_RETRY)

gboolean
tls_policy_apply (SSL_CTX *context, H3TlsVersion minimum)
{
    int version = minimum == H3_TLS_1_3 ? TLS1_3_VERSION : TLS1_2_VERSION;

    if (SSL_CTX_set_min_proto_version (context, version) != 1
        || SSL_CTX_set_max_proto_version (context, 0) != 1
        || SSL_CTX_set_cipher_list (context, CIPHERS) != 1
        || SSL_CTX_set_ciphersuites (context, SUITES) != 1
        || SSL_CTX_set1_groups_list (context, GROUPS) != 1)
        return FALSE;
    SSL_CTX_set_options (context, OPTIONS);
    SSL_CTX_set_mode (context, MODES);
    /* A record in one call instead of two. */
    SSL_CTX_set_read_ahead (context, 1);
    return TRUE;
}

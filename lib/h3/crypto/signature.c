/* SPDX-License-Identifier: MIT */

#include "signature.h"

#include <string.h>

static const char *const names[] = {
    [H3_SIGNATURE_HS256] = "HS256",
    [H3_SIGNATURE_HS384] = "HS384",
    [H3_SIGNATURE_HS512] = "HS512",
    [H3_SIGNATURE_RS256] = "RS256",
    [H3_SIGNATURE_RS384] = "RS384",
    [H3_SIGNATURE_RS512] = "RS512",
    [H3_SIGNATURE_PS256] = "PS256",
    [H3_SIGNATURE_PS384] = "PS384",
    [H3_SIGNATURE_PS512] = "PS512",
    [H3_SIGNATURE_ES256] = "ES256",
    [H3_SIGNATURE_ES384] = "ES384",
    [H3_SIGNATURE_ES512] = "ES512",
    [H3_SIGNATURE_EDDSA] = "EdDSA",
    [H3_SIGNATURE_ECDSA_SHA256] = "ECDSA-SHA256",
    [H3_SIGNATURE_ECDSA_SHA384] = "ECDSA-SHA384",
    [H3_SIGNATURE_ECDSA_SHA512] = "ECDSA-SHA512",
};

const char *
h3_signature_get_name (H3SignatureKind kind)
{
    g_return_val_if_fail ((guint) kind < G_N_ELEMENTS (names), NULL);
    return names[kind];
}

gboolean
h3_signature_from_name (const char *name, H3SignatureKind *out_kind)
{
    g_return_val_if_fail (out_kind != NULL, FALSE);
    for (guint i = H3_SIGNATURE_HS256; name != NULL && i <= H3_SIGNATURE_EDDSA; i++)
        if (strcmp (name, names[i]) == 0) {
            *out_kind = (H3SignatureKind) i;
            return TRUE;
        }
    return FALSE;
}

/* SPDX-License-Identifier: MIT */

#include "jwt.h"

#include <h3/crypto/base64.h>
#include <h3/format/json.h>

#include <stdatomic.h>

/* Not G_DEFINE_QUARK: what it remembers is a plain variable, which threads write at once. */
GQuark
h3_jwt_error_quark (void)
{
    static _Atomic GQuark known;
    GQuark quark = atomic_load_explicit (&known, memory_order_relaxed);

    if (quark == 0) {
        quark = g_quark_from_static_string ("h3-jwt-error-quark");
        atomic_store_explicit (&known, quark, memory_order_relaxed);
    }
    return quark;
}

static void
append_base64 (GString *out, const void *data, gsize length)
{
    gsize start = out->len;

    g_string_set_size (out, start + H3_BASE64_ROOM (length));
    g_string_set_size (out,
                       start + h3_base64_encode (data, length, H3_BASE64_URL, out->str + start));
}

static gboolean
append_document (GString *out, const json_t *document, GError **error)
{
    g_autofree char *text = h3_json_to_text (document, H3_JSON_COMPACT);

    if (text == NULL) {
        g_set_error_literal (error, H3_ERROR, H3_ERROR_INVALID, "the claims contain themselves");
        return FALSE;
    }
    append_base64 (out, text, strlen (text));
    return TRUE;
}

/* (transfer full) */
static json_t *
new_header (const H3Key *key, H3SignatureKind kind, const char *type)
{
    json_t *header = json_object ();
    const char *id = h3_key_get_id (key);

    json_object_set_new (header, "alg", json_string (h3_signature_get_name (kind)));
    json_object_set_new (header, "typ", json_string (type != NULL ? type : "JWT"));
    if (id != NULL)
        json_object_set_new (header, "kid", json_string (id));
    return header;
}

char *
h3_jwt_sign (H3Key *key, H3SignatureKind kind, const json_t *claims, const char *type,
             GError **error)
{
    g_autoptr (GString) token = g_string_new (NULL);
    g_autoptr (GBytes) signature = NULL;
    g_autoptr (json_t) header = NULL;

    g_return_val_if_fail (key != NULL && json_is_object (claims), NULL);
    g_return_val_if_fail (kind <= H3_SIGNATURE_EDDSA, NULL);
    header = new_header (key, kind, type);
    if (!append_document (token, header, error))
        return NULL;
    g_string_append_c (token, '.');
    if (!append_document (token, claims, error))
        return NULL;
    signature = h3_key_sign (key, kind, token->str, token->len, error);
    if (signature == NULL)
        return NULL;
    g_string_append_c (token, '.');
    append_base64 (token, g_bytes_get_data (signature, NULL), g_bytes_get_size (signature));
    if (token->len > H3_JWT_MAX_LENGTH) {
        g_set_error (error, H3_ERROR, H3_ERROR_LIMIT, "a token has at most %d bytes",
                     H3_JWT_MAX_LENGTH);
        return NULL;
    }
    return g_string_free (g_steal_pointer (&token), FALSE);
}

char *
h3_jwt_sign_text (H3Key *key, H3SignatureKind kind, const char *claims, const char *type,
                  GError **error)
{
    g_autoptr (json_t) document = NULL;

    g_return_val_if_fail (key != NULL && claims != NULL, NULL);
    document = h3_json_parse (h3_view_of (claims), H3_JWT_MAX_DEPTH, error);
    if (document == NULL)
        return NULL;
    if (!json_is_object (document)) {
        g_set_error_literal (error, H3_ERROR, H3_ERROR_INVALID, "claims are a JSON object");
        return NULL;
    }
    return h3_jwt_sign (key, kind, document, type, error);
}

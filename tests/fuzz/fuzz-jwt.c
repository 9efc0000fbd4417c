/* SPDX-License-Identifier: MIT
 *
 * JSON Web Tokens. The input is a token as it came, which is taken only where GLib's HMAC says that
 * it is ours; and, its first line as a header and the rest as claims, a token that we sign: it is
 * taken where a plain reading of both says so. */

#include "fuzz.h"
#include "h3/crypto/base64.h"
#include "h3/crypto/jwt.h"
#include "h3/format/json.h"
#include "h3/loop/clock.h"

#include <math.h>

#define LEEWAY 10

static const char secret[] = "0123456789abcdef0123456789abcdef";

static H3Key *key;
static H3JwtVerifier *verifier;
static gint64 now;

static void
prepare (void)
{
    g_autoptr (GBytes) bytes = g_bytes_new_static (secret, sizeof secret - 1);

    if (key != NULL)
        return;
    clock_take_control ();
    now = clock_get_real_seconds ();
    key = h3_key_new_secret (bytes, NULL);
    verifier = h3_jwt_verifier_new ();
    FUZZ_ASSERT (h3_jwt_verifier_add_key (verifier, key, H3_SIGNATURE_HS256, NULL), "no key");
    h3_jwt_verifier_set_leeway (verifier, LEEWAY);
    h3_jwt_verifier_set_needs_expiry (verifier, FALSE);
    h3_jwt_verifier_add_audience (verifier, "us");
}

/* (transfer full) */
static char *
sign_plainly (const char *data, gsize length)
{
    guint8 mac[32];
    gsize size = sizeof mac;
    g_autoptr (GHmac) hmac =
        g_hmac_new (G_CHECKSUM_SHA256, (const guchar *) secret, sizeof secret - 1);
    g_autofree char *text = g_malloc (H3_BASE64_ROOM (sizeof mac));

    g_hmac_update (hmac, (const guchar *) data, (gssize) length);
    g_hmac_get_digest (hmac, mac, &size);
    (void) h3_base64_encode (mac, size, H3_BASE64_URL, text);
    return g_steal_pointer (&text);
}

/* Whoever has no key has no token: the signature is that of what stands before it. */
static void
verify_raw (const char *token)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (json_t) claims = h3_jwt_verifier_verify (verifier, token, &error);
    const char *last = strrchr (token, '.');
    g_autofree char *expected = NULL;

    FUZZ_ASSERT ((claims == NULL) == (error != NULL), "claims and an error, or none");
    FUZZ_ASSERT (error == NULL || error->domain == H3_JWT_ERROR, "%s", error->message);
    if (claims == NULL)
        return;
    expected = sign_plainly (token, (gsize) (last - token));
    FUZZ_ASSERT (g_str_equal (last + 1, expected), "'%s' is not ours", token);
}

static gboolean
is_string_or_none (const json_t *object, const char *name)
{
    const json_t *value = json_object_get (object, name);

    return value == NULL || json_is_string (value);
}

static gboolean
is_header (const json_t *header)
{
    const char *algorithm = json_string_value (json_object_get (header, "alg"));

    return json_is_object (header) && g_strcmp0 (algorithm, "HS256") == 0
           && json_object_get (header, "crit") == NULL && json_object_get (header, "b64") == NULL
           && is_string_or_none (header, "kid") && is_string_or_none (header, "typ");
}

/* FALSE for what is no time; `*out_time` is `otherwise` where there is none. */
static gboolean
read_time (const json_t *claims, const char *name, double otherwise, double *out_time)
{
    const json_t *value = json_object_get (claims, name);

    *out_time = value != NULL ? json_number_value (value) : otherwise;
    return value == NULL || (json_is_number (value) && fabs (*out_time) <= 9007199254740992.0);
}

static gboolean
is_for_us (const json_t *audience)
{
    const json_t *one;
    gsize i;

    if (!json_is_array (audience))
        return g_strcmp0 (json_string_value (audience), "us") == 0;
    json_array_foreach (audience, i, one)
    {
        if (g_strcmp0 (json_string_value (one), "us") == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean
are_claims (const json_t *claims)
{
    double expiry, start, issued;

    return json_is_object (claims) && read_time (claims, "exp", INFINITY, &expiry)
           && read_time (claims, "nbf", -INFINITY, &start)
           && read_time (claims, "iat", -INFINITY, &issued) && (double) now - LEEWAY < expiry
           && (double) now + LEEWAY >= start && (double) now + LEEWAY >= issued
           && is_string_or_none (claims, "iss") && is_string_or_none (claims, "sub")
           && is_for_us (json_object_get (claims, "aud"));
}

static void
append_base64 (GString *out, H3View text)
{
    g_autofree char *encoded = g_malloc (H3_BASE64_ROOM (text.length));

    (void) h3_base64_encode (text.data, text.length, H3_BASE64_URL, encoded);
    g_string_append (out, encoded);
}

static void
verify_signed (H3View header, H3View claims)
{
    g_autoptr (json_t) header_document = h3_json_parse (header, H3_JWT_MAX_DEPTH, NULL);
    g_autoptr (json_t) document = h3_json_parse (claims, H3_JWT_MAX_DEPTH, NULL);
    g_autoptr (json_t) found = NULL;
    g_autoptr (GString) token = g_string_new (NULL);
    g_autofree char *signature = NULL;
    gboolean is_right;

    append_base64 (token, header);
    g_string_append_c (token, '.');
    append_base64 (token, claims);
    signature = sign_plainly (token->str, token->len);
    g_string_append_printf (token, ".%s", signature);
    is_right =
        token->len <= H3_JWT_MAX_LENGTH && is_header (header_document) && are_claims (document);
    found = h3_jwt_verifier_verify (verifier, token->str, NULL);
    FUZZ_ASSERT ((found != NULL) == is_right, "taken: %d: %s", found != NULL, token->str);
    FUZZ_ASSERT (found == NULL || json_equal (found, document), "other claims");
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    g_autofree char *copy = fuzz_copy (data, size);
    g_autofree char *text = g_strndup (copy, size);
    H3View rest = h3_view (copy, size), header = H3_VIEW_EMPTY;

    prepare ();
    verify_raw (text);
    (void) fuzz_take_line (&rest, &header);
    if (rest.data == NULL)
        rest = H3_VIEW_EMPTY;
    verify_signed (header, rest);
    return 0;
}

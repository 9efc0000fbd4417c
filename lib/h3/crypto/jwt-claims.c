/* SPDX-License-Identifier: MIT */

#include "jwt-claims.h"

#include <h3/format/json.h>

#include <math.h>

#define DEFAULT_LEEWAY 30
/* Up to here a double has every second. */
#define LAST_SECOND 9007199254740992.0

void
jwt_claims_init (JwtClaims *claims)
{
    memset (claims, 0, sizeof *claims);
    claims->audiences = g_ptr_array_new_with_free_func (g_free);
    claims->leeway = DEFAULT_LEEWAY;
    claims->needs_expiry = TRUE;
}

void
jwt_claims_clear (JwtClaims *claims)
{
    g_free (claims->issuer);
    g_free (claims->subject);
    g_ptr_array_unref (claims->audiences);
}

static gboolean
fail (GError **error, H3JwtError code, const char *message)
{
    g_set_error_literal (error, H3_JWT_ERROR, (int) code, message);
    return FALSE;
}

/* A NumericDate (RFC 7519 §2), which may have a fraction; `*out_time` is untouched where there is
 * none. */
static gboolean
read_time (const json_t *document, const char *name, double *out_time, GError **error)
{
    const json_t *value = json_object_get (document, name);

    if (value == NULL)
        return TRUE;
    if (!json_is_number (value) || fabs (json_number_value (value)) > LAST_SECOND)
        return fail (error, H3_JWT_ERROR_CLAIM, "a time in the token is no number of seconds");
    *out_time = json_number_value (value);
    return TRUE;
}

static gboolean
check_times (const JwtClaims *claims, const json_t *document, double now, GError **error)
{
    double expiry = NAN, start = NAN, issued = NAN;
    double leeway = claims->leeway;

    if (!read_time (document, "exp", &expiry, error) || !read_time (document, "nbf", &start, error)
        || !read_time (document, "iat", &issued, error))
        return FALSE;
    if (claims->needs_expiry && isnan (expiry))
        return fail (error, H3_JWT_ERROR_CLAIM, "the token has no end");
    if (claims->max_age > 0 && isnan (issued))
        return fail (error, H3_JWT_ERROR_CLAIM, "the token does not say how old it is");
    /* What is not there is not a number, of which nothing is true. */
    if (now >= expiry + leeway || (claims->max_age > 0 && now > issued + claims->max_age + leeway))
        return fail (error, H3_JWT_ERROR_EXPIRED, "the token has expired");
    if (now < start - leeway || now < issued - leeway)
        return fail (error, H3_JWT_ERROR_EARLY, "the token is not valid yet");
    return TRUE;
}

/* `expected` may be NULL: then it only has to be a string, where it is there. */
static gboolean
check_string (const json_t *document, const char *name, const char *expected)
{
    const json_t *value = json_object_get (document, name);

    if (value == NULL)
        return expected == NULL;
    return json_is_string (value)
           && (expected == NULL || g_str_equal (json_string_value (value), expected));
}

static gboolean
is_audience (const JwtClaims *claims, const json_t *name)
{
    return json_is_string (name)
           && g_ptr_array_find_with_equal_func (claims->audiences, json_string_value (name),
                                                g_str_equal, NULL);
}

/* One name, or several. */
static gboolean
check_audience (const JwtClaims *claims, const json_t *document)
{
    const json_t *value = json_object_get (document, "aud");
    const json_t *one;
    gsize i;

    if (value == NULL)
        return claims->audiences->len == 0;
    if (!json_is_array (value))
        return is_audience (claims, value);
    json_array_foreach (value, i, one)
    {
        if (is_audience (claims, one))
            return TRUE;
    }
    return FALSE;
}

gboolean
jwt_claims_check (const JwtClaims *claims, const json_t *document, gint64 now, GError **error)
{
    if (!check_times (claims, document, (double) now, error))
        return FALSE;
    if (!check_string (document, "iss", claims->issuer))
        return fail (error, H3_JWT_ERROR_CLAIM, "the token is from another issuer");
    if (!check_string (document, "sub", claims->subject))
        return fail (error, H3_JWT_ERROR_CLAIM, "the token is about somebody else");
    if (!check_audience (claims, document))
        return fail (error, H3_JWT_ERROR_CLAIM, "the token is meant for somebody else");
    return TRUE;
}

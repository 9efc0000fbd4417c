/* SPDX-License-Identifier: MIT */

#include "security-headers.h"

#include <h3/base/error.h>
#include <h3/base/random.h>
#include <h3/batteries/content-security-policy.h>
#include <h3/crypto/base64.h>
#include <h3/http/content.h>
#include <h3/http/event-inside.h>
#include <h3/http/headers-inside.h>
#include <h3/http/response-inside.h>
#include <h3/route/chain-inside.h>

#define ONE_YEAR   (365 * 24 * 60 * 60)
#define NONCE_KEY  "h3-security-nonce"
#define NONCE_BITS 128

#define POLICY      "Content-Security-Policy"
#define REPORT_ONLY "Content-Security-Policy-Report-Only"

typedef struct {
    H3Headers *plain;                   /* owned: all but Strict-Transport-Security */
    H3Headers *secure;                  /* owned: all, for answers over TLS; NULL: as `plain` */
    ContentSecurityPolicy *policy;      /* owned; NULL: none */
    ContentSecurityPolicy *report_only; /* owned; NULL: none */
} SecurityHeaders;

static void
security_headers_free (SecurityHeaders *headers)
{
    h3_headers_unref (headers->plain);
    h3_headers_unref (headers->secure);
    content_security_policy_free (headers->policy);
    content_security_policy_free (headers->report_only);
    g_free (headers);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SecurityHeaders, security_headers_free)

static void
free_headers (gpointer data)
{
    security_headers_free (data);
}

/* Where no proxy is believed, nothing has to be worked out. */
static gboolean
is_secure (H3Event *event)
{
    H3SocketAddress peer;
    gboolean secure = FALSE;

    if (event->trusted != NULL)
        return strcmp (h3_event_get_scheme (event), "https") == 0;
    if (event->carrier != NULL)
        event->carrier->functions->get_peer (event->carrier, &peer, &secure);
    return secure;
}

static void
put_policy (H3Response *response, const char *name, const ContentSecurityPolicy *policy,
            const char *nonce)
{
    g_autofree char *text = NULL;

    if (policy == NULL || h3_response_get_header (response, name) != NULL)
        return;
    text = content_security_policy_dup_with_nonce (policy, nonce);
    h3_response_set_header (response, name, text);
}

/* A nonce that is kept with its page would be known to the next who gets it. */
static void
put_nonce (const SecurityHeaders *headers, H3Response *response, const char *nonce)
{
    put_policy (response, POLICY, headers->policy, nonce);
    put_policy (response, REPORT_ONLY, headers->report_only, nonce);
    if (h3_response_get_header (response, "Cache-Control") == NULL)
        h3_response_set_header (response, "Cache-Control", "no-store");
}

/* Set when the head leaves: what the handler has set is known, and no error drops them. */
static void
put_fields (H3Event *event, gpointer user_data)
{
    const SecurityHeaders *headers = user_data;
    const char *nonce = h3_event_get_data (event, NONCE_KEY);

    if (nonce != NULL)
        put_nonce (headers, &event->response, nonce);
    response_add_defaults (&event->response, headers->secure != NULL && is_secure (event)
                                                 ? headers->secure
                                                 : headers->plain);
}

static void
secure_event (H3Event *event, gpointer user_data)
{
    h3_event_on_send (event, put_fields, user_data, NULL);
    h3_event_next (event);
}

static void
secure_unread (H3Event *event, gpointer user_data)
{
    if (!event->response.is_final)
        h3_event_on_send (event, put_fields, user_data, NULL);
}

const char *
h3_security_headers_get_nonce (H3Event *event)
{
    guint8 bits[NONCE_BITS / 8];
    char *nonce;

    g_return_val_if_fail (event != NULL, NULL);
    nonce = h3_event_get_data (event, NONCE_KEY);
    if (nonce != NULL)
        return nonce;
    if (!random_fill (bits, sizeof bits)) {
        h3_event_fail (
            event, g_error_new_literal (H3_ERROR, H3_ERROR_FAILED, "no random bits for a nonce"));
        return NULL;
    }
    nonce = h3_arena_alloc (event->arena, H3_BASE64_ROOM (sizeof bits));
    h3_base64_encode (bits, sizeof bits, H3_BASE64_URL, nonce);
    h3_event_set_data (event, NONCE_KEY, nonce, NULL);
    return nonce;
}

void
h3_security_headers_options_init (H3SecurityHeadersOptions *options)
{
    g_return_if_fail (options != NULL);
    *options = (H3SecurityHeadersOptions){
        .content_security_policy = "default-src 'self'; base-uri 'self'; form-action 'self'; "
                                   "frame-ancestors 'none'; object-src 'none'",
        .frame_options = "DENY",
        .referrer_policy = "same-origin",
        .permissions_policy = "accelerometer=(), camera=(), display-capture=(), geolocation=(), "
                              "gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), "
                              "payment=(), serial=(), usb=()",
        .opener_policy = "same-origin",
        .resource_policy = "same-origin",
        .no_sniff = TRUE,
        .hsts_max_age = ONE_YEAR,
    };
}

static gboolean
refuse (GError **error, const char *field, const char *value, const char *hint)
{
    g_set_error (error, H3_ERROR, H3_ERROR_INVALID, "%s cannot be \"%s\": %s", field, value, hint);
    return FALSE;
}

/* Sets `value` (nullable: nothing) where it is one of those that `known` has, "|" between them. */
static gboolean
add_one_of (SecurityHeaders *headers, const char *field, const char *value, const char *known,
            GError **error)
{
    g_auto (GStrv) values = g_strsplit (known, "|", -1);

    if (value == NULL)
        return TRUE;
    if (!g_strv_contains ((const char *const *) values, value))
        return refuse (error, field, value, known);
    return h3_headers_set (headers->plain, field, value);
}

/* Several may be given, of which browsers take the last that they know. */
static gboolean
add_referrer_policy (SecurityHeaders *headers, const char *value, GError **error)
{
    static const char *const known[] = { "no-referrer",
                                         "no-referrer-when-downgrade",
                                         "origin",
                                         "origin-when-cross-origin",
                                         "same-origin",
                                         "strict-origin",
                                         "strict-origin-when-cross-origin",
                                         "unsafe-url",
                                         NULL };
    g_auto (GStrv) policies = value != NULL ? g_strsplit (value, ",", -1) : NULL;

    if (value == NULL)
        return TRUE;
    for (char **policy = policies; *policy != NULL; policy++) {
        if (!g_strv_contains (known, g_strstrip (*policy)))
            return refuse (error, "Referrer-Policy", value, "a policy that browsers do not know");
    }
    return h3_headers_set (headers->plain, "Referrer-Policy", value);
}

static gboolean
add_permissions (SecurityHeaders *headers, const char *value, GError **error)
{
    if (value == NULL)
        return TRUE;
    if (strchr (value, '=') == NULL || !g_str_is_ascii (value)
        || !h3_headers_is_value (h3_view_of (value)))
        return refuse (error, "Permissions-Policy", value, "write it as in \"camera=(), usb=()\"");
    return h3_headers_set (headers->plain, "Permissions-Policy", value);
}

static gboolean
add_policy (SecurityHeaders *headers, const char *name, const char *text,
            ContentSecurityPolicy **out_policy, GError **error)
{
    if (text == NULL)
        return TRUE;
    *out_policy = content_security_policy_new (text, error);
    return *out_policy != NULL && h3_headers_set (headers->plain, name, text);
}

/* Browsers that know frame-ancestors heed nothing else. */
static gboolean
check_frames (const SecurityHeaders *headers, const char *frame_options, GError **error)
{
    const char *ancestors = headers->policy != NULL
                                ? content_security_policy_find (headers->policy, "frame-ancestors")
                                : NULL;

    if (frame_options == NULL || ancestors == NULL
        || strcmp (ancestors, strcmp (frame_options, "DENY") == 0 ? "'none'" : "'self'") == 0)
        return TRUE;
    return refuse (error, "X-Frame-Options", frame_options,
                   "frame-ancestors of the Content-Security-Policy says otherwise, and goes "
                   "before it");
}

static gboolean
add_hsts (SecurityHeaders *headers, const H3SecurityHeadersOptions *options, GError **error)
{
    g_autofree char *value = g_strdup_printf ("max-age=%u%s%s", options->hsts_max_age,
                                              options->hsts_subdomains ? "; includeSubDomains" : "",
                                              options->hsts_preload ? "; preload" : "");

    if (options->hsts_preload && (!options->hsts_subdomains || options->hsts_max_age < ONE_YEAR))
        return refuse (error, "Strict-Transport-Security", value,
                       "the browsers' list takes one year or more, with all hosts below");
    if (options->hsts_max_age == 0) {
        if (options->hsts_subdomains)
            return refuse (error, "Strict-Transport-Security", value,
                           "without an age the field is not sent");
        return TRUE;
    }
    headers->secure = h3_headers_ref (headers->plain);
    headers_own (&headers->secure);
    return h3_headers_set (headers->secure, "Strict-Transport-Security", value);
}

static gboolean
add_all (SecurityHeaders *headers, const H3SecurityHeadersOptions *options, GError **error)
{
    if (options->no_sniff)
        h3_headers_set (headers->plain, "X-Content-Type-Options", "nosniff");
    return add_policy (headers, POLICY, options->content_security_policy, &headers->policy, error)
           && add_policy (headers, REPORT_ONLY, options->content_security_policy_report_only,
                          &headers->report_only, error)
           && add_one_of (headers, "X-Frame-Options", options->frame_options, "DENY|SAMEORIGIN",
                          error)
           && check_frames (headers, options->frame_options, error)
           && add_referrer_policy (headers, options->referrer_policy, error)
           && add_permissions (headers, options->permissions_policy, error)
           && add_one_of (headers, "Cross-Origin-Opener-Policy", options->opener_policy,
                          "same-origin|same-origin-allow-popups|noopener-allow-popups|unsafe-none",
                          error)
           && add_one_of (headers, "Cross-Origin-Embedder-Policy", options->embedder_policy,
                          "require-corp|credentialless|unsafe-none", error)
           && add_one_of (headers, "Cross-Origin-Resource-Policy", options->resource_policy,
                          "same-origin|same-site|cross-origin", error)
           && add_hsts (headers, options, error);
}

H3Middleware *
h3_security_headers_new_full (const H3SecurityHeadersOptions *options, GError **error)
{
    g_autoptr (SecurityHeaders) headers = g_new0 (SecurityHeaders, 1);
    H3Middleware *middleware;

    g_return_val_if_fail (options != NULL, NULL);
    headers->plain = h3_headers_new ();
    if (!add_all (headers, options, error))
        return NULL;
    middleware = h3_middleware_new (secure_event, g_steal_pointer (&headers), free_headers);
    h3_middleware_set_early (middleware, TRUE);
    middleware_set_unread (middleware, secure_unread);
    return middleware;
}

H3Middleware *
h3_security_headers_new (void)
{
    H3SecurityHeadersOptions options;

    h3_security_headers_options_init (&options);
    return h3_security_headers_new_full (&options, NULL);
}

/* SPDX-License-Identifier: MIT
 *
 * Whether a request that changes something comes from a page of ours. */

#include "csrf-private.h"

#include "form.h"
#include "principal.h"

#include <h3/http/body.h>
#include <h3/http/content.h>
#include <h3/http/event-flow.h>
#include <h3/http/failure.h>
#include <h3/loop/clock.h>

/* Owned by the question that is under way. */
typedef struct {
    H3Event *event; /* ref */
    guint8 digest[CSRF_DIGEST_LENGTH];
} Checking;

static void
refuse (H3Event *event)
{
    h3_event_fail_status (event, 403,
                          "This request needs a token that was given to a page of this session.");
}

/* These change nothing (RFC 9110 §9.2.1), nor does QUERY. */
static gboolean
is_safe (H3Method method)
{
    return method == H3_METHOD_GET || method == H3_METHOD_HEAD || method == H3_METHOD_OPTIONS
           || method == H3_METHOD_TRACE || method == H3_METHOD_QUERY;
}

/* No browser sends a bearer token by itself. What the request calls one proves nothing: only who
 * verified it sets a principal. */
static gboolean
has_bearer (const H3Event *event)
{
    const H3Principal *principal = h3_event_get_principal (event);

    return principal != NULL && strcmp (h3_principal_get_scheme (principal), "bearer") == 0;
}

static gboolean
is_trusted (const Csrf *csrf, const Origin *origin)
{
    for (guint i = 0; i < csrf->origins->len; i++) {
        const Origin *trusted = csrf->origins->pdata[i];

        if (strcmp (trusted->text, origin->text) == 0)
            return TRUE;
    }
    for (guint i = 0; i < csrf->trusted->len; i++) {
        if (origin_pattern_fits (csrf->trusted->pdata[i], origin))
            return TRUE;
    }
    return FALSE;
}

/* Host and port are those of the request. The scheme is the origin's own: who speaks TLS in front
 * of us may be no proxy that tells. */
static gboolean
is_own (H3Event *event, const Origin *origin)
{
    g_autofree char *text = g_strdup_printf ("%.*s://%s", origin->scheme_length, origin->text,
                                             h3_event_get_host (event));
    Origin own;

    return origin->host != 0 && origin_parse (h3_view_of (text), &own)
           && strcmp (own.text, origin->text) == 0;
}

/* What browsers say of where a request comes from; other clients say nothing. */
static gboolean
comes_from_elsewhere (const Csrf *csrf, H3Event *event)
{
    H3View site = h3_request_get_header_view (&event->request, H3_VIEW ("Sec-Fetch-Site"));
    H3View field = h3_request_get_header_view (&event->request, H3_VIEW ("Origin"));
    gboolean has_origin = field.data != NULL;
    Origin origin;

    if (csrf->ignores_origin || (site.data == NULL && !has_origin))
        return FALSE;
    if (has_origin && origin_parse (field, &origin) && is_trusted (csrf, &origin))
        return FALSE;
    if (site.data != NULL)
        return !h3_view_equal (site, H3_VIEW ("same-origin"))
               && !h3_view_equal (site, H3_VIEW ("none"));
    return !origin_parse (field, &origin) || !is_own (event, &origin);
}

static void
on_tokens (H3Store *store, const H3StoreAnswer *answer, gpointer user_data)
{
    Checking *checking = user_data;
    H3Event *event = checking->event;
    H3View view = H3_VIEW_EMPTY;
    CsrfTokens tokens;

    if (answer->value != NULL)
        view.data = g_bytes_get_data (answer->value, &view.length);
    csrf_tokens_read (&tokens, view, clock_get_real_seconds ());
    if (event->phase != EVENT_OPEN)
        g_debug ("a token was looked for too long");
    else if (answer->outcome == H3_STORE_FAILED)
        csrf_fail_store (event, answer);
    else if (csrf_tokens_have (&tokens, checking->digest))
        h3_event_next (event);
    else
        refuse (event);
    g_free (checking);
    h3_event_unref (event);
}

static void
look_up (H3Event *event, const Csrf *csrf, H3View token)
{
    const guint8 *binding = session_peek_binding (h3_event_get_session (event));
    guint8 bytes[CSRF_TOKEN_LENGTH / 4 * 3 + 2];
    g_autoptr (GError) error = NULL;
    g_autofree char *key = NULL;
    guint8 digest[CSRF_DIGEST_LENGTH];
    Checking *checking;
    gsize length;

    if (binding == NULL || token.length != CSRF_TOKEN_LENGTH
        || !h3_base64_decode (token, H3_BASE64_URL, bytes, &length)) {
        refuse (event);
        return;
    }
    key = csrf_make_key (binding, &error);
    if (key == NULL || !csrf_make_digest (token, digest, &error)) {
        h3_event_fail (event, g_steal_pointer (&error));
        return;
    }
    checking = g_new (Checking, 1);
    checking->event = h3_event_defer (event);
    memcpy (checking->digest, digest, sizeof digest);
    h3_store_get (csrf->store, key, on_tokens, checking);
}

static void
look_into_form (H3Event *event, gpointer user_data)
{
    const Csrf *csrf = user_data;
    GError *error = NULL;
    const H3Form *form = h3_event_get_form (event, &error);

    if (form == NULL)
        h3_event_fail (event, error);
    else
        look_up (event, csrf, h3_view_of (h3_form_get (form, csrf->field)));
}

static gboolean
has_form (const H3Event *event)
{
    H3View type = h3_request_get_header_view (&event->request, H3_VIEW ("Content-Type"));
    H3View essence;

    if (!event->request.has_body || event->wish == H3_BODY_NONE
        || !h3_view_split (&type, ';', &essence))
        return FALSE;
    essence = h3_view_trim (essence);
    return h3_view_equal_ignore_case (essence, H3_VIEW ("application/x-www-form-urlencoded"))
           || h3_view_equal_ignore_case (essence, H3_VIEW ("multipart/form-data"));
}

/* Handlers behind find the form read. */
static void
check_form (H3Event *event, const Csrf *csrf)
{
    if (!has_form (event))
        refuse (event);
    else if (event->request.body == NULL)
        h3_event_read_form (event, NULL, look_into_form, (gpointer) csrf, NULL);
    else
        look_into_form (event, (gpointer) csrf);
}

void
csrf_check (H3Event *event, const CsrfState *state)
{
    const Csrf *csrf = state->csrf;
    H3Session *session;
    const char *token;

    if (is_safe (event->request.method) || has_bearer (event)) {
        h3_event_next (event);
        return;
    }
    session = h3_event_get_session (event);
    /* Nobody without a session was given a token: no body is read to find that out. */
    if (session == NULL || session_peek_binding (session) == NULL
        || comes_from_elsewhere (csrf, event)) {
        refuse (event);
        return;
    }
    token = h3_request_get_header (&event->request, csrf->header);
    if (token != NULL)
        look_up (event, csrf, h3_view_of (token));
    else
        check_form (event, csrf);
}

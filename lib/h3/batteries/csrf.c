/* SPDX-License-Identifier: MIT */

#include "csrf-private.h"

#include <h3/base/error.h>
#include <h3/crypto/digest.h>
#include <h3/http/event-flow.h>
#include <h3/http/failure.h>
#include <h3/store/memory-store.h>

#define DATA_KEY "h3.csrf"
#define PREFIX   "csrf:"

/* A store of their own. */
#define MAX_SESSIONS 100000
#define MAX_BYTES    ((gsize) 64 << 20)

#define DAY G_GINT64_CONSTANT (86400)

static void
free_csrf (gpointer data)
{
    Csrf *csrf = data;

    g_clear_object (&csrf->store);
    g_free (csrf->header);
    g_free (csrf->field);
    g_ptr_array_unref (csrf->trusted);
    g_ptr_array_unref (csrf->origins);
    g_free (csrf);
}

char *
csrf_make_key (const guint8 *binding, GError **error)
{
    guint8 digest[32];
    char key[sizeof PREFIX + H3_BASE64_ROOM (sizeof digest)] = PREFIX;

    if (!h3_digest_compute_hmac (H3_DIGEST_SHA256, binding, SESSION_BINDING_LENGTH, PREFIX,
                                 strlen (PREFIX), digest, error))
        return NULL;
    (void) h3_base64_encode (digest, sizeof digest, H3_BASE64_URL, key + strlen (PREFIX));
    return g_strdup (key);
}

gboolean
csrf_make_digest (H3View token, guint8 *digest, GError **error)
{
    return h3_digest_compute (H3_DIGEST_SHA256, token.data, token.length, digest, error);
}

void
csrf_fail_store (H3Event *event, const H3StoreAnswer *answer)
{
    g_debug ("a token was not found: %s", answer->error->message);
    h3_response_set_header_always (&event->response, "Retry-After", "1");
    h3_event_fail_status (event, 503, "The token could not be looked up: try again.");
}

static void
keep (H3Event *event, gpointer user_data)
{
    CsrfState *state = user_data;

    state->is_closed = TRUE;
    csrf_keep_token (event, state);
}

static void
guard (H3Event *event, gpointer user_data)
{
    CsrfState *state = h3_arena_new0 (event->arena, CsrfState);

    state->csrf = user_data;
    h3_event_set_data (event, DATA_KEY, state, NULL);
    h3_event_on_send (event, keep, state, NULL);
    csrf_check (event, state);
}

const char *
h3_event_get_csrf_token (H3Event *event, GError **error)
{
    guint8 bytes[CSRF_TOKEN_BYTES];
    const H3Session *session;
    const char *problem = NULL;
    CsrfState *state;

    g_return_val_if_fail (event != NULL, NULL);
    state = h3_event_get_data (event, DATA_KEY);
    session = h3_event_get_session (event);
    if (state == NULL || session == NULL) {
        g_set_error_literal (error, H3_ERROR, H3_ERROR_INVALID,
                             "tokens are given out behind h3_sessions_new () and h3_csrf_new ()");
        return NULL;
    }
    if (session_is_destroyed (session))
        problem = "the session was destroyed";
    else if (state->is_closed || event->response.is_final)
        problem = "the answer has left: no token can be kept any more";
    if (problem != NULL) {
        g_set_error_literal (error, H3_ERROR, H3_ERROR_CLOSED, problem);
        return NULL;
    }
    if (state->token[0] == '\0') {
        if (!h3_digest_fill_random (bytes, sizeof bytes, error))
            return NULL;
        (void) h3_base64_encode (bytes, sizeof bytes, H3_BASE64_URL, state->token);
        h3_digest_wipe (bytes, sizeof bytes);
    }
    return state->token;
}

void
h3_csrf_options_init (H3CsrfOptions *options)
{
    g_return_if_fail (options != NULL);
    memset (options, 0, sizeof *options);
    options->header = "X-CSRF-Token";
    options->field = "csrf_token";
    options->lifetime = DAY;
}

static gboolean
add_origin (Csrf *csrf, const char *text, GError **error)
{
    Origin origin;

    if (origin_pattern_is (text)) {
        OriginPattern *pattern = origin_pattern_new (text, error);

        if (pattern != NULL)
            g_ptr_array_add (csrf->trusted, pattern);
        return pattern != NULL;
    }
    if (!origin_parse (h3_view_of (text), &origin) || origin.host == 0) {
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID, "'%s' is no origin: https://example.org",
                     text);
        return FALSE;
    }
    g_ptr_array_add (csrf->origins, g_memdup2 (&origin, sizeof origin));
    return TRUE;
}

static gboolean
check_options (const H3CsrfOptions *options, GError **error)
{
    const char *problem = NULL;

    if (!h3_headers_is_name (h3_view_of (options->header)))
        problem = "the field that brings a token has no name";
    else if (options->field[0] == '\0')
        problem = "the field of a form that brings a token has no name";
    else if (options->lifetime < 60 || options->lifetime > 400 * DAY)
        problem = "tokens are good for 60 seconds to 400 days";
    if (problem != NULL)
        g_set_error_literal (error, H3_ERROR, H3_ERROR_INVALID, problem);
    return problem == NULL;
}

static H3Store *
new_own_store (void)
{
    H3Store *store = h3_memory_store_new (MAX_SESSIONS, MAX_BYTES);

    h3_memory_store_set_name (store, "csrf");
    return store;
}

H3Middleware *
h3_csrf_new_full (const H3CsrfOptions *options, GError **error)
{
    Csrf *csrf;

    g_return_val_if_fail (options != NULL && options->header != NULL && options->field != NULL,
                          NULL);
    if (!check_options (options, error))
        return NULL;
    csrf = g_new0 (Csrf, 1);
    csrf->store = options->store != NULL ? g_object_ref (options->store) : new_own_store ();
    csrf->header = g_strdup (options->header);
    csrf->field = g_strdup (options->field);
    csrf->lifetime = options->lifetime;
    csrf->ignores_origin = options->ignores_origin;
    csrf->trusted = g_ptr_array_new_with_free_func ((GDestroyNotify) origin_pattern_free);
    csrf->origins = g_ptr_array_new_with_free_func (g_free);
    for (gsize i = 0; options->trusted_origins != NULL && options->trusted_origins[i] != NULL;
         i++) {
        if (!add_origin (csrf, options->trusted_origins[i], error)) {
            free_csrf (csrf);
            return NULL;
        }
    }
    return h3_middleware_new (guard, csrf, free_csrf);
}

H3Middleware *
h3_csrf_new (H3Store *store)
{
    H3CsrfOptions options;

    h3_csrf_options_init (&options);
    options.store = store;
    return h3_csrf_new_full (&options, NULL);
}

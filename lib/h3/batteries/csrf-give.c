/* SPDX-License-Identifier: MIT
 *
 * How a token that was given out is kept: beside those that the session has, whatever other
 * requests of it do meanwhile. */

#include "csrf-private.h"

#include <h3/crypto/digest.h>
#include <h3/http/answer.h>
#include <h3/http/event-flow.h>
#include <h3/http/failure.h>
#include <h3/loop/clock.h>

/* Each time another has succeeded. */
#define MAX_TRIES 100

/* Owned by the question that is under way. */
typedef struct {
    const Csrf *csrf; /* borrowed: the middleware */
    H3Event *event;   /* ref */
    char *key;        /* owned */
    guint8 digest[CSRF_DIGEST_LENGTH];
    guint tries;
} Keeping;

static void
end_keeping (Keeping *keeping, GError *error)
{
    H3Event *event = keeping->event;

    if (error != NULL && !event->response.is_final)
        h3_response_set_header_always (&event->response, "Retry-After", "1");
    event_release (event, error);
    g_free (keeping->key);
    g_free (keeping);
    h3_event_unref (event);
}

static void on_answered (H3Store *store, const H3StoreAnswer *answer, gpointer user_data);

/* `found` is what the store has; NULL: nothing. */
static void
try_once (Keeping *keeping, GBytes *found)
{
    const Csrf *csrf = keeping->csrf;
    gint64 now = clock_get_real_seconds ();
    H3View view = H3_VIEW_EMPTY;
    g_autoptr (GBytes) bytes = NULL;
    CsrfTokens tokens;

    if (found != NULL)
        view.data = g_bytes_get_data (found, &view.length);
    csrf_tokens_read (&tokens, view, now);
    csrf_tokens_add (&tokens, keeping->digest, now + csrf->lifetime);
    bytes = csrf_tokens_write (&tokens);
    h3_store_compare_and_set (csrf->store, keeping->key, found, bytes, csrf->lifetime * 1000,
                              on_answered, keeping);
}

static void
on_answered (H3Store *store, const H3StoreAnswer *answer, gpointer user_data)
{
    Keeping *keeping = user_data;

    if (answer->outcome == H3_STORE_DONE) {
        end_keeping (keeping, NULL);
    } else if (answer->outcome == H3_STORE_FAILED || ++keeping->tries == MAX_TRIES) {
        g_debug ("a token was not kept: %s",
                 answer->error != NULL ? answer->error->message : "too many at once");
        end_keeping (keeping, h3_http_error_new (503, "The token could not be kept: try again."));
    } else {
        try_once (keeping, answer->outcome == H3_STORE_CHANGED ? answer->value : NULL);
    }
}

void
csrf_keep_token (H3Event *event, CsrfState *state)
{
    H3Session *session = h3_event_get_session (event);
    g_autoptr (GError) error = NULL;
    const guint8 *binding;
    Keeping *keeping;

    if (state->token[0] == '\0' || session == NULL || session_is_destroyed (session))
        return;
    /* Asked for only now: a login changes it. */
    binding = session_get_binding (session, &error);
    keeping = g_new0 (Keeping, 1);
    if (binding != NULL)
        keeping->key = csrf_make_key (binding, &error);
    if (error != NULL || !csrf_make_digest (h3_view_of (state->token), keeping->digest, &error)) {
        g_free (keeping->key);
        g_free (keeping);
        h3_event_fail (event, g_steal_pointer (&error));
        return;
    }
    if (h3_response_get_header (&event->response, "Cache-Control") == NULL)
        (void) h3_event_set_cache_control (event, "no-store");
    keeping->csrf = state->csrf;
    keeping->event = h3_event_defer (event);
    (void) event_hold (event);
    try_once (keeping, NULL);
}

/* SPDX-License-Identifier: MIT */

#include "session-private.h"

#include <h3/base/error.h>
#include <h3/http/answer.h>
#include <h3/http/content.h>
#include <h3/http/failure.h>
#include <h3/store/memory-store.h>

/* The session of the innermost middleware; each has its own under a key of its own. */
#define DATA_KEY "h3.session"

/* A store of their own. */
#define MAX_SESSIONS 100000
#define MAX_BYTES    ((gsize) 64 << 20)

#define MAX_SIZE ((gsize) 64 << 10)
/* With what seals it, and in base64, it stays below H3_COOKIE_MAX_CHUNKED_SIZE. */
#define MAX_SEALED_SIZE ((gsize) 5000)

#define DAY G_GINT64_CONSTANT (86400)

static void
free_sessions (gpointer data)
{
    Sessions *sessions = data;

    g_clear_object (&sessions->store);
    h3_sealer_unref (sessions->sealer);
    g_free (sessions->names[0]);
    g_free (sessions->names[1]);
    g_free (sessions->path);
    g_free (sessions->domain);
    g_free (sessions->data_key);
    g_free (sessions);
}

H3Session *
h3_event_get_session (H3Event *event)
{
    H3Session *session;

    g_return_val_if_fail (event != NULL, NULL);
    session = h3_event_get_data (event, DATA_KEY);
    if (session != NULL && !session->is_asked && !event->response.is_final) {
        session->is_asked = TRUE;
        h3_response_add_vary (&event->response, "Cookie");
    }
    return session;
}

static void
tell_to_retry (H3Event *event, const GError *error)
{
    if (!event->response.is_final && h3_http_error_get_status (error) == 503)
        h3_response_set_header_always (&event->response, "Retry-After", "1");
}

/* Takes `error`. */
static void
fail (H3Event *event, GError *error)
{
    tell_to_retry (event, error);
    h3_event_fail (event, error);
}

/* Where the answer does not wait, the client sees by its end that something went wrong. */
static void
on_saved (H3Session *session, GError *error, gpointer user_data)
{
    H3Event *event = session->event;

    if (error != NULL)
        tell_to_retry (event, error);
    if (session->is_held)
        event_release (event, error);
    else if (error != NULL)
        h3_event_fail (event, error);
}

/* The head leaves: the session before it. */
static void
keep (H3Event *event, gpointer user_data)
{
    H3Session *session = user_data;
    GError *error = NULL;

    session->is_closed = TRUE;
    if (session->is_saving || session_save (session, on_saved, NULL, &error))
        session->is_held = event_hold (event);
    else if (error != NULL)
        fail (event, error);
}

/* Who asked to have it saved before. */
typedef struct {
    H3Event *event; /* ref, where nothing was to be waited for; else NULL */
    H3Handler function;
    gpointer user_data; /* owned where destroy says so */
    GDestroyNotify destroy;
} Waiting;

static void
end_waiting (H3Event *event, Waiting *waiting, gboolean is_kept)
{
    if (is_kept && event->phase == EVENT_OPEN && !h3_event_is_answered (event)) {
        event_enter (event);
        waiting->function (event, waiting->user_data);
        event_leave (event);
    }
    if (waiting->destroy != NULL)
        waiting->destroy (waiting->user_data);
    g_free (waiting);
}

/* Where the program answered without waiting, its answer did. */
static void
on_saved_first (H3Session *session, GError *error, gpointer user_data)
{
    H3Event *event = session->event;
    gboolean is_kept = error == NULL;

    session->is_saving = FALSE;
    on_saved (session, error, NULL);
    end_waiting (event, user_data, is_kept);
}

static void
on_nothing_to_save (gpointer data)
{
    Waiting *waiting = data;
    H3Event *event = waiting->event;

    end_waiting (event, waiting, TRUE);
    h3_event_unref (event);
}

void
h3_event_save_session (H3Event *event, H3Handler function, gpointer user_data,
                       GDestroyNotify destroy)
{
    Waiting waiting = { NULL, function, user_data, destroy };
    GError *error = NULL;
    H3Session *session;
    Waiting *own;

    g_return_if_fail (event != NULL && function != NULL);
    g_return_if_fail (event_is_on_worker (event));
    session = h3_event_get_data (event, DATA_KEY);
    g_return_if_fail (session != NULL && !session->is_saving);
    own = g_memdup2 (&waiting, sizeof waiting);
    /* Sealed ones are in the head, and made with it. */
    if (session->sessions->sealer == NULL) {
        session->is_saving = session_save (session, on_saved_first, own, &error);
        if (session->is_saving)
            return;
    }
    if (error != NULL) {
        fail (event, error);
        end_waiting (event, own, FALSE);
        return;
    }
    own->event = h3_event_defer (event);
    loop_defer (event->loop, on_nothing_to_save, own);
}

static void
on_loaded (H3Store *store, const H3StoreAnswer *answer, gpointer user_data)
{
    g_autoptr (H3Event) event = user_data;
    H3Session *session = h3_event_get_data (event, DATA_KEY);

    /* A deadline may have answered. */
    if (event->phase != EVENT_OPEN)
        return;
    if (answer->outcome == H3_STORE_FAILED) {
        g_debug ("a session was not loaded: %s", answer->error->message);
        fail (event, h3_http_error_new (503, "The session could not be loaded: try again."));
        return;
    }
    if (answer->outcome == H3_STORE_DONE)
        (void) session_take (session, answer->value);
    else
        session_forget (session);
    h3_event_next (event);
}

/* An id that the client has made up, or that has ended, is never taken over. */
static void
load (H3Session *session)
{
    H3Event *event = session->event;
    const char *id = h3_event_get_cookie (event, session_get_cookie_name (session));
    g_autoptr (GError) error = NULL;

    if (id != NULL)
        session->key = session_dup_key (session, h3_view_of (id), &error);
    if (error != NULL)
        fail (event, g_steal_pointer (&error));
    else if (session->key == NULL)
        h3_event_next (event);
    else
        h3_store_get (session->sessions->store, session->key, on_loaded, h3_event_defer (event));
}

static void
give_session (H3Event *event, gpointer user_data)
{
    const Sessions *sessions = user_data;
    H3Session *session = h3_event_get_data (event, sessions->data_key);
    g_autoptr (GBytes) bytes = NULL;

    /* The same middleware may stand in several places. */
    if (session != NULL) {
        h3_event_set_data (event, DATA_KEY, session, NULL);
        h3_event_next (event);
        return;
    }
    session = session_new (sessions, event);
    h3_event_set_data (event, sessions->data_key, session, session_free);
    h3_event_set_data (event, DATA_KEY, session, NULL);
    h3_event_on_send (event, keep, session, NULL);
    if (sessions->sealer == NULL) {
        load (session);
        return;
    }
    bytes = session_unseal (session);
    if (bytes != NULL)
        (void) session_take (session, bytes);
    h3_event_next (event);
}

void
h3_sessions_options_init (H3SessionsOptions *options)
{
    g_return_if_fail (options != NULL);
    memset (options, 0, sizeof *options);
    options->path = "/";
    options->idle_time = 30 * 60;
    options->absolute_time = 12 * 3600;
    options->max_size = MAX_SIZE;
    options->same_site = H3_SAME_SITE_LAX;
}

static gboolean
is_secure_name (const char *name)
{
    return g_ascii_strncasecmp (name, "__Host-", 7) == 0
           || g_ascii_strncasecmp (name, "__Secure-", 9) == 0;
}

/* What browsers would not take is told when the program starts, not to its clients. */
static gboolean
check_cookie (const Sessions *sessions, const char *name, GError **error)
{
    g_autoptr (H3Cookie) cookie = h3_cookie_new (name, "x");
    g_autofree char *text = NULL;

    h3_cookie_set_path (cookie, sessions->path);
    h3_cookie_set_domain (cookie, sessions->domain);
    h3_cookie_set_secure (cookie, TRUE);
    h3_cookie_set_same_site (cookie, sessions->same_site);
    text = h3_cookie_to_string (cookie, error);
    return text != NULL;
}

static gboolean
check_options (const H3SessionsOptions *options, GError **error)
{
    const char *problem = NULL;

    if (options->store != NULL && options->sealer != NULL)
        problem = "sessions are in a store or sealed, not both";
    else if (options->name != NULL && strlen (options->name) > SESSIONS_MAX_NAME)
        problem = "the name of a session's cookie is too long";
    else if (options->idle_time < SESSION_RENEW_TIME || options->idle_time > 400 * DAY)
        problem = "sessions may be idle for 60 seconds to 400 days";
    else if (options->absolute_time < SESSION_RENEW_TIME || options->absolute_time > 400 * DAY)
        problem = "sessions last for 60 seconds to 400 days";
    else if (options->max_size < 64 || options->max_size > (gsize) 1 << 20)
        problem = "a session's values may have 64 bytes to 1 MiB";
    if (problem != NULL)
        g_set_error_literal (error, H3_ERROR, H3_ERROR_INVALID, problem);
    return problem == NULL;
}

/* The prefix has browsers take the cookie from this host over TLS only; it allows no other path or
 * domain, so that it is for those who ask for none. */
static void
choose_names (Sessions *sessions, const char *name)
{
    gboolean can_be_host = sessions->domain == NULL && strcmp (sessions->path, "/") == 0;

    sessions->names[0] = g_strdup (name != NULL ? name : "session");
    sessions->names[1] = g_strdup (name != NULL  ? name
                                   : can_be_host ? "__Host-session"
                                                 : "__Secure-session");
    if (sessions->same_site == H3_SAME_SITE_NONE || is_secure_name (sessions->names[0]))
        sessions->always_secure = TRUE;
}

static H3Store *
new_own_store (void)
{
    H3Store *store = h3_memory_store_new (MAX_SESSIONS, MAX_BYTES);

    h3_memory_store_set_name (store, "sessions");
    return store;
}

H3Middleware *
h3_sessions_new_full (const H3SessionsOptions *options, GError **error)
{
    H3Middleware *middleware;
    Sessions *sessions;

    g_return_val_if_fail (options != NULL && options->path != NULL, NULL);
    if (!check_options (options, error))
        return NULL;
    sessions = g_new0 (Sessions, 1);
    sessions->data_key = g_strdup_printf (DATA_KEY ".%p", (gpointer) sessions);
    sessions->path = g_strdup (options->path);
    sessions->domain = g_strdup (options->domain);
    sessions->idle_time = options->idle_time;
    sessions->absolute_time = options->absolute_time;
    sessions->max_size = options->max_size;
    sessions->same_site = options->same_site;
    sessions->always_secure = options->always_secure;
    sessions->is_persistent = options->is_persistent;
    choose_names (sessions, options->name);
    if (!check_cookie (sessions, sessions->names[1], error)) {
        free_sessions (sessions);
        return NULL;
    }
    if (options->sealer != NULL) {
        sessions->sealer = h3_sealer_ref (options->sealer);
        sessions->max_size = MIN (sessions->max_size, MAX_SEALED_SIZE);
    } else {
        sessions->store = options->store != NULL ? g_object_ref (options->store) : new_own_store ();
    }
    middleware = h3_middleware_new (give_session, sessions, free_sessions);
    h3_middleware_set_early (middleware, TRUE);
    return middleware;
}

H3Middleware *
h3_sessions_new (H3Store *store)
{
    H3SessionsOptions options;

    h3_sessions_options_init (&options);
    options.store = store;
    return h3_sessions_new_full (&options, NULL);
}

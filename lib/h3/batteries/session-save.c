/* SPDX-License-Identifier: MIT
 *
 * How a session is kept in its store. Requests of one client run at once: each takes what it loaded
 * and replaces it, if it is still there; where another was faster, it does to the other's what its
 * own request did, and tries again. So nothing of either is lost, unless both wrote the same value.
 * A session that has ended meanwhile stays ended. */

#include "session-private.h"

#include <h3/base/error.h>
#include <h3/http/content.h>
#include <h3/http/failure.h>
#include <h3/loop/clock.h>

/* Each time another has succeeded. */
#define MAX_TRIES 100

/* Owned by the question that is under way. */
typedef struct {
    H3Session *session; /* borrowed: the event's */
    H3Event *event;     /* ref */
    char *new_key;      /* owned; NULL: the session stays where it is */
    GBytes *bytes;      /* ref: what is being kept; NULL: nothing, it ends */
    guint tries;
    SessionSaved saved;
    gpointer user_data;
} Save;

static H3Store *
store_of (const Save *save)
{
    return save->session->sessions->store;
}

static GError *
make_problem (const char *detail)
{
    return h3_http_error_new (503, "%s", detail);
}

/* What the store says is for the program's eyes. */
static GError *
explain_failure (const H3StoreAnswer *answer)
{
    g_debug ("a session was not kept: %s", answer->error->message);
    return make_problem ("The session could not be kept: try again.");
}

/* The session is now as it was kept. */
static void
settle_session (Save *save)
{
    H3Session *session = save->session;

    g_clear_pointer (&session->kept, g_bytes_unref);
    session->kept = g_steal_pointer (&save->bytes);
    if (save->new_key != NULL || session->kept == NULL) {
        g_free (session->key);
        session->key = g_steal_pointer (&save->new_key);
    }
    g_clear_pointer (&session->changes, g_hash_table_unref);
    session->is_changed = session->is_regenerated = FALSE;
}

/* Takes `error`, and the save. */
static void
end_save (Save *save, GError *error)
{
    H3Event *event = save->event;

    if (error == NULL)
        settle_session (save);
    save->saved (save->session, error, save->user_data);
    g_clear_pointer (&save->bytes, g_bytes_unref);
    g_free (save->new_key);
    g_free (save);
    h3_event_unref (event);
}

static gint64
get_ttl (const H3Session *session)
{
    const Sessions *sessions = session->sessions;
    gint64 left = session->document.created + sessions->absolute_time - clock_get_real_seconds ();

    return CLAMP (left, 1, sessions->idle_time) * 1000;
}

/* What our request did is done to what another has kept. */
static GError *
merge (Save *save, GBytes *value)
{
    H3Session *session = save->session;
    SessionDocument *ours = &session->document;
    SessionDocument theirs;
    gsize length;
    const char *data = g_bytes_get_data (value, &length);

    session_document_init (&theirs);
    if (!session_document_read_head (&theirs, h3_view (data, length))
        || !session_document_read_values (&theirs)) {
        session_document_clear (&theirs);
        return make_problem ("The session was changed by something else: try again.");
    }
    if (session->changes != NULL)
        session_document_apply (&theirs, ours, session->changes);
    if (theirs.size > session->sessions->max_size) {
        session_document_clear (&theirs);
        return make_problem ("The session has become too large meanwhile: try again.");
    }
    if (session->is_regenerated) {
        theirs.created = ours->created;
        memcpy (theirs.binding, ours->binding, sizeof theirs.binding);
    }
    theirs.renewed = MAX (theirs.renewed, ours->renewed);
    session_document_clear (ours);
    *ours = theirs;
    g_bytes_unref (session->kept);
    session->kept = g_bytes_ref (value);
    g_bytes_unref (save->bytes);
    save->bytes = session_document_write (ours);
    return NULL;
}

/* (nullable): why there is no next try. */
static GError *
prepare_next_try (Save *save, const H3StoreAnswer *answer)
{
    if (answer->outcome == H3_STORE_ABSENT || answer->value == NULL)
        return make_problem ("The session has ended meanwhile: try again.");
    if (++save->tries == MAX_TRIES)
        return make_problem ("The session is changed by too many at once: try again.");
    return merge (save, answer->value);
}

static void replace (Save *save);

static void
on_replaced (H3Store *store, const H3StoreAnswer *answer, gpointer user_data)
{
    Save *save = user_data;
    GError *problem = NULL;

    if (answer->outcome == H3_STORE_FAILED)
        problem = explain_failure (answer);
    else if (answer->outcome != H3_STORE_DONE)
        problem = prepare_next_try (save, answer);
    if (answer->outcome == H3_STORE_DONE || problem != NULL)
        end_save (save, problem);
    else
        replace (save);
}

static void
replace (Save *save)
{
    const H3Session *session = save->session;

    h3_store_compare_and_set (store_of (save), session->key, session->kept, save->bytes,
                              get_ttl (session), on_replaced, save);
}

static void put_anew (Save *save);

/* The new id was never told to anyone, and is not to be good for anything. */
static void
fail_moving (Save *save, GError *error)
{
    h3_store_remove (store_of (save), save->new_key, NULL, NULL);
    end_save (save, error);
}

static void
on_old_removed (H3Store *store, const H3StoreAnswer *answer, gpointer user_data)
{
    Save *save = user_data;
    GError *problem = NULL;

    if (answer->outcome == H3_STORE_DONE) {
        end_save (save, NULL);
        return;
    }
    if (answer->outcome == H3_STORE_FAILED)
        problem = explain_failure (answer);
    else
        problem = prepare_next_try (save, answer);
    if (problem != NULL)
        fail_moving (save, problem);
    else
        put_anew (save);
}

/* The session is under its new id: the old one ends, with what it has if that is what we know. */
static void
on_put_anew (H3Store *store, const H3StoreAnswer *answer, gpointer user_data)
{
    Save *save = user_data;
    const H3Session *session = save->session;

    if (answer->outcome != H3_STORE_DONE)
        fail_moving (save, explain_failure (answer));
    else if (session->key == NULL)
        end_save (save, NULL);
    else
        h3_store_compare_and_set (store, session->key, session->kept, NULL, get_ttl (session),
                                  on_old_removed, save);
}

static void
put_anew (Save *save)
{
    h3_store_put (store_of (save), save->new_key, save->bytes, get_ttl (save->session), on_put_anew,
                  save);
}

static void
on_ended (H3Store *store, const H3StoreAnswer *answer, gpointer user_data)
{
    end_save (user_data, answer->outcome == H3_STORE_FAILED ? explain_failure (answer) : NULL);
}

static Save *
begin (H3Session *session, SessionSaved saved, gpointer user_data)
{
    Save *save = g_new0 (Save, 1);

    save->session = session;
    save->event = h3_event_defer (session->event);
    save->saved = saved;
    save->user_data = user_data;
    return save;
}

/* FALSE where there is nothing to wait for. */
static gboolean
save_ended (H3Session *session, SessionSaved saved, gpointer user_data)
{
    Save *save;

    if (session->kept == NULL
        && h3_event_get_cookie (session->event, session_get_cookie_name (session)) == NULL)
        return FALSE;
    session_end_cookie (session);
    if (session->key == NULL)
        return FALSE;
    save = begin (session, saved, user_data);
    h3_store_remove (store_of (save), session->key, on_ended, save);
    return TRUE;
}

static gboolean
save_in_store (H3Session *session, SessionSaved saved, gpointer user_data, GError **error)
{
    g_autofree char *new_key = NULL;
    Save *save;

    if (session->key == NULL || session->is_regenerated) {
        new_key = session_set_new_id (session, error);
        if (new_key == NULL)
            return FALSE;
    }
    save = begin (session, saved, user_data);
    save->bytes = session_document_write (&session->document);
    save->new_key = g_steal_pointer (&new_key);
    if (save->new_key != NULL)
        put_anew (save);
    else
        replace (save);
    return TRUE;
}

/* Nobody waits for it: where another request was faster, that one has moved the end. */
static void
renew (H3Session *session)
{
    g_autoptr (GBytes) bytes = session_document_write (&session->document);

    h3_store_compare_and_set (session->sessions->store, session->key, session->kept, bytes,
                              get_ttl (session), NULL, NULL);
}

static gboolean
is_renewal_due (const H3Session *session)
{
    return session->kept != NULL
           && clock_get_real_seconds () - session->document.renewed >= SESSION_RENEW_TIME;
}

gboolean
session_save (H3Session *session, SessionSaved saved, gpointer user_data, GError **error)
{
    gboolean is_sealed = session->sessions->sealer != NULL;

    if (session->is_destroyed)
        return save_ended (session, saved, user_data);
    if (!session->is_changed && !is_renewal_due (session))
        return FALSE;
    if (!session_prepare (session, error))
        return FALSE;
    if (is_sealed)
        (void) session_seal (session, error);
    else if (session->is_changed)
        return save_in_store (session, saved, user_data, error);
    else
        renew (session);
    return FALSE;
}

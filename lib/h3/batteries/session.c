/* SPDX-License-Identifier: MIT */

#include "session-private.h"

#include <h3/base/counters.h>
#include <h3/base/error.h>
#include <h3/crypto/digest.h>
#include <h3/format/json.h>
#include <h3/http/content.h>
#include <h3/loop/clock.h>

/* A session lives as long as its event: a reference to the one is one to the other. */
static H3Session *
copy_session (H3Session *session)
{
    (void) h3_event_ref (session->event);
    return session;
}

static void
free_copy (H3Session *session)
{
    h3_event_unref (session->event);
}

G_DEFINE_BOXED_TYPE (H3Session, h3_session, copy_session, free_copy)

H3Session *
session_new (const Sessions *sessions, H3Event *event)
{
    H3Session *session = g_new0 (H3Session, 1);

    session->sessions = sessions;
    session->event = event;
    session->is_new = TRUE;
    session->is_secure =
        sessions->always_secure || strcmp (h3_event_get_scheme (event), "https") == 0;
    session_document_init (&session->document);
    counters_add (COUNTER_SESSIONS_LIVE, 1);
    return session;
}

void
session_free (gpointer data)
{
    H3Session *session = data;

    session_document_clear (&session->document);
    g_clear_pointer (&session->changes, g_hash_table_unref);
    g_clear_pointer (&session->kept, g_bytes_unref);
    g_free (session->key);
    g_free (session);
    counters_add (COUNTER_SESSIONS_LIVE, -1);
}

void
session_forget (H3Session *session)
{
    session_document_clear (&session->document);
    g_clear_pointer (&session->kept, g_bytes_unref);
    g_clear_pointer (&session->key, g_free);
    session->has_binding = FALSE;
    session->is_new = TRUE;
}

gboolean
session_take (H3Session *session, GBytes *bytes)
{
    const Sessions *sessions = session->sessions;
    SessionDocument *document = &session->document;
    gint64 now = clock_get_real_seconds ();
    gsize length;
    const char *data = g_bytes_get_data (bytes, &length);

    if (!session_document_read_head (document, h3_view (data, length))
        || now - document->created >= sessions->absolute_time
        || now - document->renewed >= sessions->idle_time) {
        session_forget (session);
        return FALSE;
    }
    session->kept = g_bytes_ref (bytes);
    session->has_binding = TRUE;
    session->is_new = FALSE;
    return TRUE;
}

/* Most requests of a session ask for nothing in it. */
static void
read_values (H3Session *session)
{
    if (!session_document_read_values (&session->document)) {
        session_forget (session);
        (void) session_document_read_values (&session->document);
    }
}

static gboolean
fill_binding (H3Session *session, GError **error)
{
    session->has_binding =
        h3_digest_fill_random (session->document.binding, sizeof session->document.binding, error);
    return session->has_binding;
}

gboolean
session_prepare (H3Session *session, GError **error)
{
    gint64 now = clock_get_real_seconds ();

    if (session->kept == NULL || session->is_regenerated)
        session->document.created = now;
    /* The clock may have been put back. */
    session->document.renewed = MAX (now, session->document.created);
    return session->has_binding || fill_binding (session, error);
}

static gboolean
may_write (const H3Session *session, GError **error)
{
    const char *problem = NULL;

    if (session->is_destroyed)
        problem = "the session was destroyed";
    else if (session->is_closed || session->event->response.is_final)
        problem = "the answer has left: nothing is kept any more";
    else if (session->is_saving)
        problem = "the session is being kept: wait until it is";
    if (problem != NULL)
        g_set_error_literal (error, H3_ERROR, H3_ERROR_CLOSED, problem);
    return problem == NULL;
}

static SessionChange *
ensure_change (H3Session *session, const char *name)
{
    SessionChange *change;

    if (session->changes == NULL)
        session->changes = g_hash_table_new_full (h3_string_hash, g_str_equal, g_free, g_free);
    session->is_changed = TRUE;
    change = g_hash_table_lookup (session->changes, name);
    if (change == NULL) {
        change = g_new0 (SessionChange, 1);
        change->is_added = TRUE;
        g_hash_table_insert (session->changes, g_strdup (name), change);
    }
    return change;
}

/* Takes `value` (transfer full). */
static gboolean
set_value (H3Session *session, const char *name, json_t *value, GError **error)
{
    if (!may_write (session, error)) {
        json_decref (value);
        return FALSE;
    }
    read_values (session);
    if (!session_document_set (&session->document, name, value, session->sessions->max_size, error))
        return FALSE;
    ensure_change (session, name)->is_added = FALSE;
    return TRUE;
}

const guint8 *
session_get_binding (H3Session *session, GError **error)
{
    if (!session->has_binding) {
        if (!may_write (session, error) || !fill_binding (session, error))
            return NULL;
        session->is_changed = TRUE;
    }
    return session->document.binding;
}

const guint8 *
session_peek_binding (H3Session *session)
{
    return session->kept != NULL && !session->is_destroyed ? session->document.binding : NULL;
}

gboolean
session_is_destroyed (const H3Session *session)
{
    return session->is_destroyed;
}

gboolean
h3_session_is_new (H3Session *session)
{
    g_return_val_if_fail (session != NULL, FALSE);
    read_values (session);
    return session->is_new;
}

json_t *
h3_session_get_json (H3Session *session, const char *name)
{
    g_return_val_if_fail (session != NULL && name != NULL, NULL);
    read_values (session);
    return session_document_get (&session->document, name);
}

const char *
h3_session_get_string (H3Session *session, const char *name)
{
    return json_string_value (h3_session_get_json (session, name));
}

gboolean
h3_session_get_int (H3Session *session, const char *name, gint64 *out_value)
{
    const json_t *value = h3_session_get_json (session, name);

    if (!json_is_integer (value))
        return FALSE;
    *out_value = json_integer_value (value);
    return TRUE;
}

char *
h3_session_dup_json_text (H3Session *session, const char *name)
{
    const json_t *value = h3_session_get_json (session, name);

    return value != NULL ? h3_json_to_text (value, H3_JSON_COMPACT) : NULL;
}

gboolean
h3_session_set_string (H3Session *session, const char *name, const char *value, GError **error)
{
    json_t *text;

    g_return_val_if_fail (session != NULL && name != NULL && value != NULL, FALSE);
    text = json_string (value);
    if (text == NULL) {
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID, "the value is no UTF-8");
        return FALSE;
    }
    return set_value (session, name, text, error);
}

gboolean
h3_session_set_int (H3Session *session, const char *name, gint64 value, GError **error)
{
    g_return_val_if_fail (session != NULL && name != NULL, FALSE);
    return set_value (session, name, json_integer (value), error);
}

gboolean
h3_session_set_json (H3Session *session, const char *name, json_t *given, GError **error)
{
    g_autoptr (json_t) value = given;
    json_t *copy;

    g_return_val_if_fail (session != NULL && name != NULL && value != NULL, FALSE);
    copy = session_document_copy_value (value, error);
    return copy != NULL && set_value (session, name, copy, error);
}

gboolean
h3_session_set_json_text (H3Session *session, const char *name, const char *text, GError **error)
{
    json_t *value;

    g_return_val_if_fail (session != NULL && name != NULL && text != NULL, FALSE);
    value = session_document_parse_value (text, error);
    return value != NULL && set_value (session, name, value, error);
}

gboolean
h3_session_add_int (H3Session *session, const char *name, gint64 amount, gint64 *out_value,
                    GError **error)
{
    SessionChange *change;
    gint64 sum = 0;

    g_return_val_if_fail (session != NULL && name != NULL, FALSE);
    if (!may_write (session, error))
        return FALSE;
    (void) h3_session_get_int (session, name, &sum);
    sum = session_add_numbers (sum, amount);
    if (!session_document_set (&session->document, name, json_integer (sum),
                               session->sessions->max_size, error))
        return FALSE;
    change = ensure_change (session, name);
    change->amount = session_add_numbers (change->amount, amount);
    if (out_value != NULL)
        *out_value = sum;
    return TRUE;
}

gboolean
h3_session_remove (H3Session *session, const char *name)
{
    g_return_val_if_fail (session != NULL && name != NULL, FALSE);
    if (!may_write (session, NULL))
        return FALSE;
    read_values (session);
    if (!session_document_remove (&session->document, name))
        return FALSE;
    ensure_change (session, name)->is_added = FALSE;
    return TRUE;
}

char *
h3_session_take_string (H3Session *session, const char *name)
{
    g_autofree char *text = g_strdup (h3_session_get_string (session, name));

    return text != NULL && h3_session_remove (session, name) ? g_steal_pointer (&text) : NULL;
}

gboolean
h3_session_regenerate (H3Session *session, GError **error)
{
    g_return_val_if_fail (session != NULL, FALSE);
    if (!may_write (session, error))
        return FALSE;
    session->is_regenerated = session->is_changed = TRUE;
    session->has_binding = FALSE;
    return TRUE;
}

void
h3_session_destroy (H3Session *session)
{
    g_return_if_fail (session != NULL);
    if (!may_write (session, NULL))
        return;
    session_document_clear (&session->document);
    (void) session_document_read_values (&session->document);
    session->has_binding = FALSE;
    session->is_destroyed = TRUE;
}

/* SPDX-License-Identifier: MIT */

#include "session-document.h"

#include <h3/base/error.h>
#include <h3/crypto/digest.h>
#include <h3/crypto/secret.h>
#include <h3/format/json.h>

/* The first byte: how the rest is to be read. */
#define VERSION 1

/* The values themselves are an object, one level above each. */
#define VALUE_DEPTH (H3_JSON_MAX_DEPTH - 1)

/* Quotation marks, colon and comma. */
#define ENTRY_COST 4

void
session_document_init (SessionDocument *document)
{
    memset (document, 0, sizeof *document);
}

void
session_document_clear (SessionDocument *document)
{
    g_clear_pointer (&document->values, json_decref);
    h3_digest_wipe (document->binding, sizeof document->binding);
    document->unread = (H3View){ NULL, 0 };
    document->size = 0;
}

static gint64
read_number (const char *data)
{
    guint64 number;

    memcpy (&number, data, sizeof number);
    return (gint64) GUINT64_FROM_BE (number);
}

static void
write_number (char *data, gint64 value)
{
    guint64 number = GUINT64_TO_BE ((guint64) value);

    memcpy (data, &number, sizeof number);
}

gboolean
session_document_read_head (SessionDocument *document, H3View bytes)
{
    if (bytes.length < SESSION_HEAD_LENGTH || bytes.data[0] != VERSION)
        return FALSE;
    document->created = read_number (bytes.data + 1);
    document->renewed = read_number (bytes.data + 9);
    if (document->created < 0 || document->renewed < document->created)
        return FALSE;
    memcpy (document->binding, bytes.data + 17, SESSION_BINDING_LENGTH);
    document->unread =
        h3_view (bytes.data + SESSION_HEAD_LENGTH, bytes.length - SESSION_HEAD_LENGTH);
    return TRUE;
}

static gsize
measure_entry (const char *name, const json_t *value)
{
    return strlen (name) + json_dumpb (value, NULL, 0, JSON_COMPACT | JSON_ENCODE_ANY) + ENTRY_COST;
}

gboolean
session_document_read_values (SessionDocument *document)
{
    H3View text = document->unread;
    const char *name;
    json_t *value;

    if (document->values != NULL)
        return TRUE;
    document->unread = (H3View){ NULL, 0 };
    document->size = 0;
    document->values =
        text.length > 0 ? h3_json_parse (text, H3_JSON_MAX_DEPTH, NULL) : json_object ();
    if (!json_is_object (document->values)) {
        g_clear_pointer (&document->values, json_decref);
        document->values = json_object ();
        return FALSE;
    }
    json_object_foreach (document->values, name, value) document->size +=
        measure_entry (name, value);
    return TRUE;
}

GBytes *
session_document_write (const SessionDocument *document)
{
    const json_t *values = document->values;
    gsize length =
        values != NULL ? json_dumpb (values, NULL, 0, JSON_COMPACT) : document->unread.length;
    guint8 *out;
    GBytes *bytes = secret_new (SESSION_HEAD_LENGTH + length, &out);
    char *data = (char *) out;

    data[0] = VERSION;
    write_number (data + 1, document->created);
    write_number (data + 9, document->renewed);
    memcpy (data + 17, document->binding, SESSION_BINDING_LENGTH);
    if (values != NULL)
        (void) json_dumpb (values, data + SESSION_HEAD_LENGTH, length, JSON_COMPACT);
    else if (length > 0)
        memcpy (data + SESSION_HEAD_LENGTH, document->unread.data, length);
    return bytes;
}

json_t *
session_document_get (const SessionDocument *document, const char *name)
{
    return json_object_get (document->values, name);
}

/* What JSON would escape is not in names: their size is what it looks like. */
static gboolean
is_name (const char *name)
{
    gsize length = strlen (name);

    for (gsize i = 0; i < length; i++) {
        if ((guchar) name[i] < ' ' || name[i] == '"' || name[i] == '\\')
            return FALSE;
    }
    return length > 0 && length <= SESSION_MAX_NAME
           && g_utf8_validate (name, (gssize) length, NULL);
}

static gboolean
check_name (const char *name, GError **error)
{
    if (is_name (name))
        return TRUE;
    g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                 "the name of a session's value is 1 to %d bytes of UTF-8 without controls, "
                 "quotation marks and backslashes",
                 SESSION_MAX_NAME);
    return FALSE;
}

gboolean
session_document_set (SessionDocument *document, const char *name, json_t *value, gsize most,
                      GError **error)
{
    const json_t *old;
    gsize size;

    if (!check_name (name, error)) {
        json_decref (value);
        return FALSE;
    }
    old = session_document_get (document, name);
    size = document->size + measure_entry (name, value);
    if (old != NULL)
        size -= measure_entry (name, old);
    if (size > most) {
        g_set_error (error, H3_ERROR, H3_ERROR_LIMIT,
                     "with '%s' the session would have %" G_GSIZE_FORMAT
                     " bytes, the limit is %" G_GSIZE_FORMAT,
                     name, size, most);
        json_decref (value);
        return FALSE;
    }
    document->size = size;
    json_object_set_new (document->values, name, value);
    return TRUE;
}

gboolean
session_document_remove (SessionDocument *document, const char *name)
{
    const json_t *old = session_document_get (document, name);

    if (old == NULL)
        return FALSE;
    document->size -= measure_entry (name, old);
    json_object_del (document->values, name);
    return TRUE;
}

json_t *
session_document_parse_value (const char *text, GError **error)
{
    g_autoptr (GError) problem = NULL;
    json_t *value = h3_json_parse (h3_view_of (text), VALUE_DEPTH, &problem);

    if (value == NULL)
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID, "the value is no JSON that can be kept: %s",
                     problem->message);
    return value;
}

json_t *
session_document_copy_value (const json_t *value, GError **error)
{
    g_autofree char *text = h3_json_to_text (value, H3_JSON_COMPACT);

    if (text != NULL)
        return session_document_parse_value (text, error);
    g_set_error (error, H3_ERROR, H3_ERROR_INVALID, "the value contains itself");
    return NULL;
}

gint64
session_add_numbers (gint64 a, gint64 b)
{
    gint64 sum;

    if (__builtin_add_overflow (a, b, &sum))
        return b < 0 ? G_MININT64 : G_MAXINT64;
    return sum;
}

static void
apply_amount (SessionDocument *document, const char *name, gint64 amount)
{
    const json_t *old = session_document_get (document, name);
    gint64 before = json_is_integer (old) ? json_integer_value (old) : 0;

    (void) session_document_set (
        document, name, json_integer (session_add_numbers (before, amount)), G_MAXSIZE, NULL);
}

void
session_document_apply (SessionDocument *document, const SessionDocument *from, GHashTable *changes)
{
    GHashTableIter iter;
    gpointer name, data;

    g_hash_table_iter_init (&iter, changes);
    while (g_hash_table_iter_next (&iter, &name, &data)) {
        const SessionChange *change = data;
        json_t *value = session_document_get (from, name);

        if (change->is_added)
            apply_amount (document, name, change->amount);
        else if (value != NULL)
            (void) session_document_set (document, name, json_incref (value), G_MAXSIZE, NULL);
        else
            (void) session_document_remove (document, name);
    }
}

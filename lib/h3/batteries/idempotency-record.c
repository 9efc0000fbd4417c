/* SPDX-License-Identifier: MIT */

#include "idempotency-record.h"

#include <h3/http/response-inside.h>

/* The first byte of what this reads and writes; another form would have another. */
#define FORM 1

enum { KIND_CLAIM, KIND_ANSWER };

/* Form, kind, fingerprint. */
#define HEAD (2 + IDEMPOTENCY_FINGERPRINT)
/* What a field name or the number of fields may be at most, by the bytes they are written in. */
#define MAX_SHORT 65535

/* One character of a string in quotes, whose quote and backslash have a backslash before them;
 * -1: there is none that may stand there. */
static int
take_quoted (H3View *rest)
{
    char character = rest->data[0];
    gsize taken = 1;

    if (character == '\\') {
        if (rest->length < 2 || (rest->data[1] != '"' && rest->data[1] != '\\'))
            return -1;
        character = rest->data[1];
        taken = 2;
    } else if (character == '"' || character < 0x20 || character > 0x7e) {
        return -1;
    }
    rest->data += taken;
    rest->length -= taken;
    return character;
}

static int
take_bare (H3View *rest)
{
    char character = rest->data[0];

    if (character <= 0x20 || character > 0x7e || strchr ("\"\\,;", character) != NULL)
        return -1;
    rest->data++;
    rest->length--;
    return character;
}

gboolean
idempotency_key_read (H3View field, char out[IDEMPOTENCY_KEY_ROOM])
{
    H3View rest = h3_view_trim (field);
    gboolean is_quoted = rest.length >= 2 && rest.data[0] == '"';
    gsize length = 0;

    if (is_quoted) {
        if (rest.data[rest.length - 1] != '"')
            return FALSE;
        rest = h3_view (rest.data + 1, rest.length - 2);
    }
    while (rest.length > 0) {
        int character = is_quoted ? take_quoted (&rest) : take_bare (&rest);

        if (character < 0 || length == IDEMPOTENCY_KEY_MAX)
            return FALSE;
        out[length++] = (char) character;
    }
    out[length] = '\0';
    return length > 0;
}

gboolean
idempotency_may_keep (const char *name)
{
    static const char *const never[] = { "Set-Cookie", "WWW-Authenticate", "Proxy-Authenticate",
                                         "Authentication-Info", "Proxy-Authentication-Info" };

    for (guint i = 0; i < G_N_ELEMENTS (never); i++) {
        if (g_ascii_strcasecmp (name, never[i]) == 0)
            return FALSE;
    }
    return h3_headers_is_name (h3_view_of (name)) && strlen (name) <= MAX_SHORT
           && !response_is_for_the_wire (name);
}

static GByteArray *
begin (guint8 kind, const guint8 fingerprint[IDEMPOTENCY_FINGERPRINT])
{
    GByteArray *bytes = g_byte_array_new ();
    const guint8 head[] = { FORM, kind };

    g_byte_array_append (bytes, head, sizeof head);
    g_byte_array_append (bytes, fingerprint, IDEMPOTENCY_FINGERPRINT);
    return bytes;
}

GBytes *
idempotency_record_new_claim (const guint8 fingerprint[IDEMPOTENCY_FINGERPRINT],
                              const guint8 token[IDEMPOTENCY_TOKEN])
{
    GByteArray *bytes = begin (KIND_CLAIM, fingerprint);

    g_byte_array_append (bytes, token, IDEMPOTENCY_TOKEN);
    return g_byte_array_free_to_bytes (bytes);
}

static void
append_short (GByteArray *bytes, gsize number)
{
    const guint8 octets[] = { (guint8) (number >> 8), (guint8) number };

    g_assert (number <= MAX_SHORT);
    g_byte_array_append (bytes, octets, sizeof octets);
}

static void
append_long (GByteArray *bytes, gsize number)
{
    append_short (bytes, number >> 16);
    append_short (bytes, number & MAX_SHORT);
}

static gboolean
append_field (const char *name, const char *value, gpointer user_data)
{
    GByteArray *bytes = user_data;
    gsize length = strlen (value);

    append_short (bytes, strlen (name));
    g_byte_array_append (bytes, (const guint8 *) name, (guint) strlen (name));
    append_long (bytes, length);
    g_byte_array_append (bytes, (const guint8 *) value, (guint) length);
    return TRUE;
}

GBytes *
idempotency_record_new_answer (const guint8 fingerprint[IDEMPOTENCY_FINGERPRINT], guint status,
                               H3Headers *fields, H3View body)
{
    GByteArray *bytes = begin (KIND_ANSWER, fingerprint);

    append_short (bytes, status);
    append_short (bytes, h3_headers_get_size (fields));
    h3_headers_foreach (fields, append_field, bytes);
    g_byte_array_append (bytes, (const guint8 *) body.data, (guint) body.length);
    return g_byte_array_free_to_bytes (bytes);
}

static gboolean
take (H3View *rest, gsize length, H3View *out)
{
    if (rest->length < length)
        return FALSE;
    *out = h3_view (rest->data, length);
    rest->data += length;
    rest->length -= length;
    return TRUE;
}

static gboolean
take_number (H3View *rest, gsize octets, gsize *out)
{
    H3View view;

    if (!take (rest, octets, &view))
        return FALSE;
    *out = 0;
    for (gsize i = 0; i < octets; i++)
        *out = *out << 8 | (guint8) view.data[i];
    return TRUE;
}

static gboolean
take_field (H3View *rest, H3Headers *fields)
{
    g_autofree char *text = NULL;
    H3View name, value;
    gsize length;

    if (!take_number (rest, 2, &length) || !take (rest, length, &name)
        || !take_number (rest, 4, &length) || !take (rest, length, &value)
        || !h3_headers_is_name (name) || !h3_headers_is_value (value))
        return FALSE;
    text = h3_view_dup (name);
    return idempotency_may_keep (text) && h3_headers_add_view (fields, name, value);
}

static gboolean
read_answer (H3View rest, IdempotencyRecord *record)
{
    g_autoptr (H3Headers) fields = h3_headers_new ();
    gsize status, n_fields;

    if (!take_number (&rest, 2, &status) || status < 200 || status > 599
        || !take_number (&rest, 2, &n_fields))
        return FALSE;
    for (gsize i = 0; i < n_fields; i++) {
        if (!take_field (&rest, fields))
            return FALSE;
    }
    if (rest.length > 0 && !response_status_has_body ((guint) status))
        return FALSE;
    record->is_answer = TRUE;
    record->status = (guint) status;
    record->fields = g_steal_pointer (&fields);
    record->body = rest;
    return TRUE;
}

gboolean
idempotency_record_read (H3View bytes, IdempotencyRecord *out_record)
{
    H3View head;

    memset (out_record, 0, sizeof *out_record);
    if (!take (&bytes, HEAD, &head) || head.data[0] != FORM)
        return FALSE;
    out_record->fingerprint = (const guint8 *) head.data + 2;
    if (head.data[1] == KIND_CLAIM)
        return bytes.length == IDEMPOTENCY_TOKEN;
    return head.data[1] == KIND_ANSWER && read_answer (bytes, out_record);
}

void
idempotency_record_clear (IdempotencyRecord *record)
{
    g_clear_pointer (&record->fields, h3_headers_unref);
}

/* SPDX-License-Identifier: MIT
 *
 * Idempotency-Key, and what a store has under a key. The input's first line is the field: it is
 * read as a regex reads it. What stands behind it is a record: where it is one, it is written again
 * from what was read, byte by byte the same; and one that is made of its lines is read again. */

#include "fuzz.h"
#include "h3/batteries/idempotency-record.h"
#include "h3/http/response-inside.h"

#define BARE   "[\\x21\\x23-\\x2b\\x2d-\\x3a\\x3c-\\x5b\\x5d-\\x7e]{1,255}"
#define QUOTED "\"((?:[\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]|\\\\[\"\\\\]){1,255})\""
#define FIELD  "^[ \\t]*(?:(" BARE ")|" QUOTED ")[ \\t]*$"

/* (transfer full) (nullable): the key. */
static char *
read_plainly (H3View field)
{
    static GRegex *regex, *escape;
    g_autoptr (GMatchInfo) info = NULL;
    g_autofree char *quoted = NULL;
    char *bare;

    if (regex == NULL) {
        regex = g_regex_new (FIELD, G_REGEX_RAW | G_REGEX_DOLLAR_ENDONLY, 0, NULL);
        escape = g_regex_new ("\\\\(.)", G_REGEX_RAW, 0, NULL);
    }
    if (!g_regex_match_full (regex, field.data, (gssize) field.length, 0, 0, &info, NULL))
        return NULL;
    bare = g_match_info_fetch (info, 1);
    if (bare != NULL && *bare != '\0')
        return bare;
    g_free (bare);
    quoted = g_match_info_fetch (info, 2);
    return g_regex_replace (escape, quoted, -1, 0, "\\1", 0, NULL);
}

static void
compare_key (H3View field)
{
    g_autofree char *expected = read_plainly (field);
    char key[IDEMPOTENCY_KEY_ROOM];
    gboolean is_key = idempotency_key_read (field, key);

    FUZZ_ASSERT (is_key == (expected != NULL), "%.*s", H3_VIEW_ARGS (field));
    FUZZ_ASSERT (!is_key || strcmp (key, expected) == 0, "%s, not %s", key, expected);
}

static H3View
view_bytes (GBytes *bytes)
{
    gsize length;
    const char *data = g_bytes_get_data (bytes, &length);

    return h3_view (data, length);
}

/* Blanks around a value are taken off as it is read: those are not written again. Fields of one
 * name are all spelled as the first of them. */
static gboolean
is_trimmed (const char *name, const char *value, gpointer user_data)
{
    gsize *length = user_data;

    *length += 6 + strlen (name) + strlen (value);
    return TRUE;
}

static void
write_again (H3View bytes)
{
    g_auto (IdempotencyRecord) record = { 0 };
    g_autoptr (GBytes) again = NULL;
    gsize length = 2 + IDEMPOTENCY_FINGERPRINT + 4;

    if (!idempotency_record_read (bytes, &record))
        return;
    if (!record.is_answer) {
        again = idempotency_record_new_claim (
            record.fingerprint, (const guint8 *) bytes.data + bytes.length - IDEMPOTENCY_TOKEN);
    } else {
        h3_headers_foreach (record.fields, is_trimmed, &length);
        if (length + record.body.length != bytes.length)
            return;
        again = idempotency_record_new_answer (record.fingerprint, record.status, record.fields,
                                               record.body);
    }
    FUZZ_ASSERT (h3_view_equal_ignore_case (view_bytes (again), bytes),
                 "another record is written");
    FUZZ_ASSERT (h3_view_ends_with (view_bytes (again), record.body), "another body is written");
}

static void
read_again (H3View text)
{
    static const guint8 fingerprint[IDEMPOTENCY_FINGERPRINT] = "a fingerprint";
    g_autoptr (H3Headers) fields = h3_headers_new ();
    g_autoptr (GBytes) bytes = NULL;
    g_auto (IdempotencyRecord) record = { 0 };
    FuzzChoice choice = fuzz_choice_of (text);
    guint status = 200 + fuzz_choose (&choice, 400);
    H3View rest = text, line;

    while (fuzz_choose (&choice, 4) != 0 && fuzz_take_line (&rest, &line)) {
        H3View name, value = line;

        if (h3_view_split (&value, ':', &name) && h3_headers_is_name (name)
            && h3_headers_is_value (value)) {
            g_autofree char *copy = h3_view_dup (name);

            if (idempotency_may_keep (copy))
                h3_headers_add_view (fields, name, value);
        }
    }
    if (!response_status_has_body (status) || rest.data == NULL)
        rest = H3_VIEW_EMPTY;
    bytes = idempotency_record_new_answer (fingerprint, status, fields, rest);
    FUZZ_ASSERT (idempotency_record_read (view_bytes (bytes), &record), "it is not read");
    FUZZ_ASSERT (record.is_answer && record.status == status, "%u", record.status);
    FUZZ_ASSERT (h3_view_equal (record.body, rest), "another body");
    FUZZ_ASSERT (h3_headers_get_size (record.fields) == h3_headers_get_size (fields),
                 "%u fields, not %u", h3_headers_get_size (record.fields),
                 h3_headers_get_size (fields));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    g_autofree char *copy = fuzz_copy (data, size);
    H3View rest = h3_view (copy, size), line = H3_VIEW_EMPTY;

    (void) fuzz_take_line (&rest, &line);
    compare_key (line);
    if (rest.data == NULL)
        rest = H3_VIEW_EMPTY;
    write_again (rest);
    read_again (rest);
    return 0;
}

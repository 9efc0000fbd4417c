/* SPDX-License-Identifier: MIT
 *
 * A media type: in its normal form what the algorithm of https://mimesniff.spec.whatwg.org/ §4.4
 * makes of it, step by step beside it; and that is its own normal form. */

#include "fuzz.h"
#include "h3/format/mime.h"

#define WHITESPACE "\t\n\r "

static gboolean
is_token (const GString *text)
{
    for (gsize i = 0; i < text->len; i++) {
        char c = text->str[i];

        if (!g_ascii_isalnum (c) && (c == '\0' || strchr ("!#$%&'*+-.^_`|~", c) == NULL))
            return FALSE;
    }
    return text->len > 0;
}

static gboolean
is_quotable (const GString *text)
{
    for (gsize i = 0; i < text->len; i++) {
        guchar c = (guchar) text->str[i];

        if ((c < 0x20 && c != '\t') || c == 0x7f)
            return FALSE;
    }
    return TRUE;
}

static gboolean
is_one_of (char c, const char *characters)
{
    return c != '\0' && strchr (characters, c) != NULL;
}

/* (transfer full): what stands before the next of `ends`. */
static GString *
collect (H3View *rest, const char *ends)
{
    GString *text = g_string_new (NULL);

    while (rest->length > 0 && !is_one_of (*rest->data, ends)) {
        g_string_append_c (text, *rest->data);
        *rest = h3_view (rest->data + 1, rest->length - 1);
    }
    return text;
}

static gboolean
skip (H3View *rest)
{
    if (rest->length == 0)
        return FALSE;
    *rest = h3_view (rest->data + 1, rest->length - 1);
    return TRUE;
}

static void
strip_end (GString *text)
{
    while (text->len > 0 && is_one_of (text->str[text->len - 1], WHITESPACE))
        g_string_truncate (text, text->len - 1);
}

static GString *
collect_quoted (H3View *rest)
{
    GString *text = g_string_new (NULL);

    (void) skip (rest);
    while (rest->length > 0 && *rest->data != '"') {
        if (*rest->data == '\\' && rest->length > 1)
            (void) skip (rest);
        g_string_append_c (text, *rest->data);
        (void) skip (rest);
    }
    g_string_free (collect (rest, ";"), TRUE);
    return text;
}

static void
append_parameter (GString *out, const GString *name, const GString *value)
{
    g_string_append_printf (out, ";%s=", name->str);
    if (is_token (value)) {
        g_string_append_len (out, value->str, (gssize) value->len);
        return;
    }
    g_string_append_c (out, '"');
    for (gsize i = 0; i < value->len; i++) {
        if (is_one_of (value->str[i], "\"\\"))
            g_string_append_c (out, '\\');
        g_string_append_c (out, value->str[i]);
    }
    g_string_append_c (out, '"');
}

/* FALSE where it is not well formed: it counts as absent. */
static gboolean
read_parameter (H3View *rest, GHashTable *names, GString *out)
{
    g_autoptr (GString) name = NULL;
    g_autoptr (GString) value = NULL;

    while (rest->length > 0 && is_one_of (*rest->data, WHITESPACE))
        (void) skip (rest);
    name = collect (rest, ";=");
    if (rest->length == 0 || *rest->data == ';' || !skip (rest) || rest->length == 0)
        return FALSE;
    if (*rest->data == '"') {
        value = collect_quoted (rest);
    } else {
        value = collect (rest, ";");
        strip_end (value);
        if (value->len == 0)
            return FALSE;
    }
    g_string_ascii_down (name);
    if (!is_token (name) || !is_quotable (value))
        return FALSE;
    if (g_hash_table_add (names, g_strdup (name->str)))
        append_parameter (out, name, value);
    return TRUE;
}

/* (transfer full) (nullable): the normal form. */
static GString *
normalize_plainly (H3View rest)
{
    g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr (GString) type = NULL;
    g_autoptr (GString) subtype = NULL;
    GString *out;
    guint n = 0;

    while (rest.length > 0 && is_one_of (*rest.data, WHITESPACE))
        (void) skip (&rest);
    while (rest.length > 0 && is_one_of (rest.data[rest.length - 1], WHITESPACE))
        rest.length--;
    type = collect (&rest, "/");
    if (!is_token (type) || !skip (&rest))
        return NULL;
    subtype = collect (&rest, ";");
    strip_end (subtype);
    if (!is_token (subtype))
        return NULL;
    out = g_string_new (NULL);
    g_string_append_printf (out, "%s/%s", type->str, subtype->str);
    g_string_ascii_down (out);
    while (n < H3_MEDIA_TYPE_MAX_PARAMETERS && skip (&rest))
        n += read_parameter (&rest, names, out) ? 1 : 0;
    return out;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    g_autofree char *copy = fuzz_copy (data, size);
    GString *expected = normalize_plainly (h3_view (copy, size));
    H3MediaType type, again;
    gboolean taken = h3_media_type_parse (h3_view (copy, size), &type);
    g_autofree char *text = NULL;
    g_autofree char *twice = NULL;

    FUZZ_ASSERT (taken == (expected != NULL), "taken: %d", taken);
    if (!taken)
        return 0;
    text = h3_media_type_to_string (&type);
    FUZZ_ASSERT (g_str_equal (text, expected->str), "'%s', not '%s'", text, expected->str);
    FUZZ_ASSERT (h3_media_type_parse_string (text, &again), "'%s' is refused", text);
    twice = h3_media_type_to_string (&again);
    FUZZ_ASSERT (g_str_equal (text, twice), "'%s' becomes '%s'", text, twice);
    FUZZ_ASSERT (h3_media_type_matches (&type, "*/*"), "'%s' is not */*", text);
    (void) h3_mime_is_compressible (text);
    g_string_free (expected, TRUE);
    return 0;
}

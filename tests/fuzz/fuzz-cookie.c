/* SPDX-License-Identifier: MIT
 *
 * Cookies. The input's first line is a Cookie field: it is read as a regex reads it. The lines
 * behind it are name, value, domain and path of a cookie to be set: what is written has nothing in
 * it that ends a field, and a client that sends it back gives back the value. */

#include "fuzz.h"
#include "h3/format/cookie.h"

#define PAIR                                                                                       \
    "^[ \\t]*([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \\t]*="                                                \
    "(?:[ \\t]*)([^\\x00-\\x08\\x0a-\\x1f\\x7f]*?)[ \\t]*$"

/* The pairs that a field has, in order: names and values by turns. */
static GPtrArray *
read_plainly (H3View header)
{
    g_autoptr (GRegex) regex = g_regex_new (PAIR, G_REGEX_RAW | G_REGEX_DOLLAR_ENDONLY, 0, NULL);
    GPtrArray *texts = g_ptr_array_new_with_free_func (g_free);
    H3View part;

    for (guint n = 0; n < H3_COOKIE_MAX_PAIRS && h3_view_split (&header, ';', &part); n++) {
        g_autoptr (GMatchInfo) info = NULL;

        if (!g_regex_match_full (regex, part.data, (gssize) part.length, 0, 0, &info, NULL))
            continue;
        g_ptr_array_add (texts, g_match_info_fetch (info, 1));
        g_ptr_array_add (texts, g_match_info_fetch (info, 2));
    }
    return texts;
}

/* A field that is too long ends before the pair that is beyond the bound. */
static H3View
bound (H3View header)
{
    gsize end = H3_COOKIE_MAX_BYTES;

    if (header.length <= end)
        return header;
    while (end > 0 && header.data[end] != ';')
        end--;
    return h3_view (header.data, end);
}

static void
compare (H3View header)
{
    g_autoptr (GPtrArray) expected = read_plainly (bound (header));
    H3CookieReader reader;
    H3View name, value, first;
    guint n = 0;

    h3_cookie_reader_init (&reader, header);
    for (; h3_cookie_next (&reader, &name, &value); n += 2) {
        FUZZ_ASSERT (n < expected->len
                         && h3_view_equal (name, h3_view_of (g_ptr_array_index (expected, n)))
                         && h3_view_equal (value, h3_view_of (g_ptr_array_index (expected, n + 1))),
                     "pair %u is %.*s=%.*s", n / 2, H3_VIEW_ARGS (name), H3_VIEW_ARGS (value));
        FUZZ_ASSERT (h3_cookie_find (header, name, &first), "%.*s is not found",
                     H3_VIEW_ARGS (name));
    }
    FUZZ_ASSERT (n == expected->len, "%u pairs, not %u", n / 2, expected->len / 2);
}

static H3Cookie *
make_cookie (H3View *rest, char **out_name, char **out_value)
{
    H3View lines[4] = { H3_VIEW_EMPTY, H3_VIEW_EMPTY, H3_VIEW_EMPTY, H3_VIEW_EMPTY };
    FuzzChoice choice = fuzz_choice_of (*rest);
    g_autofree char *domain = NULL;
    g_autofree char *path = NULL;
    guint flags = fuzz_choose (&choice, 64);
    H3Cookie *cookie;

    for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
        (void) fuzz_take_line (rest, &lines[i]);
    *out_name = h3_view_dup (lines[0]);
    *out_value = h3_view_dup (lines[1]);
    domain = h3_view_dup (lines[2]);
    path = h3_view_dup (lines[3]);
    cookie = h3_cookie_new (*out_name, *out_value);
    h3_cookie_set_domain (cookie, *domain != '\0' ? domain : NULL);
    h3_cookie_set_path (cookie, *path != '\0' ? path : NULL);
    h3_cookie_set_secure (cookie, (flags & 1) != 0);
    h3_cookie_set_http_only (cookie, (flags & 2) != 0);
    h3_cookie_set_partitioned (cookie, (flags & 4) != 0);
    h3_cookie_set_same_site (cookie, (H3SameSite) (flags >> 4));
    if ((flags & 8) != 0)
        h3_cookie_set_max_age (cookie, (gint64) choice.state);
    return cookie;
}

/* What a client would hold and send back for the first part of a Set-Cookie field. */
static void
append_sent_back (GString *header, const char *field)
{
    gsize length = strcspn (field, ";");

    for (const char *at = field; *at != '\0'; at++)
        FUZZ_ASSERT ((guchar) *at >= 0x20 && (guchar) *at < 0x7f, "byte %02x in %s",
                     (guint) (guchar) *at, field);
    FUZZ_ASSERT (memchr (field, '=', length) != NULL, "%s", field);
    if (header->len > 0)
        g_string_append (header, "; ");
    g_string_append_len (header, field, (gssize) length);
}

static void
assert_comes_back (H3Cookie *cookie, const char *name, const char *value)
{
    g_autoptr (GString) header = g_string_new (NULL);
    g_auto (GStrv) fields = h3_cookie_to_strings (cookie, NULL);
    g_autofree char *found = NULL;
    guint n = fields != NULL ? g_strv_length (fields) : 0;

    if (n == 0)
        return;
    /* The first of several takes away the cookie that was in one piece. */
    for (guint i = n > 1; i < n; i++)
        append_sent_back (header, fields[i]);
    found = h3_cookie_dup_value (header->str, name);
    FUZZ_ASSERT (g_strcmp0 (found, value) == 0, "%s=%s comes back as %s", name, value, found);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    g_autofree char *copy = fuzz_copy (data, size);
    H3View rest = h3_view (copy, size), line = H3_VIEW_EMPTY;
    g_autofree char *name = NULL;
    g_autofree char *value = NULL;
    g_autofree char *text = NULL;
    g_autoptr (GError) error = NULL;
    g_autoptr (H3Cookie) cookie = NULL;

    (void) fuzz_take_line (&rest, &line);
    compare (line);
    cookie = make_cookie (&rest, &name, &value);
    text = h3_cookie_to_string (cookie, &error);
    FUZZ_ASSERT ((text == NULL) == (error != NULL), "a text and an error, or none");
    FUZZ_ASSERT (error == NULL || g_utf8_validate (error->message, -1, NULL), "the message");
    if (text != NULL)
        FUZZ_ASSERT (strlen (name) + strlen (value) <= H3_COOKIE_MAX_SIZE, "too long");
    assert_comes_back (cookie, name, value);
    return 0;
}

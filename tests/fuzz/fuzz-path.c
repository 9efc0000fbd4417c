/* SPDX-License-Identifier: MIT
 *
 * A path: canonical as the plain reading has it, its own canonical form once escaped again, and
 * with nothing in it that leads upwards. */

#include "fuzz.h"
#include "h3/format/path.h"
#include "h3/format/percent.h"
#include "plain-path.h"

/* As a client would write the canonical path: what it may not write is escaped; the three escapes
 * that stay are. */
static GString *
escape_again (H3View path)
{
    GString *text = g_string_new (NULL);

    for (gsize i = 0; i < path.length; i++) {
        guchar c = (guchar) path.data[i];

        if (g_ascii_isalnum (c) || c == '/' || c == '%' || c == '.' || c == '-')
            g_string_append_c (text, (char) c);
        else
            g_string_append_printf (text, "%%%02x", c);
    }
    return text;
}

static void
assert_leads_nowhere_up (H3View path)
{
    H3View rest = path, segment;

    FUZZ_ASSERT (path.length > 0 && path.data[0] == '/', "no slash in front");
    FUZZ_ASSERT (path.length < 2 || path.data[1] != '/', "two slashes in front");
    FUZZ_ASSERT (g_utf8_validate (path.data, (gssize) path.length, NULL), "not UTF-8");
    while (h3_view_split (&rest, '/', &segment))
        FUZZ_ASSERT (!h3_view_equal (segment, H3_VIEW ("."))
                         && !h3_view_equal (segment, H3_VIEW ("..")),
                     "a dot segment in %s", path.data);
}

/* Without its last three escapes too: neither dots nor slashes come back of it but those. */
static void
assert_parameters_decode (H3View path)
{
    H3View rest = path, segment;

    while (h3_view_split (&rest, '/', &segment)) {
        g_autofree char *out = g_malloc (segment.length + 1);
        gsize length;

        FUZZ_ASSERT (h3_param_decode (segment, out, &length), "%.*s", H3_VIEW_ARGS (segment));
        FUZZ_ASSERT (length <= segment.length && out[length] == '\0', "too long");
        FUZZ_ASSERT (strlen (out) == length, "a NUL in %.*s", H3_VIEW_ARGS (segment));
    }
}

static void
assert_stays (H3View path)
{
    g_autoptr (GString) again = escape_again (path);
    g_autofree char *out = g_malloc (again->len + 2);
    gsize length;

    FUZZ_ASSERT (h3_path_canonicalize (h3_view (again->str, again->len), out, &length),
                 "%s is refused", again->str);
    FUZZ_ASSERT (h3_view_equal (h3_view (out, length), path), "%s becomes %s", path.data, out);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    g_autofree char *raw = fuzz_copy (data, size);
    g_autofree char *out = g_malloc (size + 2);
    GString *expected = plain_path_canonicalize (h3_view (raw, size));
    gsize length = 0;
    gboolean taken = h3_path_canonicalize (h3_view (raw, size), out, &length);

    FUZZ_ASSERT (taken == (expected != NULL), "taken: %d", taken);
    if (!taken)
        return 0;
    FUZZ_ASSERT (out[length] == '\0' && length == expected->len
                     && memcmp (out, expected->str, length) == 0,
                 "%s, expected %s", out, expected->str);
    assert_leads_nowhere_up (h3_view (out, length));
    assert_parameters_decode (h3_view (out, length));
    assert_stays (h3_view (out, length));
    g_string_free (expected, TRUE);
    return 0;
}

/* SPDX-License-Identifier: MIT
 *
 * A URL, and behind a line's end a reference: what is read reads again as the same when it is
 * written, whole or from its parts; joined to a reference it is a URL again; and userinfo only
 * stands where it may. */

#include "fuzz.h"
#include "h3/format/url.h"

static void
assert_equal (GUri *a, GUri *b, const char *how)
{
    g_autofree char *x = g_uri_to_string (a);
    g_autofree char *y = g_uri_to_string (b);

    FUZZ_ASSERT (g_str_equal (x, y), "%s: %s becomes %s", how, x, y);
    FUZZ_ASSERT (h3_url_is_same_origin (a, b), "%s: %s and %s", how, x, y);
}

static void
assert_normal (GUri *url)
{
    const char *scheme = g_uri_get_scheme (url), *host = g_uri_get_host (url);

    FUZZ_ASSERT (g_str_equal (scheme, "http") || g_str_equal (scheme, "https"), "%s", scheme);
    FUZZ_ASSERT (host != NULL && *host != '\0', "no host");
    for (const char *at = host; *at != '\0'; at++)
        FUZZ_ASSERT (!g_ascii_isupper (*at) && g_ascii_isgraph (*at)
                         && strchr ("/@?#\\", *at) == NULL,
                     "the host %s", host);
    FUZZ_ASSERT (*g_uri_get_path (url) == '/', "the path %s", g_uri_get_path (url));
    FUZZ_ASSERT (h3_url_get_port (url) == (guint16) g_uri_get_port (url), "port %d",
                 g_uri_get_port (url));
}

static void
assert_writes_and_reads (GUri *url)
{
    g_autofree char *text = g_uri_to_string (url);
    g_autoptr (GError) error = NULL;
    g_autoptr (GUri) again = h3_url_parse (text, H3_URL_ALLOW_USERINFO, &error);

    FUZZ_ASSERT (again != NULL, "%s: %s", text, error->message);
    assert_equal (url, again, "written");
}

static void
assert_builds (GUri *url)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GUri) built =
        h3_url_build (g_uri_get_scheme (url), g_uri_get_host (url), g_uri_get_port (url),
                      g_uri_get_path (url), g_uri_get_query (url), &error);
    g_autofree char *target = h3_url_dup_target (url);
    g_autofree char *host = h3_url_dup_host (url);
    g_autofree char *text = g_strconcat (g_uri_get_scheme (url), "://", host, target, NULL);
    g_autoptr (GUri) from_parts = h3_url_parse (text, H3_URL_NONE, NULL);

    FUZZ_ASSERT (built != NULL, "%s: %s", text, error->message);
    FUZZ_ASSERT (from_parts != NULL, "%s", text);
    assert_equal (built, from_parts, "from its parts");
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    H3View rest = h3_view ((const char *) data, size), line = H3_VIEW_EMPTY;
    g_autofree char *text = NULL;
    g_autofree char *reference = NULL;
    g_autoptr (GUri) url = NULL;
    g_autoptr (GUri) strict = NULL;
    g_autoptr (GUri) joined = NULL;

    (void) fuzz_take_line (&rest, &line);
    text = g_strndup (line.data, line.length);
    reference = h3_view_dup (rest);
    url = h3_url_parse (text, H3_URL_ALLOW_USERINFO, NULL);
    strict = h3_url_parse (text, H3_URL_NONE, NULL);
    FUZZ_ASSERT (strict == NULL || url != NULL, "%s", text);
    if (url == NULL)
        return 0;
    FUZZ_ASSERT ((strict != NULL) == (g_uri_get_userinfo (url) == NULL), "the user of %s", text);
    assert_normal (url);
    assert_writes_and_reads (url);
    assert_builds (url);
    joined = h3_url_join (url, reference, H3_URL_NONE, NULL);
    if (joined == NULL)
        return 0;
    FUZZ_ASSERT (g_uri_get_userinfo (joined) == NULL, "%s joined to %s has a user", reference,
                 text);
    assert_normal (joined);
    assert_writes_and_reads (joined);
    return 0;
}

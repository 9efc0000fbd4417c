/* SPDX-License-Identifier: MIT */

#include "h3/format/path.h"
#include "tests/support/suite.h"

static void
assert_becomes (const char *raw, const char *expected)
{
    gsize size = strlen (raw);
    /* Not one byte more than the contract asks for: AddressSanitizer watches both ends. */
    g_autofree char *in = g_memdup2 (raw, size);
    g_autofree char *out = g_malloc (size + 2);
    gsize length = 0;

    ck_assert_msg (h3_path_canonicalize (h3_view (in, size), out, &length), "%s is refused", raw);
    ck_assert_msg (strcmp (out, expected) == 0, "%s gives %s, not %s", raw, out, expected);
    ck_assert_uint_eq (length, strlen (expected));
}

static void
assert_refused (const char *raw, gsize size)
{
    g_autofree char *in = g_memdup2 (raw, size);
    g_autofree char *out = g_malloc (size + 2);
    gsize length = 77;

    ck_assert_msg (!h3_path_canonicalize (h3_view (in, size), out, &length), "%s gives %s", raw,
                   out);
    ck_assert_uint_eq (length, 77);
}

START_TEST (path_canonicalize_keeps_plain_paths)
{
    assert_becomes ("/", "/");
    assert_becomes ("/users/12345", "/users/12345");
    assert_becomes ("/a/", "/a/");
    assert_becomes ("/a.b/c..d/e", "/a.b/c..d/e");
    assert_becomes ("/-._~!$&'()*+,;=:@[]", "/-._~!$&'()*+,;=:@[]");
}
END_TEST

START_TEST (path_canonicalize_decodes_what_needs_no_escape)
{
    assert_becomes ("/%61%7E%7e", "/a~~");
    assert_becomes ("/a%20b%3Fc%23d%22", "/a b?c#d\"");
    assert_becomes ("/%c3%A9", "/\xc3\xa9");
    assert_becomes ("/%F0%9F%98%80", "/\xf0\x9f\x98\x80");
}
END_TEST

START_TEST (path_canonicalize_keeps_three_escapes_in_upper_case)
{
    assert_becomes ("/a%2fb%2F", "/a%2Fb%2F");
    assert_becomes ("/a%5cb%5C", "/a%5Cb%5C");
    assert_becomes ("/a%25b", "/a%25b");
    assert_becomes ("/%252e%252e/x", "/%252e%252e/x");
    assert_becomes ("/%2525", "/%2525");
    assert_becomes ("/..%2fx", "/..%2Fx");
    assert_becomes ("/a/..%5c..%5cx", "/a/..%5C..%5Cx");
}
END_TEST

START_TEST (path_canonicalize_resolves_dot_segments_however_spelled)
{
    assert_becomes ("/a/b/c/./../../g", "/a/g");
    assert_becomes ("/a/./b", "/a/b");
    assert_becomes ("/a/.", "/a/");
    assert_becomes ("/a/..", "/");
    assert_becomes ("/a/b/..", "/a/");
    assert_becomes ("/a/b/../", "/a/");
    assert_becomes ("/a/%2e/b/%2E%2e/c", "/a/c");
    assert_becomes ("/a/.%2e/c", "/c");
    assert_becomes ("/a/%2e./c", "/c");
    assert_becomes ("/a/%2e%2e", "/");
    assert_becomes ("/...", "/...");
    assert_becomes ("/.a/..b/.", "/.a/..b/");
}
END_TEST

START_TEST (path_canonicalize_never_leaves_the_root)
{
    assert_becomes ("/..", "/");
    assert_becomes ("/.", "/");
    assert_becomes ("/../..", "/");
    assert_becomes ("/../etc/passwd", "/etc/passwd");
    assert_becomes ("/%2e%2e/%2e%2e/etc", "/etc");
    assert_becomes ("/a/../../../b/../../c", "/c");
}
END_TEST

START_TEST (path_canonicalize_makes_one_slash_of_those_in_front)
{
    assert_becomes ("//", "/");
    assert_becomes ("////", "/");
    assert_becomes ("//evil.example/x", "/evil.example/x");
    assert_becomes ("/.//x", "/x");
    assert_becomes ("/a/..//x", "/x");
    assert_becomes ("/..//../x", "/x");
    assert_becomes ("/%2e//%2e%2e///x", "/x");
}
END_TEST

START_TEST (path_canonicalize_keeps_empty_segments_further_on)
{
    assert_becomes ("/a//b", "/a//b");
    assert_becomes ("/a//", "/a//");
    assert_becomes ("/a//../b", "/a/b");
    assert_becomes ("//a//b", "/a//b");
}
END_TEST

START_TEST (path_canonicalize_refuses_bad_escapes)
{
    static const char *const refused[] = { "/%",    "/%4",  "/%zz",    "/%4g",   "/%g4",
                                           "/%%41", "/a%",  "/%00",    "/a%00b", "/%01",
                                           "/%1f",  "/%7F", "/%0d%0a", "/%0A",   "/%u002e" };

    for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
        assert_refused (refused[i], strlen (refused[i]));
}
END_TEST

START_TEST (path_canonicalize_refuses_what_is_not_utf8)
{
    static const char *const refused[] = {
        "/%c0%af",        "/%c0%ae%c0%ae", "/%e0%80%af", "/%f0%80%80%af", "/%c1%9c",
        "/%ff",           "/%80",          "/%c3",       "/%c3/%a9",      "/%ed%a0%80",
        "/%ed%b0%80/%2e", "/%f4%90%80%80", "/%fe%ff",    "/%c3a",         "/%c3/../%a9",
    };

    for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
        assert_refused (refused[i], strlen (refused[i]));
}
END_TEST

START_TEST (path_canonicalize_refuses_bytes_no_target_has)
{
    for (int byte = 0; byte < 256; byte++) {
        char raw[4] = { '/', 'a', (char) byte, 'b' };
        gboolean refused =
            byte <= 0x20 || byte >= 0x7f || (byte != 0 && strchr ("\"<>\\^{|}`#?%", byte) != NULL);
        char out[6];
        gsize length;

        ck_assert_int_eq (h3_path_canonicalize (h3_view (raw, 4), out, &length), !refused);
    }
    assert_refused ("", 0);
    assert_refused ("*", 1);
    assert_refused ("a/b", 3);
    assert_refused ("%2Fa", 4);
    /* The slow way checks as well. */
    assert_refused ("/%41\x80", 5);
    assert_refused ("//a\\b", 5);
}
END_TEST

static guint
choose (guint *state, guint below)
{
    *state = *state * 1664525 + 1013904223;
    return (*state >> 8) % below;
}

/* What the slow way must give, by the letter of RFC 3986 §5.2.4 over already decoded segments. */
static char *
dup_resolved (const char *decoded)
{
    g_auto (GStrv) segments = g_strsplit (decoded + 1, "/", -1);
    g_autoptr (GPtrArray) kept = g_ptr_array_new ();
    g_autofree char *joined = NULL;
    const char *from;

    for (char **segment = segments; *segment != NULL; segment++) {
        gboolean up = strcmp (*segment, "..") == 0;

        if (up && kept->len > 0)
            g_ptr_array_set_size (kept, (gint) kept->len - 1);
        if (!up && strcmp (*segment, ".") != 0)
            g_ptr_array_add (kept, *segment);
        else if (segment[1] == NULL)
            g_ptr_array_add (kept, (gpointer) "");
    }
    g_ptr_array_add (kept, NULL);
    joined = g_strjoinv ("/", (char **) kept->pdata);
    for (from = joined; *from == '/'; from++)
        continue;
    return g_strconcat ("/", from, NULL);
}

START_TEST (path_canonicalize_agrees_with_the_letter_of_the_rfc)
{
    static const char *const pieces[] = { "/", "/", "/", ".", "..", "a", "b.", "/..", "/." };
    guint seed = g_random_int (), state = seed;

    g_print ("seed %u\n", seed);
    for (int round = 0; round < 20000; round++) {
        g_autoptr (GString) raw = g_string_new ("/");
        g_autofree char *expected = NULL;

        for (guint n = choose (&state, 12); n > 0; n--)
            g_string_append (raw, pieces[choose (&state, G_N_ELEMENTS (pieces))]);
        expected = dup_resolved (raw->str);
        assert_becomes (raw->str, expected);
    }
}
END_TEST

/* The canonical path as a raw one: what a target may not hold is escaped, `%` stays. */
static char *
dup_as_raw (const char *canonical)
{
    GString *raw = g_string_new (NULL);

    for (; *canonical != '\0'; canonical++) {
        if (g_ascii_isgraph (*canonical) && strchr ("\"<>\\^{|}`#?", *canonical) == NULL)
            g_string_append_c (raw, *canonical);
        else
            g_string_append_printf (raw, "%%%02x", (guint) (guchar) *canonical);
    }
    return g_string_free (raw, FALSE);
}

static void
assert_sane_canonical (const char *path)
{
    g_autofree char *slashed = g_strconcat (path, "/", NULL);

    ck_assert (path[0] == '/' && path[1] != '/');
    ck_assert_ptr_null (strstr (slashed, "/./"));
    ck_assert_ptr_null (strstr (slashed, "/../"));
    ck_assert (g_utf8_validate (path, -1, NULL));
    for (const char *at = path; (at = strchr (at, '%')) != NULL; at++)
        ck_assert (g_str_has_prefix (at, "%2F") || g_str_has_prefix (at, "%5C")
                   || g_str_has_prefix (at, "%25"));
}

START_TEST (path_canonicalize_leaves_its_own_result_as_it_is)
{
    static const char *const pieces[] = { "/",     "/",    ".",   "..",  "%2e",    "%2E",
                                          "%2f",   "%5c",  "%25", "a",   "2e",     "2F",
                                          "%41",   "%20",  "%3f", "%23", "%c3%a9", "5c",
                                          "%2525", "/../", "~",   "%c3", "%7c" };
    guint seed = g_random_int (), state = seed, accepted = 0;

    g_print ("seed %u\n", seed);
    for (int round = 0; round < 20000; round++) {
        g_autoptr (GString) raw = g_string_new ("/");
        g_autofree char *canonical = NULL;
        g_autofree char *again = NULL;

        for (guint n = choose (&state, 10); n > 0; n--)
            g_string_append (raw, pieces[choose (&state, G_N_ELEMENTS (pieces))]);
        canonical = h3_path_canonicalize_string (raw->str);
        if (canonical == NULL)
            continue;
        accepted++;
        assert_sane_canonical (canonical);
        again = dup_as_raw (canonical);
        assert_becomes (again, canonical);
    }
    ck_assert_uint_gt (accepted, 5000);
}
END_TEST

START_TEST (path_canonicalize_survives_random_bytes)
{
    guint seed = g_random_int (), state = seed;

    g_print ("seed %u\n", seed);
    for (int round = 0; round < 20000; round++) {
        gsize size = choose (&state, 24);
        g_autofree char *raw = g_malloc (size + 1);
        g_autofree char *out = g_malloc (size + 2);
        gsize length;

        for (gsize i = 0; i < size; i++)
            raw[i] = choose (&state, 3) > 0 ? "/.%20cCeE"[choose (&state, 9)]
                                            : (char) choose (&state, 256);
        if (size > 0)
            raw[0] = '/';
        if (!h3_path_canonicalize (h3_view (raw, size), out, &length))
            continue;
        ck_assert_uint_le (length, size);
        ck_assert_uint_eq (strlen (out), length);
        assert_sane_canonical (out);
    }
}
END_TEST

START_TEST (param_decode_takes_away_the_three_escapes_once)
{
    char out[32];
    gsize length;

    ck_assert (h3_param_decode (H3_VIEW ("a%2Fb%5Cc%25d%2541+e"), out, &length));
    ck_assert_str_eq (out, "a/b\\c%d%41+e");
    ck_assert_uint_eq (length, strlen (out));
    ck_assert (h3_param_decode (h3_view (NULL, 0), out, &length));
    ck_assert_str_eq (out, "");
    length = 77;
    ck_assert (!h3_param_decode (H3_VIEW ("a%41"), out, &length));
    ck_assert (!h3_param_decode (H3_VIEW ("a%2"), out, &length));
    ck_assert (!h3_param_decode (H3_VIEW ("a%00"), out, &length));
    ck_assert_uint_eq (length, 77);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "canonical", path_canonicalize_keeps_plain_paths,
                    path_canonicalize_decodes_what_needs_no_escape,
                    path_canonicalize_keeps_three_escapes_in_upper_case,
                    path_canonicalize_resolves_dot_segments_however_spelled,
                    path_canonicalize_never_leaves_the_root,
                    path_canonicalize_makes_one_slash_of_those_in_front,
                    path_canonicalize_keeps_empty_segments_further_on, NULL);
    suite_add_case (suite, "refused", path_canonicalize_refuses_bad_escapes,
                    path_canonicalize_refuses_what_is_not_utf8,
                    path_canonicalize_refuses_bytes_no_target_has, NULL);
    suite_add_case (suite, "random", path_canonicalize_agrees_with_the_letter_of_the_rfc,
                    path_canonicalize_leaves_its_own_result_as_it_is,
                    path_canonicalize_survives_random_bytes, NULL);
    suite_add_case (suite, "parameter", param_decode_takes_away_the_three_escapes_once, NULL);
}

int
main (void)
{
    return suite_run ("format/path", add_tests);
}

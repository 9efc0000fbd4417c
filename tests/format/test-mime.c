/* SPDX-License-Identifier: MIT */

#include "h3/format/mime.h"
#include "tests/support/suite.h"

#include <jansson.h>
#include <string.h>

static H3MediaType
parse (const char *text)
{
    H3MediaType media_type;

    ck_assert_msg (h3_media_type_parse_string (text, &media_type), "%s", text);
    return media_type;
}

START_TEST (media_type_is_read_into_views_of_the_text)
{
    const char *text = " Text/HTML ; Charset=UTF-8 ";
    H3MediaType media_type = parse (text);

    ck_assert (h3_view_equal (media_type.essence, H3_VIEW ("Text/HTML")));
    ck_assert (h3_view_equal (media_type.type, H3_VIEW ("Text")));
    ck_assert (h3_view_equal (media_type.subtype, H3_VIEW ("HTML")));
    ck_assert (h3_view_equal (media_type.parameters, H3_VIEW (" Charset=UTF-8")));
    ck_assert_ptr_eq (media_type.type.data, text + 1);
}
END_TEST

START_TEST (media_type_refuses_what_is_none)
{
    static const char *const bad[] = { "",        "/",     "a",     "a/",    "/b",   "a/b/c",
                                       "a b/c",   "a /b",  "a/ b",  "a/b c", "a/b,", "a/b, c/d",
                                       "\"a\"/b", "a/b\v", "a/(b)", ";a=b",  "a;/b", "\xc3\xa4/b" };
    H3MediaType media_type = parse ("x/y");

    for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
        ck_assert_msg (!h3_media_type_parse_string (bad[i], &media_type), "%s", bad[i]);
    ck_assert (!h3_media_type_parse (h3_view (NULL, 0), &media_type));
    ck_assert (!h3_media_type_parse (h3_view ("a/b\0", 4), &media_type));
    ck_assert (h3_view_equal (media_type.essence, H3_VIEW ("x/y")));
}
END_TEST

static gboolean
parameter_is (const char *text, const char *name, const char *expected)
{
    H3MediaType media_type = parse (text);
    g_autofree char *copy = h3_media_type_dup_parameter (&media_type, name);
    char buffer[16];
    H3View value = H3_VIEW_EMPTY;
    gboolean found =
        h3_media_type_get_parameter (&media_type, h3_view_of (name), buffer, sizeof buffer, &value);

    ck_assert_str_eq (copy != NULL ? copy : "(none)", expected != NULL ? expected : "(none)");
    return found ? expected != NULL && h3_view_equal (value, h3_view_of (expected))
                 : expected == NULL;
}

START_TEST (media_type_parameter_is_found_in_any_case_and_unquoted)
{
    ck_assert (parameter_is ("a/b;charset=utf-8", "Charset", "utf-8"));
    ck_assert (parameter_is ("a/b; x=1 ;CHARSET=utf-8", "charset", "utf-8"));
    ck_assert (parameter_is ("a/b;c=\"x y\";d=1", "c", "x y"));
    ck_assert (parameter_is ("a/b;c=\"x;d=2\";d=1", "d", "1"));
    ck_assert (parameter_is ("a/b;c=\"x\\\"y\\\\\"", "c", "x\"y\\"));
    ck_assert (parameter_is ("a/b;c=\"\"", "c", ""));
    ck_assert (parameter_is ("a/b;c=1;c=2", "c", "1"));
    ck_assert (parameter_is ("a/b;c=", "c", NULL));
    ck_assert (parameter_is ("a/b;c", "c", NULL));
    ck_assert (parameter_is ("a/b", "c", NULL));
    ck_assert (parameter_is ("a/b;c=\"1\002\"", "c", NULL));
}
END_TEST

START_TEST (media_type_parameter_that_outgrows_the_buffer_is_refused)
{
    H3MediaType media_type = parse ("a/b;c=\"\\0123456789\";d=\"0123456789\"");
    char buffer[11];
    H3View value;

    ck_assert (!h3_media_type_get_parameter (&media_type, H3_VIEW ("c"), buffer, 10, &value));
    ck_assert (h3_media_type_get_parameter (&media_type, H3_VIEW ("c"), buffer, 11, &value));
    ck_assert (h3_view_equal (value, H3_VIEW ("0123456789")));
    /* What has no escapes needs no buffer. */
    ck_assert (h3_media_type_get_parameter (&media_type, H3_VIEW ("d"), NULL, 0, &value));
    ck_assert (h3_view_equal (value, H3_VIEW ("0123456789")));
}
END_TEST

START_TEST (media_type_looks_at_a_bounded_number_of_parameters)
{
    for (guint before = H3_MEDIA_TYPE_MAX_PARAMETERS - 1; before <= H3_MEDIA_TYPE_MAX_PARAMETERS;
         before++) {
        g_autoptr (GString) text = g_string_new ("a/b");
        g_autofree char *value = NULL;
        H3MediaType media_type;

        for (guint i = 0; i < before; i++)
            g_string_append_printf (text, ";p%u=1", i);
        g_string_append (text, ";last=1");
        media_type = parse (text->str);
        value = h3_media_type_dup_parameter (&media_type, "last");
        ck_assert_int_eq (value != NULL, before < H3_MEDIA_TYPE_MAX_PARAMETERS);
    }
}
END_TEST

static gboolean
matches (const char *text, const char *pattern)
{
    H3MediaType media_type = parse (text);

    return h3_media_type_matches (&media_type, pattern);
}

START_TEST (media_type_matches_patterns)
{
    ck_assert (matches ("application/json; charset=utf-8", "application/json"));
    ck_assert (matches ("Application/JSON", "application/Json"));
    ck_assert (!matches ("application/json5", "application/json"));
    ck_assert (!matches ("application/problem+json", "application/json"));
    ck_assert (matches ("text/html", "text/*"));
    ck_assert (!matches ("text/html", "image/*"));
    ck_assert (!matches ("texts/html", "text/*"));
    ck_assert (matches ("a/b", "*/*"));
    ck_assert (matches ("application/problem+json", "application/*+json"));
    ck_assert (matches ("application/problem+JSON", "*/*+json"));
    ck_assert (!matches ("application/+json", "application/*+json"));
    ck_assert (!matches ("application/json", "application/*+json"));
    ck_assert (!matches ("application/xjson", "application/*+json"));
    ck_assert (!matches ("a/b", "a"));
    ck_assert (!matches ("a/b", ""));
}
END_TEST

/* The bytes that the text of a case stands for: one for each character. NULL where one is beyond
 * Latin-1, which no field value can hold. */
static char *
to_bytes (const char *text)
{
    return g_convert (text, -1, "ISO-8859-1", "UTF-8", NULL, NULL, NULL);
}

static void
check_case (json_t *item)
{
    const char *text = json_string_value (json_object_get (item, "input"));
    gsize text_length = json_string_length (json_object_get (item, "input"));
    const char *output = json_string_value (json_object_get (item, "output"));
    g_autofree char *input = NULL;
    g_autofree char *expected = output != NULL ? to_bytes (output) : NULL;
    g_autofree char *written = NULL;
    H3MediaType media_type;
    gsize length;

    input = g_convert (text, (gssize) text_length, "ISO-8859-1", "UTF-8", NULL, &length, NULL);
    if (input == NULL) {
        /* The two cases with U+0100 and U+FFFD: no byte of a field is one of these. */
        ck_assert (strstr (text, "\xc4\x80") != NULL || strstr (text, "\xef\xbf\xbd") != NULL);
        return;
    }
    ck_assert_msg (h3_media_type_parse (h3_view (input, length), &media_type) == (output != NULL),
                   "%s", text);
    if (output == NULL)
        return;
    written = h3_media_type_to_string (&media_type);
    ck_assert_msg (strcmp (written, expected) == 0, "%s: %s", text, written);
    ck_assert (h3_media_type_parse_string (written, &media_type));
}

static void
check_vectors (const char *file, size_t count)
{
    g_autofree char *path = suite_dup_vector_path (file);
    size_t checked = 0, i;
    json_t *cases, *item;

    if (path == NULL)
        return;
    cases = json_load_file (path, JSON_ALLOW_NUL, NULL);
    ck_assert (cases != NULL);
    json_array_foreach (cases, i, item)
    {
        if (json_is_string (item))
            continue;
        check_case (item);
        checked++;
    }
    ck_assert_uint_ge (checked, count);
    json_decref (cases);
}

START_TEST (media_type_reads_and_writes_the_published_ones)
{
    check_vectors ("mime/mime-types.json", 74);
    check_vectors ("mime/generated-mime-types.json", 881);
}
END_TEST

START_TEST (mime_of_a_path_is_that_of_its_last_suffix)
{
    ck_assert_str_eq (h3_mime_from_path ("index.html"), "text/html; charset=utf-8");
    ck_assert_str_eq (h3_mime_from_path ("/a.png/b.JS"), "text/javascript; charset=utf-8");
    ck_assert_str_eq (h3_mime_from_path ("a.min.mjs"), "text/javascript; charset=utf-8");
    ck_assert_str_eq (h3_mime_from_path ("a.js.map"), "application/json");
    ck_assert_str_eq (h3_mime_from_path ("a.wasm"), "application/wasm");
    ck_assert_str_eq (h3_mime_from_path ("a.webp"), "image/webp");
    ck_assert_str_eq (h3_mime_from_path ("a.avif"), "image/avif");
    ck_assert_str_eq (h3_mime_from_path ("a.woff2"), "font/woff2");
    ck_assert_str_eq (h3_mime_from_path ("a.svg"), "image/svg+xml");
    ck_assert_str_eq (h3_mime_from_path ("a.md"), "text/markdown; charset=utf-8");
    ck_assert_str_eq (h3_mime_from_path ("a.webmanifest"), "application/manifest+json");
    ck_assert_str_eq (h3_mime_from_path ("a.3g2"), "video/3gpp2");
    ck_assert_str_eq (h3_mime_from_path ("a.zst"), "application/zstd");
}
END_TEST

START_TEST (mime_of_an_unknown_path_is_octet_stream)
{
    static const char *const paths[] = {
        "",      ".",       "/",        "html",  ".html",
        "a.",    "a.html/", "a.html/b", "a.xyz", "a.htmlhtmlhtmlhtml",
        "a/.js", "a.html\n"
    };

    for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
        ck_assert_str_eq (h3_mime_from_path (paths[i]), "application/octet-stream");
}
END_TEST

START_TEST (mime_that_shrinks_is_compressible)
{
    static const char *const yes[] = {
        "text/html; charset=utf-8", "TEXT/CSS",        "application/json",
        "application/problem+json", "image/svg+xml",   "font/ttf",
        "application/wasm",         "text/javascript", "application/manifest+json",
    };
    static const char *const no[] = {
        "image/png",  "video/mp4", "application/zip",          "font/woff2", "text/event-stream",
        "",           "text",      "application/octet-stream", "image/webp", "application/gzip",
        "audio/mpeg",
    };

    for (gsize i = 0; i < G_N_ELEMENTS (yes); i++)
        ck_assert_msg (h3_mime_is_compressible (yes[i]), "%s", yes[i]);
    for (gsize i = 0; i < G_N_ELEMENTS (no); i++)
        ck_assert_msg (!h3_mime_is_compressible (no[i]), "%s", no[i]);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "read", media_type_is_read_into_views_of_the_text,
                    media_type_refuses_what_is_none,
                    media_type_parameter_is_found_in_any_case_and_unquoted,
                    media_type_parameter_that_outgrows_the_buffer_is_refused,
                    media_type_looks_at_a_bounded_number_of_parameters,
                    media_type_reads_and_writes_the_published_ones, NULL);
    suite_add_case (suite, "match", media_type_matches_patterns, NULL);
    suite_add_case (suite, "files", mime_of_a_path_is_that_of_its_last_suffix,
                    mime_of_an_unknown_path_is_octet_stream, mime_that_shrinks_is_compressible,
                    NULL);
}

int
main (void)
{
    return suite_run ("format/mime", add_tests);
}

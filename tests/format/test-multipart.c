/* SPDX-License-Identifier: MIT */

#include "tests/support/form-cuts.h"
#include "tests/support/suite.h"

#include <string.h>

/* A part of a form with the boundary "b", up to its content. */
#define HEAD(rest) "--b\r\nContent-Disposition: form-data; " rest "\r\n\r\n"
#define END        "\r\n--b--\r\n"

static void
assert_parts (const char *body, const char *parts)
{
    g_auto (FormOutcome) outcome = form_read_all_ways ("b", NULL, h3_view_of (body));

    ck_assert_msg (outcome.status == 0, "%u at %u: %s", outcome.status, (guint) outcome.offset,
                   body);
    ck_assert_str_eq (outcome.parts->str, parts);
}

static void
assert_refused (const char *body, guint status)
{
    g_auto (FormOutcome) outcome = form_read_all_ways ("b", NULL, h3_view_of (body));

    ck_assert_msg (outcome.status == status, "%u at %u: %s", outcome.status, (guint) outcome.offset,
                   body);
}

START_TEST (multipart_tells_parts_and_their_content)
{
    assert_parts (HEAD ("name=\"a\"") "1" END, "a=1;");
    assert_parts (HEAD ("name=\"a\"") "1\r\n" HEAD ("name=\"a\"") "2" END, "a=1;a=2;");
    assert_parts (HEAD ("name=a; filename=\"x.y\"") "1" END, "a/x.y=1;");
    assert_parts (HEAD ("name=\"a\"") "" END, "a=;");
    /* The line end behind the head may be that of the delimiter (RFC 2046 §5.1.1). */
    assert_parts (HEAD ("name=\"a\"") "--b--", "a=;");
    assert_parts (HEAD ("name=\"a\"") "\r\n" END, "a=\r\n;");
    assert_parts (HEAD ("name=\"\"") "1" END, "=1;");
    assert_parts (
        "--b\r\ncontent-type: text/plain\r\nCONTENT-DISPOSITION:Form-Data;NAME=a\r\n\r\n1" END,
        "a text/plain=1;");
}
END_TEST

START_TEST (multipart_takes_what_looks_like_a_boundary_as_content)
{
    assert_parts (HEAD ("name=a") "\r\n--\r\n--c\r\n--bb\r\n --b\r\n-b\n--b\r--b" END,
                  "a=\r\n--\r\n--c\r\n--bb\r\n --b\r\n-b\n--b\r--b;");
    assert_parts (HEAD ("name=a") "\r\r\n--b\r\r\n--b-\r\n--b x" END,
                  "a=\r\r\n--b\r\r\n--b-\r\n--b x;");
    assert_parts (HEAD ("name=a") "--c\r\n--b \t\r\r\n--b\n" END, "a=--c\r\n--b \t\r\r\n--b\n;");
}
END_TEST

START_TEST (multipart_passes_over_preamble_padding_and_epilogue)
{
    assert_parts ("\r\n\r\n" HEAD ("name=a") "1" END, "a=1;");
    assert_parts ("To whom it may concern\r\n--bb\r\n" HEAD ("name=a") "1" END, "a=1;");
    assert_parts (
        "--b \t\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--b-- \t\r\n--b\r\n", "a=1;");
    assert_parts (HEAD ("name=a") "1\r\n--b--\r\nThat was it.\r\n--b\r\n", "a=1;");
    assert_parts ("--b--", "");
    assert_parts ("\r\n--b--\r\n", "");
    assert_refused ("nothing of it\r\n--b--\r\n", 400);
}
END_TEST

START_TEST (multipart_that_is_cut_short_is_refused)
{
    static const char whole[] = "\r\n" HEAD ("name=a") "1\r\n" HEAD ("name=c") "2\r\n--b--";

    for (gsize length = 0; length < strlen (whole); length++) {
        g_autofree char *body = g_strndup (whole, length);

        assert_refused (body, 400);
    }
    assert_parts (whole, "a=1;c=2;");
}
END_TEST

START_TEST (multipart_with_other_line_ends_is_refused)
{
    assert_refused ("--b\nContent-Disposition: form-data; name=a\n\n1\n--b--\n", 400);
    assert_refused ("--b\r\nContent-Disposition: form-data; name=a\n\r\n1" END, 400);
    assert_refused ("--b\r\nContent-Disposition: form-data; name=a\r\n\n1" END, 400);
    assert_refused ("--b\r\nContent-Disposition: form-data; name=a\r\r\n1" END, 400);
    assert_refused ("--b\r\nContent-Disposition: form-data;\r\n name=a\r\n\r\n1" END, 400);
    assert_refused (HEAD ("name=a") "1\r\n--b--x", 400);
    assert_refused (HEAD ("name=a") "1\r\n--b--\rx", 400);
    assert_refused (HEAD ("name=a") "1\r\n--b-- x", 400);
}
END_TEST

START_TEST (multipart_reads_names_as_clients_write_them)
{
    /* Browsers, by the WHATWG's rules. */
    assert_parts (HEAD ("name=\"%22a%0d%0A\"; filename=\"C:\\x\\y%41.txt\"") "1" END,
                  "\"a\r\n/C:\\x\\y%41.txt=1;");
    /* Others. */
    assert_parts (HEAD ("name=\"\\\"a\\\\\"") "1" END, "\"a\\=1;");
    assert_parts (HEAD ("name=\"a;b=c\" ; filename=\"\"; x=y;") "1" END, "a;b=c/=1;");
    assert_parts (HEAD ("name=\"\xc3\xa9\"; filename=\"\xe2\x82\xac.txt\"") "1" END,
                  "\xc3\xa9/\xe2\x82\xac.txt=1;");
    assert_parts (HEAD ("name=%22a") "1" END, "%22a=1;");
}
END_TEST

START_TEST (multipart_reads_extended_names_in_utf_8)
{
    assert_parts (HEAD ("name=a; filename=\"x\"; filename*=utf-8''%e2%82%ac.txt") "1" END,
                  "a/\xe2\x82\xac.txt=1;");
    assert_parts (HEAD ("name*=UTF-8'en'%C3%A9") "1" END, "\xc3\xa9=1;");
    assert_refused (HEAD ("name*=iso-8859-1''%E9") "1" END, 400);
    assert_refused (HEAD ("name*=utf-8''%E9") "1" END, 400);
    assert_refused (HEAD ("name*=utf-8''%00") "1" END, 400);
    assert_refused (HEAD ("name*=utf-8''%4") "1" END, 400);
    assert_refused (HEAD ("name*=utf-8'x") "1" END, 400);
    assert_refused (HEAD ("name*=x") "1" END, 400);
    assert_refused (HEAD ("name*=\"utf-8''x\"") "1" END, 400);
}
END_TEST

START_TEST (multipart_parts_that_cannot_be_are_refused)
{
    static const char *const bad[] = {
        "form-data",
        "form-data; filename=\"x\"",
        "attachment; name=a",
        "form-data; name",
        "form-data; name=",
        "form-data; name = a",
        "form-data; name=\"a",
        "form-data; name=\"a\"b",
        "form-data; name=\"a\\\"",
        "form-data; name=a b",
        "form-data, name=a",
        "form-data; name=a; name=a",
        "form-data; name=a; NAME=b",
        "form-data; name=a; filename=x; filename=x",
        "form-data; name*=utf-8''a; name*=utf-8''a",
        "form-data; name=\"\xe9\"",
        "form-data; name=\"\xed\xa0\x80\"",
        "",
    };

    for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
        g_autofree char *body =
            g_strconcat ("--b\r\nContent-Disposition: ", bad[i], "\r\n\r\n1" END, NULL);

        assert_refused (body, 400);
    }
    assert_refused ("--b\r\n\r\n1" END, 400);
    assert_refused ("--b\r\nX: y\r\n\r\n1" END, 400);
    assert_refused ("--b\r\nContent-Disposition : form-data; name=a\r\n\r\n1" END, 400);
    assert_refused ("--b\r\nContent-Disposition: form-data; name=\"\x01\"\r\n\r\n1" END, 400);
}
END_TEST

START_TEST (multipart_fields_of_a_part_that_contradict_are_refused)
{
    static const char disposition[] = "Content-Disposition: form-data; name=a\r\n";
    static const struct {
        const char *fields;
        gboolean is_taken;
    } cases[] = {
        { "Content-Disposition: form-data; name=a\r\n", FALSE },
        { "Content-Type: text/plain\r\ncontent-type: text/plain\r\n", FALSE },
        { "Content-Transfer-Encoding: base64\r\n", FALSE },
        { "Content-Transfer-Encoding: binary\r\nContent-Length: 7\r\nX: y\r\n", TRUE },
        { "Content-Transfer-Encoding: 8BIT\r\n", TRUE },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *body =
            g_strconcat ("--b\r\n", disposition, cases[i].fields, "\r\n1" END, NULL);

        if (cases[i].is_taken)
            assert_parts (body, "a=1;");
        else
            assert_refused (body, 400);
    }
}
END_TEST

static guint
read_within (const H3MultipartLimits *limits, const char *body)
{
    g_auto (FormOutcome) outcome = form_read_all_ways ("b", limits, h3_view_of (body));

    return outcome.status;
}

START_TEST (multipart_holds_each_limit_exactly)
{
    static const char body[] = "--b\r\nContent-Disposition: form-data; name=abc\r\nX: y\r\n\r\n1"
                               "\r\n--b\r\nContent-Disposition: form-data; name=abc\r\n\r\n1" END;
    const H3MultipartLimits exact = {
        2, 2, sizeof "Content-Disposition: form-data; name=abc\r\n" + sizeof "X: y\r\n" - 2, 3
    };
    H3MultipartLimits limits = exact;

    ck_assert_uint_eq (read_within (&limits, body), 0);
    limits.parts--;
    ck_assert_uint_eq (read_within (&limits, body), 413);
    limits = exact;
    limits.fields--;
    ck_assert_uint_eq (read_within (&limits, body), 413);
    limits = exact;
    limits.head--;
    ck_assert_uint_eq (read_within (&limits, body), 413);
    limits = exact;
    limits.name--;
    ck_assert_uint_eq (read_within (&limits, body), 413);
}
END_TEST

START_TEST (multipart_padding_has_a_bound)
{
    for (guint n = H3_MULTIPART_MAX_PADDING - 1; n <= H3_MULTIPART_MAX_PADDING + 1; n++) {
        g_autofree char *padding = g_strnfill (n, ' ');
        g_autofree char *body = g_strconcat (HEAD ("name=a") "1\r\n--b", padding, "\r\n",
                                             &HEAD ("name=a")[5], "2" END, NULL);

        if (n <= H3_MULTIPART_MAX_PADDING)
            assert_parts (body, "a=1;a=2;");
        else
            assert_refused (body, 400);
    }
}
END_TEST

START_TEST (multipart_boundary_is_that_of_the_grammar)
{
    static const struct {
        const char *type;
        const char *boundary;
    } cases[] = {
        { "multipart/form-data; boundary=abc", "abc" },
        { "Multipart/Form-Data;x=y; BOUNDARY=\"a b:c\"", "a b:c" },
        { "multipart/form-data; boundary=--'+_-.x; charset=utf-8", "--'+_-.x" },
        { "multipart/form-data", NULL },
        { "multipart/form-data; boundary=", NULL },
        { "multipart/form-data; boundary=\"\"", NULL },
        { "multipart/form-data; boundary=\"a \"", NULL },
        { "multipart/form-data; boundary=\"a\\b\"", NULL },
        { "multipart/form-data; boundary=\"a", NULL },
        { "multipart/form-data; boundary=a*b", NULL },
        { "multipart/form-data; boundary=a; boundary=a", NULL },
        { "multipart/form-data; boundary=a;;x", NULL },
        { "multipart/mixed; boundary=abc", NULL },
        { "", NULL },
    };
    char found[H3_MULTIPART_MAX_BOUNDARY + 1];

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        ck_assert_msg (h3_multipart_find_boundary (h3_view_of (cases[i].type), found)
                           == (cases[i].boundary != NULL),
                       "%s", cases[i].type);
        if (cases[i].boundary != NULL)
            ck_assert_str_eq (found, cases[i].boundary);
    }
    ck_assert (!h3_multipart_find_boundary (h3_view_of (NULL), found));
    for (guint n = H3_MULTIPART_MAX_BOUNDARY - 1; n <= H3_MULTIPART_MAX_BOUNDARY + 1; n++) {
        g_autofree char *boundary = g_strnfill (n, 'x');
        g_autofree char *type = g_strconcat ("multipart/form-data; boundary=", boundary, NULL);

        ck_assert_int_eq (h3_multipart_find_boundary (h3_view_of (type), found),
                          n <= H3_MULTIPART_MAX_BOUNDARY);
    }
}
END_TEST

START_TEST (multipart_content_may_be_any_bytes)
{
    g_autofree char *boundary = g_strnfill (H3_MULTIPART_MAX_BOUNDARY, '-');
    g_autofree char *content = g_malloc (2000);
    g_autoptr (GString) body = g_string_new (NULL);
    guint32 seed = g_random_int ();
    g_autoptr (GRand) random = g_rand_new_with_seed (seed);

    g_print ("seed %u\n", seed);
    for (guint i = 0; i < 2000; i++)
        content[i] = "\r\n-\0x"[g_rand_int_range (random, 0, 5)];
    g_string_append_printf (body, "--%s\r\nContent-Disposition: form-data; name=a\r\n\r\n",
                            boundary);
    g_string_append_len (body, content, 2000);
    g_string_append_printf (body, "\r\n--%s--\r\n", boundary);
    g_auto (FormOutcome) outcome =
        form_read_all_ways (boundary, NULL, h3_view (body->str, body->len));
    ck_assert_uint_eq (outcome.status, 0);
    ck_assert_uint_eq (outcome.parts->len, 2003);
    ck_assert_mem_eq (outcome.parts->str + 2, content, 2000);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (
        suite, "body", multipart_tells_parts_and_their_content,
        multipart_takes_what_looks_like_a_boundary_as_content,
        multipart_passes_over_preamble_padding_and_epilogue, multipart_that_is_cut_short_is_refused,
        multipart_with_other_line_ends_is_refused, multipart_content_may_be_any_bytes, NULL);
    suite_add_case (suite, "head", multipart_reads_names_as_clients_write_them,
                    multipart_reads_extended_names_in_utf_8,
                    multipart_parts_that_cannot_be_are_refused,
                    multipart_fields_of_a_part_that_contradict_are_refused, NULL);
    suite_add_case (suite, "bounds", multipart_holds_each_limit_exactly,
                    multipart_padding_has_a_bound, multipart_boundary_is_that_of_the_grammar, NULL);
}

int
main (void)
{
    return suite_run ("format/multipart", add_tests);
}

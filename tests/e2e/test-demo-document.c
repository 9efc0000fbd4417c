/* SPDX-License-Identifier: MIT
 *
 * h3d demo: documents, links, what base64 means. */

#include "tests/support/demo-fixture.h"
#include "tests/support/suite.h"

#include <jansson.h>
#include <string.h>

#define HTML "text/html; charset=utf-8"

START_TEST (each_document_has_its_type_and_text)
{
    static const char *const documents[][3] = {
        { "/html", HTML, "<h1>The night ferry</h1>" },
        { "/xml", "application/xml", "<slideshow title=" },
        { "/json", "application/json", "\"slideshow\"" },
        { "/robots.txt", "text/plain", "User-agent: *\nDisallow: /deny\n" },
        { "/deny", "text/plain", "robots.txt asked" },
        { "/encoding/utf8", HTML, "Το τσάι είναι ζεστό." },
        { "/forms/post", HTML, "<form method=\"post\" action=\"/post\">" },
    };

    demo_fixture_start ();
    for (guint i = 0; i < G_N_ELEMENTS (documents); i++) {
        g_autofree char *line = g_strconcat ("GET ", documents[i][0], NULL);
        g_autoptr (RawAnswer) answer = demo_fixture_ask (line, "");

        ck_assert_uint_eq (answer->status, 200);
        raw_answer_expect_header (answer, "Content-Type", documents[i][1]);
        ck_assert_ptr_nonnull (strstr (answer->body->str, documents[i][2]));
        ck_assert (g_utf8_validate_len (answer->body->str, answer->body->len, NULL));
    }
    demo_fixture_end ();
}
END_TEST

START_TEST (slides_have_the_shape_that_clients_expect)
{
    g_autoptr (RawAnswer) answer = NULL;
    json_t *document;
    const char *author, *date, *title, *first, *type, *item;
    int matched;

    demo_fixture_start ();
    answer = demo_fixture_ask ("GET /json", "");
    document = json_loadb (answer->body->str, answer->body->len, 0, NULL);
    ck_assert_ptr_nonnull (document);
    matched = json_unpack (document, "{s:{s:s, s:s, s:s, s:[{s:s, s:s}, {s:[s,s], s:s, s:s}]}}",
                           "slideshow", "author", &author, "date", &date, "title", &title, "slides",
                           "title", &first, "type", &type, "items", &item, &item, "title", &first,
                           "type", &type);
    ck_assert_int_eq (matched, 0);
    json_decref (document);
    demo_fixture_end ();
}
END_TEST

START_TEST (uuids_are_random)
{
    static const char pattern[] =
        "^\\{\n  \"uuid\": "
        "\"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\"\n\\}\n$";
    g_autoptr (RawAnswer) first = NULL;
    g_autoptr (RawAnswer) second = NULL;

    demo_fixture_start ();
    first = demo_fixture_ask ("GET /uuid", "");
    second = demo_fixture_ask ("GET /uuid", "");
    ck_assert (g_regex_match_simple (pattern, first->body->str, 0, 0));
    ck_assert (g_regex_match_simple (pattern, second->body->str, 0, 0));
    ck_assert_str_ne (first->body->str, second->body->str);
    demo_fixture_end ();
}
END_TEST

START_TEST (base64_is_decoded_in_both_alphabets)
{
    static const char *const cases[][2] = {
        { "SGVsbG8h", "Hello!" },
        { "SGk=", "Hi" },
        { "SGk", "Hi" },
        { "SA==", "H" },
        { "SA", "H" },
        { "w7_DvsO-", "\xc3\xbf\xc3\xbe\xc3\xbe" },
        { "w7%2FDvsO%2B", "\xc3\xbf\xc3\xbe\xc3\xbe" },
        { "PGI-", "<b>" },
    };

    demo_fixture_start ();
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *line = g_strconcat ("GET /base64/", cases[i][0], NULL);
        g_autoptr (RawAnswer) answer = demo_fixture_ask (line, "");

        ck_assert_msg (answer->status == 200, "%u to %s", answer->status, line);
        ck_assert_str_eq (answer->body->str, cases[i][1]);
        raw_answer_expect_header (answer, "Content-Type", "text/plain; charset=utf-8");
    }
    demo_fixture_end ();
}
END_TEST

START_TEST (base64_that_is_none_is_told_in_a_400)
{
    static const char *const cases[][2] = {
        { "S", "no base64" },      { "SGVsb", "no base64" }, { "SGk==", "no base64" },
        { "SA=", "no base64" },    { "SA===", "no base64" }, { "S=Gk", "no base64" },
        { "SG%20k", "no base64" }, { "=", "no base64" },     { "SG.k", "no base64" },
        { "_w==", "no text" },
    };

    demo_fixture_start ();
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *line = g_strconcat ("GET /base64/", cases[i][0], NULL);

        demo_fixture_expect (line, 400, cases[i][1]);
    }
    demo_fixture_end ();
}
END_TEST

static guint
count (const char *text, const char *part)
{
    guint n = 0;

    for (const char *p = strstr (text, part); p != NULL; p = strstr (p + 1, part))
        n++;
    return n;
}

START_TEST (pages_link_to_all_but_themselves)
{
    static const struct {
        const char *line;
        guint links;
    } cases[] = {
        { "GET /links/3/1", 2 },     { "GET /links/3/7", 3 },     { "GET /links/0/0", 0 },
        { "GET /links/200/0", 199 }, { "GET /links/999/0", 199 },
    };

    demo_fixture_start ();
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (RawAnswer) answer = demo_fixture_ask (cases[i].line, "");

        ck_assert_uint_eq (answer->status, 200);
        ck_assert_uint_eq (count (answer->body->str, "<a href=\"/links/"), cases[i].links);
        raw_answer_expect_header (answer, "Content-Type", HTML);
    }
    demo_fixture_expect ("GET /links/3/1", 200, "<a href=\"/links/3/0\">0</a>\n1\n<a href");
    demo_fixture_expect_location ("GET /links/3", 302, "/links/3/0");
    demo_fixture_expect ("GET /links/x", 400, "n is a number");
    demo_fixture_expect ("GET /links/3/x", 400, "offset is a number");
    demo_fixture_end ();
}
END_TEST

/* Both say where the request went: a client of a proxy names the whole of it. */
START_TEST (url_is_that_of_the_request)
{
    demo_fixture_start ();
    demo_fixture_expect ("GET /get?a=%41", 200, "\"url\": \"http://h.example/get?a=%41\"");
    demo_fixture_expect ("GET http://h.example/get?b", 200, "\"url\": \"http://h.example/get?b\"");
    demo_fixture_end ();
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "documents", each_document_has_its_type_and_text,
                    slides_have_the_shape_that_clients_expect, uuids_are_random,
                    url_is_that_of_the_request, NULL);
    suite_add_case (suite, "base64", base64_is_decoded_in_both_alphabets,
                    base64_that_is_none_is_told_in_a_400, NULL);
    suite_add_case (suite, "links", pages_link_to_all_but_themselves, NULL);
}

int
main (void)
{
    return suite_run ("e2e/demo-document", add_cases);
}

/* SPDX-License-Identifier: MIT
 *
 * Where values may go in a template, and what becomes of hostile ones there. */

#include "tests/support/suite.h"

#include <h3/base/error.h>
#include <h3/format/json.h>
#include <h3/format/template.h>

/* A template, and where and why it is refused. */
static const char *const refused[][2] = {
    { "<script>{{x}}</script>",
      "line 1, column 9: no value can be made safe in a script, a style or the like" },
    { "<SCRIPT src='a'>\nvar a = '{{x}}'</SCRIPT>",
      "line 2, column 10: no value can be made safe in a script, a style or the like" },
    { "<style>{{x}}</style>",
      "line 1, column 8: no value can be made safe in a script, a style or the like" },
    { "<iframe>{{x}}</iframe>",
      "line 1, column 9: no value can be made safe in a script, a style or the like" },
    { "<script></scrip>{{x}}</script>",
      "line 1, column 17: no value can be made safe in a script, a style or the like" },
    { "<script><!--</script>", "line 1, column 12: a comment in a script may hide its end" },
    { "<script>a{{json x}}</script>",
      "line 1, column 10: a script element with JSON in it has nothing else" },
    { "<script>{{json x}};</script>",
      "line 1, column 19: a script element with JSON in it has nothing else" },
    { "<script>'{{json x}}'</script>",
      "line 1, column 10: a script element with JSON in it has nothing else" },
    { "<script>{{json x}}{{json x}}</script>",
      "line 1, column 19: a script element with JSON in it has nothing else" },
    { "<p>{{json x}}", "line 1, column 4: JSON can be inserted into a script element only" },
    { "<style>{{json x}}</style>",
      "line 1, column 8: JSON can be inserted into a script element only" },
    { "<!-- {{x}} -->", "line 1, column 6: a value cannot stand in a comment or document type" },
    { "<!-- --!> {{#if x}}<!--{{/if}}",
      "line 1, column 24: a block can neither begin nor end here" },
    { "<!DOCTYPE {{x}}>", "line 1, column 11: a value cannot stand in a comment or document type" },
    { "<?php {{x}} ?>", "line 1, column 7: a value cannot stand in a comment or document type" },
    { "<{{x}}>", "line 1, column 2: a value cannot stand in a tag's name" },
    { "</{{x}}>", "line 1, column 3: a value cannot stand in a tag's name" },
    { "<h{{x}}>", "line 1, column 3: a value cannot stand in a tag's name" },
    { "<p {{x}}>", "line 1, column 4: a value cannot stand in an attribute's name" },
    { "<p data-{{x}}='1'>", "line 1, column 9: a value cannot stand in an attribute's name" },
    { "<p id={{x}}>", "line 1, column 7: an attribute with a value in it needs quotes" },
    { "<p id=a{{x}}>", "line 1, column 8: an attribute with a value in it needs quotes" },
    { "<p id='a'{{x}}>", "line 1, column 10: a value cannot stand in an attribute's name" },
    { "<p onclick='{{x}}'>", "line 1, column 13: no value can be made safe in this attribute" },
    { "<p OnClick = \"a({{x}})\">",
      "line 1, column 17: no value can be made safe in this attribute" },
    { "<p style='{{x}}'>", "line 1, column 11: no value can be made safe in this attribute" },
    { "<iframe srcdoc='{{x}}'></iframe>",
      "line 1, column 17: no value can be made safe in this attribute" },
    { "<img srcset='/{{x}}'>", "line 1, column 15: no value can be made safe in this attribute" },
    { "<set attributeName='href' to='{{x}}'>",
      "line 1, column 31: no value can be made safe in this attribute" },
    { "<meta http-equiv='{{x}}'>",
      "line 1, column 19: no value can be made safe in this attribute" },
    { "<meta http-equiv='refresh' content='{{x}}'>",
      "line 1, column 43: a value cannot be the content of a meta with http-equiv" },
    { "<meta content='{{x}}' http-equiv=refresh>",
      "line 1, column 41: a value cannot be the content of a meta with http-equiv" },
    { "<a href='javascript:{{x}}'>",
      "line 1, column 21: no value can be inserted into a URL that may run scripts" },
    { "<a href='java{{x}}'>", "line 1, column 14: a value cannot go on with a URL whose scheme is "
                              "open: a slash must stand before it" },
    { "<a href='{{x}}{{x}}'>", "line 1, column 15: a value cannot go on with a URL whose scheme is "
                               "open: a slash must stand before it" },
    { "<a href='{{x}}:{{x}}'>",
      "line 1, column 16: no value can be inserted into a URL that may run scripts" },
    { "<a href=' {{x}}'>",
      "line 1, column 11: no value can be inserted into a URL that may run scripts" },
    { "<a href='java&#115;cript:{{x}}'>",
      "line 1, column 26: no value can be inserted into a URL that may run scripts" },
    { "<a href='java\tscript:/{{x}}'>",
      "line 1, column 23: no value can be inserted into a URL that may run scripts" },
    { "<a href='data:text/html,{{x}}'>",
      "line 1, column 25: no value can be inserted into a URL that may run scripts" },
    { "<a href='{{#if x}}http{{else}}javascript{{/if}}:{{x}}'>",
      "line 1, column 41: the ways through this block end in different places of a tag, an "
      "attribute or a URL" },
    { "<script src='{{x}}'></script>", "line 1, column 14: a value cannot choose where code is "
                                       "loaded from: a path must stand before it" },
    { "<script src='/{{x}}'></script>", "line 1, column 15: a value cannot choose where code is "
                                        "loaded from: a path must stand before it" },
    { "<script src='//a.example{{x}}'></script>",
      "line 1, column 25: a value cannot choose where code is loaded from: a path must stand "
      "before it" },
    { "<script src='https://a{{x}}/'></script>",
      "line 1, column 23: a value cannot choose where code is loaded from: a path must stand "
      "before it" },
    { "<base href='{{x}}'>", "line 1, column 13: a value cannot choose where code is loaded from: "
                             "a path must stand before it" },
    { "<script xlink:href='{{x}}'></script>", "line 1, column 21: a value cannot choose where code "
                                              "is loaded from: a path must stand before it" },
    { "<title><b>{{x}}</b></title>", "line 1, column 9: there are no tags in a title or textarea" },
    { "<title></titl{{x}}>", "line 1, column 14: a value cannot stand in a tag's name" },
    { "<plaintext>{{x}}", "line 1, column 11: behind <plaintext> nothing is HTML any more" },
    { "<p id='a'class='b'>", "line 1, column 10: a blank must stand between attributes" },
    { "<p ='a'>", "line 1, column 4: an attribute's name must stand here" },
    { "<p id=>", "line 1, column 7: an attribute's value is missing" },
    { "<p a\"b>", "line 1, column 5: this cannot stand in an attribute's name" },
    { "<p {{#if x}}on{{/if}}click='{{x}}'>",
      "line 1, column 22: a blank must stand between attributes" },
    { "<a href {{#if x}}{{/if}}='{{x}}'>",
      "line 1, column 25: an attribute's name must stand here" },
    { "{{#if x}}<p id='{{else}}<p {{/if}}", "line 1, column 28: the ways through this block end in "
                                            "different places of a tag, an attribute or a URL" },
    { "{{#if x}}<p {{/if}}>", "line 1, column 13: the ways through this block end in different "
                              "places of a tag, an attribute or a URL" },
    { "{{#if x}}<script>{{/if}}", "line 1, column 18: a block can neither begin nor end here" },
    { "<a href='{{#if x}}/a{{/if}}{{x}}'>", "line 1, column 21: the ways through this block end in "
                                            "different places of a tag, an attribute or a URL" },
    { "<p title='{{#each x}}'{{/each}}>", "line 1, column 23: the ways through this block end in "
                                          "different places of a tag, an attribute or a URL" },
    { "<a href='{{#each x}}{{this}}{{/each}}'>",
      "line 1, column 29: the ways through this block end in different places of a tag, an "
      "attribute or a URL" },
    { "<p {{> x}}>", "line 1, column 4: a template can be included between tags only" },
    { "<p title='{{unsafe-html x}}'>",
      "line 1, column 11: unsafe-html can stand between tags only" },
    { "<title>{{unsafe-html x}}</title>",
      "line 1, column 8: unsafe-html can stand between tags only" },
    { "{{{x}}}", "line 1, column 1: what is not to be escaped is {{unsafe-html PATH}}" },
    { "<p", "line 1, column 3: it ends within a tag, a comment or an element's text" },
    { "<title>x", "line 1, column 9: it ends within a tag, a comment or an element's text" },
    { "<!-- --", "line 1, column 8: it ends within a tag, a comment or an element's text" },
    { "ä\n é{{", "line 2, column 3: these braces are not closed" },
    { "{{x", "line 1, column 1: these braces are not closed" },
    { "{{ }}", "line 1, column 1: there is nothing between the braces" },
    { "{{a..b}}", "line 1, column 1: a path is names and numbers: a.b[0].c" },
    { "{{a b}}", "line 1, column 1: a path is names and numbers: a.b[0].c" },
    { "{{a[x]}}", "line 1, column 1: a path is names and numbers: a.b[0].c" },
    { "{{a[}}", "line 1, column 1: a path is names and numbers: a.b[0].c" },
    { "{{@other}}", "line 1, column 1: a path is names and numbers: a.b[0].c" },
    { "{{@index.a}}", "line 1, column 1: a path is names and numbers: a.b[0].c" },
    { "{{#if}}{{/if}}", "line 1, column 1: a path is names and numbers: a.b[0].c" },
    { "{{#if x}}", "line 1, column 10: a block is not closed" },
    { "{{/if}}", "line 1, column 1: there is no such block open" },
    { "{{#if x}}{{/each}}", "line 1, column 10: there is no such block open" },
    { "{{else}}", "line 1, column 1: there is no block that this is the else of" },
    { "{{#if x}}{{else}}{{else}}{{/if}}",
      "line 1, column 18: there is no block that this is the else of" },
    { "{{#each x as}}{{/each}}",
      "line 1, column 1: it is {{#each PATH}} or {{#each PATH as NAME}}" },
    { "{{#each x of y}}{{/each}}",
      "line 1, column 1: it is {{#each PATH}} or {{#each PATH as NAME}}" },
    { "{{> }}", "line 1, column 1: the name of a template is missing" },
    { "{{> a b}}", "line 1, column 1: a template's name is letters, digits, . _ - and /" },
    { "\xff", "line 1, column 1: it is not UTF-8" },
};

START_TEST (what_cannot_be_made_safe_is_refused)
{
    for (guint i = 0; i < G_N_ELEMENTS (refused); i++) {
        g_autoptr (H3Templates) templates = h3_templates_new ();
        g_autoptr (GError) error = NULL;
        g_autofree char *expected = g_strconcat ("t: ", refused[i][1], NULL);

        ck_assert_msg (!h3_templates_add (templates, "t", refused[i][0], &error), "%s",
                       refused[i][0]);
        ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_SYNTAX));
        ck_assert_msg (strcmp (error->message, expected) == 0, "%s\nto %s\nnot %s", error->message,
                       refused[i][0], expected);
    }
}
END_TEST

/* A template, its value x, and what becomes of them. */
static const char *const escaped[][3] = {
    { "{{x}}", "<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;" },
    { "<title>{{x}}</title>", "</title><b>", "<title>&lt;/title&gt;&lt;b&gt;</title>" },
    { "<textarea>a < b {{x}}</textarea>", "</textarea>",
      "<textarea>a < b &lt;/textarea&gt;</textarea>" },
    { "<p title=\"{{x}}\">", "\" onclick=\"a()", "<p title=\"&#34; onclick=&#34;a()\">" },
    { "<p title = '{{x}}' id=b>", "' onclick='a()", "<p title = '&#39; onclick=&#39;a()' id=b>" },
    { "<a href='{{x}}'>", "javascript:alert(1)", "<a href='about:invalid#h3'>" },
    { "<a href='{{x}}'>", "JaVaScRiPt:alert(1)", "<a href='about:invalid#h3'>" },
    { "<a href='{{x}}'>", "java\tscript:alert(1)", "<a href='about:invalid#h3'>" },
    { "<a href='{{x}}'>", " javascript:alert(1)", "<a href='about:invalid#h3'>" },
    { "<a href='{{x}}'>", "\x01javascript:alert(1)", "<a href='about:invalid#h3'>" },
    { "<a href='{{x}}'>", "data:text/html,<script>", "<a href='about:invalid#h3'>" },
    { "<a href='{{x}}'>", "vbscript:a", "<a href='about:invalid#h3'>" },
    { "<a href='{{x}}'>", "javascript&colon;a", "<a href='javascript&amp;colon;a'>" },
    { "<a href='{{x}}'>", "https://a.example/?b=c&d=%20e#f g'",
      "<a href='https://a.example/?b=c&amp;d=%20e#f%20g%27'>" },
    { "<a href='{{x}}'>", "HTTP://a", "<a href='HTTP://a'>" },
    { "<a href='{{x}}'>", "mailto:a@b", "<a href='mailto:a@b'>" },
    { "<a href='{{x}}'>", "/a:b", "<a href='/a:b'>" },
    { "<a href='{{x}}'>", "?a:b", "<a href='?a:b'>" },
    { "<a href='{{x}}'>", "", "<a href=''>" },
    { "<a href='{{x}}/b'>", "javascript:a", "<a href='about:invalid#h3/b'>" },
    { "<form ACTION=\"{{x}}\">", "javascript:a", "<form ACTION=\"about:invalid#h3\">" },
    { "<button formaction=\"{{x}}\">", "javascript:a", "<button formaction=\"about:invalid#h3\">" },
    { "<img src='{{x}}' alt=''>", "javascript:a", "<img src='about:invalid#h3' alt=''>" },
    { "<a xlink:href='{{x}}'>", "javascript:a", "<a xlink:href='about:invalid#h3'>" },
    { "<a href='/users/{{x}}/edit'>", "ä/../'\"<>\\ ",
      "<a href='/users/%C3%A4/../%27%22%3C%3E%5C%20/edit'>" },
    { "<a href='?q={{x}}&amp;r={{x}}'>", "a&b=c d+/#",
      "<a href='?q=a%26b%3Dc%20d%2B%2F%23&amp;r=a%26b%3Dc%20d%2B%2F%23'>" },
    { "<a href='#{{x}}'>", "a b", "<a href='#a%20b'>" },
    { "<a href='https://{{x}}/'>", "a.example", "<a href='https://a.example/'>" },
    { "<a href='https:{{x}}'>", "//a.example", "<a href='https://a.example'>" },
    { "<a href='/{{x}}'>", "/a.example", "<a href='//a.example'>" },
    { "<a href='./{{x}}'>", "javascript:a", "<a href='./javascript:a'>" },
    { "<a href='a_b:{{x}}'>", "c", "<a href='a_b:c'>" },
    { "<a href='mailto:{{x}}'>", "a@b?c", "<a href='mailto:a@b?c'>" },
    { "<script src='/static/{{x}}.js'></script>", "../\\x",
      "<script src='/static/../%5Cx.js'></script>" },
    { "<link href='https://cdn.example/{{x}}'>", "a", "<link href='https://cdn.example/a'>" },
    { "<meta name='description' content='{{x}}'>", "'",
      "<meta name='description' content='&#39;'>" },
    { "<li{{#if x}} class='{{x}}'{{/if}}>", "'", "<li class='&#39;'>" },
    { "<option {{#if x}}selected{{/if}}>", "1", "<option selected>" },
    { "<option {{#if x}}selected{{else}}id='a'{{/if}} value='{{x}}'>", "1",
      "<option selected value='1'>" },
    { "<a href='/{{#if x}}a?{{else}}b?{{/if}}c={{x}}'>", "&", "<a href='/a?c=%26'>" },
    { "<p class='a {{#each x}}{{else}}none{{/each}}'>", "", "<p class='a none'>" },
    { "<!-- <p {{! x }} --><br/>{{x}}<!--->{{x}}<!-->{{x}}", "<",
      "<!-- <p  --><br/>&lt;<!--->&lt;<!-->&lt;" },
    { "a < b <> </> <3 {{x}}", "<", "a < b <> </> <3 &lt;" },
    { "<script>if (a < b) '</x>';</script >{{x}}", "<",
      "<script>if (a < b) '</x>';</script >&lt;" },
    { "<style>a > b { }</STYLE>{{x}}", "<", "<style>a > b { }</STYLE>&lt;" },
    { "<script>{{json x}}</script>", "</script><!--\xe2\x80\xa8",
      "<script>\"\\u003c/script\\u003e\\u003c!--\xe2\x80\xa8\"</script>" },
};

START_TEST (a_hostile_value_stays_a_value)
{
    for (guint i = 0; i < G_N_ELEMENTS (escaped); i++) {
        g_autoptr (H3Templates) templates = h3_templates_new ();
        g_autoptr (GString) out = g_string_new (NULL);
        g_autoptr (GError) error = NULL;
        g_autoptr (json_t) document = json_pack ("{s:s}", "x", escaped[i][1]);
        H3TemplateData data = { .document = document };

        ck_assert_msg (h3_templates_add (templates, "t", escaped[i][0], &error), "%s: %s",
                       escaped[i][0], error != NULL ? error->message : "");
        ck_assert (h3_templates_render (templates, "t", &data, out, NULL));
        ck_assert_str_eq (out->str, escaped[i][2]);
    }
}
END_TEST

START_TEST (a_nul_is_what_browsers_read_it_as)
{
    g_autoptr (H3Templates) templates = h3_templates_new ();
    g_autoptr (GString) out = g_string_new (NULL);
    g_autoptr (json_t) document = json_object ();
    H3TemplateData data = { .document = document };

    json_object_set_new (document, "x", json_stringn ("a\0b", 3));
    ck_assert (h3_templates_add (templates, "t", "{{x}}<a href='{{x}}'>", NULL));
    ck_assert (h3_templates_render (templates, "t", &data, out, NULL));
    ck_assert_str_eq (out->str, "a\xef\xbf\xbd"
                                "b<a href='a%00b'>");
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "places", what_cannot_be_made_safe_is_refused,
                    a_hostile_value_stays_a_value, a_nul_is_what_browsers_read_it_as, NULL);
}

int
main (void)
{
    return suite_run ("format/template-place", add_tests);
}

/* SPDX-License-Identifier: MIT
 *
 * What templates make of data. */

#include "tests/support/suite.h"

#include <h3/base/error.h>
#include <h3/format/json.h>
#include <h3/format/template.h>

#include <glib/gstdio.h>

static const char document[] =
    "{\"name\":\"<Ada> & 'co' \\\"x\\\"\",\"empty\":\"\",\"zero\":0,\"n\":42,\"real\":0.5,"
    "\"yes\":true,\"no\":false,\"null\":null,\"list\":[1,\"two\",{\"a\":[10,20]}],\"none\":[],"
    "\"object\":{\"k1\":\"v1\",\"k2\":\"v2\"},\"nothing\":{},"
    "\"people\":[{\"name\":\"A\",\"tags\":[\"x\",\"y\"]},{\"name\":\"B\",\"tags\":[]}],"
    "\"tree\":{\"v\":1,\"below\":[{\"v\":2,\"below\":[{\"v\":3}]},{\"v\":4}]}}";

static H3Templates *templates;
static H3TemplateData data;

static void
set_up (void)
{
    templates = h3_templates_new ();
    data = (H3TemplateData){ .document = h3_json_parse (h3_view_of (document), 64, NULL) };
}

static void
tear_down (void)
{
    json_decref (data.document);
    h3_templates_unref (templates);
}

static void
add (const char *name, const char *text)
{
    g_autoptr (GError) error = NULL;

    ck_assert_msg (h3_templates_add (templates, name, text, &error), "%s: %s", text,
                   error != NULL ? error->message : "no error");
}

static void
assert_renders (const char *text, const char *expected)
{
    static guint n;
    g_autofree char *name = g_strdup_printf ("t%u", n++);
    g_autoptr (GString) out = g_string_new (NULL);
    g_autoptr (GError) error = NULL;

    add (name, text);
    ck_assert_msg (h3_templates_render (templates, name, &data, out, &error), "%s: %s", text,
                   error != NULL ? error->message : "no error");
    ck_assert_str_eq (out->str, expected);
}

static void
assert_fails (const char *name, H3Error code, const char *message)
{
    g_autoptr (GString) out = g_string_new ("before");
    g_autoptr (GError) error = NULL;

    ck_assert (!h3_templates_render (templates, name, &data, out, &error));
    ck_assert_msg (g_error_matches (error, H3_ERROR, (int) code), "%s", error->message);
    ck_assert_str_eq (error->message, message);
    ck_assert_str_eq (out->str, "before");
}

static const char *const rendered[][2] = {
    { "", "" },
    { "no construct, { one } brace }}", "no construct, { one } brace }}" },
    { "<p>{{name}}</p>", "<p>&lt;Ada&gt; &amp; &#39;co&#39; &#34;x&#34;</p>" },
    { "{{ n }}|{{\n\tn\n}}|{{real}}|{{yes}}|{{no}}|{{null}}|{{zero}}|{{empty}}",
      "42|42|0.5|true|false||0|" },
    { "{{list[0]}}{{list[1]}}{{list[2].a[1]}}{{object.k1}}{{people[1].name}}", "1two20v1B" },
    { "[{{missing}}{{list[9]}}{{list.x}}{{n.x}}{{object[0]}}{{list}}{{object}}{{@index}}]", "[]" },
    { "a{{! {{ <b> }}b", "ab" },
    { "{{#if yes}}1{{/if}}{{#if no}}2{{/if}}{{#if no}}3{{else}}4{{/if}}", "14" },
    { "{{#if zero}}a{{/if}}{{#if empty}}b{{/if}}{{#if null}}c{{/if}}{{#if none}}d{{/if}}"
      "{{#if nothing}}e{{/if}}{{#if missing}}f{{/if}}{{#if @first}}g{{/if}}",
      "" },
    { "{{#if n}}a{{/if}}{{#if real}}b{{/if}}{{#if name}}c{{/if}}{{#if list}}d{{/if}}"
      "{{#if object}}e{{/if}}",
      "abcde" },
    { "{{#each list}}<{{! }} {{this}},{{/each}}", "< 1,< two,< ," },
    { "{{#each object as v}}{{@index}}{{@key}}={{v}} {{/each}}", "0k1=v1 1k2=v2 " },
    { "{{#each none}}x{{else}}nobody{{/each}}{{#each missing}}x{{else}}nothing{{/each}}"
      "{{#each n}}x{{else}}number{{/each}}",
      "nobodynothingnumber" },
    { "{{#each people as p}}{{p.name}}:{{#each p.tags as t}}{{p.name}}{{t}}"
      "{{#if @last}}.{{else}},{{/if}}{{else}}-{{/each}}{{#if @first}};{{/if}}{{/each}}",
      "A:Ax,Ay.;B:-" },
    { "{{#each people as name}}{{name.name}}{{/each}}{{name}}",
      "AB&lt;Ada&gt; &amp; &#39;co&#39; &#34;x&#34;" },
    { "{{unsafe-html name}}", "<Ada> & 'co' \"x\"" },
    { "<script type=\"application/json\"> {{json people}} </script>",
      "<script type=\"application/json\"> [{\"name\":\"A\",\"tags\":[\"x\",\"y\"]},"
      "{\"name\":\"B\",\"tags\":[]}] </script>" },
    { "<script>{{json name}}</script>{{n}}",
      "<script>\"\\u003cAda\\u003e \\u0026 \\u0027co\\u0027 \\\"x\\\"\"</script>42" },
    { "<script>{{json missing}}</script>", "<script>null</script>" },
};

START_TEST (data_fills_the_places_of_a_template)
{
    for (guint i = 0; i < G_N_ELEMENTS (rendered); i++)
        assert_renders (rendered[i][0], rendered[i][1]);
}
END_TEST

START_TEST (templates_include_one_another)
{
    g_autoptr (GError) error = NULL;

    add ("parts/node", "({{node.v}}{{#each node.below as node}}{{> parts/node}}{{/each}})");
    add ("all", "{{#each people as p}}{{> person}}{{/each}}{{#each object as node}}{{/each}}");
    ck_assert (!h3_templates_check (templates, &error));
    ck_assert_str_eq (error->message, "all: line 1: there is no template 'person'");
    assert_fails ("all", H3_ERROR_NOT_FOUND, "all: line 1: there is no template 'person'");
    add ("person", "<b>{{p.name}}</b>");
    ck_assert (h3_templates_check (templates, NULL));
    assert_renders ("{{> all}}", "<b>A</b><b>B</b>");
    json_object_set_new (data.document, "node",
                         json_incref (json_object_get (data.document, "tree")));
    assert_renders ("{{> parts/node}}", "(1(2(3))(4))");
}
END_TEST

START_TEST (what_would_never_end_is_cut)
{
    g_autoptr (GString) out = g_string_new (NULL);

    add ("self", "x{{> self}}");
    assert_fails ("self", H3_ERROR_LIMIT, "self: line 1: too many templates include one another");
    add ("text", "123456789");
    add ("empty", "{{#each list}}{{#each list}}{{#each list}}{{/each}}{{/each}}{{/each}}");
    data.max_output = 10; /* a step, and nine bytes */
    ck_assert (h3_templates_render (templates, "text", &data, out, NULL));
    assert_fails ("empty", H3_ERROR_LIMIT, "empty: line 1: list makes the page too long");
    data.max_output = 9;
    assert_fails ("text", H3_ERROR_LIMIT, "text: line 1: makes the page too long");
}
END_TEST

START_TEST (a_strict_page_misses_what_is_missing)
{
    static const char *const missing[][2] = {
        { "a{{people[0].age}}", "people[0].age is not there" },
        { "{{#each missing}}x{{/each}}", "missing is not there" },
        { "<script>{{json missing}}</script>", "missing is not there" },
        { "{{@key}}", "@key is not there" },
    };

    data.flags = H3_TEMPLATE_STRICT;
    for (guint i = 0; i < G_N_ELEMENTS (missing); i++) {
        g_autofree char *name = g_strdup_printf ("m%u", i);
        g_autofree char *message = g_strdup_printf ("m%u: line 1: %s", i, missing[i][1]);

        add (name, missing[i][0]);
        assert_fails (name, H3_ERROR_NOT_FOUND, message);
    }
    add ("list", "\n\n<p>{{list}}");
    assert_fails ("list", H3_ERROR_INVALID, "list: line 3: list is no text");
    assert_renders ("{{#if missing}}x{{/if}}{{null}}", "");
}
END_TEST

static guint n_asked;

static json_t *
look_up (const char *name, gpointer user_data)
{
    n_asked++;
    return strcmp (name, "asked") == 0 ? json_pack ("{s:s}", "for", user_data) : NULL;
}

START_TEST (what_the_document_has_not_is_asked_for_once)
{
    data.lookup = look_up;
    data.user_data = (gpointer) "it<";
    assert_renders ("{{asked.for}}{{n}}{{asked.for}}{{other}}{{#if other}}x{{/if}}{{asked}}",
                    "it&lt;42it&lt;");
    ck_assert_uint_eq (n_asked, 2);
}
END_TEST

static gboolean
keep_piece (const char *bytes, gsize length, gpointer user_data)
{
    GPtrArray *pieces = user_data;

    g_ptr_array_add (pieces, g_strndup (bytes, length));
    return pieces->len < 3;
}

START_TEST (a_page_comes_in_pieces)
{
    g_autoptr (GPtrArray) pieces = g_ptr_array_new_with_free_func (g_free);
    g_autofree char *long_text = g_strnfill (9000, 'x');
    g_autoptr (GError) error = NULL;

    add ("long", long_text);
    add ("page", "{{> long}}{{n}}");
    add ("four", "{{> page}}{{> page}}{{> page}}{{> page}}");
    ck_assert (h3_templates_render_pieces (templates, "page", &data, keep_piece, pieces, NULL));
    ck_assert_uint_eq (pieces->len, 2);
    ck_assert_str_eq (g_ptr_array_index (pieces, 0), long_text);
    ck_assert_str_eq (g_ptr_array_index (pieces, 1), "42");
    ck_assert (!h3_templates_render_pieces (templates, "four", &data, keep_piece, pieces, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_CANCELLED));
    ck_assert_uint_eq (pieces->len, 3);
}
END_TEST

START_TEST (a_page_is_made_of_texts)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *page = NULL;
    g_autofree char *empty = NULL;

    add ("greeting", "<b>{{who}}</b>");
    page = h3_templates_render_text (templates, "greeting", "{\"who\":\"a<b\"}", H3_TEMPLATE_STRICT,
                                     &error);
    ck_assert_str_eq (page, "<b>a&lt;b</b>");
    empty = h3_templates_render_text (templates, "greeting", NULL, H3_TEMPLATE_LENIENT, &error);
    ck_assert_str_eq (empty, "<b></b>");
    ck_assert_ptr_null (
        h3_templates_render_text (templates, "greeting", "{}", H3_TEMPLATE_STRICT, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_NOT_FOUND));
    g_clear_error (&error);
    ck_assert_ptr_null (
        h3_templates_render_text (templates, "greeting", "{", H3_TEMPLATE_LENIENT, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_SYNTAX));
}
END_TEST

START_TEST (a_template_is_added_once_and_from_files)
{
    g_autofree char *path = g_build_filename (g_get_tmp_dir (), "h3-template-XXXXXX", NULL);
    int fd = g_mkstemp (path);
    g_autoptr (GError) missing = NULL;
    g_autoptr (GError) again = NULL;

    ck_assert (fd >= 0 && g_close (fd, NULL));
    ck_assert (g_file_set_contents (path, "<p>{{n}}", -1, NULL));
    ck_assert (h3_templates_add_file (templates, "file", path, NULL));
    assert_renders ("{{> file}}", "<p>42");
    ck_assert_int_eq (g_unlink (path), 0);
    ck_assert (!h3_templates_add_file (templates, "gone", path, &missing));
    ck_assert (g_error_matches (missing, H3_ERROR, H3_ERROR_FAILED));
    ck_assert (!h3_templates_add (templates, "file", "", &again));
    ck_assert (g_error_matches (again, H3_ERROR, H3_ERROR_EXISTS));
    assert_fails ("none", H3_ERROR_NOT_FOUND, "there is no template 'none'");
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *tcase = tcase_create ("templates");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    tcase_add_test (tcase, data_fills_the_places_of_a_template);
    tcase_add_test (tcase, templates_include_one_another);
    tcase_add_test (tcase, what_would_never_end_is_cut);
    tcase_add_test (tcase, a_strict_page_misses_what_is_missing);
    tcase_add_test (tcase, what_the_document_has_not_is_asked_for_once);
    tcase_add_test (tcase, a_page_comes_in_pieces);
    tcase_add_test (tcase, a_page_is_made_of_texts);
    tcase_add_test (tcase, a_template_is_added_once_and_from_files);
    tcase_set_timeout (tcase, 60);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("format/template", add_tests);
}

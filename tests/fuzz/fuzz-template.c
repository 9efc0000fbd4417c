/* SPDX-License-Identifier: MIT
 *
 * A value, then a template, a line between them. Whatever the template, a page with that value has
 * the same tags, attributes and scripts as one with a harmless value, and no more URLs that run
 * scripts. */

#include "fuzz.h"
#include "h3/base/error.h"
#include "h3/format/json.h"
#include "h3/format/template.h"
#include "plain-html.h"

static json_t *
look_up (const char *name, gpointer user_data)
{
    const H3View *value = user_data;

    return json_stringn (value->data, value->length);
}

/* (transfer full) (nullable): NULL where the page would be too long. */
static GString *
render (const H3Templates *templates, H3View value)
{
    g_autoptr (json_t) document =
        json_pack ("{s:[s%,s%], s:{s:s%}, s:o}", "y", value.data, value.length, value.data,
                   value.length, "z", "k", value.data, value.length, "none", json_array ());
    H3TemplateData data = {
        .document = document, .lookup = look_up, .user_data = &value, .max_output = 1 << 16
    };
    g_autoptr (GString) out = g_string_new (NULL);
    g_autoptr (GError) error = NULL;

    if (h3_templates_render (templates, "t", &data, out, &error))
        return g_steal_pointer (&out);
    FUZZ_ASSERT (g_error_matches (error, H3_ERROR, H3_ERROR_LIMIT)
                     || g_error_matches (error, H3_ERROR, H3_ERROR_NOT_FOUND),
                 "%s", error->message);
    return NULL;
}

static void
assert_alike (const char *template, const GString *page, const GString *harmless)
{
    gboolean has_json = strstr (template, "json") != NULL;
    guint n_running, n_before;
    g_autoptr (GString) skeleton =
        plain_html_skeleton (h3_view (page->str, page->len), has_json, &n_running);
    g_autoptr (GString) wanted =
        plain_html_skeleton (h3_view (harmless->str, harmless->len), has_json, &n_before);

    FUZZ_ASSERT (g_string_equal (skeleton, wanted), "%s\nbecomes\n%s", wanted->str, skeleton->str);
    FUZZ_ASSERT (n_running <= n_before, "%s\nruns %u URLs, not %u", page->str, n_running, n_before);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    H3View rest = h3_view ((const char *) data, size);
    g_autoptr (H3Templates) templates = h3_templates_new ();
    g_autofree char *template = NULL;
    g_autoptr (GError) error = NULL;
    g_autoptr (GString) page = NULL;
    g_autoptr (GString) harmless = NULL;
    H3View value;

    if (!fuzz_take_line (&rest, &value) || value.length == 0 || rest.data == NULL
        || !g_utf8_validate_len (value.data, value.length, NULL))
        return 0;
    template = g_strndup (rest.data, rest.length);
    if (!h3_templates_add (templates, "t", template, &error)) {
        FUZZ_ASSERT (g_error_matches (error, H3_ERROR, H3_ERROR_SYNTAX), "%s", error->message);
        return 0;
    }
    page = render (templates, value);
    harmless = render (templates, H3_VIEW ("x"));
    if (page != NULL && harmless != NULL && strstr (template, "unsafe-html") == NULL)
        assert_alike (template, page, harmless);
    return 0;
}

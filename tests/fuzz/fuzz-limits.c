/* SPDX-License-Identifier: MIT
 *
 * Limits as text, one "NAME VALUE" a line, given to an app as options of its command line: all that
 * are within their range are taken and show in the server, the first that is not is named. The app
 * has a route that cannot be, so that it never starts. */

#include "fuzz.h"
#include "h3/app/app.h"
#include "h3/base/error.h"

#define MAX_LINES 40

static GString *told;

static void
hear (const char *text)
{
    g_string_append (told, text);
}

static void
answer (H3Event *event, gpointer user_data)
{
}

static const H3LimitInfo *
find_row (const char *name)
{
    guint n;
    const H3LimitInfo *rows = h3_limits_list (&n);

    for (guint i = 0; i < n; i++) {
        if (g_str_equal (rows[i].option, name))
            return &rows[i];
    }
    return NULL;
}

/* GOption takes --GROUP-OPTION too, and what GROUP begins with. */
static gboolean
names_group (const char *name)
{
    const char *dash = strchr (name, '-');

    return dash != NULL
           && (strncmp (name, "limits", (gsize) (dash - name)) == 0
               || strncmp (name, "tls", (gsize) (dash - name)) == 0);
}

/* An option's name, and none that prints and exits or means something else. */
static gboolean
is_usable (const char *name)
{
    static const char *const others[] = { "listen",    "workers",        "trust-proxy",
                                          "processes", "proxy-protocol", NULL };

    return *name != '\0' && strspn (name, "abcdefghijklmnopqrstuvwxyz-") == strlen (name)
           && *name != '-' && !g_str_has_prefix (name, "help") && !names_group (name)
           && !g_strv_contains (others, name);
}

static gboolean
is_in_range (const H3LimitInfo *row, const char *text, gint64 *out_value)
{
    if (*text == '\0' || strspn (text, "0123456789") != strlen (text))
        return FALSE;
    errno = 0;
    *out_value = g_ascii_strtoll (text, NULL, 10);
    return errno == 0 && *out_value >= row->minimum && *out_value <= row->maximum;
}

/* Sets what the plain reading makes of an argument; FALSE for the first that cannot be. */
static gboolean
set_plainly (H3Limits *limits, const char *name, const char *text)
{
    const H3LimitInfo *row = find_row (name);
    gint64 value;

    if (row == NULL || !is_in_range (row, text, &value))
        return FALSE;
    memcpy ((char *) limits + row->offset, &value, sizeof value);
    return TRUE;
}

/* The same by the function for programs; an error changes nothing. */
static void
compare_setter (const char *name, gint64 value)
{
    const H3LimitInfo *row = find_row (name);
    gboolean wanted = row != NULL && value >= row->minimum && value <= row->maximum;
    g_autoptr (GError) error = NULL;
    H3Limits expected, found;

    h3_limits_init (&expected);
    h3_limits_init (&found);
    if (wanted)
        memcpy ((char *) &expected + row->offset, &value, sizeof value);
    FUZZ_ASSERT (h3_limits_set (&found, name, value, &error) == wanted,
                 "%s %" G_GINT64_FORMAT ": %d", name, value, wanted);
    FUZZ_ASSERT (memcmp (&expected, &found, sizeof found) == 0, "%s %" G_GINT64_FORMAT, name,
                 value);
    FUZZ_ASSERT (wanted || strstr (error->message, name) != NULL, "%s", error->message);
}

/* (transfer full): arguments, and the first that cannot be, or NULL. */
static GPtrArray *
read_arguments (H3View rest, H3Limits *limits, char **out_refused)
{
    GPtrArray *arguments = g_ptr_array_new_with_free_func (g_free);
    H3View line;

    *out_refused = NULL;
    g_ptr_array_add (arguments, g_strdup ("fuzz"));
    for (guint n = 0; n < MAX_LINES && fuzz_take_line (&rest, &line); n++) {
        g_autofree char *text = h3_view_dup (line);
        char *value = strchr (text, ' ');

        if (value == NULL)
            continue;
        *value++ = '\0';
        if (!is_usable (text) || !g_str_is_ascii (value))
            continue;
        g_ptr_array_add (arguments, g_strdup_printf ("--%s=%s", text, value));
        compare_setter (text, g_ascii_strtoll (value, NULL, 10));
        if (*out_refused == NULL && !set_plainly (limits, text, value))
            *out_refused = g_strdup (text);
    }
    return arguments;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    g_autoptr (H3App) app = h3_app_new ();
    H3Limits expected = *h3_server_get_limits (h3_app_get_server (app));
    g_autofree char *refused = NULL;
    g_autoptr (GPtrArray) arguments =
        read_arguments (h3_view ((const char *) data, size), &expected, &refused);

    told = g_string_new (NULL);
    (void) g_set_printerr_handler (hear);
    (void) h3_app_get (app, "no pattern", answer, NULL);
    FUZZ_ASSERT (h3_app_run (app, (int) arguments->len, (char **) arguments->pdata) == 1,
                 "it started");
    FUZZ_ASSERT (strstr (told->str, refused != NULL ? refused : "no pattern") != NULL,
                 "'%s' does not name %s", told->str, refused != NULL ? refused : "the pattern");
    if (refused == NULL)
        FUZZ_ASSERT (
            memcmp (&expected, h3_server_get_limits (h3_app_get_server (app)), sizeof expected)
                == 0,
            "a limit has another value");
    g_string_free (told, TRUE);
    return 0;
}

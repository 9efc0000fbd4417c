/* SPDX-License-Identifier: MIT */

#include "plain-path.h"

/* Appends what the byte at `*at` of `raw` stands for; FALSE where it may not stand there. */
static gboolean
append_decoded (GString *text, H3View raw, gsize *at)
{
    guchar c = (guchar) raw.data[(*at)++];
    int high, low, byte;

    if (c != '%') {
        if (c <= 0x20 || c >= 0x7f || strchr ("\"#<>?\\^`{|}", c) != NULL)
            return FALSE;
        g_string_append_c (text, (char) c);
        return TRUE;
    }
    if (raw.length - *at < 2)
        return FALSE;
    high = g_ascii_xdigit_value (raw.data[(*at)++]);
    low = g_ascii_xdigit_value (raw.data[(*at)++]);
    if (high < 0 || low < 0)
        return FALSE;
    byte = high * 16 + low;
    if (byte < 0x20 || byte == 0x7f)
        return FALSE;
    if (byte == '/' || byte == '\\' || byte == '%')
        g_string_append_printf (text, "%%%02X", (guint) byte);
    else
        g_string_append_c (text, (char) byte);
    return TRUE;
}

/* RFC 3986 §5.2.4, on a list. */
static GString *
join_without_dots (char **segments)
{
    g_autoptr (GPtrArray) kept = g_ptr_array_new ();
    GString *path = g_string_new (NULL);

    for (char **at = segments; *at != NULL; at++) {
        gboolean is_up = g_str_equal (*at, ".."), is_last = at[1] == NULL;

        if (is_up && kept->len > 0)
            g_ptr_array_set_size (kept, (gint) kept->len - 1);
        if (is_up || g_str_equal (*at, ".")) {
            if (is_last)
                g_ptr_array_add (kept, (gpointer) "");
        } else if (kept->len > 0 || **at != '\0' || is_last) {
            g_ptr_array_add (kept, *at);
        }
    }
    for (guint i = 0; i < kept->len; i++)
        g_string_append_printf (path, "/%s", (const char *) g_ptr_array_index (kept, i));
    return path;
}

GString *
plain_path_canonicalize (H3View raw)
{
    g_autoptr (GString) decoded = g_string_new (NULL);
    g_auto (GStrv) segments = NULL;
    gsize at = 0;

    if (raw.length == 0 || raw.data[0] != '/')
        return NULL;
    while (at < raw.length) {
        if (!append_decoded (decoded, raw, &at))
            return NULL;
    }
    if (!g_utf8_validate (decoded->str, (gssize) decoded->len, NULL))
        return NULL;
    segments = g_strsplit (decoded->str + 1, "/", -1);
    if (segments[0] == NULL)
        return g_string_new ("/");
    return join_without_dots (segments);
}

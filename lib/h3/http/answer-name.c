/* SPDX-License-Identifier: MIT
 *
 * The name that an answer is saved under: Content-Disposition (RFC 6266). */

#include "answer.h"

#include <h3/http/event-inside.h>

#include <string.h>

/* Marks that have a name read in another order than it is spelt ("cod.exe" shown as "exe.doc"), and
 * controls, line ends among them, stand in no name that a person could mean. */
static gboolean
stands_in_name (gunichar c)
{
    return g_unichar_type (c) != G_UNICODE_CONTROL && c != 0x061c && c != 0x200e && c != 0x200f
           && !(c >= 0x2028 && c <= 0x202e) && !(c >= 0x2066 && c <= 0x2069);
}

/* (transfer full): the last part of what may be a path of any system; "" where it names nothing. */
static GString *
clean_name (const char *name)
{
    GString *clean = g_string_new (NULL);

    for (const char *p = name; *p != '\0'; p = g_utf8_next_char (p)) {
        gunichar c = g_utf8_get_char (p);

        if (c == '/' || c == '\\')
            g_string_truncate (clean, 0);
        else if (stands_in_name (c))
            g_string_append_unichar (clean, c);
    }
    if (strcmp (clean->str, ".") == 0 || strcmp (clean->str, "..") == 0)
        g_string_truncate (clean, 0);
    return clean;
}

/* A quoted string for readers that know no other: what is not plain ASCII becomes '_', and so does
 * '%', which some of them decode. Whether it is the whole name. */
static gboolean
append_fallback (GString *text, const char *name)
{
    gboolean is_whole = TRUE;

    g_string_append (text, "; filename=\"");
    for (const char *p = name; *p != '\0'; p = g_utf8_next_char (p)) {
        guchar c = (guchar) *p;
        gboolean plain = c < 0x80 && c != '"' && c != '%';

        g_string_append_c (text, plain ? (char) c : '_');
        is_whole = is_whole && plain;
    }
    g_string_append_c (text, '"');
    return is_whole;
}

/* ext-value of RFC 8187 §3.2. */
static void
append_extended (GString *text, const char *name)
{
    g_string_append (text, "; filename*=UTF-8''");
    for (const guchar *p = (const guchar *) name; *p != '\0'; p++) {
        if (g_ascii_isalnum (*p) || strchr ("!#$&+-.^_`|~", *p) != NULL)
            g_string_append_c (text, (char) *p);
        else
            g_string_append_printf (text, "%%%02X", *p);
    }
}

static gboolean
set_disposition (H3Event *event, const char *type, const char *name)
{
    g_autoptr (GString) clean = NULL;
    g_autoptr (GString) text = NULL;

    if (name != NULL && !g_utf8_validate (name, -1, NULL))
        return FALSE;
    clean = clean_name (name != NULL ? name : "");
    text = g_string_new (type);
    if (clean->len > 0 && !append_fallback (text, clean->str))
        append_extended (text, clean->str);
    return h3_response_set_header (&event->response, "Content-Disposition", text->str);
}

gboolean
h3_event_set_attachment (H3Event *event, const char *name)
{
    g_return_val_if_fail (event != NULL, FALSE);
    return set_disposition (event, "attachment", name);
}

gboolean
h3_event_set_inline (H3Event *event, const char *name)
{
    g_return_val_if_fail (event != NULL, FALSE);
    return set_disposition (event, "inline", name);
}

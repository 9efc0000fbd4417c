/* SPDX-License-Identifier: MIT */

#include "demo.h"

#include "demo-route.h"

#include <string.h>

/* (transfer full) (nullable): what base64 stands for, in the alphabet for URLs or the other, with
 * or without the padding (RFC 4648 §3.2, §5); NULL where it is malformed. */
static guchar *
decode (const char *text, gsize *out_length)
{
    gsize length = strlen (text);
    gsize digits = length;
    g_autofree char *plain = NULL;

    while (digits > 0 && length - digits < 2 && text[digits - 1] == '=')
        digits--;
    if (digits % 4 == 1 || (digits < length && length % 4 != 0))
        return NULL;
    plain = g_strnfill ((digits + 3) / 4 * 4, '=');
    for (gsize i = 0; i < digits; i++) {
        if (!g_ascii_isalnum (text[i]) && strchr ("-_+/", text[i]) == NULL)
            return NULL;
        plain[i] = text[i] == '-' ? '+' : text[i] == '_' ? '/' : text[i];
    }
    return g_base64_decode (plain, out_length);
}

/* As plain text: what comes from a link must not be run as a page of this server. */
static void
show_decoded (H3Event *event, gpointer user_data)
{
    gsize length;
    g_autofree guchar *data = decode (h3_event_get_param (event, "value"), &length);

    if (data == NULL)
        h3_event_fail_status (event, 400, "this is no base64: SGVsbG8h and SGk= are");
    else if (!g_utf8_validate_len ((const char *) data, length, NULL))
        h3_event_fail_status (event, 400, "what this base64 stands for is no text in UTF-8");
    else
        h3_event_send_data (event, "text/plain; charset=utf-8", (const char *) data, length);
}

void
demo_add_base64 (H3App *app)
{
    demo_add (app, "GET", "/base64/:value", show_decoded, NULL, "The text that this base64 means");
}

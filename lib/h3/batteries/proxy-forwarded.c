/* SPDX-License-Identifier: MIT */

#include "proxy-forwarded.h"

#include <h3/base/view-scan.h>

/* 0: it is not closed. */
static gsize
measure_quoted (H3View text)
{
    for (gsize i = 1; i < text.length; i++) {
        if (text.data[i] == '"')
            return i + 1;
        if (text.data[i] == '\\')
            i++;
    }
    return 0;
}

/* token "=" (token / quoted-string) */
static gboolean
take_pair (H3View *rest)
{
    gsize length;

    if (view_take_token (rest).length == 0 || !view_take (rest, '='))
        return FALSE;
    if (rest->length == 0 || *rest->data != '"')
        return view_take_token (rest).length > 0;
    length = measure_quoted (*rest);
    view_skip (rest, length);
    return length > 0;
}

gboolean
proxy_forwarded_is_sound (H3View list)
{
    for (;;) {
        list = h3_view_trim (list);
        if (list.length == 0)
            return TRUE;
        if (list.data[0] != ',' && list.data[0] != ';' && !take_pair (&list))
            return FALSE;
        list = h3_view_trim (list);
        if (list.length == 0)
            return TRUE;
        if (list.data[0] != ',' && list.data[0] != ';')
            return FALSE;
        view_skip (&list, 1);
    }
}

/* A host has no byte that a "\" would have to stand before. */
static void
append_value (GString *out, H3View value)
{
    H3View rest = value;
    gboolean is_token = view_take_token (&rest).length > 0 && rest.length == 0;

    if (!is_token)
        g_string_append_c (out, '"');
    g_string_append_len (out, value.data, (gssize) value.length);
    if (!is_token)
        g_string_append_c (out, '"');
}

void
proxy_forwarded_append (GString *out, const H3Address *peer, H3View host, H3View scheme)
{
    H3Address address = h3_address_unmap (peer);
    char text[H3_ADDRESS_TEXT_SIZE];

    address.scope = 0; /* a zone means nothing to others */
    (void) h3_address_write (&address, text);
    if (address.family == H3_ADDRESS_IPV6)
        g_string_append_printf (out, "for=\"[%s]\"", text);
    else
        g_string_append_printf (out, "for=%s",
                                address.family == H3_ADDRESS_IPV4 ? text : "unknown");
    if (host.length > 0) {
        g_string_append (out, ";host=");
        append_value (out, host);
    }
    g_string_append (out, ";proto=");
    append_value (out, scheme);
}

/* SPDX-License-Identifier: MIT */

#include "authority.h"

#include <arpa/inet.h>

static gboolean
is_host_character (char c)
{
    return g_ascii_isalnum (c) || (c != '\0' && strchr ("-._~!$&'()*+;=", c) != NULL);
}

static gboolean
is_ipv6 (H3View text)
{
    char copy[INET6_ADDRSTRLEN];
    struct in6_addr address;

    if (text.length >= sizeof copy || h3_view_find (text, '\0') >= 0)
        return FALSE;
    memcpy (copy, text.data, text.length);
    copy[text.length] = '\0';
    return inet_pton (AF_INET6, copy, &address) == 1;
}

/* Takes the host off the front of `*rest`, the brackets of an address with it. */
static gboolean
take_host (H3View *rest, H3View *out_host)
{
    gsize used;

    if (h3_view_starts_with (*rest, H3_VIEW ("["))) {
        gssize close = h3_view_find (*rest, ']');

        if (close < 0)
            return FALSE;
        *out_host = h3_view (rest->data + 1, (gsize) close - 1);
        if (!is_ipv6 (*out_host))
            return FALSE;
        used = (gsize) close + 1;
    } else {
        for (used = 0; used < rest->length && is_host_character (rest->data[used]); used++)
            continue;
        if (used == 0 || used > H3_AUTHORITY_MAX_HOST)
            return FALSE;
        *out_host = h3_view (rest->data, used);
    }
    *rest = h3_view (rest->data + used, rest->length - used);
    return TRUE;
}

gboolean
h3_authority_parse (H3View text, H3View *out_host, int *out_port)
{
    guint64 port;
    H3View host;

    if (!take_host (&text, &host))
        return FALSE;
    if (text.length == 0) {
        *out_host = host;
        *out_port = -1;
        return TRUE;
    }
    /* Five digits at most: "0000080" is some other reader's misreading. */
    if (text.data[0] != ':' || text.length > 6
        || !h3_view_parse_uint (h3_view (text.data + 1, text.length - 1), 65535, &port))
        return FALSE;
    *out_host = host;
    *out_port = (int) port;
    return TRUE;
}

gboolean
h3_authority_parse_string (const char *text, char **out_host, int *out_port)
{
    H3View host;

    g_return_val_if_fail (text != NULL, FALSE);
    if (!h3_authority_parse (h3_view_of (text), &host, out_port))
        return FALSE;
    *out_host = h3_view_dup (host);
    return TRUE;
}

/* SPDX-License-Identifier: MIT */

#include "forwarded.h"

#include <h3/base/character.h>
#include <h3/base/error.h>

#define MAX_HOST 261 /* 255 of a name, ":65535" */

struct _H3TrustedProxies {
    gatomicrefcount references;
    GArray *prefixes; /* owned: H3AddressPrefix */
    gboolean unix_peers;
    H3ForwardedFields fields;
};

/* What one proxy wrote; what it did not is NONE and NULL. */
typedef struct {
    H3Address client;
    H3View scheme;
    H3View host;
} Entry;

typedef gboolean (*EntryParser) (H3View text, Entry *out_entry);

/* The static name of a scheme, those of WebSockets being the same connections; else NULL. */
static H3View
find_scheme (H3View text)
{
    if (h3_view_equal_ignore_case (text, H3_VIEW ("https"))
        || h3_view_equal_ignore_case (text, H3_VIEW ("wss")))
        return H3_VIEW ("https");
    if (h3_view_equal_ignore_case (text, H3_VIEW ("http"))
        || h3_view_equal_ignore_case (text, H3_VIEW ("ws")))
        return H3_VIEW ("http");
    return (H3View){ NULL, 0 };
}

/* Letters, digits, "-", "." and "_", or an IPv6 address in brackets; and a port. */
static gboolean
is_host (H3View text)
{
    H3SocketAddress address;
    gsize length = 0;
    guint64 port;

    if (text.length == 0 || text.length > MAX_HOST)
        return FALSE;
    if (*text.data == '[')
        return h3_socket_address_parse (text, 0, &address);
    while (length < text.length
           && (g_ascii_isalnum (text.data[length])
               || (text.data[length] != '\0' && strchr ("-._", text.data[length]) != NULL)))
        length++;
    if (length == 0 || length == text.length)
        return length > 0;
    return text.data[length] == ':'
           && h3_view_parse_uint (h3_view (text.data + length + 1, text.length - length - 1), 65535,
                                  &port);
}

static H3View
find_host (H3View text)
{
    return is_host (text) ? text : (H3View){ NULL, 0 };
}

/* An address with or without a port, IPv6 with or without brackets when it has none. */
static gboolean
parse_client (H3View text, H3Address *out_client)
{
    H3SocketAddress address;

    if (h3_address_parse (text, &address.address) || h3_socket_address_parse (text, 0, &address)) {
        *out_client = h3_address_unmap (&address.address);
        return TRUE;
    }
    return FALSE;
}

/* "_" and letters, digits, ".", "_" and "-" (RFC 7239 §6.3). */
static gboolean
is_obfuscated (H3View text)
{
    if (text.length < 2 || *text.data != '_')
        return FALSE;
    for (gsize i = 1; i < text.length; i++) {
        char c = text.data[i];

        if (!g_ascii_isalnum (c) && c != '.' && c != '_' && c != '-')
            return FALSE;
    }
    return TRUE;
}

/* A node of RFC 7239 §6. FALSE where it is none; "unknown" and "_hidden" are, without address. */
static gboolean
parse_node (H3View text, H3Address *out_client)
{
    gboolean bracketed = text.length > 0 && *text.data == '[';
    gssize colon = bracketed ? -1 : h3_view_find (text, ':');
    H3View name = colon >= 0 ? h3_view (text.data, (gsize) colon) : text;
    gssize hidden_port = (gssize) text.length - 1;

    while (hidden_port > 0 && text.data[hidden_port] != ':' && text.data[hidden_port] != ']')
        hidden_port--;
    if (hidden_port > 0 && text.data[hidden_port] == ':'
        && is_obfuscated (
            h3_view (text.data + hidden_port + 1, text.length - (gsize) hidden_port - 1)))
        text.length = (gsize) hidden_port;
    if (h3_view_equal_ignore_case (name, H3_VIEW ("unknown")) || is_obfuscated (name))
        return TRUE;
    if (!bracketed && name.length < text.length
        && h3_view_find (h3_view (name.data + name.length + 1, text.length - name.length - 1), ':')
               >= 0)
        return FALSE; /* IPv6 stands in brackets here */
    return parse_client (text, out_client);
}

/* Takes a token or a quoted string off the front. One with a "\" has no meaning for us: it is
 * given as the empty view, which is no node, no scheme and no host. */
static gboolean
take_value (H3View *rest, H3View *out_value)
{
    gboolean quoted = rest->length > 0 && *rest->data == '"', escaped = FALSE;
    gsize length = quoted ? 1 : 0;

    while (length < rest->length) {
        char c = rest->data[length];

        if (quoted && c == '\\' && length + 1 < rest->length) {
            escaped = TRUE;
            c = rest->data[++length];
        } else if (quoted && c == '"') {
            break;
        }
        if (!character_is (c, quoted ? CHARACTER_TEXT : CHARACTER_TOKEN))
            break;
        length++;
    }
    if (quoted && (length == rest->length || rest->data[length] != '"'))
        return FALSE;
    *out_value = quoted ? h3_view (rest->data + 1, length - 1) : h3_view (rest->data, length);
    if (quoted)
        length++;
    rest->data += length;
    rest->length -= length;
    if (escaped)
        *out_value = H3_VIEW_EMPTY;
    return length > 0;
}

/* token "=" value; each of ours once at most (RFC 7239 §4). */
static gboolean
take_pair (H3View *rest, H3View values[3])
{
    static const H3View names[3] = { { "for", 3 }, { "proto", 5 }, { "host", 4 } };
    H3View name, value;

    if (rest->length == 0 || *rest->data == '"' || !take_value (rest, &name) || rest->length == 0
        || *rest->data != '=')
        return FALSE;
    rest->data++;
    rest->length--;
    if (!take_value (rest, &value))
        return FALSE;
    for (guint i = 0; i < 3; i++) {
        if (!h3_view_equal_ignore_case (name, names[i]))
            continue;
        if (values[i].data != NULL)
            return FALSE;
        values[i] = value;
    }
    return TRUE;
}

/* An element of Forwarded: pairs between ";" (RFC 7239 §4). */
static gboolean
parse_element (H3View text, Entry *out_entry)
{
    H3View values[3] = { { NULL, 0 }, { NULL, 0 }, { NULL, 0 } };

    while (text.length > 0) {
        if (*text.data != ';' && !take_pair (&text, values))
            return FALSE;
        if (text.length == 0)
            break;
        if (*text.data != ';')
            return FALSE;
        text.data++;
        text.length--;
    }
    if (values[0].data != NULL && !parse_node (values[0], &out_entry->client))
        return FALSE;
    out_entry->scheme = find_scheme (values[1]);
    out_entry->host = find_host (values[2]);
    return TRUE;
}

static gboolean
parse_address_entry (H3View text, Entry *out_entry)
{
    return parse_client (text, &out_entry->client);
}

/* The offset of the quote that opens what the one at `closing` closes, or -1: the one before it
 * that no odd number of "\" escapes. */
static gssize
find_opening_quote (H3View text, gssize closing)
{
    for (gssize at = closing - 1; at >= 0; at--) {
        gssize before = at;

        if (text.data[at] != '"')
            continue;
        while (before > 0 && text.data[before - 1] == '\\')
            before--;
        if ((at - before) % 2 == 0)
            return at;
        at = before;
    }
    return -1;
}

/* Takes the last part off the end of `*rest`, the comma before it with it; commas in quotes do
 * not count. From this end what a trusted proxy appended is read before, and whatever stands, what
 * a client left open. FALSE when all is used up or the part opens no quotes that it closes. */
static gboolean
take_last (H3View *rest, H3View *out_part)
{
    gssize at = (gssize) rest->length - 1;

    if (rest->data == NULL)
        return FALSE;
    for (; at >= 0 && rest->data[at] != ','; at--) {
        if (rest->data[at] == '"' && (at = find_opening_quote (*rest, at)) < 0)
            return FALSE;
    }
    *out_part =
        h3_view_trim (h3_view (rest->data + at + 1, (gsize) ((gssize) rest->length - at - 1)));
    *rest = at >= 0 ? h3_view (rest->data, (gsize) at) : (H3View){ NULL, 0 };
    return TRUE;
}

static void
walk (const H3TrustedProxies *proxies, H3View list, EntryParser parse, H3Forwarded *out)
{
    H3View part;

    for (guint n = 0; n < H3_FORWARDED_MAX && take_last (&list, &part); n++) {
        Entry entry = { 0 };

        if (part.length == 0)
            continue;
        if (!parse (part, &entry))
            return;
        if (entry.scheme.data != NULL)
            out->scheme = entry.scheme;
        if (entry.host.data != NULL)
            out->host = entry.host;
        if (entry.client.family == H3_ADDRESS_NONE)
            return;
        out->client = entry.client;
        if (!h3_trusted_proxies_has (proxies, &entry.client))
            return;
    }
}

static H3View
get_last (H3View list)
{
    H3View part = { NULL, 0 };

    return take_last (&list, &part) ? part : (H3View){ NULL, 0 };
}

H3TrustedProxies *
h3_trusted_proxies_new (void)
{
    H3TrustedProxies *proxies = g_new0 (H3TrustedProxies, 1);

    g_atomic_ref_count_init (&proxies->references);
    proxies->prefixes = g_array_new (FALSE, FALSE, sizeof (H3AddressPrefix));
    proxies->fields = H3_FORWARDED_STANDARD | H3_FORWARDED_X;
    return proxies;
}

H3TrustedProxies *
h3_trusted_proxies_ref (H3TrustedProxies *proxies)
{
    g_return_val_if_fail (proxies != NULL, NULL);
    g_atomic_ref_count_inc (&proxies->references);
    return proxies;
}

void
h3_trusted_proxies_unref (H3TrustedProxies *proxies)
{
    if (proxies == NULL || !g_atomic_ref_count_dec (&proxies->references))
        return;
    g_array_unref (proxies->prefixes);
    g_free (proxies);
}

gboolean
h3_trusted_proxies_add (H3TrustedProxies *proxies, const char *prefix, GError **error)
{
    H3AddressPrefix parsed;

    g_return_val_if_fail (proxies != NULL && prefix != NULL, FALSE);
    if (strcmp (prefix, "unix") == 0) {
        proxies->unix_peers = TRUE;
        return TRUE;
    }
    if (!h3_address_prefix_parse (h3_view_of (prefix), &parsed)) {
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                     "trusted proxy \"%s\" is not an address, a block like 10.0.0.0/8, or unix",
                     prefix);
        return FALSE;
    }
    g_array_append_val (proxies->prefixes, parsed);
    return TRUE;
}

void
h3_trusted_proxies_set_fields (H3TrustedProxies *proxies, H3ForwardedFields fields)
{
    g_return_if_fail (proxies != NULL);
    proxies->fields = fields;
}

H3ForwardedFields
h3_trusted_proxies_get_fields (const H3TrustedProxies *proxies)
{
    g_return_val_if_fail (proxies != NULL, 0);
    return proxies->fields;
}

gboolean
h3_trusted_proxies_has (const H3TrustedProxies *proxies, const H3Address *address)
{
    g_return_val_if_fail (proxies != NULL && address != NULL, FALSE);
    if (address->family == H3_ADDRESS_UNIX)
        return proxies->unix_peers;
    for (guint i = 0; i < proxies->prefixes->len; i++) {
        if (h3_address_prefix_matches (&g_array_index (proxies->prefixes, H3AddressPrefix, i),
                                       address))
            return TRUE;
    }
    return FALSE;
}

gboolean
h3_forwarded_resolve (const H3TrustedProxies *proxies, const H3Address *peer, H3View scheme,
                      H3View host, H3View forwarded, H3View x_forwarded_for,
                      H3View x_forwarded_proto, H3View x_forwarded_host, H3Forwarded *out)
{
    H3Forwarded standard, x;
    H3View told;

    g_return_val_if_fail (peer != NULL && out != NULL, FALSE);
    *out = (H3Forwarded){ h3_address_unmap (peer), scheme, host };
    if (proxies == NULL || !h3_trusted_proxies_has (proxies, peer))
        return TRUE;
    standard = x = *out;
    if ((proxies->fields & H3_FORWARDED_X) != 0) {
        walk (proxies, x_forwarded_for, parse_address_entry, &x);
        told = find_scheme (get_last (x_forwarded_proto));
        if (told.data != NULL)
            x.scheme = told;
        told = find_host (get_last (x_forwarded_host));
        if (told.data != NULL)
            x.host = told;
    }
    if (forwarded.data == NULL || (proxies->fields & H3_FORWARDED_STANDARD) == 0) {
        *out = x;
        return TRUE;
    }
    walk (proxies, forwarded, parse_element, &standard);
    if ((proxies->fields & H3_FORWARDED_X) != 0 && x_forwarded_for.data != NULL
        && !h3_address_equal (&standard.client, &x.client))
        return FALSE;
    *out = standard;
    return TRUE;
}

G_DEFINE_BOXED_TYPE (H3TrustedProxies, h3_trusted_proxies, h3_trusted_proxies_ref,
                     h3_trusted_proxies_unref)

/* SPDX-License-Identifier: MIT */

#include "address.h"

#include <string.h>

#define GROUPS 8

static H3Address *
copy_address (const H3Address *address)
{
    return g_memdup2 (address, sizeof *address);
}

static H3SocketAddress *
copy_socket_address (const H3SocketAddress *address)
{
    return g_memdup2 (address, sizeof *address);
}

static H3AddressPrefix *
copy_prefix (const H3AddressPrefix *prefix)
{
    return g_memdup2 (prefix, sizeof *prefix);
}

G_DEFINE_BOXED_TYPE (H3Address, h3_address, copy_address, g_free)
G_DEFINE_BOXED_TYPE (H3SocketAddress, h3_socket_address, copy_socket_address, g_free)
G_DEFINE_BOXED_TYPE (H3AddressPrefix, h3_address_prefix, copy_prefix, g_free)

/* A decimal number as it is written: no sign, and no zero in front of another digit. */
static gboolean
parse_number (H3View text, guint64 maximum, guint64 *out_value)
{
    if (text.length > 1 && text.data[0] == '0')
        return FALSE;
    return h3_view_parse_uint (text, maximum, out_value);
}

static gboolean
parse_ipv4 (H3View text, guint8 out_bytes[4])
{
    H3View part;
    guint64 octet;
    guint count = 0;

    while (h3_view_split (&text, '.', &part)) {
        if (count == 4 || !parse_number (part, 255, &octet))
            return FALSE;
        out_bytes[count++] = (guint8) octet;
    }
    return count == 4;
}

/* Reads 1 to 4 hexadecimal digits off the front; returns how many, 0 if that is not what stands
 * there. */
static guint
read_group (H3View text, guint16 *out_group)
{
    guint value = 0;
    guint length = 0;

    for (; length < text.length; length++) {
        int digit = g_ascii_xdigit_value (text.data[length]);

        if (digit < 0)
            break;
        if (length == 4)
            return 0;
        value = value * 16 + (guint) digit;
    }
    *out_group = (guint16) value;
    return length;
}

static void
put_group (guint8 bytes[16], guint index, guint16 group)
{
    bytes[2 * index] = (guint8) (group >> 8);
    bytes[2 * index + 1] = (guint8) group;
}

/* Moves the groups behind "::" to the end, zeros into the gap. */
static void
open_gap (guint8 bytes[16], guint gap, guint count)
{
    guint behind = count - gap;
    guint8 tail[16];

    memcpy (tail, bytes + 2 * gap, 2 * behind);
    memset (bytes + 2 * gap, 0, 16 - 2 * gap);
    memcpy (bytes + 16 - 2 * behind, tail, 2 * behind);
}

/* Takes the colon or "::" that stands between two groups. FALSE if neither does, at a second "::",
 * and at a colon that ends the text. */
static gboolean
take_colon (H3View *text, guint count, int *gap)
{
    if (text->data[0] != ':' || text->length == 1)
        return FALSE;
    text->data++;
    text->length--;
    if (text->data[0] != ':')
        return TRUE;
    if (*gap >= 0)
        return FALSE;
    *gap = (int) count;
    text->data++;
    text->length--;
    return TRUE;
}

/* The colon-separated groups of RFC 4291 §2.2: eight of them, or fewer and one "::" for at least
 * one; the last two may be dotted. */
static gboolean
parse_groups (H3View text, guint8 out_bytes[16])
{
    int gap = -1;
    guint count = 0;

    if (h3_view_starts_with (text, H3_VIEW ("::")) && !take_colon (&text, 0, &gap))
        return FALSE;
    while (text.length > 0) {
        guint16 group;
        guint length = read_group (text, &group);

        if (length == 0 || count == GROUPS)
            return FALSE;
        if (length < text.length && text.data[length] == '.') {
            if (count > GROUPS - 2 || !parse_ipv4 (text, out_bytes + 2 * count))
                return FALSE;
            count += 2;
            break;
        }
        put_group (out_bytes, count++, group);
        text = h3_view (text.data + length, text.length - length);
        if (text.length > 0 && !take_colon (&text, count, &gap))
            return FALSE;
    }
    if (gap < 0 ? count != GROUPS : count >= GROUPS)
        return FALSE;
    if (gap >= 0)
        open_gap (out_bytes, (guint) gap, count);
    return TRUE;
}

gboolean
h3_address_parse (H3View text, H3Address *out_address)
{
    H3Address address = { H3_ADDRESS_IPV6 };
    gssize percent;
    guint64 scope = 0;

    g_return_val_if_fail (out_address != NULL, FALSE);
    if (h3_view_find (text, ':') < 0) {
        address.family = H3_ADDRESS_IPV4;
        if (!parse_ipv4 (text, address.bytes))
            return FALSE;
        *out_address = address;
        return TRUE;
    }
    percent = h3_view_find (text, '%');
    if (percent >= 0) {
        H3View zone = h3_view (text.data + percent + 1, text.length - (gsize) percent - 1);

        if (!parse_number (zone, G_MAXUINT32, &scope) || scope == 0)
            return FALSE;
        text.length = (gsize) percent;
    }
    if (!parse_groups (text, address.bytes))
        return FALSE;
    address.scope = (guint32) scope;
    *out_address = address;
    return TRUE;
}

gboolean
h3_socket_address_parse (H3View text, int default_port, H3SocketAddress *out_address)
{
    H3SocketAddress result;
    H3View host = text;
    gssize end;
    guint64 port;

    g_return_val_if_fail (out_address != NULL, FALSE);
    g_return_val_if_fail (default_port <= G_MAXUINT16, FALSE);
    if (text.length > 0 && text.data[0] == '[') {
        end = h3_view_find (text, ']');
        if (end < 0)
            return FALSE;
        host = h3_view (text.data + 1, (gsize) end - 1);
        end++;
    } else {
        end = h3_view_find (text, ':');
        end = end < 0 ? (gssize) text.length : end;
        host.length = (gsize) end;
    }
    if (!h3_address_parse (host, &result.address)
        || (text.data[0] == '[') != (result.address.family == H3_ADDRESS_IPV6))
        return FALSE;
    text = h3_view (text.data + end, text.length - (gsize) end);
    if (text.length == 0 && default_port >= 0)
        port = (guint64) default_port;
    else if (text.length == 0 || text.data[0] != ':'
             || !parse_number (h3_view (text.data + 1, text.length - 1), G_MAXUINT16, &port))
        return FALSE;
    result.port = (guint16) port;
    *out_address = result;
    return TRUE;
}

gboolean
h3_address_prefix_parse (H3View text, H3AddressPrefix *out_prefix)
{
    gssize slash = h3_view_find (text, '/');
    H3View host = slash < 0 ? text : h3_view (text.data, (gsize) slash);
    H3Address address;
    guint64 length;

    g_return_val_if_fail (out_prefix != NULL, FALSE);
    if (!h3_address_parse (host, &address) || address.scope != 0)
        return FALSE;
    length = address.family == H3_ADDRESS_IPV4 ? 32 : 128;
    if (slash >= 0
        && !parse_number (h3_view (text.data + slash + 1, text.length - (gsize) slash - 1), length,
                          &length))
        return FALSE;
    out_prefix->address = h3_address_mask (&address, (guint) length);
    out_prefix->length = (guint) length;
    return TRUE;
}

gboolean
h3_address_parse_string (const char *text, H3Address *out_address)
{
    g_return_val_if_fail (text != NULL, FALSE);
    return h3_address_parse (h3_view_of (text), out_address);
}

gboolean
h3_address_prefix_parse_string (const char *text, H3AddressPrefix *out_prefix)
{
    g_return_val_if_fail (text != NULL, FALSE);
    return h3_address_prefix_parse (h3_view_of (text), out_prefix);
}

gboolean
h3_socket_address_parse_string (const char *text, int default_port, H3SocketAddress *out_address)
{
    g_return_val_if_fail (text != NULL, FALSE);
    return h3_socket_address_parse (h3_view_of (text), default_port, out_address);
}

static char *
write_number (char *out, guint32 number)
{
    char digits[10];
    guint count = 0;

    do {
        digits[count++] = (char) ('0' + number % 10);
        number /= 10;
    } while (number > 0);
    while (count > 0)
        *out++ = digits[--count];
    return out;
}

static char *
write_ipv4 (char *out, const guint8 bytes[4])
{
    for (guint i = 0; i < 4; i++) {
        if (i > 0)
            *out++ = '.';
        out = write_number (out, bytes[i]);
    }
    return out;
}

static guint
get_group (const guint8 bytes[16], guint index)
{
    return (guint) bytes[2 * index] << 8 | bytes[2 * index + 1];
}

/* The longest run of two or more zero groups, the first of those that are equally long. */
static void
find_zeros (const guint8 bytes[16], guint *out_start, guint *out_length)
{
    guint length = 0;

    *out_start = GROUPS;
    *out_length = 1;
    for (guint i = 0; i < GROUPS; i++) {
        length = get_group (bytes, i) == 0 ? length + 1 : 0;
        if (length > *out_length) {
            *out_length = length;
            *out_start = i + 1 - length;
        }
    }
}

static char *
write_group (char *out, guint group)
{
    static const char digits[] = "0123456789abcdef";
    int shift = 12;

    while (shift > 0 && group >> shift == 0)
        shift -= 4;
    for (; shift >= 0; shift -= 4)
        *out++ = digits[group >> shift & 15];
    return out;
}

static char *
write_ipv6 (char *out, const H3Address *address)
{
    guint start, length;

    if (h3_address_is_v4_mapped (address)) {
        memcpy (out, "::ffff:", 7);
        out = write_ipv4 (out + 7, address->bytes + 12);
    } else {
        find_zeros (address->bytes, &start, &length);
        for (guint i = 0; i < GROUPS; i++) {
            if (i == start) {
                *out++ = ':';
                i += length - 1;
                if (i == GROUPS - 1)
                    *out++ = ':';
                continue;
            }
            if (i > 0)
                *out++ = ':';
            out = write_group (out, get_group (address->bytes, i));
        }
    }
    if (address->scope != 0) {
        *out++ = '%';
        out = write_number (out, address->scope);
    }
    return out;
}

static char *
write_address (char *out, const H3Address *address)
{
    switch (address->family) {
    case H3_ADDRESS_IPV4:
        return write_ipv4 (out, address->bytes);
    case H3_ADDRESS_IPV6:
        return write_ipv6 (out, address);
    case H3_ADDRESS_UNIX:
        memcpy (out, "unix", 4);
        return out + 4;
    default:
        return out;
    }
}

gsize
h3_address_write (const H3Address *address, char out[H3_ADDRESS_TEXT_SIZE])
{
    char *end;

    g_return_val_if_fail (address != NULL && out != NULL, 0);
    end = write_address (out, address);
    *end = '\0';
    return (gsize) (end - out);
}

gsize
h3_socket_address_write (const H3SocketAddress *address, char out[H3_ADDRESS_TEXT_SIZE])
{
    gboolean bracketed;
    char *end = out;

    g_return_val_if_fail (address != NULL && out != NULL, 0);
    bracketed = address->address.family == H3_ADDRESS_IPV6;
    if (bracketed)
        *end++ = '[';
    end = write_address (end, &address->address);
    if (bracketed)
        *end++ = ']';
    if (bracketed || address->address.family == H3_ADDRESS_IPV4) {
        *end++ = ':';
        end = write_number (end, address->port);
    }
    *end = '\0';
    return (gsize) (end - out);
}

char *
h3_address_to_string (const H3Address *address)
{
    char text[H3_ADDRESS_TEXT_SIZE] = "";

    h3_address_write (address, text);
    return g_strdup (text);
}

char *
h3_socket_address_to_string (const H3SocketAddress *address)
{
    char text[H3_ADDRESS_TEXT_SIZE] = "";

    h3_socket_address_write (address, text);
    return g_strdup (text);
}

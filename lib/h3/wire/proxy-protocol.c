/* SPDX-License-Identifier: MIT */

#include "proxy-protocol.h"

/* Version 2: the signature, version and command, family and transport, length. */
#define FIXED 16
/* What of them is before the rest, by family. */
#define ADDRESSES_IPV4 12
#define ADDRESSES_IPV6 36
#define ADDRESSES_UNIX 216

#define TYPE_CRC32C 0x03
#define TYPE_SSL    0x20
#define SSL_FIXED   5    /* what the client did, and how it was verified */
#define CLIENT_SSL  0x01 /* … it came by TLS */

static const char signature[] = "\r\n\r\n\0\r\nQUIT\n";
#define SIGNATURE_LENGTH (sizeof signature - 1)

static gboolean
parse_port (H3View text, guint16 *out_port)
{
    guint64 number;

    if (text.length > 1 && text.data[0] == '0')
        return FALSE;
    if (!h3_view_parse_uint (text, G_MAXUINT16, &number))
        return FALSE;
    *out_port = (guint16) number;
    return TRUE;
}

/* Zones are no part of it: they mean something on the proxy only. */
static gboolean
parse_address (H3View text, H3AddressFamily family, H3Address *out_address)
{
    return h3_view_find (text, '%') < 0 && h3_address_parse (text, out_address)
           && out_address->family == family;
}

/* Behind "TCP4 " and "TCP6 ". */
static gboolean
parse_endpoints (H3View text, H3AddressFamily family, ProxyHeader *header)
{
    H3View parts[4];

    for (guint i = 0; i < G_N_ELEMENTS (parts); i++) {
        if (!h3_view_split (&text, ' ', &parts[i]))
            return FALSE;
    }
    header->is_told = TRUE;
    return text.data == NULL && parse_address (parts[0], family, &header->client.address)
           && parse_address (parts[1], family, &header->destination.address)
           && parse_port (parts[2], &header->client.port)
           && parse_port (parts[3], &header->destination.port);
}

/* Without "PROXY " and CR LF. What stands behind UNKNOWN is to be ignored. */
static gboolean
parse_line (H3View line, ProxyHeader *header)
{
    H3View family;

    (void) h3_view_split (&line, ' ', &family);
    if (h3_view_equal (family, H3_VIEW ("UNKNOWN")))
        return TRUE;
    if (h3_view_equal (family, H3_VIEW ("TCP4")))
        return parse_endpoints (line, H3_ADDRESS_IPV4, header);
    if (h3_view_equal (family, H3_VIEW ("TCP6")))
        return parse_endpoints (line, H3_ADDRESS_IPV6, header);
    return FALSE;
}

static ProxyResult
read_line (H3View bytes, ProxyHeader *header, gsize *out_length)
{
    const H3View word = H3_VIEW ("PROXY ");
    gsize end = 0;

    if (memcmp (bytes.data, word.data, MIN (bytes.length, word.length)) != 0)
        return PROXY_REFUSED;
    while (end < bytes.length && bytes.data[end] != '\r' && bytes.data[end] != '\n')
        end++;
    if (end > PROXY_PROTOCOL_MAX_LINE - 2)
        return PROXY_REFUSED;
    if (end == bytes.length || (end + 1 == bytes.length && bytes.data[end] == '\r'))
        return PROXY_NEEDS_MORE;
    if (bytes.data[end] != '\r' || bytes.data[end + 1] != '\n')
        return PROXY_REFUSED;
    *out_length = end + 2;
    return parse_line (h3_view (bytes.data + word.length, end - word.length), header)
               ? PROXY_WHOLE
               : PROXY_REFUSED;
}

static guint
get_byte (H3View bytes, gsize offset)
{
    return (guint8) bytes.data[offset];
}

static guint
get_short (H3View bytes, gsize offset)
{
    return get_byte (bytes, offset) << 8 | get_byte (bytes, offset + 1);
}

/* RFC 3720's, over a whole header in which the sum itself counts as zero. */
static guint32
sum (H3View header, gsize sum_offset)
{
    guint32 remainder = G_MAXUINT32;

    for (gsize i = 0; i < header.length; i++) {
        remainder ^= i - sum_offset < 4 ? 0 : get_byte (header, i);
        for (guint bit = 0; bit < 8; bit++)
            remainder = remainder >> 1 ^ (remainder & 1 ? 0x82f63b78 : 0);
    }
    return ~remainder;
}

/* Whether `rest` is a row of types with their lengths and values, and nothing else. */
static gboolean
take_value (H3View *rest, guint *out_type, H3View *out_value)
{
    gsize length;

    if (rest->length < 3)
        return FALSE;
    length = get_short (*rest, 1);
    if (length > rest->length - 3)
        return FALSE;
    *out_type = get_byte (*rest, 0);
    *out_value = h3_view (rest->data + 3, length);
    *rest = h3_view (rest->data + 3 + length, rest->length - 3 - length);
    return TRUE;
}

static gboolean
are_values (H3View rest)
{
    H3View value;
    guint type;

    while (rest.length > 0) {
        if (!take_value (&rest, &type, &value))
            return FALSE;
    }
    return TRUE;
}

static gboolean
read_values (H3View whole, gsize offset, ProxyHeader *header)
{
    H3View rest = h3_view (whole.data + offset, whole.length - offset);

    while (rest.length > 0) {
        H3View value;
        guint type;

        if (!take_value (&rest, &type, &value))
            return FALSE;
        if (type == TYPE_CRC32C
            && (value.length != 4
                || sum (whole, (gsize) (value.data - whole.data))
                       != ((guint32) get_short (value, 0) << 16 | get_short (value, 2))))
            return FALSE;
        if (type != TYPE_SSL)
            continue;
        if (value.length < SSL_FIXED
            || !are_values (h3_view (value.data + SSL_FIXED, value.length - SSL_FIXED)))
            return FALSE;
        header->is_secure = (get_byte (value, 0) & CLIENT_SSL) != 0;
    }
    return TRUE;
}

static void
set_endpoints (H3View whole, H3AddressFamily family, gsize address_length, ProxyHeader *header)
{
    const char *at = whole.data + FIXED;

    header->is_told = TRUE;
    header->client.address.family = header->destination.address.family = family;
    if (family == H3_ADDRESS_UNIX)
        return;
    memcpy (header->client.address.bytes, at, address_length);
    memcpy (header->destination.address.bytes, at + address_length, address_length);
    header->client.port = (guint16) get_short (whole, FIXED + 2 * address_length);
    header->destination.port = (guint16) get_short (whole, FIXED + 2 * address_length + 2);
}

/* A stream's addresses and what is behind them; datagrams are not for us. */
static gboolean
read_endpoints (H3View whole, ProxyHeader *header)
{
    static const struct {
        guint kind;
        H3AddressFamily family;
        gsize length, address_length;
    } kinds[] = {
        { 0x11, H3_ADDRESS_IPV4, ADDRESSES_IPV4, 4 },
        { 0x21, H3_ADDRESS_IPV6, ADDRESSES_IPV6, 16 },
        { 0x31, H3_ADDRESS_UNIX, ADDRESSES_UNIX, 108 },
    };

    for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
        if (get_byte (whole, 13) != kinds[i].kind)
            continue;
        if (whole.length - FIXED < kinds[i].length)
            return FALSE;
        set_endpoints (whole, kinds[i].family, kinds[i].address_length, header);
        return read_values (whole, FIXED + kinds[i].length, header);
    }
    /* Unspecified: what is behind it has no meaning that could be relied on. */
    return get_byte (whole, 13) == 0;
}

static ProxyResult
read_block (H3View bytes, ProxyHeader *header, gsize *out_length)
{
    guint command;
    gsize length;

    if (memcmp (bytes.data, signature, MIN (bytes.length, SIGNATURE_LENGTH)) != 0)
        return PROXY_REFUSED;
    if (bytes.length <= SIGNATURE_LENGTH)
        return PROXY_NEEDS_MORE;
    command = get_byte (bytes, SIGNATURE_LENGTH);
    if (command != 0x20 && command != 0x21)
        return PROXY_REFUSED;
    if (bytes.length < FIXED)
        return PROXY_NEEDS_MORE;
    length = FIXED + get_short (bytes, 14);
    if (length > PROXY_PROTOCOL_MAX_BLOCK)
        return PROXY_REFUSED;
    if (bytes.length < length)
        return PROXY_NEEDS_MORE;
    *out_length = length;
    /* LOCAL: the proxy looks whether we live; the block is to be thrown away. */
    return command == 0x20 || read_endpoints (h3_view (bytes.data, length), header) ? PROXY_WHOLE
                                                                                    : PROXY_REFUSED;
}

ProxyResult
proxy_protocol_read (H3View bytes, ProxyHeader *out_header, gsize *out_length)
{
    ProxyHeader header = { 0 };
    gsize length = 0;
    ProxyResult result;

    if (bytes.length == 0)
        return PROXY_NEEDS_MORE;
    result = bytes.data[0] == signature[0] ? read_block (bytes, &header, &length)
                                           : read_line (bytes, &header, &length);
    if (result != PROXY_WHOLE)
        return result;
    *out_header = header;
    *out_length = length;
    return PROXY_WHOLE;
}

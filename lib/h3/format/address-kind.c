/* SPDX-License-Identifier: MIT
 *
 * What addresses are, beside their texts: equality, kinds, prefixes, the system's form. */

#include "address.h"

#include <netinet/in.h>
#include <string.h>

#define IPV4_BITS 32
#define IPV6_BITS 128

/* The first 12 bytes of ::ffff:0:0/96 (RFC 4291 §2.5.5.2). */
static const guint8 mapped_prefix[12] = { [10] = 0xff, [11] = 0xff };

/* A block of addresses that are of one kind. */
typedef struct {
    guint8 bytes[4];
    guint8 length; /* bits, at most 32 */
    H3AddressClass kind;
} Block;

static const Block ipv4_blocks[] = {
    { { 0 }, 8, H3_ADDRESS_IS_UNSPECIFIED },
    { { 10 }, 8, H3_ADDRESS_IS_PRIVATE },
    { { 100, 64 }, 10, H3_ADDRESS_IS_PRIVATE },
    { { 127 }, 8, H3_ADDRESS_IS_LOOPBACK },
    { { 169, 254 }, 16, H3_ADDRESS_IS_LINK_LOCAL },
    { { 172, 16 }, 12, H3_ADDRESS_IS_PRIVATE },
    { { 192, 0, 2 }, 24, H3_ADDRESS_IS_DOCUMENTATION },
    { { 192, 168 }, 16, H3_ADDRESS_IS_PRIVATE },
    { { 198, 51, 100 }, 24, H3_ADDRESS_IS_DOCUMENTATION },
    { { 203, 0, 113 }, 24, H3_ADDRESS_IS_DOCUMENTATION },
    { { 224 }, 4, H3_ADDRESS_IS_MULTICAST },
    { { 255, 255, 255, 255 }, 32, H3_ADDRESS_IS_BROADCAST },
};

static const Block ipv6_blocks[] = {
    { { 0x20, 0x01, 0x0d, 0xb8 }, 32, H3_ADDRESS_IS_DOCUMENTATION },
    { { 0x3f, 0xff }, 20, H3_ADDRESS_IS_DOCUMENTATION },
    { { 0xfc }, 7, H3_ADDRESS_IS_UNIQUE_LOCAL },
    { { 0xfe, 0x80 }, 10, H3_ADDRESS_IS_LINK_LOCAL },
    { { 0xff }, 8, H3_ADDRESS_IS_MULTICAST },
};

static guint
count_bits (const H3Address *address)
{
    switch (address->family) {
    case H3_ADDRESS_IPV4:
        return IPV4_BITS;
    case H3_ADDRESS_IPV6:
        return IPV6_BITS;
    default:
        return 0;
    }
}

gboolean
h3_address_equal (const H3Address *a, const H3Address *b)
{
    g_return_val_if_fail (a != NULL && b != NULL, FALSE);
    return a->family == b->family && memcmp (a->bytes, b->bytes, count_bits (a) / 8) == 0
           && (a->family != H3_ADDRESS_IPV6 || a->scope == b->scope);
}

gboolean
h3_address_is_v4_mapped (const H3Address *address)
{
    g_return_val_if_fail (address != NULL, FALSE);
    return address->family == H3_ADDRESS_IPV6
           && memcmp (address->bytes, mapped_prefix, sizeof mapped_prefix) == 0;
}

H3Address
h3_address_unmap (const H3Address *address)
{
    H3Address result = { H3_ADDRESS_NONE };

    g_return_val_if_fail (address != NULL, result);
    if (!h3_address_is_v4_mapped (address))
        return *address;
    result.family = H3_ADDRESS_IPV4;
    memcpy (result.bytes, address->bytes + sizeof mapped_prefix, 4);
    return result;
}

H3Address
h3_address_mask (const H3Address *address, guint length)
{
    H3Address masked = { H3_ADDRESS_NONE };
    guint bytes;

    g_return_val_if_fail (address != NULL, masked);
    masked = *address;
    if (length >= count_bits (address))
        return masked;
    bytes = length / 8;
    masked.bytes[bytes] &= (guint8) (0xff00 >> (length % 8));
    memset (masked.bytes + bytes + 1, 0, sizeof masked.bytes - bytes - 1);
    return masked;
}

static gboolean
bits_equal (const guint8 *a, const guint8 *b, guint length)
{
    guint bytes = length / 8;
    guint rest = length % 8;

    return memcmp (a, b, bytes) == 0 && (rest == 0 || (a[bytes] ^ b[bytes]) >> (8 - rest) == 0);
}

static H3AddressClass
classify_by (const Block *blocks, gsize count, const guint8 *bytes)
{
    for (gsize i = 0; i < count; i++) {
        if (bits_equal (blocks[i].bytes, bytes, blocks[i].length))
            return blocks[i].kind;
    }
    return H3_ADDRESS_IS_GLOBAL;
}

static H3AddressClass
classify_ipv6 (const guint8 bytes[16])
{
    static const guint8 zeros[15];

    if (memcmp (bytes, zeros, sizeof zeros) == 0 && bytes[15] <= 1)
        return bytes[15] == 1 ? H3_ADDRESS_IS_LOOPBACK : H3_ADDRESS_IS_UNSPECIFIED;
    return classify_by (ipv6_blocks, G_N_ELEMENTS (ipv6_blocks), bytes);
}

H3AddressClass
h3_address_classify (const H3Address *address)
{
    H3Address plain;

    g_return_val_if_fail (address != NULL, H3_ADDRESS_IS_UNSPECIFIED);
    plain = h3_address_unmap (address);
    switch (plain.family) {
    case H3_ADDRESS_IPV4:
        return classify_by (ipv4_blocks, G_N_ELEMENTS (ipv4_blocks), plain.bytes);
    case H3_ADDRESS_IPV6:
        return classify_ipv6 (plain.bytes);
    case H3_ADDRESS_UNIX:
        return H3_ADDRESS_IS_LOOPBACK;
    default:
        return H3_ADDRESS_IS_UNSPECIFIED;
    }
}

gboolean
h3_address_prefix_matches (const H3AddressPrefix *prefix, const H3Address *address)
{
    H3AddressPrefix block;
    H3Address plain;

    g_return_val_if_fail (prefix != NULL && address != NULL, FALSE);
    block = *prefix;
    plain = *address;
    if (h3_address_is_v4_mapped (&block.address) && block.length >= IPV6_BITS - IPV4_BITS) {
        block.address = h3_address_unmap (&block.address);
        block.length -= IPV6_BITS - IPV4_BITS;
    }
    if (block.address.family == H3_ADDRESS_IPV4)
        plain = h3_address_unmap (&plain);
    return plain.family == block.address.family && count_bits (&plain) > 0
           && bits_equal (block.address.bytes, plain.bytes,
                          MIN (block.length, count_bits (&plain)));
}

void
h3_socket_address_from_native (const struct sockaddr *native, socklen_t length,
                               H3SocketAddress *out_address)
{
    struct sockaddr_storage copy;
    const struct sockaddr_in *v4 = (const struct sockaddr_in *) &copy;
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *) &copy;

    g_return_if_fail (out_address != NULL);
    *out_address = (H3SocketAddress){ { H3_ADDRESS_NONE } };
    if (native == NULL || length < sizeof native->sa_family)
        return;
    memset (&copy, 0, sizeof copy);
    memcpy (&copy, native, MIN (length, sizeof copy));
    if (copy.ss_family == AF_UNIX) {
        out_address->address.family = H3_ADDRESS_UNIX;
    } else if (copy.ss_family == AF_INET && length >= sizeof *v4) {
        out_address->address.family = H3_ADDRESS_IPV4;
        memcpy (out_address->address.bytes, &v4->sin_addr, 4);
        out_address->port = g_ntohs (v4->sin_port);
    } else if (copy.ss_family == AF_INET6 && length >= sizeof *v6) {
        out_address->address.family = H3_ADDRESS_IPV6;
        memcpy (out_address->address.bytes, &v6->sin6_addr, 16);
        out_address->address.scope = v6->sin6_scope_id;
        out_address->port = g_ntohs (v6->sin6_port);
    }
}

socklen_t
h3_socket_address_to_native (const H3SocketAddress *address, struct sockaddr_storage *out_native)
{
    struct sockaddr_in *v4 = (struct sockaddr_in *) out_native;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *) out_native;

    g_return_val_if_fail (address != NULL && out_native != NULL, 0);
    memset (out_native, 0, sizeof *out_native);
    switch (address->address.family) {
    case H3_ADDRESS_IPV4:
        v4->sin_family = AF_INET;
        v4->sin_port = g_htons (address->port);
        memcpy (&v4->sin_addr, address->address.bytes, 4);
        return sizeof *v4;
    case H3_ADDRESS_IPV6:
        v6->sin6_family = AF_INET6;
        v6->sin6_port = g_htons (address->port);
        memcpy (&v6->sin6_addr, address->address.bytes, 16);
        v6->sin6_scope_id = address->address.scope;
        return sizeof *v6;
    default:
        return 0;
    }
}

/* SPDX-License-Identifier: MIT
 *
 * Internet addresses and socket addresses as values: read strictly and without allocating, written
 * canonically (RFC 5952), classified, matched against prefixes. Any thread. */

#pragma once

#include <h3/base/view.h>

#include <glib.h>
#include <sys/socket.h>

G_BEGIN_DECLS

typedef enum {
    H3_ADDRESS_NONE, /* not known, or a Unix socket */
    H3_ADDRESS_IPV4,
    H3_ADDRESS_IPV6,
    H3_ADDRESS_UNIX,
} H3AddressFamily;

/**
 * H3Address:
 * @family: which of the two; %H3_ADDRESS_NONE and %H3_ADDRESS_UNIX have no bytes
 * @bytes: in network order; the first 4 for IPv4
 * @scope: IPv6 zone index, 0 for none
 *
 * A value: copy it by assignment; zeroed it is %H3_ADDRESS_NONE.
 */
typedef struct {
    H3AddressFamily family;
    guint8 bytes[16];
    guint32 scope;
} H3Address;

/**
 * H3SocketAddress:
 * @address: where
 * @port: in host order; 0 where there is none
 */
typedef struct {
    H3Address address;
    guint16 port;
} H3SocketAddress;

/* A block of addresses: "10.0.0.0/8", "::1", "fd00::/8". */
typedef struct {
    H3Address address;
    guint length; /* bits */
} H3AddressPrefix;

typedef enum {
    H3_ADDRESS_IS_GLOBAL,
    H3_ADDRESS_IS_UNSPECIFIED,
    H3_ADDRESS_IS_LOOPBACK,
    H3_ADDRESS_IS_PRIVATE,      /* RFC 1918; also 100.64/10 (RFC 6598) */
    H3_ADDRESS_IS_LINK_LOCAL,   /* RFC 3927, RFC 4291 */
    H3_ADDRESS_IS_UNIQUE_LOCAL, /* RFC 4193 */
    H3_ADDRESS_IS_MULTICAST,
    H3_ADDRESS_IS_DOCUMENTATION, /* RFC 5737, RFC 3849, RFC 9637 */
    H3_ADDRESS_IS_BROADCAST,
} H3AddressClass;

/* Room for any address or socket address with its NUL. */
#define H3_ADDRESS_TEXT_SIZE 80

/* FALSE, with `*out_address` untouched, on anything but one whole address: leading zeros, 3 or 5
 * octets, two "::", groups of 5 digits, blanks. No zone but a numeric "%n" on IPv6. */
gboolean h3_address_parse (H3View text, H3Address *out_address);

/* "1.2.3.4:80", "[::1]:80"; with `default_port` ≥ 0 the port may be absent. IPv6 always stands in
 * brackets, IPv4 never. FALSE, with `*out_address` untouched, on anything else: no names, no
 * empty port, none with a leading zero or above 65535. */
gboolean h3_socket_address_parse (H3View text, int default_port, H3SocketAddress *out_address);

/* An address, alone or with "/" and a number of bits; the bits beyond are cleared. No zone. */
gboolean h3_address_prefix_parse (H3View text, H3AddressPrefix *out_prefix);

/* The twins for strings. */
gboolean h3_address_parse_string (const char *text, H3Address *out_address);
gboolean h3_socket_address_parse_string (const char *text, int default_port,
                                         H3SocketAddress *out_address);

/* Writes the canonical text (RFC 5952; v4-mapped ones as ::ffff:1.2.3.4) and its NUL into `out`;
 * returns its length without the NUL. %H3_ADDRESS_NONE is "", %H3_ADDRESS_UNIX is "unix". */
gsize h3_address_write (const H3Address *address, char out[H3_ADDRESS_TEXT_SIZE]);
gsize h3_socket_address_write (const H3SocketAddress *address, char out[H3_ADDRESS_TEXT_SIZE]);

/* Returns: (transfer full): the same as a string of its own. */
char *h3_address_to_string (const H3Address *address);
char *h3_socket_address_to_string (const H3SocketAddress *address);

gboolean h3_address_equal (const H3Address *a, const H3Address *b);
/* A v4-mapped address is what the address in it is; a Unix socket is loopback,
 * %H3_ADDRESS_NONE is unspecified, as is all of 0.0.0.0/8 ("this network"). */
H3AddressClass h3_address_classify (const H3Address *address);
gboolean h3_address_is_v4_mapped (const H3Address *address);
/* ::ffff:1.2.3.4 becomes 1.2.3.4; others stay. */
H3Address h3_address_unmap (const H3Address *address);
/* The first `length` bits, the rest zero. */
H3Address h3_address_mask (const H3Address *address, guint length);
/* A v4-mapped address matches an IPv4 prefix, and an IPv4 address a prefix of v4-mapped ones (of 96
 * bits and more, so not ::/0). Zones do not matter. */
gboolean h3_address_prefix_matches (const H3AddressPrefix *prefix, const H3Address *address);

/* From and to the system's form. Families other than AF_INET, AF_INET6 and AF_UNIX give
 * H3_ADDRESS_NONE. `to_native` returns the length, 0 where there is no such form. */
void h3_socket_address_from_native (const struct sockaddr *native, socklen_t length,
                                    H3SocketAddress *out_address);
socklen_t h3_socket_address_to_native (const H3SocketAddress *address,
                                       struct sockaddr_storage *out_native);

G_END_DECLS

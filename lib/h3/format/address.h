/* SPDX-License-Identifier: MIT
 *
 * Internet addresses and socket addresses as values: read strictly and without allocating, written
 * canonically (RFC 5952), classified, matched against prefixes. Any thread. */

#pragma once

#include <h3/base/view.h>

#include <glib-object.h>
#include <sys/socket.h>

G_BEGIN_DECLS

/**
 * H3AddressFamily:
 * @H3_ADDRESS_NONE: not known
 * @H3_ADDRESS_IPV4: IPv4
 * @H3_ADDRESS_IPV6: IPv6
 * @H3_ADDRESS_UNIX: a Unix socket, which has no address
 *
 * Of which family an address is.
 *
 * Since: 0.1
 */
typedef enum {
    H3_ADDRESS_NONE,
    H3_ADDRESS_IPV4,
    H3_ADDRESS_IPV6,
    H3_ADDRESS_UNIX,
} H3AddressFamily;

/**
 * H3Address:
 * @family: which of the families; %H3_ADDRESS_NONE and %H3_ADDRESS_UNIX have no bytes
 * @bytes: (array fixed-size=16): in network order; the first 4 for IPv4
 * @scope: the zone's index of IPv6, 0 for none
 *
 * An internet address.
 *
 * A value: copy it by assignment; zeroed it is %H3_ADDRESS_NONE.
 *
 * Since: 0.1
 */
typedef struct {
    H3AddressFamily family;
    guint8 bytes[16];
    guint32 scope;
} H3Address;

#define H3_TYPE_ADDRESS (h3_address_get_type ())
GType h3_address_get_type (void);

/**
 * H3SocketAddress:
 * @address: where
 * @port: in host order; 0 where there is none
 *
 * An address and a port.
 *
 * A value: copy it by assignment; zeroed it is %H3_ADDRESS_NONE without a port.
 *
 * Since: 0.1
 */
typedef struct {
    H3Address address;
    guint16 port;
} H3SocketAddress;

#define H3_TYPE_SOCKET_ADDRESS (h3_socket_address_get_type ())
GType h3_socket_address_get_type (void);

/**
 * H3AddressPrefix:
 * @address: its first address
 * @length: how many bits of it count: 0 to 32 for IPv4, to 128 for IPv6
 *
 * A block of addresses: `10.0.0.0/8`, `::1`, `fd00::/8`.
 *
 * A value: copy it by assignment.
 *
 * Since: 0.1
 */
typedef struct {
    H3Address address;
    guint length; /* bits */
} H3AddressPrefix;

#define H3_TYPE_ADDRESS_PREFIX (h3_address_prefix_get_type ())
GType h3_address_prefix_get_type (void);

/**
 * H3AddressClass:
 * @H3_ADDRESS_IS_GLOBAL: none of the others
 * @H3_ADDRESS_IS_UNSPECIFIED: of no host, as 0.0.0.0 and ::
 * @H3_ADDRESS_IS_LOOPBACK: of this host
 * @H3_ADDRESS_IS_PRIVATE: of a private network (RFC 1918), or 100.64.0.0/10 (RFC 6598)
 * @H3_ADDRESS_IS_LINK_LOCAL: of one link (RFC 3927, RFC 4291)
 * @H3_ADDRESS_IS_UNIQUE_LOCAL: of a site (RFC 4193)
 * @H3_ADDRESS_IS_MULTICAST: of a group
 * @H3_ADDRESS_IS_DOCUMENTATION: for examples (RFC 5737, RFC 3849, RFC 9637)
 * @H3_ADDRESS_IS_BROADCAST: of all hosts of a network: 255.255.255.255
 *
 * For whom an address is.
 *
 * Since: 0.1
 */
typedef enum {
    H3_ADDRESS_IS_GLOBAL,
    H3_ADDRESS_IS_UNSPECIFIED,
    H3_ADDRESS_IS_LOOPBACK,
    H3_ADDRESS_IS_PRIVATE,
    H3_ADDRESS_IS_LINK_LOCAL,
    H3_ADDRESS_IS_UNIQUE_LOCAL,
    H3_ADDRESS_IS_MULTICAST,
    H3_ADDRESS_IS_DOCUMENTATION,
    H3_ADDRESS_IS_BROADCAST,
} H3AddressClass;

/**
 * H3_ADDRESS_TEXT_SIZE:
 *
 * Room for the text of any address or socket address, the NUL with it, in bytes.
 *
 * Since: 0.1
 */
#define H3_ADDRESS_TEXT_SIZE 80

/**
 * h3_address_parse: (skip)
 * @text: one whole address and nothing else
 * @out_address: (out): the address
 *
 * Reads an address, strictly: no leading zeros, no 3 or 5 octets, no second `::`, no groups of 5
 * digits, no blanks, no zone but a numeric `%n` on IPv6. Any thread.
 *
 * For bindings there is h3_address_parse_string().
 *
 * Returns: %FALSE, with @out_address untouched, on anything else
 *
 * Since: 0.1
 */
gboolean h3_address_parse (H3View text, H3Address *out_address);

/**
 * h3_socket_address_parse: (skip)
 * @text: an address and a port: `1.2.3.4:80`, `[::1]:80`
 * @default_port: the port where @text has none, 0 to 65535; below 0 it must have one
 * @out_address: (out): both
 *
 * Reads an address with a port. IPv6 always stands in brackets, IPv4 never. Any thread.
 *
 * For bindings there is h3_socket_address_parse_string().
 *
 * Returns: %FALSE, with @out_address untouched, on anything else: no names, no empty port, none
 *   with a leading zero or above 65535
 *
 * Since: 0.1
 */
gboolean h3_socket_address_parse (H3View text, int default_port, H3SocketAddress *out_address);

/**
 * h3_address_prefix_parse: (skip)
 * @text: an address, alone or with `/` and a number of bits; no zone
 * @out_prefix: (out): the block, the bits beyond its length cleared
 *
 * Reads a block of addresses. Any thread.
 *
 * For bindings there is h3_address_prefix_parse_string().
 *
 * Returns: %FALSE, with @out_prefix untouched, on anything else
 *
 * Since: 0.1
 */
gboolean h3_address_prefix_parse (H3View text, H3AddressPrefix *out_prefix);

/**
 * h3_address_parse_string:
 * @text: one whole address and nothing else
 * @out_address: (out caller-allocates): the address
 *
 * Reads an address from a string, as h3_address_parse() does. Any thread.
 *
 * Returns: %FALSE, with @out_address untouched, where it is none
 *
 * Since: 0.1
 */
gboolean h3_address_parse_string (const char *text, H3Address *out_address);

/**
 * h3_address_prefix_parse_string:
 * @text: an address, alone or with `/` and a number of bits; no zone
 * @out_prefix: (out caller-allocates): the block, the bits beyond its length cleared
 *
 * Reads a block of addresses from a string, as h3_address_prefix_parse() does. Any thread.
 *
 * Returns: %FALSE, with @out_prefix untouched, where it is none
 *
 * Since: 0.1
 */
gboolean h3_address_prefix_parse_string (const char *text, H3AddressPrefix *out_prefix);

/**
 * h3_socket_address_parse_string:
 * @text: an address and a port: `1.2.3.4:80`, `[::1]:80`
 * @default_port: the port where @text has none, 0 to 65535; below 0 it must have one
 * @out_address: (out caller-allocates): both
 *
 * Reads an address with a port from a string, as h3_socket_address_parse() does. Any thread.
 *
 * Returns: %FALSE, with @out_address untouched, where it is none
 *
 * Since: 0.1
 */
gboolean h3_socket_address_parse_string (const char *text, int default_port,
                                         H3SocketAddress *out_address);

/**
 * h3_address_write: (skip)
 * @address: an address
 * @out: takes the text and its NUL
 *
 * Writes the canonical text of an address (RFC 5952), v4-mapped ones as `::ffff:1.2.3.4`.
 * %H3_ADDRESS_NONE is the empty text, %H3_ADDRESS_UNIX is `unix`. Any thread.
 *
 * For bindings there is h3_address_to_string().
 *
 * Returns: the length of the text, without the NUL
 *
 * Since: 0.1
 */
gsize h3_address_write (const H3Address *address, char out[H3_ADDRESS_TEXT_SIZE]);

/**
 * h3_socket_address_write: (skip)
 * @address: an address with a port
 * @out: takes the text and its NUL
 *
 * Writes what h3_socket_address_parse() reads, in its canonical form. Any thread.
 *
 * For bindings there is h3_socket_address_to_string().
 *
 * Returns: the length of the text, without the NUL
 *
 * Since: 0.1
 */
gsize h3_socket_address_write (const H3SocketAddress *address, char out[H3_ADDRESS_TEXT_SIZE]);

/**
 * h3_address_to_string:
 * @address: an address
 *
 * Makes a string of what h3_address_write() writes. Any thread.
 *
 * Returns: (transfer full): the string
 *
 * Since: 0.1
 */
char *h3_address_to_string (const H3Address *address);

/**
 * h3_socket_address_to_string:
 * @address: an address with a port
 *
 * Makes a string of what h3_socket_address_write() writes. Any thread.
 *
 * Returns: (transfer full): the string
 *
 * Since: 0.1
 */
char *h3_socket_address_to_string (const H3SocketAddress *address);

/**
 * h3_address_equal:
 * @a: an address
 * @b: another one
 *
 * Tells whether two addresses are the same, with their zones. A v4-mapped one is not the one in
 * it. Any thread.
 *
 * Returns: %TRUE when they are
 *
 * Since: 0.1
 */
gboolean h3_address_equal (const H3Address *a, const H3Address *b);

/**
 * h3_address_classify:
 * @address: an address
 *
 * Tells for whom an address is. Any thread.
 *
 * A v4-mapped address is what the address in it is; a Unix socket is loopback, %H3_ADDRESS_NONE is
 * unspecified, as is all of 0.0.0.0/8 ("this network").
 *
 * Returns: its class
 *
 * Since: 0.1
 */
H3AddressClass h3_address_classify (const H3Address *address);

/**
 * h3_address_is_v4_mapped:
 * @address: an address
 *
 * Tells whether it is an IPv4 address written as one of IPv6: `::ffff:1.2.3.4`. Any thread.
 *
 * Returns: %TRUE when it is
 *
 * Since: 0.1
 */
gboolean h3_address_is_v4_mapped (const H3Address *address);

/**
 * h3_address_unmap: (skip)
 * @address: an address
 *
 * Makes 1.2.3.4 of `::ffff:1.2.3.4`; others stay as they are. Any thread.
 *
 * Returns: the address
 *
 * Since: 0.1
 */
H3Address h3_address_unmap (const H3Address *address);

/**
 * h3_address_mask: (skip)
 * @address: an address
 * @length: how many bits stay
 *
 * Sets all bits but the first ones to zero. Any thread.
 *
 * For bindings there is h3_address_prefix_parse_string(), which masks what it reads.
 *
 * Returns: the address
 *
 * Since: 0.1
 */
H3Address h3_address_mask (const H3Address *address, guint length);

/**
 * h3_address_prefix_matches:
 * @prefix: a block
 * @address: an address
 *
 * Tells whether an address is in a block. Zones do not matter. Any thread.
 *
 * A v4-mapped address matches an IPv4 prefix, and an IPv4 address a prefix of v4-mapped ones (of
 * 96 bits and more, so not ::/0).
 *
 * Returns: %TRUE when it is
 *
 * Since: 0.1
 */
gboolean h3_address_prefix_matches (const H3AddressPrefix *prefix, const H3Address *address);

/**
 * h3_socket_address_from_native: (skip)
 * @native: (nullable): the system's form
 * @length: its bytes
 * @out_address: (out): the address; %H3_ADDRESS_NONE for families other than AF_INET, AF_INET6 and
 *   AF_UNIX
 *
 * Makes an address of the system's form. Any thread.
 *
 * Since: 0.1
 */
void h3_socket_address_from_native (const struct sockaddr *native, socklen_t length,
                                    H3SocketAddress *out_address);

/**
 * h3_socket_address_to_native: (skip)
 * @address: an address with a port
 * @out_native: (out): the system's form
 *
 * Makes the system's form of an address. Any thread.
 *
 * Returns: its length in bytes; 0 where there is no such form: for %H3_ADDRESS_NONE and
 *   %H3_ADDRESS_UNIX
 *
 * Since: 0.1
 */
socklen_t h3_socket_address_to_native (const H3SocketAddress *address,
                                       struct sockaddr_storage *out_native);

G_END_DECLS

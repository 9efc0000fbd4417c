/* SPDX-License-Identifier: MIT */

#include "h3/wire/proxy-protocol.h"
#include "tests/support/suite.h"

#include <string.h>

#define SIGNATURE  "\r\n\r\n\0\r\nQUIT\n"
#define IPV4       "\x01\x02\x03\x04\x05\x06\x07\x08\x01\x00\x1f\x90"
#define IPV6_ONE   "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01"
#define IPV6_OTHER "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01"
#define LONGEST    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
/* Without the four bytes of the sum. */
#define WITH_SUM SIGNATURE "\x21\x11\x00\x13" IPV4 "\x03\x00\x04"

typedef struct {
    H3View bytes;
    const char *client;      /* NULL: not told */
    const char *destination; /* NULL: as many bytes are no header, and never will be */
    gboolean is_secure;
} Row;

#define ROW(text)                                                                                  \
    {                                                                                              \
        "" text, sizeof (text) - 1                                                                 \
    }
#define UNTOLD  NULL, ""
#define REFUSED NULL, NULL

static const Row rows[] = {
    { ROW ("PROXY TCP4 1.2.3.4 5.6.7.8 256 8080\r\n"), "1.2.3.4:256", "5.6.7.8:8080" },
    { ROW ("PROXY TCP4 0.0.0.0 255.255.255.255 0 65535\r\n"), "0.0.0.0:0",
      "255.255.255.255:65535" },
    { ROW ("PROXY TCP6 2001:db8::1 ::1 1 2\r\n"), "[2001:db8::1]:1", "[::1]:2" },
    { ROW ("PROXY TCP6 ::ffff:1.2.3.4 ::1 1 2\r\n"), "[::ffff:1.2.3.4]:1", "[::1]:2" },
    { ROW ("PROXY UNKNOWN\r\n"), UNTOLD },
    { ROW ("PROXY UNKNOWN " LONGEST " " LONGEST " 65535 65535\r\n"), UNTOLD },
    { ROW ("PROXY UNKNOWN anything 1.2.3.4 at all\r\n"), UNTOLD },
    /* One byte more than the longest. */
    { ROW ("PROXY UNKNOWN " LONGEST " " LONGEST " 65535 655350\r\n"), REFUSED },
    { ROW ("PROXY TCP4 1.2.3.4 5.6.7.8 256 8080\n"), REFUSED },
    { ROW ("PROXY TCP4 1.2.3.4 5.6.7.8 256 8080\r\r"), REFUSED },
    { ROW ("PROXY TCP4 1.2.3.4 5.6.7.8 256\r\n"), REFUSED },
    { ROW ("PROXY TCP4 1.2.3.4 5.6.7.8 256 8080 \r\n"), REFUSED },
    { ROW ("PROXY TCP4 1.2.3.4 5.6.7.8 256 8080 1\r\n"), REFUSED },
    { ROW ("PROXY TCP4  1.2.3.4 5.6.7.8 256 8080\r\n"), REFUSED },
    { ROW ("PROXY TCP4\t1.2.3.4 5.6.7.8 256 8080\r\n"), REFUSED },
    { ROW ("PROXY TCP4 1.2.3.4 5.6.7.8 0256 8080\r\n"), REFUSED },
    { ROW ("PROXY TCP4 1.2.3.4 5.6.7.8 +25 8080\r\n"), REFUSED },
    { ROW ("PROXY TCP4 1.2.3.4 5.6.7.8 65536 8080\r\n"), REFUSED },
    { ROW ("PROXY TCP4 1.2.3.4 5.6.7.8 1 \r\n"), REFUSED },
    { ROW ("PROXY TCP4 1.2.3 5.6.7.8 256 8080\r\n"), REFUSED },
    { ROW ("PROXY TCP4 01.2.3.4 5.6.7.8 256 8080\r\n"), REFUSED },
    { ROW ("PROXY TCP4 ::1 ::1 256 8080\r\n"), REFUSED },
    { ROW ("PROXY TCP6 1.2.3.4 5.6.7.8 256 8080\r\n"), REFUSED },
    { ROW ("PROXY TCP6 [::1] ::1 256 8080\r\n"), REFUSED },
    { ROW ("PROXY TCP6 fe80::1%2 ::1 256 8080\r\n"), REFUSED },
    { ROW ("PROXY tcp4 1.2.3.4 5.6.7.8 256 8080\r\n"), REFUSED },
    { ROW ("PROXY UDP4 1.2.3.4 5.6.7.8 256 8080\r\n"), REFUSED },
    { ROW ("PROXY TCP5 1.2.3.4 5.6.7.8 256 8080\r\n"), REFUSED },
    { ROW ("PROXY TCP4 1.2.3.4 5.6.7.8 256 80\0\r\n"), REFUSED },
    { ROW ("PROXY TCP4\r\n"), REFUSED },
    { ROW ("PROXY \r\n"), REFUSED },
    { ROW ("PROXY UNKNOWNS\r\n"), REFUSED },
    { ROW ("PROXY\r\n"), REFUSED },
    { ROW ("proxy UNKNOWN\r\n"), REFUSED },
    { ROW ("GET / HTTP/1.1\r\n"), REFUSED },
    { ROW ("PRI * HTTP/2.0\r\n"), REFUSED },
    { ROW ("P\r\n"), REFUSED },
    { ROW ("\r\n"
           "GET / HTTP/1.1\r\n"),
      REFUSED },
    { ROW ("\n"), REFUSED },
    { ROW (SIGNATURE "\x21\x11\0\x0c" IPV4), "1.2.3.4:256", "5.6.7.8:8080" },
    { ROW (SIGNATURE "\x21\x21\0\x24" IPV6_ONE IPV6_OTHER "\0\x01\0\x02"), "[2001:db8::1]:1",
      "[::1]:2" },
    /* LOCAL, with and without a block. */
    { ROW (SIGNATURE "\x20\0\0\0"), UNTOLD },
    { ROW (SIGNATURE "\x20\x11\0\x0c" IPV4), UNTOLD },
    { ROW (SIGNATURE "\x20\xff\0\x03xyz"), UNTOLD },
    { ROW (SIGNATURE "\x21\0\0\0"), UNTOLD },
    { ROW (SIGNATURE "\x21\0\0\x03xyz"), UNTOLD },
    /* Another version, another command, datagrams, families that are none, transports left open. */
    { ROW (SIGNATURE "\x11"), REFUSED },
    { ROW (SIGNATURE "\x31"), REFUSED },
    { ROW (SIGNATURE "\x22"), REFUSED },
    { ROW (SIGNATURE "\x21\x12\0\x0c" IPV4), REFUSED },
    { ROW (SIGNATURE "\x21\x10\0\x0c" IPV4), REFUSED },
    { ROW (SIGNATURE "\x21\x01\0\x0c" IPV4), REFUSED },
    { ROW (SIGNATURE "\x21\x41\0\x0c" IPV4), REFUSED },
    { ROW (SIGNATURE "\x21\x13\0\x0c" IPV4), REFUSED },
    /* Less than the family has, and more than is taken. */
    { ROW (SIGNATURE "\x21\x11\0\x0b\1\2\3\4\5\6\7\1\1\x1f\x90"), REFUSED },
    { ROW (SIGNATURE "\x21\x21\0\x0c" IPV4), REFUSED },
    { ROW (SIGNATURE "\x21\x31\0\x0c" IPV4), REFUSED },
    { ROW (SIGNATURE "\x21\x11\x10\x01"), REFUSED },
    { ROW (SIGNATURE "\x20\0\xff\xff"), REFUSED },
    { ROW ("\r\n\r\n\0\r\nQUIT\r"), REFUSED },
    { ROW ("\r\n\r\n\r\n"), REFUSED },
    /* Values: skipped, cut short, without a length, a sum. */
    { ROW (SIGNATURE "\x21\x11\0\x18" IPV4 "\x04\0\x03"
                     "abc"
                     "\x05\0\x03"
                     "xyz"),
      "1.2.3.4:256", "5.6.7.8:8080" },
    { ROW (SIGNATURE "\x21\x11\0\x0f" IPV4 "\x04\0\0"), "1.2.3.4:256", "5.6.7.8:8080" },
    { ROW (SIGNATURE "\x21\x11\0\x0f" IPV4 "\x04\0\x01"), REFUSED },
    { ROW (SIGNATURE "\x21\x11\0\x0e" IPV4 "\x04\0"), REFUSED },
    { ROW (SIGNATURE "\x21\x11\0\x0d" IPV4 "\x04"), REFUSED },
    { ROW (SIGNATURE "\x21\x11\0\x11" IPV4 "\x03\0\x02\0\0"), REFUSED },
    { ROW (WITH_SUM "\0\0\0\0"), REFUSED },
    /* By TLS, or not; with a part that is not whole, or too short. */
    { ROW (SIGNATURE "\x21\x11\0\x14" IPV4 "\x20\0\x05\x01\0\0\0\0"), "1.2.3.4:256", "5.6.7.8:8080",
      TRUE },
    { ROW (SIGNATURE "\x21\x11\0\x14" IPV4 "\x20\0\x05\x06\0\0\0\0"), "1.2.3.4:256", "5.6.7.8:8080",
      FALSE },
    { ROW (SIGNATURE "\x21\x11\0\x1e" IPV4 "\x20\0\x0f\x01\0\0\0\0\x21\0\x07TLSv1.3"),
      "1.2.3.4:256", "5.6.7.8:8080", TRUE },
    { ROW (SIGNATURE "\x21\x11\0\x1e" IPV4 "\x20\0\x0f\x01\0\0\0\0\x21\0\x08TLSv1.3"), REFUSED },
    { ROW (SIGNATURE "\x21\x11\0\x13" IPV4 "\x20\0\x04\x01\0\0\0"), REFUSED },
};

/* The same bytes, where a read beyond them is seen. */
static ProxyResult
read_copy (H3View bytes, gsize length, ProxyHeader *out_header, gsize *out_length)
{
    g_autofree char *copy = g_memdup2 (bytes.data, length);

    return proxy_protocol_read (h3_view (copy, length), out_header, out_length);
}

static void
assert_told (const H3SocketAddress *address, const char *expected, guint row)
{
    g_autofree char *text = h3_socket_address_to_string (address);

    ck_assert_msg (g_str_equal (text, expected), "row %u: %s", row, text);
}

/* Whole, with what is behind it, and cut anywhere: what is cut is never taken for whole. */
static void
check_taken (guint i)
{
    const Row *row = &rows[i];
    g_autoptr (GString) longer = g_string_new_len (row->bytes.data, (gssize) row->bytes.length);
    ProxyHeader header;
    gsize length;

    for (gsize n = 0; n < row->bytes.length; n++)
        ck_assert_msg (read_copy (row->bytes, n, &header, &length) == PROXY_NEEDS_MORE,
                       "row %u: %" G_GSIZE_FORMAT " bytes", i, n);
    g_string_append (longer, "GET / HTTP/1.1\r\n\r\nPROXY UNKNOWN\r\n");
    for (gsize n = row->bytes.length; n <= longer->len; n++) {
        ck_assert_msg (read_copy (h3_view (longer->str, n), n, &header, &length) == PROXY_WHOLE,
                       "row %u: %" G_GSIZE_FORMAT " bytes", i, n);
        ck_assert_uint_eq (length, row->bytes.length);
        ck_assert_int_eq (header.is_told, row->client != NULL);
        ck_assert_int_eq (header.is_secure, row->is_secure);
        if (!header.is_told)
            continue;
        assert_told (&header.client, row->client, i);
        assert_told (&header.destination, row->destination, i);
    }
}

/* At some byte, and at each from there on. */
static void
check_refused (guint i)
{
    gboolean is_refused = FALSE;
    ProxyHeader header;
    gsize length;

    for (gsize n = 0; n <= rows[i].bytes.length; n++) {
        ProxyResult result = read_copy (rows[i].bytes, n, &header, &length);

        ck_assert_msg (result == (is_refused ? PROXY_REFUSED : result) && result != PROXY_WHOLE,
                       "row %u: %" G_GSIZE_FORMAT " bytes", i, n);
        is_refused = result == PROXY_REFUSED;
    }
    ck_assert_msg (is_refused, "row %u is not refused", i);
}

START_TEST (headers_are_read_or_refused_however_they_are_cut)
{
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        if (rows[i].destination != NULL)
            check_taken (i);
        else
            check_refused (i);
    }
}
END_TEST

START_TEST (unix_clients_have_no_address)
{
    char bytes[16 + 216] = SIGNATURE "\x21\x31\0\xd8";
    ProxyHeader header;
    gsize length;

    memcpy (bytes + 16, "/run/client", 11);
    ck_assert_int_eq (proxy_protocol_read (h3_view (bytes, sizeof bytes), &header, &length),
                      PROXY_WHOLE);
    ck_assert (header.is_told);
    ck_assert_uint_eq (length, sizeof bytes);
    ck_assert_int_eq (header.client.address.family, H3_ADDRESS_UNIX);
    ck_assert_uint_eq (header.client.port, 0);
}
END_TEST

START_TEST (largest_block_is_taken)
{
    g_autofree char *bytes = g_malloc0 (PROXY_PROTOCOL_MAX_BLOCK);
    ProxyHeader header;
    gsize length;

    memcpy (bytes, SIGNATURE "\x21\x11\x10\0" IPV4 "\x05\x0f\xf1", 31);
    ck_assert_int_eq (
        proxy_protocol_read (h3_view (bytes, PROXY_PROTOCOL_MAX_BLOCK - 1), &header, &length),
        PROXY_NEEDS_MORE);
    ck_assert_int_eq (
        proxy_protocol_read (h3_view (bytes, PROXY_PROTOCOL_MAX_BLOCK), &header, &length),
        PROXY_WHOLE);
    ck_assert_uint_eq (length, PROXY_PROTOCOL_MAX_BLOCK);
}
END_TEST

/* Castagnoli's of nine digits is known; that of a header follows from a sum made here as it is
 * defined, by long division of the bits. */
static guint32
divide (const guint8 *data, gsize length)
{
    guint32 remainder = G_MAXUINT32;

    for (gsize i = 0; i < 8 * length; i++) {
        guint bit = (data[i / 8] >> (i % 8) & 1) ^ (remainder & 1);

        remainder >>= 1;
        if (bit != 0)
            remainder ^= 0x82f63b78;
    }
    return ~remainder;
}

START_TEST (sum_must_be_right)
{
    guint8 bytes[] = WITH_SUM "\0\0\0\0";
    gsize n = sizeof bytes - 1;
    guint32 sum;
    ProxyHeader header;
    gsize length;

    ck_assert_uint_eq (divide ((const guint8 *) "123456789", 9), 0xe3069283);
    sum = GUINT32_TO_BE (divide (bytes, n));
    memcpy (bytes + n - 4, &sum, 4);
    ck_assert_int_eq (proxy_protocol_read (h3_view ((char *) bytes, n), &header, &length),
                      PROXY_WHOLE);
    for (gsize bit = 8 * 16; bit < 8 * n; bit++) {
        ProxyResult result;

        bytes[bit / 8] ^= (guint8) (1 << bit % 8);
        result = proxy_protocol_read (h3_view ((char *) bytes, n), &header, &length);
        bytes[bit / 8] ^= (guint8) (1 << bit % 8);
        /* The type of the value decides that it is a sum. */
        ck_assert_msg (result == PROXY_REFUSED || bit / 8 == n - 7, "bit %" G_GSIZE_FORMAT, bit);
    }
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "headers", headers_are_read_or_refused_however_they_are_cut,
                    unix_clients_have_no_address, largest_block_is_taken, sum_must_be_right, NULL);
}

int
main (void)
{
    return suite_run ("wire/proxy-protocol", add_cases);
}

/* SPDX-License-Identifier: MIT */

#include "h3/format/address.h"
#include "tests/support/suite.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

/* Counts what is allocated, where the C library lets a program stand in front of malloc and no
 * sanitizer stands there already. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED
#endif
#endif
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)          \
    && !defined(SANITIZED)
#define COUNTS_ALLOCATIONS
#endif

#ifdef COUNTS_ALLOCATIONS
extern void *__libc_malloc (size_t size);
static guint allocations;

void *
malloc (size_t size)
{
    allocations++;
    return __libc_malloc (size);
}
#endif

static void
assert_reads (const char *text, const char *canonical)
{
    H3Address address, again;
    char out[H3_ADDRESS_TEXT_SIZE];

    ck_assert_msg (h3_address_parse_string (text, &address), "%s", text);
    ck_assert_uint_eq (h3_address_write (&address, out), strlen (canonical));
    ck_assert_str_eq (out, canonical);
    ck_assert (h3_address_parse_string (out, &again));
    ck_assert (h3_address_equal (&address, &again));
}

static const char *const readable[][2] = {
    { "0.0.0.0", "0.0.0.0" },
    { "255.255.255.255", "255.255.255.255" },
    { "10.200.3.44", "10.200.3.44" },
    { "::", "::" },
    { "::1", "::1" },
    { "1::", "1::" },
    { "0:0:0:0:0:0:0:0", "::" },
    { "2001:0DB8::0001", "2001:db8::1" },
    { "2001:db8:0:0:0:0:2:1", "2001:db8::2:1" },
    { "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1" },
    { "2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1" },
    { "2001:0:0:1:0:0:0:1", "2001:0:0:1::1" },
    { "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1" },
    { "0:0:1:1:1:1:1:1", "::1:1:1:1:1:1" },
    { "1:1:1:1:1:1:0:0", "1:1:1:1:1:1::" },
    { "1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0" },
    { "::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8" },
    { "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8" },
    { "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304" },
    { "::1.2.3.4", "::102:304" },
    { "64:ff9b::192.0.2.33", "64:ff9b::c000:221" },
    { "::FFFF:1.2.3.4", "::ffff:1.2.3.4" },
    { "::ffff:102:304", "::ffff:1.2.3.4" },
    { "0:0:0:0:0:ffff:0102:0304", "::ffff:1.2.3.4" },
    { "::ffff:0:1.2.3.4", "::ffff:0:102:304" },
    { "fe80::1%2", "fe80::1%2" },
    { "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff%4294967295",
      "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff%4294967295" },
};

START_TEST (address_reads_and_writes_the_canonical_form)
{
    for (gsize i = 0; i < G_N_ELEMENTS (readable); i++)
        assert_reads (readable[i][0], readable[i][1]);
}
END_TEST

static const char *const no_addresses[] = {
    "",
    " ",
    "1",
    "1.2.3",
    "1.2.3.4.5",
    "1.2.3.",
    ".1.2.3",
    "1..2.3",
    "1.2.3.4.",
    "01.2.3.4",
    "1.2.3.04",
    "1.2.3.00",
    "1.2.3.256",
    "1.2.3.4294967296",
    "1.2.3.-4",
    "+1.2.3.4",
    "1.2.3.4 ",
    " 1.2.3.4",
    "0x1.2.3.4",
    "1.2.3.a",
    "1.2.3.4/8",
    "1.2.3.4:80",
    "1.2.3.4%1",
    ":",
    ":::",
    "::::",
    "1:",
    ":1",
    "1:2",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7:8::",
    "::1:2:3:4:5:6:7:8",
    "1:2:3:4::5:6:7:8",
    "1::2::3",
    "::1::",
    "1:::2",
    "12345::",
    "00001::",
    "::12345",
    "g::",
    "::g",
    "1:2:3:4:5:6:7:",
    ":2:3:4:5:6:7:8",
    "1:2:3:4:5:6:7:8:",
    "::1:",
    "::1 ",
    " ::1",
    ": :1",
    "::1.2.3",
    "::1.2.3.4.5",
    "::01.2.3.4",
    "::1.2.3.4:5",
    "1.2.3.4::",
    "1:2:3:4:5:6:7:1.2.3.4",
    "1:2:3:4:5:1.2.3.4",
    "::2:3:4:5:6:7:1.2.3.4",
    "::1.2.3.256",
    "::.1.2.3",
    "[::1]",
    "::1/64",
    "::1%",
    "::1%0",
    "::1%01",
    "::1%eth0",
    "::1%4294967296",
    "::1%1%1",
    "%1",
    "::%1:2",
    "-1::",
    "0x1::",
};

START_TEST (address_refuses_all_that_is_not_one_whole_address)
{
    for (gsize i = 0; i < G_N_ELEMENTS (no_addresses); i++) {
        H3Address address, before;

        memset (&address, 0x5a, sizeof address);
        before = address;
        ck_assert_msg (!h3_address_parse_string (no_addresses[i], &address), "%s", no_addresses[i]);
        ck_assert_mem_eq (&address, &before, sizeof address);
    }
}
END_TEST

START_TEST (address_refuses_a_nul_and_reads_no_further_than_its_view)
{
    H3Address address;

    ck_assert (!h3_address_parse (h3_view ("1.2.3.4\0", 8), &address));
    ck_assert (!h3_address_parse (h3_view ("::1\0", 4), &address));
    ck_assert (!h3_address_parse (h3_view (NULL, 0), &address));
    ck_assert (h3_address_parse (h3_view ("1.2.3.45", 7), &address));
    ck_assert_uint_eq (address.bytes[3], 4);
    ck_assert (h3_address_parse (h3_view ("::12", 3), &address));
    ck_assert_uint_eq (address.bytes[15], 1);
}
END_TEST

START_TEST (address_reads_without_allocating)
{
#ifdef COUNTS_ALLOCATIONS
    H3SocketAddress address;
    H3AddressPrefix prefix;
    char out[H3_ADDRESS_TEXT_SIZE];
    guint before = allocations;

    g_free (g_malloc (100));
    if (allocations == before) {
        g_print ("SKIP: somebody else's malloc is in use (valgrind's): it cannot be counted\n");
        return;
    }
    before = allocations;
    (void) h3_address_parse_string ("2001:db8::ffff:1.2.3.4%3", &address.address);
    (void) h3_address_parse_string ("1.2.3.4", &address.address);
    (void) h3_address_parse_string ("no", &address.address);
    (void) h3_socket_address_parse_string ("[2001:db8::1]:443", -1, &address);
    (void) h3_address_prefix_parse (H3_VIEW ("10.0.0.0/8"), &prefix);
    (void) h3_address_prefix_matches (&prefix, &address.address);
    (void) h3_address_classify (&address.address);
    (void) h3_socket_address_write (&address, out);
    ck_assert_uint_eq (allocations, before);
#else
    g_print ("SKIP: this build does not let the test count allocations\n");
#endif
}
END_TEST

static guint32
start_seed (void)
{
    guint32 seed = g_random_int ();
    const char *given = g_getenv ("H3_TEST_SEED");

    if (given != NULL)
        seed = (guint32) strtoul (given, NULL, 10);
    g_print ("seed %u (repeat with H3_TEST_SEED)\n", seed);
    return seed;
}

/* Few distinct bytes, so that runs of zeros are common. */
static void
fill_random (GRand *rand, guint8 *bytes, gsize length)
{
    for (gsize i = 0; i < length; i++)
        bytes[i] = g_rand_boolean (rand) ? 0 : (guint8) g_rand_int (rand);
}

START_TEST (address_of_random_bytes_comes_back_and_agrees_with_the_system)
{
    GRand *rand = g_rand_new_with_seed (start_seed ());

    for (int i = 0; i < 200000; i++) {
        H3Address address = { H3_ADDRESS_IPV6 }, again, theirs = { H3_ADDRESS_IPV6 };
        char text[H3_ADDRESS_TEXT_SIZE], system[INET6_ADDRSTRLEN];

        fill_random (rand, address.bytes, 16);
        h3_address_write (&address, text);
        ck_assert_msg (h3_address_parse_string (text, &again), "%s", text);
        ck_assert (h3_address_equal (&address, &again));
        ck_assert_int_eq (inet_pton (AF_INET6, text, theirs.bytes), 1);
        ck_assert (h3_address_equal (&address, &theirs));
        /* inet_ntop () also writes the deprecated ::1.2.3.4 dotted. */
        inet_ntop (AF_INET6, address.bytes, system, sizeof system);
        if (strchr (system, '.') == NULL)
            ck_assert_str_eq (text, system);

        address.family = H3_ADDRESS_IPV4;
        h3_address_write (&address, text);
        ck_assert (h3_address_parse_string (text, &again));
        ck_assert (h3_address_equal (&address, &again));
        ck_assert_str_eq (text, inet_ntop (AF_INET, address.bytes, system, sizeof system));
    }
    g_rand_free (rand);
}
END_TEST

START_TEST (address_of_mutated_text_is_judged_like_the_system_does)
{
    static const char alphabet[] = "0123456789abcdefABCDEF:.:::...g% ";
    GRand *rand = g_rand_new_with_seed (start_seed ());

    for (int i = 0; i < 300000; i++) {
        char text[48];
        guint8 theirs[16];
        H3Address ours;
        int family;
        gsize length;

        if (g_rand_boolean (rand)) {
            H3Address address = { g_rand_boolean (rand) ? H3_ADDRESS_IPV4 : H3_ADDRESS_IPV6 };
            char whole[H3_ADDRESS_TEXT_SIZE];

            fill_random (rand, address.bytes, 16);
            length = h3_address_write (&address, whole);
            memcpy (text, whole, length + 1);
            text[g_rand_int_range (rand, 0, (int) length)] =
                alphabet[g_rand_int_range (rand, 0, sizeof alphabet - 1)];
        } else {
            length = (gsize) g_rand_int_range (rand, 1, 24);
            for (gsize j = 0; j < length; j++)
                text[j] = alphabet[g_rand_int_range (rand, 0, sizeof alphabet - 1)];
            text[length] = '\0';
        }
        if (strchr (text, '%') != NULL)
            continue;
        family = strchr (text, ':') != NULL ? AF_INET6 : AF_INET;
        ck_assert_msg (h3_address_parse_string (text, &ours)
                           == (inet_pton (family, text, theirs) == 1),
                       "%s", text);
    }
    g_rand_free (rand);
}
END_TEST

static void
assert_socket_address (const char *text, int default_port, const char *canonical)
{
    H3SocketAddress address;
    char out[H3_ADDRESS_TEXT_SIZE];
    g_autofree char *copy = NULL;

    ck_assert_msg (h3_socket_address_parse_string (text, default_port, &address), "%s", text);
    ck_assert_uint_eq (h3_socket_address_write (&address, out), strlen (canonical));
    ck_assert_str_eq (out, canonical);
    copy = h3_socket_address_to_string (&address);
    ck_assert_str_eq (copy, canonical);
}

START_TEST (socket_address_reads_host_and_port)
{
    assert_socket_address ("1.2.3.4:80", -1, "1.2.3.4:80");
    assert_socket_address ("1.2.3.4:0", -1, "1.2.3.4:0");
    assert_socket_address ("1.2.3.4:65535", -1, "1.2.3.4:65535");
    assert_socket_address ("1.2.3.4", 8080, "1.2.3.4:8080");
    assert_socket_address ("1.2.3.4:80", 8080, "1.2.3.4:80");
    assert_socket_address ("[::1]:80", -1, "[::1]:80");
    assert_socket_address ("[fe80::1%7]", 443, "[fe80::1%7]:443");
    assert_socket_address ("[::ffff:1.2.3.4]:1", -1, "[::ffff:1.2.3.4]:1");
    assert_socket_address ("[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff%4294967295]:65535", -1,
                           "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff%4294967295]:65535");
}
END_TEST

START_TEST (socket_address_refuses_bad_ports_and_brackets)
{
    static const char *const bad[] = {
        "",
        ":80",
        "1.2.3.4:",
        "1.2.3.4:65536",
        "1.2.3.4:080",
        "1.2.3.4:x",
        "1.2.3.4:-1",
        "1.2.3.4:80:1",
        "1.2.3.4: 80",
        "1.2.3.4:99999999999999999999",
        "::1",
        "::1:80",
        "[::1",
        "::1]",
        "[::1]80",
        "[::1]:",
        "[]:80",
        "[1.2.3.4]:80",
        "[[::1]]:80",
        "[::1]]:80",
        "[::1] :80",
        "[",
        "]",
        "localhost:80",
    };
    H3SocketAddress address;

    for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
        ck_assert_msg (!h3_socket_address_parse_string (bad[i], 1, &address), "%s", bad[i]);
    ck_assert (!h3_socket_address_parse_string ("1.2.3.4", -1, &address));
    ck_assert (!h3_socket_address_parse_string ("[::1]", -1, &address));
    ck_assert (!h3_socket_address_parse (h3_view (NULL, 0), 1, &address));
}
END_TEST

START_TEST (socket_address_survives_the_systems_form)
{
    static const char *const texts[] = { "1.2.3.4:80", "[2001:db8::1]:65535", "[fe80::1%9]:1" };
    struct sockaddr_storage native;
    H3SocketAddress address, again;

    for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
        socklen_t length;
        char out[H3_ADDRESS_TEXT_SIZE];

        ck_assert (h3_socket_address_parse_string (texts[i], -1, &address));
        length = h3_socket_address_to_native (&address, &native);
        ck_assert_uint_gt (length, 0);
        h3_socket_address_from_native ((struct sockaddr *) &native, length, &again);
        h3_socket_address_write (&again, out);
        ck_assert_str_eq (out, texts[i]);
        /* Cut short, it is nothing. */
        h3_socket_address_from_native ((struct sockaddr *) &native, length - 1, &again);
        ck_assert_int_eq (again.address.family, H3_ADDRESS_NONE);
    }
}
END_TEST

START_TEST (socket_address_of_other_families_has_no_bytes)
{
    struct sockaddr_un local = { .sun_family = AF_UNIX };
    struct sockaddr other = { .sa_family = AF_APPLETALK };
    struct sockaddr_storage native;
    H3SocketAddress address;
    char out[H3_ADDRESS_TEXT_SIZE];

    h3_socket_address_from_native ((struct sockaddr *) &local, sizeof local.sun_family, &address);
    ck_assert_int_eq (address.address.family, H3_ADDRESS_UNIX);
    ck_assert_uint_eq (h3_socket_address_to_native (&address, &native), 0);
    ck_assert_uint_eq (h3_socket_address_write (&address, out), 4);
    ck_assert_str_eq (out, "unix");
    ck_assert_int_eq (h3_address_classify (&address.address), H3_ADDRESS_IS_LOOPBACK);
    h3_socket_address_from_native (&other, sizeof other, &address);
    ck_assert_int_eq (address.address.family, H3_ADDRESS_NONE);
    ck_assert_uint_eq (h3_socket_address_write (&address, out), 0);
    h3_socket_address_from_native (NULL, 0, &address);
    ck_assert_int_eq (address.address.family, H3_ADDRESS_NONE);
    ck_assert_int_eq (h3_address_classify (&address.address), H3_ADDRESS_IS_UNSPECIFIED);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "texts", address_reads_and_writes_the_canonical_form,
                    address_refuses_all_that_is_not_one_whole_address,
                    address_refuses_a_nul_and_reads_no_further_than_its_view,
                    address_reads_without_allocating,
                    address_of_random_bytes_comes_back_and_agrees_with_the_system,
                    address_of_mutated_text_is_judged_like_the_system_does, NULL);
    suite_add_case (suite, "sockets", socket_address_reads_host_and_port,
                    socket_address_refuses_bad_ports_and_brackets,
                    socket_address_survives_the_systems_form,
                    socket_address_of_other_families_has_no_bytes, NULL);
}

int
main (void)
{
    return suite_run ("format/address", add_tests);
}

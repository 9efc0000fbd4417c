/* SPDX-License-Identifier: MIT */

#include "h3/base/sip-hash.h"

#include "tests/support/suite.h"

/* With the key 00 01 … 0f and the message 00 01 … of so many bytes, as other implementations of
 * SipHash-1-3 have it. */
static const struct {
    gsize length;
    guint64 hash;
} published[] = {
    { 0, 0xabac0158050fc4dc },  { 1, 0xc9f49bf37d57ca93 },  { 7, 0xd3927d989bb11140 },
    { 8, 0x369095118d299a8e },  { 15, 0xd320d86d2a519956 }, { 16, 0xcc4fdd1a7d908b66 },
    { 63, 0x9d199062b7bbb3a8 },
};

static guint64
hash_of (gsize length)
{
    guint64 key[2] = { 0x0706050403020100, 0x0f0e0d0c0b0a0908 };
    char message[64];

    for (guint i = 0; i < sizeof message; i++)
        message[i] = (char) i;
    return sip_hash_1_3 (key, message, length, FALSE);
}

START_TEST (hashes_are_those_that_others_compute)
{
    for (guint i = 0; i < G_N_ELEMENTS (published); i++)
        ck_assert_uint_eq (hash_of (published[i].length), published[i].hash);
}
END_TEST

START_TEST (capitals_hash_as_small_letters_where_that_is_asked_for)
{
    const guint64 key[2] = { 1, 2 };

    ck_assert_uint_eq (sip_hash_1_3 (key, "AzZ@[`{ Ends", 12, TRUE),
                       sip_hash_1_3 (key, "azz@[`{ ends", 12, FALSE));
    ck_assert_uint_ne (sip_hash_1_3 (key, "A", 1, FALSE), sip_hash_1_3 (key, "a", 1, FALSE));
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "sip-hash", hashes_are_those_that_others_compute,
                    capitals_hash_as_small_letters_where_that_is_asked_for, NULL);
}

int
main (void)
{
    return suite_run ("base/sip-hash", add_cases);
}

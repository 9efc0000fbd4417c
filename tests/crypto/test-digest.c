/* SPDX-License-Identifier: MIT */

#include "h3/crypto/digest.h"

#include "h3/base/error.h"
#include "tests/crypto/hex.h"
#include "tests/support/suite.h"

#include <jansson.h>
#include <string.h>

typedef struct {
    H3DigestKind kind;
    const char *text;
    const char *digest;
} Example;

/* RFC 1321 §A.5 and NIST's examples for FIPS 180-4. */
static const Example examples[] = {
    { H3_DIGEST_MD5, "", "d41d8cd98f00b204e9800998ecf8427e" },
    { H3_DIGEST_MD5, "abc", "900150983cd24fb0d6963f7d28e17f72" },
    { H3_DIGEST_MD5, "message digest", "f96b697d7cb7938d525a2f31aaf161d0" },
    { H3_DIGEST_SHA1, "", "da39a3ee5e6b4b0d3255bfef95601890afd80709" },
    { H3_DIGEST_SHA1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d" },
    { H3_DIGEST_SHA1, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "84983e441c3bd26ebaae4aa1f95129e5e54670f1" },
    { H3_DIGEST_SHA256, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
    { H3_DIGEST_SHA256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
    { H3_DIGEST_SHA256, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
    { H3_DIGEST_SHA384, "abc",
      "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
      "8086072ba1e7cc2358baeca134c825a7" },
    { H3_DIGEST_SHA512, "abc",
      "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
      "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f" },
    { H3_DIGEST_SHA512_256, "abc",
      "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23" },
};

START_TEST (digest_agrees_with_the_published_examples)
{
    for (gsize i = 0; i < G_N_ELEMENTS (examples); i++) {
        const Example *one = &examples[i];
        gsize length = h3_digest_get_length (one->kind);
        guint8 out[H3_DIGEST_MAX_LENGTH];
        g_autofree char *hex = NULL;

        ck_assert (h3_digest_compute (one->kind, one->text, strlen (one->text), out, NULL));
        hex = h3_digest_to_hex (out, length);
        ck_assert_str_eq (hex, one->digest);
    }
}
END_TEST

START_TEST (digest_of_pieces_is_that_of_the_whole)
{
    static const char text[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";

    for (gsize cut = 0; cut < sizeof text; cut++)
        for (int kind = H3_DIGEST_MD5; kind <= H3_DIGEST_SHA512_256; kind++) {
            g_autoptr (H3Digest) plain = h3_digest_new ((H3DigestKind) kind, NULL);
            g_autoptr (H3Digest) keyed = h3_digest_new_hmac ((H3DigestKind) kind, "key", 3, NULL);
            gsize length = h3_digest_get_length ((H3DigestKind) kind);
            guint8 whole[H3_DIGEST_MAX_LENGTH], pieces[H3_DIGEST_MAX_LENGTH];

            ck_assert_int_eq (h3_digest_get_kind (plain), kind);
            h3_digest_update (plain, text, cut);
            h3_digest_update (plain, text + cut, sizeof text - cut);
            ck_assert (h3_digest_finish (plain, pieces, NULL));
            ck_assert (h3_digest_compute ((H3DigestKind) kind, text, sizeof text, whole, NULL));
            ck_assert_int_eq (memcmp (whole, pieces, length), 0);
            h3_digest_update (keyed, text, cut);
            h3_digest_update (keyed, text + cut, sizeof text - cut);
            ck_assert (h3_digest_finish (keyed, pieces, NULL));
            ck_assert (h3_digest_compute_hmac ((H3DigestKind) kind, "key", 3, text, sizeof text,
                                               whole, NULL));
            ck_assert_int_eq (memcmp (whole, pieces, length), 0);
        }
}
END_TEST

static void
assert_hmac (const char *key_hex, const char *data_hex, H3DigestKind kind, const char *expected)
{
    g_autoptr (GByteArray) key = bytes_of_hex (key_hex);
    g_autoptr (GByteArray) data = bytes_of_hex (data_hex);
    guint8 out[H3_DIGEST_MAX_LENGTH];
    g_autofree char *hex = NULL;

    ck_assert (
        h3_digest_compute_hmac (kind, key->data, key->len, data->data, data->len, out, NULL));
    hex = h3_digest_to_hex (out, h3_digest_get_length (kind));
    ck_assert_str_eq (hex, expected);
}

/* RFC 4231 §4.2, §4.3 and §4.7 (a key longer than a block), RFC 2202 §3. */
START_TEST (hmac_agrees_with_the_published_examples)
{
    g_autofree char *long_key = g_strnfill (262, 'a');

    assert_hmac ("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "4869205468657265", H3_DIGEST_SHA256,
                 "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    assert_hmac ("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "4869205468657265", H3_DIGEST_SHA384,
                 "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59c"
                 "faea9ea9076ede7f4af152e8b2fa9cb6");
    assert_hmac ("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "4869205468657265", H3_DIGEST_SHA512,
                 "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
                 "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854");
    assert_hmac ("4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
                 H3_DIGEST_SHA256,
                 "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    assert_hmac (long_key,
                 "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b"
                 "6579202d2048617368204b6579204669727374",
                 H3_DIGEST_SHA256,
                 "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    assert_hmac ("4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
                 H3_DIGEST_SHA1, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    assert_hmac ("4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
                 H3_DIGEST_MD5, "750c783e6ab0b503eaa86e310a5db738");
    assert_hmac ("", "", H3_DIGEST_SHA256,
                 "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}
END_TEST

/* A tag may be cut short there; one that is not valid differs from ours. */
static void
judge_published_hmac (json_t *one, gsize tag_length)
{
    g_autoptr (GByteArray) key = bytes_of_hex (json_string_value (json_object_get (one, "key")));
    g_autoptr (GByteArray) data = bytes_of_hex (json_string_value (json_object_get (one, "msg")));
    g_autoptr (GByteArray) tag = bytes_of_hex (json_string_value (json_object_get (one, "tag")));
    gboolean valid = strcmp (json_string_value (json_object_get (one, "result")), "valid") == 0;
    guint8 out[H3_DIGEST_MAX_LENGTH];

    ck_assert (h3_digest_compute_hmac (H3_DIGEST_SHA256, key->data, key->len, data->data, data->len,
                                       out, NULL));
    ck_assert_int_eq (tag->len == tag_length && h3_digest_equal (tag->data, out, tag->len), valid);
}

START_TEST (hmac_agrees_with_the_published_cases)
{
    g_autofree char *path = suite_dup_vector_path ("wycheproof/hmac_sha256_test.json");
    json_t *all, *group, *one;
    size_t g, i;
    guint run = 0;

    if (path == NULL)
        return;
    all = json_load_file (path, 0, NULL);
    ck_assert_ptr_nonnull (all);
    json_array_foreach (json_object_get (all, "testGroups"), g, group)
    {
        json_int_t bits = json_integer_value (json_object_get (group, "tagSize"));

        json_array_foreach (json_object_get (group, "tests"), i, one)
        {
            judge_published_hmac (one, (gsize) bits / 8);
            run++;
        }
    }
    ck_assert_uint_eq (run, 174);
    json_decref (all);
}
END_TEST

START_TEST (equality_is_of_every_byte)
{
    guint8 a[67], b[67];

    memset (a, 0x5a, sizeof a);
    memset (b, 0x5a, sizeof b);
    ck_assert (h3_digest_equal (NULL, NULL, 0));
    ck_assert (h3_digest_equal (a, b, sizeof a));
    for (gsize i = 0; i < sizeof a; i++) {
        b[i] ^= 0x80;
        ck_assert (!h3_digest_equal (a, b, sizeof a));
        ck_assert (h3_digest_equal (a, b, i));
        b[i] ^= 0x80;
    }
}
END_TEST

START_TEST (random_bytes_differ_and_wiped_ones_are_zero)
{
    guint8 a[32] = { 0 }, b[32] = { 0 };
    static const guint8 zeros[32];

    ck_assert (h3_digest_fill_random (a, sizeof a, NULL));
    ck_assert (h3_digest_fill_random (b, sizeof b, NULL));
    ck_assert (!h3_digest_equal (a, b, sizeof a));
    h3_digest_wipe (a, sizeof a);
    ck_assert_mem_eq (a, zeros, sizeof a);
}
END_TEST

static gpointer
digest_in_thread (gpointer data)
{
    for (guint i = 0; i < 200; i++) {
        const Example *one = &examples[i % G_N_ELEMENTS (examples)];
        guint8 out[H3_DIGEST_MAX_LENGTH];
        g_autofree char *hex = NULL;

        if (!h3_digest_compute (one->kind, one->text, strlen (one->text), out, NULL))
            return NULL;
        hex = h3_digest_to_hex (out, h3_digest_get_length (one->kind));
        if (strcmp (hex, one->digest) != 0)
            return NULL;
    }
    return data;
}

START_TEST (digests_of_several_threads_do_not_meet)
{
    GThread *threads[4];

    for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        threads[i] = g_thread_new ("digest", digest_in_thread, threads);
    for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        ck_assert_ptr_eq (g_thread_join (threads[i]), threads);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "digests", digest_agrees_with_the_published_examples,
                    digest_of_pieces_is_that_of_the_whole, digests_of_several_threads_do_not_meet,
                    NULL);
    suite_add_case (suite, "hmac", hmac_agrees_with_the_published_examples,
                    hmac_agrees_with_the_published_cases, NULL);
    suite_add_case (suite, "secrets", equality_is_of_every_byte,
                    random_bytes_differ_and_wiped_ones_are_zero, NULL);
}

int
main (void)
{
    return suite_run ("crypto/digest", add_tests);
}

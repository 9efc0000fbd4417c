/* SPDX-License-Identifier: MIT */

#include "h3/format/coder.h"
#include "tests/support/suite.h"

static Coder *encoder;
static Coder *decoder;
static GByteArray *coded;
static GByteArray *found;

static void
set_up (void)
{
    coded = g_byte_array_new ();
    found = g_byte_array_new ();
}

static void
tear_down (void)
{
    g_clear_pointer (&encoder, coder_free);
    g_clear_pointer (&decoder, coder_free);
    g_clear_pointer (&coded, g_byte_array_unref);
    g_clear_pointer (&found, g_byte_array_unref);
}

/* Reads a message as it is on the wire, without its tail. */
static CoderResult
read_message (H3View message)
{
    CoderResult result;

    g_byte_array_set_size (found, 0);
    result = coder_append (decoder, message, CODER_FEED, found);
    if (result != CODER_READY)
        return result;
    return coder_append (decoder, CODER_TAIL, CODER_FLUSH, found);
}

static void
assert_message (H3View message, H3View text)
{
    ck_assert_int_eq (read_message (message), CODER_READY);
    ck_assert (h3_view_equal (h3_view ((const char *) found->data, found->len), text));
}

/* What a message of `text` is on the wire. */
static H3View
write_message (H3View text)
{
    H3View message;

    g_byte_array_set_size (coded, 0);
    ck_assert_int_eq (coder_append (encoder, text, CODER_FLUSH, coded), CODER_READY);
    message = h3_view ((const char *) coded->data, coded->len);
    ck_assert (h3_view_ends_with (message, CODER_TAIL));
    return h3_view (message.data, message.length - CODER_TAIL.length);
}

START_TEST (bare_coder_reads_what_rfc_7692_shows)
{
    decoder = coder_new_decoding (CODING_BARE, 0);
    assert_message (H3_VIEW ("\xf2\x48\xcd\xc9\xc9\x07\x00"), H3_VIEW ("Hello"));
    /* The window is shared. */
    assert_message (H3_VIEW ("\xf2\x00\x11\x00\x00"), H3_VIEW ("Hello"));
    /* A block that is stored, one that is final, two blocks, nothing. */
    assert_message (H3_VIEW ("\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00"), H3_VIEW ("Hello"));
    assert_message (H3_VIEW ("\xf3\x48\xcd\xc9\xc9\x07\x00\x00"), H3_VIEW ("Hello"));
    assert_message (H3_VIEW ("\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00"),
                    H3_VIEW ("Hello"));
    assert_message (H3_VIEW ("\x00"), H3_VIEW_EMPTY);
    /* The window outlives a final block. */
    assert_message (H3_VIEW ("\xf2\x00\x11\x00\x00"), H3_VIEW ("Hello"));
}
END_TEST

START_TEST (bare_coder_writes_what_rfc_7692_shows)
{
    encoder = coder_new_encoding (CODING_BARE, CODER_LEVEL_DEFAULT, 0);
    ck_assert (h3_view_equal (write_message (H3_VIEW ("Hello")),
                              H3_VIEW ("\xf2\x48\xcd\xc9\xc9\x07\x00")));
    ck_assert (h3_view_equal (write_message (H3_VIEW ("Hello")), H3_VIEW ("\xf2\x00\x11\x00\x00")));
    coder_reset (encoder);
    ck_assert (h3_view_equal (write_message (H3_VIEW ("Hello")),
                              H3_VIEW ("\xf2\x48\xcd\xc9\xc9\x07\x00")));
}
END_TEST

START_TEST (bare_coder_writes_nothing_where_nothing_was_taken)
{
    encoder = coder_new_encoding (CODING_BARE, CODER_LEVEL_DEFAULT, 0);
    (void) write_message (H3_VIEW ("Hello"));
    g_byte_array_set_size (coded, 0);
    ck_assert_int_eq (coder_append (encoder, H3_VIEW_EMPTY, CODER_FLUSH, coded), CODER_READY);
    ck_assert_uint_eq (coded->len, 0);
}
END_TEST

START_TEST (bare_coder_forgets_its_window_when_it_is_reset)
{
    decoder = coder_new_decoding (CODING_BARE, 0);
    assert_message (H3_VIEW ("\xf2\x48\xcd\xc9\xc9\x07\x00"), H3_VIEW ("Hello"));
    coder_reset (decoder);
    ck_assert_int_eq (read_message (H3_VIEW ("\xf2\x00\x11\x00\x00")), CODER_BROKEN);
}
END_TEST

START_TEST (bare_coder_knows_the_end_of_a_message_in_any_room)
{
    H3View wire = H3_VIEW ("\xf2\x48\xcd\xc9\xc9\x07\x00\x00\x00\xff\xff");

    for (gsize size = 1; size <= 100; size++) {
        H3View rest = wire;
        char room[100];
        CoderResult result;
        gsize length;

        decoder = coder_new_decoding (CODING_BARE, 0);
        do
            result = coder_step (decoder, &rest, CODER_FLUSH, room, size, &length);
        while (result == CODER_FULL);
        ck_assert_int_eq (result, CODER_READY);
        rest = H3_VIEW_EMPTY;
        ck_assert_int_eq (coder_step (decoder, &rest, CODER_FLUSH, room, size, &length),
                          CODER_READY);
        g_clear_pointer (&decoder, coder_free);
    }
}
END_TEST

START_TEST (bare_coder_refuses_a_message_that_is_cut)
{
    static const char message[] = "\xf2\x48\xcd\xc9\xc9\x07\x00";

    decoder = coder_new_decoding (CODING_BARE, 0);
    for (gsize length = 0; length < sizeof message - 1; length++) {
        coder_reset (decoder);
        ck_assert_int_eq (read_message (h3_view (message, length)), CODER_BROKEN);
    }
}
END_TEST

/* Lines that repeat at many distances, of which a window of 2 to the power of `bits` reaches few.
 */
static void
assert_window (guint bits)
{
    GRand *random = g_rand_new_with_seed (bits);
    gsize room_length;
    CoderResult result;

    encoder = coder_new_encoding (CODING_BARE, 9, bits);
    decoder = coder_new_decoding (CODING_BARE, bits);
    for (guint n = 0; n < 30; n++) {
        g_autoptr (GString) text = g_string_new (NULL);
        H3View wire;
        char room[1];

        while (text->len < 3000)
            g_string_append_printf (text, "%d-", g_rand_int_range (random, 0, 1 << (bits % 7 + 4)));
        wire = write_message (h3_view (text->str, text->len));
        wire.length += CODER_TAIL.length;
        g_byte_array_set_size (found, 0);
        /* By the byte, so that only the window can be referred to. */
        do {
            result = coder_step (decoder, &wire, CODER_FLUSH, room, 1, &room_length);
            g_byte_array_append (found, (guint8 *) room, (guint) room_length);
        } while (result == CODER_FULL);
        ck_assert_int_eq (result, CODER_READY);
        ck_assert_uint_eq (found->len, text->len);
        ck_assert (memcmp (found->data, text->str, text->len) == 0);
    }
    g_clear_pointer (&encoder, coder_free);
    g_clear_pointer (&decoder, coder_free);
    g_rand_free (random);
}

START_TEST (bare_coder_stays_in_the_window_it_was_given)
{
    for (guint bits = 8; bits <= 15; bits++)
        assert_window (bits);
}
END_TEST

START_TEST (bare_coder_counts_each_message_where_the_bounds_are_set_again)
{
    decoder = coder_new_decoding (CODING_BARE, 0);
    for (guint n = 0; n < 3; n++) {
        coder_set_bounds (decoder, 5, 0);
        assert_message (H3_VIEW ("\xf2\x48\xcd\xc9\xc9\x07\x00"), H3_VIEW ("Hello"));
    }
    coder_set_bounds (decoder, 4, 0);
    ck_assert_int_eq (read_message (H3_VIEW ("\xf2\x48\xcd\xc9\xc9\x07\x00")), CODER_TOO_LARGE);
}
END_TEST

/* Final blocks cost what they are long, whatever the window holds. */
START_TEST (bare_coder_reads_many_final_blocks)
{
    g_autoptr (GByteArray) blocks = g_byte_array_new ();

    decoder = coder_new_decoding (CODING_BARE, 0);
    for (guint n = 0; n < 100000; n++)
        g_byte_array_append (blocks, (const guint8 *) "\x03\x00", 2);
    g_byte_array_append (blocks, (const guint8 *) "\0", 1);
    assert_message (h3_view ((const char *) blocks->data, blocks->len), H3_VIEW_EMPTY);
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("messages");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    tcase_add_test (tcase, bare_coder_reads_what_rfc_7692_shows);
    tcase_add_test (tcase, bare_coder_writes_what_rfc_7692_shows);
    tcase_add_test (tcase, bare_coder_writes_nothing_where_nothing_was_taken);
    tcase_add_test (tcase, bare_coder_forgets_its_window_when_it_is_reset);
    tcase_add_test (tcase, bare_coder_knows_the_end_of_a_message_in_any_room);
    tcase_add_test (tcase, bare_coder_refuses_a_message_that_is_cut);
    tcase_add_test (tcase, bare_coder_stays_in_the_window_it_was_given);
    tcase_add_test (tcase, bare_coder_counts_each_message_where_the_bounds_are_set_again);
    tcase_add_test (tcase, bare_coder_reads_many_final_blocks);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("format/coder-bare", add_cases);
}

/* SPDX-License-Identifier: MIT */

#include "h3/wire/ws-frame.h"

#include "tests/support/suite.h"

#include <string.h>

/* Each class of lengths at its edges, and what a head without a mask then takes. */
static const struct {
    guint64 length;
    gsize head;
} lengths[] = {
    { 0, 2 },           { 1, 2 },      { 124, 2 },    { 125, 2 },
    { 126, 4 },         { 127, 4 },    { 128, 4 },    { 65534, 4 },
    { 65535, 4 },       { 65536, 10 }, { 65537, 10 }, { G_GUINT64_CONSTANT (1) << 32, 10 },
    { G_MAXINT64, 10 },
};

START_TEST (head_that_was_written_is_read_and_no_shorter_one_is)
{
    for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
        for (guint masked = 0; masked < 2; masked++) {
            const WsFrameHead head = { .length = lengths[i].length,
                                       .opcode = WS_BINARY,
                                       .is_final = i % 2,
                                       .is_compressed = i % 3 == 0,
                                       .is_masked = (guint8) masked,
                                       .mask = { 1, 2, 3, 4 } };
            guint8 bytes[WS_FRAME_MAX_HEAD];
            gsize size = ws_frame_write_head (&head, bytes);
            WsFrameHead back = { 0 };

            ck_assert_uint_eq (size, lengths[i].head + 4 * masked);
            for (gsize part = 0; part < size; part++)
                ck_assert_int_eq (ws_frame_read_head (bytes, part, &back), 0);
            ck_assert_int_eq (ws_frame_read_head (bytes, size, &back), (gssize) size);
            ck_assert_uint_eq (back.length, head.length);
            ck_assert_uint_eq (back.opcode, WS_BINARY);
            ck_assert_uint_eq (back.is_final, head.is_final);
            ck_assert_uint_eq (back.is_compressed, head.is_compressed);
            ck_assert_uint_eq (back.is_masked, masked);
            ck_assert_int_eq (memcmp (back.mask, masked ? "\1\2\3\4" : "\0\0\0\0", 4), 0);
        }
}
END_TEST

/* The bytes, how many there are, and how many of them suffice to see it. */
static const struct {
    const char *bytes;
    gsize length, enough;
} malformed[] = {
    { "\x83\x00", 2, 1 }, /* reserved opcodes */
    { "\x87\x00", 2, 1 },
    { "\x8b\x00", 2, 1 },
    { "\x8f\x00", 2, 1 },
    { "\xa1\x00", 2, 1 }, /* reserved bits */
    { "\x91\x00", 2, 1 },
    { "\x09\x00", 2, 1 }, /* control in fragments */
    { "\x08\x00", 2, 1 },
    { "\xc9\x00", 2, 1 },         /* control, compressed */
    { "\x89\x7e\x00\x7e", 4, 2 }, /* control, 126 bytes */
    { "\x8a\xff\x00\x00\x00\x00\x00\x01\x00\x00", 10, 2 },
    { "\x82\x7e\x00\x7d", 4, 4 }, /* 125 in three bytes */
    { "\x82\x7e\x00\x00", 4, 4 },
    { "\x82\x7f\x00\x00\x00\x00\x00\x00\xff\xff", 10, 10 }, /* 65,535 in nine */
    { "\x82\x7f\x00\x00\x00\x00\x00\x00\x00\x01", 10, 10 },
    { "\x82\x7f\x80\x00\x00\x00\x00\x01\x00\x00", 10, 3 }, /* the topmost bit */
};

START_TEST (malformed_head_is_refused_at_the_first_byte_that_is)
{
    for (gsize i = 0; i < G_N_ELEMENTS (malformed); i++)
        for (gsize part = 1; part <= malformed[i].length; part++) {
            WsFrameHead head;
            gssize expected = part < malformed[i].enough ? 0 : -1;

            ck_assert_msg (ws_frame_read_head ((const guint8 *) malformed[i].bytes, part, &head)
                               == expected,
                           "case %zu, %zu bytes", i, part);
        }
}
END_TEST

START_TEST (mask_is_that_of_single_bytes_at_every_offset_and_length)
{
    static const guint8 mask[4] = { 0x11, 0x82, 0x43, 0xf4 };
    char from[80], to[80 + 2];

    for (gsize i = 0; i < sizeof from; i++)
        from[i] = (char) (i * 37);
    for (guint64 offset = 0; offset < 9; offset++)
        for (gsize length = 0; length <= sizeof from; length++) {
            memset (to, 'x', sizeof to);
            ws_frame_mask (to + 1, from, length, mask, offset);
            for (gsize i = 0; i < length; i++)
                ck_assert_int_eq ((guint8) to[1 + i], (guint8) from[i] ^ mask[(offset + i) % 4]);
            ck_assert_int_eq (to[0], 'x');
            ck_assert_int_eq (to[1 + length], 'x');
            ws_frame_mask (to + 1, to + 1, length, mask, offset);
            ck_assert_int_eq (memcmp (to + 1, from, length), 0);
        }
}
END_TEST

START_TEST (close_codes_are_those_that_may_be_sent)
{
    for (guint code = 0; code < 70000; code++) {
        gboolean may = (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014)
                       || (code >= 3000 && code <= 4999);

        ck_assert_int_eq (ws_frame_is_close_code (code), may);
    }
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "heads", head_that_was_written_is_read_and_no_shorter_one_is,
                    malformed_head_is_refused_at_the_first_byte_that_is, NULL);
    suite_add_case (suite, "payloads", mask_is_that_of_single_bytes_at_every_offset_and_length,
                    close_codes_are_those_that_may_be_sent, NULL);
}

int
main (void)
{
    return suite_run ("wire/ws-frame", add_tests);
}

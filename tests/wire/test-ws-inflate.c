/* SPDX-License-Identifier: MIT
 *
 * Compressed messages as ws-reader reads them. */

#include "h3/wire/ws-reader.h"

#include "tests/support/suite.h"
#include "tests/support/ws-peer.h"

#include <string.h>

#define LIMIT 100000

enum { COMPRESSED_TEXT = 0xc1, COMPRESSED_BEGIN = 0x41, COMPRESSED_BINARY = 0xc2 };

/* What was read, one letter a result, and the last content. */
typedef struct {
    WsReader reader;
    GString *trace; /* owned */
} Fixture;

static void
init (Fixture *fixture, gboolean forgets)
{
    ws_reader_init (&fixture->reader, FALSE, LIMIT);
    fixture->reader.may_inflate = TRUE;
    fixture->reader.forgets = forgets != FALSE;
    fixture->trace = g_string_new (NULL);
}

static void
clear (Fixture *fixture)
{
    ws_reader_clear (&fixture->reader);
    g_string_free (fixture->trace, TRUE);
}

static void
feed (Fixture *fixture, const guint8 *data, gsize length)
{
    g_autofree char *copy = g_memdup2 (data, MAX (length, 1));
    WsReader *reader = &fixture->reader;
    const char *at = copy;
    WsRead read;

    do {
        read = ws_reader_read (reader, &at, &length);
        if (read == WS_READ_MESSAGE && reader->content.length < 200)
            g_string_append_printf (fixture->trace, "(%s)", reader->content.data);
        else if (read == WS_READ_MESSAGE)
            g_string_append_printf (fixture->trace, "(%zu)", reader->content.length);
        else if (read == WS_READ_FAILED)
            g_string_append_printf (fixture->trace, "failed %u", reader->code);
    } while (read != WS_READ_MORE);
    ws_reader_rest (reader);
}

static void
assert_read (const GByteArray *bytes, gboolean forgets, const char *expected)
{
    for (gsize cut = 0; cut <= bytes->len; cut++) {
        Fixture fixture;

        init (&fixture, forgets);
        feed (&fixture, bytes->data, cut);
        feed (&fixture, bytes->data + cut, bytes->len - cut);
        ck_assert_str_eq (fixture.trace->str, expected);
        clear (&fixture);
    }
}

static void
add (GByteArray *bytes, guint8 first, const char *data, gsize length)
{
    ws_peer_add (bytes, first, TRUE, data, length);
}

#define HELLO "\xf2\x48\xcd\xc9\xc9\x07\x00"

/* RFC 7692 §7.2.3 */
START_TEST (published_examples_are_read)
{
    static const struct {
        const char *data;
        gsize length;
    } examples[] = {
        { HELLO, 7 },
        { "\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00", 11 },
        { "\xf3\x48\xcd\xc9\xc9\x07\x00\x00", 8 },
        { "\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00", 13 },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (examples); i++)
        for (guint forgets = 0; forgets < 2; forgets++) {
            g_autoptr (GByteArray) bytes = g_byte_array_new ();

            add (bytes, COMPRESSED_TEXT, examples[i].data, examples[i].length);
            assert_read (bytes, forgets != 0, "(Hello)");
        }
}
END_TEST

START_TEST (fragments_are_inflated_together)
{
    g_autoptr (GByteArray) bytes = g_byte_array_new ();

    add (bytes, COMPRESSED_BEGIN, HELLO, 3);
    ws_peer_add_text (bytes, PEER_PING, "between");
    add (bytes, PEER_MIDDLE, "", 0);
    add (bytes, PEER_LAST, &HELLO[3], 4);
    ws_peer_add_text (bytes, PEER_TEXT, "plain");
    assert_read (bytes, FALSE, "(Hello)(plain)");
}
END_TEST

START_TEST (messages_share_a_window_unless_that_was_given_up)
{
    g_autoptr (GByteArray) bytes = g_byte_array_new ();

    add (bytes, COMPRESSED_TEXT, HELLO, 7);
    add (bytes, COMPRESSED_TEXT, "\xf2\x00\x11\x00\x00", 5);
    assert_read (bytes, FALSE, "(Hello)(Hello)");
    assert_read (bytes, TRUE, "(Hello)failed 1007");
}
END_TEST

START_TEST (empty_message_is_one_byte)
{
    g_autoptr (GByteArray) bytes = g_byte_array_new ();

    add (bytes, COMPRESSED_TEXT, "\x00", 1);
    add (bytes, COMPRESSED_TEXT, HELLO, 7);
    assert_read (bytes, FALSE, "()(Hello)");
}
END_TEST

START_TEST (what_is_not_deflated_is_refused)
{
    g_autoptr (GByteArray) broken = g_byte_array_new ();
    g_autoptr (GByteArray) late = g_byte_array_new ();
    g_autoptr (GByteArray) latin = g_byte_array_new ();

    add (broken, COMPRESSED_TEXT, "\xff\xff\xff", 3);
    assert_read (broken, FALSE, "failed 1007");
    /* The bit belongs to the first frame. */
    add (late, PEER_BEGIN_TEXT, "x", 1);
    add (late, 0xc0, HELLO, 7);
    assert_read (late, FALSE, "failed 1002");
    /* Stored: one byte, which is no text. */
    add (latin, COMPRESSED_TEXT, "\x00\x01\x00\xfe\xff\xe4\x00", 7);
    assert_read (latin, FALSE, "failed 1007");
}
END_TEST

/* So many zeros as one compressed message. */
static void
add_bomb (GByteArray *bytes, gsize length)
{
    g_autoptr (Coder) coder = coder_new_encoding (CODING_BARE, CODER_LEVEL_DEFAULT, 0);
    g_autoptr (GByteArray) output = g_byte_array_new ();
    g_autofree char *zeros = g_malloc0 (length);

    ck_assert_int_eq (coder_append (coder, h3_view (zeros, length), CODER_FLUSH, output),
                      CODER_READY);
    add (bytes, COMPRESSED_BINARY, (const char *) output->data, output->len - CODER_TAIL.length);
}

START_TEST (limit_is_of_what_comes_out)
{
    for (gsize length = LIMIT - 1; length <= LIMIT + 1; length++) {
        g_autoptr (GByteArray) bytes = g_byte_array_new ();
        g_autofree char *expected = g_strdup_printf ("(%zu)", length);

        add_bomb (bytes, length);
        ck_assert_uint_lt (bytes->len, 1000);
        assert_read (bytes, FALSE, length <= LIMIT ? expected : "failed 1009");
    }
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "messages", published_examples_are_read, fragments_are_inflated_together,
                    messages_share_a_window_unless_that_was_given_up, empty_message_is_one_byte,
                    NULL);
    suite_add_case (suite, "faults", what_is_not_deflated_is_refused, limit_is_of_what_comes_out,
                    NULL);
}

int
main (void)
{
    return suite_run ("wire/ws-inflate", add_tests);
}

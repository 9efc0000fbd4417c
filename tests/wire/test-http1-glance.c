/* SPDX-License-Identifier: MIT */

#include "h3/wire/http1-glance.h"

#include "tests/support/head-cuts.h"
#include "tests/support/suite.h"
#include "tests/conformance/wire-cases.h"
#include "tests/conformance/wire-limits.h"

/* The same source as a processor without vectors has it. */
gboolean glance_bytewise (HeadIndex *index, const H3Limits *limits, const char *data, gsize length);
#define HTTP1_SCAN_BYTEWISE
#define http1_glance glance_bytewise
#include "h3/wire/http1-glance.c"
#undef http1_glance

static const char *const ordinary[] = {
    "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET /plaintext HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "GET /a.b/%7Ec?q=x&r=[1];s HTTP/1.1\r\nHost: localhost:8080\r\nUser-Agent: curl/7.88.1\r\n"
    "Accept: */*\r\n\r\n",
    "POST /form HTTP/1.1\r\nhost:a\r\nX_y2: z\r\nContent-Type: text/plain\r\n"
    "Content-Length: 3\r\nCookie: a=\xc3\xa9; b=1\r\nExpect: 100-continue\r\n\r\nabc",
    "GET /chat HTTP/1.1\r\nHost: server.example.com\r\nUpgrade: websocket\r\n"
    "Connection: keep-alive, Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nX:\ty\r\n\r\n",
    "GET / HTTP/1.0\r\nHOST: a\r\nX: a\tb \r\nY:\r\n\r\n",
};
/* The last two have what is left to the lint. */
#define N_TAKEN (G_N_ELEMENTS (ordinary) - 2)

static H3Limits limits;

static void
set_up (void)
{
    guint32 seed = g_random_int ();

    g_random_set_seed (seed);
    g_print ("seed %u\n", seed);
    h3_limits_init (&limits);
}

typedef gboolean (*Glance) (HeadIndex *index, const H3Limits *limits, const char *data,
                            gsize length);

/* Over a copy with nothing behind it. What is taken is what the lint says of the same bytes, told
 * to it one by one. */
static gboolean
glance_checked (Glance glance, H3View bytes)
{
    g_autofree char *copy = g_memdup2 (bytes.data, bytes.length);
    HeadField fields[HEAD_MAX_FIELDS];
    HeadIndex index = { .fields = fields, .max_fields = HEAD_MAX_FIELDS };
    gsize first = 1;
    Linted linted;

    if (!glance (&index, &limits, copy, bytes.length))
        return FALSE;
    linted_read_cut (&linted, &limits, bytes, &first, 1);
    ck_assert_msg (linted.result == LINT_WHOLE, "taken, but refused with %u: %.*s", linted.status,
                   H3_VIEW_ARGS (bytes));
    ck_assert_msg (head_indexes_are_equal (&index, &linted.index), "another index: %.*s",
                   H3_VIEW_ARGS (bytes));
    return TRUE;
}

static const Glance glances[] = { http1_glance, glance_bytewise };

START_TEST (glance_takes_what_is_ordinary)
{
    set_up ();
    for (guint way = 0; way < G_N_ELEMENTS (glances); way++) {
        for (guint i = 0; i < G_N_ELEMENTS (ordinary); i++)
            ck_assert_msg (glance_checked (glances[way], h3_view_of (ordinary[i])) == (i < N_TAKEN),
                           "way %u: %s", way, ordinary[i]);
    }
}
END_TEST

START_TEST (glance_takes_no_part_of_a_head)
{
    set_up ();
    for (guint way = 0; way < G_N_ELEMENTS (glances); way++) {
        for (guint i = 0; i < N_TAKEN; i++) {
            gsize whole = (gsize) (strstr (ordinary[i], "\r\n\r\n") + 4 - ordinary[i]);

            for (gsize length = 0; length < whole; length++)
                ck_assert (!glance_checked (glances[way], h3_view (ordinary[i], length)));
        }
    }
}
END_TEST

START_TEST (glance_takes_nothing_else_wherever_a_byte_is_changed)
{
    set_up ();
    for (guint i = 0; i < G_N_ELEMENTS (ordinary); i++) {
        gsize length = strlen (ordinary[i]);
        g_autofree char *text = g_strdup (ordinary[i]);

        for (gsize at = 0; at < length; at++) {
            for (guint byte = 0; byte < 256; byte++) {
                text[at] = (char) byte;
                ck_assert_int_eq (glance_checked (http1_glance, h3_view (text, length)),
                                  glance_checked (glance_bytewise, h3_view (text, length)));
            }
            text[at] = ordinary[i][at];
        }
    }
}
END_TEST

/* A few bytes of those that mean something, or any, put in the place of others or between them. */
static void
mutate (GString *text)
{
    static const char telling[] = "\r\n\t :/?%.-aZ0\x7f\x80(";

    for (gint n = g_random_int_range (1, 5); n > 0; n--) {
        gssize at = g_random_int_range (0, (gint) text->len);
        char byte = g_random_boolean () ? telling[g_random_int_range (0, sizeof telling)]
                                        : (char) g_random_int_range (0, 256);

        if (g_random_boolean ())
            text->str[at] = byte;
        else if (g_random_boolean ())
            g_string_insert_c (text, at, byte);
        else if (text->len > 1)
            g_string_erase (text, at, 1);
    }
}

START_TEST (glance_says_of_random_heads_what_the_lint_says)
{
    set_up ();
    for (guint round = 0; round < 20000; round++) {
        GString *text = g_string_new (ordinary[round % G_N_ELEMENTS (ordinary)]);

        mutate (text);
        ck_assert_int_eq (glance_checked (http1_glance, h3_view (text->str, text->len)),
                          glance_checked (glance_bytewise, h3_view (text->str, text->len)));
        g_string_free (text, TRUE);
    }
}
END_TEST

static void
assert_case (const WireCase *wire_case, gpointer user_data)
{
    ck_assert_int_eq (glance_checked (http1_glance, wire_case->bytes),
                      glance_checked (glance_bytewise, wire_case->bytes));
}

START_TEST (glance_takes_of_the_wire_cases_what_the_lint_takes)
{
    set_up ();
    wire_cases_foreach (assert_case, NULL);
}
END_TEST

START_TEST (glance_takes_nothing_beyond_a_limit)
{
    static const gsize at[] = { 20, 128, 256 };

    set_up ();
    limits.target = (gint64) at[WIRE_LIMIT_TARGET];
    limits.field_line = (gint64) at[WIRE_LIMIT_FIELD_LINE];
    limits.head = (gint64) at[WIRE_LIMIT_HEAD];
    for (guint limit = 0; limit < WIRE_LIMIT_FIELDS; limit++) {
        for (guint way = 0; way < G_N_ELEMENTS (glances); way++) {
            GString *text = wire_limit_build (limit, at[limit] + 1);

            ck_assert (!glance_checked (glances[way], h3_view (text->str, text->len)));
            g_string_free (text, TRUE);
        }
    }
}
END_TEST

START_TEST (glance_takes_no_more_fields_than_there_is_room_for)
{
    HeadField fields[3];
    const char *bytes = "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\nZ: z\r\n\r\n";

    set_up ();
    for (guint16 room = 1; room <= 3; room++) {
        HeadIndex index = { .fields = fields, .max_fields = room };

        ck_assert_int_eq (http1_glance (&index, &limits, bytes, strlen (bytes)), room == 3);
    }
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "taken", glance_takes_what_is_ordinary, glance_takes_no_part_of_a_head,
                    NULL);
    suite_add_case (suite, "the lint's answer",
                    glance_takes_nothing_else_wherever_a_byte_is_changed,
                    glance_says_of_random_heads_what_the_lint_says,
                    glance_takes_of_the_wire_cases_what_the_lint_takes, NULL);
    suite_add_case (suite, "limits", glance_takes_nothing_beyond_a_limit,
                    glance_takes_no_more_fields_than_there_is_room_for, NULL);
}

int
main (void)
{
    return suite_run ("wire/http1-glance", add_cases);
}

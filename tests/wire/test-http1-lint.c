/* SPDX-License-Identifier: MIT */

#include "tests/support/head-cuts.h"
#include "tests/support/suite.h"
#include "tests/support/wire-cases.h"

static H3Limits limits;

static void
set_up (void)
{
    guint32 seed = g_random_int ();

    g_random_set_seed (seed);
    g_print ("seed %u\n", seed);
    h3_limits_init (&limits);
}

/* What the lint passes is left to the reader: whole, and its answer the same in every cut. */
static void
assert_linted (const WireCase *wire_case, gpointer user_data)
{
    Linted linted;

    linted_read_all_ways (&linted, &limits, wire_case->name, wire_case->bytes);
    ck_assert_msg (linted.result != LINT_MORE, "%s: no answer", wire_case->name);
    if (wire_case->status == 0 || wire_case->stage != WIRE_HEAD)
        ck_assert_msg (linted.result == LINT_WHOLE, "%s: refused with %u", wire_case->name,
                       linted.status);
    if (linted.result == LINT_REFUSED)
        ck_assert_msg (linted.status == wire_case->status, "%s: %u instead of %u", wire_case->name,
                       linted.status, wire_case->status);
}

START_TEST (lint_answers_every_case_the_same_in_every_cut)
{
    set_up ();
    wire_cases_foreach (assert_linted, NULL);
}
END_TEST

START_TEST (lint_refuses_each_wrong_line_itself)
{
    set_up ();
    for (guint i = 0; i < n_wire_line_cases; i++) {
        const WireCase *wire_case = &wire_line_cases[i];
        const char *name = wire_case->name;
        Linted linted;

        /* Targets and escapes are the reader's. */
        if (wire_case->status == 0 || wire_case->stage != WIRE_HEAD || strstr (name, "form")
            || strstr (name, "escape") || strstr (name, "over-long") || strstr (name, "foreign")
            || strstr (name, "asterisk") || strstr (name, "CONNECT") || strstr (name, "target"))
            continue;
        linted_read_cut (&linted, &limits, wire_case->bytes, NULL, 0);
        ck_assert_msg (linted.result == LINT_REFUSED, "%s: not refused", name);
    }
}
END_TEST

static void
assert_field (const Linted *linted, H3View bytes, guint i, const char *name, const char *value)
{
    const HeadField *field = &linted->fields[i];
    H3View found_name = h3_view (bytes.data + field->name, field->name_length);
    H3View found_value = h3_view (bytes.data + field->value, field->value_length);

    ck_assert_msg (h3_view_equal (found_name, h3_view_of (name)), "name %u: %.*s", i,
                   (int) found_name.length, found_name.data);
    ck_assert_msg (h3_view_equal (found_value, h3_view_of (value)), "value %u: '%.*s'", i,
                   (int) found_value.length, found_value.data);
}

START_TEST (index_tells_where_everything_lies)
{
    H3View bytes = H3_VIEW ("\r\nPOST /a.b?c=%41 HTTP/1.0\r\nhost: a\r\nX:\t v w \t\r\nY:\r\n"
                            "Content-Length: 3\r\nX: again\r\nTRANSFER-ENCODING:chunked\r\n"
                            "Expect: e\r\nUpgrade: u\r\nConnection: c\r\nContent-Type: t\r\n"
                            "\r\nabc");
    const HeadIndex *index;
    Linted linted;

    set_up ();
    linted_read_all_ways (&linted, &limits, "index", bytes);
    index = &linted.index;
    ck_assert_int_eq (linted.result, LINT_WHOLE);
    ck_assert_uint_eq (index->start, 2);
    ck_assert_uint_eq (index->method_length, 4);
    ck_assert_uint_eq (index->target, 7);
    ck_assert_uint_eq (index->target_length, 10);
    ck_assert_uint_eq (index->minor, 0);
    ck_assert_uint_eq (index->target_flags, TARGET_HAS_DOT | TARGET_HAS_QUERY | TARGET_HAS_ESCAPE);
    ck_assert_uint_eq (index->length, bytes.length - 3);
    ck_assert_uint_eq (index->n_fields, 10);
    ck_assert_uint_eq (index->doubled, 0);
    assert_field (&linted, bytes, 0, "host", "a");
    assert_field (&linted, bytes, 1, "X", "v w");
    assert_field (&linted, bytes, 2, "Y", "");
    assert_field (&linted, bytes, 3, "Content-Length", "3");
    assert_field (&linted, bytes, 4, "X", "again");
    assert_field (&linted, bytes, 5, "TRANSFER-ENCODING", "chunked");
    ck_assert_uint_eq (index->known[KNOWN_HOST], 1);
    ck_assert_uint_eq (index->known[KNOWN_CONTENT_LENGTH], 4);
    ck_assert_uint_eq (index->known[KNOWN_TRANSFER_ENCODING], 6);
    ck_assert_uint_eq (index->known[KNOWN_EXPECT], 7);
    ck_assert_uint_eq (index->known[KNOWN_UPGRADE], 8);
    ck_assert_uint_eq (index->known[KNOWN_CONNECTION], 9);
    ck_assert_uint_eq (index->known[KNOWN_CONTENT_TYPE], 10);
}
END_TEST

START_TEST (index_marks_each_known_field_that_is_doubled)
{
    static const char *const names[N_KNOWN] = {
        [KNOWN_HOST] = "Host",
        [KNOWN_CONTENT_TYPE] = "Content-Type",
        [KNOWN_CONNECTION] = "Connection",
        [KNOWN_CONTENT_LENGTH] = "Content-Length",
        [KNOWN_TRANSFER_ENCODING] = "Transfer-Encoding",
        [KNOWN_EXPECT] = "Expect",
        [KNOWN_UPGRADE] = "Upgrade",
    };

    set_up ();
    for (guint known = 0; known < N_KNOWN; known++) {
        g_autofree char *upper = g_ascii_strup (names[known], -1);
        g_autofree char *text = g_strdup_printf ("GET / HTTP/1.1\r\nX: y\r\n%s: 1\r\n%s: 2\r\n\r\n",
                                                 names[known], upper);
        Linted linted;

        linted_read_cut (&linted, &limits, h3_view_of (text), NULL, 0);
        ck_assert_int_eq (linted.result, LINT_WHOLE);
        ck_assert_uint_eq (linted.index.doubled, 1u << known);
        ck_assert_uint_eq (linted.index.known[known], 2);
    }
}
END_TEST

START_TEST (underscore_and_controls_are_no_dash_in_known_names)
{
    Linted linted;

    set_up ();
    linted_read_cut (&linted, &limits,
                     H3_VIEW ("GET / HTTP/1.1\r\nContent_Length: 1\r\nTransfer_Encoding: c\r\n"
                              "Content~Type: t\r\n\r\n"),
                     NULL, 0);
    ck_assert_int_eq (linted.result, LINT_WHOLE);
    for (guint known = 0; known < N_KNOWN; known++)
        ck_assert_uint_eq (linted.index.known[known], 0);
}
END_TEST

static void
assert_limit (WireLimit limit, gsize at)
{
    for (int over = -1; over <= 1; over++) {
        GString *text = wire_case_build_at_limit (limit, at, over);
        H3View bytes = h3_view (text->str, text->len);
        gsize cuts[] = { bytes.length / 3, bytes.length / 2, bytes.length - 5, bytes.length - 4,
                         bytes.length - 3, bytes.length - 2, bytes.length - 1 };
        Linted whole, cut;

        linted_read_cut (&whole, &limits, bytes, NULL, 0);
        linted_read_cut (&cut, &limits, bytes, cuts, G_N_ELEMENTS (cuts));
        ck_assert_int_eq (whole.result, over > 0 ? LINT_REFUSED : LINT_WHOLE);
        ck_assert_uint_eq (whole.status, over > 0 ? wire_limit_get_status (limit) : 0);
        ck_assert_int_eq (cut.result, whole.result);
        ck_assert_uint_eq (cut.status, whole.status);
        g_string_free (text, TRUE);
    }
}

START_TEST (limits_hold_below_at_and_above_them)
{
    set_up ();
    assert_limit (WIRE_LIMIT_TARGET, (gsize) limits.target);
    assert_limit (WIRE_LIMIT_FIELD_LINE, (gsize) limits.field_line);
    assert_limit (WIRE_LIMIT_HEAD, (gsize) limits.head);
    assert_limit (WIRE_LIMIT_FIELDS, (gsize) limits.fields);
}
END_TEST

START_TEST (limits_that_were_set_hold_in_every_cut)
{
    static const WireLimit all[] = { WIRE_LIMIT_TARGET, WIRE_LIMIT_FIELD_LINE, WIRE_LIMIT_HEAD };

    set_up ();
    limits.target = 20;
    limits.field_line = 64;
    limits.head = 256;
    for (guint i = 0; i < G_N_ELEMENTS (all); i++) {
        gsize at = (gsize) (i == 0 ? limits.target : i == 1 ? limits.field_line : limits.head);

        if (all[i] == WIRE_LIMIT_HEAD)
            limits.field_line = 8192;
        for (int over = -1; over <= 1; over++) {
            GString *text = wire_case_build_at_limit (all[i], at, over);
            Linted linted;

            linted_read_all_ways (&linted, &limits, "limit", h3_view (text->str, text->len));
            ck_assert_uint_eq (linted.status, over > 0 ? wire_limit_get_status (all[i]) : 0);
            g_string_free (text, TRUE);
        }
    }
}
END_TEST

START_TEST (endless_lines_are_refused_before_their_end)
{
    static const char *const starts[] = { "", "GET /", "GET / HTTP/1.1\r\n",
                                          "GET / HTTP/1.1\r\nX:", "GET / HTTP/1.1\r\nX: y" };
    static const guint statuses[] = { 400, 414, 431, 431, 431 };

    set_up ();
    for (guint i = 0; i < G_N_ELEMENTS (starts); i++) {
        g_autofree char *text = g_malloc (10000);
        gsize length = strlen (starts[i]);
        Linted linted;

        memset (text, i == 3 ? ' ' : 'a', 10000);
        memcpy (text, starts[i], length);
        linted_read_cut (&linted, &limits, h3_view (text, 10000), NULL, 0);
        ck_assert_int_eq (linted.result, LINT_REFUSED);
        ck_assert_uint_eq (linted.status, statuses[i]);
    }
}
END_TEST

START_TEST (wrong_byte_is_refused_as_soon_as_it_is_there)
{
    Linted linted;

    set_up ();
    linted_read_cut (&linted, &limits, H3_VIEW ("GE("), NULL, 0);
    ck_assert_int_eq (linted.result, LINT_REFUSED);
    linted_read_cut (&linted, &limits, H3_VIEW ("GET /\""), NULL, 0);
    ck_assert_int_eq (linted.result, LINT_REFUSED);
    linted_read_cut (&linted, &limits, H3_VIEW ("GET / HTTP/1.1\r\nA B"), NULL, 0);
    ck_assert_int_eq (linted.result, LINT_REFUSED);
    linted_read_cut (&linted, &limits, H3_VIEW ("GET / HTTP/1.1\r\nA:\001"), NULL, 0);
    ck_assert_int_eq (linted.result, LINT_REFUSED);
}
END_TEST

START_TEST (every_byte_in_every_place_is_judged_by_its_class)
{
    set_up ();
    for (guint byte = 0; byte < 256; byte++) {
        for (guint place = 0; place < 20; place++) {
            g_autofree char *text =
                g_strdup ("GET / HTTP/1.1\r\nHost: a\r\nX: 0123456789abcdefghijklmn\r\n\r\n");
            gboolean is_control = (byte < 0x20 && byte != '\t') || byte == 0x7f;
            Linted linted;

            text[28 + place] = (char) byte;
            linted_read_cut (&linted, &limits, h3_view (text, 57), NULL, 0);
            ck_assert_msg ((linted.result == LINT_REFUSED) == is_control,
                           "byte %u at %u of a value: %d", byte, place, linted.result);
        }
    }
}
END_TEST

START_TEST (empty_line_alone_has_not_begun_a_head)
{
    HeadField fields[4];
    Http1Lint lint;

    set_up ();
    http1_lint_init (&lint, fields, 4);
    ck_assert (!http1_lint_has_begun (&lint));
    ck_assert_int_eq (http1_lint_step (&lint, &limits, "\r", 1), LINT_MORE);
    ck_assert (!http1_lint_has_begun (&lint));
    ck_assert_int_eq (http1_lint_step (&lint, &limits, "\r\n", 2), LINT_MORE);
    ck_assert (!http1_lint_has_begun (&lint));
    ck_assert_int_eq (http1_lint_step (&lint, &limits, "\r\nG", 3), LINT_MORE);
    ck_assert (http1_lint_has_begun (&lint));
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "cases", lint_answers_every_case_the_same_in_every_cut,
                    lint_refuses_each_wrong_line_itself,
                    wrong_byte_is_refused_as_soon_as_it_is_there,
                    every_byte_in_every_place_is_judged_by_its_class, NULL);
    suite_add_case (suite, "index", index_tells_where_everything_lies,
                    index_marks_each_known_field_that_is_doubled,
                    underscore_and_controls_are_no_dash_in_known_names,
                    empty_line_alone_has_not_begun_a_head, NULL);
    suite_add_case (suite, "limits", limits_hold_below_at_and_above_them,
                    limits_that_were_set_hold_in_every_cut,
                    endless_lines_are_refused_before_their_end, NULL);
}

int
main (void)
{
    return suite_run ("wire/http1-lint", add_cases);
}

/* SPDX-License-Identifier: MIT */

#include "h3/workflow/step-output.h"
#include "tests/support/suite.h"

#include <string.h>

typedef struct {
    GString *lines; /* each behind a '|', a cut one behind a '!' */
    guint n_lines;
    gsize longest;
} Told;

static void
on_line (const char *text, gsize length, gboolean is_cut, gpointer data)
{
    Told *told = data;

    ck_assert (g_utf8_validate (text, (gssize) length, NULL));
    told->n_lines++;
    told->longest = MAX (told->longest, length);
    g_string_append_c (told->lines, is_cut ? '!' : '|');
    g_string_append_len (told->lines, text, (gssize) length);
}

/* (transfer full): what is told of `text`, which comes in pieces of that size. */
static char *
tell (const char *text, gsize length, gsize max, gsize piece)
{
    Told told = { g_string_new (NULL), 0, 0 };
    StepOutput output;

    step_output_init (&output, max, TRUE, on_line, &told);
    for (gsize i = 0; i < length; i += piece)
        step_output_add (&output, text + i, MIN (piece, length - i));
    step_output_finish (&output);
    ck_assert_uint_le (output.n_kept, max);
    ck_assert_uint_eq (output.whole->len, output.n_kept);
    ck_assert_uint_eq (told.lines->len, output.n_kept + told.n_lines);
    step_output_clear (&output);
    step_output_clear (&output);
    return g_string_free (told.lines, FALSE);
}

static void
expect (const char *text, gsize length, gsize max, const char *wanted)
{
    for (gsize piece = 1; piece <= length; piece++) {
        g_autofree char *told = tell (text, length, max, piece);

        ck_assert_msg (strcmp (told, wanted) == 0, "in pieces of %zu: '%s' is not '%s'", piece,
                       told, wanted);
    }
}

#define EXPECT(text, max, wanted) expect (text, sizeof (text) - 1, max, wanted)

START_TEST (output_is_told_by_lines_wherever_it_is_cut)
{
    EXPECT ("one\ntwo\n\nlast", 100, "|one\n|two\n|\n|last");
    EXPECT ("a\r\nb\n", 100, "|a\r\n|b\n");
    EXPECT ("\n", 1, "|\n");
}
END_TEST

START_TEST (output_that_is_no_utf8_is_repaired)
{
    EXPECT ("gr\303\274n \342\202\254 \360\237\230\200\n", 100,
            "|gr\303\274n \342\202\254 \360\237\230\200\n");
    EXPECT ("a\377b\n", 100, "|a\357\277\275b\n");
    EXPECT ("a\0b\n", 100, "|a\357\277\275b\n");
    EXPECT ("a\303\n", 100, "|a\357\277\275\n");
    /* A surrogate, and something overlong: each of their bytes. */
    EXPECT ("\355\240\200\300\257", 100,
            "|\357\277\275\357\277\275\357\277\275\357\277\275\357\277\275");
    /* The end in the middle of a character. */
    EXPECT ("x\342\202", 100, "|x\357\277\275");
}
END_TEST

START_TEST (output_beyond_what_is_kept_is_cut_once_and_marked)
{
    EXPECT ("one\ntwo\nthree\n", 6, "|one\n!tw");
    EXPECT ("one\ntwo\n", 4, "|one\n!");
    EXPECT ("one\n", 4, "|one\n");
    EXPECT ("one", 0, "!");
    /* No character is cut in two. */
    EXPECT ("a\342\202\254b", 3, "!a");
}
END_TEST

START_TEST (output_without_an_end_is_told_in_bounded_pieces)
{
    g_autoptr (GString) text = g_string_new (NULL);
    Told told = { g_string_new (NULL), 0, 0 };
    StepOutput output;

    g_string_append_c (text, 'a');
    while (text->len < STEP_LINE_MAX * 4)
        g_string_append (text, "\342\202\254");
    step_output_init (&output, 1 << 20, TRUE, on_line, &told);
    step_output_add (&output, text->str, text->len);
    ck_assert_uint_eq (told.n_lines, 4);
    ck_assert_uint_le (told.longest, STEP_LINE_MAX);
    ck_assert_uint_le (output.line->len, STEP_LINE_MAX);
    step_output_finish (&output);
    ck_assert_str_eq (output.whole->str, text->str);
    step_output_clear (&output);
    g_string_free (told.lines, TRUE);
}
END_TEST

static void
add (Suite *suite)
{
    suite_add_case (suite, "output", output_is_told_by_lines_wherever_it_is_cut,
                    output_that_is_no_utf8_is_repaired,
                    output_beyond_what_is_kept_is_cut_once_and_marked,
                    output_without_an_end_is_told_in_bounded_pieces, NULL);
}

int
main (void)
{
    return suite_run ("workflow/step-output", add);
}

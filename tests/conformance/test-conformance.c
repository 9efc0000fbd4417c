/* SPDX-License-Identifier: MIT
 *
 * The suite: every case, limit and exchange in all its ways, and the page that tells of them.
 * H3_CONFORMANCE_SAMPLE=N takes one in N at random, for builds that are slow, and tells its seed;
 * H3_CONFORMANCE_WRITE=FILE writes the page there instead of comparing it. */

#include "conformance-exchanges.h"
#include "conformance-report.h"
#include "conformance-ways.h"
#include "wire-limits.h"

#include "tests/support/suite.h"

#include <stdlib.h>

static TestServer server;

/* Under way: which row it is, and what has gone wrong so far. */
typedef struct {
    Way way;
    guint row, n_run, n_broken;
    GString *broken; /* owned */
    guint sample;    /* one in so many; 1: all */
    guint left_out;  /* before the next that is taken */
} Run;

static Run run;

static void
begin_run (Way way)
{
    const char *sample = g_getenv ("H3_CONFORMANCE_SAMPLE");
    guint32 seed = g_random_int ();

    run = (Run){ .way = way, .broken = g_string_new (NULL), .sample = 1 };
    if (sample != NULL && atoi (sample) > 1) {
        run.sample = (guint) atoi (sample);
        g_random_set_seed (seed);
        run.left_out = (guint) g_random_int_range (0, (gint) run.sample);
        g_print ("one in %u, seed %u\n", run.sample, seed);
    }
}

/* Of as many as a sample is taken from, one is taken for sure. */
static gboolean
is_sampled (void)
{
    if (run.left_out > 0) {
        run.left_out--;
        return FALSE;
    }
    if (run.sample > 1)
        run.left_out = (guint) g_random_int_range (0, 2 * (gint) run.sample - 1);
    return TRUE;
}

static void
end_run (void)
{
    g_print ("%u run\n", run.n_run);
    if (run.n_broken > 0)
        g_print ("%s", run.broken->str); /* too long for check */
    ck_assert_msg (run.n_broken == 0, "%u broken, see above", run.n_broken);
    ck_assert_uint_gt (run.n_run, 0);
    g_string_free (run.broken, TRUE);
}

/* `wrong` is (transfer full) (nullable). FALSE where something is. */
static gboolean
note (const char *name, gsize at, char *wrong)
{
    run.n_run++;
    if (wrong == NULL)
        return TRUE;
    if (run.n_broken++ < 40)
        g_string_append_printf (run.broken, "%s, at %" G_GSIZE_FORMAT ": %s", name, at, wrong);
    g_free (wrong);
    return FALSE;
}

static void
ask_case (const WireCase *row, gpointer user_data)
{
    WireExpected expected = wire_expected_of (row);
    gboolean holds = TRUE;

    for (gsize i = 1; run.way == WAY_SPLIT && i < row->bytes.length; i++) {
        if (is_sampled ())
            holds &= note (row->name, i, conformance_ask_memory (row->bytes, i, &expected));
    }
    if (run.way == WAY_WHOLE && is_sampled ())
        holds = note (row->name, 0,
                      conformance_ask_server (&server, row->bytes, G_MAXINT, &expected, 1));
    if (run.way == WAY_BYTES && is_sampled ())
        holds = note (row->name, 1, conformance_ask_server (&server, row->bytes, 1, &expected, 1));
    if (run.way == WAY_BEHIND && is_sampled ())
        holds = note (row->name, 0, conformance_ask_between (&server, row->bytes, &expected));
    conformance_report_mark_case (run.row++, run.way, holds);
}

static void
ask_case_in_memory_in_bytes (const WireCase *row, gpointer user_data)
{
    WireExpected expected = wire_expected_of (row);

    if (is_sampled ())
        conformance_report_mark_case (
            run.row, WAY_BYTES,
            note (row->name, 1, conformance_ask_memory_in_bytes (row->bytes, &expected)));
    run.row++;
}

static void
ask_cases_of_server (Way way)
{
    conformance_start_server (&server);
    begin_run (way);
    wire_cases_foreach (ask_case, NULL);
    end_run ();
    test_server_end (&server);
}

START_TEST (every_case_is_answered_whole)
{
    ask_cases_of_server (WAY_WHOLE);
}
END_TEST

START_TEST (every_case_is_answered_byte_by_byte)
{
    ask_cases_of_server (WAY_BYTES);
}
END_TEST

START_TEST (every_case_is_answered_between_good_requests)
{
    ask_cases_of_server (WAY_BEHIND);
}
END_TEST

START_TEST (every_case_is_answered_in_every_split)
{
    conformance_start_memory ();
    begin_run (WAY_SPLIT);
    wire_cases_foreach (ask_case, NULL);
    end_run ();
    conformance_end_memory ();
}
END_TEST

START_TEST (every_case_is_answered_when_each_byte_was_read)
{
    conformance_start_memory ();
    begin_run (WAY_BYTES);
    wire_cases_foreach (ask_case_in_memory_in_bytes, NULL);
    end_run ();
    conformance_end_memory ();
}
END_TEST

/* A limit with `over` more (or fewer). */
static void
ask_limit (WireLimit limit, int over, H3View bytes, gsize size)
{
    const WireLimitRow *row = &wire_limit_rows[limit];
    gboolean is_beyond = over > 0;
    const char *body = is_beyond ? row->body_beyond : row->body_within;
    g_autofree char *taken = g_strdup_printf ("%" G_GSIZE_FORMAT, size - (is_beyond ? 1 : 0));
    guint row_number = 3 * (guint) limit + (guint) (over + 1);
    gsize step = MAX (1, bytes.length / (bytes.length > 65536 ? 4 : 32));
    WireExpected expected = { .status = is_beyond ? row->status : row->within,
                              .ends = is_beyond && row->ends,
                              .sees = body != NULL && *body == '\0' ? taken : body };
    gboolean holds = TRUE;

    if (run.way == WAY_WHOLE)
        holds =
            note (row->name, size, conformance_ask_server (&server, bytes, G_MAXINT, &expected, 1));
    else if (run.way == WAY_BEHIND)
        holds = note (row->name, size, conformance_ask_between (&server, bytes, &expected));
    else if (run.way == WAY_BYTES)
        holds = note (
            row->name, size,
            conformance_ask_server (&server, bytes, bytes.length > 65536 ? 1000 : 1, &expected, 1));
    for (gsize i = 1; run.way == WAY_SPLIT && i < bytes.length; i += step)
        holds &= note (row->name, i, conformance_ask_memory (bytes, i, &expected));
    conformance_report_mark_limit (row_number, run.way, holds);
}

static void
ask_limits (Way way)
{
    H3Limits limits;

    h3_limits_init (&limits);
    begin_run (way);
    for (WireLimit limit = 0; limit < N_WIRE_LIMITS; limit++) {
        for (int over = -1; over <= 1; over++) {
            gsize size = (gsize) ((gssize) wire_limit_get (limit, &limits) + over);
            GString *text = wire_limit_build (limit, size);

            if (is_sampled ())
                ask_limit (limit, over, h3_view (text->str, text->len), size);
            g_string_free (text, TRUE);
        }
    }
    end_run ();
}

START_TEST (every_limit_holds_below_at_and_above_it)
{
    conformance_start_server (&server);
    ask_limits (WAY_WHOLE);
    ask_limits (WAY_BYTES);
    ask_limits (WAY_BEHIND);
    test_server_end (&server);
}
END_TEST

START_TEST (every_limit_holds_in_splits)
{
    conformance_start_memory ();
    ask_limits (WAY_SPLIT);
    conformance_end_memory ();
}
END_TEST

START_TEST (exchange_holds)
{
    conformance_report_begin_exchange ((guint) _i);
    conformance_exchanges_get ((guint) _i)->run ();
    conformance_report_end_exchange ((guint) _i);
}
END_TEST

/* A test that a lesson names is there. */
static void
assert_test_exists (const char *named)
{
    g_auto (GStrv) parts = g_strsplit (named, ": ", 2);
    const char *top = g_getenv ("top_srcdir");
    g_autofree char *path = g_build_filename (top != NULL ? top : ".", parts[0], NULL);
    g_autofree char *text = NULL;

    ck_assert_msg (g_file_get_contents (path, &text, NULL, NULL), "there is no %s", path);
    ck_assert_msg (parts[1] != NULL && strstr (text, parts[1]) != NULL, "there is no %s", named);
}

START_TEST (every_lesson_has_its_test)
{
    for (guint i = 0; i < n_conformance_lessons; i++) {
        g_auto (GStrv) tests = g_strsplit (conformance_lessons[i].tests, ", ", -1);

        for (guint k = 0; tests[k] != NULL; k++) {
            if (g_str_has_prefix (tests[k], "tests/"))
                assert_test_exists (tests[k]);
        }
    }
}
END_TEST

static void
write_page (const char *path, const char *page)
{
    g_autoptr (GError) error = NULL;

    if (!g_file_set_contents (path, page, -1, &error))
        ck_abort_msg ("%s", error->message);
}

START_TEST (page_of_the_manual_is_what_was_found)
{
    const char *asked = g_getenv ("H3_CONFORMANCE_WRITE");
    const char *builddir = g_getenv ("top_builddir"), *srcdir = g_getenv ("top_srcdir");
    g_autofree char *page = conformance_report_write ();
    g_autofree char *built = NULL, *path = NULL, *committed = NULL;

    if (g_getenv ("H3_CONFORMANCE_SAMPLE") != NULL || !conformance_report_is_whole ())
        return;
    if (asked != NULL) {
        write_page (asked, page);
        return;
    }
    built = g_build_filename (builddir != NULL ? builddir : ".", "tests", "conformance",
                              "conformance.md", NULL);
    write_page (built, page);
    path = g_build_filename (srcdir != NULL ? srcdir : ".", "docs", "conformance.md", NULL);
    (void) g_file_get_contents (path, &committed, NULL, NULL);
    ck_assert_msg (g_strcmp0 (page, committed) == 0,
                   "docs/conformance.md is stale (the new one is %s): make conformance", built);
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *exchanges = tcase_create ("exchanges");

    suite_add_case (
        suite, "cases", every_case_is_answered_whole, every_case_is_answered_byte_by_byte,
        every_case_is_answered_between_good_requests, every_case_is_answered_in_every_split,
        every_case_is_answered_when_each_byte_was_read, NULL);
    suite_add_case (suite, "limits", every_limit_holds_below_at_and_above_it,
                    every_limit_holds_in_splits, NULL);
    tcase_add_loop_test (exchanges, exchange_holds, 0, (int) conformance_exchanges_count ());
    tcase_set_timeout (exchanges, 60);
    suite_add_tcase (suite, exchanges);
    suite_add_case (suite, "page", every_lesson_has_its_test, page_of_the_manual_is_what_was_found,
                    NULL);
}

int
main (void)
{
    conformance_report_init ();
    return suite_run ("conformance", add_cases);
}

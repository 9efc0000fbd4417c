/* SPDX-License-Identifier: MIT */

#include "response-cuts.h"

#include "h3/wire/http1-lint.h"

H3Limits response_limits;
static Http1ResponseReader *reader;
H3Method response_method;
const char *response_upgrade;

void
response_cuts_set_up (void)
{
    h3_limits_init (&response_limits);
    response_method = H3_METHOD_GET;
    response_upgrade = "";
    reader = http1_response_reader_new ();
}

void
response_cuts_tear_down (void)
{
    http1_response_reader_free (reader);
}

void
response_read_cut (ReadResponse *read, H3View bytes, const gsize *cuts, gsize n)
{
    LintResult result = LINT_MORE;
    Http1Lint lint;

    memset (read, 0, sizeof *read);
    http1_lint_init_response (&lint, read->fields, RESPONSE_MAX_FIELDS);
    for (gsize i = 0; i <= n; i++) {
        gsize length = i < n ? cuts[i] : bytes.length;
        g_autofree char *copy = g_memdup2 (bytes.data, length);

        ck_assert_int_eq (http1_lint_has_begun (&lint), i > 0 && cuts[i - 1] > 0);
        result = http1_lint_step (&lint, &response_limits, copy, length);
        if (result != LINT_MORE)
            break;
    }
    read->is_over = result != LINT_MORE;
    if (result == LINT_REFUSED)
        read->fault = http1_lint_explain (&lint);
    else if (result == LINT_WHOLE)
        read->fault = http1_response_read (reader, bytes.data, &lint.index, response_method,
                                           h3_view_of (response_upgrade), &read->response);
}

static gboolean
responses_are_equal (const Http1Response *a, const Http1Response *b)
{
    return a->status == b->status && a->minor == b->minor && a->framing == b->framing
           && a->length == b->length && a->has_length == b->has_length
           && a->keep_alive == b->keep_alive && a->is_upgrade == b->is_upgrade
           && h3_view_equal (a->reason, b->reason) && a->head.length == b->head.length
           && a->head.n_fields == b->head.n_fields && a->head.doubled == b->head.doubled
           && memcmp (a->head.known, b->head.known, sizeof a->head.known) == 0
           && (a->head.n_fields == 0
               || memcmp (a->head.fields, b->head.fields, a->head.n_fields * sizeof *a->head.fields)
                      == 0);
}

static void
assert_cut_is_same (const ReadResponse *whole, H3View bytes, const gsize *cuts, gsize n)
{
    ReadResponse cut;

    response_read_cut (&cut, bytes, cuts, n);
    ck_assert_msg (cut.is_over == whole->is_over && cut.fault == whole->fault,
                   "%.*s: whole %d (%s), cut at %zu %d (%s)", H3_VIEW_ARGS (bytes), whole->is_over,
                   whole->fault, cuts[0], cut.is_over, cut.fault);
    ck_assert_msg (!whole->is_over || whole->fault != NULL
                       || responses_are_equal (&whole->response, &cut.response),
                   "%.*s: cut at %zu it is another", H3_VIEW_ARGS (bytes), cuts[0]);
}

void
response_read_all_ways (ReadResponse *read, H3View bytes)
{
    g_autofree gsize *every = g_new (gsize, bytes.length + 1);

    response_read_cut (read, bytes, NULL, 0);
    for (gsize at = 0; at < bytes.length; at++) {
        assert_cut_is_same (read, bytes, &at, 1);
        every[at] = at;
    }
    assert_cut_is_same (read, bytes, every, bytes.length);
}

void
assert_response_taken (ReadResponse *read, H3View bytes)
{
    response_read_all_ways (read, bytes);
    ck_assert_msg (read->is_over && read->fault == NULL, "%.*s: %d, %s", H3_VIEW_ARGS (bytes),
                   read->is_over, read->fault);
}

void
assert_response_refused (H3View bytes, const char *fault)
{
    ReadResponse read;

    response_read_all_ways (&read, bytes);
    ck_assert_msg (read.fault != NULL, "%.*s: taken", H3_VIEW_ARGS (bytes));
    ck_assert_msg (strcmp (read.fault, fault) == 0, "%.*s: %s", H3_VIEW_ARGS (bytes), read.fault);
}

void
response_cuts_add_tests (Suite *suite, const TTest *const *tests, gsize n)
{
    TCase *test_case = tcase_create ("read");

    tcase_add_checked_fixture (test_case, response_cuts_set_up, response_cuts_tear_down);
    for (gsize i = 0; i < n; i++)
        tcase_add_test (test_case, tests[i]);
    suite_add_tcase (suite, test_case);
}

/* SPDX-License-Identifier: MIT */

#include "head-cuts.h"

#include <check.h>

/* One more step, over a copy that ends where `length` says. */
static void
step_over_copy (Http1Lint *lint, Linted *linted, const H3Limits *limits, H3View bytes, gsize length)
{
    g_autofree char *copy = g_memdup2 (bytes.data, length);

    linted->result = http1_lint_step (lint, limits, copy, length);
}

void
linted_read_cut (Linted *linted, const H3Limits *limits, H3View bytes, const gsize *cuts, gsize n)
{
    Http1Lint lint;

    memset (linted, 0, sizeof *linted);
    http1_lint_init (&lint, linted->fields, HEAD_MAX_FIELDS);
    for (gsize i = 0; i <= n; i++) {
        step_over_copy (&lint, linted, limits, bytes, i < n ? cuts[i] : bytes.length);
        if (linted->result != LINT_MORE)
            break;
    }
    linted->status = linted->result == LINT_REFUSED ? lint.status : 0;
    linted->index = lint.index;
}

gboolean
head_indexes_are_equal (const HeadIndex *a, const HeadIndex *b)
{
    return a->n_fields == b->n_fields && a->start == b->start && a->length == b->length
           && a->method_length == b->method_length && a->target == b->target
           && a->target_length == b->target_length && a->minor == b->minor
           && a->target_flags == b->target_flags && a->doubled == b->doubled
           && memcmp (a->known, b->known, sizeof a->known) == 0
           && memcmp (a->fields, b->fields, a->n_fields * sizeof *a->fields) == 0;
}

static void
assert_cut_is_same (const Linted *whole, const H3Limits *limits, const char *name, H3View bytes,
                    const gsize *cuts, gsize n)
{
    Linted cut;

    linted_read_cut (&cut, limits, bytes, cuts, n);
    ck_assert_msg (cut.result == whole->result && cut.status == whole->status,
                   "%s: whole %d with %u, cut in %u (first at %u) %d with %u", name, whole->result,
                   whole->status, (guint) n + 1, (guint) cuts[0], cut.result, cut.status);
    ck_assert_msg (whole->result != LINT_WHOLE
                       || head_indexes_are_equal (&whole->index, &cut.index),
                   "%s: another index when cut at %u", name, (guint) cuts[0]);
}

static void
assert_random_cuts (const Linted *whole, const H3Limits *limits, const char *name, H3View bytes)
{
    for (guint round = 0; round < 20; round++) {
        g_autofree gsize *cuts = g_new (gsize, bytes.length + 1);
        gsize n = 0;

        for (gsize at = 0; at < bytes.length; at++) {
            if (g_random_int_range (0, 8) == 0)
                cuts[n++] = at;
        }
        if (n > 0)
            assert_cut_is_same (whole, limits, name, bytes, cuts, n);
    }
}

void
linted_read_all_ways (Linted *linted, const H3Limits *limits, const char *name, H3View bytes)
{
    g_autofree gsize *every = g_new (gsize, bytes.length + 1);

    linted_read_cut (linted, limits, bytes, NULL, 0);
    for (gsize at = 0; at < bytes.length; at++) {
        assert_cut_is_same (linted, limits, name, bytes, &at, 1);
        every[at] = at;
    }
    assert_cut_is_same (linted, limits, name, bytes, every, bytes.length);
    assert_random_cuts (linted, limits, name, bytes);
}

void
read_head_init (ReadHead *head, const H3Limits *limits, H3View bytes)
{
    Linted *linted = &head->linted;

    memset (head, 0, sizeof *head);
    linted_read_cut (linted, limits, bytes, NULL, 0);
    ck_assert_msg (linted->result != LINT_MORE, "not whole: %.*s", (int) bytes.length, bytes.data);
    head->arena = h3_arena_new ();
    head->reader = http1_reader_new (limits);
    head->status = linted->status;
    if (linted->result == LINT_REFUSED)
        return;
    head->base = g_memdup2 (bytes.data, linted->index.length);
    head->status =
        http1_reader_read (head->reader, head->base, &linted->index, head->arena, &head->request);
}

void
read_head_clear (ReadHead *head)
{
    request_clear (&head->request);
    http1_reader_free (head->reader);
    h3_arena_free (head->arena);
    g_free (head->base);
}

/* SPDX-License-Identifier: MIT */

#include "h3/base/counters.h"
#include "h3/loop/clock.h"
#include "h3/net/buffers.h"
#include "tests/support/suite.h"

static Loop *loop;
static Buffers *buffers;

static void
set_up (void)
{
    loop = loop_new (NULL);
    buffers = buffers_new (loop);
}

static void
tear_down (void)
{
    buffers_free (buffers);
    loop_close (loop);
    loop_unref (loop);
    ck_assert_int_eq (counters_read (COUNTER_BUFFER_BYTES), 0);
}

START_TEST (buffers_come_in_four_classes_and_single_ones_above)
{
    static const gsize sizes[][2] = { { 0, 1024 },      { 1024, 1024 },    { 1025, 4096 },
                                      { 4097, 16384 },  { 16385, 65536 },  { 65536, 65536 },
                                      { 65537, 65537 }, { 100000, 100000 } };

    for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
        Buffer *buffer = buffers_take (buffers, sizes[i][0]);

        ck_assert_uint_eq (buffer->capacity, sizes[i][1]);
        ck_assert_uint_eq (buffer->start + buffer->end, 0);
        memset (buffer->data, 'x', buffer->capacity);
        buffers_give (buffers, buffer);
    }
    ck_assert_uint_eq (buffers_get_resting (buffers), 1024 + 4096 + 16384 + 65536);
    if (sizeof (gsize) > sizeof (guint32))
        ck_assert_ptr_null (buffers_take (buffers, (gsize) ((guint64) G_MAXUINT32 + 1)));
    buffers_give (buffers, NULL);
}
END_TEST

START_TEST (buffers_are_reused_and_empty)
{
    Buffer *buffer = buffers_take (buffers, 4000);
    Buffer *first = buffer;

    buffer->start = 1;
    buffer->end = 2;
    buffers_give (buffers, buffer);
    buffer = buffers_take (buffers, 2000);
    ck_assert_ptr_eq (buffer, first);
    ck_assert_uint_eq (buffer->start + buffer->end, 0);
    ck_assert_uint_eq (buffers_get_resting (buffers), 0);
    ck_assert_int_eq (counters_read (COUNTER_BUFFER_BYTES), 4096);
    buffers_give (buffers, buffer);
}
END_TEST

START_TEST (buffers_trim_frees_what_nobody_needed_since_the_last)
{
    Buffer *taken[4];

    for (guint i = 0; i < 4; i++)
        taken[i] = buffers_take (buffers, 1024);
    for (guint i = 0; i < 4; i++)
        buffers_give (buffers, taken[i]);
    buffers_trim (buffers);
    ck_assert_uint_eq (buffers_get_resting (buffers), 4096);
    taken[0] = buffers_take (buffers, 1024);
    buffers_give (buffers, taken[0]);
    buffers_trim (buffers);
    ck_assert_uint_eq (buffers_get_resting (buffers), 1024);
    buffers_trim (buffers);
    ck_assert_uint_eq (buffers_get_resting (buffers), 0);
}
END_TEST

START_TEST (buffers_that_rest_are_given_back_by_the_loop)
{
    clock_take_control ();
    buffers_give (buffers, buffers_take (buffers, 65536));
    for (guint i = 0; i < 3; i++) {
        clock_drive (10001);
        (void) loop_step (loop, FALSE);
    }
    ck_assert_uint_eq (buffers_get_resting (buffers), 0);
    ck_assert_int_eq (counters_read (COUNTER_BUFFER_BYTES), 0);
}
END_TEST

START_TEST (buffers_rest_up_to_a_bound)
{
    g_autoptr (GPtrArray) taken = g_ptr_array_new ();

    for (guint i = 0; i < 100; i++)
        g_ptr_array_add (taken, buffers_take (buffers, 65536));
    for (guint i = 0; i < 100; i++)
        buffers_give (buffers, taken->pdata[i]);
    ck_assert_uint_eq (buffers_get_resting (buffers), 4 * 1024 * 1024);
}
END_TEST

static void
add (Suite *suite)
{
    TCase *tcase = tcase_create ("buffers");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    tcase_add_test (tcase, buffers_come_in_four_classes_and_single_ones_above);
    tcase_add_test (tcase, buffers_are_reused_and_empty);
    tcase_add_test (tcase, buffers_trim_frees_what_nobody_needed_since_the_last);
    tcase_add_test (tcase, buffers_that_rest_are_given_back_by_the_loop);
    tcase_add_test (tcase, buffers_rest_up_to_a_bound);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("net/buffers", add);
}

/* SPDX-License-Identifier: MIT */

#include "assert-nothing-left.h"

#include "suite.h"

/* The counters before this one are of live things; those from it on only grow. */
#define FIRST_GROWING COUNTER_EVENTS_ACQUIRED

LiveSnapshot
live_snapshot_take (void)
{
    LiveSnapshot now;

    for (Counter i = 0; i < N_COUNTERS; i++)
        now.values[i] = counters_read (i);
    now.descriptors = suite_count_descriptors ();
    return now;
}

/* Each with what it is of, so that whose it is can be seen where it was found once in a hundred
 * runs. The folder's own is the last to be opened, and named with them. */
static void
append_descriptors (GString *text)
{
    g_autoptr (GDir) folder = g_dir_open ("/proc/self/fd", 0, NULL);
    const char *name;

    while (folder != NULL && (name = g_dir_read_name (folder)) != NULL) {
        g_autofree char *path = g_build_filename ("/proc/self/fd", name, NULL);
        g_autofree char *target = g_file_read_link (path, NULL);

        g_string_append_printf (text, "%s is %s; ", name, target != NULL ? target : "closed");
    }
}

char *
live_snapshot_dup_difference (const LiveSnapshot *before)
{
    LiveSnapshot now = live_snapshot_take ();
    GString *text = g_string_new (NULL);

    for (Counter i = 0; i < FIRST_GROWING; i++) {
        if (now.values[i] != before->values[i])
            g_string_append_printf (text,
                                    "%s: %" G_GINT64_FORMAT " before, %" G_GINT64_FORMAT " now; ",
                                    counters_get_name (i), before->values[i], now.values[i]);
    }
    if (now.descriptors != before->descriptors) {
        g_string_append_printf (text, "descriptors: %u before, %u now; ", before->descriptors,
                                now.descriptors);
        append_descriptors (text);
    }
    if (text->len == 0)
        return g_string_free (text, TRUE);
    g_string_truncate (text, text->len - 2);
    return g_string_free (text, FALSE);
}

void
assert_nothing_left (const LiveSnapshot *before)
{
    g_autofree char *difference = live_snapshot_dup_difference (before);

    ck_assert_msg (difference == NULL, "something was left behind: %s", difference);
}

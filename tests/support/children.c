/* SPDX-License-Identifier: MIT */

#include "children.h"

#include "suite.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>

Children
children_list (GPid parent)
{
    g_autofree char *path =
        g_strdup_printf ("/proc/%d/task/%d/children", (int) parent, (int) parent);
    g_autofree char *text = NULL;
    Children children = { .n = 0 };

    if (!g_file_get_contents (path, &text, NULL, NULL))
        return children;
    for (char *rest = text, *end; children.n < CHILDREN_MAX; rest = end) {
        long pid = strtol (rest, &end, 10);

        if (end == rest)
            break;
        children.all[children.n++] = (GPid) pid;
    }
    return children;
}

gboolean
children_have (const Children *children, GPid pid)
{
    for (guint i = 0; i < children->n; i++) {
        if (children->all[i] == pid)
            return TRUE;
    }
    return FALSE;
}

Children
children_await_others (GPid parent, guint n, const Children *before)
{
    for (;;) {
        Children now = children_list (parent);
        gboolean are_others = now.n == n;

        for (guint i = 0; i < now.n; i++)
            are_others = are_others && !children_have (before, now.all[i]);
        if (are_others)
            return now;
        (void) sched_yield ();
    }
}

void
children_expect_gone (const Children *children)
{
    for (guint i = 0; i < children->n; i++)
        ck_assert_msg (kill (children->all[i], 0) != 0 && errno == ESRCH, "process %d is left",
                       (int) children->all[i]);
}

/* SPDX-License-Identifier: MIT */

#include "h3/base/debug.h"
#include "tests/support/suite.h"

#include <sys/wait.h>
#include <unistd.h>

static guint told;

static void
count (const char *domain, GLogLevelFlags level, const char *message, gpointer user_data)
{
    told++;
}

/* How many of two messages are told in a process whose G_MESSAGES_DEBUG is `wish`, and is set to
 * another between them. */
static int
count_told (const char *wish)
{
    int status = 0;
    pid_t child = fork ();

    ck_assert_int_ge (child, 0);
    if (child == 0) {
        if (wish != NULL)
            g_setenv ("G_MESSAGES_DEBUG", wish, TRUE);
        else
            g_unsetenv ("G_MESSAGES_DEBUG");
        g_log_set_handler (G_LOG_DOMAIN, G_LOG_LEVEL_DEBUG, count, NULL);
        debug_tell ("%s", "one");
        g_setenv ("G_MESSAGES_DEBUG", "all", TRUE);
        debug_tell ("%s", "two");
        _exit ((int) told);
    }
    ck_assert_int_eq (waitpid (child, &status, 0), child);
    ck_assert (WIFEXITED (status));
    return WEXITSTATUS (status);
}

START_TEST (what_nobody_wants_is_not_told)
{
    ck_assert_int_eq (count_told (NULL), 0);
}
END_TEST

START_TEST (what_somebody_wants_is_told)
{
    ck_assert_int_eq (count_told ("h3"), 2);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "debug", what_nobody_wants_is_not_told, what_somebody_wants_is_told,
                    NULL);
}

int
main (void)
{
    return suite_run ("base/debug", add_tests);
}

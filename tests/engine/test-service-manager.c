/* SPDX-License-Identifier: MIT */

#include "h3/base/error.h"
#include "h3/engine/service-manager.h"
#include "tests/support/suite.h"

#include <string.h>
#include <unistd.h>

static ListenGroup *bound; /* owned: its socket is also descriptor 3 */

/* `expected`: the names, with blanks between; NULL: an error that has `names` of the row in it. */
static const struct {
    const char *pid, *count, *names, *expected;
} rows[] = {
    { "77", "2", "web:admin", "web admin" },
    { "77", "1", "web", "web" },
    { "77", "2", "web:", "web " },
    { "77", "2", NULL, "unknown unknown" },
    { "77", "0", NULL, "" },
    { "77", "0", "", "" },
    { "077", "1", "web", "web" },
    { "78", "1", "web", "" },
    { "-77", "1", "web", "" },
    { "77x", "1", "web", "" },
    { "", "1", "web", "" },
    { NULL, "1", "web", "" },
    { "77", NULL, "web", "" },
    { "77", "2", "web", NULL },
    { "77", "1", "web:admin", NULL },
    { "77", "", "web", NULL },
    { "77", "-1", "web", NULL },
    { "77", "1 ", "web", NULL },
    { "77", "4097", NULL, NULL },
    { "77", "18446744073709551617", "web", NULL },
};

START_TEST (sockets_are_read_as_systemd_says)
{
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autoptr (GError) error = NULL;
        g_auto (GStrv) names =
            service_manager_parse_sockets (rows[i].pid, rows[i].count, rows[i].names, 77, &error);
        g_autofree char *joined = names != NULL ? g_strjoinv (" ", names) : NULL;

        if (rows[i].expected != NULL) {
            ck_assert_msg (names != NULL, "row %u: %s", i, error != NULL ? error->message : "");
            ck_assert_str_eq (joined, rows[i].expected);
            continue;
        }
        ck_assert_msg (names == NULL, "row %u: %s", i, joined);
        ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
        ck_assert_ptr_nonnull (strstr (error->message, "LISTEN_FD"));
    }
}
END_TEST

/* `expected`: -1 is an error. */
START_TEST (watchdog_is_read_as_systemd_says)
{
    static const struct {
        const char *pid, *microseconds;
        gint64 expected;
    } cases[] = {
        { NULL, NULL, 0 },           { "77", NULL, 0 },
        { NULL, "30000000", 30000 }, { "77", "30000000", 30000 },
        { "78", "30000000", 0 },     { "78", "nonsense", 0 },
        { NULL, "1999", 1 },         { NULL, "999", -1 },
        { NULL, "0", -1 },           { NULL, "", -1 },
        { "77", "30s", -1 },         { NULL, "9223372036854775808", -1 },
    };

    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (GError) error = NULL;
        gint64 milliseconds = -1;
        gboolean is_read = service_manager_parse_watchdog (cases[i].pid, cases[i].microseconds, 77,
                                                           &milliseconds, &error);

        ck_assert_int_eq (milliseconds, cases[i].expected);
        ck_assert_int_eq (is_read, cases[i].expected >= 0);
        ck_assert_int_eq (error != NULL, cases[i].expected < 0);
    }
}
END_TEST

/* The environment is the whole process's: in one process this cannot run twice. */
START_TEST (sockets_stay_for_a_server_that_is_started_again)
{
    g_autofree char *pid = g_strdup_printf ("%d", (int) getpid ());

    g_setenv ("LISTEN_PID", pid, TRUE);
    g_setenv ("LISTEN_FDS", "1", TRUE);
    g_setenv ("LISTEN_FDNAMES", "web", TRUE);
    g_setenv ("LISTEN_PIDFDID", "1", TRUE);
    for (guint i = 0; i < 2; i++) {
        g_autoptr (GPtrArray) groups =
            g_ptr_array_new_with_free_func ((GDestroyNotify) listen_group_close);
        g_autoptr (GError) error = NULL;

        ck_assert_msg (service_manager_add_groups ("web", groups, &error), "%s",
                       error != NULL ? error->message : "");
        ck_assert_uint_eq (groups->len, 1);
        ck_assert_str_eq (listen_group_get_text (groups->pdata[0]), listen_group_get_text (bound));
        ck_assert_int_ne (listen_group_get_fd (groups->pdata[0], 0), SERVICE_FIRST_SOCKET);
        ck_assert (listen_group_is_same (groups->pdata[0], bound));
    }
    ck_assert_ptr_null (g_getenv ("LISTEN_PID"));
    ck_assert_ptr_null (g_getenv ("LISTEN_FDS"));
    ck_assert_ptr_null (g_getenv ("LISTEN_FDNAMES"));
    ck_assert_ptr_null (g_getenv ("LISTEN_PIDFDID"));
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "environment", sockets_are_read_as_systemd_says,
                    watchdog_is_read_as_systemd_says,
                    sockets_stay_for_a_server_that_is_started_again, NULL);
}

int
main (void)
{
    int status;

    bound = listen_group_open ("127.0.0.1:0", 1, NULL);
    g_assert (bound != NULL);
    /* Before check has any descriptors; what make leaves there is nothing to a test. */
    if (listen_group_get_fd (bound, 0) != SERVICE_FIRST_SOCKET)
        g_assert (dup2 (listen_group_get_fd (bound, 0), SERVICE_FIRST_SOCKET) >= 0);
    status = suite_run ("engine/service-manager", add_cases);
    listen_group_close (bound);
    return status;
}

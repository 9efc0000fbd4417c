/* SPDX-License-Identifier: MIT
 *
 * h3d demo where libevent waits with poll () or select (): it serves all the same, and with select
 * () it has no descriptor that a set of them has no bit for. */

#include "tests/support/raw-client.h"
#include "tests/support/subprocess.h"
#include "tests/support/suite.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/select.h>

#define MANY 1100 /* more than a set has bits */

static const char *const with_poll[] = { "EVENT_NOEPOLL=1", NULL };
static const char *const with_select[] = { "EVENT_NOEPOLL=1", "EVENT_NOPOLL=1", NULL };

static Subprocess demo;

/* (transfer full): its address. */
static char *
start (const char *const *environment)
{
    SubprocessGifts gifts = { .environment = environment };

    subprocess_start_with (&demo, &gifts, "demo", "--listen", "127.0.0.1:0", "--workers", "1",
                           NULL);
    return subprocess_read_address (&demo);
}

static void
end (void)
{
    subprocess_signal (&demo, SIGTERM);
    ck_assert_int_eq (subprocess_wait (&demo), 0);
}

/* (transfer full) (nullable): a client that was answered, and stays; NULL where there is no room.
 */
static RawClient *
try_to_come (const char *address)
{
    RawClient *client = raw_client_new (address);
    g_autoptr (RawAnswer) answer = NULL;

    ck_assert (raw_client_send (client, "GET /plaintext HTTP/1.1\r\nHost: a\r\n\r\n"));
    answer = raw_client_read (client, FALSE);
    ck_assert_ptr_nonnull (answer);
    if (answer->status == 200)
        return client;
    ck_assert_uint_eq (answer->status, 503);
    raw_client_free (client);
    return NULL;
}

/* (transfer full): the same, as soon as there is room. */
static RawClient *
come (const char *address)
{
    RawClient *client;

    do
        client = try_to_come (address);
    while (client == NULL);
    return client;
}

/* The highest of its descriptors. */
static guint64
find_highest (guint *out_count)
{
    g_autofree char *path = g_strdup_printf ("/proc/%d/fd", (int) demo.pid);
    g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
    guint64 highest = 0;
    const char *name;

    ck_assert_ptr_nonnull (folder);
    for (*out_count = 0; (name = g_dir_read_name (folder)) != NULL; ++*out_count)
        highest = MAX (highest, g_ascii_strtoull (name, NULL, 10));
    return highest;
}

START_TEST (server_serves_with_poll)
{
    g_autofree char *address = start (with_poll);
    RawClient *client = come (address);

    raw_client_free (client);
    end ();
}
END_TEST

START_TEST (server_with_select_has_no_descriptor_beyond_its_sets)
{
    struct rlimit limit;
    g_autofree char *address = NULL;
    g_autofree char *told = NULL;
    g_autoptr (GPtrArray) clients =
        g_ptr_array_new_with_free_func ((GDestroyNotify) raw_client_free);
    guint count;

    ck_assert_int_eq (getrlimit (RLIMIT_NOFILE, &limit), 0);
    if (limit.rlim_max < MANY + 100) {
        g_print ("SKIP: there are too few descriptors for the clients\n");
        return;
    }
    limit.rlim_cur = MAX (limit.rlim_cur, MANY + 100);
    ck_assert_int_eq (setrlimit (RLIMIT_NOFILE, &limit), 0);
    address = start (with_select);
    /* Some who rest are closed to make room, others find none: that depends on the time. */
    for (guint i = 0; i < MANY; i++) {
        RawClient *client = try_to_come (address);

        if (client != NULL)
            g_ptr_array_add (clients, client);
    }
    ck_assert_uint_lt (find_highest (&count), FD_SETSIZE);
    ck_assert_uint_ge (count, FD_SETSIZE - 100);
    ck_assert_uint_ge (clients->len, 900);
    g_ptr_array_set_size (clients, 800);
    g_ptr_array_add (clients, come (address));
    subprocess_signal (&demo, SIGTERM);
    told = subprocess_read_errors (&demo);
    ck_assert_msg (strstr (told, "select ()") != NULL, "%s", told);
    ck_assert_int_eq (subprocess_wait (&demo), 0);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "ways to wait", server_serves_with_poll,
                    server_with_select_has_no_descriptor_beyond_its_sets, NULL);
}

int
main (void)
{
    return suite_run ("e2e/backends", add_tests);
}

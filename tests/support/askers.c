/* SPDX-License-Identifier: MIT */

#include "askers.h"

#include "raw-client.h"
#include "suite.h"

#include <sched.h>

static gboolean
ask (Asker *asker, RawClient **connection)
{
    g_autoptr (RawAnswer) found = NULL;
    g_autofree char *field = NULL;

    if (*connection == NULL)
        *connection = raw_client_try (asker->address);
    if (*connection == NULL || !raw_client_send (*connection, asker->request))
        return FALSE;
    found = raw_client_read (*connection, FALSE);
    if (found == NULL)
        return FALSE;
    field = raw_answer_dup_header (found, "Connection");
    if (g_strcmp0 (field, "close") == 0)
        g_clear_pointer (connection, raw_client_free);
    return found->status == 200 && found->is_whole;
}

static void *
ask_on (void *data)
{
    Asker *asker = data;
    RawClient *connection = NULL;

    while (!atomic_load (&asker->ends)) {
        if (!ask (asker, &connection)) {
            atomic_fetch_add (&asker->n_failed, 1);
            g_clear_pointer (&connection, raw_client_free);
        }
        atomic_fetch_add (&asker->n_asked, 1);
    }
    raw_client_free (connection);
    return NULL;
}

void
askers_start (Askers *askers, const char *address, const char *target)
{
    for (guint i = 0; i < N_ASKERS; i++) {
        Asker *asker = &askers->all[i];

        asker->address = address;
        asker->keeps = i % 2 == 1;
        asker->request = g_strdup_printf ("GET %s HTTP/1.1\r\nHost: a\r\n%s\r\n", target,
                                          asker->keeps ? "" : "Connection: close\r\n");
        atomic_init (&asker->ends, false);
        atomic_init (&asker->n_asked, 0);
        atomic_init (&asker->n_failed, 0);
        ck_assert_int_eq (pthread_create (&asker->thread, NULL, ask_on, asker), 0);
    }
}

void
askers_await (Askers *askers, guint n)
{
    for (guint i = 0; i < N_ASKERS; i++) {
        guint first = atomic_load (&askers->all[i].n_asked);

        while (atomic_load (&askers->all[i].n_asked) - first < n)
            (void) sched_yield ();
    }
}

void
askers_end (Askers *askers)
{
    for (guint i = 0; i < N_ASKERS; i++) {
        Asker *asker = &askers->all[i];
        guint n_failed, n_asked;

        atomic_store (&asker->ends, true);
        pthread_join (asker->thread, NULL);
        g_free (asker->request);
        n_asked = atomic_load (&asker->n_asked);
        n_failed = atomic_load (&asker->n_failed);
        ck_assert_uint_gt (n_asked, 0);
        ck_assert_msg (n_failed == 0, "%u of %u requests failed, on connections that %s", n_failed,
                       n_asked, asker->keeps ? "are kept" : "end");
    }
}

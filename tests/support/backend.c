/* SPDX-License-Identifier: MIT */

#include "backend.h"

#include <event2/event.h>
#include <string.h>

/* (transfer full): what libevent calls it. */
static char *
dup_name (void)
{
    struct event_base *base = event_base_new ();
    char *name;

    g_assert (base != NULL);
    name = g_strdup (event_base_get_method (base));
    event_base_free (base);
    return name;
}

gboolean
backend_is_epoll (void)
{
    g_autofree char *name = dup_name ();

    if (strcmp (name, "epoll") == 0)
        return TRUE;
    g_print ("SKIP: this wants loops that wait with epoll, not %s\n", name);
    return FALSE;
}

gboolean
backend_has_room (void)
{
    g_autofree char *name = dup_name ();

    if (strcmp (name, "select") != 0)
        return TRUE;
    g_print ("SKIP: this wants more descriptors than select () can wait for\n");
    return FALSE;
}

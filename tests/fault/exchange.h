/* SPDX-License-Identifier: MIT
 *
 * What a client does with a server of these tests, over a connection of its own: all there is to
 * HTTP, one thing each. Main thread, which is spared of faults meanwhile. */

#pragma once

#include <glib.h>

typedef struct {
    const char *address; /* borrowed */
    gboolean is_strict;  /* every answer comes, and is the right one; else a server may answer with
                            an error, or close */
    gboolean speaks_tls;
} ExchangeTerms;

typedef struct _Talk Talk;

typedef struct {
    const char *name;
    void (*run) (Talk *talk);
} Exchange;

guint exchange_count (void);
const Exchange *exchange_get (guint index);
/* By its name, which has to be one. */
const Exchange *exchange_find (const char *name);

/* Connects, has the exchange, closes. Fails the test where something comes that must not, or
 * nothing does for half a minute. */
void exchange_run (const Exchange *exchange, const ExchangeTerms *terms);

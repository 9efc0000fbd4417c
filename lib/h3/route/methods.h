/* SPDX-License-Identifier: MIT
 *
 * The methods that one router knows, each a bit of a set: those of RFC 9110 and QUERY always, and
 * those that a route named. Owned by a router; only read once that is frozen, then by any thread.
 */

#pragma once

#include <h3/base/arena.h>
#include <h3/base/view.h>
#include <h3/http/method.h>

#include <glib.h>

G_BEGIN_DECLS

/* Methods of routes are numbers: those of H3Method, then the router's own. H3_METHOD_OTHER is a
 * method that no route names; only routes for any method take it. */
#define METHODS_MAX_LENGTH    32
#define METHODS_MAX_OF_ROUTER 64 /* H3_METHOD_OTHER counts */

#define METHOD_BIT(method) ((method) != H3_METHOD_OTHER ? (guint64) 1 << (method) : 0)

typedef struct {
    char *custom[METHODS_MAX_OF_ROUTER - H3_N_METHODS]; /* owned */
    guint n_custom;
} Methods;

void methods_clear (Methods *methods);

/* The identity of the method called `name` (case counts, RFC 9110 §9.1), or H3_METHOD_OTHER. */
guint methods_find (const Methods *methods, H3View name);

/* Reads a blank-separated list, or `*` for any method, adding the names that are new.
 * FALSE, with nothing changed, and H3_ERROR_INVALID or H3_ERROR_LIMIT. */
gboolean methods_read (Methods *methods, const char *list, guint64 *out_set, gboolean *out_any,
                       GError **error);

/* The name of a method of the set. */
const char *methods_get_name (const Methods *methods, guint method);

/* Returns: (transfer none): the value of an Allow field for the set (RFC 9110 §10.2.1), until the
 * arena's next reset: methods known to all in the order of H3Method, then the others by name. */
const char *methods_format (const Methods *methods, guint64 set, H3Arena *arena);

G_END_DECLS

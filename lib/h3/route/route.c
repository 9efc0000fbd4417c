/* SPDX-License-Identifier: MIT */

#include "route.h"

#include "path-builder.h"
#include "route-inside.h"

#include <h3/base/error.h>

#include <stdatomic.h>

struct _H3Route {
    atomic_uint references;
    guint index;
    guint64 serial;
    gboolean frozen;
    gboolean is_essential;
    H3BodyMode body_mode;
    gsize body_max;
    guint deadline;
    Pattern *pattern;       /* owned */
    char *methods;          /* owned */
    char *name;             /* owned; NULL until set */
    GHashTable *data;       /* owned; char * to Datum, NULL until used */
    gpointer target;        /* owned through `destroy` */
    GDestroyNotify destroy; /* of `target`; may be NULL */
};

typedef struct {
    gpointer data; /* owned through `destroy` */
    GDestroyNotify destroy;
} Datum;

/* Values by the index of their parameter. */
typedef struct {
    const Pattern *pattern;                 /* borrowed: the route's */
    const char *values[PATTERN_MAX_PARAMS]; /* borrowed: the caller of h3_route_build_path () */
} Values;

G_DEFINE_BOXED_TYPE (H3Route, h3_route, h3_route_ref, h3_route_unref)

static void
datum_free (gpointer data)
{
    Datum *datum = data;

    if (datum->destroy != NULL)
        datum->destroy (datum->data);
    g_free (datum);
}

H3Route *
route_new (const char *methods, Pattern *pattern, guint index, gpointer target,
           GDestroyNotify destroy)
{
    static _Atomic guint64 last_serial;
    H3Route *route = g_new0 (H3Route, 1);

    atomic_init (&route->references, 1);
    route->index = index;
    route->serial = atomic_fetch_add_explicit (&last_serial, 1, memory_order_relaxed) + 1;
    route->body_mode = H3_BODY_BUFFERED;
    route->pattern = pattern;
    route->methods = g_strdup (methods);
    route->target = target;
    route->destroy = destroy;
    return route;
}

void
route_freeze (H3Route *route)
{
    route->frozen = TRUE;
}

gpointer
route_get_target (const H3Route *route)
{
    return route->target;
}

guint
route_get_index (const H3Route *route)
{
    return route->index;
}

guint64
route_get_serial (const H3Route *route)
{
    return route->serial;
}

const Pattern *
route_get_parsed (const H3Route *route)
{
    return route->pattern;
}

H3Route *
h3_route_ref (H3Route *route)
{
    g_return_val_if_fail (route != NULL, NULL);
    atomic_fetch_add_explicit (&route->references, 1, memory_order_relaxed);
    return route;
}

void
h3_route_unref (H3Route *route)
{
    if (route == NULL
        || atomic_fetch_sub_explicit (&route->references, 1, memory_order_acq_rel) != 1)
        return;
    if (route->destroy != NULL)
        route->destroy (route->target);
    g_clear_pointer (&route->data, g_hash_table_unref);
    g_free (route->name);
    g_free (route->methods);
    pattern_free (route->pattern);
    g_free (route);
}

const char *
h3_route_get_methods (const H3Route *route)
{
    g_return_val_if_fail (route != NULL, NULL);
    return route->methods;
}

const char *
h3_route_get_pattern (const H3Route *route)
{
    g_return_val_if_fail (route != NULL, NULL);
    return pattern_get_text (route->pattern);
}

const char *
h3_route_get_name (const H3Route *route)
{
    g_return_val_if_fail (route != NULL, NULL);
    return route->name;
}

const char *
h3_route_get_param_name (const H3Route *route, guint index)
{
    g_return_val_if_fail (route != NULL, NULL);
    if (index >= pattern_count_params (route->pattern))
        return NULL;
    return pattern_get_param_name (route->pattern, index);
}

gpointer
h3_route_get_data (const H3Route *route, const char *key)
{
    const Datum *datum;

    g_return_val_if_fail (route != NULL, NULL);
    g_return_val_if_fail (key != NULL, NULL);
    datum = route->data != NULL ? g_hash_table_lookup (route->data, key) : NULL;
    return datum != NULL ? datum->data : NULL;
}

H3BodyMode
h3_route_get_body_mode (const H3Route *route)
{
    g_return_val_if_fail (route != NULL, H3_BODY_NONE);
    return route->body_mode;
}

gsize
h3_route_get_body_max (const H3Route *route)
{
    g_return_val_if_fail (route != NULL, 0);
    return route->body_max;
}

guint
h3_route_get_deadline (const H3Route *route)
{
    g_return_val_if_fail (route != NULL, 0);
    return route->deadline;
}

void
h3_route_set_name (H3Route *route, const char *name)
{
    g_autofree char *old = NULL;

    g_return_if_fail (route != NULL);
    g_return_if_fail (!route->frozen);
    old = route->name;
    route->name = g_strdup (name);
}

void
h3_route_set_data_full (H3Route *route, const char *key, gpointer data, GDestroyNotify destroy)
{
    Datum *datum;

    g_return_if_fail (route != NULL);
    g_return_if_fail (key != NULL);
    g_return_if_fail (!route->frozen);
    if (route->data == NULL)
        route->data = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, datum_free);
    if (data == NULL) {
        g_hash_table_remove (route->data, key);
        return;
    }
    datum = g_new (Datum, 1);
    *datum = (Datum){ data, destroy };
    g_hash_table_replace (route->data, g_strdup (key), datum);
}

void
h3_route_set_body (H3Route *route, H3BodyMode mode, gsize max_bytes)
{
    g_return_if_fail (route != NULL);
    g_return_if_fail (!route->frozen);
    g_return_if_fail (mode <= H3_BODY_STREAMED);
    route->body_mode = mode;
    route->body_max = max_bytes;
}

void
h3_route_set_deadline (H3Route *route, guint milliseconds)
{
    g_return_if_fail (route != NULL);
    g_return_if_fail (!route->frozen);
    route->deadline = milliseconds;
}

gboolean
h3_route_is_essential (const H3Route *route)
{
    g_return_val_if_fail (route != NULL, FALSE);
    return route->is_essential;
}

void
h3_route_set_essential (H3Route *route, gboolean is_essential)
{
    g_return_if_fail (route != NULL);
    g_return_if_fail (!route->frozen);
    route->is_essential = is_essential;
}

/* The index of the parameter called `name`, or -1 and an error. */
static int
find_param (const H3Route *route, const char *name, GError **error)
{
    int index = pattern_find_param (route->pattern, h3_view_of (name));

    if (index < 0)
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                     "route pattern \"%s\" has no parameter \"%s\": leave the value out",
                     pattern_get_text (route->pattern), name);
    return index;
}

static const char *
look_up_param (const char *name, gpointer user_data)
{
    const Values *values = user_data;

    return values->values[pattern_find_param (values->pattern, h3_view_of (name))];
}

char *
h3_route_build_path (const H3Route *route, GError **error, const char *first_name, ...)
{
    Values values = { 0 };
    int index = 0;
    va_list arguments;

    g_return_val_if_fail (route != NULL, NULL);
    values.pattern = route->pattern;
    va_start (arguments, first_name);
    for (const char *name = first_name; name != NULL; name = va_arg (arguments, const char *)) {
        index = find_param (route, name, error);
        if (index < 0)
            break;
        values.values[index] = va_arg (arguments, const char *);
    }
    va_end (arguments);
    return index >= 0 ? path_builder_build (route->pattern, look_up_param, &values, error) : NULL;
}

static const char *
look_up_value (const char *name, gpointer user_data)
{
    return user_data != NULL ? g_hash_table_lookup (user_data, name) : NULL;
}

char *
h3_route_build_path_from_table (const H3Route *route, GHashTable *values, GError **error)
{
    GHashTableIter iter;
    gpointer name;

    g_return_val_if_fail (route != NULL, NULL);
    if (values != NULL) {
        g_hash_table_iter_init (&iter, values);
        while (g_hash_table_iter_next (&iter, &name, NULL)) {
            if (find_param (route, name, error) < 0)
                return NULL;
        }
    }
    return path_builder_build (route->pattern, look_up_value, values, error);
}

void
route_share_data (H3Route *to, const H3Route *from)
{
    if (from->data != NULL)
        to->data = g_hash_table_ref (from->data);
}

/* SPDX-License-Identifier: MIT */

#include "method.h"

static const H3View names[H3_N_METHODS] = {
    [H3_METHOD_OTHER] = { NULL, 0 },    [H3_METHOD_GET] = { "GET", 3 },
    [H3_METHOD_HEAD] = { "HEAD", 4 },   [H3_METHOD_POST] = { "POST", 4 },
    [H3_METHOD_PUT] = { "PUT", 3 },     [H3_METHOD_DELETE] = { "DELETE", 6 },
    [H3_METHOD_PATCH] = { "PATCH", 5 }, [H3_METHOD_OPTIONS] = { "OPTIONS", 7 },
    [H3_METHOD_QUERY] = { "QUERY", 5 }, [H3_METHOD_CONNECT] = { "CONNECT", 7 },
    [H3_METHOD_TRACE] = { "TRACE", 5 },
};

H3Method
h3_method_from_view (H3View name)
{
    if (name.length == 3 && memcmp (name.data, "GET", 3) == 0)
        return H3_METHOD_GET;
    for (int method = H3_METHOD_HEAD; method < H3_N_METHODS; method++) {
        if (h3_view_equal (names[method], name))
            return method;
    }
    return H3_METHOD_OTHER;
}

H3Method
h3_method_from_string (const char *name)
{
    g_return_val_if_fail (name != NULL, H3_METHOD_OTHER);
    return h3_method_from_view (h3_view_of (name));
}

const char *
h3_method_to_string (H3Method method)
{
    g_return_val_if_fail ((guint) method < H3_N_METHODS, NULL);
    return names[method].data;
}

/* SPDX-License-Identifier: MIT */

#include "limits.h"

#include <h3/base/error.h>

#include <stddef.h>
#include <string.h>

static const H3LimitInfo rows[] = {
#define X(field, option, default_value, minimum, maximum, what)                                    \
    { option, what, default_value, minimum, maximum, offsetof (H3Limits, field) },
    H3_LIMITS (X)
#undef X
};

void
h3_limits_init (H3Limits *limits)
{
    g_return_if_fail (limits != NULL);
#define X(field, option, default_value, minimum, maximum, what) limits->field = default_value;
    H3_LIMITS (X)
#undef X
}

const H3LimitInfo *
h3_limits_list (guint *out_n)
{
    g_return_val_if_fail (out_n != NULL, NULL);
    *out_n = G_N_ELEMENTS (rows);
    return rows;
}

static const H3LimitInfo *
find_row (const char *option)
{
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        if (strcmp (rows[i].option, option) == 0)
            return &rows[i];
    }
    return NULL;
}

gboolean
h3_limits_set (H3Limits *limits, const char *option, gint64 value, GError **error)
{
    const H3LimitInfo *row;

    g_return_val_if_fail (limits != NULL && option != NULL, FALSE);
    row = find_row (option);
    if (row == NULL) {
        g_set_error (error, H3_ERROR, H3_ERROR_NOT_FOUND, "there is no limit called '%s'", option);
        return FALSE;
    }
    if (value < row->minimum || value > row->maximum) {
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                     "%s takes %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT ", not %" G_GINT64_FORMAT,
                     option, row->minimum, row->maximum, value);
        return FALSE;
    }
    memcpy ((char *) limits + row->offset, &value, sizeof value);
    return TRUE;
}

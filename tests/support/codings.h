/* SPDX-License-Identifier: MIT
 *
 * Whether the library that is tested was built with what a test is about. Any thread. */

#pragma once

#include "h3/format/coder.h"

/* Of all codings that `list` names, as in a field; those that there are not anywhere count as had.
 * FALSE after saying so on the terminal. */
static inline gboolean
codings_are_had (const char *list)
{
    H3View rest = h3_view_of (list), token;

    while (h3_view_split (&rest, ',', &token)) {
        Coding coding;

        if (coding_parse (h3_view_trim (token), &coding) && !coding_is_supported (coding)) {
            g_print ("SKIP: the library was built without %s\n", coding_get_name (coding));
            return FALSE;
        }
    }
    return TRUE;
}

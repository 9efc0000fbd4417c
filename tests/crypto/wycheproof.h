/* SPDX-License-Identifier: MIT
 *
 * Project Wycheproof's cases, read where the published vectors lie. For one test program each. */

#pragma once

#include "tests/crypto/hex.h"
#include "tests/support/suite.h"

#include <jansson.h>
#include <string.h>

/* Called with each case and the group it stands in. */
typedef void (*WycheproofJudge) (json_t *group, json_t *one);

/* How many cases of the file `name` were judged: all it has, or none where it is not there. */
static inline guint
wycheproof_judge (const char *name, WycheproofJudge judge)
{
    g_autofree char *relative = g_strconcat ("wycheproof/", name, NULL);
    g_autofree char *path = suite_dup_vector_path (relative);
    json_t *all, *group, *one;
    size_t g, i;
    guint run = 0;

    if (path == NULL)
        return 0;
    all = json_load_file (path, 0, NULL);
    ck_assert_ptr_nonnull (all);
    json_array_foreach (json_object_get (all, "testGroups"), g, group)
    {
        json_array_foreach (json_object_get (group, "tests"), i, one)
        {
            judge (group, one);
            run++;
        }
    }
    ck_assert_uint_eq (run, (guint) json_integer_value (json_object_get (all, "numberOfTests")));
    json_decref (all);
    return run;
}

static inline const char *
wycheproof_string (json_t *object, const char *name)
{
    const char *string = json_string_value (json_object_get (object, name));

    ck_assert_msg (string != NULL, "a case has no %s", name);
    return string;
}

/* (transfer full) */
static inline GByteArray *
wycheproof_bytes (json_t *object, const char *name)
{
    return bytes_of_hex (wycheproof_string (object, name));
}

static inline gboolean
wycheproof_is_valid (json_t *one)
{
    return strcmp (wycheproof_string (one, "result"), "valid") == 0;
}

static inline int
wycheproof_id (json_t *one)
{
    return (int) json_integer_value (json_object_get (one, "tcId"));
}

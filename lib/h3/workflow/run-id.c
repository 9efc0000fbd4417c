/* SPDX-License-Identifier: MIT */

#include "run-id.h"

#include <h3/base/error.h>
#include <h3/base/random.h>
#include <h3/loop/clock.h>

#include <string.h>

#define TIME_LENGTH  10
#define CHANCE_BYTES 10

/* Without I, L, O and U, which people take for others. */
static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";

char *
run_id_new (GError **error)
{
    guint8 chance[CHANCE_BYTES];
    guint64 now = (guint64) clock_get_real (), bits = 0;
    char *id;
    guint n_bits = 0, at = TIME_LENGTH;

    if (!random_fill (chance, sizeof chance)) {
        g_set_error_literal (error, H3_ERROR, H3_ERROR_FAILED,
                             "a run's id: the system has no random bytes");
        return NULL;
    }
    id = g_malloc (RUN_ID_LENGTH + 1);
    for (guint i = 0; i < TIME_LENGTH; i++)
        id[TIME_LENGTH - 1 - i] = digits[(now >> (5 * i)) & 31];
    for (guint i = 0; i < CHANCE_BYTES; i++) {
        bits = bits << 8 | chance[i];
        for (n_bits += 8; n_bits >= 5; n_bits -= 5)
            id[at++] = digits[(bits >> (n_bits - 5)) & 31];
    }
    id[at] = '\0';
    return id;
}

gboolean
run_id_is_one (const char *text)
{
    for (guint i = 0; i < RUN_ID_LENGTH; i++) {
        if (text[i] == '\0' || strchr (digits, text[i]) == NULL)
            return FALSE;
    }
    return text[RUN_ID_LENGTH] == '\0';
}

/* SPDX-License-Identifier: MIT */

#include "timing.h"

#include <h3/http/event-inside.h>
#include <h3/loop/clock.h>

#include <float.h>
#include <math.h>
#include <string.h>

static gboolean
is_description (const char *text)
{
    for (; *text != '\0'; text++) {
        /* Whether a char may be negative is the processor's choice. */
        if ((guchar) *text < 0x20 || (guchar) *text >= 0x7f)
            return FALSE;
    }
    return TRUE;
}

/* Microseconds are as fine as the clock is; no exponent, whatever the number. */
static void
append_duration (GString *metric, double milliseconds)
{
    char digits[DBL_MAX_10_EXP + 16];
    gsize length;

    g_ascii_formatd (digits, sizeof digits, "%.3f", milliseconds);
    length = strlen (digits);
    while (digits[length - 1] == '0')
        length--;
    if (digits[length - 1] == '.')
        length--;
    g_string_append (metric, ";dur=");
    g_string_append_len (metric, digits, (gssize) length);
}

static void
append_description (GString *metric, const char *description)
{
    g_string_append (metric, ";desc=\"");
    for (; *description != '\0'; description++) {
        if (*description == '"' || *description == '\\')
            g_string_append_c (metric, '\\');
        g_string_append_c (metric, *description);
    }
    g_string_append_c (metric, '"');
}

gboolean
h3_event_add_timing (H3Event *event, const char *name, double milliseconds, const char *description)
{
    const char *before;
    g_autoptr (GString) metrics = NULL;

    g_return_val_if_fail (event != NULL && name != NULL, FALSE);
    g_return_val_if_fail (h3_headers_is_name (h3_view_of (name)), FALSE);
    g_return_val_if_fail (isfinite (milliseconds), FALSE);
    g_return_val_if_fail (description == NULL || is_description (description), FALSE);
    before = h3_response_get_header (&event->response, "Server-Timing");
    metrics = g_string_new (before);
    if (before != NULL)
        g_string_append (metrics, ", ");
    g_string_append (metrics, name);
    if (milliseconds >= 0)
        append_duration (metrics, milliseconds);
    if (description != NULL)
        append_description (metrics, description);
    return h3_response_set_header_always (&event->response, "Server-Timing", metrics->str);
}

gint64
h3_timing_start (void)
{
    return clock_get_precise ();
}

gboolean
h3_event_stop_timing (H3Event *event, const char *name, gint64 start, const char *description)
{
    return h3_event_add_timing (event, name, (double) (clock_get_precise () - start) / 1000,
                                description);
}

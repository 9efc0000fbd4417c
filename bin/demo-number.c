/* SPDX-License-Identifier: MIT */

#include "demo-number.h"

#include "demo-route.h"

#include <math.h>
#include <string.h>

gboolean
demo_parse_seconds (const char *text, double *out_seconds)
{
    char *end;

    if (text[strspn (text, "+-.0123456789eE")] != '\0')
        return FALSE;
    *out_seconds = g_ascii_strtod (text, &end);
    return end != text && *end == '\0' && isfinite (*out_seconds);
}

static gboolean
refuse (H3Event *event, const DemoNumber *number, const char *kind)
{
    h3_event_fail (event, h3_http_error_new (400, "%s is a %s from %.15g to %.15g", number->name,
                                             kind, number->minimum, number->maximum));
    return FALSE;
}

gboolean
demo_read_seconds (H3Event *event, const DemoNumber *number, double *out_value)
{
    const char *text = demo_get_query (event, number->name);

    *out_value = number->otherwise;
    if (text == NULL
        || (demo_parse_seconds (text, out_value) && *out_value >= number->minimum
            && *out_value <= number->maximum))
        return TRUE;
    return refuse (event, number, "number of seconds");
}

gboolean
demo_read_integer (H3Event *event, const DemoNumber *number, gint64 *out_value)
{
    const char *text = demo_get_query (event, number->name);

    *out_value = (gint64) number->otherwise;
    if (text == NULL
        || (g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, out_value, NULL)
            && (double) *out_value >= number->minimum && (double) *out_value <= number->maximum))
        return TRUE;
    return refuse (event, number, "whole number");
}

guint64
demo_get_count (H3Event *event, guint64 maximum)
{
    guint64 count = maximum;

    (void) h3_view_parse_uint (h3_view_of (h3_event_get_param (event, "n")), maximum, &count);
    return count;
}

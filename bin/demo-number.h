/* SPDX-License-Identifier: MIT
 *
 * Numbers that a client has chosen. Each is FALSE with the event answered 400 where it is none, or
 * out of its bounds. */

#pragma once

#include <h3/h3.h>

/* What a query field may be. */
typedef struct {
    const char *name; /* its letters in any case */
    double otherwise; /* where it is absent */
    double minimum;
    double maximum;
} DemoNumber;

/* Whole numbers only. */
gboolean demo_read_integer (H3Event *event, const DemoNumber *number, gint64 *out_value);
gboolean demo_read_seconds (H3Event *event, const DemoNumber *number, double *out_value);

/* A finite number of seconds, written in decimal. FALSE where `text` is none. */
gboolean demo_parse_seconds (const char *text, double *out_seconds);

/* The parameter `n` of the path, digits all, but never more than `maximum`. */
guint64 demo_get_count (H3Event *event, guint64 maximum);

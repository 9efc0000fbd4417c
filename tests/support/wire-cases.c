/* SPDX-License-Identifier: MIT */

#include "wire-cases.h"

void
wire_cases_foreach (WireCaseFunction function, gpointer user_data)
{
    const struct {
        const WireCase *rows;
        guint n;
    } tables[] = {
        { wire_line_cases, n_wire_line_cases },         { wire_field_cases, n_wire_field_cases },
        { wire_framing_cases, n_wire_framing_cases },   { wire_chunk_cases, n_wire_chunk_cases },
        { wire_accepted_cases, n_wire_accepted_cases },
    };

    for (guint i = 0; i < G_N_ELEMENTS (tables); i++) {
        for (guint k = 0; k < tables[i].n; k++)
            function (&tables[i].rows[k], user_data);
    }
}

static void
append_filler (GString *text, gsize length)
{
    for (gsize i = 0; i < length; i++)
        g_string_append_c (text, "abcdefghijklmnopqrstuvwxyz"[i % 26]);
}

/* Field lines of some 1,000 bytes until `total` is the length with the blank line. */
static void
append_head_of (GString *text, gsize total)
{
    while (text->len + 2 < total) {
        gsize left = total - 2 - text->len;
        gsize line = left < 2000 ? left : 1000;

        g_string_append (text, "X: ");
        append_filler (text, line - 5);
        g_string_append (text, "\r\n");
    }
    g_string_append (text, "\r\n");
}

GString *
wire_case_build_at_limit (WireLimit limit, gsize at, int over)
{
    GString *text = g_string_new (NULL);
    gsize size = (gsize) ((gssize) at + over);

    g_string_append (text, "GET /");
    if (limit == WIRE_LIMIT_TARGET)
        append_filler (text, size - 1);
    g_string_append (text, " HTTP/1.1\r\nHost: a\r\n");
    switch (limit) {
    case WIRE_LIMIT_FIELD_LINE:
        g_string_append (text, "X: ");
        append_filler (text, size - 3);
        g_string_append (text, "\r\n\r\n");
        break;
    case WIRE_LIMIT_HEAD:
        append_head_of (text, size);
        break;
    case WIRE_LIMIT_FIELDS:
        for (gsize i = 1; i < size; i++)
            g_string_append_printf (text, "X%" G_GSIZE_FORMAT ": v\r\n", i);
        g_string_append (text, "\r\n");
        break;
    default:
        g_string_append (text, "\r\n");
        break;
    }
    return text;
}

guint
wire_limit_get_status (WireLimit limit)
{
    return limit == WIRE_LIMIT_TARGET ? 414 : 431;
}

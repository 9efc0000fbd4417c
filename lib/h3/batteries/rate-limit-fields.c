/* SPDX-License-Identifier: MIT
 *
 * What a client is told of a limit: the fields of draft-ietf-httpapi-ratelimit-headers as they are
 * now, RateLimit and RateLimit-Policy, and the three of its first versions, which most clients
 * read. */

#include "rate-limit-private.h"

static void
set_number (H3Response *response, const char *name, gint64 number)
{
    char text[24];

    g_snprintf (text, sizeof text, "%" G_GINT64_FORMAT, number);
    (void) h3_response_set_header_always (response, name, text);
}

/* Another member of a list. */
static void
append (H3Response *response, const char *name, const char *member)
{
    const char *before = h3_response_get_header (response, name);
    g_autofree char *all = before != NULL ? g_strconcat (before, ", ", member, NULL) : NULL;

    (void) h3_response_set_header_always (response, name, all != NULL ? all : member);
}

/* Whether another limit has as little left, or less. */
static gboolean
is_told_already (const H3Response *response, gint64 remaining)
{
    const char *text = h3_response_get_header (response, "RateLimit-Remaining");
    guint64 before;

    return text != NULL && h3_view_parse_uint (h3_view_of (text), G_MAXINT64, &before)
           && (gint64) before <= remaining;
}

void
rate_limit_set_fields (const H3RateLimit *limit, const H3RateLimitVerdict *verdict,
                       H3Response *response)
{
    gint64 reset = rate_window_to_seconds (verdict->reset_after);
    char member[RATE_LIMIT_NAME_MAX + 64];

    if (verdict->error != NULL)
        return;
    if (!is_told_already (response, verdict->remaining)) {
        set_number (response, "RateLimit-Limit", limit->limit);
        set_number (response, "RateLimit-Remaining", verdict->remaining);
        set_number (response, "RateLimit-Reset", reset);
    }
    g_snprintf (member, sizeof member, "\"%s\";q=%" G_GINT64_FORMAT ";w=%" G_GINT64_FORMAT,
                limit->name, limit->limit, limit->length / 1000);
    append (response, "RateLimit-Policy", member);
    g_snprintf (member, sizeof member, "\"%s\";r=%" G_GINT64_FORMAT ";t=%" G_GINT64_FORMAT,
                limit->name, verdict->remaining, reset);
    append (response, "RateLimit", member);
}

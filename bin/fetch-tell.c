/* SPDX-License-Identifier: MIT */

#include "fetch-tell.h"

#include <stdio.h>
#include <unistd.h>

#define FIRST_MICROSECONDS G_USEC_PER_SEC
#define STEP_MICROSECONDS  (G_USEC_PER_SEC / 5)

void
fetch_tell_request (const H3ClientRequest *request, char **headers)
{
    g_printerr ("> %s %s\n", h3_client_request_get_method (request),
                h3_client_request_get_url (request));
    for (guint i = 0; headers != NULL && headers[i] != NULL; i++)
        g_printerr ("> %s\n", headers[i]);
    g_printerr (">\n");
}

static gboolean
tell_field (const char *name, const char *value, gpointer user_data)
{
    g_printerr ("< %s: %s\n", name, value);
    return TRUE;
}

void
fetch_tell_response (H3ClientResponse *response)
{
    guint redirects = h3_client_response_get_redirects (response);

    if (redirects > 0)
        g_printerr ("* %u redirects, to %s\n", redirects, h3_client_response_get_url (response));
    g_printerr ("< %u %s\n", h3_client_response_get_status (response),
                h3_client_response_get_reason (response));
    h3_headers_foreach (h3_client_response_get_headers (response), tell_field, NULL);
    g_printerr ("<\n");
}

static gboolean
append_field (const char *name, const char *value, gpointer user_data)
{
    g_string_append_printf (user_data, "%s: %s\r\n", name, value);
    return TRUE;
}

GString *
fetch_tell_dup_head (H3ClientResponse *response)
{
    GString *head = g_string_new (NULL);

    g_string_printf (head, "HTTP/1.1 %u %s\r\n", h3_client_response_get_status (response),
                     h3_client_response_get_reason (response));
    h3_headers_foreach (h3_client_response_get_headers (response), append_field, head);
    return g_string_append (head, "\r\n");
}

static double
to_seconds (gint64 microseconds)
{
    return (double) microseconds / G_USEC_PER_SEC;
}

void
fetch_tell_timing (const H3ClientResponse *response, gint64 total)
{
    H3ClientTiming timing;

    h3_client_response_get_timing (response, &timing);
    g_printerr ("name %.6f s, connection %.6f s, TLS %.6f s, first byte %.6f s, total %.6f s, "
                "redirects %u, connection %s\n",
                to_seconds (timing.name), to_seconds (timing.connect), to_seconds (timing.tls),
                to_seconds (timing.first_byte), to_seconds (total),
                h3_client_response_get_redirects (response), timing.is_reused ? "kept" : "new");
}

void
fetch_progress_begin (FetchProgress *progress, guint64 total)
{
    *progress = (FetchProgress){ .is_on = isatty (STDERR_FILENO),
                                 .began = g_get_monotonic_time (),
                                 .total = total };
}

static void
show (FetchProgress *progress, gint64 now)
{
    guint64 rate = progress->done * G_USEC_PER_SEC / (guint64) MAX (now - progress->began, 1);
    g_autofree char *done = g_format_size (progress->done);
    g_autofree char *total = g_format_size (progress->total);
    g_autofree char *pace = g_format_size (rate);

    if (progress->total > 0)
        g_printerr ("\r\033[K%s of %s (%u %%), %s/s", done, total,
                    (guint) (progress->done * 100 / progress->total), pace);
    else
        g_printerr ("\r\033[K%s, %s/s", done, pace);
    progress->is_shown = TRUE;
    progress->told = now;
}

void
fetch_progress_add (FetchProgress *progress, gsize n)
{
    gint64 now;

    progress->done += n;
    if (!progress->is_on)
        return;
    now = g_get_monotonic_time ();
    if (now - progress->began >= FIRST_MICROSECONDS && now - progress->told >= STEP_MICROSECONDS)
        show (progress, now);
}

void
fetch_progress_end (FetchProgress *progress)
{
    if (progress->is_shown)
        g_printerr ("\r\033[K");
    progress->is_on = progress->is_shown = FALSE;
}

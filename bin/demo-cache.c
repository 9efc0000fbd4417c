/* SPDX-License-Identifier: MIT
 *
 * Answers that a client may have already: validators, conditions, how long a copy is good. */

#include "demo.h"

#include "demo-inspect.h"
#include "demo-route.h"

/* RFC 9111 §1.2.2: what is longer counts as this. */
#define MAX_AGE 2147483648

/* What may be kept must not be taken for the answer to a page of another origin. */
static void
send_cacheable (H3Event *event)
{
    h3_response_add_vary (h3_event_get_response (event), "Origin");
    demo_send_request (event);
}

/* Whoever asks with a condition has a copy, and it is always good. */
static void
revalidate (H3Event *event, gpointer user_data)
{
    const H3Request *request = h3_event_get_request (event);
    g_autofree char *uuid = NULL;
    g_autofree char *etag = NULL;

    if (h3_request_get_header (request, "If-Modified-Since") != NULL
        || h3_request_get_header (request, "If-None-Match") != NULL) {
        h3_event_send_empty (event, 304);
        return;
    }
    uuid = g_uuid_string_random ();
    etag = g_strdup_printf ("\"%s\"", uuid);
    h3_event_set_etag (event, etag);
    h3_event_set_last_modified (event, g_get_real_time () / G_USEC_PER_SEC);
    send_cacheable (event);
}

static void
cache_for (H3Event *event, gpointer user_data)
{
    g_autofree char *directives = NULL;
    guint64 seconds;

    if (!demo_read_param (event, "seconds", 0, MAX_AGE, &seconds))
        return;
    directives = g_strdup_printf ("public, max-age=%" G_GUINT64_FORMAT, seconds);
    h3_event_set_cache_control (event, directives);
    send_cacheable (event);
}

/* `W/"x"` and `"x"` are tags already; anything else becomes one in quotes. */
static void
check_tag (H3Event *event, gpointer user_data)
{
    const char *given = h3_event_get_param (event, "etag");
    g_autofree char *etag =
        h3_etag_is_valid_string (given) ? g_strdup (given) : g_strdup_printf ("\"%s\"", given);

    if (!h3_etag_is_valid_string (etag))
        h3_event_fail_status (event, 400, "an entity tag has neither quotes nor blanks in it");
    else if (!h3_event_check_fresh (event, etag, -1))
        send_cacheable (event);
}

void
demo_add_cache (H3App *app)
{
    demo_add (app, "GET", "/cache", revalidate, NULL,
              "The request; 304 where it has If-Modified-Since or If-None-Match");
    demo_add (app, "GET", "/cache/:seconds", cache_for, NULL,
              "The request, to be kept that many seconds");
    demo_add (app, "GET", "/etag/:etag", check_tag, NULL,
              "The request with this ETag; 304 or 412 by If-None-Match and If-Match");
}

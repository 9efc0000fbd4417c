/* SPDX-License-Identifier: MIT */

#include "client-cookies.h"

#include <h3/format/cookie-jar.h>
#include <h3/loop/clock.h>

#include <pthread.h>

#define MAX_COOKIES    1000
#define MAX_PER_DOMAIN 50

struct _ClientCookies {
    pthread_mutex_t lock;
    CookieJar *jar; /* owned; under the lock */
};

ClientCookies *
client_cookies_new (void)
{
    ClientCookies *cookies = g_new0 (ClientCookies, 1);

    pthread_mutex_init (&cookies->lock, NULL);
    cookies->jar = cookie_jar_new (MAX_COOKIES, MAX_PER_DOMAIN);
    return cookies;
}

void
client_cookies_free (ClientCookies *cookies)
{
    if (cookies == NULL)
        return;
    cookie_jar_free (cookies->jar);
    pthread_mutex_destroy (&cookies->lock);
    g_free (cookies);
}

static CookieOrigin
get_origin (GUri *url)
{
    return (CookieOrigin){ h3_view_of (g_uri_get_host (url)), h3_view_of (g_uri_get_path (url)),
                           strcmp (g_uri_get_scheme (url), "https") == 0 };
}

typedef struct {
    CookieJar *jar;
    CookieOrigin origin;
    gint64 now;
} Taking;

static gboolean
take_one (const char *name, const char *value, gpointer user_data)
{
    Taking *taking = user_data;

    (void) cookie_jar_take (taking->jar, h3_view_of (value), &taking->origin, taking->now);
    return TRUE;
}

void
client_cookies_take (ClientCookies *cookies, GUri *url, const H3Headers *headers)
{
    Taking taking = { cookies->jar, get_origin (url), clock_get_real_seconds () };

    pthread_mutex_lock (&cookies->lock);
    h3_headers_foreach_value (headers, "Set-Cookie", take_one, &taking);
    pthread_mutex_unlock (&cookies->lock);
}

char *
client_cookies_dup (ClientCookies *cookies, GUri *url)
{
    CookieOrigin origin = get_origin (url);
    char *header;

    pthread_mutex_lock (&cookies->lock);
    header = cookie_jar_dup_header (cookies->jar, &origin, clock_get_real_seconds ());
    pthread_mutex_unlock (&cookies->lock);
    return header;
}

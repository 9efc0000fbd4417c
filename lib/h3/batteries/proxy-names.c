/* SPDX-License-Identifier: MIT */

#include "proxy-names.h"

#include <pthread.h>
#include <string.h>

#define MAX_KNOWN 64 /* no name of the table is as long */

typedef struct {
    const char *name; /* with "-" at its end: all that begin so */
    NameKind kind;
} KnownName;

/* The first that fits counts. */
static const KnownName known[] = {
    { "Connection", NAME_HOP },
    { "Content-Length", NAME_HOP },
    { "Expect", NAME_HOP },
    { "Forwarded", NAME_ANEW },
    { "Host", NAME_HOP },
    { "HTTP2-Settings", NAME_HOP },
    { "Keep-Alive", NAME_HOP },
    { "Max-Forwards", NAME_ANEW },
    /* What CGI makes of it is where libraries look for a proxy of their own (httpoxy). */
    { "Proxy", NAME_HOP },
    { "Proxy-", NAME_HOP },
    { "TE", NAME_HOP },
    { "Trailer", NAME_HOP },
    { "Transfer-Encoding", NAME_HOP },
    { "Upgrade", NAME_HOP },
    { "Via", NAME_ANEW },
    { "X-Forwarded-For", NAME_ANEW },
    { "X-Forwarded-Host", NAME_ANEW },
    { "X-Forwarded-Prefix", NAME_ANEW },
    { "X-Forwarded-Proto", NAME_ANEW },
    { "traceparent", NAME_ANEW },
    { "tracestate", NAME_ANEW },
    { "X-Request-ID", NAME_ANEW },
    { "CF-Connecting-IP", NAME_PROVIDED },
    { "Client-IP", NAME_PROVIDED },
    { "Fastly-Client-IP", NAME_PROVIDED },
    { "Front-End-Https", NAME_PROVIDED },
    { "True-Client-IP", NAME_PROVIDED },
    { "X-Client-IP", NAME_PROVIDED },
    { "X-Cluster-Client-IP", NAME_PROVIDED },
    { "X-Forwarded-", NAME_PROVIDED },
    { "X-Forwarded", NAME_PROVIDED },
    { "X-Original-", NAME_PROVIDED },
    { "X-Originating-IP", NAME_PROVIDED },
    { "X-ProxyUser-Ip", NAME_PROVIDED },
    { "X-Real-IP", NAME_PROVIDED },
    { "X-Remote-", NAME_PROVIDED },
    { "X-Rewrite-URL", NAME_PROVIDED },
    { "X-Scheme", NAME_PROVIDED },
    { "X-Url-Scheme", NAME_PROVIDED },
    { "Accept", NAME_CONTENT },
    { "Accept-", NAME_CONTENT },
    { "Access-Control-", NAME_CONTENT },
    { "Age", NAME_CONTENT },
    { "Allow", NAME_CONTENT },
    { "Authorization", NAME_CONTENT },
    { "Authentication-Info", NAME_CONTENT },
    { "Cache-Control", NAME_CONTENT },
    { "Content-", NAME_CONTENT },
    { "Cookie", NAME_CONTENT },
    { "Cross-Origin-", NAME_CONTENT },
    { "Date", NAME_CONTENT },
    { "Digest", NAME_CONTENT },
    { "Early-Data", NAME_CONTENT },
    { "ETag", NAME_CONTENT },
    { "Expires", NAME_CONTENT },
    { "From", NAME_CONTENT },
    { "Idempotency-Key", NAME_CONTENT },
    { "If-", NAME_CONTENT },
    { "Last-Modified", NAME_CONTENT },
    { "Link", NAME_CONTENT },
    { "Location", NAME_CONTENT },
    { "Origin", NAME_CONTENT },
    { "Permissions-Policy", NAME_CONTENT },
    { "Pragma", NAME_CONTENT },
    { "Prefer", NAME_CONTENT },
    { "Range", NAME_CONTENT },
    { "Referer", NAME_CONTENT },
    { "Referrer-Policy", NAME_CONTENT },
    { "Repr-Digest", NAME_CONTENT },
    { "Retry-After", NAME_CONTENT },
    { "Sec-", NAME_CONTENT },
    { "Server", NAME_CONTENT },
    { "Set-Cookie", NAME_CONTENT },
    { "Signature", NAME_CONTENT },
    { "Signature-Input", NAME_CONTENT },
    { "Strict-Transport-Security", NAME_CONTENT },
    { "User-Agent", NAME_CONTENT },
    { "Vary", NAME_CONTENT },
    { "WWW-Authenticate", NAME_CONTENT },
    { "X-API-Key", NAME_CONTENT },
    { "X-Content-Type-Options", NAME_CONTENT },
    { "X-CSRF-Token", NAME_CONTENT },
    { "X-Frame-Options", NAME_CONTENT },
    { "X-HTTP-Method-Override", NAME_CONTENT },
    { "X-Requested-With", NAME_CONTENT },
};

/* Where to begin for each first letter, and how to go on: a message has a dozen names, and most of
 * the table begins otherwise. Made once, then only read. */
#define LETTERS 32
#define NO_MORE 255
static guint8 first_place[LETTERS], next_place[G_N_ELEMENTS (known)];
static pthread_once_t places_once = PTHREAD_ONCE_INIT;

/* The same for a letter in either case. */
static guint
get_letter (char c)
{
    return (guint8) c % LETTERS;
}

static void
make_places (void)
{
    G_STATIC_ASSERT (G_N_ELEMENTS (known) < NO_MORE);
    memset (first_place, NO_MORE, sizeof first_place);
    for (guint i = G_N_ELEMENTS (known); i-- > 0;) {
        guint letter = get_letter (known[i].name[0]);

        next_place[i] = first_place[letter];
        first_place[letter] = (guint8) i;
    }
}

static gboolean
fits (const KnownName *entry, H3View name)
{
    H3View own = h3_view_of (entry->name);

    if (own.data[own.length - 1] == '-' && name.length > own.length)
        name.length = own.length;
    return h3_view_equal_ignore_case (own, name);
}

NameKind
proxy_name_classify (H3View name)
{
    if (name.length == 0)
        return NAME_ANY;
    (void) pthread_once (&places_once, make_places);
    for (guint i = first_place[get_letter (name.data[0])]; i != NO_MORE; i = next_place[i]) {
        if (fits (&known[i], name))
            return known[i].kind;
    }
    return NAME_ANY;
}

static char
fold (char c)
{
    return g_ascii_isalnum (c) ? g_ascii_tolower (c) : '-';
}

gboolean
proxy_name_equal_in_cgi (H3View a, H3View b)
{
    if (a.length != b.length)
        return FALSE;
    for (gsize i = 0; i < a.length; i++) {
        if (fold (a.data[i]) != fold (b.data[i]))
            return FALSE;
    }
    return TRUE;
}

/* As much of a longer name as a prefix of the table could be. */
gboolean
proxy_name_is_disguised (H3View name)
{
    char folded[MAX_KNOWN];
    gsize length = MIN (name.length, sizeof folded);
    gboolean is_odd = FALSE;

    for (gsize i = 0; i < length; i++) {
        folded[i] = fold (name.data[i]);
        is_odd |= folded[i] == '-' && name.data[i] != '-';
    }
    return is_odd && proxy_name_classify (h3_view (folded, length)) != NAME_ANY;
}

gboolean
proxy_name_is_nominated (H3View connection, H3View name)
{
    return connection.length > 0 && h3_view_list_has (connection, name)
           && proxy_name_classify (name) == NAME_ANY;
}

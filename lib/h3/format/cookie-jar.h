/* SPDX-License-Identifier: MIT
 *
 * Cookies that a client keeps (RFC 6265bis §5.7, §5.8): which it takes, from whom, and to whom it
 * gives them back. It knows no list of public suffixes: a domain of one label is nobody's but its
 * own. Owned by whoever made it; one thread at a time. Times are seconds since 1970. */

#pragma once

#include <h3/base/view.h>

#include <glib.h>

G_BEGIN_DECLS

typedef struct _CookieJar CookieJar;

/* Who answers or is asked: `host` without its port and without brackets, `path` as it stands in the
 * request line, without the query. */
typedef struct {
    H3View host;
    H3View path;
    gboolean is_secure; /* the scheme is https */
} CookieOrigin;

/* Where there would be more, the one used longest ago goes; both are at least 1. */
CookieJar *cookie_jar_new (guint max_cookies, guint max_per_domain);
/* NULL is allowed. */
void cookie_jar_free (CookieJar *jar);

guint cookie_jar_get_size (const CookieJar *jar);

/* A Set-Cookie field of an answer. FALSE: it is not taken. One that has ended takes away the one it
 * names. */
gboolean cookie_jar_take (CookieJar *jar, H3View field, const CookieOrigin *origin, gint64 now);

/* (transfer full) (nullable): the Cookie field of a request; NULL: none. */
char *cookie_jar_dup_header (CookieJar *jar, const CookieOrigin *origin, gint64 now);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CookieJar, cookie_jar_free)

G_END_DECLS

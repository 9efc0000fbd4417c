/* SPDX-License-Identifier: MIT
 *
 * A Set-Cookie field as those read it who keep cookies (RFC 6265bis §5.6): pure reading, no store.
 * Views into the field; any thread. */

#pragma once

#include "cookie.h"

G_BEGIN_DECLS

/* A longer attribute counts as absent. */
#define SET_COOKIE_MAX_ATTRIBUTE 1024

/**
 * SetCookie:
 * @domain: without a dot in front; empty where there is none that says anything
 * @path: empty where there is none that says anything
 * @max_age: in seconds, 0 or less: at once; only with @has_max_age
 * @expires: since 1970; only with @has_expires
 *
 * All views: borrowed: the field.
 */
typedef struct {
    H3View name;
    H3View value;
    H3View domain;
    H3View path;
    gint64 max_age;
    gint64 expires;
    H3SameSite same_site;
    gboolean has_max_age;
    gboolean has_expires;
    gboolean secure;
    gboolean http_only;
    gboolean partitioned;
} SetCookie;

/* FALSE, with `*out` untouched: a control but HTAB in it, no name, or name and value longer than
 * H3_COOKIE_MAX_SIZE; or it breaks what its prefix (`__Host-`, `__Secure-`) or SameSite=None
 * promise. A name may be any bytes: the one of "a b=c" is "a b". */
gboolean set_cookie_parse (H3View field, SetCookie *out);

G_END_DECLS

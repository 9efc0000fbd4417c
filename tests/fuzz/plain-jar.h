/* SPDX-License-Identifier: MIT
 *
 * Cookies kept the plain way: every rule of RFC 6265bis §5.7 and §5.8 as a look at the whole list.
 * Slow, and right by looking at it; shares nothing with the jar but what a Set-Cookie says. */

#pragma once

#include "h3/format/cookie-jar.h"
#include "h3/format/set-cookie.h"

typedef struct _PlainJar PlainJar;

PlainJar *plain_jar_new (guint most, guint of_domain);
void plain_jar_free (PlainJar *jar);

guint plain_jar_get_size (const PlainJar *jar);

/* As cookie_jar_take () and cookie_jar_dup_header (). */
gboolean plain_jar_take (PlainJar *jar, const SetCookie *cookie, const CookieOrigin *origin,
                         gint64 now);
char *plain_jar_dup_header (PlainJar *jar, const CookieOrigin *origin, gint64 now);

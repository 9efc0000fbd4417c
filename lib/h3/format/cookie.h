/* SPDX-License-Identifier: MIT
 *
 * Cookies (RFC 6265 and its successor's draft, 6265bis): the pairs of a Cookie field are read as
 * views, a Set-Cookie field is built and written. An H3Cookie has one owner; one thread at a
 * time. */

#pragma once

#include <h3/base/view.h>

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * H3_COOKIE_MAX_PAIRS:
 *
 * How many pairs of a Cookie field are read; the rest is ignored.
 *
 * Since: 0.1
 */
#define H3_COOKIE_MAX_PAIRS 100

/**
 * H3_COOKIE_MAX_BYTES:
 *
 * How many bytes of a Cookie field are read; the rest is ignored.
 *
 * Since: 0.1
 */
#define H3_COOKIE_MAX_BYTES 8192

/**
 * H3_COOKIE_MAX_SIZE:
 *
 * The most bytes that name and value of one Set-Cookie have together, as browsers have it.
 *
 * Since: 0.1
 */
#define H3_COOKIE_MAX_SIZE 4096

/**
 * H3_COOKIE_MAX_CHUNKED_SIZE:
 *
 * The most bytes that name and value have together where they go in chunks:
 * h3_cookie_to_strings().
 *
 * Since: 0.1
 */
#define H3_COOKIE_MAX_CHUNKED_SIZE 7168

/**
 * H3_COOKIE_MAX_AGE:
 *
 * The longest Max-Age that browsers honour, and so the longest that is written, in seconds: 400
 * days.
 *
 * Since: 0.1
 */
#define H3_COOKIE_MAX_AGE 34560000

/**
 * H3CookieReader: (skip)
 *
 * A place in a Cookie field; on the caller's stack. The fields are private.
 *
 * Since: 0.1
 */
typedef struct {
    /*< private >*/
    H3View rest; /* borrowed: the field */
    guint pairs;
} H3CookieReader;

/**
 * H3SameSite:
 * @H3_SAME_SITE_UNSET: nothing is said: browsers take it for Lax
 * @H3_SAME_SITE_STRICT: only with requests of the site's own pages
 * @H3_SAME_SITE_LAX: also where a user follows a link from elsewhere
 * @H3_SAME_SITE_NONE: with all requests; Secure is needed
 *
 * With which requests a cookie is sent, by where they come from (6265bis §5.2).
 *
 * Since: 0.1
 */
typedef enum {
    H3_SAME_SITE_UNSET,
    H3_SAME_SITE_STRICT,
    H3_SAME_SITE_LAX,
    H3_SAME_SITE_NONE,
} H3SameSite;

/**
 * H3Cookie:
 *
 * A cookie to be set. Values are checked when it is written.
 *
 * Boxed, copied: it has one owner; one thread at a time.
 *
 * Since: 0.1
 */
typedef struct _H3Cookie H3Cookie;

#define H3_TYPE_COOKIE (h3_cookie_get_type ())
GType h3_cookie_get_type (void);

/**
 * h3_cookie_reader_init: (skip)
 * @reader: (out caller-allocates): a place on the caller's stack
 * @header: the Cookie field, which must live as long as the reader and the views it gives
 *
 * Begins to read a Cookie field. For bindings there is h3_cookie_dup_value().
 *
 * Since: 0.1
 */
void h3_cookie_reader_init (H3CookieReader *reader, H3View header);

/**
 * h3_cookie_next: (skip)
 * @reader: where to go on
 * @out_name: (out): a view into the field
 * @out_value: (out): a view into the field; quotes are part of the value (6265bis)
 *
 * Gives the next pair of a Cookie field.
 *
 * Pairs without "=", with a name that is no token or with a control in the value are passed over.
 *
 * Returns: %FALSE at the end
 *
 * Since: 0.1
 */
gboolean h3_cookie_next (H3CookieReader *reader, H3View *out_name, H3View *out_value);

/**
 * h3_cookie_find: (skip)
 * @header: the Cookie field
 * @name: a cookie's name, case and all
 * @out_value: (out): a view into the field
 *
 * Finds the first cookie of a name. Any thread. For bindings there is h3_cookie_dup_value().
 *
 * Returns: %FALSE, with @out_value untouched, if there is none
 *
 * Since: 0.1
 */
gboolean h3_cookie_find (H3View header, H3View name, H3View *out_value);

/**
 * h3_cookie_dup_value:
 * @header: (nullable): the Cookie field
 * @name: a cookie's name, case and all
 *
 * Copies the value of the first cookie of a name. Any thread.
 *
 * Puts together again what h3_cookie_to_strings() had to write in chunks.
 *
 * Returns: (transfer full) (nullable): the value; %NULL if there is none or a chunk is missing
 *
 * Since: 0.1
 */
char *h3_cookie_dup_value (const char *header, const char *name);

/**
 * h3_cookie_new:
 * @name: its name
 * @value: its value
 *
 * Makes a cookie for the session, the host and the path it is set from.
 *
 * Both are checked when it is written.
 *
 * Returns: (transfer full): the cookie
 *
 * Since: 0.1
 */
H3Cookie *h3_cookie_new (const char *name, const char *value);

/**
 * h3_cookie_copy:
 * @cookie: a cookie
 *
 * Copies a cookie.
 *
 * Returns: (transfer full): the copy
 *
 * Since: 0.1
 */
H3Cookie *h3_cookie_copy (const H3Cookie *cookie);

/**
 * h3_cookie_free:
 * @cookie: (nullable) (transfer full): a cookie; %NULL is allowed
 *
 * Frees a cookie.
 *
 * Since: 0.1
 */
void h3_cookie_free (H3Cookie *cookie);

/**
 * h3_cookie_set_domain:
 * @cookie: a cookie
 * @domain: (nullable): a host's name, copied; %NULL takes the attribute away
 *
 * Sets for which hosts it is: this one and those below it. Without, only the host it is set from.
 *
 * Since: 0.1
 */
void h3_cookie_set_domain (H3Cookie *cookie, const char *domain);

/**
 * h3_cookie_set_path:
 * @cookie: a cookie
 * @path: (nullable): a path, copied; %NULL takes the attribute away
 *
 * Sets for which paths it is: this one and those below it.
 *
 * Since: 0.1
 */
void h3_cookie_set_path (H3Cookie *cookie, const char *path);

/**
 * h3_cookie_set_expires:
 * @cookie: a cookie
 * @seconds: since 1970-01-01 00:00:00 UTC; what is before is written as 1970, what is after the
 *   year 9999 as its end
 *
 * Sets until when it is kept.
 *
 * Since: 0.1
 */
void h3_cookie_set_expires (H3Cookie *cookie, gint64 seconds);

/**
 * h3_cookie_set_max_age:
 * @cookie: a cookie
 * @seconds: from now; 0 or less ends the cookie; no more than %H3_COOKIE_MAX_AGE is written
 *
 * Sets how long it is kept.
 *
 * Since: 0.1
 */
void h3_cookie_set_max_age (H3Cookie *cookie, gint64 seconds);

/**
 * h3_cookie_set_secure:
 * @cookie: a cookie
 * @secure: whether it is sent over secure connections only
 *
 * Sets the attribute Secure.
 *
 * Since: 0.1
 */
void h3_cookie_set_secure (H3Cookie *cookie, gboolean secure);

/**
 * h3_cookie_set_http_only:
 * @cookie: a cookie
 * @http_only: whether scripts of a page cannot see it
 *
 * Sets the attribute HttpOnly.
 *
 * Since: 0.1
 */
void h3_cookie_set_http_only (H3Cookie *cookie, gboolean http_only);

/**
 * h3_cookie_set_partitioned:
 * @cookie: a cookie
 * @partitioned: whether each site that embeds this one has a cookie of its own; Secure is needed
 *
 * Sets the attribute Partitioned.
 *
 * Since: 0.1
 */
void h3_cookie_set_partitioned (H3Cookie *cookie, gboolean partitioned);

/**
 * h3_cookie_set_same_site:
 * @cookie: a cookie
 * @same_site: with which requests it is sent
 *
 * Sets the attribute SameSite.
 *
 * Since: 0.1
 */
void h3_cookie_set_same_site (H3Cookie *cookie, H3SameSite same_site);

/**
 * h3_cookie_to_string:
 * @cookie: a cookie
 * @error: %H3_ERROR_INVALID where it cannot be, %H3_ERROR_LIMIT where it is too long
 *
 * Writes a cookie as a Set-Cookie field has it.
 *
 * Refused are names that are no tokens, values with controls, blanks, `"`, `,`, `;`, `\` or bytes
 * beyond ASCII (quotes around the whole are allowed), other domains and paths than can be, what
 * breaks the rules of `__Host-` and `__Secure-`, SameSite=None and Partitioned without Secure, and
 * more than %H3_COOKIE_MAX_SIZE.
 *
 * Returns: (transfer full): the value of a Set-Cookie field; %NULL with @error
 *
 * Since: 0.1
 */
char *h3_cookie_to_string (const H3Cookie *cookie, GError **error);

/**
 * h3_cookie_to_strings:
 * @cookie: a cookie
 * @error: %H3_ERROR_INVALID where it cannot be, %H3_ERROR_LIMIT beyond %H3_COOKIE_MAX_CHUNKED_SIZE
 *
 * Writes a cookie of any size as Set-Cookie fields have it.
 *
 * The same for values of any size: one that is too long for a cookie is parted into `name.0`,
 * `name.1` and so on, before which a cookie called `name` is taken away.
 *
 * Returns: (transfer full) (array zero-terminated=1): values, each for a Set-Cookie field of its
 *   own; %NULL with @error
 *
 * Since: 0.1
 */
char **h3_cookie_to_strings (const H3Cookie *cookie, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Cookie, h3_cookie_free)

G_END_DECLS

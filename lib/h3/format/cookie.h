/* SPDX-License-Identifier: MIT
 *
 * Cookies (RFC 6265 and its successor's draft, 6265bis): the pairs of a Cookie field are read as
 * views, a Set-Cookie field is built and written. An H3Cookie has one owner; one thread at a
 * time. */

#pragma once

#include <h3/base/view.h>

#include <glib-object.h>

G_BEGIN_DECLS

/* What of a Cookie field is read; the rest is ignored. */
#define H3_COOKIE_MAX_PAIRS 100
#define H3_COOKIE_MAX_BYTES 8192

/* Name and value of one Set-Cookie together, as browsers have it, and of one in chunks. */
#define H3_COOKIE_MAX_SIZE         4096
#define H3_COOKIE_MAX_CHUNKED_SIZE 7168

/* The longest Max-Age that browsers honour, and so the longest that is written: 400 days. */
#define H3_COOKIE_MAX_AGE 34560000

/**
 * H3CookieReader: (skip)
 *
 * A place in a Cookie field; on the caller's stack. The fields are private.
 */
typedef struct {
    H3View rest; /* borrowed: the field */
    guint pairs;
} H3CookieReader;

typedef enum {
    H3_SAME_SITE_UNSET,
    H3_SAME_SITE_STRICT,
    H3_SAME_SITE_LAX,
    H3_SAME_SITE_NONE,
} H3SameSite;

/* A cookie to be set. Values are checked when it is written. */
typedef struct _H3Cookie H3Cookie;

#define H3_TYPE_COOKIE (h3_cookie_get_type ())
GType h3_cookie_get_type (void);

/* Begins to read `header`, which must live as long as the reader and the views it gives. */
void h3_cookie_reader_init (H3CookieReader *reader, H3View header);

/**
 * h3_cookie_next: (skip)
 * @reader: where to go on
 * @out_name: (out): a view into the field
 * @out_value: (out): a view into the field; quotes are part of the value (6265bis)
 *
 * Pairs without "=", with a name that is no token or with a control in the value are passed over.
 *
 * Returns: FALSE at the end
 */
gboolean h3_cookie_next (H3CookieReader *reader, H3View *out_name, H3View *out_value);

/* The value of the first cookie called `name`, case and all. FALSE if there is none. */
gboolean h3_cookie_find (H3View header, H3View name, H3View *out_value);

/**
 * h3_cookie_dup_value:
 * @header: (nullable): the Cookie field
 * @name: a cookie's name
 *
 * Puts together again what h3_cookie_to_strings () had to write in chunks.
 *
 * Returns: (transfer full) (nullable): the value; NULL if there is none or a chunk is missing
 */
char *h3_cookie_dup_value (const char *header, const char *name);

/* Returns: (transfer full): a cookie for the session, the host and the path it is set from. */
H3Cookie *h3_cookie_new (const char *name, const char *value);
H3Cookie *h3_cookie_copy (const H3Cookie *cookie);
void h3_cookie_free (H3Cookie *cookie);

/* NULL takes the attribute away. */
void h3_cookie_set_domain (H3Cookie *cookie, const char *domain);
void h3_cookie_set_path (H3Cookie *cookie, const char *path);

/* Seconds since 1970; what is before is written as 1970, what is after year 9999 as its end. */
void h3_cookie_set_expires (H3Cookie *cookie, gint64 seconds);

/* Seconds from now; 0 or less ends the cookie; no more than H3_COOKIE_MAX_AGE is written. */
void h3_cookie_set_max_age (H3Cookie *cookie, gint64 seconds);

void h3_cookie_set_secure (H3Cookie *cookie, gboolean secure);
void h3_cookie_set_http_only (H3Cookie *cookie, gboolean http_only);
void h3_cookie_set_partitioned (H3Cookie *cookie, gboolean partitioned);
void h3_cookie_set_same_site (H3Cookie *cookie, H3SameSite same_site);

/**
 * h3_cookie_to_string:
 * @cookie: a cookie
 * @error: (nullable): %H3_ERROR_INVALID or %H3_ERROR_LIMIT
 *
 * Refused are names that are no tokens, values with controls, blanks, `"`, `,`, `;`, `\` or bytes
 * beyond ASCII (quotes around the whole are allowed), other domains and paths than can be, what
 * breaks the rules of `__Host-` and `__Secure-`, SameSite=None and Partitioned without Secure, and
 * more than H3_COOKIE_MAX_SIZE.
 *
 * Returns: (transfer full) (nullable): the value of a Set-Cookie field
 */
char *h3_cookie_to_string (const H3Cookie *cookie, GError **error);

/**
 * h3_cookie_to_strings:
 * @cookie: a cookie
 * @error: (nullable): %H3_ERROR_INVALID, or %H3_ERROR_LIMIT beyond H3_COOKIE_MAX_CHUNKED_SIZE
 *
 * The same for values of any size: one that is too long for a cookie is parted into `name.0`,
 * `name.1` and so on, before which a cookie called `name` is taken away.
 *
 * Returns: (transfer full) (nullable) (array zero-terminated=1): values, each for a Set-Cookie
 * field of its own
 */
char **h3_cookie_to_strings (const H3Cookie *cookie, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Cookie, h3_cookie_free)

G_END_DECLS

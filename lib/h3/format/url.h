/* SPDX-License-Identifier: MIT
 *
 * Absolute http and https URLs as GLib's GUri, which is immutable and counted: read strictly,
 * joined, built. What a part is, GUri's own getters say: every part is as it stands in the URL,
 * escapes and all, but scheme and host are in lower case, an empty path is "/", and the scheme's
 * own port is none. Any thread. */

#pragma once

#include <h3/base/error.h>

#include <glib.h>

G_BEGIN_DECLS

/**
 * H3_URL_MAX_LENGTH:
 *
 * The longest URL that is read, in bytes.
 *
 * Since: 0.1
 */
#define H3_URL_MAX_LENGTH 8192

/**
 * H3UrlFlags:
 * @H3_URL_NONE: a URL without userinfo
 * @H3_URL_ALLOW_USERINFO: `user:password@` may stand before the host
 *
 * What is allowed in a URL that is read.
 *
 * Since: 0.1
 */
typedef enum {
    H3_URL_NONE = 0,
    H3_URL_ALLOW_USERINFO = 1 << 0,
} H3UrlFlags;

/**
 * h3_url_parse:
 * @text: an absolute URL
 * @flags: what is allowed in it
 * @error: %H3_ERROR_SYNTAX where it is refused
 *
 * Reads an absolute URL of http or https. Any thread.
 *
 * Refused: another scheme, no host or a host that h3_authority_parse() refuses, userinfo unless it
 * is allowed, blanks, controls, bytes beyond ASCII, any of `"<>\^{|}` or a backquote, malformed
 * escapes, and NUL escaped. A fragment is kept apart.
 *
 * Returns: (transfer full): the URL; %NULL with @error set
 *
 * Since: 0.1
 */
GUri *h3_url_parse (const char *text, H3UrlFlags flags, GError **error);

/**
 * h3_url_join:
 * @base: an absolute URL
 * @reference: a URL or a part of one, as a Location field or a link has it
 * @flags: what is allowed in the result
 * @error: %H3_ERROR_SYNTAX where it is refused
 *
 * Finds out what a reference means where it stands. Any thread.
 *
 * Resolves @reference against @base (RFC 3986 §5.2), as strictly as h3_url_parse().
 *
 * Returns: (transfer full): the URL meant; %NULL with @error set
 *
 * Since: 0.1
 */
GUri *h3_url_join (GUri *base, const char *reference, H3UrlFlags flags, GError **error);

/**
 * h3_url_build:
 * @scheme: "http" or "https"
 * @host: a name or an address; an IPv6 address without its brackets
 * @port: 0 to 65535; -1 for the scheme's own
 * @path: begins with `/`, escaped where it must be
 * @query: (nullable): escaped, as h3_query_append() makes it; %NULL for none
 * @error: %H3_ERROR_SYNTAX where they make no URL
 *
 * Makes a URL of its parts. Any thread.
 *
 * Returns: (transfer full): the URL; %NULL with @error set
 *
 * Since: 0.1
 */
GUri *h3_url_build (const char *scheme, const char *host, int port, const char *path,
                    const char *query, GError **error);

/**
 * h3_url_dup_query_value:
 * @url: a URL
 * @name: the name of a field, decoded
 *
 * Finds a field of the URL's query. Any thread.
 *
 * Returns: (transfer full) (nullable): the first value of @name in the query, decoded as a form's
 *   (`+` is a blank); %NULL where there is none, or it is malformed or no UTF-8
 *
 * Since: 0.1
 */
char *h3_url_dup_query_value (GUri *url, const char *name) G_GNUC_WARN_UNUSED_RESULT;

/**
 * h3_url_add_query:
 * @url: a URL
 * @name: UTF-8
 * @value: UTF-8; both are escaped
 * @error: %H3_ERROR_SYNTAX where the URL would be longer than %H3_URL_MAX_LENGTH
 *
 * Makes a URL with one more field in its query. Any thread.
 *
 * Returns: (transfer full): @url with one more field behind those of its query; %NULL
 *   with @error set
 *
 * Since: 0.1
 */
GUri *h3_url_add_query (GUri *url, const char *name, const char *value, GError **error);

/**
 * h3_url_set_query:
 * @url: a URL
 * @name: UTF-8, as it is decoded
 * @value: (nullable): UTF-8; %NULL takes the field away
 * @error: as for h3_url_add_query()
 *
 * Makes a URL with another value of a field of its query. Any thread.
 *
 * Fields of other names stay as they are spelled, and in their places.
 *
 * Returns: (transfer full): @url with this as the only value of @name, where the first
 *   one stood, else at the end; %NULL with @error set
 *
 * Since: 0.1
 */
GUri *h3_url_set_query (GUri *url, const char *name, const char *value, GError **error);

/**
 * h3_url_get_port:
 * @url: a URL
 *
 * Tells the port to connect to. Any thread.
 *
 * Returns: the URL's, else its scheme's: 80 or 443
 *
 * Since: 0.1
 */
guint16 h3_url_get_port (GUri *url);

/**
 * h3_url_dup_host:
 * @url: a URL
 *
 * Makes what the Host field says of a URL: the host, in brackets where it is an IPv6 address, and
 * the port unless it is the scheme's own. Any thread.
 *
 * Returns: (transfer full): the text
 *
 * Since: 0.1
 */
char *h3_url_dup_host (GUri *url) G_GNUC_WARN_UNUSED_RESULT;

/**
 * h3_url_dup_target:
 * @url: a URL
 *
 * Makes what the request line says of a URL: the path and the query. Any thread.
 *
 * Returns: (transfer full): the text
 *
 * Since: 0.1
 */
char *h3_url_dup_target (GUri *url) G_GNUC_WARN_UNUSED_RESULT;

/**
 * h3_url_is_same_origin:
 * @a: a URL
 * @b: another one
 *
 * Tells whether scheme, host and port are equal, so that what is meant for one may go to the
 * other. Any thread.
 *
 * Returns: %TRUE when they are
 *
 * Since: 0.1
 */
gboolean h3_url_is_same_origin (GUri *a, GUri *b);

G_END_DECLS

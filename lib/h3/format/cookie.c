/* SPDX-License-Identifier: MIT */

#include "cookie-inside.h"

#include <h3/base/error.h>
#include <h3/format/date.h>

#include <string.h>

/* Bytes of a value in one chunk: room stays for the name and the number of chunks. */
#define CHUNK_SIZE 3584
#define MAX_CHUNKS (H3_COOKIE_MAX_CHUNKED_SIZE / CHUNK_SIZE)
#define NO_EXPIRES G_MININT64
#define NO_MAX_AGE G_MININT64
/* Longer attributes are ignored by browsers. */
#define MAX_ATTRIBUTE 1024

struct _H3Cookie {
    char *name;   /* owned */
    char *value;  /* owned */
    char *domain; /* owned, nullable */
    char *path;   /* owned, nullable */
    gint64 expires;
    gint64 max_age;
    H3SameSite same_site;
    gboolean secure, http_only, partitioned;
};

G_DEFINE_BOXED_TYPE (H3Cookie, h3_cookie, h3_cookie_copy, h3_cookie_free)

static gboolean
is_token (H3View text)
{
    for (gsize i = 0; i < text.length; i++) {
        char c = text.data[i];

        if (!g_ascii_isalnum (c) && (c == '\0' || strchr ("!#$%&'*+-.^_`|~", c) == NULL))
            return FALSE;
    }
    return text.length > 0;
}

static gboolean
has_control (H3View text)
{
    for (gsize i = 0; i < text.length; i++) {
        guchar c = (guchar) text.data[i];

        if ((c < ' ' && c != '\t') || c == 0x7f)
            return TRUE;
    }
    return FALSE;
}

void
h3_cookie_reader_init (H3CookieReader *reader, H3View header)
{
    g_return_if_fail (reader != NULL);
    if (header.length > H3_COOKIE_MAX_BYTES) {
        gsize end = H3_COOKIE_MAX_BYTES;

        /* Half a pair is none. */
        while (end > 0 && header.data[end] != ';')
            end--;
        header.length = end;
    }
    *reader = (H3CookieReader){ header, 0 };
}

gboolean
h3_cookie_next (H3CookieReader *reader, H3View *out_name, H3View *out_value)
{
    H3View pair, name;

    g_return_val_if_fail (reader != NULL && out_name != NULL && out_value != NULL, FALSE);
    while (reader->pairs < H3_COOKIE_MAX_PAIRS && h3_view_split (&reader->rest, ';', &pair)) {
        reader->pairs++;
        pair = h3_view_trim (pair);
        if (!h3_view_split (&pair, '=', &name) || pair.data == NULL)
            continue;
        name = h3_view_trim (name);
        pair = h3_view_trim (pair);
        if (!is_token (name) || has_control (pair))
            continue;
        *out_name = name;
        *out_value = pair;
        return TRUE;
    }
    return FALSE;
}

gboolean
h3_cookie_find (H3View header, H3View name, H3View *out_value)
{
    H3CookieReader reader;
    H3View found, value;

    g_return_val_if_fail (out_value != NULL, FALSE);
    h3_cookie_reader_init (&reader, header);
    while (h3_cookie_next (&reader, &found, &value)) {
        if (h3_view_equal (found, name)) {
            *out_value = value;
            return TRUE;
        }
    }
    return FALSE;
}

/* The first chunk says how many there are: "2.…". FALSE where it is none. */
static gboolean
split_count (H3View *value, guint *out_count)
{
    H3View number;
    guint64 count;

    if (!h3_view_split (value, '.', &number) || value->data == NULL
        || !h3_view_parse_uint (number, MAX_CHUNKS, &count))
        return FALSE;
    *out_count = (guint) count;
    return TRUE;
}

/* A chunk left over from a longer value does no harm: it is not counted. */
static char *
join_chunks (H3View header, const char *name)
{
    g_autoptr (GString) joined = g_string_new (NULL);
    guint count = 1;

    for (guint i = 0; i < count; i++) {
        g_autofree char *chunk_name = g_strdup_printf ("%s.%u", name, i);
        H3View value;

        if (!h3_cookie_find (header, h3_view_of (chunk_name), &value))
            return NULL;
        if (i == 0 && !split_count (&value, &count))
            return NULL;
        g_string_append_len (joined, value.data, (gssize) value.length);
    }
    return count > 0 ? g_strdup (joined->str) : NULL;
}

char *
h3_cookie_dup_value (const char *header, const char *name)
{
    H3View value;

    g_return_val_if_fail (name != NULL, NULL);
    if (h3_cookie_find (h3_view_of (header), h3_view_of (name), &value))
        return h3_view_dup (value);
    return join_chunks (h3_view_of (header), name);
}

H3Cookie *
h3_cookie_new (const char *name, const char *value)
{
    H3Cookie *cookie;

    g_return_val_if_fail (name != NULL && value != NULL, NULL);
    cookie = g_new0 (H3Cookie, 1);
    cookie->name = g_strdup (name);
    cookie->value = g_strdup (value);
    cookie->expires = NO_EXPIRES;
    cookie->max_age = NO_MAX_AGE;
    return cookie;
}

H3Cookie *
h3_cookie_copy (const H3Cookie *cookie)
{
    H3Cookie *copy;

    g_return_val_if_fail (cookie != NULL, NULL);
    copy = g_new (H3Cookie, 1);
    *copy = *cookie;
    copy->name = g_strdup (cookie->name);
    copy->value = g_strdup (cookie->value);
    copy->domain = g_strdup (cookie->domain);
    copy->path = g_strdup (cookie->path);
    return copy;
}

void
h3_cookie_free (H3Cookie *cookie)
{
    if (cookie == NULL)
        return;
    g_free (cookie->path);
    g_free (cookie->domain);
    g_free (cookie->value);
    g_free (cookie->name);
    g_free (cookie);
}

void
h3_cookie_set_domain (H3Cookie *cookie, const char *domain)
{
    char *copy;

    g_return_if_fail (cookie != NULL);
    copy = g_strdup (domain);
    g_free (cookie->domain);
    cookie->domain = copy;
}

void
h3_cookie_set_path (H3Cookie *cookie, const char *path)
{
    char *copy;

    g_return_if_fail (cookie != NULL);
    copy = g_strdup (path);
    g_free (cookie->path);
    cookie->path = copy;
}

void
h3_cookie_set_expires (H3Cookie *cookie, gint64 seconds)
{
    g_return_if_fail (cookie != NULL);
    cookie->expires = MAX (seconds, 0);
}

void
h3_cookie_set_max_age (H3Cookie *cookie, gint64 seconds)
{
    g_return_if_fail (cookie != NULL);
    cookie->max_age = CLAMP (seconds, 0, H3_COOKIE_MAX_AGE);
}

void
h3_cookie_set_secure (H3Cookie *cookie, gboolean secure)
{
    g_return_if_fail (cookie != NULL);
    cookie->secure = secure;
}

void
h3_cookie_set_http_only (H3Cookie *cookie, gboolean http_only)
{
    g_return_if_fail (cookie != NULL);
    cookie->http_only = http_only;
}

void
h3_cookie_set_partitioned (H3Cookie *cookie, gboolean partitioned)
{
    g_return_if_fail (cookie != NULL);
    cookie->partitioned = partitioned;
}

void
h3_cookie_set_same_site (H3Cookie *cookie, H3SameSite same_site)
{
    g_return_if_fail (cookie != NULL);
    cookie->same_site = same_site;
}

/* cookie-value of RFC 6265 §4.1.1. */
static gboolean
is_value (H3View value)
{
    if (value.length >= 2 && value.data[0] == '"' && value.data[value.length - 1] == '"')
        value = h3_view (value.data + 1, value.length - 2);
    for (gsize i = 0; i < value.length; i++) {
        guchar c = (guchar) value.data[i];

        if (c <= ' ' || c >= 0x7f || strchr ("\",;\\", c) != NULL)
            return FALSE;
    }
    return TRUE;
}

static gboolean
is_domain (const char *domain)
{
    if (*domain == '\0' || strlen (domain) > MAX_ATTRIBUTE)
        return FALSE;
    for (; *domain != '\0'; domain++) {
        if (!g_ascii_isalnum (*domain) && *domain != '.' && *domain != '-')
            return FALSE;
    }
    return TRUE;
}

static gboolean
is_path (const char *path)
{
    gsize length = strlen (path);

    if (path[0] != '/' || length > MAX_ATTRIBUTE)
        return FALSE;
    for (gsize i = 0; i < length; i++) {
        guchar c = (guchar) path[i];

        if (c < ' ' || c >= 0x7f || c == ';')
            return FALSE;
    }
    return TRUE;
}

/* What is wrong with the cookie beside its size; NULL if nothing is. */
static const char *
find_fault (const H3Cookie *cookie)
{
    gboolean is_host = g_ascii_strncasecmp (cookie->name, "__Host-", 7) == 0;

    if (!is_token (h3_view_of (cookie->name)))
        return "its name is not a token";
    if (!is_value (h3_view_of (cookie->value)))
        return "its value has a byte that cookies cannot have: encode it";
    if (cookie->domain != NULL && !is_domain (cookie->domain))
        return "its domain is not a host name";
    if (cookie->path != NULL && !is_path (cookie->path))
        return "its path does not begin with '/' or has a byte that paths cannot have";
    if ((is_host || g_ascii_strncasecmp (cookie->name, "__Secure-", 9) == 0) && !cookie->secure)
        return "its name's prefix asks for Secure";
    if (is_host && (cookie->domain != NULL || g_strcmp0 (cookie->path, "/") != 0))
        return "__Host- asks for Path=/ and no Domain";
    if (cookie->same_site == H3_SAME_SITE_NONE && !cookie->secure)
        return "SameSite=None asks for Secure";
    if (cookie->partitioned && !cookie->secure)
        return "Partitioned asks for Secure";
    return NULL;
}

static gboolean
check (const H3Cookie *cookie, gsize limit, GError **error)
{
    const char *fault = find_fault (cookie);
    gsize size = strlen (cookie->name) + strlen (cookie->value);

    if (fault != NULL) {
        /* The name may be anything, line ends too; escaped it can be logged. */
        g_autofree char *name = g_strescape (cookie->name, NULL);

        g_set_error (error, H3_ERROR, H3_ERROR_INVALID, "cookie %s: %s", name, fault);
        return FALSE;
    }
    if (size > limit) {
        g_set_error (error, H3_ERROR, H3_ERROR_LIMIT,
                     "cookie %.64s: %" G_GSIZE_FORMAT " bytes, the limit is %" G_GSIZE_FORMAT,
                     cookie->name, size, limit);
        return FALSE;
    }
    return TRUE;
}

static void
append_attributes (GString *out, const H3Cookie *cookie, gint64 expires, gint64 max_age)
{
    static const char *const same_sites[] = { "", "; SameSite=Strict", "; SameSite=Lax",
                                              "; SameSite=None" };
    char date[H3_DATE_SIZE];

    if (cookie->domain != NULL)
        g_string_append_printf (out, "; Domain=%s", cookie->domain);
    if (cookie->path != NULL)
        g_string_append_printf (out, "; Path=%s", cookie->path);
    if (expires != NO_EXPIRES) {
        h3_date_write (expires, date);
        g_string_append_printf (out, "; Expires=%s", date);
    }
    if (max_age != NO_MAX_AGE)
        g_string_append_printf (out, "; Max-Age=%" G_GINT64_FORMAT, max_age);
    if (cookie->secure)
        g_string_append (out, "; Secure");
    if (cookie->http_only)
        g_string_append (out, "; HttpOnly");
    if (cookie->same_site < G_N_ELEMENTS (same_sites))
        g_string_append (out, same_sites[cookie->same_site]);
    if (cookie->partitioned)
        g_string_append (out, "; Partitioned");
}

char *
h3_cookie_to_string (const H3Cookie *cookie, GError **error)
{
    GString *out;

    g_return_val_if_fail (cookie != NULL, NULL);
    if (!check (cookie, H3_COOKIE_MAX_SIZE, error))
        return NULL;
    out = g_string_new (NULL);
    g_string_append_printf (out, "%s=%s", cookie->name, cookie->value);
    append_attributes (out, cookie, cookie->expires, cookie->max_age);
    return g_string_free (out, FALSE);
}

const char *
cookie_get_name (const H3Cookie *cookie)
{
    return cookie->name;
}

char *
cookie_write_end (const H3Cookie *cookie, const char *name)
{
    GString *out = g_string_new (NULL);

    g_string_append_printf (out, "%s=", name);
    append_attributes (out, cookie, 0, 0);
    return g_string_free (out, FALSE);
}

guint
cookie_count_chunks (H3View header, const char *name)
{
    g_autofree char *first = g_strconcat (name, ".0", NULL);
    H3View value;
    guint count;

    if (!h3_cookie_find (header, h3_view_of (first), &value) || !split_count (&value, &count))
        return 0;
    return count;
}

static char **
write_chunks (const H3Cookie *cookie)
{
    gsize length = strlen (cookie->value);
    guint count = (guint) ((length + CHUNK_SIZE - 1) / CHUNK_SIZE);
    char **list = g_new0 (char *, count + 2);

    list[0] = cookie_write_end (cookie, cookie->name);
    for (guint i = 0; i < count; i++) {
        GString *out = g_string_new (NULL);

        g_string_append_printf (out, "%s.%u=", cookie->name, i);
        if (i == 0)
            g_string_append_printf (out, "%u.", count);
        g_string_append_len (out, cookie->value + i * CHUNK_SIZE,
                             (gssize) MIN (length - i * CHUNK_SIZE, CHUNK_SIZE));
        append_attributes (out, cookie, cookie->expires, cookie->max_age);
        list[i + 1] = g_string_free (out, FALSE);
    }
    return list;
}

char **
h3_cookie_to_strings (const H3Cookie *cookie, GError **error)
{
    char **list;

    g_return_val_if_fail (cookie != NULL, NULL);
    if (!check (cookie, H3_COOKIE_MAX_CHUNKED_SIZE, error))
        return NULL;
    if (strlen (cookie->name) + strlen (cookie->value) > H3_COOKIE_MAX_SIZE) {
        /* With a name this long no chunk would fit, and quotes would be torn apart. */
        if (strlen (cookie->name) + CHUNK_SIZE + 8 > H3_COOKIE_MAX_SIZE
            || cookie->value[0] == '"') {
            check (cookie, H3_COOKIE_MAX_SIZE, error);
            return NULL;
        }
        return write_chunks (cookie);
    }
    list = g_new0 (char *, 2);
    list[0] = h3_cookie_to_string (cookie, NULL);
    return list;
}

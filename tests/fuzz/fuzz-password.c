/* SPDX-License-Identifier: MIT
 *
 * A password's hash: a text is taken for one where a plain reading of its form and of its cost does
 * so. None is computed. */

#include "fuzz.h"
#include "h3/crypto/password.h"

#define NUMBER "(0|[1-9][0-9]{0,8})"

/* Bytes of base64 without padding; 0: it is none. */
static gsize
count_bytes (const char *text)
{
    g_autoptr (GString) padded = g_string_new (text);
    g_autofree guchar *bytes = NULL;
    g_autofree char *canonical = NULL;
    gsize length;

    while (padded->len % 4 != 0)
        g_string_append_c (padded, '=');
    bytes = g_base64_decode (padded->str, &length);
    canonical = g_base64_encode (bytes, length);
    return g_str_equal (canonical, padded->str) ? length : 0;
}

static gboolean
is_hash (const char *text)
{
    static GRegex *form; /* for all inputs */
    g_autoptr (GMatchInfo) match = NULL;
    g_auto (GStrv) parts = NULL;
    guint64 log_n, r, p;
    gsize salt, hash;

    if (form == NULL)
        form = g_regex_new ("\\A\\$scrypt\\$ln=" NUMBER ",r=" NUMBER ",p=" NUMBER
                            "\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)\\z",
                            G_REGEX_RAW, 0, NULL);
    if (!g_regex_match (form, text, 0, &match))
        return FALSE;
    parts = g_match_info_fetch_all (match);
    log_n = g_ascii_strtoull (parts[1], NULL, 10);
    r = g_ascii_strtoull (parts[2], NULL, 10);
    p = g_ascii_strtoull (parts[3], NULL, 10);
    salt = count_bytes (parts[4]);
    hash = count_bytes (parts[5]);
    if (log_n < 1 || log_n > 30 || r < 1 || r > 1024 || p < 1 || p > 1024 || log_n >= 16 * r)
        return FALSE;
    return (double) r * (double) p * (double) (1 << log_n) <= H3_PASSWORD_MAX_WORK
           && 128.0 * (double) r * ((double) (1 << log_n) + (double) p + 2)
                  <= H3_PASSWORD_MAX_MEMORY
           && salt >= 8 && salt <= 64 && hash >= 16 && hash <= 64;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    g_autofree char *text = h3_view_dup (h3_view ((const char *) data, size));

    FUZZ_ASSERT (h3_password_is_hash (text) == is_hash (text), "%s", text);
    FUZZ_ASSERT (is_hash (text) || h3_password_needs_rehash (text, NULL), "%s", text);
    return 0;
}
